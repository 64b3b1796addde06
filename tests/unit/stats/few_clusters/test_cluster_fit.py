"""Least squares for few clusters: golden values, definitions, limit cases and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import KINDS, fit_clusters
from splw_eval.stats.few_clusters.cross_products import grams


def made():
    i = np.arange(300)
    practice = i % 15
    arm, x = (practice < 7).astype(float), ((53 * i) % 101) / 101
    y = 10 + 2 * x + 0.5 * arm + ((29 * i) % 83) / 20 + ((7 * practice) % 15) / 10
    weights = 0.5 + ((11 * i) % 7) / 7
    return y, np.column_stack([np.ones(300), arm, x]), practice, weights


def by_definition(y, X, cluster, w):
    """Weighted CR2 and its df with n-by-n matrices, the working model one variance."""
    bread = np.linalg.inv(X.T @ (X * w[:, None]))
    anti = np.eye(len(y)) - X @ bread @ (X * w[:, None]).T
    residual, omega = anti @ y, anti @ anti.T
    rows, scores = [], []
    for label in np.unique(cluster):
        r = np.flatnonzero(cluster == label)
        values, U = np.linalg.eigh(omega[np.ix_(r, r)])
        power = np.where(values > 1e-10, 1 / np.sqrt(np.maximum(values, 1e-10)), 0)
        row = np.zeros((X.shape[1], len(y)))
        row[:, r] = bread @ (X[r] * w[r, None]).T @ (U * power) @ U.T
        rows.append(row)
        scores.append(row @ residual)
    df = []
    for j in range(X.shape[1]):
        e = np.array([row[j] for row in rows])
        P = e @ omega @ e.T
        df.append(np.trace(P) ** 2 / np.sum(P**2))
    return bread @ X.T @ (w * y), np.array(scores).T @ np.array(scores), np.array(df)


def test_golden_values_of_a_made_trial():
    y, X, practice, _ = made()
    fit = fit_clusters(y, X, practice)
    np.testing.assert_allclose(fit.std_error, [0.19037272, 0.23817705, 0.23933368], atol=5e-9)
    np.testing.assert_allclose(fit.df, [12.03820787, 12.7369167, 13.79616959], atol=1e-7)
    error = fit_clusters(y, X, practice, vcov="CR3").std_error
    np.testing.assert_allclose(error, [0.2013668288, 0.2563268268, 0.2487628852], atol=1e-10)


@pytest.mark.parametrize("sparse", [False, True])
def test_weighted_cr2_is_that_of_its_definition(sparse):
    y, X, practice, w = made()
    cluster = np.arange(300) // 3 if sparse else practice
    fit = fit_clusters(y, X, cluster, weights=w)
    coef, vcov, df = by_definition(y, X, cluster, w)
    np.testing.assert_allclose(fit.coef, coef, rtol=1e-10)
    np.testing.assert_allclose(fit.vcov, vcov, rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(fit.df, df, rtol=1e-8)


def test_without_weights_cr2_is_that_of_its_definition_even_far_from_zero():
    y, X, practice, _ = made()
    near, far = (np.column_stack([X, year + X[:, 2] ** 2]) for year in (0, 2024))
    fit = fit_clusters(1e6 + y, far, practice)
    _, vcov, df = by_definition(y, near, practice, np.ones(300))
    # The year moves the intercept only.
    np.testing.assert_allclose(fit.vcov[1:, 1:], vcov[1:, 1:], rtol=1e-7)
    np.testing.assert_allclose(fit.df[1:], df[1:], rtol=1e-7)


@pytest.mark.parametrize("kind", KINDS)
def test_only_ratios_of_weights_matter_and_rows_of_weight_zero_do_not_count(kind):
    y, X, practice, w = made()
    w = np.where(np.arange(300) % 10 == 0, 0, w)
    fit = fit_clusters(y, X, practice, weights=w, vcov=kind)
    kept = w > 0
    other = fit_clusters(y[kept], X[kept], practice[kept], weights=1000 * w[kept], vcov=kind)
    np.testing.assert_allclose(fit.vcov, other.vcov, rtol=1e-10)
    np.testing.assert_allclose(fit.df, other.df, rtol=1e-10)
    assert fit.n == kept.sum()


def test_weights_that_are_all_but_equal_give_what_no_weights_give():
    y, X, practice, w = made()
    plain = fit_clusters(y, X, practice)
    for spread in (0.0, 1e-9, 1e-12):
        fit = fit_clusters(y, X, practice, weights=3 + spread * w)
        np.testing.assert_allclose(fit.vcov, plain.vcov, rtol=1e-7)
        np.testing.assert_allclose(fit.df, plain.df, rtol=1e-7)


def test_a_wald_test_of_one_contrast_is_its_squared_t():
    y, X, practice, w = made()
    fit = fit_clusters(y, X, practice, weights=w)
    one, test = fit.contrast([0, 1, 0]), fit.wald([[0, 1, 0]])
    assert test.statistic == pytest.approx((one.estimate / one.std_error) ** 2, rel=1e-10)
    assert test.df_denominator == pytest.approx(one.df, rel=1e-10)


def test_coefficients_that_one_cluster_fixes_are_told():
    y, X, practice, w = made()
    assert not fit_clusters(y, X, practice).alone.any()
    first = (practice == 3).astype(float)
    for weights in (None, w):
        fit = fit_clusters(y, np.column_stack([X, first]), practice, weights=weights)
        assert list(fit.alone) == [False, False, False, True]
    # Beside an arm of one practice its product with x rests on that practice too.
    X = np.column_stack([np.ones(300), first, X[:, 2], first * X[:, 2]])
    assert list(fit_clusters(y, X, practice).alone) == [False, True, False, True]


def test_rows_of_several_blocks_in_any_order_give_what_one_block_gives():
    rng = np.random.default_rng(2)
    n = 20_000
    cluster = rng.integers(0, 12, n)
    X = np.column_stack([np.ones(n), cluster % 2, rng.normal(size=n)])
    y = 1e4 + X @ [1.0, 2.0, 3.0] + rng.normal(size=12)[cluster] + rng.normal(size=n)
    for w in (None, rng.uniform(0.2, 3, n)):
        fit = fit_clusters(y, X, cluster, weights=w)
        order = np.argsort(cluster, kind="stable")
        there = fit_clusters(
            y[order],
            np.asfortranarray(X[order]),
            [f"p{each}" for each in cluster[order]],
            weights=None if w is None else w[order],
        )
        # Labels as text stand in another order; sums over clusters do not mind.
        np.testing.assert_allclose(there.vcov, fit.vcov, rtol=1e-9, atol=1e-15)
        np.testing.assert_allclose(there.df, fit.df, rtol=1e-9)
        weight = np.ones(n) if w is None else w
        root = np.sqrt(weight)
        coef = np.linalg.lstsq(X * root[:, None], y * root, rcond=None)[0]
        scores = np.array(
            [(X * ((y - X @ coef) * weight)[:, None])[cluster == g].sum(0) for g in range(12)]
        )
        bread = np.linalg.inv(X.T @ (X * weight[:, None]))
        plain = fit_clusters(y, X, cluster, weights=w, vcov="CR0")
        np.testing.assert_allclose(plain.coef, coef, rtol=1e-10)
        np.testing.assert_allclose(plain.vcov, bread @ scores.T @ scores @ bread, rtol=1e-6)


def test_sums_of_small_runs_are_those_of_large_ones():
    rows = np.random.default_rng(1).normal(size=(200, 3))
    starts = np.array([0, 3, 4, 150])
    expected = [block.T @ block for block in np.split(rows, starts[1:])]
    np.testing.assert_allclose(grams(rows, starts), expected, rtol=1e-12, atol=1e-12)
    large = grams(rows, np.array([0, 100]))
    np.testing.assert_allclose(large[1], rows[100:].T @ rows[100:], rtol=1e-12)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"y": np.ones(3)}, "same number of rows"),
        ({"y": np.full(300, np.nan)}, "finite"),
        ({"cluster": np.ones(300)}, "at least 2 clusters"),
        ({"weights": np.full(300, -1.0)}, "not below 0"),
        ({"weights": np.ones(2)}, "one number for each row"),
        ({"weights": np.zeros(300)}, "at least 2 clusters"),
        ({"X": np.ones((300, 2))}, "linearly dependent"),
        ({"X": np.zeros((300, 2))}, "zero throughout"),
        ({"X": np.ones((300, 0))}, "no columns"),
        ({"vcov": "HC3"}, "vcov must be one of"),
        ({"X": np.eye(15)[np.arange(300) % 15], "vcov": "CR3"}, "CR3 is not defined"),
    ],
)
def test_what_cannot_be_fitted_is_refused_in_words(change, words):
    y, X, practice, _ = made()
    given = {"y": y, "X": X, "cluster": practice} | change
    with pytest.raises(FitError, match=words):
        fit_clusters(**given)


def test_contrasts_that_cannot_be_tested_are_refused_in_words():
    y, X, practice, _ = made()
    fit = fit_clusters(y, X, practice)
    with pytest.raises(FitError, match="3 finite numbers"):
        fit.contrast([1, 0])
    with pytest.raises(FitError, match="3 finite numbers"):
        fit.wald([1, 0, 0])
    with pytest.raises(FitError, match="depend on each other"):
        fit.wald([[0, 1, 0], [0, 2, 0]])


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", ["CR0", "CR1", "CR2"])
@pytest.mark.parametrize("scale", [1.0, 1e6])
def test_what_rounding_leaves_between_two_clusters_is_no_error(kind, weighted, scale):
    y, X, practice, w = made()
    weights = w if weighted else None
    fit = fit_clusters(scale * y, X[:, :2], (practice < 7), weights=weights, vcov=kind)
    assert np.isnan(fit.std_error).all()
    assert np.isnan(fit.contrast([0, 1]).std_error)
    assert not fit.df.any()
    assert fit.contrast([0, 1]).df == 0
    with pytest.raises(FitError, match="rounding"):
        fit.wald([[0, 1]])


def test_an_outcome_far_from_zero_keeps_its_errors_and_its_joint_test():
    y, X, practice, _ = made()
    near, far = (fit_clusters(y + level, X, practice) for level in (0.0, 1e9))
    np.testing.assert_allclose(far.std_error, near.std_error, rtol=1e-5)
    np.testing.assert_allclose(far.df, near.df)
    both = np.eye(3)[1:]
    assert far.wald(both).statistic == pytest.approx(near.wald(both).statistic, rel=1e-5)
