"""Outcomes that a fitted model draws have the means and covariances that it says."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from tests.unit.models.whole import DESIGNS, fit_of, whole

DRAWS = 4000


@pytest.mark.parametrize("name", DESIGNS)
def test_draws_have_the_mean_and_the_covariance_of_the_model(name):
    fitted = fit_of(name)
    drawn = fitted.simulate(DRAWS, seed=20)
    assert drawn.shape == (len(fitted.design.y), DRAWS)
    v = whole(fitted, name)
    sd = np.sqrt(np.diag(v))
    off = (drawn.mean(axis=1) - fitted.predict()["estimate"].to_numpy()) / sd
    # Five standard errors; of the covariances, six: there are some twenty thousand of them.
    assert np.abs(off).max() < 5 / np.sqrt(DRAWS)
    left = (np.cov(drawn) - v) / np.outer(sd, sd)
    size = np.sqrt((1 + (v / np.outer(sd, sd)) ** 2) / DRAWS)
    assert np.abs(left / size).max() < 6


def test_draws_with_uncertainty_vary_as_the_coefficients_do():
    fitted = fit_of("practices")
    drawn = fitted.simulate(DRAWS, seed=3, include_uncertainty=True)
    design = fitted.design
    expected = np.diag(whole(fitted, "practices") + design.x @ fitted.fit.phi[0] @ design.x.T)
    ratio = drawn.var(axis=1, ddof=1) / expected
    assert np.abs(ratio - 1).max() < 6 * np.sqrt(2 / DRAWS)


def test_a_seed_gives_the_same_draws_and_touches_nothing_global():
    fitted = fit_of("practices")
    before = np.random.get_state(legacy=False)["state"]["key"].copy()
    first = fitted.simulate(2, seed=7)
    np.testing.assert_array_equal(first, fitted.simulate(2, seed=7))
    np.testing.assert_array_equal(first, fitted.simulate(2, seed=np.random.default_rng(7)))
    assert not np.array_equal(first, fitted.simulate(2, seed=8))
    np.testing.assert_array_equal(before, np.random.get_state(legacy=False)["state"]["key"])


def test_no_draws_are_refused():
    with pytest.raises(FitError, match="draws is 0"):
        fit_of("practices").simulate(0, seed=1)
    with pytest.raises(TypeError):
        fit_of("practices").simulate(3)  # type: ignore[call-arg]
