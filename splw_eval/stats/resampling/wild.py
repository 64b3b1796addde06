"""Wild bootstrap of practices: signs of restricted residuals, all of them where few."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.resampling.signs import all_signs, draw_signs

Array = NDArray[np.float64]

ALL_SIGNS_UP_TO = 16  # practices whose sign vectors are all gone through
DRAWS = 9_999  # above that, unless said otherwise
# Squared statistics this near are one and the same, reckoned in another order.
_SAME = 1e-9
# A column that others explain but for this share of its length is not told apart.
_DEPENDENT = 1e-9
# An error below this share of the one that the outcome's own size would give is rounding.
_ROUNDING = 1e-11
# Where nulls are tried, in errors from the estimate: p may fall, rise and fall again.
_TRIED = np.concatenate([np.arange(0.125, 8, 0.125), np.geomspace(8, 1e6, 64)])


@dataclass(frozen=True, slots=True, kw_only=True)
class WildBootstrap:
    """Wild cluster restricted bootstrap of one coefficient.

    Attributes
    ----------
    estimate : float
        Least-squares coefficient, outcome units per unit of its column.
    std_error : float
        By practices (CR1S: times G/(G-1) (n-1)/(n-p)). No part of `p_value` hangs on the factor.
    statistic : float
        (estimate - null) / std_error.
    null : float
        The coefficient that was tested.
    p_value : float
        Two-sided: the share of sign vectors whose statistic lies at least as far from 0.
    smallest_p_value : float
        The least that so many sign vectors can give.
    conf_low, conf_high : float
        The farthest nulls on either side with p above 1 - conf_level; infinite where no null
        is far enough.
    conf_level : float
    gaps : bool
        Whether nulls between the limits were met with p at most 1 - conf_level.
    signs : int
        Sign vectors compared, with the one that changes nothing.
    exact : bool
        Whether these are all; if not, they were drawn.
    seed : int or None
        Of the draws.
    n, clusters : int
        Rows that count (weight above 0), and their practices.
    method : str
    """

    estimate: float
    std_error: float
    statistic: float
    null: float
    p_value: float
    smallest_p_value: float
    conf_low: float
    conf_high: float
    conf_level: float
    gaps: bool
    signs: int
    exact: bool
    seed: int | None
    n: int
    clusters: int
    method: str


@dataclass(frozen=True, slots=True)
class _Statistics:
    """Parts of each vector's statistic at a null that lies d from the estimate."""

    top: Array  # (vectors, 2): the coefficient is top[0] - d top[1]
    bottom: Array  # (vectors, 3): its squared error is bottom[0] - 2 d bottom[1] + d^2 bottom[2]

    def as_far(self, d: float) -> int:
        """Vectors at least as far from 0 as the first, which changes no sign."""
        top = (self.top[:, 0] - d * self.top[:, 1]) ** 2
        bottom = self.bottom @ np.array([1.0, -2 * d, d * d])
        return int((top * bottom[0] >= top[0] * bottom * (1 - _SAME)).sum())


