"""CR2 without weights: its definition, its limit cases and what rounding leaves."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters

# Two routes through different eigenproblems: rounding only.
REL = 1e-9


def by_definition(y, X, cluster):
    """CR2 and Satterthwaite df with n-by-n matrices, as the papers write them."""
    bread = np.linalg.inv(X.T @ X)
    hat = X @ bread @ X.T
    residual = y - hat @ y
    labels = np.unique(cluster)
    adjusted = np.zeros((len(labels), len(y)))
    blocks = []
    for g, label in enumerate(labels):
        rows = np.flatnonzero(cluster == label)
        left = np.eye(len(rows)) - hat[np.ix_(rows, rows)]
        values, vectors = np.linalg.eigh(left)
        power = np.where(values > 1e-9, 1 / np.sqrt(np.maximum(values, 1e-9)), 0)
        blocks.append((rows, vectors @ np.diag(power) @ vectors.T))
        adjusted[g, rows] = 1
    meat = sum(np.outer(X[r].T @ A @ residual[r], X[r].T @ A @ residual[r]) for r, A in blocks)
    anti = np.eye(len(y)) - hat

    def df(c):
        p = np.array([anti[r].T @ A @ X[r] @ bread @ c for r, A in blocks])
        cross = p @ p.T
        return np.trace(cross) ** 2 / np.sum(cross**2)

    return bread @ X.T @ y, bread @ meat @ bread, df


sizes = st.lists(st.integers(1, 9), min_size=4, max_size=9)


@settings(max_examples=60, deadline=None)
@given(sizes=sizes, seed=st.integers(0, 10_000))
def test_cross_products_give_what_the_definition_gives(sizes, seed):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    n = len(cluster)
    X = np.column_stack([np.ones(n), cluster % 2, rng.normal(size=n)])
    if np.linalg.cond(X) > 1e6:
        return
    y = rng.normal(size=n)
    fit = fit_clusters(y, X, cluster)
    coef, vcov, df = by_definition(y, X, cluster)
    np.testing.assert_allclose(fit.coef, coef, rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(fit.vcov, vcov, rtol=1e-6, atol=1e-9 * np.abs(vcov).max())
    for c in np.eye(3):
        assert fit.contrast(c).df == pytest.approx(df(c), rel=1e-6)


def test_everyone_a_cluster_gives_the_hc2_variance_of_a_mean():
    y = np.random.default_rng(3).normal(size=40)
    fit = fit_clusters(y, np.ones((40, 1)), np.arange(40))
    assert fit.vcov[0, 0] == pytest.approx(y.var(ddof=1) / 40, rel=1e-12)
    assert fit.df[0] == pytest.approx(39, rel=1e-12)


def test_equal_clusters_give_the_variance_of_their_means():
    y = np.random.default_rng(5).normal(size=(9, 7))
    fit = fit_clusters(y.ravel(), np.ones((63, 1)), np.repeat(np.arange(9), 7))
    assert fit.vcov[0, 0] == pytest.approx(y.mean(axis=1).var(ddof=1) / 9, rel=1e-12)
    assert fit.df[0] == pytest.approx(8, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 999),
    shift=st.floats(-1e3, 1e3),
    scale=st.floats(0.01, 100),
)
def test_shift_scale_order_and_names_of_clusters_do_not_matter(seed, shift, scale):
    rng = np.random.default_rng(seed)
    cluster = rng.integers(0, 6, 50)
    if len(np.unique(cluster)) < 2:
        return
    y, X, order = rng.normal(size=50), np.ones((50, 1)), rng.permutation(50)
    plain = fit_clusters(y, X, cluster)
    names = np.array([f"practice {c}" for c in cluster])
    other = fit_clusters(shift + scale * y[order], X, names[order])
    assert other.coef[0] == pytest.approx(shift + scale * plain.coef[0], rel=REL, abs=REL)
    se = np.sqrt([plain.vcov[0, 0], other.vcov[0, 0]])
    assert se[1] == pytest.approx(scale * se[0], rel=1e-6)
    assert other.df[0] == pytest.approx(plain.df[0], rel=REL)


def test_a_coefficient_that_one_cluster_alone_fixes_does_not_give_nan():
    cluster = np.repeat(np.arange(5), 4)
    X = np.column_stack([np.ones(20), cluster == 0])
    fit = fit_clusters(np.random.default_rng(1).normal(size=20), X, cluster)
    assert np.isfinite(fit.vcov).all()
    assert np.isfinite(fit.df[1])


def test_columns_on_the_scale_of_calendar_years_lose_no_digits():
    rng = np.random.default_rng(11)
    cluster, year = np.repeat(np.arange(9), 12), rng.integers(2020, 2026, 108).astype(float)
    y = rng.normal(size=108)
    raw = fit_clusters(y, np.column_stack([np.ones(108), year]), cluster)
    centred = fit_clusters(y, np.column_stack([np.ones(108), year - 2022]), cluster)
    # The slope is the same in both; 1e-9 is what is left of 16 digits after a scale of 1e4 squared.
    assert raw.vcov[1, 1] == pytest.approx(centred.vcov[1, 1], rel=1e-9)
    assert raw.df[1] == pytest.approx(centred.df[1], rel=1e-9)


def test_outcomes_far_from_zero_lose_no_more_than_their_own_rounding():
    rng = np.random.default_rng(12)
    cluster = np.concatenate([np.zeros(99_997), [1, 2, 3]])
    y, X = rng.integers(0, 28, 100_000).astype(float), np.ones((100_000, 1))
    near, far = fit_clusters(y, X, cluster), fit_clusters(y + 1e8, X, cluster)
    assert far.vcov[0, 0] == pytest.approx(near.vcov[0, 0], rel=1e-7)


def test_columns_nearly_alike_are_told_apart_by_householder():
    rng = np.random.default_rng(13)
    cluster, x, apart = np.arange(120) % 10, rng.normal(size=120), rng.normal(size=120)
    y, one = rng.normal(size=120), np.ones(120)
    near = fit_clusters(y, np.column_stack([one, x, x + 1e-7 * apart]), cluster)
    plain = fit_clusters(y, np.column_stack([one, x, apart]), cluster)
    # A condition of 1e7 leaves 9 of 16 digits; the square of it would leave two.
    assert near.coef[2] == pytest.approx(1e7 * plain.coef[2], rel=1e-7)
    assert near.std_error[2] == pytest.approx(1e7 * plain.std_error[2], rel=1e-7)
    assert near.df[2] == pytest.approx(plain.df[2], rel=1e-7)
    with pytest.raises(FitError, match="linearly dependent"):
        fit_clusters(y, np.column_stack([one, x, x + 1e-15 * apart]), cluster)
