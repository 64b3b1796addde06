"""Score test of proportional hazards that takes practices, not people, as independent."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.schoenfeld import Groups
from splw_eval.stats.cox.tied_events import TiedEvents
from splw_eval.stats.tails import f_p_value

Array = NDArray[np.float64]

_NO_INFORMATION = 1e-10


def practice_tests(
    at: TiedEvents, function: Array, practice: NDArray[np.intp], groups: Groups
) -> Array:
    """F statistic, df below the line and p-value of each group of columns.

    Parameters
    ----------
    at : TiedEvents
        At the maximum of the likelihood.
    function : ndarray, shape (moments,)
        Function of time, less its mean over the events.
    practice : ndarray of int, shape (n,)
        Practice of each row as given.
    groups : tuple of tuples of int
        Columns tested together; their number k is the df above the line.

    Returns
    -------
    ndarray, shape (groups, 3)
        With G practices df G - k below the line. NaN where G is not above k or the practices
        do not vary in k directions.

    Raises
    ------
    FitError
        There are fewer than 2 practices.

    Notes
    -----
    Each practice has one value for each column: its sum of the score of the change with time,
    less what its score of the coefficients foretells. Hotelling's test asks whether their
    mean is 0. It holds only roughly where practices are few or very uneven.

    Sources
    -------
    Lin & Wei 1989, J Am Stat Assoc 84:1074 (score residuals); Boos 1992, Am Stat 46:327
    (generalised score test); Hotelling 1931, Ann Math Statist 2:360.
    """
    clusters = int(practice.max()) + 1
    if clusters < 2:
        raise FitError(f"Clustered inference needs at least 2 clusters, got {clusters}.")
    own = practice[at.rows.kept]
    plain, timed = (
        np.column_stack([np.bincount(own, column, clusters) for column in residuals.T])
        for residuals in (
            _score_residuals(at, np.ones(len(function))),
            _score_residuals(at, function),
        )
    )
    foretold = np.linalg.solve(at.information(), at.information(function))
    scores: Array = timed - plain.astype(float) @ foretold
    return np.array([_hotelling(scores[:, list(group)]) for group in groups])


def _score_residuals(at: TiedEvents, function: Array) -> Array:
    """Each row's part of the score, the events weighted by the function of time."""
    rows, moment = at.rows, at.rows.last[at.rows.event] - 1
    step = (at.hazard * function[at.moment])[:, None]
    residuals: Array = -at.risk[:, None] * (at.x * at.net(step) - at.net(step * at.mean))
    middle = at.by_moment(at.mean) / rows.deaths[:, None]
    times = (rows.weights[rows.event] * function[moment])[:, None]
    residuals[rows.event] += times * (at.x[rows.event] - middle[moment])
    return residuals


def _hotelling(values: Array) -> tuple[float, float, float]:
    """Hotelling's test that the mean is 0: F, df below the line and p-value."""
    clusters, k = values.shape
    size = values.std(axis=0, ddof=1)
    if clusters <= k or not (size > 0).all():
        return np.nan, np.nan, np.nan
    scaled = values / size
    spread = np.atleast_2d(np.cov(scaled.T))
    if np.linalg.eigvalsh(spread)[0] <= _NO_INFORMATION:
        return np.nan, np.nan, np.nan
    mean = scaled.mean(axis=0)
    squared = clusters * float(mean @ np.linalg.solve(spread, mean))
    statistic = squared * (clusters - k) / (k * (clusters - 1))
    return statistic, float(clusters - k), f_p_value(statistic, k, clusters - k)
