"""People seen at several visits in clusters, against the whole matrix of all their scores."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.cell_gls import variance_of_effect
from splw_eval.stats.power.visits_gls import (
    columns_of_contrast,
    precision_of_clusters,
    precision_of_people,
    precision_scattered,
)

ROUNDING = 1e-10  # two ways to invert the same matrices
TIMES = np.array([0.0, 3.0, 12.0, 18.0])


def person(rho=0.06, a=0.6, visits=4):
    return (1 - rho) * ((1 - a) * np.eye(visits) + a)


def cluster(rho=0.06, r=0.8, visits=4):
    return rho * ((1 - r) * np.eye(visits) + r)


def whole_cluster(last_seen, own, shared, design):
    """Information of a cluster by the covariance of every score of its people."""
    at = np.concatenate([np.arange(last) for last in last_seen])
    who = np.repeat(np.arange(len(last_seen)), last_seen)
    v = shared[np.ix_(at, at)] + own[np.ix_(at, at)] * (who[:, None] == who)
    z = design[at]
    return z.T @ np.linalg.inv(v) @ z


def test_woodbury_is_the_whole_matrix_with_dropout_by_arm():
    lost = ([0, 0.2, 0.3, 0.5], [0, 0.1, 0.1, 0.3])
    seen = ([4] * 5 + [3] * 2 + [2] + [1] * 2, [4] * 7 + [3] * 2 + [1])
    clusters = (3, 5)
    columns, weights = columns_of_contrast(TIMES)
    both = np.stack([columns, 0 * columns])
    information = sum(
        k * whole_cluster(last, person(), cluster(), np.hstack([np.eye(4), one]))
        for k, last, one in zip(clusters, seen, both, strict=True)
    )
    wide = np.concatenate([np.zeros(4), weights])
    expected = wide @ np.linalg.inv(information) @ wide
    people = np.stack([10 * precision_of_people(person(), one) for one in lost])
    inverse = precision_of_clusters(people, cluster())
    found = variance_of_effect(inverse, both, clusters, weights)
    assert float(found) == pytest.approx(expected, rel=ROUNDING)


@pytest.mark.parametrize("rho", [0.0, 0.05])
@pytest.mark.parametrize("r", [0.0, 1.0])
def test_clusters_may_be_of_no_account_or_the_same_at_all_times(rho, r):
    people = 8 * precision_of_people(person(rho), np.zeros(4))
    found = precision_of_clusters(people, cluster(rho, r))
    plain = np.linalg.inv(cluster(rho, r) + person(rho) / 8)
    assert found == pytest.approx(plain, rel=1e-8, abs=1e-8)


def test_people_never_seen_again_can_be_left_out():
    lost = np.array([0, 0.2, 0.2, 0.2])
    found = precision_of_people(person(), lost, from_visit=1)
    assert found == pytest.approx(0.8 * np.linalg.inv(person()), rel=ROUNDING)


def test_all_people_are_counted_by_when_they_were_last_seen():
    lost = np.array([0.1, 0.2, 0.4, 0.4])
    first = np.zeros((4, 4))
    first[0, 0] = 1 / person()[0, 0]
    second = np.zeros((4, 4))
    second[:2, :2] = np.linalg.inv(person()[:2, :2])
    expected = 0.1 * first + 0.2 * second + 0.6 * np.linalg.inv(person())
    assert precision_of_people(person(), lost) == pytest.approx(expected, rel=ROUNDING)


def test_visits_missed_here_and_there_average_over_who_was_seen():
    own, missed = person(visits=2), np.array([0.0, 0.3])
    expected = 0.7 * np.linalg.inv(own) + 0.3 * np.diag([1 / own[0, 0], 0])
    assert precision_scattered(own, missed) == pytest.approx(expected, rel=ROUNDING)


def test_with_losses_at_the_end_alone_both_ways_to_lose_people_agree():
    lost = np.array([0, 0, 0, 0.4])
    one, other = precision_scattered(person(), lost), precision_of_people(person(), lost)
    assert one == pytest.approx(other, rel=ROUNDING)


def test_the_difference_at_the_end_leaves_the_start_alone():
    columns, weights = columns_of_contrast(TIMES)
    assert columns.tolist() == np.eye(4)[:, 1:].tolist()
    assert weights.tolist() == [0, 0, 1]


def test_a_change_is_counted_from_the_difference_at_the_start():
    _, weights = columns_of_contrast(TIMES, "mean", constrained=False, change=True)
    assert weights == pytest.approx([-1, 1 / 3, 1 / 3, 1 / 3])


def test_without_a_start_every_visit_is_after():
    columns, weights = columns_of_contrast(TIMES[1:], "mean", baseline=False)
    assert columns.tolist() == np.eye(3).tolist()
    assert weights == pytest.approx([1 / 3, 1 / 3, 1 / 3])


def test_a_line_is_told_by_what_it_reaches_at_the_end():
    columns, weights = columns_of_contrast(TIMES, "slope")
    assert (columns[:, 0] * weights).tolist() == pytest.approx([0, 1 / 6, 2 / 3, 1])
    free, ahead = columns_of_contrast(TIMES, "slope", constrained=False)
    assert free.shape == (4, 2)
    assert ahead.tolist() == [0, 1]


def test_an_area_is_by_trapeziums_over_the_real_times():
    _, weights = columns_of_contrast(TIMES, "auc", constrained=False)
    differences = np.array([0.0, 1.0, 2.0, 2.0])
    area = np.sum((differences[1:] + differences[:-1]) / 2 * np.diff(TIMES)) / 18
    assert weights @ differences == pytest.approx(area, rel=ROUNDING)
