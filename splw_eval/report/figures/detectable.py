"""Differences that designs detect, from none upwards, against the smallest that is important."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, log10

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.numbers import decimals_needed, number

LEFT, WIDE = 0.14, 3.72  # inches
TOP, FOOT = 0.5, 0.56
LINE, GAP, BAR = 0.2, 0.14, 0.2
CHARACTERS = 44
INDENT = 0.06  # of words, so that they leave the line of no difference whole
BEYOND = 1.06  # of the largest number drawn
NAMED = "smallest important difference"
BESIDE = 1.36  # inches, about half of that name
TICKS = 5  # at most, beside 0
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Detected:
    """What one design detects: a range over its assumptions, or one number.

    Attributes
    ----------
    words : str
        Stands above it, with its numbers.
    low, high : float
        The same where there is one number.
    first : bool
        Whether it is one that counts.
    """

    words: str
    low: float
    high: float
    first: bool = False


def draw_detectable(
    key: str,
    title: str,
    description: str,
    rows: Sequence[Detected],
    *,
    mid: float,
    unit: str,
    decimals: int,
) -> str:
    """Return detectable differences beneath each other as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    rows : sequence of Detected
    mid : float
        What they are held against; left of its line a design detects less than that.
    unit : str
    decimals : int
        Of the MID.

    Returns
    -------
    str
    """
    height = TOP + sum(map(_tall, rows)) + FOOT
    end = BEYOND * max([mid, *(row.high for row in rows)])
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        _rules(axes, height, end, mid, decimals)
        top = TOP
        for row in rows:
            _row(axes, top, row, end)
            top += _tall(row)
        _foot(axes, height, end, unit)
        return drawing.to_svg(figure, key, title, description)


def _at(value: float, end: float) -> float:
    return LEFT + WIDE * value / end


def _lines(row: Detected) -> list[str]:
    return drawing.wrapped(row.words, CHARACTERS, 3).split("\n")


def _tall(row: Detected) -> float:
    return LINE * len(_lines(row)) + BAR + GAP


def ticks(end: float) -> tuple[float, ...]:
    """Round numbers from 0 to the end of a scale.

    Parameters
    ----------
    end : float
        Above 0.

    Returns
    -------
    tuple of float
        A few steps of 1, 2, 2.5 or 5, times a power of ten.
    """
    size = 10.0 ** floor(log10(end / TICKS))
    step = next(size * one for one in STEPS if size * one * TICKS >= end * (1 - 1e-12))
    return tuple(step * n for n in range(int(end / step + 1e-9) + 1))


def _rules(axes: Axes, height: float, end: float, mid: float, decimals: int) -> None:
    """Draw no difference, and the smallest important one with its name."""
    bottom = height - FOOT + 0.04
    axes.plot([LEFT, LEFT], [0.34, bottom], color=drawing.INK, lw=1.2, zorder=1)
    at = _at(mid, end)
    axes.plot([at, at], [0.34, bottom], color=drawing.POOR, lw=1.2, ls="--", zorder=1)
    middle = min(max(at, LEFT + BESIDE), LEFT + WIDE - BESIDE)
    words = f"{NAMED}, {number(mid, decimals)}"
    axes.text(middle, 0.2, words, va="center", ha="center", color=drawing.POOR)


def _row(axes: Axes, top: float, row: Detected, end: float) -> None:
    lines = _lines(row)
    for place, words in enumerate(lines):
        axes.text(
            LEFT + INDENT, top + LINE * (place + 0.5), words, va="center", zorder=4,
            weight="bold" if row.first else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0},
        )  # fmt: skip
    middle = top + LINE * len(lines) + BAR / 2
    colour = drawing.GOOD if row.first else drawing.QUIET
    axes.plot(
        [_at(row.low, end), _at(row.high, end)], [middle, middle], color=colour,
        lw=3.2 if row.first else 1.8, solid_capstyle="butt", zorder=2,
    )  # fmt: skip
    for value in {row.low, row.high}:
        axes.plot(
            [_at(value, end)], [middle], marker="D" if row.first else "o", ms=6.5, color=colour,
            markeredgecolor="white", zorder=3,
        )  # fmt: skip


def _foot(axes: Axes, height: float, end: float, unit: str) -> None:
    line = height - FOOT + 0.04
    axes.plot([LEFT, LEFT + WIDE], [line, line], color=drawing.QUIET, lw=0.8)
    marks = ticks(end)
    places = max(decimals_needed(one) for one in marks[1:])
    for value in marks:
        at = _at(value, end)
        axes.plot([at, at], [line, line + 0.05], color=drawing.QUIET, lw=0.8)
        words = number(value, places) if value else "0"
        inside = min(at, LEFT + WIDE - 0.16)
        axes.text(inside, line + 0.16, words, va="center", ha="center")
    axes.text(
        LEFT + WIDE / 2, line + 0.38, drawing.wrapped(unit, CHARACTERS, 1), va="center",
        ha="center", color=drawing.QUIET,
    )  # fmt: skip
