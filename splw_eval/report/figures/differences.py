"""Sizes of standardised differences as points on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Difference

TOP = 0.62  # inches for the scale
ROW = 0.4  # inches from one point to the next, at least
LINE, GAP = 0.18, 0.05  # inches of a line of a label, and between two labels
MOST_LINES = 4
LABEL = 0.04
LEFT, WIDE = 2.02, 1.42
LABEL_WIDTH = 21  # characters that fit before the scale
SHORTEST = 0.5  # of the scale: a shorter one makes small differences look large
WORTH_A_LOOK = 0.1


def draw_differences(
    key: str, title: str, description: str, rows: Sequence[Difference], largest: float
) -> str:
    """Return one point for each difference as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    rows : sequence of Difference
    largest : float
        The largest size that the scale must hold, in this figure and those beside it.

    Returns
    -------
    str
    """
    labels = [drawing.wrapped(row.label, LABEL_WIDTH, MOST_LINES) for row in rows]
    ends = list(accumulate(map(_tall, labels), initial=TOP))
    height, end = ends[-1] + 0.04, max(SHORTEST, largest)
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        _scale(axes, height, end)
        for row, label, (top, bottom) in zip(rows, labels, pairwise(ends), strict=True):
            _point(axes, (top + bottom) / 2, row, label, end)
        return drawing.to_svg(figure, key, title, description)


def _tall(label: str) -> float:
    """Return the inches that a point with this label takes."""
    return max(ROW, LINE * (label.count("\n") + 1) + GAP)


def _scale(axes: Axes, height: float, end: float) -> None:
    axes.text(LEFT - 0.05, 0.14, "Size of the difference, in SD", va="center", color=drawing.QUIET)
    for value in (0.0, WORTH_A_LOOK, end):
        at = LEFT + WIDE * value / end
        dashed = value == WORTH_A_LOOK
        axes.plot(
            [at, at],
            [TOP - 0.08, height - 0.04],
            color=drawing.INK if dashed else drawing.RULE,
            lw=1 if dashed else 0.8,
            ls=(0, (3, 2)) if dashed else "-",
        )
        if value:
            words = f"{value:.2g}"
            axes.text(at, TOP - 0.22, words, va="center", ha="center", color=drawing.QUIET)


def _point(axes: Axes, middle: float, row: Difference, label: str, end: float) -> None:
    axes.text(LABEL, middle, label, va="center")
    axes.text(3.96, middle, row.words, va="center", ha="right")
    if row.size is None:
        return
    at = LEFT + WIDE * row.size / end
    axes.plot([LEFT, at], [middle, middle], color=drawing.GOOD, lw=1.4)
    axes.plot(
        [at], [middle], marker="o", ms=7, color=drawing.GOOD, markeredgecolor="white", zorder=3
    )
