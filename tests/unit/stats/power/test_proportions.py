"""Scales of correlations of proportions, and the variance of log odds."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power import proportions as odds

P = np.array([0.05, 0.3, 0.5, 0.9])


@pytest.mark.parametrize("icc", [0.0, 0.01, 0.06])
def test_a_correlation_comes_back_from_every_scale(icc):
    np.testing.assert_allclose(odds.from_k(odds.to_k(icc, P), P), icc, rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(odds.from_logit(odds.to_logit(icc, P), P), icc, rtol=1e-12)
    latent = odds.latent_of_between(odds.between_of_latent(icc))
    np.testing.assert_allclose(latent, icc, rtol=1e-12)


def test_k_is_the_spread_of_clusters_over_their_mean():
    # Clusters of 0.1 and 0.3: mean 0.2, standard deviation 0.1, so k is a half.
    rho = 0.1**2 / (0.2 * 0.8)
    assert odds.to_k(rho, 0.2) == pytest.approx(0.5, rel=1e-12)


def test_a_correlation_below_0_has_no_k():
    assert np.isnan(odds.to_k(-0.01, 0.2))


def test_the_linear_logit_scale_agrees_with_drawn_clusters_that_differ_little():
    rng = np.random.default_rng(3)
    logits = np.log(0.3 / 0.7) + 0.2 * rng.standard_normal(400_000)
    shares = 1 / (1 + np.exp(-logits))
    drawn = shares.var() / (shares.mean() * (1 - shares.mean()))
    assert odds.from_logit(0.04, 0.3) == pytest.approx(drawn, rel=0.03)


def test_log_odds_of_both_arms_have_the_variance_of_the_formula():
    m, clusters, between = 60, 40, 0.3**2
    p1, p0 = 0.15, 0.25
    arms = odds.log_odds_variance(p1, between), odds.log_odds_variance(p0, between)
    found = sum((one + (m - 1) * between) / (m * clusters / 2) for one in arms)
    inner = (1 / (p1 * (1 - p1)) + 1 / (p0 * (1 - p0))) / 2
    assert found == pytest.approx(4 * (inner + m * between) / (m * clusters), rel=1e-12)
