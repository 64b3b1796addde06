"""How far columns are filled, as bars against the line of what is proposed as enough."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Filled

TOP = 0.34  # inches for the heading of the line
ROW = 0.31  # inches from one bar to the next
LABEL = 0.04
LEFT, WIDE, HIGH = 1.72, 1.2, 0.17
WORDS = LEFT + WIDE + 0.09
LABEL_WIDTH = 20  # characters that fit before the bars


def draw_filled(key: str, title: str, description: str, line: float, rows: Sequence[Filled]) -> str:
    """Return one bar for each column as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    line : float
        Share that is proposed as enough.
    rows : sequence of Filled

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
        at = LEFT + WIDE * line
        for index, row in enumerate(rows):
            _bar(axes, TOP + index * ROW, row)
        axes.plot([at, at], [TOP - 0.06, height - 0.06], color=drawing.INK, lw=1, ls=(0, (3, 2)))
        axes.text(at, 0.14, f"{line:.0%}", va="center", ha="center", color=drawing.QUIET)
        return drawing.to_svg(figure, key, title, description)


def _bar(axes: Axes, top: float, row: Filled) -> None:
    middle = top + HIGH / 2
    axes.text(LABEL, middle, drawing.wrapped(row.label, LABEL_WIDTH, 1), va="center")
    axes.text(WORDS, middle, row.words, va="center")
    axes.add_patch(
        Rectangle((LEFT, top), WIDE, HIGH, facecolor="white", edgecolor=drawing.QUIET, lw=0.8)
    )
    if row.share:
        colour, hatch = (drawing.GOOD, "") if row.enough else (drawing.POOR, "////")
        part = (LEFT, top), WIDE * row.share, HIGH
        axes.add_patch(Rectangle(*part, facecolor=colour, edgecolor="white", hatch=hatch, lw=0))
        axes.add_patch(Rectangle(*part, facecolor="none", edgecolor=drawing.QUIET, lw=0.8))
