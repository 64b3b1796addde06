"""Small-sample corrections of the sandwich covariance of estimating equations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.floating[Any]]
Codes = NDArray[np.integer[Any]]

CORRECTIONS = ("mancl-derouen", "kauermann-carroll", "fay-graubard", "none")
# Fay & Graubard (2001, section 2.3) bound the share of one cluster in a coefficient.
_BOUND = 0.75
# A leverage this close to 1: the cluster alone fixes a coefficient, its residual there is zero.
_LEVERAGE_ONE = 1e-10
_NO_VARIANCE = 1e-24  # a Satterthwaite denominator this small against its numerator is zero


@dataclass(frozen=True, slots=True, kw_only=True)
class GeePieces:
    """What each cluster gives to the estimating equations.

    Attributes
    ----------
    scores : ndarray, shape (clusters, p)
        D_k' V_k^-1 (y_k - mu_k), at the estimate.
    information : ndarray, shape (clusters, p, p)
        D_k' V_k^-1 D_k. The scale of V cancels in every robust covariance and is left out.
    """

    scores: Array
    information: Array


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedFit:
    """One corrected sandwich covariance.

    Attributes
    ----------
    kind : str
        One of ``CORRECTIONS``.
    vcov : ndarray, shape (p, p)
    root : ndarray, shape (p, p)
        L with L L' = (sum of information)^-1.
    leverage : ndarray, shape (clusters, p, p)
        M_k = L' (D_k' V_k^-1 D_k) L; its eigenvalues are the leverages, 0 to 1.
    factor : ndarray, shape (clusters, p, p)
        F_k, by which the score L'D_k'V_k^-1 r_k is multiplied.
    alone : ndarray, shape (m, p)
        Directions of the coefficients that one cluster alone fixes (a leverage of 1): its
        residual there is zero, and nothing is known of their spread.
    """

    kind: str
    vcov: Array
    root: Array
    leverage: Array
    factor: Array
    alone: Array

    def satterthwaite_df(self, row: ArrayLike) -> float:
        """Degrees of freedom of one contrast if the working covariance were the true one.

        Parameters
        ----------
        row : array_like, shape (p,)

        Returns
        -------
        float
            (tr P)^2 / tr(P^2) with the clusters-by-clusters matrix
            P_kl = [k = l] a'F_k M_k F_k'a - a'F_k M_k M_l F_l'a and a = L'row (Bell &
            McCaffrey 2002; Pustejovsky & Tipton 2018); 0 where P is zero.
        """
        a = self.root.T @ np.asarray(row, dtype=float)
        w = a @ self.factor  # F_k' a
        b = np.einsum("kij,kj->ki", self.leverage, w)
        within = np.einsum("ki,ki->k", w, b)
        size = np.einsum("ki,ki->k", b, b)
        trace = float(within.sum() - size.sum())
        squares = float((within**2).sum() - 2 * within @ size + ((b.T @ b) ** 2).sum())
        return 0.0 if squares <= _NO_VARIANCE * float(within.sum()) ** 2 else trace**2 / squares


def correct_sandwich(pieces: GeePieces, kind: str) -> CorrectedFit:
    """Sandwich covariance with one of the corrections for few clusters.

    Every published form multiplies a cluster's residuals by a function of its leverage
    H_kk = D_k Phi D_k' V_k^-1. As D_k'V_k^-1 f(I - H_kk) = f(I - D_k'V_k^-1 D_k Phi) D_k'V_k^-1,
    the same is had from matrices of p by p, whatever the size of the clusters.

    Parameters
    ----------
    pieces : GeePieces
    kind : str
        ``mancl-derouen`` (I - H)^-1, ``kauermann-carroll`` (I - H)^-1/2, ``fay-graubard``
        (diagonal, share bounded at 0.75; it depends on how the columns are coded) or ``none``.

    Returns
    -------
    CorrectedFit

    Raises
    ------
    FitError
        There is no such correction, or the columns are linearly dependent.

    Sources
    -------
    Mancl & DeRouen 2001, Biometrics 57:126; Kauermann & Carroll 2001, JASA 96:1387; Fay &
    Graubard 2001, Biometrics 57:1198; Liang & Zeger 1986, Biometrika 73:13. Agree with dense
    matrices in R and with geepack: tests/reference.
    """
    if kind not in CORRECTIONS:
        raise FitError(f'There is no correction "{kind}". There are: {", ".join(CORRECTIONS)}.')
    root = _root(pieces.information.sum(axis=0))
    leverage = root.T @ pieces.information @ root
    leverage = (leverage + leverage.transpose(0, 2, 1)) / 2
    values, vectors = np.linalg.eigh(leverage)
    if kind == "fay-graubard":
        factor = _fay_graubard(pieces.information, root)
    else:
        power = {"mancl-derouen": -1.0, "kauermann-carroll": -0.5, "none": 0.0}[kind]
        factor = _power(1.0 - values, vectors, power)
    scores = np.einsum("kij,kj->ki", factor, pieces.scores @ root) @ root.T
    return CorrectedFit(
        kind=kind,
        vcov=scores.T @ scores,
        root=root,
        leverage=leverage,
        factor=factor,
        alone=_alone(values, vectors, root),
    )


def exchangeable_pieces(
    derivative: Array,
    residual: Array,
    variance: Array,
    cluster: Codes,
    correlation: float = 0.0,
) -> GeePieces:
    """Pieces of every cluster where any two rows of it have one working correlation.

    Parameters
    ----------
    derivative : ndarray, shape (n, p)
        d mu / d beta.
    residual, variance : ndarray, shape (n,)
        y - mu, and the variance function at mu.
    cluster : ndarray of int, shape (n,)
        Codes 0 to clusters - 1, each of them used.
    correlation : float
        0 is working independence.

    Returns
    -------
    GeePieces

    Raises
    ------
    FitError
        A cluster is so large that this (negative) correlation cannot hold in it.
    """
    sizes = np.bincount(cluster)
    spread = 1.0 + (sizes - 1) * correlation
    if not (correlation < 1.0 and (spread > 0).all()):
        raise FitError(
            f"A working correlation of {correlation:.4f} cannot hold in a cluster of "
            f"{sizes.max()} rows.",
            remedy="Use working independence.",
        )
    scale = np.sqrt(variance)
    z, e = derivative / scale[:, None], residual / scale
    z_sum, e_sum = sums_by_cluster(z, cluster), sums_by_cluster(e, cluster)
    shared = correlation / spread
    cross = cross_products(z, cluster) - np.einsum("k,ki,kj->kij", shared, z_sum, z_sum)
    scores = sums_by_cluster(z * e[:, None], cluster) - (shared * e_sum)[:, None] * z_sum
    return GeePieces(scores=scores / (1 - correlation), information=cross / (1 - correlation))


def sums_by_cluster(values: Array, cluster: Codes) -> Array:
    """Sums over the rows of each cluster, shape (clusters, ...), for codes that are all used."""
    order = np.argsort(cluster, kind="stable")
    starts = np.flatnonzero(np.diff(cluster[order], prepend=-1))
    sums: Array = np.add.reduceat(values[order], starts, axis=0)
    return sums


def cross_products(z: Array, cluster: Codes) -> Array:
    """z_k'z_k of each cluster, one pass for each pair of columns."""
    p, clusters = z.shape[1], int(cluster.max()) + 1
    found = np.empty((clusters, p, p))
    for i in range(p):
        for j in range(i + 1):
            found[:, i, j] = found[:, j, i] = np.bincount(cluster, z[:, i] * z[:, j], clusters)
    return found


def _root(information: Array) -> Array:
    """L with L L' the inverse; the columns are scaled first, so that units cost no digits."""
    size = np.sqrt(np.diag(information))
    if not (np.isfinite(size).all() and (size > 0).all()):
        raise FitError("A column has no information: it is zero, or all its risks are 0 or 1.")
    scaled = information / np.outer(size, size)
    if np.linalg.eigvalsh(scaled)[0] <= len(size) * 1e-13:
        raise FitError("The columns of the design are linearly dependent.")
    root: Array = np.linalg.inv(np.linalg.cholesky(scaled)).T / size[:, None]
    return root


def _power(left: Array, vectors: Array, power: float) -> Array:
    """(I - M)^power of each cluster; where nothing is left, the generalised inverse drops it."""
    kept = left > _LEVERAGE_ONE
    raised = np.where(kept, np.where(kept, left, 1.0) ** power, 0.0)
    return (vectors * raised[:, None, :]) @ vectors.transpose(0, 2, 1)


def _alone(values: Array, vectors: Array, root: Array) -> Array:
    """L v of every eigenvector v of M_k with the eigenvalue 1."""
    cluster, place = np.nonzero(values > 1.0 - _LEVERAGE_ONE)
    return vectors[cluster, :, place] @ root.T


def _fay_graubard(information: Array, root: Array) -> Array:
    """L' diag(h_k) L'^-1 with h = (1 - min(bound, (D'V^-1 D Phi)_jj))^-1/2."""
    share = np.einsum("kij,ji->ki", information, root @ root.T)
    h = (1.0 - np.minimum(share, _BOUND)) ** -0.5
    factor: Array = np.einsum("ji,kj,jl->kil", root, h, np.linalg.inv(root).T)
    return factor
