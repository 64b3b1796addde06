"""Correlation matrices and their derivatives, for covariances that are made of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from splw_eval.stats.mixed.moments import Floats

# Correlations (B, m) to the matrix (B, T, T) and its derivatives (B, m, T, T). Complex numbers
# pass through, so that second derivatives can be taken by complex steps.
Form = Callable[[Floats, int], tuple[Floats, Floats]]


def _lags(waves: int) -> Floats:
    return np.abs(np.subtract.outer(np.arange(waves), np.arange(waves)))


def exchangeable(rho: Floats, waves: int) -> tuple[Floats, Floats]:
    """One correlation for every pair of waves."""
    apart = _lags(waves) > 0
    matrix = np.where(apart, rho[:, :, None], np.ones_like(rho[:, :, None]))
    return matrix, np.broadcast_to(apart.astype(float), (len(rho), 1, waves, waves))


def autoregressive(rho: Floats, waves: int) -> tuple[Floats, Floats]:
    """A correlation to the power of the number of waves between."""
    lags, base = _lags(waves), rho[:, :, None]
    slope = np.where(lags > 0, lags * base ** np.maximum(lags - 1, 0), 0)
    return base**lags, slope[:, None]


def banded(rho: Floats, waves: int) -> tuple[Floats, Floats]:
    """One correlation for each number of waves between (Toeplitz)."""
    lags = _lags(waves).astype(np.int64)
    every = np.concatenate([np.ones((len(rho), 1), rho.dtype), rho], axis=1)
    slopes = np.stack([(lags == k).astype(float) for k in range(1, waves)])
    return every[:, lags], np.broadcast_to(slopes, (len(rho), *slopes.shape))


def ante_dependent(rho: Floats, waves: int) -> tuple[Floats, Floats]:
    """Products of the correlations of neighbouring waves."""
    matrix = np.ones((len(rho), waves, waves), rho.dtype)
    slopes = np.zeros((len(rho), waves - 1, waves, waves), rho.dtype)
    for late in range(waves):
        for early in range(late):
            between = rho[:, early:late]
            matrix[:, late, early] = matrix[:, early, late] = between.prod(axis=1)
            for k in range(early, late):
                others = np.delete(between, k - early, axis=1).prod(axis=1)
                slopes[:, k, late, early] = slopes[:, k, early, late] = others
    return matrix, slopes
