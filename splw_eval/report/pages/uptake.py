"""How far people came with the service: the funnel, and why their time with it ended."""

from __future__ import annotations

from typing import Any

from splw_eval.core.delivery_rows import StageRow
from splw_eval.core.retention_rows import EndingRow
from splw_eval.report.blocks import Block, Figure, FigureGroup, Fold, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_steps import Stage
from splw_eval.report.numbers import MASKED, in_100, percent, whole
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import TOO_FEW

PARTS = ("uptake", "endings")
STAGE = ("passed", "not_reached", "skipped", "still_open", "not_known", "share_passed")
ENDING = ("n", "share")
NOT_RECORDED = "not recorded"


def funnel(evidence: Evidence) -> tuple[Section, ...]:
    """Return how many came how far, stage by stage.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    tuple of Section
    """
    result = evidence.of("uptake")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    lead = tuple(Paragraph(text=words, lead=True) for words in _said(evidence, found))
    table = listed(
        result,
        found,
        (*_group(found), ("Stage", _stage_name)),
        STAGE,
        caption="How far people came: each row adds up to all who were referred",
        anchor="uptake-table",
    )
    sources = tuple(
        Paragraph(text=f"{_stage_name(e.row)}: {e.row.reason or e.row.source}.")
        for e in found
        if e.row.group == found[0].row.group
    )
    where = Fold(title="Where each stage is recorded", file=table.file, blocks=sources)
    blocks: tuple[Block, ...] = (
        *lead,
        FigureGroup(figures=figures(evidence)),
        table,
        where,
        *counted(result),
    )
    return (Section(id="uptake", title=result.title, blocks=blocks),)


def figures(evidence: Evidence, without: tuple[str, ...] = ()) -> tuple[Figure, ...]:
    """Return how far people came as drawings, one for each group, without some stages."""
    found = tuple(e for e in entries(evidence.of("uptake")) if e.row.stage not in without)
    return tuple(_funnel(evidence, group, found) for group in _groups(evidence, found))


def endings(evidence: Evidence) -> tuple[Section, ...]:
    """Return the reasons for which episodes ended, ranked.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    tuple of Section
    """
    result = evidence.of("endings")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    shown = tuple(e for e in found if e.row.n is not None)
    hidden = [e.row.reason for e in found if e.row.n is None]
    table = listed(
        result,
        shown,
        (
            *_group(found),
            ("Reason", lambda row: row.reason),
            ("Kind of ending", lambda row: row.kind),
        ),
        ENDING,
        caption="Reasons written down when episodes were closed, the most frequent first",
        anchor="endings-table",
    )
    few = f"Each given for too few people to show: {', '.join(dict.fromkeys(hidden))}."
    figure = _reasons(shown)
    blocks: tuple[Block, ...] = (
        *((FigureGroup(figures=(figure,)),) if figure else ()),
        table,
        *((Paragraph(text=few),) if hidden else ()),
        *counted(result),
    )
    return (Section(id="endings", title=result.title, blocks=blocks),)


def _groups(evidence: Evidence, found: tuple[Entry[StageRow], ...]) -> tuple[str, ...]:
    there = {e.row.group for e in found}
    return tuple(group for group in evidence.plan.groups if group in there)


def _group(found: tuple[Entry[Any], ...]) -> Lead:
    """Return the heading of the group, where there are several with rows."""
    several = len({e.row.group for e in found}) > 1
    return (("Group", lambda row: row.group),) if several else ()


def _stage_name(row: StageRow) -> str:
    return row.stage[:1].upper() + row.stage[1:]


def _said(evidence: Evidence, found: tuple[Entry[StageRow], ...]) -> list[str]:
    """Say for each group how many were contacted and completed, of all who were referred."""
    said = []
    for group in _groups(evidence, found):
        rows = {e.row.stage: e.row for e in found if e.row.group == group}
        parts = [
            f"{in_100(row.share_passed)} {words}"
            for stage, words in (("contacted", "were contacted"), ("completed", "completed"))
            if (row := rows.get(stage)) is not None and row.share_passed is not None
        ]
        if parts:
            whom = f"{group}: of" if len(_groups(evidence, found)) > 1 else "Of"
            said.append(f"{whom} all who were referred, {' and '.join(parts)}.")
    return said


def _funnel(evidence: Evidence, group: str, found: tuple[Entry[StageRow], ...]) -> Figure:
    from splw_eval.report.figures.funnel import draw_funnel

    own = [e for e in found if e.row.group == group]
    stages = tuple(
        Stage(
            label=_stage_name(e.row),
            share=e.row.share_passed,
            words=_words(e),
            more=_unrecorded(e.row),
        )
        for e in own
    )
    key = f"uptake-figure-{_groups(evidence, found).index(group) + 1}"
    named = f": {group}" if len(evidence.plan.groups) > 1 else ""
    title = f"How far people came{named}"
    said = "; ".join(f"{stage.label} {stage.words}" for stage in stages)
    caption = "Part of all who were referred. Hatched: no record of the stage, but of a later "
    caption += "one. A broken frame: not recorded, or too few to show."
    return Figure(
        id=key,
        svg=draw_funnel(key, title, f"{said}. {caption}", stages),
        title=title,
        description=f"{said}. {caption}",
        caption=caption,
        table_id="uptake-table",
    )


def _unrecorded(row: StageRow) -> float | None:
    """Return the part without a record of the stage but of a later one, from what is shown."""
    if row.share_passed is None or not row.skipped or not row.referred:
        return None
    return row.skipped / row.referred


def _words(entry: Entry[StageRow]) -> str:
    row = entry.row
    if row.reason:
        return NOT_RECORDED
    if row.passed is None:
        return f"{MASKED} {TOO_FEW}"
    if row.share_passed is None:
        return whole(row.passed)
    return f"{whole(row.passed)} ({percent(row.share_passed)})"


def _reasons(shown: tuple[Entry[EndingRow], ...]) -> Figure | None:
    from splw_eval.report.figures.funnel import draw_funnel

    bars = tuple(
        Stage(
            label=e.row.reason,
            share=e.row.share,
            words=f"{whole(e.row.n)} ({percent(e.row.share)})",
            hatched=e.row.kind != "completed as planned",
        )
        for e in shown
        if e.row.n is not None and e.row.share is not None
    )
    if not bars or len({e.row.group for e in shown}) > 1:
        return None
    key, title = "endings-figure", "Why people's time with the service ended"
    caption = "Part of all episodes that ended. Plain bars: planned endings; hatched: all others."
    said = "; ".join(f"{bar.label} {bar.words}" for bar in bars)
    return Figure(
        id=key,
        svg=draw_funnel(key, title, f"{said}. {caption}", bars),
        title=title,
        description=f"{said}. {caption}",
        caption=caption,
        table_id="endings-table",
    )
