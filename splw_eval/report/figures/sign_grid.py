"""Studies by what each has: a grid of signs, each told by a letter as well as by its look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing

ROW, HIGH = 0.31, 0.25  # inches from one row to the next, and of a tile
HEAD = 0.34  # of the headings, turned
GROUP = 0.36  # a heading above some rows
LEFT, RIGHT, GAP = 0.04, 3.96, 0.03
LETTER = 0.078  # inches of one letter of a turned heading


@dataclass(frozen=True, slots=True)
class Look:
    """How a sign is drawn: its letters, its colour, its hatch and the colour of its letters."""

    letters: str
    colour: str
    hatch: str = ""
    ink: str = drawing.INK


@dataclass(frozen=True, slots=True)
class SignRow:
    """One row: its name and a look for each column, or a heading where there are none."""

    label: str
    looks: tuple[Look, ...] = ()
    words: str = ""  # at the right end


FULL = Look("yes", drawing.GOOD, ink="white")
EMPTY = Look("", "white")


def draw_sign_grid(
    key: str,
    title: str,
    description: str,
    columns: Sequence[str],
    rows: Sequence[SignRow],
    *,
    label_inches: float,
    words_inches: float = 0.0,
    words_title: str = "",
) -> str:
    """Return a grid of signs as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    columns : sequence of str
        Headings, turned upright where they are longer than their column.
    rows : sequence of SignRow
        In reading order; one without looks is a heading.
    label_inches, words_inches : float
        Room for the names of rows, and for words at the right end.
    words_title : str
        Heading of those words.

    Returns
    -------
    str
    """
    head = HEAD + LETTER * max((len(name) for name in columns), default=0)
    height = head + sum(ROW if row.looks else GROUP for row in rows) + 0.06
    wide = (RIGHT - LEFT - label_inches - words_inches) / max(len(columns), 1)
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        for place, name in enumerate(columns):
            middle = LEFT + label_inches + (place + 0.5) * wide
            axes.text(middle, head - 0.1, name, rotation=90, va="bottom", ha="center")
        axes.text(RIGHT, head - 0.1, words_title, rotation=90, va="bottom", ha="right")
        top = head
        for row in rows:
            _row(axes, top, row, LEFT + label_inches, wide)
            top += ROW if row.looks else GROUP
        return drawing.to_svg(figure, key, title, description)


def _row(axes: Axes, top: float, row: SignRow, start: float, wide: float) -> None:
    if not row.looks:
        axes.text(LEFT, top + GROUP - 0.13, row.label, va="center", weight="bold")
        return
    axes.text(LEFT, top + HIGH / 2, row.label, va="center")
    for place, look in enumerate(row.looks):
        _tile(axes, start + place * wide, top, wide - GAP, look)
    axes.text(RIGHT, top + HIGH / 2, row.words, va="center", ha="right")


def _tile(axes: Axes, left: float, top: float, wide: float, look: Look) -> None:
    box = (left, top), wide, HIGH
    axes.add_patch(
        Rectangle(*box, facecolor=look.colour, edgecolor=drawing.RULE, hatch=look.hatch, lw=0)
    )
    axes.add_patch(Rectangle(*box, facecolor="none", edgecolor=drawing.QUIET, lw=0.8))
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1.0} if look.hatch else None
    if look.letters:
        axes.text(
            left + wide / 2,
            top + HIGH / 2,
            look.letters,
            va="center",
            ha="center",
            color=look.ink,
            bbox=behind,
        )
