"""Separation: outcomes that the columns foretell without fail, so that no odds ratio is finite."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.gee_corrections import Array, Codes

_MOVED = 1e-6  # a direction this long is one, of those no longer than 1 in each column
# Along a direction of separation Newton's decrement falls as exp(-eta): it is this small only
# where eta is far beyond the limit.
_DECREMENT, _LIMIT, _STEPS = 1e-10, 15.0, 15


def separated_columns(X: Array, event: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Columns along which a logistic likelihood rises without end.

    Parameters
    ----------
    X : ndarray, shape (n, p)
    event : ndarray of bool, shape (n,)

    Returns
    -------
    ndarray of bool, shape (p,)
        All False where the maximum exists.

    Sources
    -------
    Albert & Anderson 1984, Biometrika 71:1; the linear programme is that of Konis 2007 (D.Phil.
    thesis, Oxford): the largest sum of s_i x_i'b with every s_i x_i'b >= 0 and |b| <= 1,
    where s_i is 1 for an event and -1 otherwise, is above 0 where there is separation.
    """
    signed = np.where(event, 1.0, -1.0)[:, None] * X
    return _recession(signed, np.zeros((0, X.shape[1])))


def separated_bands(X: Array, band: Codes) -> NDArray[np.bool_]:
    """Columns along which the likelihood of proportional odds rises without end.

    Parameters
    ----------
    X : ndarray, shape (n, p)
        Design without a column of ones.
    band : ndarray of int, shape (n,)
        0 to cuts.

    Returns
    -------
    ndarray of bool, shape (p,)
    """
    cuts = int(band.max())
    parts = []
    for cut in range(cuts):
        threshold = np.zeros((len(X), cuts))
        threshold[:, cut] = -1.0
        signed = np.where(band > cut, 1.0, -1.0)[:, None] * np.hstack([threshold, X])
        parts.append(signed)
    order = np.hstack([np.diff(np.eye(cuts), axis=0), np.zeros((cuts - 1, X.shape[1]))])
    return _recession(np.vstack(parts), order)[cuts:]


def _recession(signed: Array, order: Array) -> NDArray[np.bool_]:
    """Columns that move in the direction found by the linear programme, if there is one."""
    from scipy.optimize import linprog

    moved: NDArray[np.bool_] = np.zeros(signed.shape[1], dtype=bool)
    size = np.abs(signed).max(axis=0)
    size[size == 0] = 1.0
    if _has_maximum(signed / size):
        return moved
    distinct, times = np.unique(signed / size, axis=0, return_counts=True)
    rows = np.vstack([distinct, order])
    found = linprog(
        -(times @ distinct) / len(signed),
        A_ub=-rows,
        b_ub=np.zeros(len(rows)),
        bounds=(-1.0, 1.0),
        method="highs",
    )
    if found.status == 0 and (distinct @ found.x).max(initial=0.0) > _MOVED:
        moved = np.abs(found.x) > _MOVED
    return moved


def _has_maximum(signed: Array) -> bool:
    """Whether Newton's method soon stands at a maximum, which spares the linear programme."""
    from scipy.special import expit

    at = np.zeros(signed.shape[1])
    for _ in range(_STEPS):
        eta = signed @ at
        if np.abs(eta).max() > _LIMIT:
            return False
        chance = expit(-eta)
        score = signed.T @ chance
        try:
            move = np.linalg.solve((signed * (chance * (1 - chance))[:, None]).T @ signed, score)
        except np.linalg.LinAlgError:
            return False
        if score @ move <= _DECREMENT:
            return True
        at = at + move
    return False
