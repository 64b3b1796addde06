"""Who got better and who got worse, by the MID, at the time that page one speaks of."""

from __future__ import annotations

from splw_eval.core.rows import ChangeRow, ResponderRow
from splw_eval.report.blocks import Block, Figure, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence, at_answer, select
from splw_eval.report.figures.given import Bar
from splw_eval.report.importance import IN_THE_PLAN
from splw_eval.report.numbers import in_100, number, shown
from splw_eval.report.pages.responders import told
from splw_eval.report.pages.result_tables import group, listed
from splw_eval.report.sentences import TOO_FEW, small

TABLE = "fared-table"
NAMED = 2  # groups that a headline has room for
CHANCE = (
    "Scores also move by chance, and those of people referred at a bad time often move back by "
    "themselves, so some would be counted as better or worse in any case."
)


def section(evidence: Evidence) -> Section:
    """Return better and worse by the MID of page one, and the standardised change once.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Section
    """
    when = small(evidence.answer_wave.title)
    found = _found(evidence)
    words = [f"{_counted(found)} {CHANCE}"] if found else []
    words += _standardised(evidence)
    blocks: tuple[Block, ...] = tuple(Paragraph(text=text) for text in words)
    if not found:
        none = f"How many were better or worse by a MID at {when} is not available."
        blocks = (Paragraph(text=none), *blocks)
    return Section(id="fared", title="Who got better, and who got worse?", blocks=blocks)


def _found(evidence: Evidence) -> tuple[Entry[ResponderRow], ...]:
    rows = select(evidence.responders, evidence.plan.primary.name, wave=evidence.answer_wave.name)
    return tuple(e for e in rows if e.row.kind == IN_THE_PLAN)


def _counted(found: tuple[Entry[ResponderRow], ...]) -> str:
    """Say of how many people each share is."""
    several = len(found) > 1
    parts = [
        f"{e.row.arm} {shown(e.cell('n'))}" if several else f"{shown(e.cell('n'))}" for e in found
    ]
    return f"People with both scores: {', '.join(parts)}."


def _standardised(evidence: Evidence) -> list[str]:
    """Return the mean change in points and in SDs, once."""
    groups = evidence.plan.groups
    held = [(arm, at_answer(evidence, evidence.change, arm)) for arm in groups]
    parts = [
        f"{arm + ' ' if len(groups) > 1 else ''}{_sizes(evidence, e.row)}"
        for arm, e in held
        if e is not None and e.row.estimate is not None and e.row.effect_size is not None
    ]
    if not parts:
        return []
    return [f"The mean change beside the spread of scores at the start (SD): {'; '.join(parts)}."]


def _sizes(evidence: Evidence, row: ChangeRow) -> str:
    outcome = evidence.plan.primary
    points = number(row.estimate or 0.0, outcome.decimals, signed=True)
    return f"{points} {outcome.unit}, {number(row.effect_size or 0.0, 2, signed=True)} SD"


def drawn(evidence: Evidence) -> tuple[Figure, ...]:
    """Return one bar for each group: better, in between and worse."""
    from splw_eval.report.figures.responders import draw_responders

    found = _found(evidence)
    if not any(_whole(e.row) for e in found):
        return ()
    groups = evidence.plan.groups
    bars = tuple(
        Bar(
            label=e.row.arm if len(groups) > 1 else evidence.answer_wave.title,
            better=e.row.share_better,
            same=e.row.share_same,
            worse=e.row.share_worse,
            missing=TOO_FEW,
        )
        for e in found
    )
    title = _headline(found)
    spoken = " ".join(told(bar.label, e) for bar, e in zip(bars, found, strict=True))
    caption = (
        f"By at least the MID, at {small(evidence.answer_wave.title)}, of everybody with both "
        "scores. Within: a smaller change or none."
    )
    return (
        Figure(
            id="fared-figure",
            svg=draw_responders("fared-figure", title, f"{spoken} {caption}", bars),
            title=title,
            description=f"{spoken} {caption}",
            caption=caption,
            table_id=TABLE,
        ),
    )


def _headline(found: tuple[Entry[ResponderRow], ...]) -> str:
    """Say what the bars show, of every group or of none, as one alone would mislead."""
    rows = [e.row for e in found]
    if len(rows) > NAMED or not all(_whole(row) for row in rows):
        return "Better and worse by the MID"
    if len(rows) == 1:
        better, worse = (in_100(x or 0.0) for x in (rows[0].share_better, rows[0].share_worse))
        return f"{better} better by the MID, {worse} worse"
    parts = (f"{row.arm} {in_100(row.share_better or 0.0)}" for row in rows)
    return f"Better by the MID: {', '.join(parts)}"


def _whole(row: ResponderRow) -> bool:
    return None not in (row.share_better, row.share_same, row.share_worse)


def tables(evidence: Evidence) -> tuple[ReportTable, ...]:
    """Return better and worse as a table."""
    found = _found(evidence)
    if not found:
        return ()
    return (
        listed(
            evidence.responders,
            found,
            (*group(evidence), ("When", lambda row: evidence.wave(row.wave).title)),
            ("n", "n_better", "n_worse", "share_better", "share_same", "share_worse"),
            caption=f"{evidence.plan.primary.label}: better and worse by at least the MID",
            anchor=TABLE,
        ),
    )
