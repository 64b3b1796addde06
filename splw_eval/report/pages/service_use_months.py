"""Use of services month by month: curves with numbers of people, and the table beneath."""

from __future__ import annotations

from typing import Any

from splw_eval.core.cost_rows import RATE
from splw_eval.report.blocks import Block, Figure, FigureGroup, Fold, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_costs import UseLine, UsePoint
from splw_eval.report.numbers import number, shown
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import counted
from splw_eval.report.sentences import TOO_FEW

MONTHS = ("n", "users", "estimate", "conf_low", "conf_high")
Found = tuple[Entry[Any], ...]


def monthly(evidence: Evidence) -> tuple[Section, ...]:
    """Return the curves of every kind of use.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    tuple of Section
    """
    result = evidence.of("service_use_months")
    found = tuple(entries(result))
    if not found:
        return ()
    table = listed(
        result,
        found,
        (
            ("Use", lambda row: row.what),
            *((("Group", lambda row: row.group),) if evidence.plan.arms else ()),
            ("Months from time zero", lambda row: row.months),
        ),
        MONTHS,
        caption=f"Use month by month, {RATE}",
        anchor="service-use-months-table",
    )
    uses = tuple(dict.fromkeys(e.row.what for e in found))
    drawn = [_figure(place, use, found, table) for place, use in enumerate(uses)]
    figures = tuple(figure for figure in drawn if figure is not None)
    blocks: tuple[Block, ...] = (
        *((FigureGroup(figures=figures),) if figures else ()),
        Fold(title="The same in numbers", file=table.file, blocks=(table,)),
        *counted(result),
    )
    return (Section(id="service-use-months", title="Month by month", blocks=blocks),)


def _figure(place: int, use: str, found: Found, table: ReportTable) -> Figure | None:
    from splw_eval.report.figures.service_use import draw_use

    own = [e for e in found if e.row.what == use]
    if not any(e.row.estimate for e in own):  # none may be shown, or nobody used it
        return None
    lines = tuple(
        UseLine(label=group, points=tuple(_point(e) for e in own if e.row.group == group))
        for group in dict.fromkeys(e.row.group for e in own)
    )
    key = f"service-use-figure-{place + 1}"
    said = " ".join(f"{line.label}: {_ends(line)}." for line in lines)
    caption = "Shaded: 95% intervals, month for month. A gap: too few people to show."
    return Figure(
        id=key,
        svg=draw_use(key, use, f"{said} {caption}", f"{use}, {RATE}", lines),
        title=use,
        description=f"{said} {caption}",
        caption=caption,
        table_id=table.id,
    )


def _point(entry: Entry[Any]) -> UsePoint:
    row = entry.row
    return UsePoint(
        month=row.month,
        value=row.estimate,
        low=row.conf_low,
        high=row.conf_high,
        people=shown(entry.cell("n")),
    )


def _ends(line: UseLine) -> str:
    """Say the first, highest and last value of a line in words."""
    told = [(p.month, p.value) for p in line.points if p.value is not None]
    if not told:
        return TOO_FEW
    (first, start), (last, end) = told[0], told[-1]
    peak, most = max(told, key=lambda point: point[1])
    return (
        f"{number(start, 1)} at month {number(first, 0)}, highest {number(most, 1)} at month "
        f"{number(peak, 0)}, {number(end, 1)} at month {number(last, 0)}"
    )
