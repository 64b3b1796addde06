"""The criterion and its derivatives against whole matrices."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.mixed.criterion import evaluate_criterion
from splw_eval.stats.mixed.derivatives import differentiate
from splw_eval.stats.mixed.structures import elements
from tests.unit.stats.mixed.dense import made_rows, whole

# Sums in another order on both sides: rounding only, over some hundred products.
CLOSE = 1e-9


@pytest.fixture(params=range(4))
def case(request):
    """Give rows, a covariance of people and of clusters, and everything by whole matrices."""
    rng = np.random.default_rng(100 + request.param)
    rows = made_rows(request.param, clusters=4 + request.param)
    effects = [np.ones((3, 1)), np.eye(3), np.column_stack([np.ones(3), np.arange(3)])][
        request.param % 3
    ]
    q = effects.shape[1]
    a, b = rng.normal(size=(3, 3)), rng.normal(size=(q, q))
    sigma, g = a @ a.T + np.eye(3), 0.3 * b @ b.T
    return rows, sigma, g, effects, elements(3), elements(q)


def dense(case, *, reml):
    rows, sigma, g, effects, e, f = case
    v, zero = whole(rows, sigma, g, effects), np.zeros_like
    slopes = [whole(rows, part, zero(g), effects) for part in e]
    slopes += [whole(rows, zero(sigma), part, effects) for part in f]
    inverse, x, y = np.linalg.inv(v), rows.x, rows.y
    phi = np.linalg.inv(x.T @ inverse @ x)
    beta = phi @ x.T @ inverse @ y
    residual = y - x @ beta
    projection = inverse - inverse @ x @ phi @ x.T @ inverse
    inner = projection if reml else inverse
    quadratic = residual @ inverse @ residual
    deviance = np.linalg.slogdet(v)[1] + quadratic + (len(y) - 3 * reml) * np.log(2 * np.pi)
    deviance -= np.linalg.slogdet(phi)[1] if reml else 0
    expected = np.array([[np.trace(inner @ r @ inner @ s) / 2 for s in slopes] for r in slopes])
    bends = np.array(
        [[y @ projection @ r @ projection @ s @ projection @ y for s in slopes] for r in slopes]
    )
    return {
        "deviance": deviance,
        "beta": beta,
        "phi": phi,
        "score": np.array(
            [(y @ projection @ r @ projection @ y - np.trace(inner @ r)) / 2 for r in slopes]
        ),
        "expected": expected,
        "observed": bends - expected,
        "p": np.array([-x.T @ inverse @ r @ inverse @ x for r in slopes]),
        "q": np.array(
            [[x.T @ inverse @ r @ inverse @ s @ inverse @ x for s in slopes] for r in slopes]
        ),
    }


@pytest.mark.parametrize("reml", [True, False], ids=["REML", "ML"])
def test_every_quantity_is_that_of_whole_matrices(case, reml):
    rows, sigma, g, effects, e, f = case
    at = evaluate_criterion(
        rows.moments(basis=np.eye(4)), effects, sigma[None, None], g[None, None], reml=reml
    )
    slopes = differentiate(
        rows.moments(basis=np.eye(4)), effects, at, e[None, :, None], f[None, :, None], reml=reml
    )
    truth = dense(case, reml=reml)
    for name in ("deviance", "beta", "phi"):
        np.testing.assert_allclose(getattr(at, name)[0], truth[name], rtol=CLOSE, atol=CLOSE)
    for name in ("score", "expected", "observed", "p", "q"):
        np.testing.assert_allclose(getattr(slopes, name)[0], truth[name], rtol=CLOSE, atol=CLOSE)


def test_a_covariance_that_is_none_has_no_finite_criterion(case):
    rows, sigma, g, effects, _, _ = case
    bad = sigma - 2 * np.linalg.eigvalsh(sigma)[-1] * np.eye(3)
    at = evaluate_criterion(
        rows.moments(basis=np.eye(4)), effects, bad[None, None], g[None, None], reml=True
    )
    assert not at.usable[0]
    assert np.isinf(at.deviance[0])


def test_replicates_with_covariances_of_their_own_do_not_touch_each_other(case):
    rows, sigma, g, effects, _, _ = case
    several = np.stack([sigma, 2 * sigma, sigma + np.eye(3)])[:, None]
    together = evaluate_criterion(
        rows.moments(basis=np.eye(4)), effects, several, g[None, None], reml=True
    )
    for place, one in enumerate(several):
        alone = evaluate_criterion(
            rows.moments(basis=np.eye(4)), effects, one[None], g[None, None], reml=True
        )
        np.testing.assert_allclose(together.deviance[place], alone.deviance[0], rtol=1e-12)
        np.testing.assert_allclose(together.beta[place], alone.beta[0], rtol=1e-9)
