"""Differences or changes as intervals, against no difference and the MID."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Interval, Yardstick
from splw_eval.report.numbers import as_planned, number

LEFT, WIDE = 0.14, 3.72  # inches
TOP, FOOT = 0.72, 0.3
LINE, GAP, BAR = 0.2, 0.14, 0.2
THIN = 0.16  # inches of an interval without words
CHARACTERS = 44
OPEN = "white"
CLEAR = 2.6  # points of white around words, so that no dash touches them
APART = 0.62  # inches between two words of the top line


def draw_contrasts(
    key: str, title: str, description: str, against: Yardstick, rows: Sequence[Interval]
) -> str:
    """Return intervals beneath each other as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    against : Yardstick
    rows : sequence of Interval

    Returns
    -------
    str
    """
    height = TOP + sum(map(_tall, rows)) + FOOT
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        ends = against.ends(rows)
        draw_rules(axes, height, against, ends)
        top = TOP
        for row in rows:
            _row(axes, top, row, ends)
            top += _tall(row)
        draw_foot(axes, height, against, ends)
        return drawing.to_svg(figure, key, title, description)


def _lines(row: Interval) -> list[str]:
    return [part for words in row.words for part in _wrapped(words)]


def _wrapped(words: str) -> list[str]:
    return drawing.wrapped(words, CHARACTERS, 2).split("\n")


def _tall(row: Interval) -> float:
    return THIN if not row.words else LINE * len(_lines(row)) + BAR + GAP


def across(value: float, ends: tuple[float, float]) -> float:
    """Where a number lies between the ends, in inches."""
    return LEFT + WIDE * (value - ends[0]) / (ends[1] - ends[0])


def draw_rules(axes: Axes, height: float, against: Yardstick, ends: tuple[float, float]) -> None:
    """Draw no difference, the MID on both sides and the further line, with their names."""
    low, high = ("worse", "better") if against.better == "higher" else ("better", "worse")
    axes.text(LEFT, 0.14, f"← {low}", va="center")
    axes.text(LEFT + WIDE, 0.14, f"{high} →", va="center", ha="right")
    named = [(0.0, "none", "-", drawing.INK)]
    if against.mid:
        named += [(x, "MID", "--", drawing.QUIET) for x in (-against.mid, against.mid)]
    for value, words, dashes, colour in named:
        at = across(value, ends)
        axes.plot([at, at], [0.52, height - FOOT + 0.04], color=colour, lw=1, ls=dashes, zorder=1)
        if value and abs(at - across(0.0, ends)) < APART:
            continue  # its word would lie on that of no difference; the caption names it
        size = "" if not value else f" {as_planned(abs(value))}"
        axes.text(_inside(at), 0.4, f"{words}{size}", va="center", ha="center", color=colour)
    if against.line is not None:
        at = across(against.line, ends)
        axes.plot([at, at], [TOP - 0.08, height - FOOT + 0.04], color=drawing.GOOD, lw=1, ls=":")


def _inside(at: float) -> float:
    """Keep a word of the top line on the canvas."""
    return min(max(at, LEFT + 0.34), LEFT + WIDE - 0.34)


def _row(axes: Axes, top: float, row: Interval, ends: tuple[float, float]) -> None:
    lines = _lines(row)
    for place, words in enumerate(lines):
        axes.text(
            LEFT, top + LINE * (place + 0.5), words, va="center", zorder=4,
            weight="bold" if row.first else "normal",
            bbox={"facecolor": OPEN, "edgecolor": "none", "pad": CLEAR},
        )  # fmt: skip
    middle = top + LINE * len(lines) + (BAR / 2 if lines else THIN / 2)
    colour = drawing.GOOD if row.first or not lines else drawing.QUIET
    if row.low is not None and row.high is not None:
        axes.plot(
            [across(row.low, ends), across(row.high, ends)], [middle, middle], color=colour,
            lw=3.2 if row.first else 1.6, solid_capstyle="butt", zorder=2,
        )  # fmt: skip
    if row.value is not None:
        axes.plot(
            [across(row.value, ends)], [middle], marker="D" if row.first else "o",
            ms=8 if row.first else 5.5, color=colour, markeredgecolor=OPEN, zorder=3,
        )  # fmt: skip


def draw_foot(axes: Axes, height: float, against: Yardstick, ends: tuple[float, float]) -> None:
    """Draw the scale with its ends and its unit."""
    line = height - FOOT + 0.04
    axes.plot([LEFT, LEFT + WIDE], [line, line], color=drawing.QUIET, lw=0.8)
    for value, side in zip(ends, ("left", "right"), strict=True):
        words = number(value, against.decimals, signed=True)
        axes.text(across(value, ends), line + 0.14, words, va="center", ha=side)
    axes.text(
        LEFT + WIDE / 2, line + 0.14, drawing.wrapped(against.unit, 22, 1), va="center",
        ha="center", color=drawing.QUIET,
    )  # fmt: skip
