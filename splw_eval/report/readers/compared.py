"""Compared with what: the difference, its interval, what that excludes, and how it holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from splw_eval.core.confounding_rows import AdjustedRow
from splw_eval.core.model_rows import ANCOVA, PRIMARY, ContrastRow
from splw_eval.core.plan import Outcome, language_of
from splw_eval.report import contrast_sentences as words
from splw_eval.report import fair_sentences as fair
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Block, Figure, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import decimals_to_see, number
from splw_eval.report.pages import comparison_figures as figures
from splw_eval.report.pages import missing_sentences as lost
from splw_eval.report.pages.answer_contrast import not_compared
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.readers import wording

TABLE = "compared-table"
FIELDS = ("estimate", "conf_low", "conf_high", "n")
SIGNED = frozenset(FIELDS[:3])
NOBODY = "With nobody: no comparison group was measured, so this is a change and no effect."
UNMEASURED = "What was not measured cannot be allowed for."
PAIRS = 2  # of which adjusted figures and those of other assumptions have room
ELSEWHERE = "Adjusted differences, and what if those lost did worse: see the evaluator's report."
METHOD = "Measured then: {n}{units}. By a model that uses everybody with any score."
NO_MEANS = "By a model that uses everybody with any score; page one has the plain mean change."
ALLOWED = "by ANCOVA"
EXPLAINED = "ANCOVA: people measured then, allowing for their scores at the start."
BOTH_OPEN = "So neither no {what} at all nor one as large as the MID is ruled out."
OF_MEASURED = "(Of people measured then; the main answer also uses scores of people lost.)"


def section(evidence: Evidence) -> Section:
    """Return the plan's comparison, or say that there is none and what that means.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Section
    """
    found, outcome = words.primary(evidence), evidence.plan.primary
    blocks: list[Block] = [] if evidence.plan.arms else [Paragraph(text=NOBODY, lead=True)]
    if not found:
        why = not_compared(evidence) or f"No model could answer the question. {_why(evidence)}"
        blocks.append(Paragraph(text=why))
    for entry in found:
        blocks.append(Paragraph(text=words.answer(evidence, entry), lead=bool(evidence.plan.arms)))
        more = (
            excluded(evidence, entry),
            words.against_mid(entry, outcome, evidence),
            _open(evidence, entry),
        )
        blocks.append(
            Paragraph(text=" ".join(part for part in (*more, _method(evidence, entry)) if part))
        )
    beside = (*_adjusted(evidence), *_lost(evidence)) if len(found) <= PAIRS else (ELSEWHERE,)
    said = (*beside, *_others(evidence))
    blocks += [Paragraph(text=text) for text in said]
    blocks.append(Paragraph(text=_limited(evidence)))
    held = tuple(b for b in blocks if not isinstance(b, Paragraph) or b.text)
    return Section(id="compared", title="Compared with what?", blocks=held)


def _why(evidence: Evidence) -> str:
    return wording.why_not(evidence, "contrasts")


def excluded(evidence: Evidence, entry: Entry[ContrastRow]) -> str:
    """Say of a null result how large a difference it rules out; empty of any other.

    Parameters
    ----------
    evidence : Evidence
    entry : Entry

    Returns
    -------
    str
    """
    row, outcome = entry.row, evidence.plan.primary
    if row.includes_none != "yes" or row.conf_low is None or row.conf_high is None:
        return ""
    called = f"{words.what(evidence)}s"
    good, bad = row.conf_high, -row.conf_low
    if outcome.direction == "lower_is_better":
        good, bad = bad, good
    best, worst = (_points(abs(size), outcome) for size in (good, bad))
    return (
        f"That is a finding: by this interval, {called} larger than {best} for the better, or "
        f"larger than {worst} for the worse, are not compatible with these data."
    )


def _points(size: float, outcome: Outcome) -> str:
    places = decimals_to_see(size, outcome.decimals) if size else outcome.decimals
    return f"{number(size, places)} {outcome.unit}"


def _open(evidence: Evidence, entry: Entry[ContrastRow]) -> str:
    """Say of a null result that holds the MID on the better side that both stay possible."""
    row = entry.row
    if row.includes_none != "yes" or row.interval_and_mid != "includes, better":
        return ""
    return BOTH_OPEN.format(what=words.what(evidence))


def _method(evidence: Evidence, entry: Entry[ContrastRow]) -> str:
    if words.hidden(entry):
        return ""
    row = entry.row
    units = f", in {row.clusters} {row.grouped_by}" if row.clusters else ""
    people = f"{number(row.n, 0)} people" if row.n else say.TOO_FEW
    said = METHOD.format(n=people, units=units)
    return said if evidence.plan.arms else f"{said.partition('. ')[0]}. {NO_MEANS}"


def _adjusted(evidence: Evidence) -> Iterator[str]:
    """Yield the adjusted and the unadjusted difference of each pair of groups, always both."""
    outcome = evidence.plan.primary
    for pair in fair.compared(evidence):
        rows: list[AdjustedRow] = [e.row for e in fair.of(evidence, "adjusted", pair)]
        plain = next((r for r in rows if r.method == fair.UNADJUSTED), None)
        adjusted = next((r for r in rows if r.default == "yes"), None)
        if plain is None or plain.estimate is None or adjusted is None or adjusted.estimate is None:
            continue
        parts = (
            f"{wording.as_said(evidence, pair)}: allowing for how people differed at the start, by "
            f"{say.small(adjusted.method)}, the difference is {_size(adjusted, outcome)}; without "
            f"that it is {_size(plain, outcome)}.",
            OF_MEASURED,
            fair.apart(rows, outcome),
            *(UNMEASURED for _ in range(1) if not language_of(evidence.plan).causal),
        )
        yield " ".join(part for part in parts if part)


def _size(row: AdjustedRow, outcome: Outcome) -> str:
    told = fair.limits(row.conf_low, row.conf_high, outcome)
    many = "" if row.n is None else f"; {number(row.n, 0)} people"
    return f"{fair.size(row.estimate or 0.0, outcome)} ({told}{many})"


def _lost(evidence: Evidence) -> tuple[str, ...]:
    """Say between which figures the answer moves under other assumptions about the lost."""
    held: dict[str, list[Entry[object]]] = {}
    for entry in wording.rows_of(evidence, "sensitivity"):
        held.setdefault(entry.row.compared, []).append(entry)
    return tuple(lost.span(evidence, tuple(found)) for found in held.values())  # type: ignore[arg-type]


def _others(evidence: Evidence) -> tuple[str, ...]:
    """Say of the other outcomes which intervals exclude none, and that some do by chance."""
    by_name = {o.name: o for o in evidence.outcomes}
    first = evidence.plan.primary.name
    rows = [
        e.row
        for e in entries(evidence.of("contrasts"))
        if e.row.outcome != first and e.row.part == PRIMARY and e.row.includes_none is not None
    ]
    if not rows:
        return ()
    apart = [row for row in rows if row.includes_none == "no"]
    none = "no change" if words.what(evidence) == "change" else "no difference"
    several = len({row.compared for row in rows}) > 1
    named = ", ".join(
        f"{by_name[row.outcome].label} {say.judged(row.estimate or 0.0, by_name[row.outcome])}"
        f"{f' ({row.compared})' if several else ''}"
        for row in apart
    )
    start = f"Of {len(rows)} other figures (one for each other score"
    start += " and comparison)" if several else ")"
    if not apart:
        every = "every interval reaches" if len(rows) > 1 else "the interval reaches"
        return (f"{start}, {every} across {none}: there may be none.",)
    have = "1 has" if len(apart) == 1 else f"{len(apart)} have"
    told = f"{have} an interval that lies to one side of {none}: {named}"
    return (f"{start}, {told}. Among so many, some stand out by chance alone.",)


def _limited(evidence: Evidence) -> str:
    """Say again what keeps a difference from being the programme's alone; empty where nothing."""
    language = language_of(evidence.plan)
    return "" if language.causal or not evidence.plan.arms else language.recruitment