def wild_cluster_bootstrap(
    y: ArrayLike,
    X: ArrayLike,
    cluster: ArrayLike,
    column: int,
    *,
    weights: ArrayLike | None = None,
    null: float = 0.0,
    draws: int | None = None,
    seed: int = 1,
    conf_level: float = 0.95,
) -> WildBootstrap:
    """Test one least-squares coefficient by the wild bootstrap of practices.

    Parameters
    ----------
    y : array_like, shape (n,)
        Outcome.
    X : array_like, shape (n, p)
        Columns of the model, with its constant.
    cluster : array_like, shape (n,)
        Practice of each row.
    column : int
        The column tested, from 0.
    weights : array_like, shape (n,), optional
        Of the rows, 0 or above; only their ratios matter, and they are taken as known.
    null : float
        Coefficient under the null.
    draws : int, optional
        Sign vectors drawn above 16 practices, besides the one that changes nothing; 9,999
        by default. Up to 16 practices all 2^G are gone through and nothing is drawn.
    seed : int
        Of the draws.
    conf_level : float

    Returns
    -------
    WildBootstrap

    Raises
    ------
    FitError
        Shapes differ, values are missing or infinite, there are fewer than 2 practices, no
        more rows than columns, columns depend on one another, no such column, the model
        fits every practice's score of it without error, or nothing is to be drawn.

    Notes
    -----
    Residuals of the model with the coefficient held at the null change sign practice by
    practice (Rademacher), and the statistic with its error by practices is reckoned anew.
    The interval inverts the test: nulls are tried outwards from the estimate, then halved
    to the last digit. Practices are taken as independent. With 7 practices against 8 and
    an effect shared within practices the test is somewhat liberal, and with one or two
    practices in an arm it says little.

    Sources: Cameron, Gelbach & Miller 2008, Rev Econ Stat 90:414; Roodman, Nielsen,
    MacKinnon & Webb 2019, Stata J 19:4; Phipson & Smyth 2010, Stat Appl Genet Mol Biol 9:39.
    """
    y, X, cluster = _weighted(y, X, cluster, weights)
    outcome, columns, practice = _checked(y, X, cluster, column, null, conf_level)
    n, clusters = len(outcome), int(practice.max()) + 1
    exact = clusters <= ALL_SIGNS_UP_TO
    count = DRAWS if draws is None else draws
    if count < 1:
        raise FitError(f"draws is {count}, but must be at least 1.")
    estimate, found = _statistics(
        outcome,
        columns,
        practice,
        column,
        all_signs(clusters) if exact else draw_signs(clusters, count, seed),
    )
    rows = len(found.top)
    error = math.sqrt(found.bottom[0, 0])
    allowed = math.floor((1 - conf_level) * rows * (1 + _SAME))

    def kept(d: float) -> bool:
        return found.as_far(d) > allowed

    below, above = (_reach(kept, side * error) for side in (-1, 1))
    signs = 2 * rows if exact else rows
    by_weights = "" if weights is None else ", weighted least squares"
    factor = math.sqrt(clusters / (clusters - 1) * (n - 1) / (n - columns.shape[1]))
    how = f"all {signs:,}" if exact else f"{signs:,} with the one seen, drawn, seed {seed}"
    return WildBootstrap(
        estimate=estimate,
        std_error=error * factor,
        statistic=(estimate - null) / (error * factor),
        null=null,
        p_value=found.as_far(null - estimate) / rows,
        smallest_p_value=1 / rows,
        conf_low=estimate + below[0],
        conf_high=estimate + above[0],
        conf_level=conf_level,
        gaps=below[1] or above[1],
        signs=signs,
        exact=exact,
        seed=None if exact else seed,
        n=n,
        clusters=clusters,
        method=f"wild bootstrap of practices under the null{by_weights}; sign vectors: {how}",
    )


def _weighted(
    y: ArrayLike, X: ArrayLike, cluster: ArrayLike, weights: ArrayLike | None
) -> tuple[ArrayLike, ArrayLike, ArrayLike]:
    """Rows times the roots of their weights, of which least squares are the weighted ones."""
    if weights is None:
        return y, X, cluster
    outcome, columns = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    given, weight = np.asarray(cluster), np.asarray(weights, dtype=float)
    if not len(columns) == len(outcome) == len(given) == weight.size or weight.ndim != 1:
        raise FitError("y, X, cluster and weights must hold one value for each row.")
    if not (np.isfinite(weight) & (weight >= 0)).all():
        raise FitError("weights must be finite and not below 0.")
    kept = weight > 0
    root = np.sqrt(weight[kept])
    return outcome[kept] * root, columns[kept] * root[:, None], given[kept]


