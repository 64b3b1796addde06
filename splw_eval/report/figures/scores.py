"""Mean scores at each wave, with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import seaborn as sns
from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Line, Scale

HEIGHT = 3.3
DODGE = 0.016  # of the time axis, so that intervals of one wave never cover each other
LABEL_WIDTH = 13  # characters that fit beside the plot
LABEL_LINES = 3
PEOPLE = 0.21  # inches of a line of numbers of people
FIGURE = 0.045  # of the time axis, that a figure of a number of people takes
LINE_HEIGHT = 0.066  # of the plot's height, for one line of a label


def draw_scores(key: str, title: str, description: str, scale: Scale, lines: Sequence[Line]) -> str:
    """Return the mean scores of every group as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    scale : Scale
        The instrument's range, unit and waves.
    lines : sequence of Line
        One for each group.

    Returns
    -------
    str
    """
    beneath = PEOPLE * (len(lines) + 1) if any(line.people for line in lines) else 0.0
    height = HEIGHT + beneath
    with drawing.style():
        figure = drawing.canvas(height)
        beside = 0.70 if len(lines) > 1 else 0.96
        bottom, tall = (0.155 * HEIGHT + beneath) / height, 0.72 * HEIGHT / height
        axes = figure.add_axes((0.125, bottom, beside - 0.125, tall))
        _frame(axes, scale, lines)
        if beneath:
            _people(axes, scale, lines)
        for index, line in enumerate(lines):
            _line(axes, scale, line, index, len(lines))
        if len(lines) > 1:
            _labels(axes, scale, lines)
        figure.text(0.01, 1 - 0.025 * HEIGHT / height, _heading(scale), va="top")
        return drawing.to_svg(figure, key, title, description)


def _heading(scale: Scale) -> str:
    return drawing.wrapped(f"Mean score ({scale.unit}); {scale.better} is better", 46, 1)


def _frame(axes: Axes, scale: Scale, lines: Sequence[Line]) -> None:
    """Set axes, ticks and rules; waves too close together share one label."""
    span = scale.months[-1]
    axes.set(xlim=(-0.06 * span, 1.06 * span), ylim=scale.shown(lines))
    axes.set_xticks(scale.months, _ticks(scale.months))
    axes.set_xlabel("Months after the start")
    axes.grid(axis="y", color=drawing.RULE, lw=0.7)
    axes.set_axisbelow(True)
    axes.tick_params(length=3)
    sns.despine(ax=axes)


def _people(axes: Axes, scale: Scale, lines: Sequence[Line]) -> None:
    """Write the numbers of people beneath, each group by its mark; what would touch is left out."""
    tall = 0.72 * HEIGHT
    axes.text(
        -0.155, -0.62 / tall, "People measured", transform=axes.transAxes, va="center",
        color=drawing.QUIET,
    )  # fmt: skip
    for index, line in enumerate(lines):
        mark = drawing.MARKS[index % len(drawing.MARKS)]
        at = -(0.62 + PEOPLE * (index + 1)) / tall
        axes.plot(
            [-0.14], [at], transform=axes.transAxes, clip_on=False, marker=mark.marker,
            color=mark.colour, markersize=7, ls="none",
        )  # fmt: skip
        last = float("-inf")
        for month, words in line.people:
            if month - last >= scale.months[-1] * FIGURE * (len(words) + 0.5):
                last = month
                axes.text(
                    month, at, words, transform=axes.get_xaxis_transform(), color=mark.colour,
                    ha="center", va="center",
                )  # fmt: skip


def _ticks(months: Sequence[float]) -> list[str]:
    """Return the labels of waves; one that would touch the last is left out."""
    texts, last = [], float("-inf")
    for month in months:
        far = month - last >= months[-1] * 0.09
        texts.append(f"{month:g}" if far else "")
        last = month if far else last
    return texts


def _line(axes: Axes, scale: Scale, line: Line, index: int, of: int) -> None:
    """Draw the points of one group, their intervals and what joins them."""
    mark = drawing.MARKS[index % len(drawing.MARKS)]
    shift = (index - (of - 1) / 2) * DODGE * scale.months[-1] * 1.6
    months = [point.month + shift for point in line.points]
    if not months:
        return
    sns.lineplot(
        x=months, y=[point.value for point in line.points], ax=axes, errorbar=None,
        estimator=None, color=mark.colour, marker=mark.marker, markersize=7,
        markeredgecolor="white", markeredgewidth=0.8, lw=1.8, dashes=False, legend=False, zorder=3,
    )  # fmt: skip
    axes.lines[-1].set_dashes(mark.dashes or (None, None))
    for month, point in zip(months, line.points, strict=True):
        if point.low is not None and point.high is not None:
            axes.errorbar(
                month, (point.low + point.high) / 2, yerr=(point.high - point.low) / 2,
                fmt="none", ecolor=mark.colour, elinewidth=1.4, capsize=3, zorder=2,
            )  # fmt: skip


def _labels(axes: Axes, scale: Scale, lines: Sequence[Line]) -> None:
    """Write each group's name beside the end of its line, moved apart where they would touch."""
    low, high = scale.shown(lines)
    wanted = []
    for index, line in enumerate(lines):
        words = drawing.wrapped(line.label, LABEL_WIDTH, LABEL_LINES)
        if not line.points:
            words += "\ntoo few\nto show"
        at = (line.points[-1].value - low) / (high - low) if line.points else 0.0
        wanted.append((at, words, drawing.MARKS[index % len(drawing.MARKS)].colour))
    wanted.sort()
    for place, (_, words, colour) in zip(_apart(wanted), wanted, strict=True):
        axes.text(
            1.03, place, words, transform=axes.transAxes, color=colour,
            va="center", ha="left", weight="bold", fontsize=10, linespacing=1.25,
        )  # fmt: skip


def _apart(wanted: Sequence[tuple[float, str, str]]) -> list[float]:
    """Return places in rising order that leave each label its own height."""
    halves = [(words.count("\n") + 1.3) * LINE_HEIGHT / 2 for _, words, _ in wanted]
    places: list[float] = []
    for (at, _, _), half in zip(wanted, halves, strict=True):
        floor = places[-1] + halves[len(places) - 1] + half if places else -0.1 + half
        places.append(max(at, floor))
    ceiling = 1.1
    for index in reversed(range(len(places))):
        places[index] = min(places[index], ceiling - halves[index])
        ceiling = places[index] - halves[index]
    return places
