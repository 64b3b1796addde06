"""Rubin's rules: the limits that they must have, and inputs that make no sense."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.pooling import pool_estimates

ROUNDING = 1e-12  # closed formulae on both sides


def test_nothing_missing_leaves_the_complete_data_answer_and_nearly_its_df():
    found = pool_estimates([2.0, 2.0, 2.0], [0.25, 0.25, 0.25], df_complete=13)
    assert found.std_error[0] == 0.5
    assert found.df[0] == pytest.approx(13 * 14 / 16, rel=ROUNDING)
    assert found.missing_share[0] == 0.0
    assert pool_estimates([2.0, 2.0], [0.25, 0.25]).df[0] == math.inf


def test_infinitely_many_complete_data_df_leave_rubins_own():
    found = pool_estimates([1.0, 2.0, 4.0], [0.5, 0.6, 0.7])
    r = found.relative_increase[0]
    assert found.df[0] == pytest.approx(2 * (1 + 1 / r) ** 2, rel=ROUNDING)


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.01, 4)), min_size=2, max_size=30),
    st.floats(2, 500),
)
def test_df_lie_between_nothing_and_those_of_the_complete_data(rows, complete):
    estimates, variances = map(list, zip(*rows, strict=True))
    found = pool_estimates(estimates, variances, df_complete=complete)
    assert 0 < found.df[0] <= complete
    assert found.total[0] >= found.within[0]
    assert found.conf_low[0] <= found.estimate[0] <= found.conf_high[0]
    assert 0 <= found.p_value[0] <= 1


def test_several_coefficients_are_pooled_each_by_itself():
    rng = np.random.default_rng(1)
    Q, U = rng.normal(size=(8, 3)), rng.uniform(0.5, 1, (8, 3))
    together = pool_estimates(Q, U, df_complete=13)
    for place in range(3):
        alone = pool_estimates(Q[:, place], U[:, place], df_complete=13)
        assert together.df[place] == pytest.approx(alone.df[0], rel=ROUNDING)
        assert together.conf_high[place] == pytest.approx(alone.conf_high[0], rel=ROUNDING)


def test_each_coefficient_may_have_complete_data_df_of_its_own():
    rng = np.random.default_rng(1)
    Q, U = rng.normal(size=(8, 2)), rng.uniform(0.5, 1, (8, 2))
    together = pool_estimates(Q, U, df_complete=[13, math.inf])
    assert together.df[0] == pool_estimates(Q[:, 0], U[:, 0], df_complete=13).df[0]
    assert together.df[1] == pool_estimates(Q[:, 1], U[:, 1]).df[0]


def test_variances_of_nothing_are_told_as_all_missing_and_not_as_a_number():
    found = pool_estimates([1.0, 2.0], [0.0, 0.0])
    assert found.missing_share[0] == 1.0
    assert found.missing_information[0] == 1.0
    assert math.isinf(found.relative_increase[0])
    still = pool_estimates([1.0, 1.0], [0.0, 0.0])
    assert math.isnan(still.conf_low[0])


@pytest.mark.parametrize("within", [0.0, 1e-33])
def test_a_variance_of_rounding_within_leaves_no_df_where_the_complete_data_bound_them(within):
    found = pool_estimates([1.0, 2.0, 3.0], [within] * 3, df_complete=12)
    assert math.isnan(found.df[0])
    assert math.isnan(found.conf_low[0])
    assert math.isnan(found.p_value[0])
    assert found.missing_information[0] == pytest.approx(1.0)


def test_an_error_of_rounding_beside_the_estimate_leaves_no_test():
    found = pool_estimates([5.0, 5.0], [1e-31, 1e-31], df_complete=12)
    assert math.isnan(found.statistic[0])
    assert math.isnan(found.conf_high[0])


@pytest.mark.parametrize(
    ("Q", "U", "how", "words"),
    [
        ([1.0], [1.0], {}, "two or more"),
        ([1.0, 2.0], [1.0], {}, "same shape"),
        ([1.0, math.nan], [1.0, 1.0], {}, "finite"),
        ([1.0, 2.0], [1.0, -1.0], {}, "0 or above"),
        ([1.0, 2.0], [1.0, 1.0], {"df_complete": 0}, "above 0"),
        ([1.0, 2.0], [1.0, 1.0], {"df_complete": [1.0, 2.0]}, "one for each"),
        ([1.0, 2.0], [1.0, 1.0], {"conf_level": 95}, "such as 0.95"),
    ],
)
def test_what_cannot_be_pooled_is_refused(Q, U, how, words):
    with pytest.raises(FitError, match=words):
        pool_estimates(Q, U, **how)