def _checked(
    y: ArrayLike, X: ArrayLike, cluster: ArrayLike, column: int, null: float, conf_level: float
) -> tuple[Array, Array, NDArray[np.intp]]:
    """Outcome, columns and practice codes from 0."""
    outcome, columns = np.asarray(y, dtype=float), np.asarray(X, dtype=float)
    given = np.asarray(cluster)
    if columns.ndim != 2 or not (len(columns),) == outcome.shape == given.shape:
        raise FitError("y and cluster must hold one value for each row of X.")
    if not (np.isfinite(outcome).all() and np.isfinite(columns).all() and math.isfinite(null)):
        raise FitError("y, X and null must be finite: leave out rows with missing values.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1.")
    if not 0 <= column < columns.shape[1]:
        raise FitError(f"There is no column {column}: X has {columns.shape[1]}, counted from 0.")
    if len(outcome) <= columns.shape[1]:
        raise FitError(f"{len(outcome)} rows cannot fit {columns.shape[1]} columns.")
    if any(
        each is None or (isinstance(each, float) and math.isnan(each)) for each in given.tolist()
    ):
        raise FitError("cluster must name a practice in every row.")
    labels, practice = np.unique(given, return_inverse=True)
    if len(labels) < 2:
        raise FitError(f"Practices are resampled, so at least 2 are needed, got {len(labels)}.")
    return outcome, columns, practice.astype(np.intp)


def _statistics(
    y: Array, X: Array, practice: NDArray[np.intp], column: int, signs: Iterator[Array]
) -> tuple[float, _Statistics]:
    """Estimate, and every vector's statistic, from each practice's cross-products."""
    q, contrast = _basis(X, column)
    fitted = q.T @ y
    rest = q * (y - q @ fitted)[:, None]
    members = [practice == g for g in range(int(practice.max()) + 1)]
    products = np.stack([_product(q[who]) for who in members])
    # What a practice adds to Q'e, with the coefficient at the estimate and one unit off it.
    scores = np.stack([rest[who].sum(axis=0) for who in members])
    shifts = products @ (contrast / (contrast @ contrast))
    near, off = (_parts(part, products @ contrast, contrast) for part in (scores, shifts))
    least = _ROUNDING**2 * float(contrast @ contrast * (y @ y)) / len(y)
    if float((near[1].sum(axis=1) ** 2).sum()) <= least:
        raise FitError("The model fits without error, so no difference between practices is left.")
    tops, bottoms = [], []
    for block in signs:
        a, b = block @ near[1].T, block @ off[1].T
        tops.append(block @ np.stack([near[0], off[0]], axis=1))
        bottoms.append(np.stack([(a * a).sum(1), (a * b).sum(1), (b * b).sum(1)], axis=1))
    return float(contrast @ fitted), _Statistics(np.concatenate(tops), np.concatenate(bottoms))


def _basis(X: Array, column: int) -> tuple[Array, Array]:
    """Orthonormal columns, and the weights that make the coefficient of theirs."""
    length = np.linalg.norm(X, axis=0)
    q, r = np.linalg.qr(X / np.where(length > 0, length, 1.0))
    if np.abs(np.diag(r)).min() < _DEPENDENT:
        raise FitError("Columns of X depend on one another: leave out what others explain.")
    unit = np.zeros(X.shape[1])
    unit[column] = 1 / length[column]
    return np.asarray(q, dtype=float), np.asarray(np.linalg.solve(r.T, unit), dtype=float)


def _parts(scores: Array, leverage: Array, contrast: Array) -> tuple[Array, Array]:
    """Each practice's share of the coefficient, and of each practice's score after fitting."""
    share = scores @ contrast
    return share, np.diag(share) - leverage @ scores.T


def _product(rows: Array) -> Array:
    return rows.T @ rows


def _reach(kept: Callable[[float], bool], unit: float) -> tuple[float, bool]:
    """How far from the estimate nulls are kept, and whether some nearer are not."""
    held = np.array([kept(unit * at) for at in _TRIED])
    if held[-1]:
        return math.copysign(math.inf, unit), not bool(held.all())
    last = int(np.flatnonzero(held)[-1]) if held.any() else -1
    inner = unit * float(_TRIED[last]) if last >= 0 else 0.0
    outer = unit * float(_TRIED[last + 1])
    while inner != (middle := (inner + outer) / 2) != outer:
        inner, outer = (middle, outer) if kept(middle) else (inner, middle)
    return inner, not bool(held[: last + 1].all())
