"""People who see the same waves, and sums without some of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.drawing import draw_outcomes
from splw_eval.stats.mixed.leave_out import fit_without, without
from splw_eval.stats.mixed.model_fit import fit_model
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.people import people_by_waves
from splw_eval.stats.mixed.robust import fit_robust
from splw_eval.stats.mixed.structures import structure_of
from tests.unit.stats.mixed.dense import Rows, made_rows, whole


def part_of(rows: Rows, kept: np.ndarray, **more: Any):
    """Sums of some rows, with all clusters."""
    return gather_moments(
        rows.x[kept],
        rows.y[kept],
        person=rows.person[kept],
        wave=rows.wave[kept],
        cluster=rows.cluster[kept],
        waves=rows.waves,
        clusters=rows.clusters,
        **more,
    )


@pytest.mark.parametrize("seed", range(5))
def test_every_row_stands_once_with_its_wave_and_person(seed):
    rows = made_rows(seed, waves=4, clusters=8)
    shuffled = np.random.default_rng(seed).permutation(len(rows.y))
    person, wave = rows.person[shuffled], rows.wave[shuffled]
    group = person % 2
    found = people_by_waves(person, wave, 4, group)
    every = np.concatenate([some.rows.ravel() for some in found])
    assert sorted(every) == list(range(len(person)))
    for some in found:
        np.testing.assert_array_equal(wave[some.rows], np.tile(some.waves, (len(some.rows), 1)))
        assert (person[some.rows] == person[some.rows[:, :1]]).all()
        assert (group[some.rows] == some.group).all()
    assert len({(some.group, tuple(some.waves)) for some in found}) == len(found)


@pytest.mark.parametrize("seed", range(4))
def test_sums_without_a_cluster_are_those_of_the_other_rows(seed):
    rows = made_rows(seed, clusters=6)
    moments = rows.moments()
    out = rows.cluster == 2
    found = without(moments, part_of(rows, out, basis=moments.basis))
    expected = part_of(rows, ~out, basis=moments.basis)
    assert found.rows == expected.rows
    np.testing.assert_array_equal(found.seen, expected.seen)
    np.testing.assert_array_equal(found.counts, expected.counts)
    scale = np.abs(moments.products).max()
    np.testing.assert_allclose(found.sums, expected.sums, atol=1e-12 * scale)
    np.testing.assert_allclose(found.products, expected.products, atol=1e-12 * scale)


def test_a_fit_without_a_cluster_is_that_of_the_other_rows():
    rows = made_rows(3, clusters=14)
    model = CovarianceModel(
        structure=structure_of("compound_symmetry", 3),
        groups=1,
        clusters=cluster_effects_of("wave", 3),
        cluster_groups=(True,),
    )
    fitted = fit_model(rows.moments(), model)
    for k in (0, 5, 13):
        out = rows.cluster == k
        part = part_of(rows, out, basis=fitted.moments.basis)
        found, expected = fit_without(fitted, part), fit_model(part_of(rows, ~out), model)
        assert found.deviance[0] == pytest.approx(expected.deviance[0], rel=1e-9)
        np.testing.assert_allclose(found.beta, expected.beta, rtol=1e-5)
        np.testing.assert_allclose(found.phi, expected.phi, rtol=1e-4)


def test_parts_of_other_people_or_in_another_basis_are_refused():
    rows = made_rows(1)
    moments = rows.moments()
    with pytest.raises(FitError, match="basis"):
        without(moments, rows.moments(basis=np.eye(4)))
    with pytest.raises(FitError, match="Nobody is left"):
        without(moments, moments)
    strangers = rows.moments(basis=moments.basis, group=np.ones(len(rows.y), np.int64))
    with pytest.raises(FitError, match="people whom the sums do not"):
        without(moments, strangers)


def test_draws_have_the_covariance_asked_for():
    rows = made_rows(2, clusters=4)
    sigma = np.array([[2.0, 0.5, 0.2], [0.5, 1.0, 0.3], [0.2, 0.3, 1.5]])
    g = np.array([[0.4, 0.4], [0.4, 0.4]])  # singular
    effects = np.array([[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]])
    drawn = draw_outcomes(
        people_by_waves(rows.person, rows.wave, 3),
        sigma=sigma[None],
        g=g[None],
        effects=effects,
        cluster=rows.cluster,
        wave=rows.wave,
        cluster_group=np.zeros(4, np.int64),
        draws=20_000,
        rng=np.random.default_rng(5),
    )
    v = whole(rows, sigma, g, effects)
    sd = np.sqrt(np.diag(v))
    size = np.sqrt((1 + (v / np.outer(sd, sd)) ** 2) / 20_000)
    assert np.abs((np.cov(drawn) - v) / np.outer(sd, sd) / size).max() < 5


def test_clusters_of_thousands_of_alike_people_take_a_small_matrix(monkeypatch):
    rng = np.random.default_rng(1)
    people, waves, clusters = 6 * 1000, 3, 6
    person = np.repeat(np.arange(people), waves)
    wave = np.tile(np.arange(waves), people)
    cluster = person % clusters
    arm = (cluster % 2).astype(float)
    at = (wave[:, None] == np.arange(waves)).astype(float)
    x = np.column_stack([at, at * arm[:, None]])
    sigma, effects = 0.5 * np.eye(waves) + 0.5, np.full((waves, waves), 0.1)
    y = rng.normal(size=len(wave)) + rng.normal(size=clusters)[cluster]
    beta = np.linalg.lstsq(x, y, rcond=None)[0]  # weights change nothing in a balanced design
    # Of three clusters of each arm, the means' covariance.
    means = (sigma / 1000 + effects) / 3
    phi = np.block([[means, -means], [-means, 2 * means]])
    monkeypatch.setattr("splw_eval.stats.mixed.robust_clusters.MOST_ROWS", 3)
    found = fit_robust(
        x,
        y - x @ beta,
        person=person,
        wave=wave,
        cluster=cluster,
        covariance=sigma,
        effects=effects,
        phi=phi,
    )
    of_cluster = np.array([y[(cluster == k) & (wave == 0)].mean() for k in range(clusters)])
    spread = sum(of_cluster[side::2].var(ddof=1) / 3 for side in (0, 1))
    row = np.eye(2 * waves)[waves]
    assert row @ found.vcov @ row == pytest.approx(spread, rel=1e-9)
    assert found.satterthwaite_df(row) == pytest.approx(clusters - 2, rel=1e-9)
