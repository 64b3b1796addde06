"""Use of one service month by month around time zero."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_costs import UseLine, UsePoint

TALL = 2.3  # inches of the plot
TOP, FOOT, LINE = 0.5, 0.46, 0.21
LEFT, WIDE = 0.5, 3.38
ABOVE = 1.12  # of the largest value, to which the axis goes
NAMED = 5  # numbers of people that have room beneath


def draw_use(key: str, title: str, description: str, heading: str, lines: Sequence[UseLine]) -> str:
    """Return the use of one service by every group as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    heading : str
        What is counted, and its unit.
    lines : sequence of UseLine
        One for each group; a point that may not be shown breaks its line.

    Returns
    -------
    str
    """
    several = len(lines) > 1
    beneath = LINE * (len(lines) + 1)
    legend = LINE * len(lines) if several else 0.0
    height = TOP + legend + TALL + FOOT + beneath
    with drawing.style():
        figure = drawing.canvas(height)
        bottom = (FOOT + beneath) / height
        axes = figure.add_axes(
            (LEFT / drawing.WIDTH_INCHES, bottom, WIDE / drawing.WIDTH_INCHES, TALL / height)
        )
        _frame(axes, lines)
        for index, line in enumerate(lines):
            _line(axes, line, drawing.MARKS[index % len(drawing.MARKS)])
        _people(axes, lines)
        if several:
            _legend(axes, lines)
        figure.text(0.01, 1 - 0.06 / height, drawing.wrapped(heading, 48, 2), va="top")
        return drawing.to_svg(figure, key, title, description)


def _frame(axes: Axes, lines: Sequence[UseLine]) -> None:
    points = [point for line in lines for point in line.points]
    values = [x for p in points for x in (p.value, p.high) if x is not None]
    months = [point.month for point in points]
    axes.set_ylim(0, ABOVE * max(values, default=1.0) or 1.0)
    first, last = min(months, default=-1.0), max(months, default=1.0)
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.axvline(0, color=drawing.QUIET, lw=1, ls=":")
    axes.set_xlabel("Months from time zero (dotted line)")
    axes.grid(axis="y", color=drawing.RULE, lw=0.7)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _line(axes: Axes, line: UseLine, mark: drawing.Mark) -> None:
    for run in _runs(line.points):
        months = [point.month for point in run]
        banded = [p for p in run if p.low is not None and p.high is not None]
        if len(banded) == len(run):
            axes.fill_between(
                months, [max(p.low or 0.0, 0.0) for p in run], [p.high or 0.0 for p in run],
                color=mark.colour, alpha=0.13, lw=0, zorder=1,
            )  # fmt: skip
        axes.plot(
            months, [point.value or 0.0 for point in run], color=mark.colour, marker=mark.marker,
            markersize=4.5, markeredgecolor="white", markeredgewidth=0.6, lw=1.6,
            dashes=mark.dashes or (None, None), zorder=3,
        )  # fmt: skip


def _runs(points: Sequence[UsePoint]) -> list[list[UsePoint]]:
    """Points that follow each other without one that may not be shown."""
    runs: list[list[UsePoint]] = [[]]
    for point in points:
        if point.value is None:
            runs.append([])
        else:
            runs[-1].append(point)
    return [run for run in runs if run]


def _people(axes: Axes, lines: Sequence[UseLine]) -> None:
    """Write numbers of people beneath a few months of each group."""
    axes.text(
        0, -(FOOT + 0.5 * LINE) / TALL, "People known", transform=axes.transAxes, va="center",
        color=drawing.QUIET,
    )  # fmt: skip
    for index, line in enumerate(lines):
        mark = drawing.MARKS[index % len(drawing.MARKS)]
        at = -(FOOT + LINE * (index + 1.5)) / TALL
        axes.plot(
            [-0.06], [at], transform=axes.transAxes, clip_on=False, marker=mark.marker,
            color=mark.colour, markersize=6, ls="none",
        )  # fmt: skip
        last = len(line.points) - 1
        for place in dict.fromkeys(round(i * last / (NAMED - 1)) for i in range(NAMED)):
            point = line.points[place]
            axes.text(
                point.month, at, point.people, transform=axes.get_xaxis_transform(),
                color=mark.colour, ha="center", va="center",
            )  # fmt: skip


def _legend(axes: Axes, lines: Sequence[UseLine]) -> None:
    """Name each group above the plot, beside its mark."""
    for index, line in enumerate(lines):
        mark = drawing.MARKS[index % len(drawing.MARKS)]
        at = 1 + LINE * (len(lines) - index - 0.5) / TALL
        axes.plot(
            [0.0, 0.08], [at, at], transform=axes.transAxes, clip_on=False, marker=mark.marker,
            color=mark.colour, markersize=5, lw=1.6, dashes=mark.dashes or (None, None),
        )  # fmt: skip
        axes.text(
            0.11, at, drawing.wrapped(line.label, 40, 1), transform=axes.transAxes, va="center",
            color=mark.colour, weight="bold",
        )  # fmt: skip
