"""Replicates together against the same outcomes one by one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import fit_model, infer
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.replicates import lay_out, replicated_moments
from splw_eval.stats.mixed.robust import fit_robust
from splw_eval.stats.mixed.robust_replicates import fit_robust_replicates
from splw_eval.stats.mixed.structures import structure_of
from tests.unit.stats.mixed.dense import Rows, made_rows

REPLICATES = 4
CLUSTERS = 12
MODEL = CovarianceModel(
    structure=structure_of("unstructured", 3),
    groups=1,
    clusters=cluster_effects_of("wave", 3),
    cluster_groups=(True,),
)


def design(seed: int = 2) -> Rows:
    """Give rows whose x is that of cluster and wave alone."""
    rows = made_rows(seed, clusters=CLUSTERS)
    arm = (rows.cluster < CLUSTERS // 2).astype(float)
    late = [(rows.wave == t).astype(float) for t in (1, 2)]
    x = np.column_stack([np.ones(len(arm)), *late, arm, *(arm * t for t in late)])
    return replace(rows, x=x)


def outcomes(rows: Rows, seed: int = 1) -> np.ndarray:
    rng = np.random.default_rng(seed)
    people = rng.normal(size=(rows.person.max() + 1, REPLICATES))[rows.person]
    effects = 0.7 * rng.normal(size=(CLUSTERS, REPLICATES))[rows.cluster]
    return 30 + people + effects + rng.normal(size=(len(rows.y), REPLICATES))


def codes(rows: Rows) -> dict[str, Any]:
    return {
        "person": rows.person,
        "wave": rows.wave,
        "cluster": rows.cluster,
        "waves": 3,
        "clusters": CLUSTERS,
    }


def shuffled(rows: Rows, y: np.ndarray) -> tuple[Rows, np.ndarray]:
    order = np.random.default_rng(5).permutation(len(y))
    names = ("x", "y", "person", "wave", "cluster")
    return replace(rows, **{name: getattr(rows, name)[order] for name in names}), y[order]


@pytest.mark.parametrize("grouped", [False, True], ids=["one group", "two groups"])
@pytest.mark.parametrize("seed", range(3))
def test_sums_of_replicates_are_those_of_each_outcome_alone(seed, grouped):
    rows = made_rows(seed, clusters=CLUSTERS)
    y = outcomes(rows)
    mixed, drawn = shuffled(rows, y)
    of: dict[str, Any] = {"group": mixed.person % 2} if grouped else {}
    together = replicated_moments(lay_out(mixed.x, **codes(mixed), **of), drawn)
    of = {"group": rows.person % 2} if grouped else {}
    for place in range(REPLICATES):
        alone = gather_moments(rows.x, y[:, place], **codes(rows), **of, basis=together.basis)
        np.testing.assert_array_equal(together.counts, alone.counts)
        np.testing.assert_array_equal(together.seen, alone.seen)
        np.testing.assert_allclose(together.sums[place], alone.sums[0], atol=1e-10)
        np.testing.assert_allclose(together.products[place], alone.products[0], atol=1e-10)


def test_fits_and_tests_of_replicates_are_those_of_each_outcome_alone():
    rows = design()
    y = outcomes(rows)
    together = fit_model(replicated_moments(lay_out(rows.x, **codes(rows)), y), MODEL)
    row = np.eye(6)[[5]]
    for boundary in ("keep", "conditional"):
        test = infer(together, boundary=boundary).kenward_roger(row)
        for place in range(REPLICATES):
            alone = fit_model(gather_moments(rows.x, y[:, place], **codes(rows)), MODEL)
            one = infer(alone, boundary=boundary).kenward_roger(row)
            assert alone.deviance[0] == pytest.approx(together.deviance[place], abs=1e-6)
            np.testing.assert_allclose(test.estimate[place], one.estimate[0], rtol=1e-4)
            np.testing.assert_allclose(test.df[place], one.df[0], rtol=1e-3)
            np.testing.assert_allclose(test.covariance[place], one.covariance[0], rtol=1e-4)


def test_an_effect_added_to_the_outcomes_moves_the_estimate_and_nothing_else():
    rows = design()
    y, layout = outcomes(rows), lay_out(rows.x, **codes(rows))
    row = np.eye(6)[[5]]
    still = infer(fit_model(replicated_moments(layout, y), MODEL)).kenward_roger(row)
    added = y + 3.0 * rows.x[:, [5]]
    moved = infer(fit_model(replicated_moments(layout, added), MODEL)).kenward_roger(row)
    np.testing.assert_allclose(moved.estimate, still.estimate + 3.0, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(moved.covariance, still.covariance, rtol=1e-4)
    np.testing.assert_allclose(moved.df, still.df, rtol=1e-3)


def test_robust_covariance_of_replicates_is_that_of_whole_clusters():
    rows = design(4)
    y = outcomes(rows, 3)
    fitted = fit_model(replicated_moments(lay_out(rows.x, **codes(rows)), y), MODEL)
    robust = fit_robust_replicates(fitted)
    sigma, g = MODEL.matrices(fitted.fit.theta)
    for place in range(REPLICATES):
        whole = fit_robust(
            rows.x,
            y[:, place] - rows.x @ fitted.beta[place],
            person=rows.person,
            wave=rows.wave,
            cluster=rows.cluster,
            covariance=sigma[place, 0],
            effects=g[place, 0],
            phi=fitted.phi[place],
        )
        np.testing.assert_allclose(robust.vcov[place], whole.vcov, rtol=1e-8, atol=1e-12)
        for row in np.eye(6):
            df = robust.satterthwaite_df(row)[place]
            assert df == pytest.approx(whole.satterthwaite_df(row), rel=1e-8)


def test_robust_covariance_of_replicates_refuses_people_who_differ_within_a_cluster():
    rows = made_rows(1, clusters=CLUSTERS)
    moments = replicated_moments(lay_out(rows.x, **codes(rows)), outcomes(rows))
    with pytest.raises(FitError, match="differ in x"):
        fit_robust_replicates(fit_model(moments, MODEL))
