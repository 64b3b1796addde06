"""Runs of measured and missing waves as rows of tiles, each with its word."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Tiles

TOP = 0.72  # inches for the headings of the waves
ROW = 0.36  # inches from one row to the next
LEFT, WIDE, HIGH = 0.04, 2.95, 0.28
GAP = 0.04
# Word, colour, hatch and colour of the word of each sign.
LOOKS = {
    "1": ("Yes", drawing.GOOD, "", "white"),
    "0": ("No", "white", "////", drawing.INK),
    "-": ("Later", drawing.MIDDLE, "", drawing.INK),
}
ROOM_FOR_WORDS = 0.42  # inches; a narrower tile has the sign's first letter


def draw_patterns(
    key: str, title: str, description: str, waves: Sequence[str], rows: Sequence[Tiles]
) -> str:
    """Return the patterns of one group as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    waves : sequence of str
        Short headings, one for each sign of a pattern.
    rows : sequence of Tiles

    Returns
    -------
    str
    """
    height = TOP + ROW * len(rows) + 0.06
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        wide = WIDE / max(len(waves), 1)
        axes.text(LEFT, 0.16, "Measured at month", va="center", color=drawing.QUIET)
        axes.text(3.96, 0.16, "People", va="center", ha="right", color=drawing.QUIET)
        for index, wave in enumerate(waves):
            axes.text(
                LEFT + (index + 0.5) * wide, 0.5, wave, va="center", ha="center", weight="bold"
            )
        for index, row in enumerate(rows):
            _row(axes, TOP + index * ROW, row, wide)
        return drawing.to_svg(figure, key, title, description)


def _row(axes: Axes, top: float, row: Tiles, wide: float) -> None:
    middle = top + HIGH / 2
    if not row.pattern:
        axes.text(LEFT, middle, "All other patterns", va="center")
    for index, sign in enumerate(row.pattern):
        _tile(axes, LEFT + index * wide, top, wide - GAP, sign)
    words = "*" if row.people is None else f"{row.people:,}"
    axes.text(3.96, middle, words, va="center", ha="right", weight="bold")


def _tile(axes: Axes, left: float, top: float, wide: float, sign: str) -> None:
    word, colour, hatch, ink = LOOKS[sign]
    box = (left, top), wide, HIGH
    axes.add_patch(Rectangle(*box, facecolor=colour, edgecolor=drawing.RULE, hatch=hatch, lw=0))
    axes.add_patch(Rectangle(*box, facecolor="none", edgecolor=drawing.QUIET, lw=0.8))
    shown = word if wide >= ROOM_FOR_WORDS else word[0]
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if hatch else None
    axes.text(
        left + wide / 2, top + HIGH / 2, shown, va="center", ha="center", color=ink, bbox=behind
    )
