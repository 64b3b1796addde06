"""Generalised least squares over cluster-periods."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.cell_gls import (
    exposure_columns,
    precision_of_cells,
    staircase,
    variance_of_effect,
)

ROUNDING = 1e-10  # two ways to invert the same matrices


def by_hand(covariances, treatment, clusters):
    """The whole design, cluster by cluster, with the blank cells left out."""
    periods = treatment.shape[1]
    information = 0
    for v, x, k in zip(covariances, treatment, clusters, strict=True):
        seen = np.flatnonzero(np.isfinite(x))
        z = np.hstack([np.eye(periods)[seen], x[seen, None]])
        information = information + k * z.T @ np.linalg.inv(v[np.ix_(seen, seen)]) @ z
    return np.linalg.inv(information)[-1, -1]


def nested(periods, rho=0.05, r=0.8, m=20):
    same = np.eye(periods)
    return rho * ((1 - r) * same + r) + (1 - rho) / m * same


@pytest.mark.parametrize("blanks", [[], [(0, 4)], [(0, 3), (0, 4), (2, 0), (3, 0), (3, 1)]])
def test_it_is_the_design_worked_out_cluster_by_cluster(blanks):
    x = staircase(4)
    for at in blanks:
        x[at] = np.nan
    v, k = np.stack([nested(5, m=m) for m in (10, 20, 30, 40)]), np.array([2, 3, 1, 4])
    inverse = precision_of_cells(v, np.isfinite(x))
    found = variance_of_effect(inverse, x[..., None], k)
    assert float(found) == pytest.approx(by_hand(v, x, k), rel=ROUNDING)


def test_equal_sizes_have_the_closed_form():
    x, k = staircase(5), 3
    inverse = np.linalg.inv(nested(6))
    total = x.sum(axis=0)
    closed = k * (sum(row @ inverse @ row for row in x) - total @ inverse @ total / len(x))
    found = variance_of_effect(inverse[None], x[..., None], np.full(5, k))
    assert float(found) == pytest.approx(1 / closed, rel=ROUNDING)


def test_hussey_and_hughes_have_their_formula():
    """With correlations that do not fade: Hussey & Hughes 2007, equation 8."""
    x = np.repeat(staircase(4), 3, axis=0)
    clusters, periods = x.shape
    tau2, s2 = 0.05, 0.95 / 20
    u, w, v = x.sum(), np.square(x.sum(axis=0)).sum(), np.square(x.sum(axis=1)).sum()
    top = clusters * s2 * (s2 + periods * tau2)
    under = (clusters * u - w) * s2
    under += (u**2 + clusters * periods * u - periods * w - clusters * v) * tau2
    covariance = tau2 + s2 * np.eye(periods)
    found = variance_of_effect(
        precision_of_cells(covariance[None], np.ones((1, periods), bool)),
        x[..., None],
        np.ones(clusters),
    )
    assert float(found) == pytest.approx(top / under, rel=ROUNDING)


def test_a_grid_is_each_of_its_points():
    x, rho = staircase(3), np.array([0.01, 0.05, 0.2])
    v = np.stack([nested(4, one) for one in rho])[:, None]
    k = np.array([[1, 2, 3], [4, 4, 4], [9, 1, 1]])
    inverse = precision_of_cells(v, np.isfinite(x))
    found = variance_of_effect(inverse, x[..., None], k)
    alone = [by_hand(np.repeat(v[i], 3, axis=0), x, k[i]) for i in range(3)]
    assert found == pytest.approx(alone, rel=ROUNDING)


def test_a_period_that_nobody_is_measured_in_is_as_if_left_out():
    x = np.insert(staircase(3), 2, np.nan, axis=1)
    whole, less = nested(5), nested(4)
    one = variance_of_effect(precision_of_cells(whole[None], np.isfinite(x)), x[..., None], [2] * 3)
    two = variance_of_effect(np.linalg.inv(less)[None], staircase(3)[..., None], [2] * 3)
    assert float(one) == pytest.approx(float(two), rel=ROUNDING)


@pytest.mark.parametrize("matrix", [[[0, 1]], [[0, 1], [0, 1]], [[0, np.nan], [np.nan, 1]]])
def test_an_effect_that_cannot_be_told_from_time_has_no_end_of_variance(matrix):
    x = np.array(matrix, dtype=float)
    inverse = precision_of_cells(nested(2)[None], np.isfinite(x))
    assert variance_of_effect(inverse, x[..., None], np.ones(len(x))) == np.inf


def test_exposure_is_counted_from_the_first_period_of_the_programme():
    found = exposure_columns(np.array([[0, 1, 1], [0, 0, 1], [0, np.nan, 0]]))
    assert found[0].tolist() == [[0, 0], [1, 0], [0, 1]]
    assert found[1].tolist() == [[0, 0], [0, 0], [1, 0]]
    assert (found[2] == 0).all()


def test_the_mean_of_effects_by_exposure_is_found_by_hand():
    x = staircase(3)
    columns, v, weights = exposure_columns(x), nested(4), np.full(3, 1 / 3)
    z = [np.hstack([np.eye(4), one]) for one in columns]
    information = sum(2 * one.T @ np.linalg.inv(v) @ one for one in z)
    wide = np.concatenate([np.zeros(4), weights])
    expected = wide @ np.linalg.inv(information) @ wide
    found = variance_of_effect(np.linalg.inv(v)[None], columns, np.full(3, 2), weights)
    assert float(found) == pytest.approx(expected, rel=ROUNDING)


def test_only_the_effects_asked_for_need_be_told_from_time():
    x = np.array([[0, 1, 1], [0, 0, np.nan]])
    columns, inverse = exposure_columns(x), precision_of_cells(nested(3), np.isfinite(x))
    assert np.isfinite(variance_of_effect(inverse, columns, [4, 4], [1, 0]))
    assert variance_of_effect(inverse, columns, [4, 4], [0, 1]) == np.inf


def test_a_wedge_of_more_periods_ends_with_the_programme_everywhere():
    assert staircase(2).tolist() == [[0, 1, 1], [0, 0, 1]]
    assert staircase(2, 4).tolist() == [[0, 1, 1, 1], [0, 0, 1, 1]]
