"""The plane of extra cost and extra health, and the chance of being worth it."""

from __future__ import annotations

import math
from collections.abc import Sequence

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_costs import Chance, Cloud
from splw_eval.report.numbers import number

HEIGHT = 3.5  # inches
SMALLEST = 1e-9  # reach of an axis where nothing varies
STEPS = 96  # of the ellipse
REACH = 2.4477  # standard deviations that hold 95 of 100 of two normal variables
CORNERS = (
    (0.03, 0.97, "left", "top", "costs more,\nloses health"),
    (0.97, 0.97, "right", "top", "costs more,\ngains health"),
    (0.03, 0.03, "left", "bottom", "costs less,\nloses health"),
    (0.97, 0.03, "right", "bottom", "costs less,\ngains health"),
)


def draw_plane(
    key: str, title: str, description: str, currency: str, cloud: Cloud, lines: Sequence[float]
) -> str:
    """Return extra cost against extra health as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    currency : str
    cloud : Cloud
    lines : sequence of float
        Values of a QALY that the plan states, drawn as lines through nothing extra.

    Returns
    -------
    str
    """
    around = ellipse(cloud)
    wide = 1.35 * max([abs(x) for x, _ in around] + [SMALLEST])
    tall = 1.35 * max([abs(y) for _, y in around] + [SMALLEST])
    with drawing.style():
        figure = drawing.canvas(HEIGHT)
        axes = figure.add_axes((0.2, 0.15, 0.76, 0.76))
        axes.set(xlim=(-wide, wide), ylim=(-tall, tall))
        axes.axhline(0, color=drawing.QUIET, lw=0.9)
        axes.axvline(0, color=drawing.QUIET, lw=0.9)
        for value in lines:
            axes.plot([-wide, wide], [-wide * value, wide * value], color=drawing.POOR, lw=1.2,
                      dashes=(4, 2), zorder=1)  # fmt: skip
        axes.fill(*zip(*around, strict=True), facecolor=drawing.GOOD, alpha=0.15, lw=0, zorder=2)
        axes.plot(*zip(*around, strict=True), color=drawing.GOOD, lw=1.5, zorder=3)
        axes.plot([cloud.health], [cloud.cost], marker="D", color=drawing.GOOD, ms=8,
                  markeredgecolor="white", zorder=4)  # fmt: skip
        _corners(axes)
        axes.set_xlabel("Extra QALYs for each person")
        axes.locator_params(nbins=5)
        axes.yaxis.set_major_formatter(lambda value, _place: number(value, _places(tall)))
        heading = f"Extra cost for each person, {currency}"
        figure.text(0.01, 0.985, drawing.wrapped(heading, 46, 1), va="top")
        return drawing.to_svg(figure, key, title, description)


def ellipse(cloud: Cloud) -> list[tuple[float, float]]:
    """Return points around about 95 of 100 draws.

    Parameters
    ----------
    cloud : Cloud

    Returns
    -------
    list of (float, float)
        Extra health and extra cost.
    """
    rest = math.sqrt(max(0.0, 1 - cloud.correlation**2))
    found = []
    for step in range(STEPS + 1):
        angle = 2 * math.pi * step / STEPS
        first, second = REACH * math.cos(angle), REACH * math.sin(angle)
        x = cloud.health + cloud.sd_health * first
        y = cloud.cost + cloud.sd_cost * (cloud.correlation * first + rest * second)
        found.append((x, y))
    return found


def _corners(axes: Axes) -> None:
    for across, up, side, end, words in CORNERS:
        axes.text(
            across, up, words, transform=axes.transAxes, ha=side, va=end, color=drawing.QUIET,
            fontsize=9, bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0}, zorder=1.5,
        )  # fmt: skip


def _places(reach: float) -> int:
    """Decimals of an axis, by how far it reaches."""
    return max(0, 1 - math.floor(math.log10(reach)))


def draw_chance(
    key: str, title: str, description: str, currency: str, chances: Sequence[Chance]
) -> str:
    """Return the chance of being worth it, by what is paid for a QALY, as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    currency : str
    chances : sequence of Chance
        By rising value; those that the plan states are marked.

    Returns
    -------
    str
    """
    with drawing.style():
        figure = drawing.canvas(2.9)
        axes = figure.add_axes((0.14, 0.19, 0.8, 0.66))
        values = [point.value for point in chances]
        axes.set(xlim=(0, max(values, default=1.0)), ylim=(0, 1))
        axes.plot(values, [point.chance for point in chances], color=drawing.GOOD, lw=2)
        for point in chances:
            if point.stated:
                axes.plot([point.value], [point.chance], marker="D", color=drawing.GOOD, ms=8,
                          markeredgecolor="white", clip_on=False, zorder=3)  # fmt: skip
        axes.axhline(0.5, color=drawing.QUIET, lw=0.9, ls=":")
        axes.set_yticks([0, 0.5, 1], ["0", "50", "100"])
        axes.locator_params(axis="x", nbins=4)
        axes.xaxis.set_major_formatter(lambda value, _place: f"{value:,.0f}")
        axes.set_xlabel(drawing.wrapped(f"Paid for a QALY, {currency}", 46, 1))
        for side in ("top", "right"):
            axes.spines[side].set_visible(False)
        figure.text(0.01, 0.98, "Chance of being worth it, in 100", va="top")
        return drawing.to_svg(figure, key, title, description)
