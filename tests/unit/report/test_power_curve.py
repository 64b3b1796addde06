"""The figure of a power curve: told in words, and by more than colour."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from splw_eval.report.figures.power_curve import DOTS, NamedLine, PowerCurve, draw_power_curve

CURVE = PowerCurve(
    title="Parallel trial: power",
    x_title="Clusters in all",
    y_title="Power",
    lines=(
        NamedLine(name="t, k-2", x=[6, 8, 10], y=[float("nan"), 0.5, 0.8]),
        NamedLine(name="normal (z)", x=[6, 8, 10], y=[0.4, 0.6, 0.85]),
    ),
    target=0.8,
    target_words="asked: 0.8",
    point=(10.0, 0.8),
    point_words="the answer: 10, 0.800",
)
TAG = "{http://www.w3.org/2000/svg}"


def test_the_words_for_those_who_cannot_see_it_leave_out_what_is_no_number():
    assert CURVE.sentence() == (
        "Parallel trial: power. Power by t, k-2 goes from 0.5 at 8 to 0.8 at 10."
    )
    empty = replace(CURVE, lines=(NamedLine(name="t", x=[1], y=[float("nan")]),))
    assert "nothing to draw" in empty.sentence()


def test_an_svg_stands_by_itself_with_title_and_description_and_repeats_byte_for_byte():
    held = draw_power_curve(CURVE, "svg")
    root = ET.fromstring(held)
    assert root.tag == f"{TAG}svg"
    assert root.findtext(f"{TAG}title") == CURVE.title
    assert root.findtext(f"{TAG}desc") == CURVE.sentence()
    assert b"<script" not in held
    assert draw_power_curve(CURVE, "svg") == held


def test_a_png_is_a_png():
    assert draw_power_curve(CURVE, "png").startswith(b"\x89PNG")


def test_lines_differ_by_dashes_and_marks_and_not_by_colour_alone(monkeypatch):
    drawn = []
    from matplotlib.axes import Axes

    plot = Axes.plot

    def seen(self, *places, **options):
        if "label" in options:
            drawn.append((options["label"], options["marker"], options["dashes"]))
        return plot(self, *places, **options)

    monkeypatch.setattr(Axes, "plot", seen)
    draw_power_curve(CURVE, "png")
    assert [name for name, _, _ in drawn] == ["t, k-2", "normal (z)"]
    assert len({marker for _, marker, _ in drawn}) == 2
    assert len({dashes for _, _, dashes in drawn}) == 2


@pytest.mark.parametrize("target", [None, 0.063])
def test_a_curve_of_differences_needs_no_target(target):
    falling = replace(
        CURVE,
        y_title="Detectable difference",
        lines=(NamedLine(name="t", x=[6, 8], y=[0.2, 0.1]),),
        target=target,
        point=None,
        is_power=False,
    )
    assert draw_power_curve(falling, "png").startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("at", "shape"),
    [
        (0.01, lambda x: 0.9 - 4 * x),
        (0.05, lambda x: 0.9 - 4 * x),
        (0.1, lambda x: 0.2 + 7.8 * x),
        (0.002, lambda x: 0.2 + 7.8 * x),
    ],
)
def test_the_words_by_the_answer_cover_no_line(monkeypatch, at, shape):
    from matplotlib.axes import Axes

    kept = []
    annotate = Axes.annotate

    def seen(self, *words, **options):
        kept.append((self, annotate(self, *words, **options)))
        return kept[-1][1]

    monkeypatch.setattr(Axes, "annotate", seen)
    xs = np.linspace(0, 0.1, 41)
    lines = tuple(
        NamedLine(name=name, x=xs.tolist(), y=(shape(xs) + up).tolist())
        for name, up in (("t", 0.0), ("z", 0.03))
    )
    words = f"the answer: ICC {at}, power 0.821"
    point = (at, float(shape(np.asarray(at))))
    draw_power_curve(replace(CURVE, lines=lines, point=point, point_words=words), "png")
    (axes, text), *_ = kept
    patch = text.get_bbox_patch()
    assert patch is not None
    box = patch.get_window_extent()
    for line in lines:
        dense = np.linspace(0, 0.1, 500)
        places = axes.transData.transform(
            np.column_stack([dense, np.interp(dense, line.x, line.y)])
        )
        places *= DOTS / axes.figure.dpi  # the box is in dots of the file
        assert not any(box.contains(x, y) for x, y in places)


def test_a_long_name_of_the_axis_is_shown_whole(monkeypatch):
    shown = []
    from matplotlib.axes import Axes

    label = Axes.set_xlabel

    def seen(self, text, **options):
        shown.append(text)
        return label(self, text, **options)

    monkeypatch.setattr(Axes, "set_xlabel", seen)
    name = "People recruited in each cluster (and period, where they are other people)"
    draw_power_curve(replace(CURVE, x_title=name), "svg")
    assert " ".join(shown[0].split()) == name
