"""Groups compared by those who left and those expected to."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import count_days, count_groups
from splw_eval.stats.survival.logrank import log_rank, observed_expected, stratified_log_rank


def groups_of(seed=1, n=150, groups=2, **given):
    rng = np.random.default_rng(seed)
    return count_groups(
        rng.integers(0, 20, n),
        rng.integers(0, 3, n),
        np.arange(n) % groups,
        cluster=np.arange(n) % 9,
        causes=2,
        groups=groups,
        last_day=20,
        **given,
    )


def test_four_people_worked_out_by_hand():
    # At risk on days 1 to 4: 2 and 2, 1 and 2, 1 and 1, 0 and 1; one leaves each day.
    first = count_days([1, 3], [1, 1], causes=1, last_day=4)
    second = count_days([2, 4], [1, 1], causes=1, last_day=4)
    found = log_rank([first, second])
    expected = 2 / 4 + 1 / 3 + 1 / 2 + 0
    variance = 1 / 4 + 2 / 9 + 1 / 4
    assert found.observed.tolist() == [2, 2]
    assert found.expected == pytest.approx([expected, 4 - expected], rel=1e-14)
    assert found.variance[0, 0] == pytest.approx(variance, rel=1e-14)
    assert found.statistic == pytest.approx((2 - expected) ** 2 / variance, rel=1e-13)
    assert "ignores practices" in found.method


def test_those_expected_and_those_observed_have_one_total_and_the_differences_add_up_to_none():
    found = log_rank(groups_of(groups=3))
    assert found.observed.sum() == pytest.approx(found.expected.sum(), rel=1e-13)
    assert found.variance.sum(axis=0) == pytest.approx(0, abs=1e-12)
    assert found.df == 2


def test_the_order_of_the_groups_changes_nothing_but_the_order():
    groups = groups_of(groups=3)
    there, back = log_rank(groups), log_rank(groups[::-1])
    assert there.statistic == pytest.approx(back.statistic, rel=1e-12)
    assert there.expected == pytest.approx(back.expected[::-1], rel=1e-13)


def test_clusters_change_nothing_because_they_are_ignored():
    rng = np.random.default_rng(8)
    day, cause, group = rng.integers(0, 9, 80), rng.integers(0, 2, 80), np.arange(80) % 2
    alone = count_groups(day, cause, group, causes=1, groups=2)
    apart = count_groups(day, cause, group, cluster=np.arange(80) // 10, causes=1, groups=2)
    assert log_rank(alone).statistic == pytest.approx(log_rank(apart).statistic, rel=1e-13)


def test_two_strata_add_up():
    strata = [groups_of(seed) for seed in (2, 3)]
    parts, whole = [log_rank(groups) for groups in strata], stratified_log_rank(strata)
    surprise = sum(part.observed[0] - part.expected[0] for part in parts)
    variance = sum(part.variance[0, 0] for part in parts)
    assert whole.statistic == pytest.approx(surprise**2 / variance, rel=1e-12)
    assert "within strata" in whole.method


def test_a_group_that_could_never_leave_takes_no_degree_of_freedom():
    late = count_days([5, 6, 7], [1, 1, 0], causes=1)
    early = count_days([0], [0], causes=1, last_day=late.last_day)
    other = count_days([5, 6, 6], [1, 0, 0], causes=1, last_day=late.last_day)
    with_them, without = log_rank([late, early, other]), log_rank([late, other])
    assert with_them.df == without.df == 1
    assert with_them.statistic == pytest.approx(without.statistic, rel=1e-12)


def test_leavings_expected_by_cluster_are_those_of_the_hazard_of_all():
    groups = groups_of()
    found = observed_expected(groups)
    expected = np.zeros(9)
    at_risk, events = (sum(getattr(one, name) for one in groups) for name in ("at_risk", "events"))
    for day in range(21):
        if at_risk[:, day].sum():
            expected += at_risk[:, day] * events[..., day].sum() / at_risk[:, day].sum()
    assert found.expected == pytest.approx(expected, rel=1e-12)
    assert found.observed.tolist() == events.sum(axis=(1, 2)).tolist()
    assert found.observed.sum() == pytest.approx(found.expected.sum(), rel=1e-13)
    of_causes = [observed_expected(groups, cause=cause) for cause in (1, 2)]
    assert sum(one.expected for one in of_causes) == pytest.approx(found.expected, rel=1e-12)


@pytest.mark.parametrize(
    ("groups", "given", "message"),
    [
        (groups_of()[:1], {}, "at least 2 groups"),
        (groups_of(weights=np.full(150, 2.0)), {}, "without weights"),
        (groups_of(), {"cause": 3}, "cause is 3, but must be from 1 to 2"),
        ([count_days([1, 2], [0, 0], causes=1)] * 2, {}, "Nobody left"),
        ([count_days([1], [1], causes=1), count_days([2], [1], causes=1)], {}, "same causes"),
    ],
)
def test_what_cannot_be_compared_is_refused(groups, given, message):
    with pytest.raises(FitError, match=message):
        log_rank(groups, **given)


def test_counts_with_other_clusters_have_no_common_table():
    with pytest.raises(FitError, match="same clusters, causes and days"):
        observed_expected([*groups_of(), count_days([1], [1], causes=2, last_day=20)])
