"""Outcomes of cluster-periods: the difference, and one person's variance in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.outcomes import EFFECTS, outcome_of, second_proportion
from splw_eval.power.precision import Array

OUTCOME_OPTIONS = (
    *EFFECTS,
    *("sd", "sd_control", "sd_is", "p0", "rate0", "variance", "overdispersion"),
)
LINK_OPTIONS = ("link", "time_effects", "icc_scale")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CellOutcome:
    """The difference, and what one person's outcome varies by in each cluster-period.

    Attributes
    ----------
    effect : ndarray, shape (...)
        Programme less comparison, on the scale of the analysis.
    variance : ndarray, shape (..., rows or 1, periods or 1)
    comparison : ndarray, shape (...)
        Variance without the programme, at the start.
    null : ndarray or None
        As `variance`, where there is no effect; None where that is the same.
    """

    effect: Array
    variance: Array
    comparison: Array
    null: Array | None = None


def outcome_of_cells(v: Values, treatment: NDArray[Any]) -> CellOutcome:
    """The outcome that the values tell of.

    Parameters
    ----------
    v : Values
    treatment : ndarray, shape (rows, periods)
        0, 1, or NaN where nothing is measured.

    Returns
    -------
    CellOutcome
    """
    x = np.nan_to_num(treatment)
    if is_linked(v):
        return _linked(v, x)
    if v.rate0 is not None:
        effect, programme, comparison = _rates(v)
    else:
        found = outcome_of(v)
        effect, programme, comparison = found.effect, found.programme, found.comparison
        if v.variance == "pooled" and v.p0 is not None:
            mean = (v.p0 + second_proportion(v)) / 2
            programme = comparison = mean * (1 - mean)
    if programme is comparison or np.array_equal(programme, comparison):
        variance = np.asarray(comparison)[..., None, None]
    else:
        low, high = (np.asarray(one)[..., None, None] for one in (comparison, programme))
        variance = low + x * (high - low)
    return CellOutcome(effect=effect, variance=variance, comparison=np.asarray(comparison))


def is_linked(v: Values) -> bool:
    """Whether the analysis is on the scale of a link, log or logit."""
    return v.link in ("log", "logit")


def second_rate(v: Values) -> Array:
    """Rate in the programme's arm, however it was given."""
    if v.rate1 is not None:
        return np.asarray(v.rate1)
    return np.asarray(v.rate0 * v.rr if v.rr is not None else v.rate0 + v.diff)


def _rates(v: Values) -> tuple[Array, Array, Array]:
    spread = 1.0 if v.overdispersion is None else v.overdispersion
    r0, r1 = v.rate0, second_rate(v)
    if v.variance in ("pooled", "mean"):
        programme = comparison = spread * (r0 + r1) / 2
    else:
        programme, comparison = spread * r1, spread * r0
    return np.asarray(r1 - r0), np.asarray(programme), np.asarray(comparison)


def _linked(v: Values, x: NDArray[np.float64]) -> CellOutcome:
    first, second = (v.p0, second_proportion(v)) if v.rate0 is None else (v.rate0, second_rate(v))
    start = _to_link(v, np.asarray(first))
    effect = _to_link(v, second) - start
    level = start[..., None, None] + _over_time(v, x.shape[-1])
    return CellOutcome(
        effect=effect,
        variance=_working_variance(v, level + x * effect[..., None, None]),
        comparison=_working_variance(v, start),
        null=_working_variance(v, level + 0 * x),
    )


def _over_time(v: Values, periods: int) -> NDArray[np.float64]:
    found = np.zeros(periods)
    if v.time_effects is not None:
        found[1:] = v.time_effects
    return found


def _to_link(v: Values, mean: Array) -> Array:
    return np.asarray(np.log(mean / (1 - mean)) if v.link == "logit" else np.log(mean))


def _working_variance(v: Values, level: Array) -> Array:
    """Variance of one person's outcome times the squared slope of the link."""
    if v.link == "logit":
        mean = 1 / (1 + np.exp(-level))
        return np.asarray(1 / (mean * (1 - mean)))
    mean = np.exp(level)
    if v.rate0 is None:
        return np.asarray((1 - mean) / mean)
    return np.asarray((1.0 if v.overdispersion is None else v.overdispersion) / mean)


