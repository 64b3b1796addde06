"""A mean with its interval, and the reasons for giving none."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from splw_eval.core.errors import FitError
from splw_eval.stats import FEWEST_CLUSTERS, MeanFit, fit_mean


def holds(fit: MeanFit, value: float) -> bool:
    """Whether the interval holds a value."""
    assert fit.conf_low is not None
    assert fit.conf_high is not None
    return fit.conf_low <= value <= fit.conf_high


def test_without_clusters_it_is_the_t_interval():
    y = np.random.default_rng(2).normal(3, 2, 17)
    fit = fit_mean(y, conf_level=0.9)
    low, high = stats.t.interval(0.9, 16, y.mean(), stats.sem(y))
    # Two implementations of the t quantile.
    assert (fit.conf_low, fit.conf_high) == pytest.approx((low, high), rel=1e-12)
    assert (fit.n, fit.clusters, fit.df, fit.method) == (17, None, 16, "t")


def test_clusters_of_one_give_the_t_interval_again():
    y = np.random.default_rng(2).normal(3, 2, 17)
    alone, plain = fit_mean(y, np.arange(17)), fit_mean(y)
    assert alone.conf_low == pytest.approx(plain.conf_low, rel=1e-12)
    assert alone.method == "CR2, Satterthwaite df"


@pytest.mark.parametrize(
    ("values", "cluster", "method"),
    [
        ([], None, "none: fewer than 2 values"),
        ([4.0], None, "none: fewer than 2 values"),
        ([4.0, 4.0, 4.0], None, "none: all values are the same"),
        ([1, 2, 3, 4, 5, 6], [1, 1, 2, 2, 3, 3], "none: fewer than 4 clusters"),
        ([1, 3, 1, 3, 1, 3, 1, 3], [1, 1, 2, 2, 3, 3, 4, 4], "none: the clusters' means"),
    ],
)
def test_where_no_interval_can_be_given_the_reason_stands_in_its_place(values, cluster, method):
    fit = fit_mean(values, cluster)
    assert fit.method.startswith(method)
    assert (fit.std_error, fit.df, fit.conf_low, fit.conf_high) == (None, None, None, None)
    assert fit.n == len(values)
    assert fit.mean == (np.mean(values) if values else None)


def test_four_clusters_are_enough_and_three_are_not():
    y = np.random.default_rng(8).normal(size=24)
    enough = fit_mean(y, np.arange(24) % FEWEST_CLUSTERS)
    too_few = fit_mean(y, np.arange(24) % (FEWEST_CLUSTERS - 1))
    assert enough.df is not None
    assert holds(enough, float(np.mean(y)))
    assert too_few.conf_low is None


@pytest.mark.parametrize(
    ("values", "cluster", "words"),
    [
        ([1.0, np.nan], None, "finite"),
        ([1.0, 2.0], [1], "same length"),
        ([[1.0, 2.0], [3.0, 4.0]], None, "one-dimensional"),
        ([1.0, 2.0, 3.0, 5.0], ["a", None, "b", "c"], "label is missing"),
        ([1.0, 2.0, 3.0, 5.0], [1, np.nan, 2, 3], "label is missing"),
    ],
)
def test_bad_arrays_are_refused_in_words(values, cluster, words):
    with pytest.raises(FitError, match=words):
        fit_mean(values, cluster)


@pytest.mark.parametrize("conf_level", [0, 1, 95])
def test_a_conf_level_that_is_no_share_is_refused(conf_level):
    with pytest.raises(FitError, match="between 0 and 1"):
        fit_mean([1.0, 2.0], conf_level=conf_level)


def test_values_that_do_not_vary_have_an_sd_of_exactly_nothing():
    assert fit_mean([21.27] * 12).sd == 0.0
    assert fit_mean([0.3 - 0.1, 0.5 - 0.3, 0.9 - 0.7]).method == "none: all values are the same"


def test_the_satterthwaite_interval_covers_with_unequal_clusters():
    """Coverage by simulation: 7 unequal practices, ICC 0.1, 2,000 trials."""
    rng = np.random.default_rng(41)
    sizes = np.array([3, 5, 9, 14, 22, 31, 40])
    cluster = np.repeat(np.arange(7), sizes)
    hits = 0
    for _ in range(2000):
        y = np.sqrt(0.1) * rng.normal(size=7)[cluster] + np.sqrt(0.9) * rng.normal(
            size=len(cluster)
        )
        fit = fit_mean(y, cluster)
        hits += holds(fit, 0)
    # Monte Carlo standard error 0.5 points. The working model without correlation leaves it a
    # point or two short of 95 where sizes are this unequal; the plain interval covers 69 here.
    assert 0.915 <= hits / 2000 <= 0.97
