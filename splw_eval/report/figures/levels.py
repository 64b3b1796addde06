"""Differences by level of several characteristics, with the interactions beside them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.contrasts import FOOT, LEFT, TOP, WIDE, across, draw_foot, draw_rules
from splw_eval.report.figures.given import Interval, Yardstick
from splw_eval.report.figures.given_levels import Level

HEADING, LINE, BAR, GAP = 0.24, 0.18, 0.12, 0.04  # inches
CHARACTERS, WIDEST = 21, 44
COLUMN = 0.2  # of the heading of the interactions
BLANK = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}


def draw_levels(
    key: str,
    title: str,
    description: str,
    against: Yardstick,
    rows: Sequence[Level],
    heading: str,
) -> str:
    """Return differences by level as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    against : Yardstick
    rows : sequence of Level
        Levels of one characteristic follow each other.
    heading : str
        Of the interactions, which are written at the right.

    Returns
    -------
    str
    """
    height = TOP + COLUMN + sum(tall for _, tall, _ in _laid(rows)) + FOOT
    ends = against.ends([Interval(value=r.value, low=r.low, high=r.high) for r in rows])
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        draw_rules(axes, height, against, ends)
        _say(axes, LEFT + WIDE, TOP, heading, right=True, quiet=True)
        top = TOP + COLUMN
        for row, tall, first in _laid(rows):
            _row(axes, top, row, ends, first=first)
            top += tall
        draw_foot(axes, height, against, ends)
        return drawing.to_svg(figure, key, title, description)


def _laid(rows: Sequence[Level]) -> Iterator[tuple[Level, float, bool]]:
    """Each level with its height, and whether its characteristic is written above it."""
    before = None
    for row in rows:
        first = row.by != before
        before = row.by
        yield row, first * HEADING + LINE * len(_lines(row)) + BAR + GAP, first


def _lines(row: Level) -> list[str]:
    return drawing.wrapped(row.label, CHARACTERS, 3).split("\n")


def _row(axes: Axes, top: float, row: Level, ends: tuple[float, float], *, first: bool) -> None:
    if first:
        words = drawing.wrapped(row.by, WIDEST, 1)
        _say(axes, LEFT, top + HEADING / 2, words, bold=True)
        top += HEADING
    lines = _lines(row)
    for place, words in enumerate(lines):
        _say(axes, LEFT, top + LINE * (place + 0.5), words)
    _say(axes, LEFT + WIDE, top + LINE * 0.5, row.more, right=True)
    middle = top + LINE * len(lines) + BAR / 2
    if row.low is not None and row.high is not None:
        axes.plot(
            [across(row.low, ends), across(row.high, ends)], [middle, middle], color=drawing.GOOD,
            lw=1.8, solid_capstyle="butt", zorder=2,
        )  # fmt: skip
    if row.value is not None:
        axes.plot(
            [across(row.value, ends)], [middle], marker="o", ms=6, color=drawing.GOOD,
            markeredgecolor="white", zorder=3,
        )  # fmt: skip


def _say(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    right: bool = False,
    bold: bool = False,
    quiet: bool = False,
) -> None:
    axes.text(
        x, y, words, va="center", ha="right" if right else "left", zorder=4,
        weight="bold" if bold else "normal", color=drawing.QUIET if quiet else drawing.INK,
        bbox=BLANK,
    )  # fmt: skip
