"""Who stayed and who was lost, compared by what was known at the start."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import Wave
from splw_eval.core.result import Result
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Fold,
    Item,
    Page,
    Paragraph,
    Plain,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Difference
from splw_eval.report.numbers import ABSENT, MASKED, number
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes_section

NUMBERS = ("retained", "mean_retained", "sd_retained", "lost", "mean_lost", "sd_lost", "difference")
CATEGORIES = ("retained", "share_retained", "lost", "share_lost", "difference")
KEYS = ("lost_scores", "lost_quantities", "lost_characteristics")


def page(evidence: Evidence) -> Page:
    """Return the page of those measured and those lost, page one's wave first and in full."""
    waves = dict.fromkeys(row.wave for key in KEYS for row in evidence.of(key).rows)
    answer = evidence.answer_wave.name
    names = sorted(waves, key=lambda name: name != answer)
    largest = _largest(evidence)
    sections = [
        _section(evidence, evidence.wave(name), largest, first=not i)
        for i, name in enumerate(names)
    ]
    said = dict.fromkeys(n.sentence() for key in KEYS for n in evidence.of(key).notes)
    if said:
        items = (Item(text=words) for words in said)
        sections.append(notes_section("lost-notes", items, shown=bool(sections)))
    return Page(id="lost", title="Who stayed, and who was lost", sections=tuple(sections))


def _largest(evidence: Evidence) -> float:
    """Return the largest size of the page, so that all its figures have one scale."""
    rows = (row for key in KEYS for row in evidence.of(key).rows)
    return max((abs(row.difference) for row in rows if row.difference is not None), default=0.0)


def _section(evidence: Evidence, wave: Wave, largest: float, *, first: bool) -> Section:
    intro = (
        "Lost means expected at the wave and not measured with "
        f"{evidence.plan.primary.label}. The nearer to 0 a difference is, the more alike were "
        "those lost and those measured, in what is known of them."
    )
    blocks: tuple[Block, ...] = (Paragraph(text=intro),) if first else ()
    drawn = _drawn(evidence, wave, largest)
    tables = (
        _scores(evidence, wave),
        *_quantities(evidence, wave),
        *_categories(evidence, wave),
    )
    folded: tuple[Plain, ...] = tables
    title = "The same in numbers"
    if first:
        blocks = (*blocks, *drawn)
    else:
        folded, title = (*drawn, *tables), "The same at this wave, drawn and in numbers"
    files = dict.fromkeys(table.file for table in tables)
    blocks = (*blocks, Fold(title=title, file=", ".join(files), blocks=folded))
    return Section(id=f"lost-{wave.name}", title=f"At {say.small(wave.title)}", blocks=blocks)


def _drawn(evidence: Evidence, wave: Wave, largest: float) -> tuple[Plain, ...]:
    """Draw every group to one scale; say it in words where nothing of it may be shown."""
    rows = {arm: _differences(evidence, wave, arm) for arm in evidence.plan.groups}
    shown = [arm for arm, found in rows.items() if any(row.size is not None for row in found)]
    figures = tuple(_figure(evidence, wave, arm, rows[arm], largest) for arm in shown)
    said = tuple(
        Paragraph(text=f"{arm}: {say.NOTHING_TO_DRAW}") for arm in rows if arm not in shown
    )
    return (*((FigureGroup(figures=figures),) if figures else ()), *said)


def _at(result: Result[Any], wave: Wave, arm: str | None = None) -> tuple[Entry[Any], ...]:
    return tuple(
        e for e in entries(result) if e.row.wave == wave.name and (arm is None or e.row.arm == arm)
    )


def _scores(evidence: Evidence, wave: Wave) -> ReportTable:
    result = evidence.of("lost_scores")
    by_name = {outcome.name: outcome for outcome in evidence.outcomes}
    return listed(
        result,
        _at(result, wave),
        (("Score at the start", lambda row: by_name[row.outcome].label), *group(evidence)),
        NUMBERS,
        caption=f"Scores at the start of those measured and those lost at {say.small(wave.title)}",
        anchor=f"lost-scores-{wave.name}-table",
        places=lambda row: by_name[row.outcome].decimals,
    )


def _quantities(evidence: Evidence, wave: Wave) -> tuple[ReportTable, ...]:
    result = evidence.of("lost_quantities")
    if not result.rows:
        return ()
    return (
        listed(
            result,
            _at(result, wave),
            (("Number of", lambda row: row.characteristic), *group(evidence)),
            NUMBERS,
            caption=f"Long-term conditions of those measured and lost at {say.small(wave.title)}",
            anchor=f"lost-quantities-{wave.name}-table",
        ),
    )


def _categories(evidence: Evidence, wave: Wave) -> tuple[ReportTable, ...]:
    result = evidence.of("lost_characteristics")
    if not result.rows:
        return ()
    lead: Lead = (
        ("Characteristic", lambda row: f"{row.characteristic}: {row.category}"),
        *group(evidence),
    )
    caption = f"Characteristics of those measured and those lost at {say.small(wave.title)}"
    anchor = f"lost-characteristics-{wave.name}-table"
    found = _at(result, wave)
    return (listed(result, found, lead, CATEGORIES, caption=caption, anchor=anchor),)


def _figure(
    evidence: Evidence, wave: Wave, arm: str, rows: tuple[Difference, ...], largest: float
) -> Figure:
    from splw_eval.report.figures.differences import draw_differences

    key = f"lost-{wave.name}-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: how unlike were those lost?"
    said = "; ".join(f"{row.label} {_said(row)}" for row in rows)
    description = (
        f"Size of the standardised difference between those measured and those lost: {said}. "
        "The broken line is at 0.1; smaller differences are usually taken to be slight."
    )
    return Figure(
        id=key,
        svg=draw_differences(key, title, description, rows, largest),
        title=title,
        description=description,
        caption="The broken line is at 0.1; smaller differences are usually taken to be slight.",
        table_id=f"lost-scores-{wave.name}-table",
    )


def _said(row: Difference) -> str:
    return row.words if row.size is not None else _why(row.words)


def _why(sign: str) -> str:
    return say.TOO_FEW if sign == MASKED else "not available"


def _differences(evidence: Evidence, wave: Wave, arm: str) -> tuple[Difference, ...]:
    """Return one difference for each score, number and characteristic of one group."""
    labels = {outcome.name: outcome.label for outcome in evidence.outcomes}
    found: dict[str, Difference] = {}
    for key, decimals in zip(KEYS, (2, 2, 1), strict=True):
        for entry in _at(evidence.of(key), wave, arm):
            row = entry.row
            label = labels[row.outcome] if key == "lost_scores" else row.characteristic
            size = None if row.difference is None else abs(row.difference)
            sign = MASKED if "difference" in entry.masked else ABSENT
            words = sign if size is None else number(size, decimals)
            found.setdefault(label, Difference(label=label, size=size, words=words))
    return tuple(found.values())
