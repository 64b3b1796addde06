"""Numbers of people month by month, as bars."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_steps import Month

LEFT, WIDE = 0.44, 3.48  # inches
TOP, HIGH, FOOT = 0.4, 1.5, 0.42
NAMED = 4  # months that have room for their names


def draw_months(
    key: str, title: str, description: str, heading: str, months: Sequence[Month]
) -> str:
    """Return one bar for each month as SVG; a month that may not be shown has a star.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    heading : str
        What is counted.
    months : sequence of Month
        At least one, in the order of time.

    Returns
    -------
    str
    """
    height = TOP + HIGH + FOOT
    most = max((month.people or 0 for month in months), default=0) or 1
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        axes.text(0.04, 0.14, drawing.wrapped(heading, 46, 1), va="center")
        _scale(axes, most)
        step = WIDE / len(months)
        named = {round(i * (len(months) - 1) / (NAMED - 1)) for i in range(NAMED)}
        for index, month in enumerate(months):
            _bar(axes, LEFT + index * step, step, month, most)
            if index in named:
                _name(axes, LEFT + (index + 0.5) * step, month)
        return drawing.to_svg(figure, key, title, description)


def _scale(axes: Axes, most: int) -> None:
    for people in (0, most):
        at = TOP + HIGH * (1 - people / most)
        axes.plot([LEFT, LEFT + WIDE], [at, at], color=drawing.RULE, lw=0.8, zorder=1)
        axes.text(LEFT - 0.06, at, f"{people:,}", va="center", ha="right")


def _bar(axes: Axes, left: float, step: float, month: Month, most: int) -> None:
    if month.people is None:
        axes.text(left + step / 2, TOP + HIGH - 0.07, "*", va="center", ha="center")
        return
    tall = HIGH * month.people / most
    axes.add_patch(
        Rectangle(
            (left + 0.1 * step, TOP + HIGH - tall), 0.8 * step, tall, facecolor=drawing.GOOD,
            lw=0, zorder=2,
        )
    )  # fmt: skip


def _name(axes: Axes, at: float, month: Month) -> None:
    inside = min(max(at, LEFT + 0.3), LEFT + WIDE - 0.36)
    axes.text(inside, TOP + HIGH + 0.18, month.label, va="center", ha="center")
