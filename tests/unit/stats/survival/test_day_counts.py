"""Counting leavings by cluster, cause and day."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.survival.day_counts import BLOCK, add_counts, count_days, count_groups

DAY, CAUSE, CLUSTER = [0, 2, 2, 3], [1, 0, 2, 1], [0, 1, 1, 0]


def test_each_person_is_counted_once_in_their_cell():
    counts = count_days(DAY, CAUSE, cluster=CLUSTER, causes=2, last_day=4)
    assert counts.counts.shape == (2, 3, 5)
    cells = {tuple(int(code) for code in cell) for cell in np.argwhere(counts.counts == 1)}
    assert cells == {(0, 1, 0), (1, 0, 2), (1, 2, 2), (0, 1, 3)}
    assert counts.counts.sum() == counts.n == 4
    assert (counts.clusters, counts.causes, counts.last_day) == (2, 2, 4)


def test_those_who_end_on_a_day_are_at_risk_on_it():
    counts = count_days(DAY, CAUSE, cluster=CLUSTER, causes=2, last_day=4)
    assert counts.at_risk.tolist() == [[2, 1, 1, 1, 0], [2, 2, 2, 0, 0]]
    assert counts.events.sum(axis=(0, 1)).tolist() == [1, 0, 1, 1, 0]


def test_weights_stand_in_the_counts():
    counts = count_days(DAY, CAUSE, causes=2, weights=[0.5, 1.5, 1.0, 3.0])
    assert counts.at_risk.tolist() == [[6.0, 5.5, 5.5, 3.0]]
    assert counts.weighted
    assert counts.n == 4


def test_an_empty_cluster_code_is_no_cluster():
    assert count_days(DAY, CAUSE, cluster=[0, 2, 2, 0], causes=2).clusters == 2


def test_parts_add_up_to_the_whole():
    day, cause, cluster = np.array(DAY), np.array(CAUSE), np.array([0, 1, 0, 1])
    whole = count_days(day, cause, cluster=cluster, causes=2)
    parts = [
        count_days(day[at], cause[at], cluster=cluster[at], causes=2, last_day=3)
        for at in (slice(0, 2), slice(2, 4))
    ]
    total = add_counts(*parts)
    assert np.array_equal(total.counts, whole.counts)
    assert total.n == 4


def test_groups_counted_in_one_pass_are_those_counted_one_by_one():
    rng = np.random.default_rng(1)
    n = 400
    day, cause, group = rng.integers(0, 30, n), rng.integers(0, 3, n), rng.integers(0, 3, n)
    cluster, weights = rng.integers(0, 6, n), rng.random(n) + 0.5
    for given in (None, weights):
        found = count_groups(
            day, cause, group, cluster=cluster, causes=2, groups=3, last_day=31, weights=given
        )
        for code, counts in enumerate(found):
            at = group == code
            alone = count_days(
                np.append(day[at], 0),
                np.append(cause[at], 0),
                cluster=np.append(cluster[at], 5),
                causes=2,
                last_day=31,
                weights=None if given is None else np.append(given[at], 1.0),
            )
            alone.counts[5, 0, 0] -= 1
            np.testing.assert_allclose(counts.counts, alone.counts, rtol=1e-12, atol=1e-14)
            assert counts.n == at.sum()


@pytest.mark.parametrize("kind", [np.uint8, np.int16, np.int64, np.uint64])
def test_more_people_than_are_taken_at_once_are_counted_whatever_the_type_of_their_codes(kind):
    rng = np.random.default_rng(2)
    n = 3 * BLOCK + 17
    day, cause, cluster = (rng.integers(0, top, n).astype(kind) for top in (200, 3, 15))
    counts = count_days(day, cause, cluster=cluster, causes=2)
    key = (cluster.astype(np.int64) * 3 + cause.astype(np.int64)) * 200 + day.astype(np.int64)
    assert np.array_equal(counts.counts.ravel(), np.bincount(key, minlength=15 * 3 * 200))


@pytest.mark.parametrize(("where", "wrong"), [(-1, -1), (-1, 3), (BLOCK, 3)])
def test_a_code_out_of_range_is_found_wherever_it_stands(where, wrong):
    cause = np.ones(2 * BLOCK, dtype=np.int8)
    cause[where] = wrong
    with pytest.raises(FitError, match="Every cause must be from 0 to 2"):
        count_days(np.zeros(cause.size, dtype=np.int64), cause, causes=2)


def test_a_group_without_anybody_is_refused():
    with pytest.raises(FitError, match="Nobody is in group 1"):
        count_groups(DAY, CAUSE, [0, 0, 2, 2], causes=2, groups=3)


def test_a_table_too_large_to_count_in_is_refused():
    with pytest.raises(FitError, match="cells to count in"):
        count_days([0, 10**9], [1, 1], cluster=[0, 1], causes=1)


def test_counts_of_other_days_are_not_added():
    first, second = (count_days(DAY, CAUSE, causes=2, last_day=last) for last in (3, 4))
    with pytest.raises(FitError, match="same clusters, causes and days"):
        add_counts(first, second)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"day": []}, "day must be a one-dimensional array"),
        ({"day": [-1, 2, 2, 3]}, "Every day must be at least 0"),
        ({"day": [0.5, 2, 2, 3]}, "day must hold whole numbers"),
        ({"last_day": 2}, "Every day must be from 0 to 2"),
        ({"cause": [1, 0, 3, 1]}, "Every cause must be from 0 to 2"),
        ({"cause": [1, 0, 2]}, "must have the same length"),
        ({"cluster": [0, 1]}, "must have the same length"),
        ({"causes": 0}, "at least 1 cause"),
        ({"weights": [1, 1, 1]}, "weights and day"),
        ({"weights": [1, 0, 1, 1]}, "Every weight must be finite and above 0"),
        ({"weights": [1, np.nan, 1, 1]}, "Every weight must be finite and above 0"),
    ],
)
def test_what_cannot_be_counted_is_refused(changed, message):
    given = {"day": DAY, "cause": CAUSE, "causes": 2} | changed
    with pytest.raises(FitError, match=message):
        count_days(given.pop("day"), given.pop("cause"), **given)
