"""Words that several pages share: designs, groups, waves and what stands under a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from splw_eval.core.columns import Column, Role, columns_of
from splw_eval.core.result import Result
from splw_eval.report.blocks import (
    Block,
    Cell,
    ColumnHead,
    Fold,
    Item,
    ListBlock,
    ReportTable,
    Section,
)

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
    "* stands for a figure that is left out: too few people are behind it, or with the others it "
    "would give an exact number of people."
)
NOT_STATED = "Not stated"
NOTHING = "Why there is nothing to show"
ABSENT_NOTE = "– stands for what is not available or not stated."
UNITS_NOTE = (
    "Practices are counted exactly: they are not people in the study, and the rule for small "
    "numbers of people is not about them."
)
STAFF_NOTE = (
    "Numbers of 1 or 2 link workers are not shown, nor what rests on so few: they could be "
    "recognised."
)


def text(value: str) -> Cell:
    """Return a cell of words."""
    return Cell(value=value)


def heads(*titles: str, row_heads: int = 1) -> tuple[ColumnHead, ...]:
    """Return headings: those of the row's name, then those of numbers."""
    return tuple(ColumnHead(title=t, numeric=i >= row_heads) for i, t in enumerate(titles))


def rules_of(result: Result[Any], names: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what was done to small numbers of people, practices and link workers of a result."""
    columns = columns_of(result.row_type)
    held = [columns[name] for name in names]
    workers = [c for c in held if c.role is Role.STAFF or (_units(c) and "ink worker" in c.title)]
    practices = not _by_workers(result) and any(_units(c) and c not in workers for c in held)
    units = (UNITS_NOTE,) if practices else ()
    staff = (STAFF_NOTE,) if workers else ()
    rule = (result.disclosure.rule,) if result.disclosure is not None else ()
    return (*rule, *units, *staff)


def _units(column: Column) -> bool:
    return column.role is Role.UNITS


def _by_workers(result: Result[Any]) -> bool:
    """Whether the clusters of every row are link workers, so that no practice is counted."""
    named = {getattr(row, "grouped_by", None) for row in result.rows}
    return named == {"link workers"}


def foot(sections: Iterable[Section]) -> tuple[str, ...]:
    """Explain the signs of all tables of a page, say the rule for small numbers, name the files.

    Parameters
    ----------
    sections : iterable of Section

    Returns
    -------
    tuple of str
        Each said once, however many tables there are.
    """
    tables = [t for section in sections for t in _tables(section.blocks)]
    cells = [cell for table in tables for row in table.rows for cell in row]
    found = []
    if any(cell.masked for cell in cells):
        found.append(MASK_NOTE)
    if any(cell.value is None and not cell.masked for cell in cells):
        found.append(ABSENT_NOTE)
    found += dict.fromkeys(rule for table in tables for rule in table.rules)
    files = dict.fromkeys(table.file for table in tables if table.file)
    if files:
        found.append(f"The same figures, for other programs: {', '.join(files)}.")
    return tuple(found)


def _tables(blocks: Iterable[Block]) -> Iterator[ReportTable]:
    for block in blocks:
        if isinstance(block, ReportTable):
            yield block
        elif isinstance(block, Fold):
            yield from _tables(block.blocks)


def notes(result: Result[Any]) -> tuple[Section, ...]:
    """Return the notes of a result as a section of its own; none where there are none."""
    if not result.notes:
        return ()
    items = tuple(Item(text=note.sentence()) for note in result.notes)
    return (notes_section(f"{result.key}-notes", items, shown=bool(result.rows)),)


def notes_section(anchor: str, items: Iterable[Item], *, shown: bool) -> Section:
    """Return notes as a section, named by whether there is anything that they are notes on."""
    blocks = (ListBlock(items=tuple(items)),)
    title = "Notes" if shown else NOTHING
    return Section(id=anchor, title=title, blocks=blocks, nothing=not shown)


def counted(result: Result[Any], *, without: str = "") -> tuple[Fold, ...]:
    """Return the notes of a result closed, as how its figures were made; none where none are.

    Parameters
    ----------
    result : Result
    without : str, optional
        A sentence that stands on the page already.

    Returns
    -------
    tuple of Fold
    """
    said = tuple(Item(text=note.sentence()) for note in result.notes if note.sentence() != without)
    if not said:
        return ()
    title = f"How this was made: {result.title[:1].lower()}{result.title[1:]}"
    return (Fold(title=title, file="results.json", blocks=(ListBlock(items=said),)),)


def pairs(
    anchor: str,
    caption: str,
    rows: Iterable[tuple[str, str | None]],
    headings: tuple[str, str] = ("Declared", "In the plan"),
) -> ReportTable:
    """Return a table of names and words; what is absent is named in one last row."""
    held = tuple(rows)
    stated = [(name, value) for name, value in held if value]
    absent = [
        name[:1].lower() + name[1:] if name[1:2].islower() else name for name, v in held if not v
    ]
    if absent:
        words = ", ".join(absent)
        stated.append((NOT_STATED, words[:1].upper() + words[1:]))
    return ReportTable(
        id=anchor,
        caption=caption,
        columns=heads(*headings, row_heads=2),
        rows=tuple((text(name), text(value)) for name, value in stated),
    )


def yes_no(value: bool) -> str:
    """Return a truth value as a word."""
    return "Yes" if value else "No"
