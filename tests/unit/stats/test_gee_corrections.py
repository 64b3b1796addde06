"""Corrections of the sandwich by their definitions, their limits and their refusals."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.gee_corrections import (
    CORRECTIONS,
    correct_sandwich,
    exchangeable_pieces,
    sums_by_cluster,
)

# Two routes through different eigenproblems: rounding only.
REL = 1e-8


def drawn(sizes, seed):
    rng = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(len(sizes)), sizes)
    n = len(cluster)
    x = np.column_stack([np.ones(n), cluster % 2, rng.normal(size=n)])
    mean = 1 / (1 + np.exp(-rng.normal(size=n)))
    y = (rng.random(n) < mean).astype(float)
    return x * (mean * (1 - mean))[:, None], y - mean, mean * (1 - mean), cluster


def dense_pieces(d, r, v, cluster, correlation):
    """Scores and information with a matrix of every cluster's own size."""
    scores, information = [], []
    for label in np.unique(cluster):
        rows = cluster == label
        n = rows.sum()
        s = np.sqrt(v[rows])
        matrix = np.outer(s, s) * np.where(np.eye(n) == 1, 1.0, correlation)
        weighted = np.linalg.solve(matrix, d[rows])
        scores.append(weighted.T @ r[rows])
        information.append(weighted.T @ d[rows])
    return np.array(scores), np.array(information)


some_sizes = st.lists(st.integers(1, 9), min_size=5, max_size=9)


@settings(max_examples=40, deadline=None)
@given(sizes=some_sizes, seed=st.integers(0, 10_000), correlation=st.floats(-0.1, 0.9))
def test_pieces_are_those_of_dense_matrices(sizes, seed, correlation):
    d, r, v, cluster = drawn(sizes, seed)
    pieces = exchangeable_pieces(d, r, v, cluster, correlation)
    scores, information = dense_pieces(d, r, v, cluster, correlation)
    np.testing.assert_allclose(pieces.scores, scores, rtol=REL, atol=1e-9)
    np.testing.assert_allclose(pieces.information, information, rtol=REL, atol=1e-9)


def test_rows_may_stand_in_any_order():
    d, r, v, cluster = drawn([4, 7, 3, 8, 5], 1)
    order = np.random.default_rng(2).permutation(len(r))
    one = correct_sandwich(exchangeable_pieces(d, r, v, cluster, 0.1), "mancl-derouen")
    codes = cluster[order]
    other = correct_sandwich(
        exchangeable_pieces(d[order], r[order], v[order], codes, 0.1), "mancl-derouen"
    )
    np.testing.assert_allclose(one.vcov, other.vcov, rtol=1e-12)


def test_kauermann_carroll_of_least_squares_is_cr2_with_its_df():
    rng = np.random.default_rng(3)
    cluster = np.repeat(np.arange(9), rng.integers(2, 12, 9))
    n = len(cluster)
    x = np.column_stack([np.ones(n), cluster % 2, rng.normal(size=n)])
    y = rng.normal(size=n)
    other = fit_clusters(y, x, cluster)
    fit = correct_sandwich(
        exchangeable_pieces(x, y - x @ other.coef, np.ones(n), cluster), "kauermann-carroll"
    )
    np.testing.assert_allclose(fit.vcov, other.vcov, rtol=REL)
    for row in np.eye(3):
        assert fit.satterthwaite_df(row) == pytest.approx(other.contrast(row).df, rel=REL)


def test_mancl_derouen_is_the_bias_reduced_covariance_of_statsmodels():
    from statsmodels.genmod.cov_struct import Exchangeable
    from statsmodels.genmod.families import Binomial
    from statsmodels.genmod.generalized_estimating_equations import GEE

    rng = np.random.default_rng(4)
    cluster = np.repeat(np.arange(10), rng.integers(3, 12, 10))
    x = np.column_stack([np.ones(len(cluster)), cluster % 2, rng.normal(size=len(cluster))])
    y = (rng.random(len(cluster)) < 0.4).astype(float)
    structure = Exchangeable()
    model = GEE(y, x, groups=cluster, family=Binomial(), cov_struct=structure)
    fit = model.fit(ctol=1e-10, maxiter=200, cov_type="bias_reduced")
    mean = fit.fittedvalues
    v = mean * (1 - mean)
    pieces = exchangeable_pieces(x * v[:, None], y - mean, v, cluster, structure.dep_params)
    found = correct_sandwich(pieces, "mancl-derouen")
    np.testing.assert_allclose(found.vcov, fit.cov_robust_bc, rtol=REL)
    plain = correct_sandwich(pieces, "none")
    np.testing.assert_allclose(plain.vcov, fit.cov_robust, rtol=REL)


