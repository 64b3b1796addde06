"""Uncertain ICCs: Gauss rules of Beta distributions, Swiger's variance by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from splw_eval.stats.power.icc_uncertainty import (
    beta_nodes,
    beta_quantile,
    beta_shape,
    moments_above_zero,
    swiger_variance,
)


@pytest.mark.parametrize(("mean", "sd"), [(0.05, 0.03), (0.01, 0.03), (0.05, 0.002), (0.4, 0.3)])
def test_the_gauss_rule_has_the_moments_of_its_beta(mean, sd):
    a, b = beta_shape(mean, sd)
    places, weights = beta_nodes(a, b)
    assert weights.sum() == pytest.approx(1)
    assert (places * weights).sum() == pytest.approx(mean)
    assert ((places - mean) ** 2 * weights).sum() == pytest.approx(sd**2)
    steps = np.arange(7)
    seventh = np.prod((a + steps) / (a + b + steps))
    assert (places**7 * weights).sum() == pytest.approx(seventh, rel=1e-6)
    assert float(beta_quantile(a, b, 0.8)) == pytest.approx(stats.beta.ppf(0.8, a, b))


@pytest.mark.parametrize(("mean", "sd"), [(0.0, 0.1), (0.5, 0.5), (1.0, 0.1), (0.2, 0.0)])
def test_a_mean_and_sd_of_no_beta_are_refused(mean, sd):
    with pytest.raises(ValueError, match="no Beta distribution"):
        beta_shape(mean, sd)


def test_swigers_variance_is_that_of_simulated_studies():
    rho, m, k, studies = 0.1, 10, 60, 6000
    rng = np.random.default_rng(11)
    levels = rng.normal(size=(studies, k, 1)) * np.sqrt(rho)
    scores = levels + rng.normal(size=(studies, k, m)) * np.sqrt(1 - rho)
    between = m * scores.mean(axis=2).var(axis=1, ddof=1)
    within = scores.var(axis=2, ddof=1).mean(axis=1)
    found = (between - within) / (between + (m - 1) * within)
    # A large-sample variance, and the error of the simulation (about 2%).
    assert found.var() == pytest.approx(float(swiger_variance(rho, m, k)), rel=0.08)


def test_an_estimate_at_nought_has_the_moments_of_half_a_normal():
    mean, sd = moments_above_zero(0.0, 0.03)
    half = stats.halfnorm(scale=0.03)
    assert (mean, sd) == pytest.approx((half.mean(), half.std()))
