"""How far groups of practices lie apart by chance alone."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.weighting.chance_scale import (
    chance_error,
    chance_scale,
    intraclass_within,
)


def test_fifteen_practices_of_33_and_a_correlation_of_a_twentieth_give_the_known_value():
    found = chance_error(0.05, 33, 0.0, 7 * 33, 8 * 33)
    assert found == pytest.approx(0.145, abs=5e-4)


def test_practices_of_one_size_agree_with_the_closed_form():
    rng = np.random.default_rng(1)
    practice = np.repeat(np.arange(15), 33)
    treated = practice < 7
    X = (rng.normal(size=15)[practice] + 2 * rng.normal(size=len(practice)))[:, None]
    found = chance_scale(X, treated, practice)
    expected = chance_error(float(found.intraclass[0]), 33, 0.0, 231, 264)
    assert found.std_error[0] == pytest.approx(expected, rel=1e-12)


def test_unequal_sizes_count_with_their_coefficient_of_variation():
    size = np.array([10, 30, 50, 20, 40, 30])
    practice = np.repeat(np.arange(6), size)
    treated = practice < 3
    rng = np.random.default_rng(2)
    X = (2 * rng.normal(size=6)[practice] + rng.normal(size=180))[:, None]
    found = chance_scale(X, treated, practice)
    rho, total = float(found.intraclass[0]), 0.0
    for own in (size[:3], size[3:]):
        c = own.std() / own.mean()
        total += (1 + (c**2 * own.mean() + own.mean() - 1) * rho) / own.sum()
    assert rho > 0.1
    assert found.std_error[0] == pytest.approx(np.sqrt(total), rel=1e-12)


def test_the_scale_is_that_of_groups_drawn_from_practices_by_chance():
    rng = np.random.default_rng(3)
    practice = np.repeat(np.arange(15), 33)
    treated, seen, said = practice < 7, [], []
    for _ in range(400):
        x = np.sqrt(0.1) * rng.normal(size=15)[practice] + np.sqrt(0.9) * rng.normal(size=495)
        spread = np.sqrt((x[treated].var(ddof=1) + x[~treated].var(ddof=1)) / 2)
        seen.append((x[treated].mean() - x[~treated].mean()) / spread)
        said.append(chance_scale(x[:, None], treated, practice).std_error[0] ** 2)
    assert np.sqrt(np.mean(said)) == pytest.approx(np.std(seen), rel=0.12)


def test_a_difference_between_groups_is_none_between_practices():
    practice = np.repeat(np.arange(6), 4)
    treated = practice < 3
    within = np.tile([-1.0, 1, -2, 2], 6)
    X = np.column_stack([within, within + 100 * treated])
    rho = intraclass_within(X, treated, practice)
    assert rho.tolist() == pytest.approx([0.0, 0.0])


def test_a_covariate_of_practices_has_the_correlation_one():
    practice = np.repeat(np.arange(6), 4)
    X = np.array([1.0, 5, 2, 8, 3, 4])[practice][:, None]
    found = chance_scale(X, practice < 3, practice)
    assert found.intraclass[0] == pytest.approx(1.0)
    assert found.std_error[0] == pytest.approx(np.sqrt(1 / 3 + 1 / 3))


def test_without_practices_people_count_as_independent():
    X = np.column_stack([np.arange(10.0), np.ones(10)])
    found = chance_scale(X, np.arange(10) < 4, None)
    assert found.std_error[0] == pytest.approx(np.sqrt(1 / 4 + 1 / 6))
    assert np.isnan(found.std_error[1])
