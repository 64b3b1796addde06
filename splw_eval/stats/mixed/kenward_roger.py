"""Kenward and Roger's covariance of the fixed effects and degrees of freedom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.criterion import transposed
from splw_eval.stats.mixed.derivatives import Derivatives
from splw_eval.stats.mixed.moments import Floats

_FEWEST_DF = 1e-6
_NOTHING = 1e-12  # of A_1 and A_2: no covariance parameter touches the contrast


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastTest:
    """Test of L beta = 0 of B replicates.

    Attributes
    ----------
    estimate : ndarray, shape (B, l)
        L beta.
    covariance : ndarray, shape (B, l, l)
        Of the estimate.
    f : ndarray, shape (B,)
        Scaled F; of one row the square of t.
    df : ndarray, shape (B,)
        Denominator degrees of freedom.
    """

    estimate: Floats
    covariance: Floats
    f: Floats
    df: Floats


def adjusted_covariance(
    phi: Floats, slopes: Derivatives, w: Floats, curvature: Floats | None = None
) -> Floats:
    """Covariance of the fixed effects that allows for estimated covariance parameters.

    Parameters
    ----------
    phi : ndarray, shape (B, p, p)
    slopes : Derivatives
    w : ndarray, shape (B, R, R)
        Variance of the covariance parameters.
    curvature : ndarray, shape (B, R, R, p, p), optional
        X' V^-1 V_rs V^-1 X of a covariance that is not linear in its parameters; without it the
        linear form, which does not depend on how the covariance is written.

    Returns
    -------
    ndarray, shape (B, p, p)

    Sources
    -------
    Kenward & Roger 1997, Biometrics 53:983, equation 5; 2009, CSDA 53:2583. Agrees with
    pbkrtest::vcovAdj and, of unstructured covariances, with SAS ddfm=kr.
    """
    replicates, parameters = w.shape[:2]
    p = phi.shape[-1]
    inner = slopes.q if curvature is None else slopes.q - curvature / 4
    of_q = (w.reshape(replicates, 1, -1) @ inner.reshape(replicates, parameters**2, p * p)).reshape(
        replicates, p, p
    )
    weighted = (w @ slopes.p.reshape(replicates, parameters, p * p)).reshape(slopes.p.shape)
    pp = (slopes.p @ phi[:, None] @ weighted).sum(axis=1)
    middle = of_q - pp
    middle = (middle + transposed(middle)) / 2
    adjusted: Floats = phi + 2 * phi @ middle @ phi
    return adjusted


def kenward_roger(
    rows: Floats, beta: Floats, phi: Floats, adjusted: Floats, slopes: Derivatives, w: Floats
) -> ContrastTest:
    """Test one contrast of one or more rows.

    Parameters
    ----------
    rows : ndarray, shape (l, p)
        L, of full row rank.
    beta : ndarray, shape (B, p)
    phi, adjusted : ndarray, shape (B, p, p)
        Without and with the adjustment.
    slopes : Derivatives
    w : ndarray, shape (B, R, R)

    Returns
    -------
    ContrastTest
        Its `df` is infinite where no covariance parameter touches the contrast.

    Sources
    -------
    Kenward & Roger 1997, equations 7 to 12 with the modifications of their section 3.3;
    Halekoh & Hojsgaard 2014, J Stat Softw 59(9). Agrees with pbkrtest::KRmodcomp.
    """
    size = len(rows)
    a1, a2 = _first_moments(rows, phi, slopes, w)
    df, scale = _matched(a1, a2, size)
    estimate = beta @ rows.T
    covariance = rows @ adjusted @ rows.T
    f = (estimate * np.linalg.solve(covariance, estimate[..., None])[..., 0]).sum(axis=1) / size
    return ContrastTest(estimate=estimate, covariance=covariance, f=scale * f, df=df)


def _first_moments(
    rows: Floats, phi: Floats, slopes: Derivatives, w: Floats
) -> tuple[Floats, Floats]:
    """A_1 and A_2."""
    theta = rows.T @ np.linalg.solve(
        rows @ phi @ rows.T, np.broadcast_to(rows, (len(phi), *rows.shape))
    )
    bent = (theta @ phi)[:, None] @ slopes.p @ phi[:, None]
    traces = np.einsum("brii->br", bent)
    a1 = np.einsum("br,brs,bs->b", traces, w, traces)
    flat = bent.reshape(*traces.shape, -1)
    both = flat @ transposed(transposed(bent).reshape(flat.shape))
    return a1, (w * both).sum(axis=(1, 2))


def _matched(a1: Floats, a2: Floats, size: int) -> tuple[Floats, Floats]:
    """Degrees of freedom and scale that match mean and variance of F."""
    nothing = np.abs(a2) < _NOTHING
    a1, a2 = np.where(nothing, 1.0, a1), np.where(nothing, 1.0, a2)
    with np.errstate(divide="ignore", invalid="ignore"):
        b = (a1 + 6 * a2) / (2 * size)
        g = ((size + 1) * a1 - (size + 4) * a2) / ((size + 2) * a2)
        below = 3 * size + 2 * (1 - g)
        c1, c2, c3 = g / below, (size - g) / below, (size + 2 - g) / below
        rho = ((1 - a2 / size) / (1 - c2 * b)) ** 2 * (1 + c1 * b) / (1 - c3 * b) / size
        df = 4 + (size + 2) / (size * rho - 1)
        scale = df * (1 - a2 / size) / (df - 2)
    # Of one row the formulae come down to 2 / A_2 and 1; used where they break down.
    broken = ~(np.isfinite(df) & (df > _FEWEST_DF) & np.isfinite(scale) & (scale > 0))
    df = np.where(broken, np.maximum(2 * size / a2, _FEWEST_DF), df)
    scale = np.where(broken, 1.0, scale)
    return np.where(nothing, np.inf, df), np.where(nothing, 1.0, scale)
