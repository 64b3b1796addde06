"""Differences between groups made alike, and their errors."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.contrast import (
    doubly_robust_contrast,
    group_weights,
    influence_error,
    standardised_contrast,
    weighted_difference,
)
from splw_eval.stats.weighting.leave_out import leave_each_out

TARGETS = ("treated", "everybody", "overlap")


def drawn(seed: int = 1, n: int = 400):
    rng = np.random.default_rng(seed)
    X = np.column_stack([rng.normal(size=n), rng.integers(0, 2, n)])
    treated = rng.random(n) < 1 / (1 + np.exp(-X @ [0.8, -0.5]))
    y = 3 + X @ [2.0, 1.0] + 1.5 * treated + rng.normal(size=n)
    return y, treated, X


@pytest.mark.parametrize("target", ["treated", "everybody"])
def test_entropy_weights_balance_means_exactly_and_sum_to_the_target(target):
    _, treated, X = drawn()
    w, chance = group_weights(treated, X, target, "entropy")
    of_target = treated if target == "treated" else np.ones(len(X), dtype=bool)
    for group in (treated, ~treated):
        means = np.average(X[group], axis=0, weights=w[group])
        assert means == pytest.approx(X[of_target].mean(axis=0), abs=1e-10)
        assert w[group].sum() == pytest.approx(of_target.sum())
    assert np.isnan(chance).all()


def test_entropy_has_no_overlap_weights():
    _, treated, X = drawn()
    with pytest.raises(FitError, match="Entropy balancing"):
        group_weights(treated, X, "overlap", "entropy")


@pytest.mark.parametrize("target", TARGETS)
def test_every_way_finds_the_difference_where_the_model_holds(target):
    y, treated, X = drawn(n=4000)
    w, chance = group_weights(treated, X, target)
    found = [
        weighted_difference(y, treated, w),
        standardised_contrast(y, treated, X, share=np.ones(len(y))),
        doubly_robust_contrast(y, treated, X, chance, target),
    ]
    for one in found:
        assert one.estimate == pytest.approx(1.5, abs=0.2)
        assert one.influence.sum() == pytest.approx(0.0, abs=1e-10)


def test_a_wrong_outcome_model_is_mended_by_right_chances_and_the_other_way_round():
    rng = np.random.default_rng(5)
    x = rng.normal(size=40_000)
    e = 1 / (1 + np.exp(-x))
    treated = rng.random(len(x)) < e
    bent = np.exp(x) * (1 + treated)
    y = bent + 0.1 * rng.normal(size=len(x))
    wrong = standardised_contrast(y, treated, x[:, None], share=np.ones(len(x))).estimate
    mended = doubly_robust_contrast(y, treated, x[:, None], e, "everybody").estimate
    true = np.exp(x).mean()
    assert abs(wrong - true) > 0.3
    assert mended == pytest.approx(true, abs=0.1)
    flat, right = np.full(len(x), 0.5), np.exp(x)[:, None]
    other = doubly_robust_contrast(y, treated, right, flat, "everybody", interact=np.array([True]))
    assert other.estimate == pytest.approx(true, abs=0.01)


def test_without_interactions_all_populations_have_the_same_standardised_difference():
    y, treated, X = drawn()
    shares = (treated.astype(float), np.ones(len(y)), np.linspace(1, 2, len(y)))
    found = [standardised_contrast(y, treated, X, share=share).estimate for share in shares]
    assert found == pytest.approx([found[0]] * 3)
    free = [
        standardised_contrast(y, treated, X, share=s, interact=np.array([True, True])).estimate
        for s in shares
    ]
    assert abs(free[0] - free[1]) > 1e-4


def test_the_influence_of_plain_means_gives_the_error_of_unequal_variances():
    y, treated, _ = drawn()
    found = weighted_difference(y, treated, np.ones(len(y)))
    squares = [y[g].var() / g.sum() for g in (treated, ~treated)]
    assert np.linalg.norm(found.influence) == pytest.approx(np.sqrt(sum(squares)))


def test_influences_are_summed_by_practice():
    influence = np.array([1.0, 1, -2, 3, -3, 0])
    by_hand = np.sqrt(3 / 2 * (4 + 1 + 9))
    assert influence_error(influence, np.array([0, 0, 1, 1, 2, 2])) == pytest.approx(by_hand)
    assert influence_error(influence) == pytest.approx(np.sqrt(6 / 5 * 24))


def test_columns_that_depend_on_the_group_are_refused():
    y, treated, X = drawn()
    with pytest.raises(FitError, match="depend on each other"):
        standardised_contrast(y, treated, np.column_stack([X, treated]), share=np.ones(len(y)))
    with pytest.raises(FitError, match="too few"):
        standardised_contrast(y[:4], treated[:4], X[:4], share=np.ones(4))


def test_leaving_out_practices_gives_the_t_test_of_their_means_but_for_a_factor():
    rng = np.random.default_rng(8)
    means, treated = rng.normal(size=15), np.arange(15) < 7
    found = leave_each_out(
        lambda keep: float(means[keep & treated].mean() - means[keep & ~treated].mean()),
        np.arange(15),
    )
    terms = [means[g].var(ddof=1) / (g.sum() - 1) for g in (treated, ~treated)]
    assert found.std_error == pytest.approx(np.sqrt(14 / 15 * sum(terms)))
    assert found.df == 13


def test_an_estimate_that_rests_on_one_practice_is_refused():
    def needs_the_first(keep):
        if not keep[0]:
            raise FitError("nobody")
        return 1.0

    with pytest.raises(FitError, match="without 1 of the 4 practices"):
        leave_each_out(needs_the_first, np.arange(4))
    with pytest.raises(FitError, match="needs 3"):
        leave_each_out(lambda _: 1.0, np.array([0, 1]))
