"""Quantiles of residuals against those of the bell curve, a panel for each wave."""

from __future__ import annotations

import math
from collections.abc import Sequence

import seaborn as sns
from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Panel
from splw_eval.report.numbers import number

SIDE = 1.42  # inches of a panel
LEFT, ACROSS = 0.42, 0.5  # inches before the first panel, and between two
HEAD, FOOT = 0.34, 0.55
COLUMNS = 2
LEAST = 2.2  # SD that the axes hold on both sides, at least


def draw_residuals(key: str, title: str, description: str, panels: Sequence[Panel]) -> str:
    """Return one small plot for each wave as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    panels : sequence of Panel

    Returns
    -------
    str
    """
    rows = math.ceil(len(panels) / COLUMNS)
    height = rows * (SIDE + HEAD) + FOOT
    end = max([LEAST, *(abs(x) for panel in panels for point in panel.points for x in point)]) * 1.1
    with drawing.style():
        figure = drawing.canvas(height)
        for place, panel in enumerate(panels):
            row, column = divmod(place, COLUMNS)
            left = (LEFT + column * (SIDE + ACROSS)) / drawing.WIDTH_INCHES
            bottom = (height - (row + 1) * (SIDE + HEAD)) / height
            axes = figure.add_axes((left, bottom, SIDE / drawing.WIDTH_INCHES, SIDE / height))
            _panel(axes, panel, end, last=place >= len(panels) - COLUMNS)
        figure.text(0.5, 0.1 / height, "expected of a bell curve, in SD", ha="center")
        return drawing.to_svg(figure, key, title, description)


def _panel(axes: Axes, panel: Panel, end: float, *, last: bool) -> None:
    axes.set(xlim=(-end, end), ylim=(-end, end))
    ticks = (-2, 0, 2)
    axes.set_xticks(ticks, [number(t, 0) if last else "" for t in ticks])
    axes.set_yticks(ticks, [number(t, 0) for t in ticks])
    axes.tick_params(length=3)
    axes.plot([-end, end], [-end, end], color=drawing.QUIET, lw=0.9, ls="--", zorder=1)
    x, y = ([point[i] for point in panel.points] for i in (0, 1))
    sns.scatterplot(
        x=x, y=y, ax=axes, color=drawing.GOOD, s=34, edgecolor="white", legend=False, zorder=3
    )
    axes.set(xlabel="", ylabel="")
    axes.set_title(drawing.wrapped(panel.label, 18, 1), fontsize=drawing.POINTS, pad=4)
    sns.despine(ax=axes)