def span(v: Values) -> tuple[str, Array, Array]:
    """Where the detectable difference is looked for: of means, proportions or rates."""
    down = _is_down(v)
    if v.p0 is not None:
        return "p1", v.p0, np.asarray(1e-9 if down else 1 - 1e-9)
    if v.rate0 is not None:
        return "rate1", v.rate0, v.rate0 * (1e-9 if down else 1e3)
    sd = np.asarray(1.0 if v.sd is None else v.sd)
    return "diff", 0.0 * sd, 1e3 * sd


def _is_down(v: Values) -> bool:
    base = v.rate0 if v.p0 is None else v.p0
    signs = [v.diff, v.d]
    signs += [one if one is None or base is None else one - base for one in (v.p1, v.rate1)]
    signs += [one if one is None else one - 1 for one in (v.rr, v.or_)]
    return any(one is not None and bool((np.asarray(one) < 0).all()) for one in signs)


def check_outcome(v: Values, periods: int | None = None) -> Iterator[Finding]:
    """What the outcome's options contradict."""
    yield from _bases(v)
    yield from _scales(v)
    yield from _time_effects(v, periods)
    told = any(name in v for name in EFFECTS)
    if v.p0 is not None and told and v.d is None:
        p1 = second_proportion(v)
        if ((p1 <= 0) | (p1 >= 1)).any():
            remedy = f"It comes to {float(np.ravel(p1)[0]):.3g}; proportions lie between 0 and 1."
            yield finding("SZ03", "p1", "is no proportion", remedy)
    elif v.rate0 is not None and told and v.d is None and (second_rate(v) <= 0).any():
        yield finding("SZ03", "diff", "makes the rate 0 or less", "Give a smaller difference.")


def _bases(v: Values) -> Iterator[Finding]:
    """Whether an effect has the proportion or rate that it starts from."""
    if v.p0 is None and (v.p1 is not None or v.or_ is not None):
        yield finding("SZ02", "p0", "is missing", "Give the proportion in the comparison arm.")
    if v.rate0 is None and v.rate1 is not None:
        yield finding("SZ02", "rate0", "is missing", "Give the rate in the comparison arm.")
    if v.rr is not None and v.p0 is None and v.rate0 is None:
        remedy = "Give the proportion, or --rate0, of the comparison arm."
        yield finding("SZ02", "p0", "is missing", remedy)
    if v.p0 is not None and v.rate0 is not None:
        yield finding("SZ05", "rate0", "goes with no --p0", "Give one of them.")


def _scales(v: Values) -> Iterator[Finding]:
    """What goes with no proportion or rate, and with no link."""
    based = v.p0 is not None or v.rate0 is not None
    if based and v.d is not None:
        yield finding("SZ05", "d", "is of means", "Give --diff, --p1 or --rate1.")
    if based and v.sd is not None:
        remedy = "A proportion or a rate has its own variance: leave it out."
        yield finding("SZ05", "sd", "goes with no --p0 or --rate0", remedy)
    if is_linked(v) and not based:
        yield finding("SZ05", "link", "needs a proportion or a rate", "Give --p0 or --rate0.")
    if v.link == "logit" and v.rate0 is not None:
        yield finding("SZ05", "link", "of a rate is log", "Give --link log.")
    if is_linked(v) and v.diff is not None:
        yield finding("SZ05", "diff", "is of no link", "Give --p1, --rr, --or or --rate1.")


def _time_effects(v: Values, periods: int | None) -> Iterator[Finding]:
    if v.time_effects is None:
        return
    if not is_linked(v):
        remedy = "Leave it out: with no link, free period effects change nothing."
        yield finding("SZ05", "time_effects", "is of a link, log or logit", remedy)
    elif periods is not None and len(v.time_effects) not in (1, periods - 1):
        remedy = f"Give one, or one for each of the {periods - 1} periods after the first."
        yield finding("SZ05", "time_effects", f"has {len(v.time_effects)} effects", remedy)
