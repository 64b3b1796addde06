"""Shares that fall or rise by steps over days, with the numbers still watched beneath."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_steps import Days, StepLine

PLOT, HEAD, FOOT = 1.95, 0.32, 0.48  # inches of the plot, its heading and its axis
BENEATH = 0.68  # from the plot to the first line of numbers
ROW = 0.21  # inches of a line of numbers or of names
LEFT, WIDE = 0.5, 3.34
NAME_WIDTH = 40  # characters of a group's name above the plot
CLOSE = 0.048  # of the axis, that a figure takes


def draw_steps(
    key: str, title: str, description: str, days: Days, lines: Sequence[StepLine]
) -> str:
    """Return the curves of every group as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    days : Days
    lines : sequence of StepLine
        One for each group.

    Returns
    -------
    str
    """
    named = len(lines) > 1
    names = ROW * len(lines) if named else 0.0
    beneath = any(line.at_risk for line in lines)
    foot = BENEATH + ROW * (len(lines) + 0.6) if beneath else FOOT
    height = HEAD + names + PLOT + foot
    with drawing.style():
        figure = drawing.canvas(height)
        across = drawing.WIDTH_INCHES
        axes = figure.add_axes((LEFT / across, foot / height, WIDE / across, PLOT / height))
        _frame(axes, days)
        for index, line in enumerate(lines):
            _line(axes, line, index, days)
        if named:
            _names(axes, lines, names)
        if beneath:
            _at_risk(axes, days, lines)
        heading = drawing.wrapped(days.heading, 46, 1)
        figure.text(0.01, 1 - 0.06 / height, heading, va="top")
        return drawing.to_svg(figure, key, title, description)


def _frame(axes: Axes, days: Days) -> None:
    axes.set(xlim=(-0.02 * days.last, 1.02 * days.last), ylim=(-0.02, 1.02))
    axes.set_xticks(days.ticks, [f"{tick:g}" for tick in days.ticks])
    axes.set_yticks((0, 0.25, 0.5, 0.75, 1), ("0", "25", "50", "75", "100"))
    axes.set_xlabel("Days")
    axes.grid(axis="y", color=drawing.RULE, lw=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=3)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _line(axes: Axes, line: StepLine, index: int, days: Days) -> None:
    """Draw one curve with the band of its intervals and its mark along it."""
    mark = drawing.MARKS[index % len(drawing.MARKS)]
    steps = [step for step in line.steps if step.day <= days.last]
    end = min(line.last_day, days.last)
    at = [0.0, *(step.day for step in steps), end]
    values = [line.start, *(step.value for step in steps)]
    axes.step(
        at, [*values, values[-1]], where="post", color=mark.colour, lw=1.8, zorder=3,
        dashes=mark.dashes or (None, None),
    )  # fmt: skip
    for step, until in zip(steps, at[2:], strict=True):
        if step.low is not None and step.high is not None:
            axes.fill_between(
                [step.day, until], step.low, step.high, color=mark.colour, alpha=0.16, lw=0,
                zorder=1,
            )  # fmt: skip
    axes.plot(
        at[-1:], values[-1:], marker=mark.marker, ms=7, color=mark.colour,
        markeredgecolor="white", zorder=4, clip_on=False,
    )  # fmt: skip


def _names(axes: Axes, lines: Sequence[StepLine], names: float) -> None:
    """Write each group's name above the plot, beside a piece of its line."""
    for index, line in enumerate(lines):
        mark = drawing.MARKS[index % len(drawing.MARKS)]
        at = 1 + (names - ROW * (index + 0.35)) / PLOT
        axes.plot(
            [0.0, 0.055, 0.11], [at] * 3, transform=axes.transAxes, clip_on=False,
            color=mark.colour, lw=1.8, dashes=mark.dashes or (None, None), marker=mark.marker,
            markevery=[1], ms=7, markeredgecolor="white",
        )  # fmt: skip
        axes.text(
            0.14, at, drawing.wrapped(line.label, NAME_WIDTH, 1), transform=axes.transAxes,
            va="center", color=mark.colour, weight="bold",
        )  # fmt: skip


def _at_risk(axes: Axes, days: Days, lines: Sequence[StepLine]) -> None:
    """Write the numbers beneath, each group by its mark; what would touch is left out."""
    axes.text(
        -0.145, -BENEATH / PLOT, drawing.wrapped(days.beneath, 44, 1), transform=axes.transAxes,
        va="center", color=drawing.QUIET,
    )  # fmt: skip
    for index, line in enumerate(lines):
        mark = drawing.MARKS[index % len(drawing.MARKS)]
        at = -(BENEATH + ROW * (index + 1)) / PLOT
        if len(lines) > 1:
            axes.plot(
                [-0.12], [at], transform=axes.transAxes, clip_on=False, marker=mark.marker,
                color=mark.colour, ms=7, ls="none",
            )  # fmt: skip
        last = float("-inf")
        for day, words in line.at_risk:
            if day - last >= days.last * CLOSE * (len(words) + 0.2):
                last = day
                axes.text(
                    day, at, words, transform=axes.get_xaxis_transform(), color=mark.colour,
                    ha="center", va="center",
                )  # fmt: skip
