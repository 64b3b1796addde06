"""The conclusion by how much worse people lost from either group did: borders between regions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import NDArray

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_tipping import Plane

HEIGHT, PLOT = 4.5, 2.55  # inches
LEFT, WIDE = 0.17, 0.79  # of the canvas
ROW = 0.21
REGIONS = (
    ("the whole interval is better", "#cfe3f1", "////", drawing.GOOD),
    ("no difference is possible", "white", "", drawing.QUIET),
    ("the whole interval is worse", "#f6e0d2", "....", drawing.POOR),
)


def draw_tipping(key: str, title: str, description: str, plane: Plane) -> str:
    """Return the regions of the conclusion as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    plane : Plane

    Returns
    -------
    str
    """
    with drawing.style():
        figure = drawing.canvas(HEIGHT)
        bottom = 1 - (0.32 + PLOT) / HEIGHT
        axes = figure.add_axes((LEFT, bottom, WIDE, PLOT / HEIGHT))
        ends = plane.ends()
        _frame(axes, plane, ends)
        _regions(axes, plane, ends)
        _lines(axes, plane, ends)
        above = drawing.wrapped(f"{plane.comparison}: worse by, {plane.unit}", 46, 1)
        figure.text(0.01, 1 - 0.05 / HEIGHT, above, va="top")
        _names(axes)
        return drawing.to_svg(figure, key, title, description)


def _frame(axes: Axes, plane: Plane, ends: tuple[float, float]) -> None:
    most = plane.steps[-1]
    axes.set(xlim=ends, ylim=(-0.04 * most, 1.04 * most))
    axes.set_xlabel(drawing.wrapped(f"{plane.programme}: worse by, {plane.unit}", 42, 1))
    axes.tick_params(length=3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _regions(axes: Axes, plane: Plane, ends: tuple[float, float]) -> None:
    theirs = [border.theirs for border in plane.borders]
    low, high = np.full(len(theirs), ends[0]), np.full(len(theirs), ends[1])
    better = _finite([border.better_until for border in plane.borders], ends)
    worse = _finite([border.worse_from for border in plane.borders], ends)
    for (_, fill, hatch, edge), left, right in zip(
        REGIONS, (low, better, worse), (better, worse, high), strict=True
    ):
        axes.fill_betweenx(
            theirs, left, right, where=right > left, facecolor=fill, hatch=hatch, edgecolor=edge,
            lw=0, zorder=1,
        )  # fmt: skip


def _finite(values: Sequence[float], ends: tuple[float, float]) -> NDArray[np.float64]:
    """Borders that are nowhere lie just beyond the canvas."""
    wide = ends[1] - ends[0]
    found = np.nan_to_num(np.array(values), posinf=ends[1] + wide, neginf=ends[0] - wide)
    return np.asarray(found, dtype=np.float64)


def _lines(axes: Axes, plane: Plane, ends: tuple[float, float]) -> None:
    theirs = [border.theirs for border in plane.borders]
    for values, colour, dashes in (
        ([b.better_until for b in plane.borders], drawing.GOOD, (None, None)),
        ([b.none_at for b in plane.borders], drawing.INK, (4, 2)),
        ([b.worse_from for b in plane.borders], drawing.POOR, (None, None)),
    ):
        axes.plot(_finite(values, ends), theirs, color=colour, lw=1.8, zorder=3, dashes=dashes)
    axes.plot([0], [0], marker="D", ms=8, color=drawing.INK, markeredgecolor="white", zorder=4)


def _names(axes: Axes) -> None:
    """Write beneath what each region and sign stands for."""
    first = -0.62 / PLOT
    for place, (words, fill, hatch, edge) in enumerate(REGIONS):
        at = first - ROW * place / PLOT
        axes.fill_between(
            [-0.12, -0.04], at - 0.026, at + 0.026, transform=axes.transAxes, clip_on=False,
            facecolor=fill, hatch=hatch, edgecolor=edge, lw=0.8,
        )  # fmt: skip
        axes.text(-0.01, at, words, transform=axes.transAxes, va="center")
    at = first - ROW * len(REGIONS) / PLOT
    axes.plot(
        [-0.12, -0.04], [at, at], transform=axes.transAxes, clip_on=False, color=drawing.INK,
        lw=1.8, dashes=(3, 1.5),
    )  # fmt: skip
    axes.text(-0.01, at, "the figure itself is 0", transform=axes.transAxes, va="center")
    at -= ROW / PLOT
    axes.plot(
        [-0.08], [at], transform=axes.transAxes, clip_on=False, marker="D", ms=7, color=drawing.INK,
        ls="none",
    )  # fmt: skip
    axes.text(-0.01, at, "lost as people alike", transform=axes.transAxes, va="center")
