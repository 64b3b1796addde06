"""Draws of coefficients and practice effects together, missing scores integrated out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.imputation.layout import Floats
from splw_eval.stats.imputation.pattern_sums import PatternSums


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Information:
    """Precision of coefficients (D of them) and practice effects, given the covariances.

    Attributes
    ----------
    of_mean : ndarray, shape (D, D)
    mean : ndarray, shape (D,)
        Precision times estimate.
    crossed : ndarray, shape (practices, J, D)
    of_practice : ndarray, shape (practices, J, J)
    practice : ndarray, shape (practices, J)
    """

    of_mean: Floats
    mean: Floats
    crossed: Floats
    of_practice: Floats
    practice: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Factored:
    """The same, factored for one pair of spreads between practices.

    Attributes
    ----------
    density : float
        Logarithm of the likelihood of the spreads, coefficients and effects integrated out.
    root : ndarray, shape (J, J)
        Root of the covariance of one practice's effects.
    lower : ndarray, shape (D, D)
        Cholesky factor of the precision of the coefficients.
    half : ndarray, shape (D,)
    inverse : ndarray, shape (practices, J, J)
        Inverse Cholesky factors of the precisions of the effects, in units of the root.
    tied : ndarray, shape (practices, J, D)
    own : ndarray, shape (practices, J)
    """

    density: float
    root: Floats
    lower: Floats
    half: Floats
    inverse: Floats
    tied: Floats
    own: Floats


def information_of(sums: PatternSums, precision: Floats) -> Information:
    """Precision given the inverse covariances of the scores seen.

    Parameters
    ----------
    sums : PatternSums
    precision : ndarray, shape (groups, J, J)
        0 where a score is missing.

    Returns
    -------
    Information
    """
    J, q, P = sums.waves, sums.covariates, sums.practices
    size = q * J
    of_mean = np.zeros((sums.arms * size, sums.arms * size))
    mean, crossed = np.zeros(sums.arms * size), np.zeros((P, J, sums.arms * size))
    flat = precision.reshape(len(precision), J * J)
    for arm in range(sums.arms):
        rows, at = sums.of_arm(arm), slice(arm * size, (arm + 1) * size)
        square = sums.products[rows, J:, J:].reshape(-1, q * q).T @ flat[rows]
        of_mean[at, at] = square.reshape(q, q, J, J).transpose(0, 2, 1, 3).reshape(size, size)
        mean[at] = np.matmul(sums.products[rows, J:, :J], precision[rows]).sum(axis=0).ravel()
        if P:
            with_x = sums.sums[rows, :, J:].reshape(-1, P * q).T @ flat[rows]
            crossed[:, :, at] = with_x.reshape(P, size, J).transpose(0, 2, 1)
    return Information(
        of_mean=of_mean,
        mean=mean,
        crossed=crossed,
        of_practice=(sums.counts.T @ flat).reshape(P, J, J),
        practice=np.matmul(sums.sums[:, :, :J], precision).sum(axis=0),
    )


def factor(info: Information, spreads: Floats) -> Factored:
    """Factor the precision, and find how likely the spreads are.

    Parameters
    ----------
    info : Information
    spreads : ndarray, shape (2,)
        Standard deviations between practices, and of practices at single waves.

    Returns
    -------
    Factored
    """
    waves = info.practice.shape[1]
    root = root_of(spreads, waves)
    inner = root @ info.of_practice @ root + np.eye(waves)
    lower = np.linalg.cholesky(inner)
    inverse = np.linalg.inv(lower)
    own = np.matmul(inverse, (info.practice @ root)[:, :, None])[:, :, 0]
    tied = (inverse @ root) @ info.crossed
    flat = tied.reshape(-1, len(info.mean))
    whole: Floats = np.asarray(np.linalg.cholesky(info.of_mean - flat.T @ flat), dtype=np.float64)
    half = _solved(whole, info.mean - flat.T @ own.ravel())
    density = 0.5 * (half @ half + (own**2).sum()) - np.log(np.diagonal(whole)).sum()
    density -= np.log(np.diagonal(lower, axis1=1, axis2=2)).sum()
    return Factored(
        density=float(density),
        root=root,
        lower=whole,
        half=half,
        inverse=inverse,
        tied=tied,
        own=own,
    )


def root_of(spreads: Floats, waves: int) -> Floats:
    """Symmetric root of the covariance of one practice's effects at all waves.

    Parameters
    ----------
    spreads : ndarray, shape (2,)
    waves : int

    Returns
    -------
    ndarray, shape (J, J)
    """
    always, single = float(spreads[0]), float(spreads[1])
    added = (np.sqrt(single**2 + waves * always**2) - single) / waves
    return np.asarray(single * np.eye(waves) + added)


def draw_means(
    factored: Factored, arms: int, waves: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Draw coefficients and practice effects together.

    Parameters
    ----------
    factored : Factored
    arms, waves : int
    rng : Generator

    Returns
    -------
    coefficients : ndarray, shape (arms, q, J)
    practice : ndarray, shape (practices, J)
    """
    z = rng.standard_normal(len(factored.half))
    found = _solved(factored.lower, factored.half + z, turned=True)
    noise = factored.own - factored.tied @ found + rng.standard_normal(factored.own.shape)
    effects = np.matmul(factored.inverse.transpose(0, 2, 1), noise[:, :, None])[:, :, 0]
    return found.reshape(arms, -1, waves), effects @ factored.root


def _solved(lower: Floats, right: Floats, *, turned: bool = False) -> Floats:
    from scipy.linalg.lapack import dtrtrs

    return np.asarray(dtrtrs(lower, right, lower=1, trans=int(turned))[0], dtype=np.float64)
