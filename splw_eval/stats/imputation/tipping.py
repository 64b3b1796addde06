"""Arms compared as points are added to the scores of people who were lost."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.pooling import Pooled, pool_estimates
from splw_eval.stats.tails import t_criticals

Array = NDArray[np.float64]

_STEPS = 400  # between no points and the most, in which a change of sign is looked for
_HALVINGS = 100


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shifted:
    """A comparison of arms in each completed data set, as a function of points added.

    With d the points of each arm, an estimate is ``estimate + slope d``, and its variance the
    squared length of ``scores + per_point d``: both are exact, as least squares is linear in
    the scores.

    Attributes
    ----------
    estimate : ndarray, shape (M,)
    slope : ndarray, shape (M, k)
        Change for a point added, for each of the k arms whose people are moved.
    scores : ndarray, shape (M, u)
    per_point : ndarray, shape (M, k, u)
    df_complete : float
        The smallest over the data sets.
    conf_level : float
    n : int
        People.
    """

    estimate: Array
    slope: Array
    scores: Array
    per_point: Array
    df_complete: float
    conf_level: float
    n: int

    def pooled(self, points: ArrayLike) -> Pooled:
        """Pool the estimates where these points are added.

        Parameters
        ----------
        points : array_like, shape (p, k)
            A row for each case, a column for each arm.

        Returns
        -------
        Pooled
            Of p values.
        """
        added = np.atleast_2d(np.asarray(points, dtype=np.float64))
        estimates = self.estimate[:, None] + self.slope @ added.T
        lengths = self.scores[:, None] + np.einsum("pk,mku->mpu", added, self.per_point)
        return pool_estimates(
            estimates,
            (lengths**2).sum(axis=2),
            df_complete=self.df_complete,
            conf_level=self.conf_level,
        )


def shifted_comparison(
    scores: Array,
    columns: Sequence[Array],
    lost: Array,
    *,
    cluster: NDArray[np.int64] | None = None,
    term: int = 1,
    vcov: str = "CR2",
    conf_level: float = 0.95,
) -> Shifted:
    """Compare arms in completed data sets, keeping how points that are added would change it.

    Parameters
    ----------
    scores : ndarray, shape (M, n)
        Completed scores at one wave.
    columns : sequence of ndarray, shape (n, p)
        Columns of the comparison in each data set, that of the arm among them.
    lost : ndarray, shape (k, n)
        For each arm whose people are moved: how many times the points are added to each score;
        0 for scores that stay.
    cluster : ndarray of int, shape (n,), optional
        Practices; without them one variance is common to all people, and the degrees of freedom
        are n - p.
    term : int
        Place of the arm among the columns.
    vcov : str
        As in `fit_clusters`; ``CR2`` has Satterthwaite's degrees of freedom.
    conf_level : float

    Returns
    -------
    Shifted

    Raises
    ------
    FitError
        The columns do not carry the comparison, or there are fewer than two data sets.
    """
    if len(scores) < 2:
        raise FitError("There must be two or more completed data sets.")
    made = [
        _parts(np.vstack([y[None], lost]), x, cluster, term, vcov)
        for y, x in zip(scores, columns, strict=True)
    ]
    coefficients = np.array([one[0] for one in made])
    lengths = np.array([one[1] for one in made])
    return Shifted(
        estimate=coefficients[:, 0],
        slope=coefficients[:, 1:],
        scores=lengths[:, 0],
        per_point=lengths[:, 1:],
        df_complete=float(np.min([one[2] for one in made])),
        conf_level=conf_level,
        n=scores.shape[1],
    )


def _parts(
    outcomes: Array, x: Array, cluster: NDArray[np.int64] | None, term: int, vcov: str
) -> tuple[Array, Array, float]:
    """Coefficient (1 + k,) and vectors (1 + k, u) whose squared length is its variance; df."""
    if cluster is None:
        return _one_variance(outcomes, x, term)
    fits = [fit_clusters(y, x, cluster, vcov=vcov) for y in outcomes]
    coefficients = np.array([fit.coef[term] for fit in fits])
    return coefficients, np.array([fit.scores[:, term] for fit in fits]), float(fits[0].df[term])


def _one_variance(outcomes: Array, x: Array, term: int) -> tuple[Array, Array, float]:
    n, p = x.shape
    if n <= p or np.linalg.matrix_rank(x) < p:
        raise FitError("The columns of the comparison do not tell the arms apart.")
    q, r = np.linalg.qr(x)
    inverse = np.linalg.inv(r)
    coefficients = (inverse @ (q.T @ outcomes.T)).T
    residuals = outcomes - coefficients @ x.T
    # A rotation to the span of the residuals keeps their lengths in few numbers.
    short = np.linalg.qr(residuals.T)[1].T
    scale = math.sqrt(float((inverse[term] ** 2).sum()) / (n - p))
    return coefficients[:, term], short * scale, float(n - p)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tipping:
    """Where the interval begins to include no difference, or to exclude it.

    Attributes
    ----------
    includes : bool
        Whether the interval includes no difference where no points are added.
    points : float or None
        Points added to the people lost of the arm asked, at which that changes; the nearest to
        none where it changes in both directions. None where it does not change within reach.
    sign : float
        Of the estimate at which it changes: 1, -1.
    """

    includes: bool
    points: float | None
    sign: float


def tip(
    shifted: Shifted, *, reach: float, moved: int = 0, others: ArrayLike | None = None
) -> Tipping:
    """Find the points of one arm at which the conclusion would change.

    Parameters
    ----------
    shifted : Shifted
    reach : float
        Most points that are tried, in either direction, above 0.
    moved : int
        Place of the arm whose points are changed.
    others : array_like, shape (k,), optional
        Points of all arms, held but for those of the arm moved; by default none.

    Returns
    -------
    Tipping

    Notes
    -----
    In both directions the interval is worked out at 400 steps up to the reach; where it first
    includes no difference (or excludes it) is then halved to the last digit.
    """
    if not reach > 0 or not math.isfinite(reach):
        raise FitError("The most points to try must be above 0 and finite.")
    held = np.zeros(shifted.slope.shape[1]) if others is None else np.asarray(others, dtype=float)

    def outside(points: Array) -> tuple[Array, Array]:
        """How far no difference lies outside the interval (below 0: within), and the sign."""
        rows = np.repeat(held[None], len(points), axis=0)
        rows[:, moved] = points
        pooled = shifted.pooled(rows)
        half = t_criticals(pooled.df, shifted.conf_level) * pooled.std_error
        return np.abs(pooled.estimate) - half, np.sign(pooled.estimate)

    start = outside(np.zeros(1))
    includes = bool(start[0][0] <= 0)
    found = []
    for direction in (-1.0, 1.0):
        tried = direction * np.linspace(0.0, reach, _STEPS + 1)
        margin, _ = outside(tried)
        changed = np.flatnonzero((margin <= 0) != includes)
        if len(changed):
            found.append(_halved(outside, tried[changed[0] - 1], tried[changed[0]], includes))
    if not found:
        return Tipping(includes=includes, points=None, sign=float(start[1][0]))
    nearest = min(found, key=abs)
    return Tipping(
        includes=includes, points=nearest, sign=float(outside(np.array([nearest]))[1][0])
    )


def _halved(outside: object, inner: float, outer: float, includes: bool) -> float:
    """The place between two at which the interval changes."""
    assert callable(outside)
    for _ in range(_HALVINGS):
        middle = (inner + outer) / 2
        if middle in (inner, outer):
            break
        if bool(outside(np.array([middle]))[0][0] <= 0) == includes:
            inner = middle
        else:
            outer = middle
    return outer
