"""Whether people stay with the service: completed and dropped out, never put together."""

from __future__ import annotations

from typing import Any

from splw_eval.core.retention_rows import StandingRow
from splw_eval.report.blocks import Block, Figure, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.figures.given_steps import Days, Step, StepLine
from splw_eval.report.numbers import MASKED, in_100, number, percent, whole
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.staying import COMPLETED, DROPPED_OUT, ENGAGEMENT
from splw_eval.report.pages.staying_figures import BENEATH
from splw_eval.report.readers import side_by_side
from splw_eval.report.readers import wording as say
from splw_eval.report.sentences import TOO_FEW

TABLE = "stayed-table"
CAUSES = (
    (COMPLETED, "completed", "had completed as planned"),
    (DROPPED_OUT, "dropped_out", "had dropped out"),
)
MOST_LINES = 4
# One rule with page one: from fewer practices no interval is given, and so no band is drawn. On
# one or two degrees of freedom it says next to nothing, and its error is known to be too small.
FEWEST = 4
FEW = 15  # below which errors by practice are known to be too small
TOO_FEW_PRACTICES = "No 95% interval can be given: there are fewer than 4 practices."
FROM_FEW = "From so few practices ({n}), these intervals tend to be too narrow."
REASONS = 3
APART = (
    "Whoever completed can no longer drop out, and the other way round: shares in 100 allow for "
    "that, and for people who were not watched for so long."
)
CAPTION = (
    "Part of all who were referred who had left for each cause, by day. Steps of few people are "
    "joined to protect them, so the lines can lag."
)
ANSWERED = "Leaving the service is not the same as not answering questionnaires: see page one."


def section(evidence: Evidence) -> Section:
    """Return who had completed and who had dropped out by the horizon.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Section
    """
    if side_by_side.many(evidence):
        words = f"The table above has who had completed and who had dropped out. {APART}"
        return Section(id="stay", title="Do they stay?", blocks=(Paragraph(text=words),))
    said = answers(evidence)
    why = say.why_not(evidence, "standing")
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in said),
        *(
            (Paragraph(text=" ".join((*_how_far(evidence), APART, *reasons(evidence)))),)
            if said
            else ()
        ),
    )
    if not said:
        words = f"Whether people stay with the service cannot be told. {why}".strip()
        blocks = (Paragraph(text=words), *blocks)
    return Section(id="stay", title="Do they stay?", blocks=blocks)


def answers(evidence: Evidence) -> tuple[str, ...]:
    """Return for each group how many had completed and how many had dropped out."""
    last = [e for e in _standing(evidence) if e.row.day == horizon(evidence)]
    return tuple(_answer(evidence, e, several=len(last) > 1) for e in last)


def _standing(evidence: Evidence) -> tuple[Entry[StandingRow], ...]:
    return tuple(e for e in say.rows_of(evidence, "standing") if e.row.what == ENGAGEMENT)


def horizon(evidence: Evidence) -> float:
    """Return the last day on which it is told where people stood."""
    spans = [e.row.horizon for e in say.rows_of(evidence, "stay") if e.row.what == ENGAGEMENT]
    days = {e.row.day for e in _standing(evidence)}
    return next((float(day) for day in spans if day in days), max(days, default=0.0))


def _answer(evidence: Evidence, entry: Entry[StandingRow], *, several: bool) -> str:
    row = entry.row
    whom = say.of_group(row.group, several=several)
    if row.n is None:
        return say.start(f"{whom}{TOO_FEW} were referred.")
    parts = []
    for cause, field, words in CAUSES:
        count: int | None = getattr(row, field)
        told = TOO_FEW if count is None else whole(count)
        parts.append(f"{told} {words}{_interval(evidence, row, cause, count)}")
    return say.start(
        f"{whom}by day {number(row.day, 0)} after referral, of {whole(row.n)} people, "
        f"{' and '.join(parts)}."
    )


def _interval(evidence: Evidence, row: StandingRow, cause: str, count: int | None) -> str:
    """Return the share by the steps drawn and its interval, where both may be shown."""
    steps = _steps(evidence, row.group, cause, row.day)
    last = steps[-1] if steps else None
    if count is None or last is None:
        return ""
    if last.low is None or last.high is None:
        return f" (about {in_100(last.value)})" if _too_few(evidence, row.group) else ""
    return (
        f" (about {in_100(last.value)}; 95% interval {percent(last.low)} to {percent(last.high)})"
    )


def _practices(evidence: Evidence, group: str = "") -> tuple[int, ...]:
    """Return of how many practices each curve is, where they are known.

    A curve of one practice is made of people taken as independent and names no practices, so
    these are read off the size that its group reached.
    """
    rows = [e.row for e in say.rows_of(evidence, "staying") if e.row.what == ENGAGEMENT]
    reached = {row.arm: row.clusters for row in evidence.of("reached").rows}
    wanted = [row for row in rows if not group or row.group == group]
    found = (reached.get(r.group) if r.clusters is None else r.clusters for r in wanted)
    return tuple(n for n in found if n is not None)


