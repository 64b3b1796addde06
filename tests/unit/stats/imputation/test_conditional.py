"""Missing scores given those seen: the formula person by person, and the same bits for each."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.conditional import arm_mean, complete
from splw_eval.stats.imputation.layout import Parameters, WaveData
from tests.unit.stats.imputation.given_waves import made_waves

DATA, WHOLE = made_waves(60, practices=6)
RNG = np.random.default_rng(3)
ROOTS = RNG.standard_normal((2, 4, 6))
PARAMETERS = Parameters(
    coefficients=RNG.standard_normal((2, 2, 4)),
    covariance=ROOTS @ ROOTS.swapaxes(1, 2),
    practice=RNG.standard_normal((6, 4)),
)
Z = RNG.standard_normal((60, 4))


def by_hand(data: WaveData, z: np.ndarray | None) -> np.ndarray:
    filled = data.y.copy()
    for i, row in enumerate(data.y):
        arm, seen = data.arm[i], ~np.isnan(row)
        gap = ~seen
        mean = data.x[i] @ PARAMETERS.coefficients[arm]
        if data.practice is not None:
            mean = mean + PARAMETERS.practice[data.practice[i]]
        whole = PARAMETERS.covariance[arm]
        slope = whole[np.ix_(gap, seen)] @ np.linalg.inv(whole[np.ix_(seen, seen)])
        left = whole[np.ix_(gap, gap)] - slope @ whole[np.ix_(seen, gap)]
        filled[i, gap] = mean[gap] + slope @ (row - mean)[seen]
        if z is not None:
            filled[i, gap] += np.linalg.cholesky(left) @ z[i, gap]
    return filled


def some(data: WaveData, rows: np.ndarray) -> WaveData:
    assert data.practice is not None
    return replace(
        data, y=data.y[rows], x=data.x[rows], arm=data.arm[rows], practice=data.practice[rows]
    )


@pytest.mark.parametrize("z", [None, Z], ids=["means", "draws"])
def test_missing_scores_are_those_of_the_formula_person_by_person(z):
    np.testing.assert_allclose(complete(DATA, PARAMETERS, z=z), by_hand(DATA, z), rtol=1e-10)


def test_scores_that_were_seen_are_kept_bit_for_bit():
    filled = complete(DATA, PARAMETERS, z=Z)
    assert (filled[DATA.observed] == DATA.y[DATA.observed]).all()
    assert np.isfinite(filled).all()


def test_nobody_is_changed_where_nothing_is_missing():
    whole = replace(DATA, y=WHOLE)
    assert (complete(whole, PARAMETERS, z=Z) == WHOLE).all()


def test_a_person_has_the_same_bits_whoever_the_others_are():
    every = complete(DATA, PARAMETERS, z=Z)
    for rows in (np.arange(7), np.arange(11, 60), np.array([5])):
        assert (complete(some(DATA, rows), PARAMETERS, z=Z[rows]) == every[rows]).all()


def test_somebody_without_any_score_has_the_mean_and_covariance_themselves():
    nobody = replace(DATA, y=np.full_like(DATA.y, np.nan))
    mean = arm_mean(nobody, PARAMETERS)
    np.testing.assert_array_equal(complete(nobody, PARAMETERS), mean)
    moved = complete(nobody, PARAMETERS, z=Z) - mean
    expected = np.einsum("ijk,ik->ij", np.linalg.cholesky(PARAMETERS.covariance)[DATA.arm], Z)
    np.testing.assert_allclose(moved, expected, rtol=1e-10, atol=1e-12)


def test_covariances_may_be_of_groups_or_of_people():
    usual = complete(DATA, PARAMETERS, z=Z)
    people = PARAMETERS.covariance[DATA.arm]
    assert (complete(DATA, PARAMETERS, covariance=people, z=Z) == usual).all()
    turned = PARAMETERS.covariance[::-1]
    named = complete(DATA, PARAMETERS, covariance=turned, group=1 - DATA.arm, z=Z)
    assert (named == usual).all()


def test_the_mean_of_another_arm_keeps_the_effect_of_the_own_practice():
    other = arm_mean(DATA, PARAMETERS, 0) - arm_mean(DATA, PARAMETERS, 1)
    change = PARAMETERS.coefficients[0] - PARAMETERS.coefficients[1]
    np.testing.assert_allclose(other, DATA.x @ change, atol=1e-12)


@pytest.mark.parametrize("covariance", [np.eye(4), np.ones((3, 4, 4)), -np.ones((2, 4, 4))])
def test_covariances_that_do_not_fit_are_refused(covariance):
    with pytest.raises(FitError):
        complete(DATA, PARAMETERS, covariance=covariance, z=Z)
