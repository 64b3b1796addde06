"""The range of a score as a ruler: its bands, the sizes called important, and other people."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import Length, Pointer, Ruler, Strip
from splw_eval.report.numbers import as_planned

LEFT, WIDE = 0.16, 3.68  # inches
LINE = 0.22  # inches from one line of words to the next
GAP = 0.14
HIGH = 0.3  # inches of a strip
BAR = 0.16
CHARACTERS = 43  # that fit across the drawing
MOST_LINES = 3
# Told apart by pattern and letter; the shades only help.
FILLS = (
    ("white", ""),
    ("#dfe8ef", "...."),
    ("#c4d6e3", "////"),
    ("#a7c3d8", "xxxx"),
    ("#8fb2cb", "----"),
    ("#77a1be", "||||"),
)


def draw_ruler(key: str, title: str, description: str, ruler: Ruler) -> str:
    """Return the ruler of one score as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    ruler : Ruler

    Returns
    -------
    str
    """
    height = _height(ruler)
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        top = _scale(axes, ruler)
        for strip in ruler.strips:
            top = _strip(axes, top, ruler, strip)
        top = _heading(axes, top, "Important differences, as lengths", ruler.lengths)
        for length in ruler.lengths:
            top = _length(axes, top, ruler, length)
        top = _heading(axes, top, "Mean or median scores", ruler.pointers)
        for pointer in ruler.pointers:
            top = _pointer(axes, top, ruler, pointer)
        return drawing.to_svg(figure, key, title, description)


def _height(ruler: Ruler) -> float:
    """Return the height that `draw_ruler` fills, in inches."""
    height = 3.2 * LINE + GAP
    for strip in ruler.strips:
        keys = sum(_lines(_key(i, s.words)) for i, s in enumerate(strip.stretches))
        height += (_lines(strip.name) + keys) * LINE + HIGH + 2 * GAP
    for words in (x.words for x in ruler.lengths):
        height += _lines(words) * LINE + BAR + GAP
    for words in (x.words for x in ruler.pointers):
        height += _lines(words) * LINE + BAR + GAP
    return height + (bool(ruler.lengths) + bool(ruler.pointers)) * (LINE + GAP)


def _wrapped(words: str) -> str:
    return drawing.wrapped(words, CHARACTERS, MOST_LINES)


def _lines(words: str) -> int:
    return _wrapped(words).count("\n") + 1


def _key(index: int, words: str) -> str:
    return f"{_letter(index)}  {words}"


def _letter(index: int) -> str:
    return chr(ord("A") + index)


def _at(ruler: Ruler, value: float) -> float:
    inside = min(max(value, ruler.low), ruler.high)
    return LEFT + WIDE * (inside - ruler.low) / (ruler.high - ruler.low)


def _say(axes: Axes, top: float, words: str, *, bold: bool = False) -> float:
    """Write some lines and return where the next thing may stand."""
    lines = _wrapped(words).split("\n")
    for index, line in enumerate(lines):
        weight = "bold" if bold else "normal"
        axes.text(0.06, top + (index + 0.5) * LINE, line, va="center", weight=weight)
    return top + len(lines) * LINE


def _heading(axes: Axes, top: float, words: str, below: Sequence[object]) -> float:
    return _say(axes, top + GAP, words, bold=True) if below else top


def _scale(axes: Axes, ruler: Ruler) -> float:
    """Draw the axis with its ends and its middle, and say which end is the better one."""
    top = _say(axes, 0.04, drawing.wrapped(f"Score ({ruler.unit})", CHARACTERS, 1), bold=True)
    line = top + 1.3 * LINE
    axes.plot([LEFT, LEFT + WIDE], [line, line], color=drawing.INK, lw=1.2)
    middle = (ruler.low + ruler.high) / 2
    for value, side in ((ruler.low, "left"), (middle, "center"), (ruler.high, "right")):
        at = _at(ruler, value)
        axes.plot([at, at], [line - 0.05, line + 0.05], color=drawing.INK, lw=1.2)
        axes.text(at, line - 0.17, as_planned(round(value, 3)), va="center", ha=side)
    end, sign = ("right", "better →") if ruler.better == "higher" else ("left", "← better")
    at = LEFT + WIDE if end == "right" else LEFT
    axes.text(at, line + 0.17, sign, va="center", ha=end, color=drawing.QUIET)
    return top + 2.6 * LINE


def _strip(axes: Axes, top: float, ruler: Ruler, strip: Strip) -> float:
    """Draw one set of bands, each with its letter, and the letters in words below."""
    top = _say(axes, top + GAP, strip.name, bold=True)
    for index, stretch in enumerate(strip.stretches):
        left, right = _at(ruler, stretch.low), _at(ruler, stretch.high)
        colour, hatch = FILLS[index % len(FILLS)]
        box = (left, top + 0.03), right - left, HIGH - 0.03
        axes.add_patch(
            Rectangle(*box, facecolor=colour, edgecolor=drawing.QUIET, hatch=hatch, lw=0)
        )
        axes.add_patch(Rectangle(*box, facecolor="none", edgecolor=drawing.INK, lw=0.9))
        axes.text(
            (left + right) / 2, top + 0.015 + HIGH / 2, _letter(index), va="center", ha="center",
            weight="bold", fontsize=9.5,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.4},
        )  # fmt: skip
    top += HIGH + GAP / 2
    for index, stretch in enumerate(strip.stretches):
        top = _say(axes, top, _key(index, stretch.words))
    return top + GAP / 2


def _length(axes: Axes, top: float, ruler: Ruler, length: Length) -> float:
    """Draw one size of change as a bar from the left end, with its words above."""
    top = _say(axes, top, length.words)
    middle = top + BAR / 2
    wide = WIDE * min(length.size / (ruler.high - ruler.low), 1)
    axes.plot([LEFT + wide, LEFT + WIDE], [middle, middle], color=drawing.RULE, lw=0.8)
    axes.add_patch(
        Rectangle((LEFT, top), wide, BAR, facecolor=drawing.GOOD, edgecolor=drawing.INK, lw=0.8)
    )
    return top + BAR + GAP


def _pointer(axes: Axes, top: float, ruler: Ruler, pointer: Pointer) -> float:
    """Draw one score on a line of its own: a circle for this study, a diamond for others."""
    top = _say(axes, top, pointer.words)
    middle = top + BAR / 2
    axes.plot([LEFT, LEFT + WIDE], [middle, middle], color=drawing.RULE, lw=0.8)
    for end in (LEFT, LEFT + WIDE):
        axes.plot([end, end], [top, top + BAR], color=drawing.QUIET, lw=0.8)
    colour, marker = (drawing.POOR, "o") if pointer.ours else (drawing.GOOD, "D")
    axes.plot(
        [_at(ruler, pointer.value)], [middle], marker=marker, ms=8, color=colour,
        markeredgecolor="white", zorder=3,
    )  # fmt: skip
    return top + BAR + GAP
