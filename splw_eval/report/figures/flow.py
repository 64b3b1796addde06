"""The flow of people through a study: one box a wave, with a bar for those measured."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch, Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given import FlowStep

STEP = 1.14  # inches from one box to the next
START = 0.5  # height of the first box
BOX = 0.88
LEFT, WIDE = 0.04, 3.92


def draw_flow(
    key: str, title: str, description: str, enrolled: int | None, steps: Sequence[FlowStep]
) -> str:
    """Return the flow of one group as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    enrolled : int or None
        People in the study; None where too few to show.
    steps : sequence of FlowStep
        One for each wave, in order.

    Returns
    -------
    str
    """
    height = START + len(steps) * STEP + 0.08
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        _box(axes, 0.04, START, drawing.INK)
        start = "too few to show (*)" if enrolled is None else f"{enrolled:,}"
        axes.text(
            LEFT + 0.14,
            0.04 + START / 2,
            f"In the study: {start}",
            va="center",
            color="white",
            weight="bold",
        )
        for index, step in enumerate(steps):
            _step(axes, 0.04 + START + index * STEP, step)
        return drawing.to_svg(figure, key, title, description)


def _step(axes: Axes, top: float, step: FlowStep) -> None:
    """Draw an arrow and, below it, the box of one wave."""
    axes.annotate(
        "",
        (0.5, top + STEP - BOX),
        (0.5, top),
        arrowprops={"arrowstyle": "-|>", "color": drawing.QUIET, "shrinkA": 0, "shrinkB": 0},
    )
    top += STEP - BOX
    _box(axes, top, BOX, drawing.PANEL)
    axes.text(LEFT + 0.14, top + 0.2, drawing.wrapped(step.wave, 22, 1), va="center", weight="bold")
    axes.text(LEFT + WIDE - 0.14, top + 0.2, _measured(step), va="center", ha="right")
    axes.text(LEFT + 0.14, top + 0.7, _lost(step), va="center", color=drawing.INK)
    _bar(axes, top + 0.38, step.share)


def _measured(step: FlowStep) -> str:
    if step.measured is None:
        return "too few to show (*)"
    expected = "*" if step.expected is None else f"{step.expected:,}"
    return f"{step.measured:,} of {expected} measured"


def _lost(step: FlowStep) -> str:
    missing = "missing: too few (*)" if step.missing is None else f"{step.missing:,} missing"
    if step.not_yet_due == 0:
        return missing
    late = "*" if step.not_yet_due is None else f"{step.not_yet_due:,}"
    return f"{missing} · {late} not due yet"


def _bar(axes: Axes, top: float, share: float | None) -> None:
    """Draw the part measured, of all expected; nothing where it may not be shown."""
    if share is None:
        return
    left, wide, high = LEFT + 0.14, WIDE - 0.28, 0.14
    axes.add_patch(
        Rectangle((left, top), wide, high, facecolor="white", edgecolor=drawing.QUIET, lw=0.8)
    )
    axes.add_patch(Rectangle((left, top), wide * share, high, facecolor=drawing.GOOD, lw=0))


def _box(axes: Axes, top: float, height: float, colour: str) -> None:
    edge = drawing.RULE if colour == drawing.PANEL else colour
    axes.add_patch(
        FancyBboxPatch(
            (LEFT, top),
            WIDE,
            height,
            boxstyle="round,pad=0,rounding_size=0.06",
            facecolor=colour,
            edgecolor=edge,
            lw=1,
        )
    )
