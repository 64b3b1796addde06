"""Intervals of ratios of variances by the profile of the (restricted) likelihood."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.constrained import ConstrainedFit, fit_constrained
from splw_eval.stats.mixed.held_ratios import begin_constrained
from splw_eval.stats.mixed.information import parameter_variance
from splw_eval.stats.mixed.model_fit import ModelFit
from splw_eval.stats.mixed.moments import Floats, Places
from splw_eval.stats.mixed.ratios import Ratio, Ratios, stacked
from splw_eval.stats.tails import t_critical

_CLOSE = 1e-7  # of an end; asked for is 1e-6
_SURE = 3e-4  # of an arm of the interval: Newton's next step would be its square
_FIRST = 0.6  # of the way to the limit: a first trial goes no further, fits near it are slow
_MOST_TRIALS = 60
_NEAR = 1e-3  # of a limit that is only come near: where a whole matrix must be semidefinite
_NEAR_ALONE = 1e-2  # the same, of an autocorrelation


@dataclass(frozen=True, slots=True, kw_only=True)
class RatioInterval:
    """A ratio of variances with its interval.

    Attributes
    ----------
    estimate : float
        Not a number where numerator and denominator are both zero.
    low, high : float
    at_lower_bound, at_upper_bound : bool
        The interval reaches what the model lets the ratio be: at that limit the criterion is
        still within the cut-off.
    converged : bool
    """

    estimate: float
    low: float
    high: float
    at_lower_bound: bool
    at_upper_bound: bool
    converged: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ends:
    """Ends of intervals to look for, two of each ratio."""

    fitted: ModelFit
    ratios: Ratios
    limit: Floats
    lower: NDArray[np.bool_]
    cut: float

    @property
    def alone(self) -> NDArray[np.bool_]:
        """Whether a ratio is of clusters alone, so that it can be 1."""
        people = self.fitted.model.of_people
        return np.asarray(~self.ratios.denominator[:, :people].any(axis=1))

    def at(self, rows: Places, value: Floats, begin: Floats | None = None) -> ConstrainedFit:
        """Constrained fits of some rows."""
        some = self.ratios.rows(rows)
        start = begin_constrained(self.fitted, len(rows)) if begin is None else begin
        return fit_constrained(self.fitted, some, value, start)

    def rise(self, found: ConstrainedFit) -> Floats:
        """Signed root of the deviance's rise, less the cut-off."""
        rise = found.deviance - self.fitted.fit.at.deviance[0]
        root: Floats = np.sqrt(np.maximum(rise, 0.0)) - self.cut
        return root


def profile_deviance(
    fitted: ModelFit, numerator: Floats, denominator: Floats, value: float | Floats
) -> Floats:
    """How much the deviance rises where a ratio of variances is held at a value.

    Parameters
    ----------
    fitted : ModelFit
        Of B replicates.
    numerator, denominator : ndarray, shape (R,)
        The ratio is numerator' theta / denominator' theta.
    value : float or ndarray, shape (B,)

    Returns
    -------
    ndarray, shape (B,)
        Not below zero; infinite where the value cannot be.
    """
    count = len(fitted.fit.theta)
    ratio = Ratio(name="", numerator=numerator, denominator=denominator)
    held = np.broadcast_to(np.asarray(value, dtype=float), (count,)).copy()
    rows = stacked([ratio] * count)
    found = fit_constrained(fitted, rows, held, begin_constrained(fitted, count))
    return np.maximum(found.deviance - fitted.fit.at.deviance, 0.0)


def intervals_of_ratio(
    fitted: ModelFit, numerator: Floats, denominator: Floats, *, conf_level: float = 0.95
) -> RatioInterval:
    """Give the profile interval of one ratio of variances between 0 and 1.

    Parameters
    ----------
    fitted : ModelFit
        Of one replicate.
    numerator, denominator : ndarray, shape (R,)
    conf_level : float

    Returns
    -------
    RatioInterval

    Raises
    ------
    FitError
        There are several replicates.
    """
    ratio = Ratio(name="", numerator=numerator, denominator=denominator)
    return intervals_of_ratios(fitted, (ratio,), conf_level=conf_level)[0]


