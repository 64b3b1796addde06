"""Newton's method for the partial likelihood, with a watch for one that has no maximum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.efron import Likelihood, Ties, partial_likelihood
from splw_eval.stats.cox.risk_sums import RiskRows

Array = NDArray[np.float64]

_STEPS, _HALVINGS = 50, 30
# Newton's decrement is the squared distance to the maximum in standard errors.
_CLOSE = 1e-12
# Where there is no maximum each step still moves a linear predictor by about 1 when the
# decrement has died away; at a maximum the two vanish together.
_STILL_MOVING = 0.1
# Standardised columns: an eigenvalue this small against the largest carries no information.
_NO_INFORMATION = 1e-10
# What is left of the information where the search ends, against where it began: beneath this
# the score is 0 because it is lost to rounding.
_NOTHING_LEFT = 1e-20
_NO_MAXIMUM = (
    "The likelihood rises without end along column(s) {columns}: where the event happened, "
    "the column alone foretells to whom, so no hazard ratio is finite. Leave the column "
    "out or join its rare values with others."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Maximum:
    """Where the partial likelihood is greatest.

    Attributes
    ----------
    beta : ndarray, shape (p,)
        Coefficients of the columns given.
    at : Likelihood
        At the maximum.
    began : float
        Log likelihood where the search began.
    steps : int
        Newton steps taken.
    """

    beta: Array
    at: Likelihood
    began: float
    steps: int


def maximise(rows: RiskRows, x: Array, ties: Ties, beta: Array | None = None) -> Maximum:
    """Coefficients at the maximum, by Newton's method with halved steps.

    How far apart the log hazards of two rows lie is no sign that there is no maximum: one row
    far out in a column may lie very far off. What tells is that steps do not die away.

    Parameters
    ----------
    rows : RiskRows
    x : ndarray, shape (rows, p)
        Columns about 0, of size about 1.
    ties : {"efron", "breslow"}
    beta : ndarray, shape (p,), optional
        Where to begin; 0 where not given.

    Returns
    -------
    Maximum

    Raises
    ------
    FitError
        The ties are unknown, the columns depend on each other, or there is no finite maximum.
    """
    if ties not in ("efron", "breslow"):
        raise FitError(f'ties must be "efron" or "breslow", got {ties!r}.')
    beta = np.zeros(x.shape[1]) if beta is None else beta
    at = partial_likelihood(rows, x, beta, ties)
    began = at.value
    values = np.linalg.eigvalsh(at.information)
    if values[0] <= _NO_INFORMATION * max(values[-1], 0.0):
        raise FitError(
            "The columns of x are linearly dependent, or one does not vary among those at "
            "risk at the event times; leave one out."
        )
    move: Array = beta
    for step in range(1, _STEPS + 1):
        try:
            move = np.asarray(np.linalg.solve(at.information, at.score), dtype=float)
        except np.linalg.LinAlgError:
            break
        near = bool(at.score @ move <= _CLOSE)
        if near and np.abs(x @ move).max() > _STILL_MOVING:
            break
        higher = _uphill(beta, move, at, ties)
        if higher is None:
            break
        beta, at = higher
        if near and np.linalg.eigvalsh(at.information)[0] > _NOTHING_LEFT * values[-1]:
            return Maximum(beta=beta, at=at, began=began, steps=step)
    moved = np.abs(move) > 0.01 * np.abs(move).max()
    raise FitError(_NO_MAXIMUM.format(columns=named(np.flatnonzero(moved))))


def _uphill(
    beta: Array, move: Array, at: Likelihood, ties: Ties
) -> tuple[Array, Likelihood] | None:
    """Coefficients after the step, halved until the likelihood does not fall."""
    allowed = at.value - 1e-10 * (1.0 + abs(at.value))
    length = 1.0
    for _ in range(_HALVINGS):
        tried = beta + length * move
        # Too far out, exp of the linear predictor is lost; such a place is no number and not taken.
        with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
            there = partial_likelihood(at.rows, at.x, tried, ties)
        if there.value >= allowed and np.isfinite(there.information).all():
            return tried, there
        length /= 2
    return None


def named(columns: NDArray[np.intp]) -> str:
    """Columns by number, counted from 1.

    Parameters
    ----------
    columns : ndarray of int

    Returns
    -------
    str
    """
    return ", ".join(str(int(column) + 1) for column in columns)
