"""The numbers that a drawing is given, and the axis they ask for."""

from __future__ import annotations

import pytest

from splw_eval.report.figures.given import SMALLEST_PART, FlowStep, Line, Point, Scale

BDI = Scale(low=0, high=63, unit="points", better="lower", months=(0, 3))


def line(*values: float) -> tuple[Line, ...]:
    points = tuple(Point(month=0, value=v, low=v - 1, high=v + 1) for v in values)
    return (Line(label="Everyone", points=points),)


@pytest.mark.parametrize("value", [2.0, 20.0, 40.0, 62.0])
def test_the_axis_is_long_enough_not_to_make_small_changes_look_large(value):
    low, high = BDI.shown(line(value, value + 0.5))
    assert high - low >= SMALLEST_PART * 63 / 2
    assert low <= value - 1
    assert value + 1.5 <= high


def test_the_axis_is_the_whole_range_where_nothing_may_be_drawn():
    assert BDI.shown((Line(label="Everyone", points=()),)) == (0, 63)


def test_an_interval_beyond_the_range_is_still_drawn_whole():
    assert BDI.shown(line(0.5))[0] == -0.5


def test_a_step_says_what_may_not_be_shown():
    step = FlowStep(
        wave="3 months", expected=20, measured=None, missing=None, not_yet_due=10, share=None
    )
    assert step.sentence() == (
        "3 months: * (too few to show) measured of 20 expected, * (too few to show) missing, "
        "10 not due yet"
    )
