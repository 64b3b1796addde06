"""Whether it is fair: who was referred, whether all kinds of people came as far, who benefits."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import language_of
from splw_eval.core.reach_rows import ReachRow
from splw_eval.report.blocks import Paragraph, Section
from splw_eval.report.evidence import Evidence
from splw_eval.report.numbers import in_100, percent, shown, whole
from splw_eval.report.pages import who_benefits
from splw_eval.report.readers import side_by_side
from splw_eval.report.readers import wording as say
from splw_eval.report.sentences import small

DEPRIVED = ("Deprivation, in fifths", "1 (most deprived)")
SIDES = (
    (*DEPRIVED, "lived in the most deprived fifth of areas"),
    ("Sex", "Female", "were women"),
)
UNKNOWN = "Not known"
MUCH = ("20% or more", "about 20%")
NO_LIST = "Whether that is as many as it should be takes the numbers registered with the practices."
INTERACTION = (
    "(An interaction is how much more it is for some than for others; 0 is no more. Parts of a "
    "study are too small to show that all fare alike.)"
)
ONE_FIFTH = "Of all areas, 20 in 100 are in that fifth."
NOT_ALL_KNOWN = (
    "Of all areas, 20 in 100 are in that fifth; people whose area is not known count here as "
    "living elsewhere."
)
OF_THE_KNOWN = (
    "Of the {n} people whose area is known, {share} lived in that fifth; of all areas, 20 in 100 "
    "are in it."
)


def section(evidence: Evidence) -> Section:
    """Return who was referred and how far they came, of those most and least deprived.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Section
    """
    if side_by_side.many(evidence):
        said = [*_reach(evidence, far=False), *_much_unknown(evidence), side_by_side.MORE]
    else:
        said = [*_reach(evidence, far=True), *_rates(evidence), *_much_unknown(evidence)]
    if not said:
        said = list(_came(evidence))
    if not said:
        why = say.why_not(evidence, "reach") or say.why_not(evidence, "characteristics")
        said = [f"Whether it is fair cannot be told. {why}"]
    blocks = tuple(Paragraph(text=words.strip()) for words in said)
    return Section(id="fairness", title="Is it fair?", blocks=blocks)


def benefits(evidence: Evidence) -> Section | None:
    """Return whether the difference is another for some, as far as so small parts can tell."""
    said = who_benefits.answers(evidence)
    if not said:
        return None
    words = Paragraph(text=say.as_said(evidence, " ".join((*said, INTERACTION))))
    causal = language_of(evidence.plan).causal
    title = "Does it work alike for everybody?" if causal else "Is the difference alike for all?"
    return Section(id="benefits", title=title, blocks=(words,))


def _reach(evidence: Evidence, *, far: bool) -> tuple[str, ...]:
    rows: list[ReachRow] = [e.row for e in say.rows_of(evidence, "reach")]
    stages = tuple(dict.fromkeys(row.stage for row in rows))
    if not stages or stages[0] != "referred":
        return ()
    groups = tuple(dict.fromkeys(row.group for row in rows if row.stage == stages[0]))
    found = []
    for group in groups:
        own = [row for row in rows if row.group == group]
        parts = [
            f"{say.both_ways(row.share_of_all)} {words}"
            for name, category, words in SIDES
            for row in own
            if (row.characteristic, row.category, row.stage) == (name, category, stages[0])
            and row.share_of_all is not None
        ]
        whom = say.of_group(group, several=len(groups) > 1)
        if parts:
            start = f"{whom}of those referred, {' and '.join(parts)}."
            fifth = _fifth(evidence, group, own) if SIDES[0][2] in start else ()
            further = _far(own) if far else ()
            found.append(" ".join((say.start(start), *fifth, *further)))
    return tuple(found)


def _fifth(evidence: Evidence, group: str, rows: list[ReachRow]) -> tuple[str, ...]:
    """Set the most deprived fifth beside that of all areas, of people whose area is known."""
    if not any(row.characteristic == DEPRIVED[0] and row.category == UNKNOWN for row in rows):
        return (ONE_FIFTH,)
    known = tuple(
        OF_THE_KNOWN.format(n=whole(e.row.known), share=in_100(e.row.share))
        for e in say.rows_of(evidence, "characteristics")
        if (e.row.characteristic, e.row.category) == DEPRIVED
        and e.row.arm == group
        and e.row.share is not None
        and e.row.known
    )
    return known or (NOT_ALL_KNOWN,)


def _far(rows: list[ReachRow]) -> tuple[str, ...]:
    """Say of each fifth of deprivation how many came to the last stage of the service."""
    stages = list(dict.fromkeys(row.stage for row in rows))[1:]
    last = next((s for s in reversed(stages) if not s.startswith("measured")), "")
    shares = {
        row.category: row.share_reached
        for row in rows
        if row.characteristic == DEPRIVED[0] and row.stage == last and row.category != UNKNOWN
    }
    told = {name: share for name, share in shares.items() if share is not None}
    if len(told) < 2:  # noqa: PLR2004 - a range has two ends
        return ()
    parts = [say.NOT_SHOWN if share is None else in_100(share) for share in shares.values()]
    return (
        f"{say.start(last)}, by fifth of areas, the most deprived first: {', '.join(parts)}. "
        "Nothing else about the people is allowed for.",
    )


def _rates(evidence: Evidence) -> tuple[str, ...]:
    """Return how many were referred of the people registered, by kind of practice."""
    rows = [e for e in say.rows_of(evidence, "referral_rates") if e.row.rate is not None]
    several = len({e.row.group for e in rows}) > 1
    parts = [
        f"{say.of_group(e.row.group, several=several)}{small(e.row.practices_of)} "
        f"{shown(e.cell('rate'))}"
        for e in rows
    ]
    return (f"Referred for every 1,000 people registered: {'; '.join(parts)}.",) if parts else ()


def _much_unknown(evidence: Evidence) -> tuple[str, ...]:
    """Name what is not known of so many that its categories may mislead."""
    rows: list[Any] = [e.row for e in say.rows_of(evidence, "reach_known")]
    much = [
        f"{row.characteristic.partition(',')[0].lower()} "
        f"({in_100(row.share_missing) if row.share_missing is not None else row.much})"
        for row in rows
        if row.much in MUCH
    ]
    once = dict.fromkeys(much)
    return (f"Not known of so many that it may mislead: {', '.join(once)}.",) if once else ()


def _came(evidence: Evidence) -> tuple[str, ...]:
    rows = [
        e.row
        for e in say.rows_of(evidence, "characteristics")
        if (e.row.characteristic, e.row.category) == DEPRIVED
    ]
    told = [row for row in rows if row.share is not None and row.known]
    if not told:
        return ()
    parts = "; ".join(
        f"{say.of_group(row.arm, several=len(rows) > 1)}{in_100(row.share)} ({percent(row.share)}) "
        f"of {whole(row.known)} people lived in the most deprived fifth of areas"
        for row in told
    )
    return (f"{say.start(parts)}. {NO_LIST}",)
