"""Numbers as a reader sees them."""

from __future__ import annotations

import pytest

from splw_eval.report import numbers
from splw_eval.report.blocks import Cell, Format


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (-3.25, 1, "−3.2"),
        (1234.5, 0, "1,234"),
        (-0.04, 1, "0.0"),
        (0.0, 2, "0.00"),
        (-12, 0, "−12"),
    ],
)
def test_a_number_has_a_real_minus_and_no_negative_zero(value, decimals, text):
    assert numbers.number(value, decimals) == text


def test_a_signed_number_shows_a_plus():
    assert numbers.number(1.26, 1, signed=True) == "+1.3"
    assert numbers.number(0.01, 1, signed=True) == "0.0"


@pytest.mark.parametrize(
    ("share", "per_cent", "people"),
    [
        (0.42, "42%", "42 in 100"),
        (0.0, "0%", "0 in 100"),
        (1.0, "100%", "100 in 100"),
        (0.002, "<1%", "fewer than 1 in 100"),
        (0.998, ">99%", "more than 99 in 100"),
    ],
)
def test_a_share_is_said_both_ways_and_is_never_rounded_to_none_or_all(share, per_cent, people):
    assert numbers.percent(share) == per_cent
    assert numbers.in_100(share) == people


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Cell(value=None, masked=True), "*"),
        (Cell(value=None), "–"),
        (Cell(value="=1+1"), "=1+1"),
        (Cell(value=1200, format=Format.WHOLE), "1,200"),
        (Cell(value=-1.5, format=Format.SIGNED, decimals=1), "−1.5"),
        (Cell(value=0.5, format=Format.PERCENT), "50%"),
    ],
)
def test_a_cell_is_printed_in_its_format(cell, text):
    assert numbers.shown(cell) == text


def test_a_number_of_the_plan_keeps_its_decimals():
    assert [numbers.as_planned(v) for v in (2.0, 0.063, -30)] == ["2", "0.063", "−30"]


@pytest.mark.parametrize(
    ("value", "decimals", "needed"),
    [(0.3, 0, 1), (0.04, 1, 2), (0.6, 0, 0), (2.5, 1, 1), (0.0, 1, 10), (-0.0031, 1, 3)],
)
def test_a_number_gets_the_decimals_that_show_it(value, decimals, needed):
    assert numbers.decimals_to_see(value, decimals) == needed
