"""Weights that give a group the means it is to have, and stay as even as they can."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]

_STEPS = 100
_HALVINGS = 40
_BALANCED = 1e-12  # in standard deviations of the column
_SAME = 1e-9  # in standard deviations: a column that does not vary must have the mean it is to have
_RANK = 1e-10
_UPHILL = 1e-4  # share of the promised descent that a step must bring (Armijo)
_FLOOR = 1e-13
_EDGE = 1e-9  # share of a variance: those who keep a weight are all alike in something


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balanced:
    """Weights of one group.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Above 0; they sum to 1.
    multipliers : ndarray, shape (p,)
        Slope of the log weights on each column; 0 for a column that others make up.
    iterations : int
    """

    weights: Array
    multipliers: Array
    iterations: int


def entropy_weights(X: ArrayLike, means: ArrayLike, *, base: ArrayLike | None = None) -> Balanced:
    """Find the weights closest to even ones that give the columns their means.

    Parameters
    ----------
    X : array_like, shape (n, p)
        Rows of the group to be weighted, without a column of ones.
    means : array_like, shape (p,)
        Weighted means that the columns are to have, such as those of the treated group.
    base : array_like, shape (n,), optional
        Weights to stay close to, above 0; even ones by default.

    Returns
    -------
    Balanced

    Raises
    ------
    FitError
        Shapes differ, a value is not finite, or no weights above 0 give these means: they lie
        outside what mixtures of the rows can reach, or on its edge.

    Notes
    -----
    Newton's method with a line search on the dual, the logarithm of a sum of exponentials, in
    columns made uncorrelated. The dual cannot fall below the logarithm of the smallest base
    weight where weights exist: once it does, there are none.

    Sources: Hainmueller 2012, Political Analysis 20:25, section 3.2.
    """
    rows, goal, start = _checked(X, means, base)
    Z, back = _uncorrelated(rows - goal, start)
    log_base = np.log(start)
    beta = np.zeros(Z.shape[1])
    value, w = _dual(log_base + Z @ beta)
    for step in range(1, _STEPS + 1):
        gradient = w @ Z
        centred = Z - gradient
        spread = (centred * w[:, None]).T @ centred
        if np.abs(gradient).max(initial=0.0) <= _BALANCED:
            if len(beta) and np.linalg.eigvalsh(spread)[0] <= _EDGE:
                break
            return Balanced(weights=w, multipliers=back @ beta, iterations=step - 1)
        # The floor keeps the step finite where hardly anybody keeps a weight.
        move = -np.asarray(np.linalg.solve(spread + _FLOOR * np.eye(len(beta)), gradient))
        beta, value, w = _searched(Z, log_base, beta, move, value, float(gradient @ move))
        if value < log_base.min() or not np.isfinite(value):
            break
    raise FitError(
        "No weights above 0 give the group these means: some lie beyond, or on the edge of, "
        "what its people can be mixed to.",
        remedy="Balance fewer columns, join rare categories, or compare fewer people.",
    )


def _searched(
    Z: Array, log_base: Array, beta: Array, move: Array, value: float, promised: float
) -> tuple[Array, float, Array]:
    """The longest of halved steps that goes down; the last where none does."""
    share = 1.0
    for _ in range(_HALVINGS):
        found, w = _dual(log_base + Z @ (beta + share * move))
        # Near the minimum rounding hides the descent: the full step is then the better one.
        hidden = abs(share * promised) <= _FLOOR * (1 + abs(value))
        if found <= value + _UPHILL * share * promised or hidden:
            return beta + share * move, found, w
        share /= 2
    return beta, value, _dual(log_base + Z @ beta)[1]


def _dual(eta: Array) -> tuple[float, Array]:
    top = float(eta.max())
    risen = np.exp(eta - top)
    total = float(risen.sum())
    return top + float(np.log(total)), risen / total


def _uncorrelated(shifted: Array, base: Array) -> tuple[Array, Array]:
    """Columns turned so that they vary alike and apart, and the way back for slopes."""
    mean = base @ shifted
    centred = shifted - mean
    size = np.sqrt(base @ centred**2)
    constant = size <= _RANK * np.maximum(1.0, np.sqrt(base @ shifted**2))
    unit = np.where(constant, np.maximum(1.0, np.abs(mean)), size)
    root = np.sqrt(base)[:, None]
    _, values, vectors = np.linalg.svd(root * centred / unit, full_matrices=False)
    used = values > _RANK * max(float(values.max(initial=0.0)), _RANK)
    turn = vectors[used].T / values[used]
    # What does not vary in the group cannot be moved: it must fit already.
    rest = mean / unit - vectors[used].T @ (vectors[used] @ (mean / unit))
    if np.abs(rest).max(initial=0.0) > _SAME:
        raise FitError(
            "A column, or a sum of columns, does not vary in the group and is not what it is to "
            "be, so no weights can balance it.",
            remedy="Join rare categories, or leave out people of a category of one group only.",
        )
    return shifted / unit @ turn, turn / unit[:, None]


def _checked(X: ArrayLike, means: ArrayLike, base: ArrayLike | None) -> tuple[Array, Array, Array]:
    rows, goal = np.asarray(X, dtype=np.float64), np.asarray(means, dtype=np.float64)
    if rows.ndim != 2 or not len(rows) or goal.shape != rows.shape[1:]:
        raise FitError("X (n by p) must have rows, and means one number for each column.")
    start = np.ones(len(rows)) if base is None else np.asarray(base, dtype=np.float64)
    if start.shape != (len(rows),):
        raise FitError("base must have one weight for each row of X.")
    if not (np.isfinite(rows).all() and np.isfinite(goal).all() and np.isfinite(start).all()):
        raise FitError("Every value of X, means and base must be finite, none missing.")
    if (start <= 0).any():
        raise FitError("Every weight of base must be above 0.")
    return rows, goal, start / start.sum()
