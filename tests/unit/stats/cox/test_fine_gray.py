"""Cases where Fine and Gray's model is a plain hazards model, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.fine_gray import fit_fine_gray

RNG = np.random.default_rng(5)
N = 300
X = RNG.normal(size=(N, 2))
DAY = np.floor(RNG.exponential(25 * np.exp(-0.4 * X[:, 0])))
CAUSE = RNG.integers(0, 4, N)
PRACTICE = RNG.integers(0, 12, N)


def same_errors(fit, cox):
    assert fit.robust_covariance is not None
    assert cox.robust_covariance is not None
    np.testing.assert_allclose(fit.beta, cox.beta, rtol=1e-8)
    np.testing.assert_allclose(fit.model_covariance, cox.covariance, rtol=1e-8)
    np.testing.assert_allclose(fit.robust_covariance, cox.robust_covariance, rtol=1e-8)
    assert fit.log_likelihood == pytest.approx(cox.log_likelihood, rel=1e-10)


def test_one_cause_alone_is_coxs_model_with_breslows_ties():
    fit = fit_fine_gray(DAY, CAUSE == 2, X, of=1, cluster=PRACTICE)
    same_errors(fit, fit_cox_model(None, DAY, CAUSE == 2, X, cluster=PRACTICE, ties="breslow"))
    assert (fit.competing, fit.clusters) == (0, 12)


def test_with_nobody_censored_who_left_otherwise_stays_at_risk_to_the_end():
    cause = CAUSE % 3 + 1
    forever = np.where(cause == 2, DAY, DAY.max() + 1)
    cox = fit_cox_model(None, forever, cause == 2, X, cluster=PRACTICE, ties="breslow")
    fit = fit_fine_gray(DAY, cause, X, of=2, cluster=PRACTICE)
    same_errors(fit, cox)
    by_person = fit_cox_model(
        None, forever, cause == 2, X, cluster=np.arange(N), ties="breslow"
    ).robust_covariance
    assert by_person is not None
    np.testing.assert_allclose(fit.covariance, by_person, rtol=1e-8)
    assert fit.censored == 0


def test_counting_days_from_1_instead_of_0_changes_nothing():
    assert (DAY == 0).any()
    first = fit_fine_gray(DAY, CAUSE, X, of=1)
    again = fit_fine_gray(DAY + 1, CAUSE, X, of=1)
    np.testing.assert_allclose(again.beta, first.beta, rtol=1e-12)
    np.testing.assert_allclose(again.covariance, first.covariance, rtol=1e-12)
    assert first.robust_covariance is None


def test_the_order_of_people_and_the_units_of_columns_change_nothing():
    fit = fit_fine_gray(DAY, CAUSE, X, of=3, cluster=PRACTICE)
    order = RNG.permutation(N)
    scale = np.array([100.0, 1.0])
    again = fit_fine_gray(
        DAY[order], CAUSE[order], X[order] * scale + 7, of=3, cluster=PRACTICE[order] + 40
    )
    np.testing.assert_allclose(again.beta * scale, fit.beta, rtol=1e-8)
    np.testing.assert_allclose(again.influence * scale, fit.influence[order], atol=1e-10)
    assert again.robust_covariance is not None
    assert fit.robust_covariance is not None
    robust = again.robust_covariance * np.outer(scale, scale)
    np.testing.assert_allclose(robust, fit.robust_covariance, rtol=1e-8)
    np.testing.assert_allclose(again.incidence(X[:3] * scale + 7), fit.incidence(X[:3]), rtol=1e-8)


def test_the_influence_sums_to_nothing_and_people_add_up():
    fit = fit_fine_gray(DAY, CAUSE, X, of=1)
    np.testing.assert_allclose(fit.influence.sum(axis=0), 0.0, atol=1e-10)
    assert fit.events + fit.competing + fit.censored == fit.n == N
    assert fit.log_likelihood > fit.null_log_likelihood


def test_the_influence_is_the_change_when_one_person_is_left_out():
    day = DAY + RNG.random(N)
    fit = fit_fine_gray(day, CAUSE, X, of=1)
    some = np.arange(0, N, 10)
    left_out = np.array(
        [
            fit.beta - fit_fine_gray(np.delete(day, i), np.delete(CAUSE, i), kept, of=1).beta
            for i in some
            for kept in [np.delete(X, i, axis=0)]
        ]
    )
    for j in range(2):
        assert np.corrcoef(left_out[:, j], fit.influence[some, j])[0, 1] > 0.995


def test_the_incidence_foretold_rises_from_0_towards_1():
    fit = fit_fine_gray(DAY, CAUSE, X, of=2)
    foretold = fit.incidence([[0.0, 0.0], [2.0, 0.0]])
    assert (np.diff(foretold, axis=1) > 0).all()
    assert (foretold > 0).all()
    assert (foretold < 1).all()
    with pytest.raises(FitError, match="2 columns"):
        fit.incidence([[1.0]])


def test_columns_far_from_0_foretell_what_columns_near_0_do():
    day = 20000 + np.floor(20 * X[:, :1])
    near, far = (fit_fine_gray(DAY, CAUSE, x, of=1) for x in (day - 20000, day))
    np.testing.assert_allclose(far.incidence(day[:5]), near.incidence(day[:5] - 20000), rtol=1e-8)
    steep = fit_fine_gray(DAY, CAUSE, X[:, :1] / 100 + 20000, of=1)
    assert np.isfinite(steep.incidence(X[:5, :1] / 100 + 20000)).all()
    with pytest.raises(FitError, match="columns are all 0 lies too far"):
        _ = steep.hazard
    with pytest.raises(FitError, match="finite"):
        far.incidence([[np.nan]])


@pytest.mark.parametrize(
    ("match", "changed"),
    [
        ("Cause 7 never happened", {"of": 7}),
        ("whole number from 1", {"of": 0}),
        ("Everybody is still engaged", {"cause": np.zeros(N)}),
        ("0 \\(still engaged\\)", {"cause": CAUSE - 1}),
        ("0 \\(still engaged\\)", {"cause": CAUSE / 2}),
        ("same rows", {"x": X[1:]}),
        ("finite", {"day": np.where(DAY > 30, np.nan, DAY)}),
        ("constant", {"x": X * [1.0, 0.0]}),
        ("dependent", {"x": np.column_stack([X, X.sum(axis=1)])}),
        ("at least 2 clusters", {"cluster": np.zeros(N)}),
        ("one label", {"cluster": PRACTICE[1:]}),
        (r"rises without end along column\(s\) 2", {"x": np.column_stack([X[:, 0], CAUSE == 1])}),
    ],
)
def test_what_cannot_be_fitted_is_refused(match, changed):
    given = {"day": DAY, "cause": CAUSE, "x": X, "of": 1, **changed}
    rows = [given.pop(name) for name in ("day", "cause", "x")]
    with pytest.raises(FitError, match=match):
        fit_fine_gray(*rows, **given)
