"""Outcomes: the difference and the variances of single people, by arm and scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval.power.design import Values
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.ordinal import log_odds_unit_variance
from splw_eval.stats.power.proportions import log_odds_variance
from splw_eval.stats.power.rates import rate_variance

EFFECTS = ("diff", "d", "p1", "rr", "or_", "rate1")  # the difference may be told in
SCALES = (  # what else tells of an outcome
    *("sd", "sd_control", "p0", "rate0", "levels", "variance", "link", "overdispersion"),
    *("person_time", "variance_factor"),
)

_NEVER = 1e-9
_TRIED = 150


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Outcome:
    """The difference, and what one person's outcome varies by.

    Attributes
    ----------
    effect : ndarray
        Programme less comparison.
    programme, comparison : ndarray
        Variance of one person's outcome in each arm, but for clusters where the scale is not
        that of the outcome.
    null : ndarray or None
        Variance of one person's in both arms where there is no difference; None: as above.
    scale : str
        ``mean``, ``proportion``, ``log odds``, ``rate``, ``log rate`` or ``ordered``.
    """

    effect: Array
    programme: Array
    comparison: Array
    null: Array | None = None
    scale: str = "mean"


def outcome_of(v: Values) -> Outcome:
    """The outcome that the values tell of: means, proportions, rates or ordered answers.

    Parameters
    ----------
    v : Values

    Returns
    -------
    Outcome
    """
    if v.levels is not None:
        return _ordered(v)
    if v.rate0 is not None:
        return _rates(v)
    if v.p0 is not None:
        return _proportions(v)
    sd = np.asarray(1.0) if v.sd is None else v.sd
    control = sd if v.sd_control is None else v.sd_control
    effect = v.diff if v.diff is not None else v.d * sd
    return Outcome(effect=np.asarray(effect), programme=sd**2, comparison=control**2)


def _proportions(v: Values) -> Outcome:
    p0, p1 = v.p0, second_proportion(v)
    if v.link == "logit":
        return Outcome(
            effect=np.asarray(np.log(p1 / (1 - p1)) - np.log(p0 / (1 - p0))),
            programme=log_odds_variance(p1),
            comparison=log_odds_variance(p0),
            scale="log odds",
        )
    each = p1 * (1 - p1), p0 * (1 - p0)
    if v.variance == "mean":
        each = ((each[0] + each[1]) / 2,) * 2
    mean = (p0 + p1) / 2
    null = mean * (1 - mean) if v.variance == "pooled" else None
    return Outcome(
        effect=np.asarray(p1 - p0),
        programme=np.asarray(each[0]),
        comparison=np.asarray(each[1]),
        null=null,
        scale="proportion",
    )


def _rates(v: Values) -> Outcome:
    first, second, log = second_rate(v), v.rate0, v.link == "log"
    each = [
        rate_variance(
            rate,
            time=1.0 if v.person_time is None else v.person_time,
            overdispersion=1.0 if v.overdispersion is None else v.overdispersion,
            log=log,
        )[0]
        for rate in (first, second)
    ]
    effect = np.log(first / second) if log else first - second
    scale = "log rate" if log else "rate"
    return Outcome(effect=np.asarray(effect), programme=each[0], comparison=each[1], scale=scale)


def _ordered(v: Values) -> Outcome:
    ratio = np.asarray(1.0) if v.allocation is None else v.allocation
    if v.clusters_arm is not None:
        ratio = v.clusters_arm[0] / v.clusters_arm[1]
    unit = log_odds_unit_variance(v.levels, v.or_, np.asarray(ratio / (1 + ratio)))
    effect = np.asarray(np.log(v.or_))
    return Outcome(effect=effect, programme=unit, comparison=unit, scale="ordered")


def second_proportion(v: Values) -> Array:
    """Proportion in the programme's arm, however it was given."""
    if v.p1 is not None:
        return np.asarray(v.p1)
    if v.rr is not None:
        return np.asarray(v.p0 * v.rr)
    if v.or_ is not None:
        odds = v.or_ * v.p0 / (1 - v.p0)
        return np.asarray(odds / (1 + odds))
    return np.asarray(v.p0 + v.diff)


def second_rate(v: Values) -> Array:
    """Rate in the programme's arm, however it was given."""
    if v.rate1 is not None:
        return np.asarray(v.rate1)
    return np.asarray(v.rate0 * v.rr if v.rr is not None else v.rate0 + v.diff)


def span_of(v: Values, precision: Callable[[Values], Precision]) -> tuple[str, Any, Any]:
    """Where the detectable difference is looked for: up, or as the difference given goes.

    Parameters
    ----------
    v : Values
    precision : callable
        Of the design; only asked where the chance may fall again as the difference grows.

    Returns
    -------
    option : str
    none, most : ndarray
    """
    down = is_downward(v)
    if v.levels is not None:
        return "or_", np.asarray(1.0), np.asarray(1e-6 if down else 1e6)
    if v.rate0 is not None:
        most = v.rate0 * (_NEVER if down else 1e4)
        curved = v.link == "log"
        return _up_to_best(v, precision, "rate1", v.rate0, most, curved=curved)
    if v.p0 is not None:
        most = np.asarray(_NEVER if down else 1 - _NEVER)
        return _up_to_best(v, precision, "p1", v.p0, most, curved=v.link == "logit")
    sd = np.asarray(1.0 if v.sd is None else v.sd)
    return "diff", 0.0 * sd, 1e3 * sd


def is_downward(v: Values) -> bool:
    """Whether the difference that was given is a fall."""
    return any(
        name in v and bool((np.asarray(v.__getattr__(name)) < least).all())
        for name, least in _nothing(v).items()
    )


def _nothing(v: Values) -> dict[str, Any]:
    """Each way of telling the difference where there is none."""
    none: dict[str, Any] = {"diff": 0.0, "d": 0.0, "rr": 1.0, "or_": 1.0}
    none |= {} if v.p0 is None else {"p1": v.p0}
    return none | ({} if v.rate0 is None else {"rate1": v.rate0})


def _up_to_best(
    v: Values,
    precision: Callable[[Values], Precision],
    option: str,
    none: Any,
    most: Any,
    *,
    curved: bool,
) -> tuple[str, Any, Any]:
    if not curved:
        return option, none, most
    return option, none, most_telling(v, precision, option, EFFECTS, none, most)


def most_telling(
    v: Values,
    precision: Callable[[Values], Precision],
    option: str,
    others: tuple[str, ...],
    none: Any,
    most: Any,
) -> Array:
    """The difference with the most standard errors: further on, so few events tell little.

    Parameters
    ----------
    v : Values
    precision : callable
    option : str
        In which the difference is told.
    others : tuple of str
        Options to leave out.
    none, most : array_like

    Returns
    -------
    ndarray
    """
    left_out = {name: None for name in others if name != option}
    best: Any = None
    at: Any = None
    for share in np.linspace(1 / _TRIED, 1.0, _TRIED):
        value = np.asarray(none + (most - none) * share)
        one = precision(v.changed(**left_out, **{option: value}))
        with np.errstate(all="ignore"):
            told = np.nan_to_num(np.abs(one.effect) / one.std_error)
        if best is None:
            best, at = told, value + 0 * told
        better = told > best
        best, at = np.where(better, told, best), np.where(better, value, at)
    return np.asarray(at, dtype=np.float64)
