"""Drawings of the page, with their words."""

from __future__ import annotations

from collections.abc import Sequence

from detected import Row
from tables import ends_of, span

from splw_eval.report.blocks import Figure
from splw_eval.report.figures.detectable import Detected, draw_detectable
from splw_eval.report.numbers import number

DECIMALS = 3  # of EQ-5D-5L, everywhere on the page


def bar(name: str, rows: Sequence[Row], first: bool = False) -> Detected:
    """One line of a drawing: what these designs could detect."""
    low, high = ends_of(rows)
    said = number(low, DECIMALS) if low == high else span(low, high, DECIMALS)
    return Detected(words=f"{name}: {said}", low=low, high=high, first=first)


def figure_of(
    key: str,
    title: str,
    drawn: Sequence[Detected],
    mid: float,
    unit: str,
    caption: str,
    table: str,
) -> Figure:
    """A drawing of several designs, with the same in words."""
    said = ". ".join(row.words for row in drawn)
    description = f"{said}. The smallest important difference is {number(mid, DECIMALS)}."
    svg = draw_detectable(key, title, description, drawn, mid=mid, unit=unit, decimals=DECIMALS)
    return Figure(
        id=f"{key}-figure",
        svg=svg,
        title=title,
        description=description,
        caption=caption,
        table_id=table,
    )
