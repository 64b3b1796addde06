"""Power, or the detectable difference, over a range: lines told by dashes, marks and words."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from splw_eval.report.figures import drawing

WIDE, TALL = 6.4, 4.4  # inches: a page of its own, not a column of the report
DOTS = 160  # of an inch, as png
_LETTER, _TALL = 6.1, 9.0  # points: a letter of the words by the answer, and half their height
_OFFSETS = (24.0, 42.0, 62.0, 84.0, 112.0, 140.0, 168.0)  # points below or above the answer
_DENSE, _KEY = 400, 12  # places of a line, and of each side of the key
Values = NDArray[np.float64]
_AXIS = 60  # letters of a line under the axis
_MARKED = 8  # marks on a line


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedLine:
    """One line; values that are none are left out.

    Attributes
    ----------
    name : str
        Stands in the key.
    x, y : sequence of float
    """

    name: str
    x: Sequence[float]
    y: Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCurve:
    """What is drawn.

    Attributes
    ----------
    title, x_title, y_title : str
    lines : tuple of NamedLine
        The first is the one that counts.
    target : float or None
        A level to be reached, with `target_words` on its line.
    target_words : str
    point : tuple of (float, float) or None
        The answer itself, with `point_words` beside it.
    point_words : str
    is_power : bool
        Whether the axis is that of power, from 0 to 1.
    """

    title: str
    x_title: str
    y_title: str
    lines: tuple[NamedLine, ...]
    target: float | None = None
    target_words: str = ""
    point: tuple[float, float] | None = None
    point_words: str = ""
    is_power: bool = True

    def sentence(self) -> str:
        """The first line in words, for those who cannot see it."""
        first = self.lines[0]
        ends = [(x, y) for x, y in zip(first.x, first.y, strict=True) if math.isfinite(y)]
        if not ends:
            return f"{self.title}. There is nothing to draw."
        told = " to ".join(f"{y:.3g} at {x:g}" for x, y in (ends[0], ends[-1]))
        return f"{self.title}. {self.y_title} by {first.name} goes from {told}."


def draw_power_curve(curve: PowerCurve, form: str) -> bytes:
    """Return the figure as a file holds it.

    Parameters
    ----------
    curve : PowerCurve
    form : str
        ``svg`` or ``png``.

    Returns
    -------
    bytes
    """
    with drawing.style():
        figure = Figure(figsize=(WIDE, TALL))
        title = drawing.wrapped(curve.title, 66, 4)
        rows = title.count("\n") + 1
        foot = 0.13 + 0.05 * drawing.wrapped(curve.x_title, _AXIS, 2).count("\n")
        axes = figure.add_axes((0.11, foot, 0.86, 0.93 - foot - 0.05 * rows))
        figure.text(0.02, 0.97, title, va="top", fontsize=12)
        _frame(axes, curve)
        for place, line in enumerate(curve.lines):
            _line(axes, line, drawing.MARKS[place % len(drawing.MARKS)], first=place == 0)
        _names(axes, curve)
        _target(axes, curve)
        _point(axes, curve)
        return _as_file(figure, curve, form)


def _frame(axes: Axes, curve: PowerCurve) -> None:
    xs = np.concatenate([np.asarray(line.x, dtype=float) for line in curve.lines])
    ys = np.concatenate([np.asarray(line.y, dtype=float) for line in curve.lines])
    known = ys[np.isfinite(ys)]
    top = 1.0 if curve.is_power else float(known.max(initial=0.0)) * 1.08 or 1.0
    axes.set(xlim=(xs.min(), xs.max()), ylim=(0, top))
    axes.set_xlabel(drawing.wrapped(curve.x_title, _AXIS, 2))
    axes.set_ylabel(curve.y_title)
    axes.grid(color=drawing.RULE, lw=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def _line(axes: Axes, line: NamedLine, mark: drawing.Mark, *, first: bool) -> None:
    axes.plot(
        line.x, line.y, color=mark.colour, lw=2.2 if first else 1.5, marker=mark.marker, ms=5,
        markevery=max(1, math.ceil(len(line.x) / _MARKED)), clip_on=False, zorder=3,
        dashes=mark.dashes or (None, None), label=line.name,
    )  # fmt: skip


def _names(axes: Axes, curve: PowerCurve) -> None:
    """Name each line by its dashes and mark, where the lines leave room."""
    first = np.asarray(curve.lines[0].y, dtype=float)
    known = first[np.isfinite(first)]
    rising = known.size > 1 and known[-1] >= known[0]
    axes.legend(
        loc="lower right" if rising else "upper right", frameon=True, framealpha=0.9,
        edgecolor="none", handlelength=3.2,
    )  # fmt: skip


def _target(axes: Axes, curve: PowerCurve) -> None:
    if curve.target is None:
        return
    axes.axhline(curve.target, color=drawing.INK, lw=1.2, dashes=(5, 3), zorder=2)
    low, high = axes.get_xlim()
    right = curve.point is not None and curve.point[0] < (low + high) / 2
    axes.text(
        0.99 if right else 0.01, curve.target, curve.target_words,
        transform=axes.get_yaxis_transform(), va="top" if right else "bottom",
        ha="right" if right else "left", color=drawing.INK,
    )  # fmt: skip


def _point(axes: Axes, curve: PowerCurve) -> None:
    if curve.point is None:
        return
    x, y = curve.point
    low, high = axes.get_xlim()
    axes.plot(
        [x], [y], marker="*", ms=15, color=drawing.INK, markeredgecolor="white", ls="none",
        zorder=5, clip_on=False,
    )  # fmt: skip
    left = x > (low + high) / 2
    axes.annotate(
        curve.point_words, (x, y), xytext=(-9 if left else 9, _clear(axes, curve, left=left)),
        textcoords="offset points", ha="right" if left else "left", va="center", zorder=5,
        bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5},
        arrowprops={"arrowstyle": "-", "color": drawing.INK, "lw": 0.7},
    )  # fmt: skip


def _clear(axes: Axes, curve: PowerCurve, *, left: bool) -> float:
    """How far above the point, in points, the words cover the least of lines and of the key."""
    assert curve.point is not None
    x, y = _in_points(axes, np.array([curve.point[0]]), np.array([curve.point[1]]))
    wide = _LETTER * len(curve.point_words)
    begin = float(x[0]) - wide if left else float(x[0])
    box = axes.get_window_extent()
    scale = 72.0 / axes.figure.dpi
    bottom, top = box.y0 * scale, box.y1 * scale
    covered = {}
    for up in (sign * one for one in _OFFSETS for sign in (-1, 1)):
        middle = float(y[0]) + up
        if not bottom + _TALL < middle < top - _TALL:
            continue
        covered[up] = sum(
            int(((xs >= begin) & (xs <= begin + wide) & (np.abs(ys - middle) < _TALL)).sum())
            for xs, ys in _drawn(axes, curve)
        )
    return min(covered, key=lambda up: (covered[up], abs(up)), default=-_OFFSETS[0])


def _drawn(axes: Axes, curve: PowerCurve) -> list[tuple[Values, Values]]:
    """Places, in points, that the words ought to leave free: lines, the target and the key."""
    low, high = axes.get_xlim()
    xs = np.linspace(low, high, _DENSE)
    lines = [np.interp(xs, line.x, np.asarray(line.y, dtype=float)) for line in curve.lines]
    lines += [] if curve.target is None else [np.full(_DENSE, curve.target)]
    found = [_in_points(axes, xs, ys) for ys in lines]
    key = axes.get_legend()
    if key is not None:
        box = key.get_window_extent()
        scale = 72.0 / axes.figure.dpi
        across, up = np.meshgrid(
            np.linspace(box.x0, box.x1, _KEY) * scale, np.linspace(box.y0, box.y1, _KEY) * scale
        )
        found.append((across.ravel(), up.ravel()))
    return found


def _in_points(axes: Axes, xs: Values, ys: Values) -> tuple[Values, Values]:
    pixels = axes.transData.transform(np.column_stack([xs, ys]))
    places = pixels * 72.0 / axes.figure.dpi
    return places[:, 0], places[:, 1]


def _as_file(figure: Figure, curve: PowerCurve, form: str) -> bytes:
    if form == "svg":
        element = drawing.to_svg(figure, "power-curve", curve.title, curve.sentence())
        return f'<?xml version="1.0" encoding="utf-8"?>\n{element}\n'.encode()
    buffer = io.BytesIO()
    words = {"Title": curve.title, "Description": curve.sentence(), "Software": None}
    figure.savefig(buffer, format="png", dpi=DOTS, metadata=words)
    return buffer.getvalue()
