"""Doubly robust differences: against loops and leaving people out, robustness, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.causal.did import doubly_robust_difference, jackknife_difference
from splw_eval.stats.weighting.propensity import fit_propensity


def drawn(n=240, seed=3, practices=8):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 2))
    treated = rng.random(n) < 1 / (1 + np.exp(-(0.5 * x[:, 0] - 0.3)))
    change = 1 + x @ [0.8, -0.4] + 0.7 * treated + rng.normal(size=n)
    return change, treated, np.column_stack([np.ones(n), x]), np.arange(n) % practices


def in_loops(change, treated, X):
    """The definition, person by person, with the normal equations of the reference group."""
    chance = fit_propensity(treated, X).chance
    left, right = np.zeros((X.shape[1], X.shape[1])), np.zeros(X.shape[1])
    for row, delta, flag in zip(X, change, treated, strict=True):
        if not flag:
            left += np.outer(row, row)
            right += row * delta
    beta = np.linalg.solve(left, right)
    sums = {"t": 0.0, "tw": 0.0, "c": 0.0, "cw": 0.0}
    for row, delta, flag, e in zip(X, change, treated, chance, strict=True):
        rest = delta - float(row @ beta)
        if flag:
            sums["t"] += rest
            sums["tw"] += 1
        else:
            sums["c"] += e / (1 - e) * rest
            sums["cw"] += e / (1 - e)
    return sums["t"] / sums["tw"] - sums["c"] / sums["cw"]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_estimate_is_that_of_plain_loops(seed):
    change, treated, X, _ = drawn(seed=seed)
    found = doubly_robust_difference(change, treated, X)
    assert found.estimate == pytest.approx(in_loops(change, treated, X), rel=1e-9)


def test_the_influence_of_a_person_is_what_leaving_him_out_changes():
    change, treated, X, _ = drawn(n=300)
    whole, n = doubly_robust_difference(change, treated, X), 300
    without = np.array(
        [
            doubly_robust_difference(
                *(np.delete(a, i, axis=0) for a in (change, treated, X))
            ).estimate
            for i in range(n)
        ]
    )
    nearly = (n - 1) * (whole.estimate - without)
    assert abs(whole.influence.mean()) < 1e-10
    assert np.corrcoef(nearly, whole.influence)[0, 1] > 0.999
    assert nearly.std() == pytest.approx(whole.influence.std(), rel=0.05)


def test_without_covariates_it_is_the_difference_of_mean_changes():
    change, treated, X, _ = drawn()
    found = doubly_robust_difference(change, treated, X[:, :1])
    assert found.estimate == pytest.approx(change[treated].mean() - change[~treated].mean())
    m, r = int(treated.sum()), int((~treated).sum())
    plain = math.sqrt(change[treated].var() / m + change[~treated].var() / r)
    assert found.std_error() == pytest.approx(plain, rel=1e-9)


def test_units_of_covariates_and_a_shift_of_all_changes_matter_nothing():
    change, treated, X, practice = drawn()
    found = doubly_robust_difference(change, treated, X)
    other = doubly_robust_difference(change + 50, treated, X @ np.diag([1, 1e5, 1e-4]) + [0, 7, 0])
    assert other.estimate == pytest.approx(found.estimate, rel=1e-7)
    assert other.std_error(practice) == pytest.approx(found.std_error(practice), rel=1e-6)


def test_either_model_alone_is_enough():
    """In 40,000 people; the unadjusted difference is far off."""
    rng = np.random.default_rng(11)
    x = rng.normal(size=40_000)
    treated = rng.random(40_000) < 1 / (1 + np.exp(-x))
    curved = 0.5 * treated + np.exp(0.7 * x) + rng.normal(size=40_000)
    right_chances = doubly_robust_difference(curved, treated, np.column_stack([x**0, x]))
    treated = rng.random(40_000) < 1 / (1 + np.exp(-(x + x**3 / 3)))
    line = 0.5 * treated + 2 * x + rng.normal(size=40_000)
    right_changes = doubly_robust_difference(line, treated, np.column_stack([x**0, x]))
    for found in (right_chances, right_changes):
        assert abs(found.estimate - 0.5) < 4 * found.std_error()
        assert found.std_error() < 0.1
    assert line[treated].mean() - line[~treated].mean() > 2


def test_leaving_practices_out_estimates_everything_anew():
    change, treated, X, practice = drawn()
    found = jackknife_difference(change, treated, X, practice)
    whole = doubly_robust_difference(change, treated, X).estimate
    each = [in_loops(*(a[practice != g] for a in (change, treated, X))) for g in range(8)]
    assert found.values[:, 0].tolist() == pytest.approx(each, rel=1e-9)
    plain = math.sqrt(7 / 8 * sum((value - whole) ** 2 for value in each))
    assert found.std_error[0] == pytest.approx(plain, rel=1e-9)


def test_what_cannot_be_estimated_is_refused():
    change, treated, X, practice = drawn()
    with pytest.raises(FitError, match="somebody"):
        doubly_robust_difference(change, np.zeros(240, dtype=bool), X)
    with pytest.raises(FitError, match="one value"):
        doubly_robust_difference(np.append(change[1:], np.nan), treated, X)
    only = np.column_stack([X, treated & (X[:, 1] > 0)])
    with pytest.raises(FitError, match=r"those not treated|nobody to be compared"):
        doubly_robust_difference(change, treated, only)
    with pytest.raises(FitError, match="at least 3"):
        jackknife_difference(change, treated, X, practice % 2)
    alone = np.where(treated, 0, 1 + practice)
    with pytest.raises(FitError, match="Without one of the 9 practices"):
        jackknife_difference(change, treated, X, alone)
