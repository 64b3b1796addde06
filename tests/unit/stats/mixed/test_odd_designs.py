"""An answer or a refusal: never a number that is none, never an error of the algebra."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed import search
from splw_eval.stats.mixed.cluster_effects import CLUSTER_EFFECTS, cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel, from_factors, to_factors
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model, infer
from splw_eval.stats.mixed.moments import centred_basis
from splw_eval.stats.mixed.structures import STRUCTURES, structure_of
from tests.unit.stats.mixed.dense import Rows, made_rows


def made_model(structure: str, effect: str, waves: int = 3) -> CovarianceModel:
    return CovarianceModel(
        structure=structure_of(structure, waves),
        groups=1,
        clusters=cluster_effects_of(effect, waves),
        cluster_groups=(effect != "none",),
    )


OUTCOMES = {
    "drawn": lambda rng, rows, people: rng.normal(size=len(rows[0])),
    "nearly constant in people": lambda rng, rows, people: (
        rng.normal(size=people)[rows[0]] + 1e-3 * rng.normal(size=len(rows[0]))
    ),
    "constant in people": lambda rng, rows, people: rng.normal(size=people)[rows[0]],
    "whole numbers": lambda rng, rows, people: rng.integers(0, 2, len(rows[0])).astype(float),
    "huge": lambda rng, rows, people: 1e12 * rng.normal(size=len(rows[0])),
    "zero": lambda rng, rows, people: np.zeros(len(rows[0])),
    "constant": lambda rng, rows, people: np.full(len(rows[0]), 3.7),
    "by wave": lambda rng, rows, people: 0.1 * rows[1],
}


@st.composite
def odd_rows(draw: st.DrawFn) -> Rows:
    """Few clusters, one person or a few in each, one wave or a few, gaps."""
    waves, clusters, each = (draw(st.integers(1, most)) for most in (3, 3, 5))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    people = clusters * each
    seen = rng.random((people, waves)) < draw(st.sampled_from([0.4, 0.7, 1.0]))
    seen[np.arange(people), rng.integers(0, waves, people)] = True
    person, wave = np.nonzero(seen)
    columns = [np.ones(len(person)), (person // each) % 2, wave == waves - 1, person % 3]
    kept = draw(st.integers(1, len(columns)))
    outcome = OUTCOMES[draw(st.sampled_from(list(OUTCOMES)))]
    return Rows(
        x=np.column_stack(columns[:kept]).astype(float),
        y=outcome(rng, (person, wave), people),
        person=person,
        wave=wave,
        cluster=person // each,
        waves=waves,
        clusters=clusters,
    )


def check_tests(found: ModelFit, **asked) -> None:
    try:
        inference = infer(found, **asked)
    except FitError:
        return
    for test in (inference.kenward_roger, inference.satterthwaite):
        for row in np.eye(found.beta.shape[1]):
            try:
                one = test(row[None])
            except FitError as refused:
                assert "positive" in refused.message
                continue
            assert one.df[0] > 0
            assert np.isfinite(one.covariance).all()
            assert one.covariance[0, 0, 0] > 0
            assert np.isfinite(one.f[0])


@settings(max_examples=150, deadline=None)
@given(
    rows=odd_rows(),
    structure=st.sampled_from(list(STRUCTURES)),
    effect=st.sampled_from(CLUSTER_EFFECTS),
)
def test_an_odd_design_is_fitted_or_refused(rows, structure, effect):
    with pytest.MonkeyPatch.context() as patch:
        # A likelihood without end takes every step there is; fewer show as much.
        patch.setattr(search, "MOST_STEPS", 30)
        try:
            found = fit_model(rows.moments(), made_model(structure, effect, rows.waves))
        except FitError:
            return
    for numbers in (found.beta, found.phi, found.deviance, found.fit.theta):
        assert np.isfinite(numbers).all()
    check_tests(found, information="expected", boundary="keep", second_order=True)
    check_tests(found, information="observed", boundary="conditional")


@pytest.mark.parametrize("effect", CLUSTER_EFFECTS)
@pytest.mark.parametrize("structure", STRUCTURES)
def test_an_outcome_without_spread_is_refused(structure, effect):
    rows = made_rows(2, clusters=8)
    waves = np.column_stack([rows.wave == wave for wave in range(3)]).astype(float)
    for y in (np.zeros(len(rows.y)), np.full(len(rows.y), 3.7), rows.x @ [1.0, 2.0, 0.3]):
        with pytest.raises(FitError, match="Nothing of the outcome is left over"):
            fit_model(replace(rows, y=y).moments(), made_model(structure, effect))
    with pytest.raises(FitError, match="Nothing of the outcome is left over"):
        fit_model(
            replace(rows, x=waves, y=0.1 * rows.wave).moments(), made_model(structure, effect)
        )


@pytest.mark.parametrize("shift", [0.0, 1e5])
def test_a_small_spread_about_a_large_mean_is_fitted(shift):
    rows = made_rows(2, clusters=20)
    found = fit_model(
        replace(rows, y=shift + 1e-3 * rows.y).moments(), made_model("ar1", "intercept")
    )
    assert found.fit.converged[0]


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["x", "y"])
def test_numbers_that_are_not_finite_are_refused(number, where):
    rows = made_rows(2)
    spoilt = getattr(rows, where).copy()
    spoilt[-1] = number
    with pytest.raises(FitError, match="missing, infinite or too large"):
        replace(rows, **{where: spoilt}).moments()


def test_no_rows_no_columns_and_fewer_rows_than_columns_are_refused():
    rows = made_rows(2)
    names = ("x", "y", "person", "wave", "cluster")
    for few, told in ((0, "no rows"), (2, "full rank"), (3, "Nothing of the outcome")):
        part = replace(rows, **{name: getattr(rows, name)[:few] for name in names})
        with pytest.raises(FitError, match=told):
            fit_model(part.moments(), made_model("ar1", "intercept"))
    with pytest.raises(FitError, match="no columns"):
        replace(rows, x=rows.x[:, :0]).moments()


def test_a_matrix_of_zeros_is_lifted_before_its_factor_is_taken():
    theta = np.array([[0.0] * 6, [4.0, 2.0, 5.0, 0.0, 1.0, 2.0]])
    back, _ = from_factors(to_factors(theta, ((0, 3),)), ((0, 3),))
    np.testing.assert_allclose(back, theta, atol=1e-12)
    assert (back[0, [0, 2, 5]] > 0).all()


def test_a_replicate_without_spread_is_marked_and_leaves_the_others_alone():
    rows = made_rows(1, clusters=30)
    flat = replace(rows, y=np.zeros(len(rows.y)))
    basis = centred_basis(rows.x, rows.y)
    basis[:, -1] = [0.0, 0.0, 0.0, 1.0]
    parts = [each.moments(basis=basis) for each in (rows, flat)]
    both = replace(
        parts[0],
        sums=np.concatenate([part.sums for part in parts]),
        products=np.concatenate([part.products for part in parts]),
    )
    for effect in ("wave", "unstructured"):
        model = made_model("compound_symmetry", effect)
        found, alone = fit_model(both, model), fit_model(rows.moments(), model)
        assert not found.fit.converged[1]
        assert found.deviance[0] == pytest.approx(alone.deviance[0], abs=1e-6)


def test_singular_information_and_rows_that_repeat_are_refused():
    rows = made_rows(1, clusters=30)
    one_cluster = replace(rows, cluster=np.zeros_like(rows.cluster), clusters=1)
    found = fit_model(one_cluster.moments(), made_model("compound_symmetry", "intercept"))
    with pytest.raises(FitError, match="expected information"):
        infer(found)
    inference = infer(fit_model(rows.moments(), made_model("ar1", "intercept")))
    for test in (inference.kenward_roger, inference.satterthwaite):
        with pytest.raises(FitError, match="others make up"):
            test(np.eye(3)[[0, 1, 0]])
        with pytest.raises(FitError, match="not finite"):
            test(np.array([[0.0, np.nan, 1.0]]))
