"""People better, within and worse by at least the MID, as bars of a hundred."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Bar
from splw_eval.report.numbers import percent

KEY = 0.42  # inches of the key above the bars
ROW = 0.94  # inches from one bar to the next
LEFT, WIDE, HIGH = 0.05, 3.9, 0.26
FILLS = (
    ("better", drawing.GOOD, ""),
    ("within", drawing.MIDDLE, ""),
    ("worse", drawing.POOR, "////"),
)


def draw_responders(key: str, title: str, description: str, bars: Sequence[Bar]) -> str:
    """Return one bar for each group and wave as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    bars : sequence of Bar

    Returns
    -------
    str
    """
    height = KEY + ROW * len(bars) + 0.04
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        for index, (word, *_) in enumerate(FILLS):
            left = LEFT + index * 1.3
            _part(axes, left, 0.08, 0.26, 0.2, index)
            axes.text(left + 0.34, 0.18, word.capitalize(), va="center")
        for index, bar in enumerate(bars):
            _bar(axes, KEY + index * ROW, bar)
        return drawing.to_svg(figure, key, title, description)


def _bar(axes: Axes, top: float, bar: Bar) -> None:
    axes.text(LEFT, top + 0.2, drawing.wrapped(bar.label, 42, 1), va="center", weight="bold")
    shares = (bar.better, bar.same, bar.worse)
    words = (
        "* " + w if s is None else f"{percent(s)} {w}"
        for s, (w, *_) in zip(shares, FILLS, strict=True)
    )
    axes.text(LEFT, top + 0.74, "  ·  ".join(words), va="center")
    if None in shares:
        axes.text(LEFT, top + 0.48, f"* {bar.missing}", va="center", color=drawing.QUIET)
        return
    left, known = LEFT, [s for s in shares if s is not None]
    wide = WIDE / max(1.0, sum(known))  # whatever the shares are, the bar stays in its frame
    for index, share in enumerate(known):
        _part(axes, left, top + 0.34, share * wide, HIGH, index)
        left += share * wide


def _part(axes: Axes, left: float, top: float, wide: float, high: float, index: int) -> None:
    """Draw a part that is told from its neighbours by hatching as well as colour."""
    _, colour, hatch = FILLS[index]
    line = drawing.QUIET if colour == drawing.MIDDLE else "white"
    axes.add_patch(
        Rectangle((left, top), wide, high, facecolor=colour, edgecolor=line, hatch=hatch, lw=0)
    )
    axes.add_patch(
        Rectangle((left, top), wide, high, facecolor="none", edgecolor=drawing.INK, lw=0.8)
    )