def drawn(evidence: Evidence) -> tuple[Figure, ...]:
    """Return the difference at each wave against none and the MID."""
    pairs = words.primary(evidence)
    figure = figures.against_mid(evidence, TABLE, all_waves=len(pairs) <= 1)
    if figure is None:
        return ()
    if len(pairs) <= 1 and any(_is_ancova(evidence, e.row) for e in _contrasts(evidence)):
        figure = replace(figure, caption=f"{figure.caption} {EXPLAINED}")
    entry = next((e for e in pairs if not words.hidden(e)), None)
    if entry is None or len(pairs) > 1 or entry.row.conf_low is None or entry.row.conf_high is None:
        first = evidence.plan.primary.name
        own = tuple(e for e in _contrasts(evidence) if e.row.outcome == first)
        shown = figures.barred(own if len(pairs) <= 1 else pairs)
        headline = wording.start(words.what(evidence))
        headline += ", with its 95% interval" if shown else ", without an interval"
        return (wording.headlined(figure, headline, TABLE),)
    found = words.size(entry, evidence.plan.primary)
    none = "no change" if words.what(evidence) == "change" else "no difference"
    open_ = f"; there may be {none}" if entry.row.includes_none == "yes" else ""
    headline = f"{say.small(entry.row.when)}: {say.small(found)}{open_}"
    return (wording.headlined(figure, wording.start(headline), TABLE),)


def _contrasts(evidence: Evidence) -> tuple[Entry[ContrastRow], ...]:
    return tuple(entries(evidence.of("contrasts")))


def _is_ancova(evidence: Evidence, row: ContrastRow) -> bool:
    return row.outcome == evidence.plan.primary.name and row.part == ANCOVA


def tables(evidence: Evidence) -> tuple[ReportTable, ...]:
    """Return the difference at each wave, and the other outcomes, as tables."""
    by_name = {o.name: o for o in evidence.outcomes}
    found = tuple(entries(evidence.of("contrasts")))
    if not found:
        return ()
    several = len({e.row.compared for e in found}) > 1
    first = evidence.plan.primary.name
    kept = tuple(e for e in found if e.row.outcome == first or e.row.part == PRIMARY)
    return (
        listed(
            evidence.of("contrasts"),
            kept,
            (
                ("Outcome", lambda row: by_name[row.outcome].label),
                *((("Compared", lambda row: row.compared),) if several else ()),
                ("When", lambda row: f"{row.when}, {ALLOWED}" if row.part == ANCOVA else row.when),
            ),
            FIELDS,
            caption=f"{wording.start(words.what(evidence))} at each wave, by the model",
            anchor=TABLE,
            places=lambda row: by_name[row.outcome].decimals,
            signed=SIGNED,
        ),
    )
