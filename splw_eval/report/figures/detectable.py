"""Differences that designs detect, from none upwards, against the MID."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.numbers import number

LEFT, WIDE = 0.14, 3.72  # inches
TOP, FOOT = 0.5, 0.3
LINE, GAP, BAR = 0.2, 0.14, 0.2
CHARACTERS = 44
BEYOND = 1.06  # of the largest number drawn


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
        Of the ends of the scale and the MID.

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
        _foot(axes, height, end, unit, decimals)
        return drawing.to_svg(figure, key, title, description)


def _at(value: float, end: float) -> float:
    return LEFT + WIDE * value / end


def _lines(row: Detected) -> list[str]:
    return drawing.wrapped(row.words, CHARACTERS, 3).split("\n")


def _tall(row: Detected) -> float:
    return LINE * len(_lines(row)) + BAR + GAP


def _rules(axes: Axes, height: float, end: float, mid: float, decimals: int) -> None:
    """Draw no difference and the MID, with their names."""
    for value, words, dashes, colour in (
        (0.0, "none", "-", drawing.INK),
        (mid, f"MID {number(mid, decimals)}", "--", drawing.POOR),
    ):
        at = _at(value, end)
        axes.plot([at, at], [0.34, height - FOOT + 0.04], color=colour, lw=1.2, ls=dashes, zorder=1)
        inside = min(max(at, LEFT + 0.2), LEFT + WIDE - 0.4)
        axes.text(inside, 0.2, words, va="center", ha="center", color=colour)


def _row(axes: Axes, top: float, row: Detected, end: float) -> None:
    lines = _lines(row)
    for place, words in enumerate(lines):
        axes.text(
            LEFT, top + LINE * (place + 0.5), words, va="center", zorder=4,
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


def _foot(axes: Axes, height: float, end: float, unit: str, decimals: int) -> None:
    line = height - FOOT + 0.04
    axes.plot([LEFT, LEFT + WIDE], [line, line], color=drawing.QUIET, lw=0.8)
    for value, side in ((0.0, "left"), (end, "right")):
        axes.text(_at(value, end), line + 0.14, number(value, decimals), va="center", ha=side)
    axes.text(
        LEFT + WIDE / 2, line + 0.14, drawing.wrapped(unit, 30, 1), va="center", ha="center",
        color=drawing.QUIET,
    )  # fmt: skip
