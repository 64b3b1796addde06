"""Years in full health from values of health at several times."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.quality_years import discount_factors, quality_years

EXACT = 1e-12  # a closed formula on both sides


def test_full_health_for_a_year_is_one_and_half_of_it_is_half():
    assert quality_years([1.0, 1.0], [0, 12]) == pytest.approx(1.0, rel=EXACT)
    assert quality_years([0.5, 0.5, 0.5], [0, 3, 12]) == pytest.approx(0.5, rel=EXACT)


def test_health_goes_straight_from_one_wave_to_the_next():
    assert quality_years([0.4, 0.8], [0, 6]) == pytest.approx(0.6 / 2, rel=EXACT)


def test_the_first_year_counts_in_full_and_the_second_is_divided():
    found = quality_years([1.0, 1.0], [0, 24], discount_rate=0.25)
    assert found == pytest.approx(1 + 1 / 1.25, rel=EXACT)
    # From 12 months on the straight line stands at a half and falls to nothing.
    found = quality_years([1.0, 0.0], [0, 24], discount_rate=0.25)
    assert found == pytest.approx(0.75 + 0.25 / 1.25, rel=EXACT)


def test_a_wave_on_the_way_changes_nothing_where_it_lies_on_the_line():
    two = quality_years([0.2, 0.8], [0, 18], discount_rate=0.05)
    three = quality_years([0.2, 0.4, 0.8], [0, 6, 18], discount_rate=0.05)
    assert three == pytest.approx(two, rel=EXACT)


def test_a_missing_value_gives_no_years_to_that_person_alone():
    found = quality_years([[1.0, np.nan], [1.0, 1.0]], [0, 12])
    assert np.isnan(found[0])
    assert found[1] == pytest.approx(1.0)


def test_values_below_zero_are_worse_than_death():
    assert quality_years([-0.2, -0.2], [0, 12]) == pytest.approx(-0.2, rel=EXACT)


def test_costs_of_the_first_twelve_months_are_not_discounted():
    assert discount_factors([0, 11, 12, 24], 0.1).tolist() == pytest.approx(
        [1, 1, 1 / 1.1, 1 / 1.21], rel=EXACT
    )


@pytest.mark.parametrize(
    ("months", "rate"), [([0], 0.0), ([0, 0], 0.0), ([6, 3], 0.0), ([0, 6], -0.1)]
)
def test_times_that_do_not_rise_and_rates_below_zero_are_refused(months, rate):
    with pytest.raises(FitError):
        quality_years(np.ones(len(months)), months, discount_rate=rate)
