"""Words that several pages share: designs, groups, waves and what stands under a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from splw_eval.core.result import Result
from splw_eval.report.blocks import Cell, ColumnHead, Item, ListBlock, ReportTable, Section

DESIGNS = {
    "pre_post": "Before-and-after study of one group, with nobody to compare with",
    "controlled_cohort": "Study of groups that were not formed by chance",
    "cluster_trial": "Trial in which chance decided the group of each practice",
    "cluster_trial_unlike_recruitment": (
        "Trial in which chance decided the group of each practice, with people compared who "
        "were recruited in another way"
    ),
    "individual_trial": "Trial in which chance decided the group of each person",
}
MASK_NOTE = (
    "* stands for a figure that is not shown, because too few people are behind it, or because it "
    "would tell such a number."
)
NOT_STATED = "Not stated"
ABSENT_NOTE = "– stands for a figure that is not available."


def text(value: str) -> Cell:
    """Return a cell of words."""
    return Cell(value=value)


def heads(*titles: str, row_heads: int = 1) -> tuple[ColumnHead, ...]:
    """Return headings: those of the row's name, then those of numbers."""
    return tuple(ColumnHead(title=t, numeric=i >= row_heads) for i, t in enumerate(titles))


def table_notes(rows: Iterable[tuple[Cell, ...]], result: Result[Any]) -> tuple[str, ...]:
    """Explain the signs that stand in a table, and give its disclosure rule."""
    cells = [cell for row in rows for cell in row]
    found = []
    if any(cell.masked for cell in cells):
        found.append(MASK_NOTE)
    if any(cell.value is None and not cell.masked for cell in cells):
        found.append(ABSENT_NOTE)
    if result.disclosure is not None:
        found.append(result.disclosure.rule)
    return tuple(found)


def notes(result: Result[Any]) -> tuple[Section, ...]:
    """Return the notes of a result as a section of its own; none where there are none."""
    if not result.notes:
        return ()
    items = tuple(Item(text=note.sentence()) for note in result.notes)
    title = "Notes" if result.rows else "Why there is nothing to show"
    blocks = (ListBlock(items=items),)
    return (Section(id=f"{result.key}-notes", title=title, blocks=blocks),)


def pairs(
    anchor: str,
    caption: str,
    rows: Iterable[tuple[str, str | None]],
    headings: tuple[str, str] = ("Declared", "In the plan"),
) -> ReportTable:
    """Return a table of names and words; what is absent is said to be not stated."""
    return ReportTable(
        id=anchor,
        caption=caption,
        columns=heads(*headings, row_heads=2),
        rows=tuple((text(name), text(value or NOT_STATED)) for name, value in rows),
    )


def yes_no(value: bool) -> str:
    """Return a truth value as a word."""
    return "Yes" if value else "No"
