"""Satterthwaite's degrees of freedom, from analytic derivatives."""

from __future__ import annotations

import numpy as np

from splw_eval.stats.mixed.derivatives import Derivatives
from splw_eval.stats.mixed.kenward_roger import ContrastTest
from splw_eval.stats.mixed.moments import Floats

_LEAST = 2.0  # no F has a mean with fewer
_POSITIVE = 1e-10  # eigenvalue of the contrast's covariance, relative to the largest


def satterthwaite(
    rows: Floats, beta: Floats, phi: Floats, slopes: Derivatives, w: Floats
) -> ContrastTest:
    """Test one contrast of one or more rows.

    Parameters
    ----------
    rows : ndarray, shape (l, p)
    beta : ndarray, shape (B, p)
    phi : ndarray, shape (B, p, p)
    slopes : Derivatives
    w : ndarray, shape (B, R, R)
        Variance of the covariance parameters.

    Returns
    -------
    ContrastTest
        Its `df` is infinite where no covariance parameter touches the contrast; `f` is not a
        number where the contrast's covariance is not positive.

    Sources
    -------
    Satterthwaite 1946, Biometrics Bulletin 2:110; of several rows Fai & Cornelius 1996,
    J Stat Comput Simul 54:363, as lmerTest does it: one t for each eigenvector.
    """
    covariance = rows @ phi @ rows.T
    values, vectors = np.linalg.eigh(covariance)
    turned = np.swapaxes(vectors, 1, 2) @ rows
    each = _one_row_df(turned, values, phi, slopes, w)
    estimate = beta @ rows.T
    kept = values > _POSITIVE * values[:, -1:]
    moved = (np.swapaxes(vectors, 1, 2) @ estimate[..., None])[..., 0]
    squares = np.where(kept, moved**2 / np.where(kept, values, 1.0), 0.0)
    count = kept.sum(axis=1)
    return ContrastTest(
        estimate=estimate,
        covariance=covariance,
        f=np.where(count > 0, squares.sum(axis=1) / np.maximum(count, 1), np.nan),
        df=_together(np.where(kept, each, np.inf), kept),
    )


def _one_row_df(
    rows: Floats, variance: Floats, phi: Floats, slopes: Derivatives, w: Floats
) -> Floats:
    """2 v^2 / (d' W d) of each row, with d = -l' Phi P_r Phi l."""
    bent = rows @ phi
    slope = -np.einsum("blp,brpq,blq->blr", bent, slopes.p, bent)
    spread = np.einsum("blr,brs,bls->bl", slope, w, slope)
    with np.errstate(divide="ignore"):
        return np.where(spread > 0, 2 * variance**2 / spread, np.inf)


def _together(df: Floats, kept: np.ndarray) -> Floats:
    """Denominator df of the mean of squared t's: E = sum of df / (df - 2)."""
    count = kept.sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(np.isinf(df), 1.0, df / (df - 2))
        e = np.where(kept, share, 0.0).sum(axis=1)
        many = np.where(e > count, 2 * e / (e - count), np.inf)
    few = (kept & (df <= _LEAST)).any(axis=1)
    single = np.where(kept, df, 0.0).max(axis=1)
    return np.where(count == 1, single, np.where(few, _LEAST, many))
