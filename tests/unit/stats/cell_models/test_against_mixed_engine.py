"""Trials fitted by sums of cells against the engine that is fitted to rows of people."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cell_models.at_parameters import (
    at_parameters,
    covariances_at,
    known_covariances,
)
from splw_eval.stats.cell_models.average_information import score_and_average
from splw_eval.stats.cell_models.cells import Cells
from splw_eval.stats.cell_models.expected_information import derivatives_at
from splw_eval.stats.cell_models.fit_cells import fit_cells
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import fit_model, infer
from splw_eval.stats.mixed.replicates import lay_out, replicated_moments
from splw_eval.stats.mixed.structures import structure_of

CLUSTERS, SIZE, VISITS, TRIALS = 9, 12, 3, 12
ROW = np.array([0, 0, 0, 0, 1.0])


def model(people: str, clusters: str, groups: int = 1) -> CovarianceModel:
    return CovarianceModel(
        structure=structure_of(people, VISITS),
        groups=groups,
        clusters=cluster_effects_of(clusters, VISITS),
        cluster_groups=(clusters != "none",),
    )


@pytest.fixture(scope="module")
def both():
    """The same trials as cells, and as moments of rows; arms are groups of people too."""
    rng = np.random.default_rng(4)
    practice = np.repeat(np.arange(CLUSTERS), SIZE)
    arm = (practice < 4).astype(int)
    last = rng.choice(VISITS, size=len(practice), p=[0.2, 0.2, 0.6])
    seen = np.arange(VISITS) <= last[:, None]
    person, wave = np.nonzero(seen)
    y = rng.normal(size=(len(practice), 1, TRIALS)) + rng.normal(size=(*seen.shape, TRIALS))
    y = y + 0.5 * rng.normal(size=(CLUSTERS, 1, TRIALS))[practice]
    y = y + 0.3 * rng.normal(size=(CLUSTERS, VISITS, TRIALS))[practice]
    x = np.zeros((2, VISITS, 5))
    x[:, :, :VISITS] = np.eye(VISITS)
    x[1, 1:, VISITS:] = np.eye(2)
    counts = np.zeros((CLUSTERS, VISITS, TRIALS))
    sums = np.zeros((CLUSTERS, VISITS, VISITS, TRIALS))
    products = np.zeros((2, VISITS, VISITS, VISITS, TRIALS))
    full = y * seen[:, :, None]
    for i, (k, j) in enumerate(zip(practice, last, strict=True)):
        counts[k, j] += 1
        sums[k, j] += full[i]
        products[arm[i], j] += full[i][:, None] * full[i][None]
    sequence = (np.arange(CLUSTERS) < 4).astype(int)

    def cells(groups: int) -> Cells:
        return Cells(
            x=x,
            sequence=sequence,
            group=sequence * (groups - 1),
            cluster_group=np.zeros(CLUSTERS, dtype=int),
            seen=np.tri(VISITS, dtype=bool),
            counts=counts,
            sums=sums,
            products=products if groups == 2 else products.sum(axis=0, keepdims=True),
        )

    def moments(groups: int):
        layout = lay_out(
            x[arm[person], wave],
            person=person,
            wave=wave,
            cluster=practice[person],
            waves=VISITS,
            clusters=CLUSTERS,
            group=arm[person] * (groups - 1),
        )
        return replicated_moments(layout, y[person, wave])

    return cells, moments


FORMS = [
    ("compound_symmetry", "intercept", 1),
    ("compound_symmetry", "wave", 1),
    ("unstructured", "wave", 1),
    ("compound_symmetry", "wave", 2),
    ("unstructured", "none", 1),
    ("ar1", "intercept", 1),
]


@pytest.mark.parametrize("form", FORMS)
def test_estimates_errors_and_degrees_of_freedom_are_those_of_the_engine(both, form):
    cells, moments = both
    people, clusters, groups = form
    held = model(people, clusters, groups)
    theirs = fit_model(moments(groups), held)
    ours = fit_cells(cells(groups), held, theirs.fit.theta.mean(axis=0))
    assert ours.converged.all()
    assert ours.at.deviance == pytest.approx(theirs.deviance, abs=1e-6)
    assert (ours.bound == theirs.fit.bound).all()
    for boundary in ("keep", "conditional"):
        rules = infer(theirs, boundary=boundary)
        named = {"kenward-roger": rules.kenward_roger, "satterthwaite": rules.satterthwaite}
        for rule, test in named.items():
            expected = test(ROW[None])
            found, usable = ours.test(ROW, rule=rule, boundary=boundary)
            assert usable.all()
            assert found.estimate == pytest.approx(expected.estimate, abs=1e-3)
            assert found.covariance == pytest.approx(expected.covariance, rel=1e-3)
            assert found.df == pytest.approx(expected.df, rel=1e-2)


@pytest.mark.parametrize("form", FORMS)
def test_matrices_at_the_same_parameters_are_those_of_the_engine(both, form):
    cells, moments = both
    people, clusters, groups = form
    held = model(people, clusters, groups)
    theirs = fit_model(moments(groups), held)
    given = covariances_at(cells(groups), held, theirs.fit.theta)
    at = at_parameters(cells(groups), given)
    assert at.deviance == pytest.approx(theirs.deviance, rel=1e-10)
    assert np.swapaxes(at.beta, 0, 1) == pytest.approx(theirs.beta, abs=1e-9)
    assert np.moveaxis(at.phi, 2, 0) == pytest.approx(theirs.phi, rel=1e-8, abs=1e-12)
    score, _ = score_and_average(cells(groups), at)
    ours = derivatives_at(cells(groups), at)
    assert score == pytest.approx(theirs.fit.slopes.score, abs=1e-5)
    assert ours.expected == pytest.approx(theirs.fit.slopes.expected, rel=1e-7, abs=1e-7)


def test_the_score_is_the_slope_of_the_criterion(both):
    cells = both[0](1)
    held = model("compound_symmetry", "wave")
    theta = np.tile([1.1, 0.8, 0.3, 0.1], (TRIALS, 1))
    score, average = score_and_average(
        cells, at_parameters(cells, covariances_at(cells, held, theta))
    )
    for r, step in enumerate(1e-5 * np.eye(4)):
        up, down = (
            at_parameters(cells, covariances_at(cells, held, theta + sign * step)).deviance
            for sign in (1, -1)
        )
        assert score[:, r] == pytest.approx((down - up) / 4e-5, rel=1e-4, abs=1e-4)
    assert (np.linalg.eigvalsh(average) > 0).all()


def test_the_end_does_not_hang_on_where_the_search_begins(both):
    cells, held = both[0](1), model("compound_symmetry", "wave")
    near = fit_cells(cells, held, np.array([1.0, 1.0, 0.25, 0.09]))
    far = fit_cells(cells, held, np.array([3.0, 0.3, 2.0, 1.0]))
    assert near.converged.all()
    assert far.converged.all()
    assert far.theta == pytest.approx(near.theta, abs=1e-3)


def test_known_covariances_give_the_estimate_of_least_squares_with_them(both):
    cells, held = both[0](1), model("compound_symmetry", "wave")
    theta = np.array([[1.0, 1.0, 0.25, 0.09]])
    sigma, g = held.matrices(theta)
    known = at_parameters(cells, known_covariances(cells, sigma[0], g[0]))
    by_model = at_parameters(cells, covariances_at(cells, held, np.tile(theta, (TRIALS, 1))))
    assert known.beta == pytest.approx(by_model.beta, abs=1e-12)
    assert known.deviance == pytest.approx(by_model.deviance, rel=1e-12)


def test_a_covariance_that_is_none_has_an_infinite_deviance(both):
    cells, held = both[0](1), model("compound_symmetry", "wave")
    theta = np.tile([1.0, -0.6, 0.1, 0.1], (TRIALS, 1))
    at = at_parameters(cells, covariances_at(cells, held, theta))
    assert not at.good.any()
    assert np.isinf(at.deviance).all()


def test_matrices_that_must_stay_semidefinite_as_a_whole_are_refused(both):
    with pytest.raises(FitError, match="one effect"):
        fit_cells(both[0](1), model("compound_symmetry", "unstructured"), np.ones(8))
