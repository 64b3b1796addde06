"""How far each category of people came: one line for each, with a sign for every stage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_reach import Reaching

ROW, LINE, FOOT = 0.56, 0.19, 0.34  # inches
LINES = 4  # at most, of a label
LEFT, WIDE = 0.16, 3.58
KEY_ROW, KEY_GAP, COLUMNS = 0.24, 0.1, 2
CHARACTERS = 44  # that fit above a line, of the label and the words together
TICKS = (0, 25, 50, 75, 100)


@dataclass(frozen=True, slots=True)
class Sign:
    """How one stage is told from the others, in more ways than colour."""

    marker: str
    face: str
    edge: str
    size: float


SIGNS = (
    Sign("o", "white", drawing.INK, 8.5),
    Sign("s", "white", drawing.INK, 6.5),
    Sign("^", drawing.MIDDLE, drawing.INK, 8.0),
    Sign("D", drawing.GOOD, drawing.GOOD, 6.5),
)


def draw_reach(
    key: str, title: str, description: str, stages: Sequence[str], rows: Sequence[Reaching]
) -> str:
    """Return a line from 0 to 100 per cent for each category as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    stages : sequence of str
        Names of the shares of every row, four at most; the last one has the filled sign.
    rows : sequence of Reaching

    Returns
    -------
    str
    """
    signs = SIGNS[len(SIGNS) - len(stages) :]
    top = KEY_ROW * -(-len(stages) // COLUMNS) + KEY_GAP
    labels = [_label(row) for row in rows]
    tall = [ROW + LINE * label.count("\n") for label in labels]
    height = top + sum(tall) + FOOT
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        for place, (stage, sign) in enumerate(zip(stages, signs, strict=True)):
            left = LEFT + 2.0 * (place % COLUMNS)
            middle = KEY_ROW * (place // COLUMNS + 0.5)
            _mark(axes, left, middle, sign)
            axes.text(left + 0.14, middle, stage, va="center")
        for index, (row, label) in enumerate(zip(rows, labels, strict=True)):
            _row(axes, top + sum(tall[:index]), row, label, signs)
        _scale(axes, top, height - FOOT)
        return drawing.to_svg(figure, key, title, description)


def _at(share: float) -> float:
    return LEFT + WIDE * share


def _scale(axes: Axes, top: float, bottom: float) -> None:
    for tick in TICKS:
        at = _at(tick / 100)
        axes.plot([at, at], [top + 0.26, bottom], color=drawing.RULE, lw=0.8, zorder=0)
        words = f"{tick}%" if tick else "0"
        axes.text(at, bottom + 0.18, words, va="center", ha="center", color=drawing.QUIET)


def _label(row: Reaching) -> str:
    """Return a label on as many lines as it needs; the words to its right stand by the last."""
    return drawing.wrapped(row.label, max(CHARACTERS - len(row.words), 12), LINES)


def _row(axes: Axes, top: float, row: Reaching, label: str, signs: Sequence[Sign]) -> None:
    white = {"facecolor": "white", "edgecolor": "none", "pad": 0.8}
    *above, last = label.split("\n")
    for words in above:
        axes.text(LEFT - 0.1, top + 0.15, words, va="center", weight="bold", bbox=white)
        top += LINE
    axes.text(LEFT - 0.1, top + 0.15, last, va="center", weight="bold", bbox=white)
    axes.text(LEFT + WIDE + 0.2, top + 0.15, row.words, va="center", ha="right", bbox=white)
    middle = top + 0.39
    known = [share for share in row.shares if share is not None]
    axes.plot([LEFT, LEFT + WIDE], [middle] * 2, color=drawing.RULE, lw=0.8, zorder=1)
    if known:
        ends = [_at(min(known)), _at(max(known))]
        axes.plot(ends, [middle] * 2, color=drawing.QUIET, lw=2.2, zorder=2)
    for share, sign in zip(row.shares, signs, strict=True):
        if share is not None:
            _mark(axes, _at(share), middle, sign)


def _mark(axes: Axes, x: float, y: float, sign: Sign) -> None:
    axes.plot(
        [x], [y], marker=sign.marker, ms=sign.size, markerfacecolor=sign.face,
        markeredgecolor=sign.edge, markeredgewidth=1.2, linestyle="none", zorder=3,
    )  # fmt: skip
