"""Arms that differ in their means at each wave and in nothing else."""

from __future__ import annotations

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.layout import Floats, Parameters, WaveData

SCORES_PER_COEFFICIENT = 10


def enough_by_arm(data: WaveData) -> bool:
    """Whether every arm has scores enough at every wave for coefficients of its own.

    Parameters
    ----------
    data : WaveData

    Returns
    -------
    bool
        Ten scores or more for each coefficient of the regression of one wave on the other waves
        and the covariates, a usual rule of thumb.
    """
    needed = SCORES_PER_COEFFICIENT * (data.waves - 1 + data.x.shape[1])
    seen = [data.observed[data.arm == arm].sum(axis=0).min() for arm in range(data.arms)]
    return bool(min(seen) >= needed)


def joined_arms(data: WaveData) -> WaveData:
    """The same people in one arm, with a covariate for each arm but the first.

    Parameters
    ----------
    data : WaveData

    Returns
    -------
    WaveData
    """
    others = (data.arm[:, None] == np.arange(1, data.arms)).astype(np.float64)
    return WaveData(
        y=data.y,
        x=np.hstack([data.x, others]),
        arm=np.zeros_like(data.arm),
        practice=data.practice,
        practices=data.practices,
    )


def parted_arms(parameters: Parameters, data: WaveData) -> Parameters:
    """Parameters of joined arms as those of each arm.

    Parameters
    ----------
    parameters : Parameters
        From `joined_arms`.
    data : WaveData
        With the arms.

    Returns
    -------
    parted : Parameters
    """
    q = data.x.shape[1]
    shared, added = parameters.coefficients[0, :q], parameters.coefficients[0, q:]
    steps = np.vstack([np.zeros((1, data.waves)), added])
    return Parameters(
        coefficients=shared + constant_of(data.x)[:, None] * steps[:, None, :],
        covariance=np.repeat(parameters.covariance, data.arms, axis=0),
        practice=parameters.practice,
        practice_variance=parameters.practice_variance,
        practice_wave_variance=parameters.practice_wave_variance,
    )


def constant_of(x: Floats) -> Floats:
    """What the covariates are multiplied by to give 1 for everybody, shape (q,).

    Parameters
    ----------
    x : ndarray, shape (n, q)

    Returns
    -------
    ndarray

    Raises
    ------
    FitError
        There is no intercept among them.
    """
    found = np.linalg.lstsq(x, np.ones(len(x)), rcond=None)[0]
    if not np.allclose(x @ found, 1.0):
        raise FitError("The covariates have no intercept.", remedy="Leave out 0 or - 1.")
    # Rounding would otherwise give every covariate a trace of the intercept.
    return np.asarray(np.where(np.abs(found) < 1e-9 * np.abs(found).max(), 0.0, found))
