"""The search, and what holds for every data set: order, shift, scale, parts, replicates."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.cluster_effects import CLUSTER_EFFECTS, cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model, infer
from splw_eval.stats.mixed.moments import add_moments, centred_basis, gather_moments
from splw_eval.stats.mixed.robust import fit_robust
from splw_eval.stats.mixed.structures import STRUCTURES, structure_of
from tests.unit.stats.mixed.dense import Rows, made_rows

# Fits that stop at a Newton decrement of 1e-10 agree to its root.
REL, ABS = 1e-4, 1e-5


def model(structure: str = "compound_symmetry", effect: str = "intercept") -> CovarianceModel:
    return CovarianceModel(
        structure=structure_of(structure, 3),
        groups=1,
        clusters=cluster_effects_of(effect, 3),
        cluster_groups=(effect != "none",),
    )


def large(seed: int = 1) -> Rows:
    return made_rows(seed, clusters=30)


def fit(rows: Rows, **asked: str) -> ModelFit:
    return fit_model(rows.moments(), model(**asked))


def same(one: ModelFit, other: ModelFit, *, scale: float = 1.0) -> None:
    np.testing.assert_allclose(one.beta[0, 1:] * scale, other.beta[0, 1:], rtol=REL, atol=ABS)
    np.testing.assert_allclose(one.phi[0] * scale**2, other.phi[0], rtol=REL, atol=ABS)


@pytest.mark.parametrize("effect", CLUSTER_EFFECTS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_every_structure_with_every_effect_comes_to_an_end(structure, effect):
    found = fit(large(), structure=structure, effect=effect)
    assert found.fit.converged[0]
    assert np.isfinite(found.deviance[0])
    assert np.isfinite(infer(found).kenward_roger(np.eye(3)[[1]]).df[0])


@pytest.mark.parametrize("structure", STRUCTURES)
def test_slopes_of_every_structure_are_those_of_small_steps(structure):
    held = structure_of(structure, 4, np.array([0.0, 3.0, 12.0, 18.0]))
    rough = np.eye(4) + 0.5
    theta = held.begin(rough)[None]
    _, slopes = held.covariance(theta)
    for place in range(theta.shape[1]):
        step = np.zeros_like(theta)
        step[0, place] = 1e-6
        moved = (held.covariance(theta + step)[0] - held.covariance(theta - step)[0]) / 2e-6
        np.testing.assert_allclose(slopes[0, place], moved[0], rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize("structure", STRUCTURES)
def test_second_derivatives_are_those_of_small_steps_and_none_where_it_is_linear(structure):
    held = structure_of(structure, 4, np.array([0.0, 3.0, 12.0, 18.0]))
    theta = held.begin(np.eye(4) + 0.5)[None]
    bends = held.curvature(theta)
    assert held.linear == (not bends.any())
    for place in range(theta.shape[1]):
        step = np.zeros_like(theta)
        step[0, place] = 1e-6
        moved = (held.covariance(theta + step)[1] - held.covariance(theta - step)[1]) / 2e-6
        np.testing.assert_allclose(bends[0, place], moved[0], rtol=1e-5, atol=1e-7)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.floats(-1e6, 1e6), scale=st.floats(0.01, 100))
def test_shift_and_scale_of_the_outcome_change_the_answer_likewise(seed, shift, scale):
    rows = made_rows(seed, clusters=12)
    same(fit(rows), fit(replace(rows, y=rows.y * scale + shift)), scale=scale)


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_order_of_rows_and_names_of_clusters_do_not_matter(seed):
    rows = made_rows(seed, clusters=12)
    order = np.random.default_rng(seed).permutation(len(rows.y))
    new_names = np.random.default_rng(seed + 1).permutation(rows.clusters)
    turned = replace(
        rows,
        **{name: getattr(rows, name)[order] for name in ("x", "y", "person", "wave")},
        cluster=new_names[rows.cluster[order]],
    )
    same(fit(rows), fit(turned))


def test_sums_of_parts_are_the_sums_of_the_whole():
    rows = large()
    parts = []
    for part in (rows.person % 3 == k for k in range(3)):
        pieces = {name: getattr(rows, name)[part] for name in ("x", "y", "person", "wave")}
        piece = replace(rows, cluster=rows.cluster[part], **pieces)
        parts.append(piece.moments(basis=centred_basis(rows.x, rows.y)))
    whole, added = rows.moments(), add_moments(parts)
    order = np.lexsort(whole.seen.T)
    other = np.lexsort(added.seen.T)
    np.testing.assert_array_equal(whole.counts[:, order], added.counts[:, other])
    np.testing.assert_allclose(whole.sums[:, :, order], added.sums[:, :, other], atol=1e-10)
    np.testing.assert_allclose(whole.products[:, order], added.products[:, other], atol=1e-9)
    assert added.rows == whole.rows


def test_replicates_fitted_together_are_those_fitted_alone():
    rows, rng = large(), np.random.default_rng(3)
    several = [replace(rows, y=rows.y + rng.normal(size=len(rows.y))) for _ in range(4)]
    alone = [fit_model(each.moments(), model("unstructured", "wave")) for each in several]
    basis = centred_basis(rows.x, rows.y)
    parts = [each.moments(basis=basis) for each in several]
    stacked = replace(
        parts[0],
        sums=np.concatenate([part.sums for part in parts]),
        products=np.concatenate([part.products for part in parts]),
    )
    together = fit_model(stacked, model("unstructured", "wave"))
    for place, one in enumerate(alone):
        assert together.deviance[place] == pytest.approx(one.deviance[0], abs=1e-6)
        np.testing.assert_allclose(together.beta[place], one.beta[0], rtol=REL, atol=ABS)


def test_a_variance_that_is_zero_is_held_there_and_both_rules_give_df():
    rng = np.random.default_rng(11)
    rows = large()
    independent = replace(rows, y=rng.normal(size=len(rows.y)))
    found = fit(independent, effect="wave")
    assert found.fit.bound[0, -2:].any()
    kept, left = (
        infer(found, boundary=rule).kenward_roger(np.eye(3)[[0]]).df[0]
        for rule in ("keep", "conditional")
    )
    assert 0 < kept < left


def test_rows_that_cannot_be_fitted_are_refused():
    rows = large()
    with pytest.raises(FitError, match="one basis"):
        add_moments([rows.moments(), replace(rows, y=rows.y + 1).moments()])
    with pytest.raises(FitError, match="full rank"):
        fit(replace(rows, x=np.column_stack([rows.x, rows.x[:, 1]])))
    codes = {"person": np.array([0, 0]), "wave": np.array([1, 1]), "cluster": np.array([0, 0])}
    with pytest.raises(FitError, match="two rows at one wave"):
        gather_moments(np.ones((2, 1)), np.ones(2), waves=2, clusters=1, **codes)
    with pytest.raises(FitError, match="no covariance"):
        structure_of("unstructerd", 3)
    with pytest.raises(FitError, match='no "expcted"'):
        infer(fit(rows), information="expcted")
    with pytest.raises(FitError, match='no "drop"'):
        infer(fit(rows), boundary="drop")
    with pytest.raises(FitError, match='no robust covariance "CR1"'):
        fit_robust(
            rows.x,
            rows.y,
            person=rows.person,
            wave=rows.wave,
            cluster=rows.cluster,
            covariance=np.eye(3),
            effects=np.zeros((3, 3)),
            phi=np.eye(3),
            kind="CR1",
        )
    with pytest.raises(FitError, match="no cluster effect"):
        cluster_effects_of("practice", 3)


@pytest.mark.parametrize("seed", [4, 7, 11])
def test_a_likelihood_without_a_maximum_is_not_said_to_have_one(seed):
    # Of 14 practices two have a second person: towards a singular covariance of people the
    # likelihood rises without end.
    rng = np.random.default_rng(seed)
    practice = np.concatenate([np.arange(14), [0, 1]])
    person, wave = np.repeat(np.arange(16), 4), np.tile(np.arange(4), 16)
    y = rng.normal(size=64) + 3 * np.repeat(rng.normal(size=14)[practice], 4)
    kept = rng.random(64) > 0.2
    moments = gather_moments(
        (wave[:, None] == np.arange(4))[kept].astype(float),
        y[kept],
        person=person[kept],
        wave=wave[kept],
        cluster=practice[person][kept],
        waves=4,
        clusters=14,
    )
    whole = CovarianceModel(
        structure=structure_of("unstructured", 4),
        groups=1,
        clusters=cluster_effects_of("wave", 4),
        cluster_groups=(True,),
    )
    assert not fit_model(moments, whole, reml=False).fit.converged[0]