@settings(max_examples=40, deadline=None)
@given(sizes=some_sizes, seed=st.integers(0, 10_000))
def test_no_correction_makes_a_variance_smaller(sizes, seed):
    # One cluster of many people beside others: no leverage of 1.
    d, r, v, cluster = drawn([6, *sizes, 7], seed)
    pieces = exchangeable_pieces(d, r, v, cluster, 0.05)
    variances = {kind: np.diag(correct_sandwich(pieces, kind).vcov) for kind in CORRECTIONS}
    assert all(np.isfinite(one).all() and (one >= 0).all() for one in variances.values())
    own = pieces.scores @ np.linalg.inv(pieces.information.sum(axis=0))
    total = np.trace(own.T @ own)
    corrected = np.trace(correct_sandwich(pieces, "fay-graubard").vcov)
    assert corrected >= total * (1 - 1e-9)


def test_with_many_clusters_all_corrections_agree():
    d, r, v, cluster = drawn([5] * 3000, 5)
    pieces = exchangeable_pieces(d, r, v, cluster, 0.05)
    plain = correct_sandwich(pieces, "none").vcov
    for kind in CORRECTIONS:
        np.testing.assert_allclose(
            np.diag(correct_sandwich(pieces, kind).vcov), np.diag(plain), rtol=5e-3
        )


def test_the_coding_of_columns_matters_to_fay_graubard_only():
    d, r, v, cluster = drawn([6, 9, 5, 8, 7, 11], 6)
    change = np.array([[1.0, 0, 0], [0, 1, 5], [0, 0, 0.1]])
    for kind in ("mancl-derouen", "kauermann-carroll", "none"):
        one = correct_sandwich(exchangeable_pieces(d, r, v, cluster, 0.1), kind).vcov
        other = correct_sandwich(exchangeable_pieces(d @ change, r, v, cluster, 0.1), kind).vcov
        np.testing.assert_allclose(change @ other @ change.T, one, rtol=1e-8)
    one = correct_sandwich(exchangeable_pieces(d, r, v, cluster, 0.1), "fay-graubard").vcov
    other = correct_sandwich(
        exchangeable_pieces(d @ change, r, v, cluster, 0.1), "fay-graubard"
    ).vcov
    assert np.abs(change @ other @ change.T - one).max() > 1e-3 * np.abs(one).max()


def test_a_coefficient_that_one_cluster_fixes_is_named_as_such():
    d, r, v, cluster = drawn([6, 9, 5, 8, 7, 11], 7)
    only = d[:, :1] * (cluster == 2)[:, None]
    fit = correct_sandwich(
        exchangeable_pieces(np.hstack([d, only]), r, v, cluster), "mancl-derouen"
    )
    assert len(fit.alone) == 1
    direction = fit.alone[0] / np.abs(fit.alone[0]).max()
    np.testing.assert_allclose(np.abs(direction), [0, 0, 0, 1], atol=1e-9)
    assert np.isfinite(fit.vcov).all()


def test_sums_by_cluster_keep_the_order_of_the_codes():
    values = np.array([[1.0, 2], [3, 4], [5, 6]])
    found = sums_by_cluster(values, np.array([1, 0, 1]))
    np.testing.assert_array_equal(found, [[3, 4], [6, 8]])


def test_what_cannot_be_estimated_is_refused():
    d, r, v, cluster = drawn([6, 9, 5, 8], 8)
    with pytest.raises(FitError, match=r'no correction "hc3".*mancl-derouen'):
        correct_sandwich(exchangeable_pieces(d, r, v, cluster), "hc3")
    with pytest.raises(FitError, match=r"-0\.2000 cannot hold in a cluster of 9 rows"):
        exchangeable_pieces(d, r, v, cluster, -0.2)
    with pytest.raises(FitError, match="linearly dependent"):
        correct_sandwich(exchangeable_pieces(d[:, [0, 1, 1]], r, v, cluster), "none")
    with pytest.raises(FitError, match="no information"):
        correct_sandwich(exchangeable_pieces(d * [1, 0, 1], r, v, cluster), "none")
