"""Missing scores given those that were seen, by the joint normal model."""

from __future__ import annotations

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.layout import (
    Codes,
    Flags,
    Floats,
    Parameters,
    WaveData,
    patterns_of,
)


def arm_mean(data: WaveData, parameters: Parameters, arm: int | Codes | None = None) -> Floats:
    """Mean scores of each person before any score is seen.

    Parameters
    ----------
    data : WaveData
    parameters : Parameters
    arm : int or ndarray of int, shape (n,), optional
        Whose coefficients are used; None: those of the person's own arm. What the practice adds
        is that of the person's own practice in any case.

    Returns
    -------
    ndarray, shape (n, J)
        The same bits for a person whoever the other people are.
    """
    code = data.arm if arm is None else np.broadcast_to(np.asarray(arm), data.arm.shape)
    mean = np.zeros((data.people, data.waves))
    # Column by column: a matrix product may round a row by the number of the other rows.
    for place in range(data.x.shape[1]):
        mean += data.x[:, place, None] * parameters.coefficients[code, place]
    if data.practice is not None and len(parameters.practice):
        mean += parameters.practice[data.practice]
    return mean


def complete(
    data: WaveData,
    parameters: Parameters,
    *,
    mean: Floats | None = None,
    covariance: Floats | None = None,
    group: Codes | None = None,
    z: Floats | None = None,
) -> Floats:
    """Fill the missing scores, given the scores of the same person that were seen.

    Parameters
    ----------
    data : WaveData
    parameters : Parameters
    mean : ndarray, shape (n, J), optional
        Means before any score is seen; None: `arm_mean` of the person's own arm.
    covariance : ndarray, shape (groups, J, J), optional
        None: that of the arms in ``parameters``.
    group : ndarray of int, shape (n,), optional
        Which covariance is whose; None: the arm where there are as many as arms, the person's
        row where there are as many as people.
    z : ndarray, shape (n, J), optional
        Independent standard normal numbers, used where a score is missing; None: the
        conditional mean.

    Returns
    -------
    ndarray, shape (n, J)
        Scores that were seen are kept as they are. A person's scores have the same bits whoever
        the other people are.

    Raises
    ------
    FitError
        Shapes do not fit, or a covariance is not positive definite.
    """
    seen = data.observed
    start = arm_mean(data, parameters) if mean is None else mean
    table = parameters.covariance if covariance is None else covariance
    codes, slope, root = _by_pattern(data, table, _groups(data, table, group), drawn=z is not None)
    off = np.where(seen, data.y - start, 0.0)
    filled = np.array(start, dtype=np.float64)
    for later in range(data.waves):
        for other in range(data.waves):
            if slope[:, later, other].any():
                filled[:, later] += slope[codes, later, other] * off[:, other]
            if z is not None and root[:, later, other].any():
                filled[:, later] += root[codes, later, other] * z[:, other]
    return np.where(seen, data.y, filled)


def _groups(data: WaveData, table: Floats, group: Codes | None) -> Codes:
    if table.ndim != 3 or table.shape[1:] != (data.waves, data.waves):
        raise FitError("covariance must be of groups by waves by waves.")
    if group is not None:
        return group
    if len(table) == data.arms:
        return data.arm
    if len(table) != data.people:
        raise FitError("covariance needs group=, which says whose each is.")
    return np.arange(data.people)


def _by_pattern(
    data: WaveData, table: Floats, group: Codes, *, drawn: bool
) -> tuple[Codes, Floats, Floats]:
    """For each pattern and group that occurs: slopes on scores seen, and root of what is left."""
    pattern, patterns = patterns_of(data.observed)
    pairs, codes = np.unique(pattern * len(table) + group, return_inverse=True)
    seen = patterns[pairs // len(table)]
    slope, left = conditional_moments(table[pairs % len(table)], seen)
    root = np.zeros_like(left)
    if drawn:
        gap = ~seen
        # Identity where a score was seen keeps the blocks of the missing ones apart.
        padded = left + np.eye(data.waves) * seen[:, None, :]
        try:
            factor = np.linalg.cholesky(padded)
        except np.linalg.LinAlgError:
            raise FitError("A covariance of the scores is not positive definite.") from None
        root = factor * (gap[:, :, None] & gap[:, None, :])
    return codes, slope, root


def conditional_moments(covariance: Floats, seen: Flags) -> tuple[Floats, Floats]:
    """Slopes of missing scores on those that were seen, and the covariance that is left.

    Parameters
    ----------
    covariance : ndarray, shape (k, J, J)
    seen : ndarray of bool, shape (k, J)

    Returns
    -------
    slope : ndarray, shape (k, J, J)
        Row of a missing score, column of one that was seen; 0 elsewhere.
    left : ndarray, shape (k, J, J)
        Of the missing scores given those seen; 0 elsewhere.

    Raises
    ------
    FitError
        A covariance cannot be inverted.
    """
    both, gap = seen[:, :, None] & seen[:, None, :], ~seen
    cross = covariance * (gap[:, :, None] & seen[:, None, :])
    slope = cross @ _inverse(np.where(both, covariance, np.eye(covariance.shape[1])))
    slope *= seen[:, None, :]
    left = covariance * (gap[:, :, None] & gap[:, None, :]) - slope @ cross.swapaxes(1, 2)
    return slope, (left + left.swapaxes(1, 2)) / 2


def _inverse(matrices: Floats) -> Floats:
    try:
        return np.asarray(np.linalg.inv(matrices), dtype=np.float64)
    except np.linalg.LinAlgError:
        raise FitError("A covariance of the scores cannot be inverted.") from None
