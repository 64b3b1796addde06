"""Slopes: whole covariance matrices of clusters, Diggle's formula, a common start."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.slopes import (
    covariance_of_lines,
    information_of_cluster,
    information_of_person,
    variances_of_slopes,
)

ROUNDING = 1e-10
TIMES = np.array([0.0, 3.0, 12.0, 18.0])


def test_a_clusters_information_is_that_of_all_its_scores_in_one_matrix():
    people, clusters = covariance_of_lines(2.0, 0.3, 0.4), covariance_of_lines(0.5, 0.1)
    person = information_of_person(TIMES, people, 1.5, np.ones(4))
    found = information_of_cluster(person, 5.0, clusters)
    Z = np.column_stack([np.ones(4), TIMES])
    own = np.kron(np.eye(5), Z @ people @ Z.T + 1.5 * np.eye(4))
    X = np.tile(Z, (5, 1))
    whole = X.T @ np.linalg.solve(own + X @ clusters @ X.T, X)
    assert found == pytest.approx(whole, rel=ROUNDING)


def test_a_level_of_ones_own_gives_diggles_formula():
    variance, rho, n = 300.0, 0.2, 50.0
    lines = covariance_of_lines(np.sqrt(variance * rho), 0.0)
    one = information_of_person(TIMES, lines, variance * (1 - rho), np.ones(4))
    found, _, _ = variances_of_slopes(n * one, n * one)
    spread = ((TIMES - TIMES.mean()) ** 2).sum()
    assert float(found) == pytest.approx(2 * variance * (1 - rho) / (n * spread), rel=ROUNDING)


def test_clusters_without_a_line_of_their_own_add_nothing():
    person = information_of_person(TIMES, covariance_of_lines(1.0, 0.2), 1.0, [1, 0.9, 0.8, 0.7])
    found = information_of_cluster(person, 12.0, covariance_of_lines(0.0, 0.0))
    assert found == pytest.approx(12 * person, rel=ROUNDING)


def test_a_common_start_never_widens_the_difference():
    spread = np.linspace(0.0, 5.0, 6)
    one = information_of_person(TIMES, covariance_of_lines(spread, 0.2, 0.3), 1.0, np.ones(4))
    free, _, _ = variances_of_slopes(40 * one, 60 * one)
    held, _, _ = variances_of_slopes(40 * one, 60 * one, common=True)
    assert (held <= free * (1 + ROUNDING)).all()
    assert (held < 0.95 * free).any()
