"""Degrees of freedom of two variances, best shares, and visits of arms unlike each other."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.nested import best_ratio, welch_df
from splw_eval.stats.power.nested_visits import (
    arm_information,
    person_covariance,
    variance_by_arm,
)
from splw_eval.stats.power.visits_gls import columns_of_contrast, precision_of_people


def test_equal_variances_with_equal_df_have_the_sum_of_the_df():
    assert welch_df(0.3, 0.3, 7, 7) == pytest.approx(14)


def test_a_variance_that_outweighs_the_other_has_its_own_df():
    assert welch_df(1.0, 1e-9, 5, 100) == pytest.approx(5, rel=1e-6)


def test_no_other_ratio_of_the_same_cost_has_less_variance():
    theta, effect = 1.3, 1.95
    best = float(best_ratio(theta, effect))
    shares = np.array([best * 0.9, best, best * 1.1])
    # 1 / (1 + r) of the people are in clusters; costs are alike.
    variance = theta * effect * (1 + shares) + (1 + shares) / shares
    assert variance.argmin() == 1


def brute_force(clusters, size, controls, people, own, last):
    """GLS over every person's scores, clusters as blocks."""
    visits = len(own)
    rows, blocks = [], []
    for _ in range(clusters):
        seen = [last[i % len(last)] for i in range(size)]
        columns = [np.hstack([np.eye(visits), np.eye(visits)[:, 1:]])[:n] for n in seen]
        start, total = 0, sum(seen)
        block = np.zeros((total, total))
        places = np.concatenate([np.arange(n) for n in seen])
        block += own[np.ix_(places, places)]
        for n in seen:
            block[start : start + n, start : start + n] += people[:n, :n]
            start += n
        rows.append(np.vstack(columns))
        blocks.append(block)
    for i in range(controls):
        n = last[i % len(last)]
        blank = np.zeros((visits, visits - 1))
        rows.append(np.hstack([np.eye(visits), blank])[:n])
        blocks.append(people[:n, :n])
    information = sum(x.T @ np.linalg.solve(v, x) for x, v in zip(rows, blocks, strict=True))
    return np.linalg.inv(information)[-1, -1]


def test_what_both_arms_add_is_the_variance_of_a_brute_force_least_squares():
    people = person_covariance(0.6, [1.0, 0.96, 0.96])
    own = 0.04 * np.outer([0, 1, 1], [0, 1, 1])
    last, dropout = [3, 3, 2, 1], [0.0, 0.25, 0.5]
    first = arm_information(
        precision_of_people(people, dropout), own, clusters=5, sizes=[8.0], shares=[1.0]
    )
    second = 40 * precision_of_people(people, dropout)
    columns, weights = columns_of_contrast([0, 6, 12], "last")
    parts = variance_by_arm(first, second, columns, weights)
    assert min(parts) > 0
    assert sum(parts) == pytest.approx(brute_force(5, 8, 40, people, own, last), rel=1e-10)