def _too_few(evidence: Evidence, group: str) -> bool:
    """Whether a group is of fewer practices than an interval can be given from."""
    return min(_practices(evidence, group), default=FEWEST) < FEWEST


def _how_far(evidence: Evidence) -> tuple[str, ...]:
    """Say that there are no intervals, or how far those are to be trusted."""
    held = set(_practices(evidence))
    none = (TOO_FEW_PRACTICES,) if any(n < FEWEST for n in held) else ()
    few = sorted(n for n in held if FEWEST <= n < FEW)
    if not few:
        return none
    return (*none, FROM_FEW.format(n=" and ".join(whole(n) for n in few)))


def _steps(evidence: Evidence, group: str, cause: str, until: float) -> tuple[Step, ...]:
    bare = _too_few(evidence, group)
    return tuple(
        Step(
            day=r.day,
            value=r.estimate,
            low=None if bare else r.conf_low,
            high=None if bare else r.conf_high,
        )
        for r in (e.row for e in say.rows_of(evidence, "staying") if e.row.what == ENGAGEMENT)
        if r.group == group
        and r.cause == cause
        and r.day is not None
        and r.estimate is not None
        and r.day <= until
    )


def reasons(evidence: Evidence) -> tuple[str, ...]:
    """Return for each group the reasons of dropping out that were written down most often."""
    found = [
        e
        for e in say.rows_of(evidence, "endings")
        if e.row.kind == DROPPED_OUT and e.row.share is not None
    ]
    groups = dict.fromkeys(e.row.group for e in found)
    said = []
    for group in groups:
        own = [e.row for e in found if e.row.group == group][:REASONS]
        listed_ = ", ".join(f"{row.reason} ({in_100(row.share)})" for row in own)
        whom = say.of_group(group, several=len(groups) > 1)
        said.append(
            say.start(f"{whom}of all endings, the reasons given most for dropping out: {listed_}.")
        )
    return tuple(said)


def drawn(evidence: Evidence) -> tuple[Figure, ...]:
    """Return both ways of leaving as curves of one figure; none where they may not be shown."""
    from splw_eval.report.figures.steps import draw_steps

    last = horizon(evidence)
    groups = tuple(dict.fromkeys(e.row.group for e in _standing(evidence)))
    lines = tuple(
        StepLine(
            label=say.start(f"{say.of_group(group, several=len(groups) > 1)}{cause}"),
            start=0.0,
            steps=steps,
            last_day=last,
            at_risk=_watched(evidence, group),
        )
        for group in groups
        for cause, _, _ in CAUSES
        if (steps := _steps(evidence, group, cause, last))
    )
    if not lines or len(lines) > MOST_LINES:
        return ()
    axes = Days(
        last=last,
        ticks=tuple(dict.fromkeys((0.0, *(e.row.day for e in _standing(evidence))))),
        heading="Left so far, per cent",
        beneath=BENEATH,
    )
    title = _headline(evidence, several=len(groups) > 1)
    spoken = "; ".join(
        f"{line.label} {percent(line.steps[-1].value)} by day {number(last, 0)}" for line in lines
    )
    return (
        Figure(
            id="stayed-figure",
            svg=draw_steps("stayed-figure", title, f"{spoken}. {CAPTION}", axes, lines),
            title=title,
            description=f"{spoken}. {CAPTION}",
            caption=CAPTION,
            table_id=TABLE,
        ),
    )


def _watched(evidence: Evidence, group: str) -> tuple[tuple[float, str], ...]:
    """Return how many were still there and watched on each day beneath the curves."""
    return tuple(
        (e.row.day, MASKED if e.row.at_risk is None else whole(e.row.at_risk))
        for e in say.rows_of(evidence, "watched")
        if e.row.what == ENGAGEMENT and e.row.group == group
    )


def _headline(evidence: Evidence, *, several: bool) -> str:
    """Say what the curves show, of one group by its counts."""
    last: list[Any] = [e.row for e in _standing(evidence) if e.row.day == horizon(evidence)]
    if several or not last or None in (last[0].completed, last[0].dropped_out, last[0].n):
        return "Completing and dropping out"
    row = last[0]
    return (
        f"Of {whole(row.n)} people, {whole(row.completed)} completed and "
        f"{whole(row.dropped_out)} dropped out"
    )


def tables(evidence: Evidence) -> tuple[ReportTable, ...]:
    """Return where people stood as a table."""
    found = _standing(evidence)
    if not found:
        return ()
    lead = (("Group", lambda row: row.group), ("By day", lambda row: number(row.day, 0)))
    return (
        listed(
            evidence.of("standing"),
            found,
            lead if len({e.row.group for e in found}) > 1 else lead[1:],
            ("there", "completed", "dropped_out", "ended_otherwise", "not_seen"),
            caption="Where people stood with the service",
            anchor=TABLE,
        ),
    )
