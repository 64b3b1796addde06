"""Days to each event: the middle half of people as a bar, the median as a point."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Span
from splw_eval.report.numbers import number

ROW = 0.62  # inches from one event to the next
LEFT, WIDE, HIGH = 0.1, 3.8, 0.16
FOOT = 0.5  # inches for the scale


def draw_days(
    key: str, title: str, description: str, rows: Sequence[Span], ends: tuple[float, float]
) -> str:
    """Return one bar for each event as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    rows : sequence of Span
    ends : (float, float)
        First and last day of the scale, the same for figures side by side.

    Returns
    -------
    str
    """
    height = ROW * len(rows) + FOOT
    low, high = ends
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        for index, row in enumerate(rows):
            _span(axes, index * ROW, row, low, high)
        _scale(axes, height, low, high)
        return drawing.to_svg(figure, key, title, description)


def _at(day: float, low: float, high: float) -> float:
    return LEFT + WIDE * (day - low) / (high - low)


def _scale(axes: Axes, height: float, low: float, high: float) -> None:
    line = height - FOOT + 0.08
    axes.plot([LEFT, LEFT + WIDE], [line, line], color=drawing.QUIET, lw=0.8)
    for day, side in ((low, "left"), (high, "right")):
        axes.text(_at(day, low, high), line + 0.14, number(day, 0), va="center", ha=side)
    axes.text(
        LEFT + WIDE / 2, line + 0.14, "days from time zero", va="center", ha="center",
        color=drawing.QUIET,
    )  # fmt: skip


def _span(axes: Axes, top: float, row: Span, low: float, high: float) -> None:
    axes.text(LEFT, top + 0.16, drawing.wrapped(row.label, 24, 1), va="center", weight="bold")
    axes.text(LEFT + WIDE, top + 0.16, row.words, va="center", ha="right")
    if row.lower is None or row.median is None or row.upper is None:
        return
    first, last = _at(row.lower, low, high), _at(row.upper, low, high)
    middle = top + 0.44
    axes.plot([LEFT, LEFT + WIDE], [middle, middle], color=drawing.RULE, lw=0.8)
    axes.add_patch(
        Rectangle(
            (first, middle - HIGH / 2), max(last - first, 0.02), HIGH, facecolor=drawing.MIDDLE,
            edgecolor=drawing.QUIET, lw=0.8,
        )
    )  # fmt: skip
    axes.plot(
        [_at(row.median, low, high)], [middle], marker="o", ms=7, color=drawing.GOOD,
        markeredgecolor="white",
    )  # fmt: skip
