"""Terms in second derivatives against whole matrices, and small steps of the score."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.criterion import evaluate_criterion
from splw_eval.stats.mixed.derivatives import differentiate
from splw_eval.stats.mixed.kr_curvature import curvature_of, is_linear
from splw_eval.stats.mixed.model_fit import fit_model, infer
from splw_eval.stats.mixed.structures import structure_of
from tests.unit.stats.mixed.dense import Rows, made_rows, whole

CLOSE = 1e-8
BENT = ["ar1", "ar1_het", "toeplitz_het", "ante_dependence", "compound_symmetry_het"]


def made_model(structure: str, effect: str, *, groups: int = 1, waves: int = 3) -> CovarianceModel:
    return CovarianceModel(
        structure=structure_of(structure, waves),
        groups=groups,
        clusters=cluster_effects_of(effect, waves),
        cluster_groups=(effect != "none",),
    )


def some_theta(model: CovarianceModel) -> np.ndarray:
    rng = np.random.default_rng(2)
    theta = model.begin(np.eye(3)[None] + 0.5)[0]
    return (theta * rng.uniform(0.8, 1.2, len(theta)))[None]


def v_of(rows: Rows, model: CovarianceModel, theta: np.ndarray) -> np.ndarray:
    sigma, g = model.matrices(theta)
    return whole(rows, sigma[0, 0], g[0, 0], model.clusters.effects)


def at_theta(moments, model, theta, *, reml=True):
    sigma, g, e, f = model.with_slopes(theta)
    effects = model.clusters.effects
    at = evaluate_criterion(moments, effects, sigma, g, reml=reml)
    return at, differentiate(moments, effects, at, e, f, reml=reml)


@pytest.mark.parametrize("effect", ["none", "wave", "decay"])
@pytest.mark.parametrize("structure", [*BENT, "unstructured"])
def test_the_term_is_that_of_whole_matrices(structure, effect):
    rows, model = made_rows(3, clusters=5), made_model(structure, effect)
    theta, moments = some_theta(model), rows.moments(basis=np.eye(4))
    at, _ = at_theta(moments, model, theta)
    found = curvature_of(moments, model, theta, at, reml=True).r[0]
    inverse = np.linalg.inv(v_of(rows, model, theta))
    count, step = theta.shape[1], 1e-4
    for r in range(count):
        for s in range(r + 1):
            one, other = np.eye(count)[[r]] * step, np.eye(count)[[s]] * step
            bend = v_of(rows, model, theta + one + other) - v_of(rows, model, theta + one - other)
            bend -= v_of(rows, model, theta - one + other) - v_of(rows, model, theta - one - other)
            truth = rows.x.T @ inverse @ (bend / (4 * step**2)) @ inverse @ rows.x
            np.testing.assert_allclose(found[r, s], truth, rtol=1e-5, atol=1e-5)
            np.testing.assert_allclose(found[s, r], found[r, s], rtol=CLOSE)


@pytest.mark.parametrize("reml", [True, False], ids=["REML", "ML"])
@pytest.mark.parametrize("groups", [1, 2])
@pytest.mark.parametrize(("structure", "effect"), [("toeplitz_het", "decay"), ("ar1", "wave")])
def test_the_observed_information_is_that_of_small_steps_of_the_score(
    structure, effect, groups, reml
):
    rows, model = made_rows(4, clusters=6), made_model(structure, effect, groups=groups)
    group = rows.person % groups
    theta, moments = some_theta(model), rows.moments(basis=np.eye(4), group=group)
    at, slopes = at_theta(moments, model, theta, reml=reml)
    bends = curvature_of(moments, model, theta, at, reml=reml)
    observed = slopes.observed[0] - bends.score[0]
    for r in range(theta.shape[1]):
        step = 1e-5 * np.eye(theta.shape[1])[[r]]
        up = at_theta(moments, model, theta + step, reml=reml)[1].score[0]
        down = at_theta(moments, model, theta - step, reml=reml)[1].score[0]
        np.testing.assert_allclose(observed[r], -(up - down) / 2e-5, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("structure", BENT)
def test_second_order_changes_errors_and_not_df(structure):
    found = fit_model(made_rows(1, clusters=30).moments(), made_model(structure, "intercept"))
    row = np.eye(3)[[1]]
    linear, full = (infer(found, second_order=asked).kenward_roger(row) for asked in (False, True))
    assert full.df[0] == linear.df[0]
    assert full.covariance[0, 0, 0] != linear.covariance[0, 0, 0]
    assert full.covariance[0, 0, 0] == pytest.approx(linear.covariance[0, 0, 0], rel=0.1)


@pytest.mark.parametrize("structure", ["unstructured", "toeplitz", "compound_symmetry"])
def test_a_linear_covariance_has_no_such_term(structure):
    model = made_model(structure, "wave")
    found = fit_model(made_rows(1, clusters=30).moments(), model)
    assert is_linear(model)
    linear, full = infer(found), infer(found, second_order=True)
    np.testing.assert_array_equal(linear.adjusted, full.adjusted)


def test_decay_of_clusters_is_not_linear_unless_there_are_none():
    assert not is_linear(made_model("unstructured", "decay"))
    without = replace(made_model("unstructured", "decay"), cluster_groups=(False,))
    assert is_linear(without)
    assert not is_linear(made_model("ar1", "none"))
