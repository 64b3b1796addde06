"""Stages of each category of people, as a drawing and as a table with one row a category."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.reach_rows import ReachRow
from splw_eval.report.blocks import Cell, ColumnHead, Figure, ReportTable
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.figures.given_reach import Reaching
from splw_eval.report.numbers import MASKED, percent
from splw_eval.report.pages.titles import rules_of, text

Found = tuple[Entry[ReachRow], ...]
NOT_KNOWN = "Not known"
HIDDEN = "hidden, to protect small numbers"
READ_AS = "Part of each category that came so far."
EVERY = "Every category is drawn."
_SHORT = {"stayed": "stayed or completed", "measured": "measured"}


def short(stage: str) -> str:
    """Return a stage in as few words as fit into a drawing."""
    return _SHORT.get(stage.partition(" ")[0].rstrip(":"), stage)


def titled(stage: str) -> str:
    """Return a stage as a heading."""
    return stage[:1].upper() + stage[1:]


def kind(characteristic: str, category: str) -> str:
    """Return a category with what it is one of."""
    name, _, fifths = characteristic.partition(", in ")
    if fifths and category != NOT_KNOWN:
        return f"{name}, fifth {category}"
    return f"{name}: {category}"


def stages_of(found: Found) -> tuple[str, ...]:
    """Return the stages of some rows, in their order."""
    return tuple(dict.fromkeys(e.row.stage for e in found))


def by_category(found: Found) -> dict[tuple[str, str], dict[str, Entry[ReachRow]]]:
    """Return the rows of each characteristic and category, by stage."""
    held: dict[tuple[str, str], dict[str, Entry[ReachRow]]] = {}
    for entry in found:
        place = entry.row.characteristic, entry.row.category
        held.setdefault(place, {})[entry.row.stage] = entry
    return held


def kinds_table(
    evidence: Evidence, found: Found, group: str, anchor: str, *, counts: bool = False
) -> ReportTable:
    """Return one row for each category: how many, and how far they came.

    Parameters
    ----------
    evidence : Evidence
    found : tuple of Entry
        Rows of one group.
    group : str
        Said in the caption; empty where there is one group alone.
    anchor : str
    counts : bool
        Whether numbers of people are given in place of shares.

    Returns
    -------
    ReportTable
    """
    first, *later = stages_of(found)
    field = "reached" if counts else "share_reached"
    rows = tuple(
        (
            text(kind(characteristic, category)),
            held[first].cell("reached"),
            *(() if counts else (held[first].cell("share_of_all"),)),
            *(held[s].cell(field) if s in held else Cell(value=None) for s in later),
        )
        for (characteristic, category), held in by_category(found).items()
    )
    unit = "" if counts else ", per cent"
    heads = (
        titled(first),
        *(() if counts else ("Part of all, per cent",)),
        *(f"{titled(stage)}{unit}" for stage in later),
    )
    of = "number of people" if counts else "per cent of the category"
    return ReportTable(
        id=anchor,
        caption=f"{f'{group}: ' if group else ''}how far each kind of people came, {of}",
        columns=(
            ColumnHead(title="People"),
            *(ColumnHead(title=title, numeric=True) for title in heads),
        ),
        rows=rows,
        rules=rules_of(evidence.of("reach")),
        file="tables/reach.csv",
    )


def drawings(found: Found, group: str, anchor: str, table: str) -> Iterator[Figure]:
    """Draw the stages after the first, a figure for each characteristic.

    Parameters
    ----------
    found : tuple of Entry
        Rows of one group.
    group, anchor, table : str
        Group as in `kinds_table`, start of the figures' anchors, anchor of the table.

    Yields
    ------
    Figure
        None of a characteristic of which nothing may be shown.
    """
    from splw_eval.report.figures.reach import SIGNS, draw_reach

    stages = stages_of(found)[1:][-len(SIGNS) :]
    for place, name in enumerate(dict.fromkeys(e.row.characteristic for e in found)):
        own = by_category(tuple(e for e in found if e.row.characteristic == name))
        every = tuple(_line(category, held, stages) for (_, category), held in own.items())
        rows = tuple(row for row in every if any(share is not None for share in row.shares))
        if not rows:
            continue
        few = [row.label for row in every if row not in rows]
        title = f"{f'{group}: ' if group else ''}{name}"
        names = tuple(short(stage) for stage in stages)
        said = f"{READ_AS} {'. '.join(_spoken(row, names) for row in rows)}"
        caption = f"Not drawn, to protect small numbers: {', '.join(few)}." if few else EVERY
        yield Figure(
            id=f"{anchor}-{place + 1}",
            svg=draw_reach(f"{anchor}-{place + 1}", title, f"{said}. {caption}", names, rows),
            title=title,
            description=f"{said}. {caption}",
            caption=caption,
            table_id=table,
        )


def _line(category: str, held: dict[str, Entry[ReachRow]], stages: tuple[str, ...]) -> Reaching:
    shares = tuple(held[s].row.share_reached if s in held else None for s in stages)
    words = MASKED if shares[-1] is None else percent(shares[-1])
    words = f"{short(stages[-1])} {words}"
    return Reaching(label=category, words=words, shares=shares)


def _spoken(row: Reaching, names: tuple[str, ...]) -> str:
    parts = (
        f"{name} {HIDDEN if share is None else percent(share)}"
        for name, share in zip(names, row.shares, strict=True)
    )
    return f"{row.label}: {', '.join(parts)}"
