"""How records became studies: boxes from the search down to what was included (PRISMA 2020)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import FancyArrowPatch, Rectangle

from splw_eval.report.figures import drawing

WIDE = 1.9  # inches of one stream
LINE = 0.19  # of one line of type
PAD, SPACE = 0.12, 0.3  # inside a box, and from box to box
CHARACTERS = 20
SIDE = 0.06


@dataclass(frozen=True, slots=True)
class Box:
    """One stage of a stream: words and, below them in small type, what was left out there."""

    words: str
    left_out: str = ""


def draw_selection(
    key: str,
    title: str,
    description: str,
    streams: Sequence[Sequence[Box]],
    included: str,
) -> str:
    """Return the flow of records as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    streams : sequence of sequence of Box
        Two streams side by side, each from the top down, with as many stages.
    included : str
        Words of the box that both end in.

    Returns
    -------
    str
    """
    rows = list(zip(*streams, strict=True))
    heights = [max(_height(box) for box in row) for row in rows]
    last = _lines(included, 2 * CHARACTERS) * LINE + 2 * PAD
    total = sum(heights) + SPACE * len(heights) + last + 0.08
    with drawing.style():
        figure = drawing.canvas(total)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(total, 0))
        axes.axis("off")
        top = 0.04
        for row, height in zip(rows, heights, strict=True):
            for place, box in enumerate(row):
                left = SIDE + place * (WIDE + 0.08)
                _box(axes, left, top, WIDE, height, box)
                _arrow(axes, left + WIDE / 2, top + height)
            top += height + SPACE
        _box(axes, SIDE, top, 2 * WIDE + 0.08, last, Box(included), bold=True)
        return drawing.to_svg(figure, key, title, description)


def _wrapped(words: str, characters: int = CHARACTERS) -> str:
    return drawing.wrapped(words, characters, 6)


def _lines(words: str, characters: int = CHARACTERS) -> int:
    return _wrapped(words, characters).count("\n") + 1


def _height(box: Box) -> float:
    out = _lines(box.left_out) if box.left_out else 0
    return (_lines(box.words) + out) * LINE + 2 * PAD + (0.06 if out else 0)


def _box(
    axes: Axes, left: float, top: float, wide: float, height: float, box: Box, *, bold: bool = False
) -> None:
    axes.add_patch(
        Rectangle((left, top), wide, height, facecolor=drawing.PANEL, edgecolor=drawing.QUIET)
    )
    characters = 2 * CHARACTERS if bold else CHARACTERS
    words = _wrapped(box.words, characters)
    axes.text(left + 0.09, top + PAD, words, va="top", linespacing=1.25, weight="bold")
    if box.left_out:
        below = top + PAD + _lines(box.words) * LINE + 0.06
        axes.text(left + 0.09, below, _wrapped(box.left_out), va="top", linespacing=1.25)


def _arrow(axes: Axes, middle: float, start: float) -> None:
    axes.add_patch(
        FancyArrowPatch(
            (middle, start),
            (middle, start + SPACE),
            arrowstyle="-|>",
            mutation_scale=10,
            color=drawing.QUIET,
            shrinkA=1,
            shrinkB=1,
        )
    )
