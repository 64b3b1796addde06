"""Parts of a whole as bars, each with its name above: stages, reasons, kinds of contact."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from splw_eval.report.figures import drawing
from splw_eval.report.figures.given_steps import Stage

ROW = 0.56  # inches from one stage to the next
LEFT, WIDE, HIGH = 0.06, 3.88, 0.2
FOOT = 0.06
CHARACTERS = 42  # that fit above a bar, of the name and the words together


def draw_funnel(key: str, title: str, description: str, stages: Sequence[Stage]) -> str:
    """Return one bar for each part as SVG.

    Parameters
    ----------
    key : str
        Unique in the page.
    title, description : str
    stages : sequence of Stage
        In reading order.

    Returns
    -------
    str
    """
    height = ROW * len(stages) + FOOT
    with drawing.style():
        figure = drawing.canvas(height)
        axes = figure.add_axes((0, 0, 1, 1))
        axes.set(xlim=(0, drawing.WIDTH_INCHES), ylim=(height, 0))
        axes.axis("off")
        for index, stage in enumerate(stages):
            _stage(axes, index * ROW, stage)
        return drawing.to_svg(figure, key, title, description)


def _stage(axes: Axes, top: float, stage: Stage) -> None:
    """Draw the whole as a frame and the part as its filled part."""
    label = drawing.wrapped(stage.label, max(CHARACTERS - len(stage.words), 12), 1)
    axes.text(LEFT, top + 0.17, label, va="center", weight="bold")
    axes.text(LEFT + WIDE, top + 0.17, stage.words, va="center", ha="right")
    box, known = (LEFT, top + 0.31), stage.share is not None
    axes.add_patch(
        Rectangle(
            box, WIDE, HIGH, facecolor="white", edgecolor=drawing.QUIET, lw=0.8,
            ls="-" if known else (0, (3, 3)),
        )
    )  # fmt: skip
    if stage.share:
        _part(axes, box, min(stage.share, 1), hatched=stage.hatched)
    if stage.more:
        start = min(stage.share or 0, 1)
        after = (LEFT + WIDE * start, box[1])
        _part(axes, after, min(stage.more, 1 - start), hatched=True, colour=drawing.MIDDLE)


def _part(
    axes: Axes, box: tuple[float, float], share: float, *, hatched: bool, colour: str = ""
) -> None:
    """Draw one part of the whole, plain or hatched."""
    filled = colour or (drawing.POOR if hatched else drawing.GOOD)
    lines = "white" if not colour else drawing.QUIET
    size = box, WIDE * share, HIGH
    hatch = "////" if hatched else ""
    axes.add_patch(Rectangle(*size, facecolor=filled, edgecolor=lines, hatch=hatch, lw=0))
    axes.add_patch(Rectangle(*size, facecolor="none", edgecolor=drawing.QUIET, lw=0.8))
