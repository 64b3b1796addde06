"""Draws for the gaps of one column, given complete columns: numbers, donors, ordered levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.ordered_fit import fit_ordered

Array = NDArray[np.float64]
Codes = NDArray[np.int64]

_RIDGE = 1e-5  # of mice: columns that depend on each other share their slope
_DONORS = 5
_REDRAWS = 50


def draw_numbers(y: Array, seen: Array, wanted: Array, generator: np.random.Generator) -> Array:
    """Draws from a normal linear regression whose parameters are drawn too.

    Parameters
    ----------
    y : ndarray, shape (m,)
        Values seen.
    seen, wanted : ndarray, shape (m, p) and (g, p)
        Columns of people with and without a value, centred and scaled over those seen.
    generator : numpy.random.Generator

    Returns
    -------
    ndarray, shape (g,)

    Raises
    ------
    FitError
        No more values than parameters.

    Sources
    -------
    Rubin 1987, Multiple imputation for nonresponse in surveys, 5.3; as ``mice.impute.norm``.
    """
    _, drawn, sigma = _regression(y, seen, generator)
    return _line(drawn, wanted) + sigma * generator.standard_normal(len(wanted))


def draw_matched(y: Array, seen: Array, wanted: Array, generator: np.random.Generator) -> Array:
    """Values of people alike: one of the five whose predicted value is nearest.

    Parameters
    ----------
    y, seen, wanted, generator
        As in `draw_numbers`.

    Returns
    -------
    ndarray, shape (g,)
        Values that were seen, so they keep the range and the steps of the column.

    Raises
    ------
    FitError
        No more values than parameters.

    Sources
    -------
    Little 1988, J Bus Econ Stat 6:287; Morris, White & Royston 2014, BMC Med Res Methodol
    14:75 (five donors, the drawn parameters for those without a value only).
    """
    fitted, drawn, _ = _regression(y, seen, generator)
    order = np.argsort(_line(fitted, seen), kind="stable")
    predicted = _line(fitted, seen)[order]
    asked = _line(drawn, wanted)
    donors = min(_DONORS, len(y))
    middle = np.searchsorted(predicted, asked)
    near = middle[:, None] + np.arange(-donors, donors)
    inside = (near >= 0) & (near < len(y))
    near = np.clip(near, 0, len(y) - 1)
    distance = np.where(inside, np.abs(predicted[near] - asked[:, None]), np.inf)
    closest = np.argsort(distance, axis=1, kind="stable")[:, :donors]
    chosen = closest[np.arange(len(asked)), generator.integers(0, donors, len(asked))]
    return np.asarray(y[order[near[np.arange(len(asked)), chosen]]])


def draw_ordered(
    band: Codes, levels: int, seen: Array, wanted: Array, generator: np.random.Generator
) -> Array:
    """Draws from proportional odds whose parameters are drawn too; with two levels logistic.

    Parameters
    ----------
    band : ndarray of int, shape (m,)
        Places seen, 0 to levels - 1.
    levels : int
    seen, wanted, generator
        As in `draw_numbers`.

    Returns
    -------
    ndarray, shape (g,)
        Places among the levels.

    Raises
    ------
    FitError
        The model cannot be fitted.

    Notes
    -----
    Rows of little weight are added (for each column, every level half a spread to each side
    of the mean, of the weight of one row for each parameter in all), so that columns which
    foretell a level without fail have finite slopes: White, Daniel & Royston 2010, Comput Stat
    Data Anal 54:2267, as in R's mice. The model: McCullagh 1980, J R Stat Soc B 42:109.
    Parameters are drawn from the normal around their maximum with the observed information;
    mice's ``polr`` does not draw them, and so understates the errors somewhat.
    """
    rows, bands, weights = _augmented(band, levels, seen)
    fit = fit_ordered(bands, rows, weights)
    estimate, information = fit.estimate, fit.information
    try:
        root = np.linalg.inv(np.linalg.cholesky(information)).T
    except np.linalg.LinAlgError:
        raise FitError("Columns of the model depend on each other.") from None
    cuts = levels - 1
    for _ in range(_REDRAWS):
        drawn = estimate + root @ generator.standard_normal(len(estimate))
        if (np.diff(drawn[:cuts]) > 0).all():
            break
    else:
        drawn[:cuts] = np.sort(drawn[:cuts])
    at_most = _chance(drawn[:cuts] - (wanted @ drawn[cuts:])[:, None])
    above = generator.random(len(wanted))[:, None] > at_most
    return np.asarray(above.sum(axis=1), dtype=np.float64)


def _regression(
    y: Array, seen: Array, generator: np.random.Generator
) -> tuple[Array, Array, float]:
    """Least squares, a draw around it, and a draw of the spread; the mean stands first."""
    m, p = seen.shape
    if m <= p + 1:
        raise FitError(f"{m} values seen are too few for {p + 1} parameters.")
    gram = seen.T @ seen
    gram[np.diag_indices(p)] *= 1 + _RIDGE
    root = np.linalg.inv(np.linalg.cholesky(gram)).T
    mean = y.mean()
    slopes = root @ (root.T @ (seen.T @ (y - mean)))
    rest = y - mean - seen @ slopes
    sigma = float(np.sqrt(rest @ rest / generator.chisquare(m - p - 1)))
    noise = generator.standard_normal(p + 1)
    fitted = np.concatenate([[mean], slopes])
    moved = np.concatenate([[noise[0] / np.sqrt(m)], root @ noise[1:]])
    return fitted, fitted + sigma * moved, sigma


def _line(coefficients: Array, x: Array) -> Array:
    return np.asarray(coefficients[0] + x @ coefficients[1:])


def _augmented(band: Codes, levels: int, seen: Array) -> tuple[Array, Codes, Array]:
    """Rows with those of little weight added; columns are centred, with a spread of 1."""
    p = seen.shape[1]
    every = np.arange(levels)
    if not p:
        added, bands = np.zeros((levels, 0)), every
    else:
        steps = np.kron(np.eye(p), np.array([[0.5], [-0.5]]))
        steps = np.clip(steps, seen.min(axis=0), seen.max(axis=0))
        added, bands = np.repeat(steps, levels, axis=0), np.tile(every, 2 * p)
    weights = np.concatenate([np.ones(len(band)), np.full(len(bands), (p + 1) / len(bands))])
    return np.vstack([seen, added]), np.concatenate([band, bands]), weights


def _chance(x: Array) -> Array:
    from scipy.special import expit

    chance: Array = expit(x)
    return chance
