"""Difference of two arms in mean days."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.survival.day_counts import DayCounts, count_days
from splw_eval.stats.survival.mean_difference import difference_in_restricted_means
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost
from splw_eval.stats.survival.two_arms import join_arms, practice_variance
from splw_eval.stats.tails import t_p_value


def drawn(practices, seed, n=240, first=0):
    rng = np.random.default_rng(seed)
    day, cause = rng.integers(0, 60, n), rng.integers(0, 3, n)
    return count_days(day, cause, cluster=first + rng.integers(0, practices, n), causes=2)


def without_censoring(means, sizes, spread=5, seed=3):
    """Arms in which all leave, so that days engaged are the days themselves."""
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    day = np.rint(np.array(means)[cluster] + rng.uniform(-spread, spread, cluster.size))
    return day.astype(int), cluster


def test_without_censoring_practices_of_one_size_give_the_welch_test_of_practice_means():
    """Numbers of the two-sample t test of unequal variances, worked out from the means."""
    sizes, second = [20] * 9, np.arange(9) >= 5
    day, cluster = without_censoring(30 + 4 * np.sin(np.arange(9)), sizes)
    first, other = (
        count_days(day[who], np.ones(who.sum(), int), cluster=cluster[who], causes=1)
        for who in (~second[cluster], second[cluster])
    )
    found = difference_in_restricted_means(first, other, 60)
    means = np.bincount(cluster, day) / 20
    parts = [means[:5], means[5:]]
    of_mean = [part.var(ddof=1) / part.size for part in parts]
    df = sum(of_mean) ** 2 / (of_mean[0] ** 2 / 4 + of_mean[1] ** 2 / 3)
    assert found.practices == (5, 4)
    assert found.n == 180
    assert found.estimate == pytest.approx(parts[1].mean() - parts[0].mean(), rel=1e-12)
    assert found.std_error == pytest.approx(np.sqrt(sum(of_mean)), rel=1e-12)
    assert found.df == pytest.approx(df, rel=1e-12)
    assert found.p_value == pytest.approx(t_p_value(found.estimate / found.std_error, df))


def test_uneven_practices_have_the_cr2_error_of_a_mean():
    """Against the cluster-robust line of the package, an intercept alone in each arm."""
    day, cluster = without_censoring([30, 33, 28, 31], [5, 40, 12, 20])
    arm = count_days(day, np.ones(day.size, int), cluster=cluster, causes=1)
    influence = restricted_mean(arm, 60).influence[:, 0]
    variance, df = practice_variance(influence, np.bincount(cluster).astype(float))
    fit = fit_clusters(day, np.ones((day.size, 1)), cluster)
    assert variance == pytest.approx(fit.vcov[0, 0], rel=1e-10)
    assert df == pytest.approx(fit.df[0], rel=1e-10)


@pytest.mark.parametrize("cause", [None, 1, 2])
def test_the_difference_is_that_of_the_means_and_its_limits_lie_about_it(cause):
    arms = drawn(4, 1), drawn(5, 2, first=4)
    found = difference_in_restricted_means(*arms, 40, cause=cause)
    column = 0 if cause is None else cause - 1
    each = [(restricted_mean if cause is None else time_lost)(arm, 40) for arm in arms]
    means = tuple(float(one.estimate[column]) for one in each)
    assert found.means == means
    assert found.estimate == pytest.approx(means[1] - means[0], rel=1e-12)
    middle = (found.conf_low + found.conf_high) / 2
    assert middle == pytest.approx(found.estimate, abs=1e-10)
    assert found.std_error > np.sqrt(sum(one.robust_std_error[column] ** 2 for one in each))
    assert (found.conf_low > 0 or found.conf_high < 0) == (found.p_value < 0.05)


def test_exchanging_the_arms_turns_the_sign_only():
    arms = drawn(4, 1), drawn(5, 2, first=4)
    found = difference_in_restricted_means(*arms, 40)
    turned = difference_in_restricted_means(*arms[::-1], 40)
    assert turned.estimate == -found.estimate
    assert (turned.conf_low, turned.df) == pytest.approx((-found.conf_high, found.df))


def test_splitting_a_practice_off_to_one_person_each_nears_the_error_of_independent_people():
    rng = np.random.default_rng(8)
    day, cause = rng.integers(0, 60, 800), rng.integers(0, 2, 800)
    arm = count_days(day, cause, cluster=np.arange(800), causes=1)
    found = restricted_mean(arm, 40)
    variance, _ = practice_variance(found.influence[:, 0], np.ones(800))
    assert np.sqrt(variance) == pytest.approx(found.std_error[0], rel=0.01)


def test_weights_of_two_give_the_error_of_every_person_twice():
    rng = np.random.default_rng(9)
    day, cause = rng.integers(0, 60, 150), rng.integers(0, 2, 150)
    cluster = np.arange(150) % 6
    second = cluster > 2

    def arms(times, weights) -> tuple[DayCounts, DayCounts]:
        first, other = (
            count_days(
                np.repeat(day[who], times),
                np.repeat(cause[who], times),
                cluster=np.repeat(cluster[who], times),
                causes=1,
                weights=None if weights is None else np.full(who.sum(), weights),
            )
            for who in (~second, second)
        )
        return first, other

    one = difference_in_restricted_means(*arms(1, 2.0), 40)
    two = difference_in_restricted_means(*arms(2, None), 40)
    assert (one.estimate, one.std_error, one.df) == pytest.approx(
        (two.estimate, two.std_error, two.df), rel=1e-10
    )
    assert (one.n, two.n) == (150, 300)


def test_a_practice_that_holds_most_of_an_arm_leaves_few_degrees_of_freedom():
    even, uneven = (
        practice_variance(np.ones(6), np.array(size))
        for size in ([10.0] * 6, [200.0, 10, 10, 10, 10, 10])
    )
    assert even[1] == pytest.approx(5)
    assert 1 < uneven[1] < 1.7


@pytest.mark.parametrize(
    ("practices", "first", "message"),
    [((4, 1), 4, "second arm has 1 practice"), ((1, 4), 1, "first arm has 1 practice")],
)
def test_one_practice_in_an_arm_is_refused(practices, first, message):
    arms = drawn(practices[0], 1), drawn(practices[1], 2, first=first)
    with pytest.raises(FitError, match=message):
        difference_in_restricted_means(*arms, 40)


def test_a_practice_in_both_arms_is_refused():
    with pytest.raises(FitError, match=r"4 practice\(s\) have people in both arms"):
        difference_in_restricted_means(drawn(4, 1), drawn(5, 2), 40)


@pytest.mark.parametrize("cause", [0, 3])
def test_a_cause_that_is_not_counted_is_refused(cause):
    with pytest.raises(FitError, match=rf"cause is {cause}, but must lie from 1 to 2"):
        difference_in_restricted_means(drawn(4, 1), drawn(5, 2, first=4), 40, cause=cause)


def test_arms_without_practices_or_with_other_causes_are_refused():
    plain = count_days([1, 2], [1, 1], causes=2)
    with pytest.raises(FitError, match="practice of everybody"):
        difference_in_restricted_means(plain, drawn(3, 1), 40)
    one = count_days([1, 2], [1, 1], cluster=[5, 6], causes=1)
    with pytest.raises(FitError, match="same causes"):
        difference_in_restricted_means(drawn(3, 1), one, 40)


def test_a_difference_without_an_error_is_refused():
    first, other = (
        count_days([50] * 4, [1] * 4, cluster=[g, g, g + 1, g + 1], causes=1) for g in (0, 2)
    )
    with pytest.raises(FitError, match="nobody leaves before the horizon"):
        difference_in_restricted_means(first, other, 40)


def test_practices_without_anybody_are_not_counted():
    first = count_days([1, 5, 9, 9], [1, 1, 0, 1], cluster=[0, 0, 7, 7], causes=1)
    second = count_days([3, 2, 9, 30], [1, 1, 0, 1], cluster=[3, 3, 9, 9], causes=1)
    arms = join_arms(first, second)
    assert arms.practice.tolist() == [0, 3, 7, 9]
    assert arms.second.tolist() == [False, True, False, True]
    assert arms.per_arm == (2, 2)
    assert arms.size.tolist() == [2, 2, 2, 2]
