"""The short way of leaving practices out, beside making everything anew."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.stats.weighting.contrast import (
    doubly_robust_contrast,
    group_weights,
    standardised_contrast,
    weighted_difference,
)
from splw_eval.stats.weighting.laid_out import lay_out
from splw_eval.stats.weighting.without_each import WithoutEach

WAYS = ("weighting", "entropy", "standardisation", "doubly_robust")


def people(seed: int = 5, n: int = 600, practices: int = 12) -> tuple[Any, ...]:
    rng = np.random.default_rng(seed)
    practice = rng.permutation(np.arange(n) % practices)
    treated = practice % 3 == 0
    X = np.column_stack([rng.normal(size=n) + 0.4 * treated, rng.random(n) < 0.4, rng.random(n)])
    y = 1e4 + X @ [1.0, 2.0, 0.5] + rng.normal(size=n) + rng.normal(size=practices)[practice]
    return y, treated, X, practice, np.array([True, False, False])


def anew(way: str, target: Any, keep: Any, given: tuple[Any, ...]) -> float:
    y, treated, X, _, interact = given
    y, treated, X = y[keep], treated[keep], X[keep]
    kind: Any = "entropy" if way == "entropy" else "propensity"
    w, chance = group_weights(treated, X, target, kind)
    if way in {"weighting", "entropy"}:
        return weighted_difference(y, treated, w).estimate
    if way == "doubly_robust":
        found = doubly_robust_contrast(y, treated, X, chance, target, interact=interact)
        return found.estimate
    share = {"treated": treated.astype(float), "everybody": np.ones(len(y))}
    h = share.get(target, chance * (1 - chance))
    return standardised_contrast(y, treated, X, share=h, interact=interact).estimate


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("target", ["treated", "everybody", "overlap"])
def test_the_short_way_leads_where_making_all_anew_does(way, target):
    if (way, target) == ("entropy", "overlap"):
        return
    given = people()
    laid = lay_out(*given)
    assert laid is not None
    short = WithoutEach(laid, target).estimates(way)
    long = [anew(way, target, given[3] != g, given) for g in range(12)]
    assert short == pytest.approx(long, abs=1e-9)


@pytest.mark.parametrize("way", WAYS)
def test_a_column_of_one_practice_has_no_short_way_without_it(way):
    y, treated, X, practice, interact = people()
    X[:, 1] = (practice == 4) & (X[:, 0] > 0) | (practice == 3) & (X[:, 0] > 0)
    X[:, 1] = np.where(practice == 4, X[:, 1], 0)
    laid = lay_out(y, treated, X, practice, interact)
    assert laid is not None
    short = WithoutEach(laid, "treated").estimates(way)
    assert short[4] is None


def test_practices_of_both_groups_and_dependent_columns_cannot_be_laid_out():
    y, treated, X, practice, interact = people()
    assert lay_out(y, treated, X, np.arange(len(y)) % 5, interact) is None
    X[:, 2] = 2 * X[:, 0]
    assert lay_out(y, treated, X, practice, interact) is None
