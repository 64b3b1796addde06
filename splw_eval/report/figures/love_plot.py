"""Differences before and after weighting, on the band that chance makes of each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_balance import Balanced, end_of
from splw_eval.report.numbers import number

TOP, FOOT = 0.66, 0.3  # inches
ROW, LINE, GAP, BAND = 0.34, 0.18, 0.06, 0.2
MOST_LINES = 3
LABEL, LABEL_WIDTH = 0.04, 20  # inches, and characters that fit before the scale
LEFT, WIDE = 1.94, 1.94


def draw_love_plot(key: str, title: str, description: str, rows: Sequence[Balanced]) -> str:
    """Return a row for each characteristic as SVG: hollow before weighting, filled after.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    rows : sequence of Balanced

    Returns
    -------
    str
    """
    labels = [drawing.wrapped(row.label, LABEL_WIDTH, MOST_LINES) for row in rows]
    ends = list(accumulate(map(_tall, labels), initial=TOP))
    height, end = ends[-1] + FOOT, end_of(rows)
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        _legend(axes, weighted=any(row.after is not None for row in rows))
        _scale(axes, height - FOOT, end)
        for row, label, (top, bottom) in zip(rows, labels, pairwise(ends), strict=True):
            _row(axes, (top + bottom) / 2, row, label, end)
        return drawing.to_svg(figure, key, title, description)


def _tall(label: str) -> float:
    return max(ROW, LINE * (label.count("\n") + 1) + GAP)


def _at(value: float, end: float) -> float:
    return LEFT + WIDE * (value + end) / (2 * end)


def _legend(axes: Axes, *, weighted: bool) -> None:
    """Name the signs, above the scale."""
    _before(axes, 0.14, 0.16)
    axes.text(0.28, 0.16, "before weighting", va="center")
    if weighted:
        _after(axes, 2.0, 0.16)
        axes.text(2.14, 0.16, "after weighting", va="center")
    axes.add_patch(Rectangle((0.04, 0.34), 0.2, 0.16, facecolor=drawing.MIDDLE, edgecolor="none"))
    axes.text(0.28, 0.42, "what chance makes in 19 of 20", va="center")


def _scale(axes: Axes, bottom: float, end: float) -> None:
    axes.plot([LEFT, LEFT + WIDE], [bottom + 0.04] * 2, color=drawing.QUIET, lw=0.8)
    middle = _at(0.0, end)
    axes.plot([middle] * 2, [TOP - 0.06, bottom + 0.04], color=drawing.INK, lw=1, zorder=2)
    for value, side in ((-end, "left"), (0.0, "center"), (end, "right")):
        words = number(value, 2, signed=True) if value else "0 SD"
        axes.text(_at(value, end), bottom + 0.18, words, va="center", ha=side, color=drawing.QUIET)


def _row(axes: Axes, middle: float, row: Balanced, label: str, end: float) -> None:
    axes.text(LABEL, middle, label, va="center")
    if row.limit is not None:
        low, high = _at(-row.limit, end), _at(row.limit, end)
        axes.add_patch(
            Rectangle(
                (low, middle - BAND / 2),
                high - low,
                BAND,
                facecolor=drawing.MIDDLE,
                edgecolor="none",
                zorder=1,
            )
        )
    if row.before is None:
        axes.text(
            LEFT + WIDE / 2, middle, "too few people to show", va="center", ha="center",
            color=drawing.QUIET, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
            zorder=5,
        )  # fmt: skip
        return
    _before(axes, _at(row.before, end), middle)
    if row.after is not None:
        _after(axes, _at(row.after, end), middle)


def _before(axes: Axes, x: float, y: float) -> None:
    axes.plot(
        [x], [y], marker="o", ms=8.5, markerfacecolor="white", markeredgecolor=drawing.INK,
        markeredgewidth=1.3, zorder=3,
    )  # fmt: skip


def _after(axes: Axes, x: float, y: float) -> None:
    axes.plot(
        [x], [y], marker="o", ms=5.5, color=drawing.GOOD, markeredgecolor="white", zorder=4
    )  # fmt: skip
