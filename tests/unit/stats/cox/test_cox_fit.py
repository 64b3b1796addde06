"""What leaves a proportional hazards fit unchanged, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.cox_fit import fit_cox_model

RNG = np.random.default_rng(3)
N = 150
X = RNG.normal(size=(N, 2))
STOP = 1.0 + np.floor(RNG.exponential(20 * np.exp(-0.5 * X[:, 0])))
EVENT = RNG.random(N) < 0.7
PRACTICE = RNG.integers(0, 10, N)
TIES = pytest.mark.parametrize("ties", ["efron", "breslow"])


def same(found, expected, rel=1e-9):
    np.testing.assert_allclose(found.beta, expected.beta, rtol=rel)
    np.testing.assert_allclose(found.information, expected.information, rtol=rel)
    np.testing.assert_allclose(found.robust_covariance, expected.robust_covariance, rtol=rel)
    assert found.log_likelihood == pytest.approx(expected.log_likelihood, rel=1e-12)


@TIES
def test_splitting_rows_changes_nothing(ties):
    whole = fit_cox_model(None, STOP, EVENT, X, cluster=PRACTICE, ties=ties)
    late = STOP > 7
    rows = np.concatenate([np.arange(N), np.flatnonzero(late)])
    after = np.arange(len(rows)) >= N
    start = np.where(after, 7.0, 0.0)
    stop = np.where(after, STOP[rows], np.minimum(STOP, 7.0)[rows])
    event = EVENT[rows] & (stop == STOP[rows])
    parts = fit_cox_model(start, stop, event, X[rows], cluster=PRACTICE[rows], ties=ties)
    same(parts, whole)


@TIES
def test_the_order_of_rows_changes_nothing(ties):
    order = RNG.permutation(N)
    weights = RNG.uniform(0.5, 2, N)
    first = fit_cox_model(None, STOP, EVENT, X, cluster=PRACTICE, ties=ties, weights=weights)
    mixed = [values[order] for values in (STOP, EVENT, X)]
    again = fit_cox_model(None, *mixed, cluster=PRACTICE[order], ties=ties, weights=weights[order])
    same(again, first)
    np.testing.assert_allclose(again.score_residuals, first.score_residuals[order], atol=1e-9)


def test_weight_2_is_a_row_given_twice_under_breslow():
    twice = RNG.random(N) < 0.4
    rows = np.concatenate([np.arange(N), np.flatnonzero(twice)])
    weighted = fit_cox_model(
        None, STOP, EVENT, X, cluster=PRACTICE, weights=1.0 + twice, ties="breslow"
    )
    doubled = fit_cox_model(
        None, STOP[rows], EVENT[rows], X[rows], cluster=PRACTICE[rows], ties="breslow"
    )
    same(weighted, doubled)


def test_weight_2_is_a_row_given_twice_under_efron_only_without_tied_events():
    twice = RNG.random(N) < 0.4
    rows = np.concatenate([np.arange(N), np.flatnonzero(twice)])
    censored = EVENT & ~twice  # a doubled event would be tied with itself
    for stop, alike in ((STOP + np.arange(N) / N, True), (STOP, False)):
        event = censored if alike else EVENT
        weighted = fit_cox_model(None, stop, event, X, weights=1.0 + twice)
        doubled = fit_cox_model(None, stop[rows], event[rows], X[rows])
        assert np.allclose(weighted.beta, doubled.beta, rtol=1e-9) == alike
        assert np.allclose(weighted.information, doubled.information, rtol=1e-9) == alike


@TIES
def test_another_unit_of_time_and_other_labels_of_practices_change_nothing(ties):
    plain = fit_cox_model(STOP - 1, STOP, EVENT, X, cluster=PRACTICE, ties=ties)
    names = np.array(list("jbcdeafghi"))[PRACTICE]
    for unit in (1 / 7, 1e9):
        other = fit_cox_model((STOP - 1) * unit, STOP * unit, EVENT, X, cluster=names, ties=ties)
        same(other, plain)


def test_very_many_event_times_are_fitted_as_few_are(monkeypatch):
    start = STOP - 1 - np.arange(N) % 5
    few = fit_cox_model(start, STOP, EVENT, X, cluster=PRACTICE, strata=PRACTICE % 2)
    monkeypatch.setattr("splw_eval.stats.cox.risk_sums._MANY", 1)
    many = fit_cox_model(start, STOP, EVENT, X, cluster=PRACTICE, strata=PRACTICE % 2)
    same(many, few)
    np.testing.assert_allclose(many.score_residuals, few.score_residuals, atol=1e-11)


@TIES
def test_the_layout_of_the_columns_in_memory_changes_nothing(ties):
    given = [fit_cox_model(None, STOP, EVENT, x, ties=ties) for x in (X, np.asfortranarray(X))]
    np.testing.assert_array_equal(given[0].beta, given[1].beta)


def test_weight_0_is_a_row_left_out():
    kept = RNG.random(N) < 0.8
    some = fit_cox_model(None, STOP[kept], EVENT[kept], X[kept], cluster=PRACTICE[kept])
    same(fit_cox_model(None, STOP, EVENT, X, cluster=PRACTICE, weights=kept * 1.0), some)


def test_the_scale_and_origin_of_a_column_change_only_its_unit():
    plain = fit_cox_model(None, STOP, EVENT, X)
    moved = fit_cox_model(None, STOP, EVENT, X * [1000.0, 1.0] + [2000.0, -5.0])
    np.testing.assert_allclose(moved.beta * [1000.0, 1.0], plain.beta, rtol=1e-9)
    assert plain.robust_covariance is None


def test_the_score_residuals_sum_to_nothing_at_the_maximum():
    fit = fit_cox_model(None, STOP, EVENT, X, cluster=PRACTICE)
    np.testing.assert_allclose(fit.score_residuals.sum(axis=0), 0.0, atol=1e-8)
    assert fit.log_likelihood > fit.null_log_likelihood
    assert (fit.n, fit.clusters, fit.events) == (N, len(set(PRACTICE)), EVENT.sum())


def refused(match, *, event=EVENT, x=X, **options):
    with pytest.raises(FitError, match=match):
        fit_cox_model(options.pop("start", None), STOP, event, x, **options)


@TIES
def test_a_likelihood_without_a_maximum_is_refused_by_column(ties):
    never = np.column_stack([X[:, 0], ~EVENT & (X[:, 1] > -1)])
    refused(r"rises without end along column\(s\) 2:", x=never, ties=ties)


def test_a_time_order_foretold_by_a_column_is_refused():
    refused("rises without end", x=-STOP[:, None], event=np.ones(N))


def test_a_rare_column_with_a_maximum_is_fitted():
    rare = np.zeros(N)
    rare[np.flatnonzero(EVENT)[:1]] = rare[np.flatnonzero(~EVENT)[:2]] = 1.0
    fit = fit_cox_model(None, STOP, EVENT, np.column_stack([X[:, 0], rare]))
    assert np.isfinite(fit.covariance).all()


def test_rows_without_an_event_are_refused():
    refused("no event", event=np.zeros(N))


def test_a_constant_column_is_refused_by_number():
    refused(r"Column\(s\) 2 of x are constant", x=np.column_stack([X[:, 0], np.full(N, 0.1)]))


def test_a_column_constant_in_each_stratum_is_refused():
    refused("constant", x=np.column_stack([X, PRACTICE % 3]), strata=PRACTICE % 3)


def test_dependent_columns_are_refused():
    refused("linearly dependent", x=np.column_stack([X, X.sum(axis=1)]))


@pytest.mark.parametrize(
    ("match", "options"),
    [
        ("same rows", {"x": X[1:]}),
        ("finite", {"x": np.where(X > 2, np.nan, X)}),
        ("0 or 1", {"event": EVENT * 2}),
        ("below 0", {"weights": -np.ones(N)}),
        ("one label", {"cluster": PRACTICE[1:]}),
        ("at least 2 clusters", {"cluster": np.zeros(N)}),
        ("ties", {"ties": "exact"}),
        ("start before", {"start": STOP}),
    ],
)
def test_what_cannot_be_used_is_refused(match, options):
    refused(match, **options)
