"""Proportional odds by another program, by the binary limit, and by differences."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.gee_corrections import correct_sandwich, exchangeable_pieces
from splw_eval.stats.proportional_odds import (
    band_derivatives,
    fit_proportional_odds,
    proportional_odds_pieces,
)


def drawn(n=240, cuts=3, seed=1):
    rng = np.random.default_rng(seed)
    x = np.column_stack([np.arange(n) % 2, rng.normal(size=n)]).astype(float)
    latent = x @ [0.6, -0.4] + rng.logistic(size=n)
    return x, np.digitize(latent, np.linspace(-1.0, 1.5, cuts)), np.repeat(np.arange(12), n // 12)


def test_statsmodels_finds_the_same_slopes_and_likelihood():
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    x, band, _ = drawn()
    fit = fit_proportional_odds(band, x)
    other = OrderedModel(band, x, distr="logit").fit(method="bfgs", disp=False, gtol=1e-8)
    # Its derivatives are numerical.
    np.testing.assert_allclose(fit.slopes, other.params[:2], rtol=1e-5)
    assert fit.log_likelihood == pytest.approx(other.llf, abs=1e-8)


def test_two_bands_are_logistic_regression():
    x, band, cluster = drawn()
    upper = (band > 1).astype(int)
    fit = fit_proportional_odds(upper, x)
    estimate = np.concatenate([fit.thresholds, fit.slopes])
    pieces = proportional_odds_pieces(estimate, upper, x, cluster)
    mean = 1 / (1 + np.exp(fit.thresholds[0] - x @ fit.slopes))
    v = mean * (1 - mean)
    design = np.column_stack([-np.ones(len(x)), x]) * v[:, None]
    other = exchangeable_pieces(design, upper - mean, v, cluster)
    np.testing.assert_allclose(pieces.scores, other.scores, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(
        correct_sandwich(pieces, "fay-graubard").vcov,
        correct_sandwich(other, "fay-graubard").vcov,
        rtol=1e-9,
    )


def test_derivatives_are_those_of_differences():
    x, _, _ = drawn(n=24)
    at = np.array([-1.0, 0.2, 1.4, 0.5, -0.3])
    derivative, chances = band_derivatives(at, x, 3)
    np.testing.assert_allclose(chances.sum(axis=1), 1.0, rtol=1e-12)
    for place in range(5):
        step = np.eye(5)[place] * 1e-6
        slope = (band_derivatives(at + step, x, 3)[1] - band_derivatives(at - step, x, 3)[1]) / 2e-6
        np.testing.assert_allclose(derivative[:, :, place], slope, atol=1e-9)


def test_turning_the_bands_round_turns_the_signs():
    x, band, _ = drawn()
    one, other = fit_proportional_odds(band, x), fit_proportional_odds(band.max() - band, x)
    np.testing.assert_allclose(one.slopes, -other.slopes, rtol=1e-8)
    np.testing.assert_allclose(one.thresholds, -other.thresholds[::-1], rtol=1e-8)


def test_columns_that_depend_are_refused():
    x, band, _ = drawn()
    with pytest.raises(FitError, match="linearly dependent"):
        fit_proportional_odds(band, np.column_stack([x, x[:, 0] * 0]))
