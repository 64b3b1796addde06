"""What the test of proportional hazards finds, what leaves it unchanged, what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.proportional import proportional_hazards_test

RNG = np.random.default_rng(11)
N = 400
X = RNG.normal(size=(N, 3))
STOP = 1.0 + np.floor(RNG.exponential(20 * np.exp(-0.5 * X[:, 0])))
EVENT = RNG.random(N) < 0.7
FITS: dict[str, np.ndarray] = {
    ties: fit_cox_model(None, STOP, EVENT, X, ties=ties).beta for ties in ("efron", "breslow")
}
BETA = FITS["efron"]


def same(found, expected, rel=1e-8):
    np.testing.assert_allclose(found.chi_square, expected.chi_square, rtol=rel)
    assert found.global_chi_square == pytest.approx(expected.global_chi_square, rel=rel)


def test_hazards_made_proportional_are_not_doubted_and_crossing_ones_are():
    plain = proportional_hazards_test(None, STOP, EVENT, X, BETA)
    assert plain.global_p_value > 0.01
    crossing = np.where(X[:, 1] > 0, 10 + 5 * RNG.random(N), RNG.exponential(15, N))
    group = (X[:, 1] > 0).astype(float)[:, None]
    beta = fit_cox_model(None, crossing, np.ones(N), group).beta
    found = proportional_hazards_test(None, crossing, np.ones(N), group, beta)
    assert found.p_value[0] < 1e-6
    assert found.global_chi_square == found.chi_square[0]
    late = found.time > 10
    assert found.residuals[late].mean() > found.residuals[~late].mean() + 1


def test_splitting_rows_changes_nothing():
    late = STOP > 7
    rows = np.concatenate([np.arange(N), np.flatnonzero(late)])
    after = np.arange(len(rows)) >= N
    start = np.where(after, 7.0, 0.0)
    stop = np.where(after, STOP[rows], np.minimum(STOP, 7.0)[rows])
    event = EVENT[rows] & (stop == STOP[rows])
    parts = proportional_hazards_test(start, stop, event, X[rows], BETA)
    same(parts, proportional_hazards_test(None, STOP, EVENT, X, BETA))


@pytest.mark.parametrize("transform", ["km", "identity", "rank", "log"])
def test_the_order_of_rows_and_the_units_of_columns_change_nothing(transform):
    whole = proportional_hazards_test(None, STOP, EVENT, X, BETA, transform=transform)
    order = RNG.permutation(N)
    scale = np.array([1000.0, 1.0, 0.01])
    again = proportional_hazards_test(
        None,
        STOP[order],
        EVENT[order],
        X[order] * scale + 50,
        BETA / scale,
        transform=transform,
    )
    same(again, whole, rel=1e-6)
    assert whole.transform == transform
    assert "ignores practices" in whole.method


def test_weight_2_is_a_row_given_twice_under_breslow():
    twice = RNG.random(N) < 0.4
    rows = np.concatenate([np.arange(N), np.flatnonzero(twice)])
    doubled = (STOP[rows], EVENT[rows], X[rows])
    beta = fit_cox_model(None, *doubled, ties="breslow").beta
    weighted = proportional_hazards_test(
        None, STOP, EVENT, X, beta, weights=1.0 + twice, ties="breslow", transform="identity"
    )
    expected = proportional_hazards_test(None, *doubled, beta, ties="breslow", transform="identity")
    same(weighted, expected)


def test_weight_0_is_a_row_left_out():
    kept = RNG.random(N) < 0.8
    some = (STOP[kept], EVENT[kept], X[kept])
    beta = fit_cox_model(None, *some).beta
    found = proportional_hazards_test(None, STOP, EVENT, X, beta, weights=kept * 1.0)
    same(found, proportional_hazards_test(None, *some, beta))
    assert kept[found.row].all()


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_scaled_residuals_average_to_the_coefficients(ties):
    found = proportional_hazards_test(None, STOP, EVENT, X, FITS[ties], ties=ties)
    np.testing.assert_allclose(found.residuals.mean(axis=0), FITS[ties], rtol=1e-8)
    np.testing.assert_array_equal(found.time, STOP[found.row])
    assert EVENT[found.row].all()
    assert found.events == EVENT.sum()


def test_a_term_of_two_columns_has_2_df_and_together_they_are_the_global_test():
    found = proportional_hazards_test(None, STOP, EVENT, X, BETA, terms=[[2, 0], [1]])
    assert list(found.df) == [2, 1]
    assert found.residuals.shape == (EVENT.sum(), 2)
    whole = proportional_hazards_test(None, STOP, EVENT, X, BETA, terms=[[0, 1, 2]])
    assert whole.chi_square[0] == pytest.approx(found.global_chi_square, rel=1e-12)
    assert whole.global_df == found.global_df == 3


PRACTICE = np.arange(N) % 16


def test_with_each_person_a_practice_the_two_tests_nearly_agree():
    plain = proportional_hazards_test(None, STOP, EVENT, X, BETA, cluster=np.arange(N))
    assert plain.practice_f is not None
    assert plain.global_practice_f is not None
    np.testing.assert_allclose(plain.practice_f, plain.chi_square, rtol=0.4, atol=0.1)
    assert 3 * plain.global_practice_f == pytest.approx(plain.global_chi_square, rel=0.4)
    assert plain.clusters == N


def test_one_column_by_practice_is_the_t_test_of_the_practices_own_scores():
    column, practice = X[:, :1], PRACTICE
    start = np.zeros(N)
    beta = fit_cox_model(start, STOP, EVENT, column, ties="breslow").beta
    found = proportional_hazards_test(
        start, STOP, EVENT, column, beta, cluster=practice, ties="breslow", transform="identity"
    )
    scores = np.zeros((N, 2))
    risk, information = np.exp(column[:, 0] * beta[0]), np.zeros(2)
    about = STOP[EVENT].mean()
    for t in np.unique(STOP[EVENT]):
        at_risk, died = t <= STOP, EVENT & (t == STOP)
        share = risk * at_risk / risk[at_risk].sum()
        away = column[:, 0] - share @ column[:, 0]
        part = away * (died - died.sum() * share)
        scores += part[:, None] * [1.0, t - about]
        information += died.sum() * (share @ away**2) * np.array([1.0, t - about])
    own = scores[:, 1] - scores[:, 0] * information[1] / information[0]
    sums = np.bincount(practice, own)
    t_value = sums.mean() / (sums.std(ddof=1) / np.sqrt(len(sums)))
    assert found.practice_f is not None
    assert found.practice_f[0] == pytest.approx(t_value**2, rel=1e-8)


def test_timing_shared_by_practices_is_not_taken_for_an_effect_of_the_arm():
    draws = np.random.default_rng(4)
    naive, robust = [], []
    for _ in range(60):
        shape = np.exp(draws.normal(0, 0.5, 16))
        arm = (draws.permutation(16) < 8)[PRACTICE].astype(float)[:, None]
        stop = 100 * draws.exponential(1.0, N) ** shape[PRACTICE]
        beta = fit_cox_model(None, stop, np.ones(N), arm).beta
        found = proportional_hazards_test(None, stop, np.ones(N), arm, beta, cluster=PRACTICE)
        assert found.practice_p_value is not None
        naive.append(found.p_value[0] < 0.05)
        robust.append(found.practice_p_value[0] < 0.05)
    assert np.mean(naive) > 0.3
    assert np.mean(robust) < 0.15


def test_practices_no_more_than_columns_give_no_test_by_practice():
    found = proportional_hazards_test(None, STOP, EVENT, X, BETA, cluster=PRACTICE % 3)
    assert found.practice_p_value is not None
    assert np.isfinite(found.practice_p_value).all()
    assert found.global_practice_p_value is not None
    assert np.isnan(found.global_practice_p_value)


def refused(match, **changed):
    given = {"start": None, "stop": STOP, "event": EVENT, "x": X, "beta": BETA, **changed}
    rows = [given.pop(name) for name in ("start", "stop", "event", "x", "beta")]
    with pytest.raises(FitError, match=match):
        proportional_hazards_test(*rows, **given)


def test_an_event_on_day_0_has_no_logarithm():
    early = int(EVENT[STOP == 1].sum())
    refused(f"{early} events at or before day 0", stop=STOP - 1, transform="log")


def test_events_at_one_time_only_are_refused():
    refused("one time", stop=np.where(EVENT, 5.0, 8.0), beta=np.zeros(3))


def test_a_column_that_varies_at_one_event_time_only_is_refused():
    rare = np.zeros(N)
    first = np.flatnonzero(STOP[EVENT].min() == STOP)
    rare[first[: len(first) // 2]] = 1.0
    x = np.column_stack([X[:, 0], rare])
    beta = fit_cox_model(None, STOP, EVENT, x).beta
    refused(r"column\(s\) 2 of x change over time", x=x, beta=beta)


def test_a_stratum_where_a_column_does_not_vary_has_no_residuals_of_it():
    stratum = np.arange(N) % 3
    x = X.copy()
    x[stratum == 1, 2] = 4.0
    beta = fit_cox_model(None, STOP, EVENT, x, strata=stratum).beta
    found = proportional_hazards_test(None, STOP, EVENT, x, beta, strata=stratum)
    missing = np.isnan(found.residuals)
    np.testing.assert_array_equal(missing[:, 2], stratum[found.row] == 1)
    assert not missing[:, :2].any()


@pytest.mark.parametrize(
    ("match", "changed"),
    [
        ('"km", "identity", "rank", "log"', {"transform": "square"}),
        ("not at the maximum", {"beta": BETA + np.array([0.3, 0.0, 0.0])}),
        ("one finite value for each column", {"beta": BETA[:2]}),
        ("each of the 3 columns", {"terms": [[0], [1]]}),
        ("each of the 3 columns", {"terms": [[0], [1, 2], []]}),
        ("each of the 3 columns", {"terms": [[0, 1], [1, 2]]}),
        ("no event", {"event": np.zeros(N)}),
        ("ties", {"ties": "exact"}),
        ("same rows", {"x": X[1:]}),
        ("one label", {"cluster": PRACTICE[1:]}),
        ("at least 2 clusters", {"cluster": np.zeros(N)}),
        ("does not vary|dependent", {"x": X * [1.0, 0.0, 1.0]}),
    ],
)
def test_what_cannot_be_tested_is_refused(match, changed):
    refused(match, **changed)
