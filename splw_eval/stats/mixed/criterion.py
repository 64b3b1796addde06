"""The REML or ML criterion of a covariance, from sufficient statistics alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.mixed.moments import Floats, Moments

_DEFINITE = 1e-12  # smallest eigenvalue of a covariance, relative to its largest
_FULL_RANK = 1e-11


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """Value of the criterion, with what its derivatives start from; B replicates lead every axis.

    Letters are those of `docs/methods/mixed-models.md`.

    Attributes
    ----------
    usable : ndarray of bool, shape (B,)
        Whether the covariance is positive definite; the deviance is infinite where it is not.
    deviance : ndarray, shape (B,)
        -2 log likelihood, restricted where `reml`.
    beta : ndarray, shape (B, p)
        In the basis of the moments.
    phi : ndarray, shape (B, p, p)
        (X' V^-1 X)^-1.
    s : ndarray, shape (B, patterns, T, T)
        Sigma^-1 of each pattern's waves, zero elsewhere.
    cs : ndarray, shape (B, patterns, q, T)
        C' S.
    b, m : ndarray, shape (B, clusters, q, q)
        B_k = Z' R^-1 Z and M_k = (I + G B_k)^-1 G.
    d, h : ndarray, shape (B, clusters, q, P)
        D_k = Z' R^-1 W and H_k = M_k D_k.
    """

    usable: NDArray[np.bool_]
    deviance: Floats
    beta: Floats
    phi: Floats
    s: Floats
    cs: Floats
    b: Floats
    m: Floats
    d: Floats
    h: Floats


def transposed(a: Floats) -> Floats:
    """Swap the last two axes."""
    return np.swapaxes(a, -1, -2)


def evaluate_criterion(
    moments: Moments, effects: Floats, sigma: Floats, g: Floats, *, reml: bool
) -> Criterion:
    """Evaluate the criterion; its cost does not depend on the number of people.

    Parameters
    ----------
    moments : Moments
    effects : ndarray, shape (T, q)
        C: what each wave takes of its cluster's q effects.
    sigma : ndarray, shape (B, groups, T, T)
        Covariance of one person's outcomes.
    g : ndarray, shape (B, cluster groups, q, q)
        Covariance of a cluster's effects; may be singular.
    reml : bool

    Returns
    -------
    Criterion

    Sources
    -------
    `docs/methods/mixed-models.md`, sections 2 and 3; the deviance is that of lme4
    (Bates et al. 2015, J Stat Softw 67(1), equations 39 and 41, with all constants).
    """
    clusters, patterns = moments.counts.shape
    waves, q = effects.shape
    width = moments.sums.shape[-1]
    replicates = max(len(sigma), len(moments.sums))
    s, log_sigma, usable = _inverses(sigma, moments)
    cs = effects.T @ s
    b = (moments.counts @ (cs @ effects).reshape(replicates, patterns, q * q)).reshape(
        replicates, clusters, q, q
    )
    sums = moments.sums.reshape(-1, clusters, patterns * waves, width)
    d = np.swapaxes(cs, 1, 2).reshape(replicates, 1, q, patterns * waves) @ sums
    g_k = g[:, moments.cluster_group]
    inner = np.eye(q) + g_k @ b
    sign, log_inner = np.linalg.slogdet(inner)
    usable &= (sign > 0).all(axis=1)
    m = np.linalg.solve(np.where(usable[:, None, None, None], inner, np.eye(q)), g_k)
    m = (m + transposed(m)) / 2
    h = m @ d
    products = moments.products.reshape(len(moments.products), -1, width * width)
    wvw = (s.reshape(replicates, 1, -1) @ products).reshape(replicates, width, width)
    wvw = wvw - transposed(d.reshape(replicates, -1, width)) @ h.reshape(replicates, -1, width)
    beta, phi, quadratic, log_xx, full = _least_squares(wvw)
    usable &= full & (quadratic > 0)
    p = width - 1
    deviance = log_sigma @ moments.counts.sum(axis=0) + log_inner.sum(axis=1) + quadratic
    deviance += (moments.rows - p * reml) * np.log(2 * np.pi) + (log_xx if reml else 0.0)
    return Criterion(
        usable=usable,
        deviance=np.where(usable, deviance, np.inf),
        beta=beta,
        phi=phi,
        s=s,
        cs=cs,
        b=b,
        m=m,
        d=d,
        h=h,
    )


def _inverses(sigma: Floats, moments: Moments) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Inverse of each pattern's covariance within all waves, its log determinant, and whether."""
    unit = np.eye(sigma.shape[-1])
    seen = moments.seen
    both = seen[:, :, None] & seen[:, None, :]
    # Waves that are not seen take a one: beside variances near one it is neither large nor small.
    scale = np.abs(np.einsum("bgii->b", sigma)) / (sigma.shape[1] * sigma.shape[2])
    scale = np.where(np.isfinite(scale) & (scale > 0), scale, 1.0)[:, None, None, None]
    v = np.where(both, sigma[:, moments.group] / scale, unit * ~seen[:, :, None])
    finite = np.asarray(np.isfinite(v).all(axis=(1, 2, 3)))
    v = np.where(finite[:, None, None, None], v, unit)
    values = np.linalg.eigvalsh(v)
    usable: NDArray[np.bool_] = finite & (values[..., 0] > _DEFINITE * values[..., -1]).all(axis=1)
    v = np.where(usable[:, None, None, None], v, unit)
    log_v = np.linalg.slogdet(v)[1] + seen.sum(axis=1) * np.log(scale[:, :, 0, 0])
    return np.where(both, np.linalg.inv(v) / scale, 0.0), log_v, usable


def _least_squares(wvw: Floats) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.bool_]]:
    """Solve for beta: beta, phi, residual quadratic form, log |X'V^-1X|, whether of full rank."""
    p = wvw.shape[-1] - 1
    xx = wvw[:, :p, :p]
    diagonal = np.einsum("bii->bi", xx)
    finite = np.isfinite(xx).all(axis=(1, 2)) & (diagonal > 0).all(axis=1)
    xx = np.where(finite[:, None, None], xx, np.eye(p))
    size = np.sqrt(np.einsum("bii->bi", xx))
    scaled = xx / (size[:, :, None] * size[:, None, :])
    full = finite & (np.linalg.eigvalsh(scaled)[:, 0] > _FULL_RANK)
    scaled = np.where(full[:, None, None], scaled, np.eye(p))
    phi = np.linalg.inv(scaled) / (size[:, :, None] * size[:, None, :])
    phi = (phi + transposed(phi)) / 2
    beta = (phi @ wvw[:, :p, p:])[..., 0]
    quadratic = wvw[:, p, p] - (beta * wvw[:, :p, p]).sum(axis=1)
    log_xx = np.linalg.slogdet(scaled)[1] + 2 * np.log(size).sum(axis=1)
    return beta, phi, quadratic, log_xx, full
