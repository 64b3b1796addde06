"""Ratios with their intervals on a doubling scale, against a ratio of 1."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_steps import Ratio

LEFT, WIDE = 0.2, 3.6  # inches
TOP, FOOT = 0.34, 0.34
LINE, BAR, GAP = 0.2, 0.2, 0.14
CHARACTERS = 46
WIDEST = 16.0  # ratios beyond this or its inverse leave the scale, with an arrow
ENDS = (1.25, 1.5, 2, 3, 4, 8, WIDEST)


def draw_ratios(
    key: str, title: str, description: str, less_more: tuple[str, str], rows: Sequence[Ratio]
) -> str:
    """Return ratios beneath each other as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    less_more : (str, str)
        What lies left and right of 1, such as ``("leave later", "leave sooner")``.
    rows : sequence of Ratio

    Returns
    -------
    str
    """
    height = TOP + sum(map(_tall, rows)) + FOOT
    end = _end(rows)
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        _scale(axes, height, end, less_more)
        top = TOP
        for row in rows:
            _row(axes, top, row, end)
            top += _tall(row)
        return drawing.to_svg(figure, key, title, description)


def _end(rows: Sequence[Ratio]) -> float:
    """Return the right end of the scale, which its left end mirrors."""
    drawn = [x for row in rows for x in (row.value, row.low, row.high) if x is not None and x > 0]
    reach = max((max(x, 1 / x) for x in drawn if math.isfinite(x)), default=2.0)
    return next((end for end in ENDS if end >= reach), WIDEST)


def _at(value: float, end: float) -> float:
    part = math.log(min(max(value, 1 / end), end)) / math.log(end)
    return LEFT + WIDE * (part + 1) / 2


def _lines(row: Ratio) -> list[str]:
    return drawing.wrapped(f"{row.label}: {row.words}", CHARACTERS, 3).split("\n")


def _tall(row: Ratio) -> float:
    return LINE * len(_lines(row)) + BAR + GAP


def _scale(axes: Axes, height: float, end: float, less_more: tuple[str, str]) -> None:
    less, more = less_more
    axes.text(LEFT, 0.14, f"← {less}", va="center")
    axes.text(LEFT + WIDE, 0.14, f"{more} →", va="center", ha="right")
    line = height - FOOT + 0.04
    axes.plot([_at(1, end)] * 2, [TOP - 0.04, line], color=drawing.INK, lw=1, zorder=1)
    axes.plot([LEFT, LEFT + WIDE], [line, line], color=drawing.QUIET, lw=0.8)
    for value, side in ((1 / end, "left"), (1.0, "center"), (end, "right")):
        axes.text(_at(value, end), line + 0.15, f"{value:.2g}", va="center", ha=side)


def _row(axes: Axes, top: float, row: Ratio, end: float) -> None:
    lines = _lines(row)
    for place, words in enumerate(lines):
        axes.text(
            LEFT, top + LINE * (place + 0.5), words, va="center", zorder=4,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    middle = top + LINE * len(lines) + BAR / 2
    if row.low is not None and row.high is not None:
        axes.plot(
            [_at(row.low, end), _at(row.high, end)], [middle, middle], color=drawing.GOOD, lw=2,
            solid_capstyle="butt", zorder=2,
        )  # fmt: skip
        for value, sign in ((row.low, "<"), (row.high, ">")):
            if value < 1 / end or value > end:
                axes.plot([_at(value, end)], [middle], marker=sign, color=drawing.GOOD, ms=6)
    if row.value is not None:
        axes.plot(
            [_at(row.value, end)], [middle], marker="o", ms=7, color=drawing.GOOD,
            markeredgecolor="white", zorder=3,
        )  # fmt: skip
