"""Rows of two groups laid out by practice, and chances of the group without each of these."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.weighting.contrast import varies
from splw_eval.stats.weighting.propensity import fit_propensity

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_DEPENDENT = 1e-9
_AT_ONCE = 8_192  # rows whose columns stay in the processor's cache
_STEPS = 12
_CLOSE = 1e-12  # Newton squares what is left, so this is 1e-12 standard errors
_SURE = 30.0
_THIN = 1e-8  # share of the information of everybody, below which all is made anew


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LaidOut:
    """Two groups of n people, those of the reference first, each practice's side by side.

    Attributes
    ----------
    y : ndarray, shape (n,)
        Outcome less its mean.
    reference : int
        People of the reference.
    spans : tuple of slice
        Rows of each practice.
    basis : ndarray, shape (n, k)
        Columns of the model of the outcome, uncorrelated and of mean square 1.
    chances : ndarray, shape (n, m)
        The first m of them, which foretell the group.
    gain : ndarray, shape (1 + q, k)
        Turns coefficients of the basis into what the group adds: to everybody, and for each
        unit of a column whose slope is each group's own.
    apart : ndarray, shape (n, q)
        Those columns.
    """

    y: Array
    reference: int
    spans: tuple[slice, ...]
    basis: Array
    chances: Array
    gain: Array
    apart: Array

    @property
    def treated(self) -> Array:
        """1 for the group that is not the reference, shape (n,)."""
        return np.repeat([0.0, 1.0], [self.reference, len(self.y) - self.reference])


def lay_out(
    y: Array, treated: Flags, X: Array, practice: NDArray[np.intp], interact: Flags
) -> LaidOut | None:
    """Lay out rows.

    Parameters
    ----------
    y : ndarray, shape (n,)
    treated : ndarray of bool, shape (n,)
    X : ndarray, shape (n, p)
        Without an intercept; columns that do not vary do not count.
    practice : ndarray of int, shape (n,)
        From 0.
    interact : ndarray of bool, shape (p,)
        Columns whose slopes may differ between the groups.

    Returns
    -------
    LaidOut or None
        None where a practice has people of both groups, or columns depend on each other.
    """
    count = int(practice.max()) + 1
    inside = np.bincount(practice, weights=treated, minlength=count)
    size = np.bincount(practice, minlength=count)
    if ((inside > 0) & (inside < size)).any() or not size.all():
        return None
    key = practice + count * treated
    order = np.argsort(key, kind="stable")
    flag, columns = treated[order].astype(float), X[order]
    moving = varies(columns)
    columns -= columns.mean(axis=0)
    apart, columns = columns[:, interact & moving], columns[:, moving]
    ones = np.ones((len(y), 1))
    whole = np.concatenate([ones, columns, flag[:, None], apart * flag[:, None]], axis=1)
    scale = np.sqrt((whole**2).mean(axis=0))
    if len(y) <= whole.shape[1] or not scale.all():
        return None
    Q, R = np.linalg.qr(whole / scale)
    steep = np.abs(np.diag(R))
    if steep.min() <= _DEPENDENT * steep.max():
        return None
    root, first = np.sqrt(len(y)), columns.shape[1] + 1
    back = np.linalg.inv(R) / scale[:, None] * root
    held = np.arange(count) + count * (inside > 0)
    starts = np.searchsorted(key[order], held)
    spans = tuple(slice(a, a + k) for a, k in zip(starts.tolist(), size.tolist(), strict=True))
    return LaidOut(
        y=y[order] - y.mean(),
        reference=int((~treated).sum()),
        spans=spans,
        basis=Q * root,
        chances=np.ascontiguousarray(Q[:, :first] * root),
        gain=back[first:],
        apart=apart,
    )


def gram(columns: Array, weights: Array) -> Array:
    """Weighted cross-products of columns, a few rows at a time.

    Parameters
    ----------
    columns : ndarray, shape (n, p)
    weights : ndarray, shape (n,)
        0 or above.

    Returns
    -------
    ndarray, shape (p, p)
    """
    total = np.zeros((columns.shape[1], columns.shape[1]))
    for at in range(0, len(columns), _AT_ONCE):
        part = columns[at : at + _AT_ONCE] * np.sqrt(weights[at : at + _AT_ONCE, None])
        total += part.T @ part
    return total


def chances_without(laid: LaidOut) -> list[Array | None]:
    """Slopes of the logits of the group without each practice.

    Parameters
    ----------
    laid : LaidOut

    Returns
    -------
    list of (ndarray, shape (m,), or None)
        Of `LaidOut.chances`; None where the short way does not lead to them.

    Notes
    -----
    Newton's method, from one step away from the slopes of everybody.
    """
    flag, columns = laid.treated, laid.chances
    try:
        beta = fit_propensity(flag, columns).beta
    except FitError:
        return [None] * len(laid.spans)
    chance = 1 / (1 + np.exp(-(columns @ beta)))
    spread, left = chance * (1 - chance), flag - chance
    parts = [gram(columns[own], spread[own]) for own in laid.spans]
    whole = np.sum(parts, axis=0)
    found: list[Array | None] = []
    for own, part in zip(laid.spans, parts, strict=True):
        if np.linalg.eigvalsh(whole - part)[0] <= _THIN * np.trace(whole):
            found.append(None)
            continue
        start = beta - np.linalg.solve(whole - part, left[own] @ columns[own])
        found.append(_chance_slopes(laid, flag, start, own))
    return found


def _chance_slopes(laid: LaidOut, flag: Array, start: Array, own: slice) -> Array | None:
    columns, beta = laid.chances, start
    for _ in range(_STEPS):
        eta = columns @ beta
        if not np.abs(eta).max() <= _SURE:
            return None
        chance = 1 / (1 + np.exp(-eta))
        spread, left = chance * (1 - chance), flag - chance
        spread[own], left[own] = 0.0, 0.0
        information = gram(columns, spread)
        if np.linalg.eigvalsh(information)[0] <= _THIN * np.trace(information):
            return None
        move = np.linalg.solve(information, left @ columns)
        beta = beta + move
        if float(move @ information @ move) <= _CLOSE:
            return np.asarray(beta)
    return None
