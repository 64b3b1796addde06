"""Curves of retention: what must not change them, and what must add up."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import DayCounts, add_counts, count_days
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.logrank import log_rank, observed_expected
from splw_eval.stats.survival.restricted_mean import time_lost

LAST, CAUSES, CLUSTERS = 12, 3, 5
PERSON = st.tuples(st.integers(0, LAST), st.integers(0, CAUSES), st.integers(0, CLUSTERS - 1))
PEOPLE = st.lists(PERSON, min_size=2, max_size=40).map(np.array)
EVERY = settings(max_examples=150, deadline=None)
ROUNDING = 1e-12


def counted(people: NDArray[Any], weights: Any = None) -> DayCounts:
    """Count people of columns day, cause and cluster, with every cluster's place kept."""
    day, cause, cluster = people.T
    counts = count_days(
        np.append(day, 0),
        np.append(cause, 0),
        cluster=np.append(cluster, CLUSTERS - 1),
        causes=CAUSES,
        last_day=LAST,
        weights=None if weights is None else np.append(weights, 1.0),
    )
    counts.counts[CLUSTERS - 1, 0, 0] -= 1
    return DayCounts(
        counts=counts.counts, n=len(people), clustered=True, weighted=weights is not None
    )


def numbers(counts: DayCounts) -> list[NDArray[np.float64]]:
    """Every estimate, error and limit that holds for weights too."""
    curve, causes = survival_curve(counts), cumulative_incidence(counts)
    return [
        getattr(one, name)
        for one in (curve, causes)
        for name in ("estimate", "robust_std_error", "robust_conf_low", "robust_conf_high")
    ]


def same(found: DayCounts, expected: DayCounts) -> None:
    for one, other in zip(numbers(found), numbers(expected), strict=True):
        # An error of 0 is the root of what rounding left.
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-7)


@EVERY
@given(PEOPLE)
def test_with_one_cause_the_share_who_left_is_1_less_the_share_engaged(people):
    people = people.copy()
    people[:, 1] = people[:, 1] > 0
    counts = counted(people)
    left = cumulative_incidence(counts).estimate[0]
    np.testing.assert_allclose(left, 1 - survival_curve(counts).estimate, rtol=0, atol=ROUNDING)


@EVERY
@given(PEOPLE)
def test_every_cause_and_those_still_engaged_add_up_to_1(people):
    counts = counted(people)
    total = cumulative_incidence(counts).estimate.sum(axis=0) + survival_curve(counts).estimate
    np.testing.assert_allclose(total, 1.0, rtol=0, atol=ROUNDING)


@EVERY
@given(PEOPLE, st.permutations(range(CLUSTERS)))
def test_other_names_of_the_practices_change_nothing(people, order):
    renamed = people.copy()
    renamed[:, 2] = np.array(order)[people[:, 2]]
    same(counted(renamed), counted(people))


@EVERY
@given(PEOPLE, st.randoms(use_true_random=False))
def test_the_order_of_the_people_changes_no_count(people, random):
    shuffled = people[random.sample(range(len(people)), len(people))]
    np.testing.assert_array_equal(counted(shuffled).counts, counted(people).counts)


@EVERY
@given(PEOPLE, st.data())
def test_a_weight_of_2_is_the_person_twice(people, data):
    times = np.array(
        data.draw(st.lists(st.integers(1, 3), min_size=len(people), max_size=len(people)))
    )
    weighted, repeated = counted(people, times), counted(np.repeat(people, times, axis=0))
    same(weighted, repeated)
    for one, other in (
        (survival_curve(weighted).std_error, survival_curve(repeated).std_error),
        (cumulative_incidence(weighted).std_error, cumulative_incidence(repeated).std_error),
    ):
        np.testing.assert_allclose(one, other, rtol=1e-7, atol=1e-7)


@EVERY
@given(PEOPLE, PEOPLE)
def test_the_counts_of_two_halves_add_up_to_those_of_the_whole(first, second):
    total = add_counts(counted(first), counted(second))
    whole = counted(np.concatenate([first, second]))
    np.testing.assert_array_equal(total.counts, whole.counts)
    assert total.n == whole.n


@EVERY
@given(PEOPLE, st.integers(1, LAST))
def test_days_lost_never_fall_as_the_horizon_moves_on(people, tau):
    # Whoever is seen longest leaves, so that every horizon may be asked for.
    people = np.concatenate([people, [[LAST, 1, 0]]])
    people[people[:, 0] == LAST, 1] = 1
    earlier, later = (time_lost(counted(people), at).estimate for at in (tau, tau + 1))
    assert (later - earlier >= -ROUNDING).all()
    assert (later - earlier <= 1 + ROUNDING).all()


@EVERY
@given(PEOPLE, PEOPLE)
def test_as_many_are_expected_to_leave_as_did(first, second):
    groups = [counted(first), counted(second)]
    beside = observed_expected(groups)
    np.testing.assert_allclose(beside.expected.sum(), beside.observed.sum(), rtol=1e-12)
    if beside.observed.any():
        found = log_rank(groups)
        np.testing.assert_allclose(found.expected.sum(), found.observed.sum(), rtol=1e-12)
