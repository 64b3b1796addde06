"""The t test of log(O/E) by practice."""

from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import DayCounts, count_days
from splw_eval.stats.survival.oe_test import log_oe_test
from splw_eval.stats.tails import t_critical, t_p_value

Codes = NDArray[np.int64]


def arms(day, cause, practice, second, causes=1) -> list[DayCounts]:
    day, cause, practice = (np.asarray(values) for values in (day, cause, practice))
    return [
        count_days(day[who], cause[who], cluster=practice[who], causes=causes)
        for who in (practice < second, practice >= second)
    ]


def drawn(seed=1, n=300, causes=1) -> tuple[Codes, Codes, Codes]:
    rng = np.random.default_rng(seed)
    return rng.integers(0, 40, n), rng.integers(0, causes + 1, n), np.arange(n) % 9


def test_four_practices_by_hand():
    """Hazard 2/8 on day 1, 2/6 on day 2 and 2/4 on day 3; two stay.

    Practice 0: one leaves on day 1, one on day 3. Practice 1: days 1 and 2. Practice 2: day
    2, one stays. Practice 3: day 3, one stays.
    """
    day, cause = [1, 3, 1, 2, 2, 5, 3, 5], [1, 1, 1, 1, 1, 0, 1, 0]
    found = log_oe_test(arms(day, cause, [0, 0, 1, 1, 2, 2, 3, 3], 2))
    a, b, c = 2 / 8, 2 / 6, 2 / 4
    expected = [2 * a + b + c, 2 * a + b, 2 * a + 2 * b + c, 2 * a + 2 * b + 2 * c]
    assert found.observed.tolist() == [2, 2, 1, 1]
    assert found.expected == pytest.approx(expected, rel=1e-14)
    values = np.log(found.observed / expected)
    difference = values[2:].mean() - values[:2].mean()
    pooled = (values[:2].var() + values[2:].var()) * 2 / 2
    error = math.sqrt(pooled)
    assert found.log_ratio == pytest.approx(difference, rel=1e-12)
    assert found.std_error == pytest.approx(error, rel=1e-12)
    assert found.df == 2
    assert found.p_value == pytest.approx(t_p_value(difference / error, 2), rel=1e-12)
    assert found.ratio == pytest.approx(math.exp(difference), rel=1e-12)
    reach = t_critical(2, 0.95) * error
    assert found.conf_low == pytest.approx(math.exp(difference - reach), rel=1e-12)
    assert found.conf_high == pytest.approx(math.exp(difference + reach), rel=1e-12)
    assert found.continuity == 0
    assert found.log_oe == pytest.approx(values)


def test_expected_leavings_sum_to_those_seen():
    found = log_oe_test(arms(*drawn(), 4))
    assert found.observed.sum() == pytest.approx(found.expected.sum(), rel=1e-12)
    assert found.practices == (4, 5)
    assert found.n == 300


def test_a_practice_without_leavings_adds_a_half_everywhere_and_says_so():
    day, cause, practice = drawn()
    cause = np.where(practice == 6, 0, cause)
    found = log_oe_test(arms(day, cause, practice, 4))
    assert found.continuity == 0.5
    assert "0.5 added" in found.method
    assert found.log_oe == pytest.approx(np.log((found.observed + 0.5) / (found.expected + 0.5)))
    assert np.isfinite([found.ratio, found.conf_low, found.conf_high, found.p_value]).all()
    assert found.log_ratio == pytest.approx(found.log_oe[4:].mean() - found.log_oe[:4].mean())


def test_one_cause_is_compared_with_the_others_as_censored():
    day, cause, practice = drawn(causes=2)
    found = log_oe_test(arms(day, cause, practice, 4, causes=2), cause=2)
    alone = log_oe_test(arms(day, (cause == 2).astype(int), practice, 4))
    assert (found.log_ratio, found.p_value) == pytest.approx((alone.log_ratio, alone.p_value))
    assert found.cause == 2
    every = log_oe_test(arms(day, cause, practice, 4, causes=2))
    assert every.observed.sum() == (cause > 0).sum()


def test_the_ratio_of_hazards_is_nearly_found_where_they_differ_little():
    rng = np.random.default_rng(5)
    n = 40_000
    practice = np.arange(n) % 8
    day = rng.exponential(np.where(practice < 4, 100, 125)).astype(int)
    cause = (day < 100).astype(int)
    found = log_oe_test(arms(np.minimum(day, 100), cause, practice, 4))
    assert found.ratio == pytest.approx(0.8, abs=0.02)
    assert found.conf_low < 0.8 < found.conf_high


def test_what_cannot_be_compared_is_refused():
    day, cause, practice = drawn()
    two = arms(day, cause, practice, 4)
    with pytest.raises(FitError, match="2 arms, got 1"):
        log_oe_test(two[:1])
    with pytest.raises(FitError, match="Nobody left"):
        log_oe_test(arms(day, 0 * cause, practice, 4))
    with pytest.raises(FitError, match="first arm has 1 practice"):
        log_oe_test(arms(day, cause, practice, 1))
    with pytest.raises(FitError, match="cause is 2"):
        log_oe_test(two, cause=2)
    with pytest.raises(FitError, match="between 0 and 1"):
        log_oe_test(two, conf_level=95)
    same = arms([1, 2] * 4, [1, 1] * 4, np.repeat(np.arange(4), 2), 2)
    with pytest.raises(FitError, match="no error"):
        log_oe_test(same)
