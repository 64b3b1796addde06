"""How well a score measured here: reliability, ends of the scale, agreement with given totals."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import EVERYONE, Outcome
from splw_eval.core.quality_rows import FloorRow, ReliabilityRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Paragraph, ReportTable
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import in_100, number, whole
from splw_eval.report.pages.result_tables import Lead, group, listed

RELIABILITY = (
    "n",
    "n_incomplete",
    "alpha",
    "conf_low",
    "conf_high",
    "sem",
    "smallest_change",
)
FLOOR = ("n", "n_lowest", "share_lowest", "floor", "n_highest", "share_highest", "ceiling")
AGREEMENT = ("n", "n_agree", "n_differ", "share_agree", "mean_difference", "largest_difference")


Said = tuple[Paragraph, ReportTable]


def quality_blocks(
    evidence: Evidence, outcome: Outcome
) -> tuple[tuple[Paragraph, ...], tuple[ReportTable, ...]]:
    """Return what is known of how one score measured the people of the study.

    Parameters
    ----------
    evidence : Evidence
    outcome : Outcome

    Returns
    -------
    tuple of Paragraph, tuple of ReportTable
        A sentence and a table for each result that has rows of the outcome.
    """
    pairs = (
        _reliability(evidence, outcome),
        _floor(evidence, outcome),
        _agreement(evidence, outcome),
    )
    found = tuple(pair for pair in pairs if pair)
    return tuple(words for words, _ in found), tuple(table for _, table in found)


def _of(evidence: Evidence, key: str, outcome: Outcome) -> tuple[Entry[Any], ...]:
    return tuple(e for e in entries(evidence.of(key)) if e.row.outcome == outcome.name)


def _table(
    evidence: Evidence, key: str, outcome: Outcome, names: tuple[str, ...], caption: str
) -> ReportTable:
    found = _of(evidence, key, outcome)
    lead: Lead = (("Wave", lambda row: evidence.wave(row.wave).title),)
    if hasattr(found[0].row, "arm"):
        lead = (*group(evidence), *lead)
    return listed(
        evidence.of(key),
        found,
        lead,
        names,
        caption=f"{outcome.label}: {caption}",
        anchor=f"{key}-{outcome.name}-table",
        places=lambda _row: outcome.decimals,
    )


def _reliability(evidence: Evidence, outcome: Outcome) -> Said | None:
    found = _of(evidence, "reliability", outcome)
    if not found:
        return None
    first = next((e for e in found if e.row.alpha is not None), None)
    words = "Whether its answers go together cannot be shown."
    if first is not None:
        words = _alpha(evidence, first.row, outcome)
    caption = "do its answers go together?"
    # How the interval was made is said in the notes; why there is none, only here.
    why = ("method",) if any(e.row.conf_low is None for e in found) else ()
    return (
        Paragraph(text=words),
        _table(evidence, "reliability", outcome, (*RELIABILITY, *why), caption),
    )


def _alpha(evidence: Evidence, row: ReliabilityRow, outcome: Outcome) -> str:
    """Say how far the items go together, and what that leaves open for one person."""
    wave = say.small(evidence.wave(row.wave).title)
    people = f", among {whole(row.n)} people who gave every answer" if row.n else ""
    alpha = number(row.alpha or 0.0, 2)
    between = ""
    if row.conf_low is not None and row.conf_high is not None:
        between = f" (95% interval {number(row.conf_low, 2)} to {number(row.conf_high, 2)})"
    words = (
        f"At {wave} Cronbach's alpha was {alpha}{between}{people}. At 1 all answers go together, "
        "at 0 none do; the higher it is, the less of a score is chance."
    )
    if row.smallest_change is None:
        return words
    least = f"{number(row.smallest_change, outcome.decimals)} {outcome.unit}"
    return f"{words} A change of one person by less than {least} may be chance alone."


def _floor(evidence: Evidence, outcome: Outcome) -> Said | None:
    found = _of(evidence, "floor_ceiling", outcome)
    if not found:
        return None
    start = evidence.plan.waves[0].name
    said = [_ends(e) for e in found if e.row.wave == start]
    higher = outcome.direction == "higher_is_better"
    stuck = "highest" if higher else "lowest"
    words = (
        f"{' '.join(said)} A person who starts at the {stuck} score cannot get better on it, and "
        "one at the other end cannot get worse."
    )
    caption = "people at the ends of the scale"
    return (
        Paragraph(text=words.strip()),
        _table(evidence, "floor_ceiling", outcome, FLOOR, caption),
    )


def _ends(entry: Entry[FloorRow]) -> str:
    """Say how many of one group start at either end."""
    row = entry.row
    whom = "At the start" if row.arm == EVERYONE else f"{row.arm}: at the start"
    parts = (
        f"{_share(entry, end)} had the {end} possible score ({number(score, 0)})"
        if score == round(score)
        else f"{_share(entry, end)} had the {end} possible score"
        for end, score in (("lowest", row.lowest), ("highest", row.highest))
    )
    return f"{whom} {' and '.join(parts)}."


def _share(entry: Entry[FloorRow], end: str) -> str:
    share: float | None = getattr(entry.row, f"share_{end}")
    if share is not None:
        return "nobody" if share == 0 else in_100(share)
    hidden = entry.masked & {"n", f"n_{end}"}
    few = say.why_hidden(entry.masked, end, ("lowest", "between", "highest"))
    return few if hidden and few == say.TOO_FEW else "a number that is not shown"


def _agreement(evidence: Evidence, outcome: Outcome) -> Said | None:
    found = _of(evidence, "agreement", outcome)
    if not found:
        return None
    said = [
        f"At {say.small(evidence.wave(e.row.wave).title)} {in_100(e.row.share_agree)} agree."
        for e in found
        if e.row.share_agree is not None
    ]
    words = (
        "The files also give totals. Scores worked out from the answers are used; the totals are "
        f"only compared with them. {' '.join(said)}"
    )
    caption = "totals given in the files beside scores from the answers"
    return (
        Paragraph(text=words.strip()),
        _table(evidence, "agreement", outcome, AGREEMENT, caption),
    )
