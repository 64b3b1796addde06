"""Draws of parameters: what they agree with, and odd data."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.conditional import complete
from splw_eval.stats.imputation.gibbs import draw_parameters, residual_numbers
from splw_eval.stats.imputation.layout import Parameters, WaveData
from splw_eval.stats.imputation.pattern_sums import gather_sums
from splw_eval.stats.imputation.reml_parameters import fit_waves
from tests.unit.stats.imputation.given_waves import made_waves


def drawn(data: WaveData, imputations: int = 20, seed: int = 1, **other: Any) -> Any:
    rng = np.random.default_rng(seed)
    return draw_parameters(data, imputations=imputations, rng=rng, **other)


def kept(draws: tuple[Parameters, ...], name: str) -> np.ndarray:
    return np.stack([np.asarray(getattr(one, name)) for one in draws])


def test_with_nothing_missing_the_draws_are_those_of_least_squares():
    data, whole = made_waves(400, arms=1, practices=0, waves=3, lost=0.0)
    draws = drawn(data, 2000, thin=1)
    slope = np.linalg.lstsq(data.x, whole, rcond=None)[0]
    left = (whole - data.x @ slope).T @ (whole - data.x @ slope) / 398
    error = np.sqrt(np.outer(np.diag(np.linalg.inv(data.x.T @ data.x)), np.diag(left)))
    coefficients = kept(draws, "coefficients")[:, 0]
    np.testing.assert_allclose(coefficients.mean(axis=0), slope, atol=0.1 * error.min())
    np.testing.assert_allclose(coefficients.std(axis=0), error, rtol=0.06)
    covariance = kept(draws, "covariance")[:, 0]
    np.testing.assert_allclose(covariance.mean(axis=0), left, rtol=0.03)
    spread = np.diagonal(covariance.std(axis=0))
    np.testing.assert_allclose(spread, np.diag(left) * np.sqrt(2 / 398), rtol=0.08)


def test_draws_lie_around_the_restricted_likelihood_fit():
    data, _ = made_waves(900, waves=3)
    draws = drawn(data, 1500, thin=2)
    fitted = fit_waves(data).parameters
    coefficients = kept(draws, "coefficients")
    spread = coefficients.std(axis=0)
    away = np.abs(coefficients.mean(axis=0) - fitted.coefficients) / spread
    assert away.max() < 0.2
    np.testing.assert_allclose(kept(draws, "covariance").mean(axis=0), fitted.covariance, rtol=0.05)
    middle = np.median(kept(draws, "practice_wave_variance"))
    assert 0.5 < middle / fitted.practice_wave_variance < 2
    np.testing.assert_allclose(kept(draws, "practice").mean(axis=0), fitted.practice, atol=0.1)


def test_draws_that_are_kept_are_as_good_as_independent():
    data, _ = made_waves(400, lost=0.45)
    draws = drawn(data, 400, burn_in=100)
    at_last = kept(draws, "coefficients")[:, 1, 0, -1] - kept(draws, "coefficients")[:, 0, 0, -1]
    for chain in (at_last, kept(draws, "covariance")[:, 1, -1, -1]):
        off = chain - chain.mean()
        # Half an error of such a correlation, 1 / sqrt(400), above what is aimed at, 0.1.
        assert abs((off[1:] * off[:-1]).sum() / (off**2).sum()) < 0.125


def test_the_same_seed_gives_the_same_bits_and_another_seed_does_not():
    data, _ = made_waves(100)
    one, again, other = drawn(data, 2), drawn(data, 2), drawn(data, 2, seed=2)
    for name in ("coefficients", "covariance", "practice"):
        assert (kept(one, name) == kept(again, name)).all()
        assert (kept(one, name) != kept(other, name)).all()


def test_draws_move_with_the_unit_and_the_start_of_scores_and_covariates():
    data, _ = made_waves(150)
    x = data.x @ np.array([[1.0, 2000.0], [0.0, 0.5]])
    moved = replace(data, y=100 + 10 * data.y, x=x)
    usual, other = drawn(data, 3), drawn(moved, 3)
    for one, two in zip(usual, other, strict=True):
        np.testing.assert_allclose(
            complete(moved, two), 100 + 10 * complete(data, one), rtol=1e-6, atol=1e-6
        )
        np.testing.assert_allclose(two.covariance, 100 * one.covariance, rtol=1e-6)
        assert two.practice_variance == pytest.approx(100 * one.practice_variance, rel=1e-6)


def test_sums_have_the_same_size_however_many_people_there_are():
    few, many = (gather_sums(made_waves(n)[0]) for n in (400, 4000))
    assert few.products.shape[1:] == many.products.shape[1:]
    assert len(many.products) <= 16
    assert many.n.sum() == 4000


def test_one_arm_one_follow_up_and_no_practices():
    data, whole = made_waves(300, waves=1, arms=1, practices=0, lost=0.0)
    y = np.where(np.arange(300)[:, None] % 3 == 0, np.nan, whole)
    gaps = replace(data, y=y)
    draws = drawn(gaps, 400, thin=1)
    assert draws[0].practice.shape == (0, 1)
    rows = ~np.isnan(y[:, 0])
    slope = np.linalg.lstsq(data.x[rows], whole[rows], rcond=None)[0]
    found = kept(draws, "coefficients")[:, 0]
    assert (np.abs(found.mean(axis=0) - slope) < 0.2 * found.std(axis=0)).all()


def test_one_follow_up_has_one_variance_between_practices():
    data, _ = made_waves(300, waves=1, lost=0.0)
    draws = drawn(data, 30)
    assert (kept(draws, "practice_wave_variance") == 0).all()
    assert (kept(draws, "practice_variance") > 0).all()


@pytest.mark.parametrize("practices", ["none", "practice", "both"])
def test_practices_differ_as_was_asked(practices):
    data, _ = made_waves(300)
    effects = kept(drawn(data, 5, practices=practices), "practice")
    assert (effects != 0).any() == (practices != "none")
    alike = np.allclose(effects, effects[:, :, :1])
    assert alike == (practices != "both")


def test_a_practice_that_was_never_seen_at_a_wave_or_at_all_is_drawn_from_the_others():
    data, _ = made_waves(1200, waves=3, at_waves=0.5)
    y = data.y.copy()
    y[data.practice == 3, -1] = np.nan
    y[data.practice == 4] = np.nan
    draws = drawn(replace(data, y=y), 400, thin=4)
    spread = kept(draws, "practice").std(axis=0)
    assert np.isfinite(spread).all()
    assert spread[3, -1] > 1.5 * spread[5, -1]
    expected = np.sqrt(
        kept(draws, "practice_variance").mean() + kept(draws, "practice_wave_variance").mean()
    )
    np.testing.assert_allclose(spread[4], expected, rtol=0.2)


def test_people_of_whom_nothing_was_seen_change_no_draw():
    data, _ = made_waves(300)
    assert data.practice is not None
    more = WaveData(
        y=np.vstack([data.y, np.full((50, 4), np.nan)]),
        x=np.vstack([data.x, data.x[:50]]),
        arm=np.append(data.arm, data.arm[:50]),
        arms=2,
        practice=np.append(data.practice, data.practice[:50]),
        practices=15,
    )
    for one, two in zip(drawn(data, 2), drawn(more, 2), strict=True):
        np.testing.assert_allclose(one.covariance, two.covariance, rtol=1e-8)
    assert np.isfinite(complete(more, drawn(more, 1)[0], z=residual_numbers(350, 4, 1, 0))).all()


def test_practices_that_do_not_differ_keep_a_small_variance_and_the_chain_moves():
    data, _ = made_waves(3000, between=0.0, at_waves=0.0)
    draws = drawn(data, 100)
    for name in ("practice_variance", "practice_wave_variance"):
        spreads = np.sqrt(kept(draws, name))
        assert spreads.max() < 0.2
        assert len(np.unique(spreads)) > 90


def test_a_pattern_of_one_person_does_no_harm():
    data, _ = made_waves(120, waves=6, practices=5, lost=0.4)
    sums = gather_sums(data)
    assert sums.n.min() == 1
    covariance = kept(drawn(data, 50), "covariance")
    assert (np.linalg.eigvalsh(covariance) > 0).all()


def test_arms_that_are_joined_differ_in_their_means_alone():
    data, _ = made_waves(400)
    draws = drawn(data, 50, by_arm=False)
    covariance, coefficients = kept(draws, "covariance"), kept(draws, "coefficients")
    assert (covariance[:, 0] == covariance[:, 1]).all()
    assert (coefficients[:, 0, 1] == coefficients[:, 1, 1]).all()
    assert (coefficients[:, 0, 0] != coefficients[:, 1, 0]).all()


def test_covariates_that_cannot_be_told_apart_at_a_wave_are_refused():
    data, _ = made_waves(200)
    rare = (np.arange(200) == 0) * 1.0
    y = data.y.copy()
    y[0, -1] = np.nan
    with pytest.raises(FitError, match="1 of 8 arms and waves"):
        drawn(
            replace(
                data, y=y, x=np.column_stack([data.x, rare + (data.arm == 1) * data.x[:, 1] ** 2])
            )
        )


@pytest.mark.parametrize(
    "other", [{"practices": "each"}, {"imputations": 0}, {"thin": 0}, {"burn_in": -1}]
)
def test_options_that_cannot_be_used_are_refused(other):
    data, _ = made_waves(100)
    with pytest.raises(FitError):
        drawn(data, **other)


def test_residual_numbers_do_not_depend_on_how_many_imputations_there_are():
    assert (residual_numbers(5, 3, 7, 4) == residual_numbers(5, 3, 7, 4)).all()
    assert (residual_numbers(5, 3, 7, 4) != residual_numbers(5, 3, 7, 5)).all()