def intervals_of_ratios(
    fitted: ModelFit, ratios: Sequence[Ratio], *, conf_level: float = 0.95
) -> tuple[RatioInterval, ...]:
    """Give the profile intervals of several ratios at once.

    Parameters
    ----------
    fitted : ModelFit
        Of one replicate.
    ratios : sequence of Ratio
        As `ratios_of` names them.
    conf_level : float

    Returns
    -------
    tuple of RatioInterval

    Raises
    ------
    FitError
        There are several replicates.

    Notes
    -----
    The interval holds every value at which the profile of -2 log likelihood lies above its
    least by no more than the quantile of chi-squared with one degree of freedom. The profile is
    of the criterion of the fit: restricted where `reml`. Where the criterion at the lowest
    value, such as 0, is within, that value is the lower end.

    Sources
    -------
    `docs/methods/icc-intervals.md`, with its coverage.
    """
    if len(fitted.fit.theta) != 1:
        raise FitError("Intervals are made for one fit at a time.")
    if not ratios:
        return ()
    estimate, std_error = _estimates(fitted, stacked(ratios))
    lower = np.tile([True, False], len(ratios))
    limit = np.array([end for ratio in ratios for end in (ratio.lowest, ratio.highest)])
    twice = stacked([ratio for ratio in ratios for _ in range(2)])
    cut = t_critical(math.inf, conf_level)
    task = _Ends(fitted=fitted, ratios=twice, limit=limit, lower=lower, cut=cut)
    ends, at_limit, good = _find(task, np.repeat(estimate, 2), np.repeat(std_error, 2))
    return tuple(
        RatioInterval(
            estimate=float(estimate[i]),
            low=float(ends[2 * i]),
            high=float(ends[2 * i + 1]),
            at_lower_bound=bool(at_limit[2 * i]),
            at_upper_bound=bool(at_limit[2 * i + 1]),
            converged=bool(good[2 * i : 2 * i + 2].all()) and bool(fitted.fit.converged[0]),
        )
        for i in range(len(ratios))
    )


def _estimates(fitted: ModelFit, ratios: Ratios) -> tuple[Floats, Floats]:
    """Ratios and their errors to first order, where the search for the ends begins."""
    fit, count = fitted.fit, len(ratios.lag)
    theta = np.tile(fit.theta, (count, 1))
    top, whole = ratios.parts(theta)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = np.where(np.abs(whole) > 0, top / whole, np.nan)
        _, slopes = ratios.excess(theta, np.nan_to_num(estimate))
        w, _ = parameter_variance(fit.slopes, fit.bound, information="expected", boundary="keep")
        std_error = np.sqrt((slopes @ w[0] * slopes).sum(axis=1)) / np.abs(whole)
    return estimate, np.where(np.isfinite(std_error), std_error, 0.0)


def _find(
    task: _Ends, estimate: Floats, std_error: Floats
) -> tuple[Floats, NDArray[np.bool_], NDArray[np.bool_]]:
    """Ends, whether each is the limit, and whether its search came to an end."""
    at_limit, good = _at_limits(task, estimate)
    near = np.where(task.alone, _NEAR_ALONE, _NEAR) * (task.fitted.model.clusters.size > 0)
    ends = np.where(at_limit, task.limit, np.nan)
    left = np.flatnonzero(~at_limit)
    inside, outside = estimate.copy(), task.limit.copy()
    way = np.where(task.lower, -1.0, 1.0) * task.cut * std_error
    most = _FIRST * np.abs(task.limit - estimate)
    x = _between(estimate + np.clip(way, -most, most), inside, outside)
    phi = None
    for _ in range(_MOST_TRIALS):
        if not len(left):
            break
        found = task.at(left, x[left], phi)
        r = task.rise(found)
        inside[left] = np.where(r <= 0, x[left], inside[left])
        outside[left] = np.where(r > 0, x[left], outside[left])
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = x[left] - r * 2 * (r + task.cut) / found.slope
        moved = _between(newton, inside[left], outside[left])
        close = (r <= 0) & (np.abs(x[left] - task.limit[left]) < near[left])
        moved, at_limit[left] = np.where(close, task.limit[left], moved), close
        by = np.where(close, 0.0, np.abs(moved - x[left]))
        sure = (moved == newton) & (by < _SURE * np.abs(moved - estimate[left]))
        done = (by < _CLOSE) | sure
        ends[left] = x[left] = moved
        good[left] = found.converged
        left, phi = left[~done], found.phi[~done]
    good[left] = False
    return ends, at_limit, good


def _between(trial: Floats, inside: Floats, outside: Floats) -> Floats:
    """A trial that lies between, or else the middle."""
    with np.errstate(invalid="ignore"):
        fits = (trial - inside) * (trial - outside) < 0
    return np.where(fits, trial, (inside + outside) / 2)


def _at_limits(task: _Ends, estimate: Floats) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Whether the criterion at what the model lets the ratio be is within the cut-off."""
    at_limit = np.isnan(estimate) | (np.abs(estimate - task.limit) < _CLOSE)
    good = np.ones(len(estimate), dtype=bool)
    if task.fitted.model.clusters.size:
        return at_limit, good
    rows = np.flatnonzero((task.alone | (task.lower & (task.limit == 0))) & ~at_limit)
    if len(rows):
        found = task.at(rows, task.limit[rows])
        at_limit[rows], good[rows] = task.rise(found) <= 0, found.converged
    return at_limit, good
