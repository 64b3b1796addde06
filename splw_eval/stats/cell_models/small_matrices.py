"""Small matrices by the thousand: rows and columns lead, and the many lie side by side."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cell_models.cells import Floats

_DEFINITE = 1e-12  # pivot over the diagonal: below, a matrix is not positive definite
_SEMI = 1e-13  # pivot over the largest diagonal: below, nothing is left of a column


def product(a: Floats, b: Floats) -> Floats:
    """A B of each."""
    found: Floats = np.einsum("ij...,jk...->ik...", a, b)
    return found


def turned(a: Floats) -> Floats:
    """A' of each."""
    return np.swapaxes(a, 0, 1)


def inverse(a: Floats) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Inverse, log determinant, and whether it is positive definite, of symmetric matrices.

    Parameters
    ----------
    a : ndarray, shape (T, T, ...)

    Returns
    -------
    tuple of ndarray

    Notes
    -----
    Sweeps, one for each row (Goodnight 1979, Am Stat 33:149): of matrices so small a call of
    LAPACK for each would take longer than the arithmetic.
    """
    swept = np.array(a)
    diagonal = np.einsum("ii...->i...", a)
    log, good = np.zeros(a.shape[2:]), np.ones(a.shape[2:], dtype=bool)
    for i in range(len(a)):
        pivot = swept[i, i].copy()
        positive = pivot > _DEFINITE * np.abs(diagonal[i])
        good &= positive
        pivot = np.where(positive, pivot, 1.0)
        log += np.log(pivot)
        row = swept[i] / pivot
        swept -= swept[:, i].copy()[:, None] * row[None]
        swept[i], swept[:, i] = row, row
        swept[i, i] = -1 / pivot
    return -swept, log, good


def root(a: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """L of A = L L', A symmetric and at least semidefinite, and whether it is.

    Parameters
    ----------
    a : ndarray, shape (q, q, ...)

    Returns
    -------
    tuple of ndarray
    """
    left, found = np.array(a), np.zeros_like(a)
    least = _SEMI * np.abs(np.einsum("ii...->i...", a)).max(axis=0)
    good = np.ones(a.shape[2:], dtype=bool)
    for i in range(len(a)):
        pivot = left[i, i]
        good &= pivot >= -least
        column = left[:, i] / np.sqrt(np.where(pivot > least, pivot, np.inf))
        column[:i] = 0.0
        found[:, i] = column
        left = left - column[:, None] * column[None]
    return found, good
