"""Sums of scores and covariates over people of one arm and pattern of missing scores."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.alike_arms import constant_of
from splw_eval.stats.imputation.layout import (
    Codes,
    Flags,
    Floats,
    Parameters,
    WaveData,
    patterns_of,
)

_ALIKE = 1e-9  # a smallest eigenvalue, as a share of the largest, that counts as none


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scale:
    """How scores and covariates were moved and stretched.

    Attributes
    ----------
    spread : float
        One unit of the scores inside, in units of the scores; the same at all waves.
    centre : ndarray, shape (q, J)
        Coefficients of the covariates that were taken off the scores.
    turn : ndarray, shape (q, q)
        Coefficients of the covariates as given, for each of those of the covariates inside.
    """

    spread: float
    centre: Floats
    turn: Floats

    def restore(self, parameters: Parameters) -> Parameters:
        """Parameters in the units of the scores and covariates as given.

        Parameters
        ----------
        parameters : Parameters

        Returns
        -------
        restored : Parameters
        """
        square = self.spread**2
        return Parameters(
            coefficients=self.centre + self.spread * (self.turn @ parameters.coefficients),
            covariance=square * parameters.covariance,
            practice=self.spread * parameters.practice,
            practice_variance=square * parameters.practice_variance,
            practice_wave_variance=square * parameters.practice_wave_variance,
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PatternSums:
    """Sums over groups of people who are of one arm and were seen at the same waves.

    Attributes
    ----------
    arm : ndarray of int, shape (groups,)
        In order of the arms.
    seen : ndarray of bool, shape (groups, J)
    n : ndarray of int, shape (groups,)
    products : ndarray, shape (groups, J + q, J + q)
        Cross-products of scores (0 where missing) and covariates.
    sums : ndarray, shape (groups, practices, J + q)
        Sums of the same over the people of each practice.
    counts : ndarray, shape (groups, practices)
    arms, waves, practices : int
    spread : ndarray, shape (J,)
        Variance of the scores of each wave that covariates do not explain, pooled over arms.
    scale : Scale
    """

    arm: Codes
    seen: Flags
    n: Codes
    products: Floats
    sums: Floats
    counts: Floats
    arms: int
    waves: int
    practices: int
    spread: Floats
    scale: Scale

    @property
    def covariates(self) -> int:
        """How many columns of covariates there are, q."""
        return int(self.products.shape[1]) - self.waves

    def of_arm(self, arm: int) -> slice:
        """Groups of an arm."""
        low, high = np.searchsorted(self.arm, [arm, arm + 1])
        return slice(int(low), int(high))


def gather_sums(data: WaveData) -> PatternSums:
    """Sums of what the model needs; people of whom nothing was seen are left out.

    Parameters
    ----------
    data : WaveData

    Returns
    -------
    PatternSums
        Their size does not depend on how many people there are.

    Raises
    ------
    FitError
        Covariates follow from each other, or a wave of an arm has too few scores for them.
    """
    unseen = list(unidentified(data))
    if unseen:
        raise FitError(
            f"The covariates cannot be told apart among those seen, in {len(unseen)} of "
            f"{data.arms * data.waves} arms and waves.",
            remedy="Leave a covariate out, or join its rare categories.",
        )
    scale, y, x = _scaled(data)
    rows = np.flatnonzero(data.observed.any(axis=1))
    pattern, patterns = patterns_of(data.observed[rows])
    pairs, code = np.unique(data.arm[rows] * len(patterns) + pattern, return_inverse=True)
    groups, both = len(pairs), np.hstack([y[rows], x[rows]])
    products = np.stack([rows_of.T @ rows_of for rows_of in _parts(both, code, groups)])
    sums, counts = _by_practice(data, rows, code, both, groups)
    arm, seen = pairs // len(patterns), patterns[pairs % len(patterns)]
    return PatternSums(
        arm=arm,
        seen=seen,
        n=np.bincount(code, minlength=groups),
        products=products,
        sums=sums,
        counts=counts,
        arms=data.arms,
        waves=data.waves,
        practices=data.practices if data.practice is not None else 0,
        spread=_spread(products, arm, seen, np.bincount(code, minlength=groups)),
        scale=scale,
    )


def _parts(both: Floats, code: Codes, groups: int) -> Iterator[Floats]:
    for group in range(groups):
        yield both[code == group]


def unidentified(data: WaveData) -> Iterator[tuple[int, int]]:
    """Arms and waves in which the scores seen do not tell the covariates apart.

    Parameters
    ----------
    data : WaveData

    Yields
    ------
    arm, wave : int
    """
    for arm in range(data.arms):
        for wave in range(data.waves):
            rows = data.x[(data.arm == arm) & data.observed[:, wave]]
            if len(rows) <= data.x.shape[1] or tied(rows):
                yield arm, wave


def tied(x: Floats) -> bool:
    """Whether a column of covariates follows from the others.

    Parameters
    ----------
    x : ndarray, shape (n, q)

    Returns
    -------
    bool
    """
    rows = x / np.maximum(np.abs(x).max(axis=0), np.finfo(float).tiny)
    rank = np.linalg.matrix_rank(rows, tol=_ALIKE * np.sqrt(len(rows)))
    return bool(rank < rows.shape[1])


def _scaled(data: WaveData) -> tuple[Scale, Floats, Floats]:
    """Covariates without correlation, scores around their means in units of their spread."""
    n, observed = data.people, data.observed
    turn = np.linalg.inv(np.linalg.qr(data.x, mode="r")) * np.sqrt(n)
    constant = constant_of(data.x)
    mean = np.nanmean(data.y, axis=0)
    off = np.where(observed, data.y - mean, 0.0)
    spread = float(np.sqrt((off**2).sum() / observed.sum())) or 1.0
    centre = np.outer(constant, mean)
    return Scale(spread=spread, centre=centre, turn=turn), off / spread, data.x @ turn


def _by_practice(
    data: WaveData, rows: Codes, code: Codes, both: Floats, groups: int
) -> tuple[Floats, Floats]:
    count = data.practices if data.practice is not None else 0
    if data.practice is None or not count:
        return np.zeros((groups, 0, both.shape[1])), np.zeros((groups, 0))
    key = code * count + data.practice[rows]
    sums = [np.bincount(key, weights=column, minlength=groups * count) for column in both.T]
    counts = np.bincount(key, minlength=groups * count).astype(np.float64)
    table = np.stack(sums, axis=-1).reshape(groups, count, -1)
    return np.asarray(table, dtype=np.float64), counts.reshape(groups, count)


def _spread(products: Floats, arm: Codes, seen: Flags, n: Codes) -> Floats:
    """Residual variance of each wave within arms, by least squares of the scores seen."""
    waves = seen.shape[1]
    found = np.zeros(waves)
    for wave in range(waves):
        left = df = 0.0
        for one in np.unique(arm):
            rows = seen[:, wave] & (arm == one)
            total = products[rows].sum(axis=0)
            cross, square = total[waves:, wave], total[waves:, waves:]
            left += total[wave, wave] - cross @ np.linalg.lstsq(square, cross, rcond=None)[0]
            df += n[rows].sum() - len(square)
        found[wave] = left / df
    return np.maximum(found, _ALIKE)
