"""A hundred people as a hundred signs: better, about the same, and worse."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_hundred import Hundred

KEY = 0.36  # inches of the key
ACROSS, ROW = 2, 2.5  # grids in a row, and inches from one row to the next
STEP, TOP = 0.168, 0.5  # inches from sign to sign, and from the label to the first
LEFT = 0.12
MARKS = (  # sign, fill and edge of each fate
    ("Better", "o", drawing.GOOD, drawing.GOOD),
    ("About the same", "o", "white", drawing.QUIET),
    ("Worse", "X", drawing.POOR, drawing.POOR),
)
KEY_AT = (0.1, 1.15, 2.95)
LABEL = 18  # characters of a line of a name
SIZE = 7.5  # points of a sign


def draw_hundred(key: str, title: str, description: str, groups: Sequence[Hundred]) -> str:
    """Return a square of a hundred signs for each group as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    groups : sequence of Hundred

    Returns
    -------
    str
    """
    height = KEY + ROW * math.ceil(len(groups) / ACROSS)
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        for at, (word, sign, fill, edge) in zip(KEY_AT, MARKS, strict=True):
            _signs(axes, [at + 0.06], [0.16], sign, fill, edge)
            axes.text(at + 0.2, 0.17, word, va="center")
        for index, group in enumerate(groups):
            left = LEFT + (index % ACROSS) * drawing.WIDTH_INCHES / ACROSS
            _group(axes, left, KEY + (index // ACROSS) * ROW, group)
        return drawing.to_svg(figure, key, title, description)


def _group(axes: Axes, left: float, top: float, group: Hundred) -> None:
    label = drawing.wrapped(group.label, LABEL, 2)
    axes.text(left - 0.06, top + TOP - 0.14, label, weight="bold", va="bottom", linespacing=1.1)
    below = top + TOP + 10 * STEP + 0.06
    words = drawing.wrapped(group.words, 25, 1)
    axes.text(left - 0.06, below, words, va="center", color=drawing.INK)
    counted = group.counted()
    if counted is None:
        side = 9 * STEP
        axes.add_patch(
            Rectangle(
                (left, top + TOP), side, side, facecolor="none", edgecolor=drawing.QUIET, ls="--"
            )
        )
        return
    first = 0
    for many, (_, sign, fill, edge) in zip(counted, MARKS, strict=True):
        places = range(first, first + many)
        across = [left + (place % 10) * STEP for place in places]
        down = [top + TOP + (place // 10) * STEP for place in places]
        _signs(axes, across, down, sign, fill, edge)
        first += many


def _signs(
    axes: Axes, across: Sequence[float], down: Sequence[float], sign: str, fill: str, edge: str
) -> None:
    axes.plot(
        across, down, ls="none", marker=sign, ms=SIZE, markerfacecolor=fill, markeredgecolor=edge,
        markeredgewidth=0.9,
    )  # fmt: skip
