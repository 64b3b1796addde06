"""What is known of an ICC: a prior, a range, or the ICC of a study with its uncertainty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from splw_eval.power.checks import finding, refuse
from splw_eval.power.precision import Array
from splw_eval.stats.power.icc_uncertainty import (
    beta_nodes,
    beta_quantile,
    beta_shape,
    moments_above_zero,
    swiger_variance,
)
from splw_eval.stats.power.noncentral import critical_value

_OF_WAVES = "ICC, mean of the waves"
UPPER = 0.8  # one-sided level of the upper limit
_OF_STUDY = "80% one-sided upper limit"
_TENTH = 0.1
_NEAR_ZERO = 0.25  # estimate over its SE
_RANGE = 41  # values of a range


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class IccEvidence:
    """What is known of an ICC.

    Attributes
    ----------
    mean, sd : float
        Of the distribution over which power is averaged.
    upper : float
        Its upper limit, 80% one-sided; of a range, its upper end.
    limits : tuple of float
        Between which the middle 80% lie; of a range, its ends; of a study, its own interval.
    upper_is, limits_are : str
        What they are, in words.
    places, weights : ndarray, shape (values,)
        Values of the ICC, and their weights.
    source : str
        In words.
    """

    mean: float
    sd: float
    upper: float
    limits: tuple[float, float]
    upper_is: str = "80% one-sided upper limit (8 in 10 values lie below)"
    limits_are: str = "between which 8 in 10 of its values lie"
    places: Array
    weights: Array
    source: str


def of_prior(mean: float, sd: float, *, source: str = "") -> IccEvidence:
    """A Beta prior by its mean and standard deviation.

    Parameters
    ----------
    mean, sd : float
    source : str

    Returns
    -------
    IccEvidence

    Raises
    ------
    DesignError
        There is no such Beta distribution.
    """
    try:
        a, b = beta_shape(mean, sd)
    except ValueError as error:
        remedy = "Give a mean between 0 and 1, and an SD above 0 that is not much larger."
        refuse([finding("SZ06", "icc_prior", str(error)[:1].lower() + str(error)[1:-1], remedy)])
        raise
    places, weights = beta_nodes(a, b)
    low, high = (float(one) for one in beta_quantile(a, b, [_TENTH, 1 - _TENTH]))
    return IccEvidence(
        mean=mean,
        sd=sd,
        upper=float(beta_quantile(a, b, UPPER)),
        limits=(low, high),
        places=places,
        weights=weights,
        source=source or f"a Beta prior with mean {mean:g} and SD {sd:g}",
    )


def of_range(low: float, high: float) -> IccEvidence:
    """All values from one to another, each as likely.

    Parameters
    ----------
    low, high : float

    Returns
    -------
    IccEvidence

    Raises
    ------
    DesignError
        The second is not above the first.
    """
    if not low < high:
        refuse([finding("SZ05", "icc_range", "its ends are not in order", "Give 0.01,0.05.")])
    nodes, weights = np.polynomial.legendre.leggauss(_RANGE)
    return IccEvidence(
        mean=(low + high) / 2,
        sd=(high - low) / np.sqrt(12),
        upper=high,
        limits=(low, high),
        upper_is="upper end",
        limits_are="the range given",
        places=low + (high - low) * (nodes + 1) / 2,
        weights=weights / 2,
        source=f"any ICC from {low:g} to {high:g}, each as likely",
    )


def of_study(study: Any, *, measure: str | None = None) -> IccEvidence:
    """The ICC that a study estimated, with its uncertainty.

    Parameters
    ----------
    study : FittedMixedModel, DataFrame or mapping
        A fitted mixed model, or its `icc` table; or a mapping with ``estimate`` and either
        ``size`` and ``clusters``, or ``conf_low``, ``conf_high`` and perhaps ``conf_level``.
    measure : str, optional
        Which row of the table; by default the mean of the waves, or else its first ICC.

    Returns
    -------
    IccEvidence
        From sizes by Swiger's variance; from an interval by the width of its upper half, as
        the lower one often ends at 0. The distribution is the Beta of that mean and SD; of an
        estimate at 0 or near, that with the moments of the normal's part above 0.

    Raises
    ------
    DesignError
    """
    level = float(getattr(getattr(study, "spec", None), "conf_level", 0.95))
    told = study if isinstance(study, Mapping) else _row(getattr(study, "icc", study), measure)
    if "estimate" not in told or not ({"size", "clusters"} <= set(told) or "conf_high" in told):
        _refuse("says too little", "It needs an estimate with size and clusters, or its interval.")
    estimate, interval = float(told["estimate"]), None
    if "conf_high" in told:
        width = float(told["conf_high"]) - estimate
        level = float(told.get("conf_level", level))
        sd = width / float(critical_value(np.inf, 1 - level))
        words = f"an ICC of {estimate:.3g} ({level:.0%} interval {told['conf_low']:.3g} to "
        words += f"{told['conf_high']:.3g})"
        interval = (max(float(told["conf_low"]), 0.0), float(told["conf_high"]))
    else:
        m, k = float(told["size"]), float(told["clusters"])
        if m <= 1 or k <= 1:
            _refuse("has one person or one cluster", "It needs more of both.")
        sd = float(np.sqrt(swiger_variance(estimate, m, k)))
        words = f"an ICC of {estimate:.3g} from {k:g} clusters of {m:g} (Swiger's variance)"
    if not np.isfinite(sd) or sd <= 0:
        _refuse("has no interval", "Give one with an interval, or --icc-prior with mean and SD.")
    half = sd * float(critical_value(np.inf, 1 - level))
    by_sizes = (max(estimate - half, 0.0), min(estimate + half, 1.0))
    limits_are = f"the study's {level:.0%} interval"
    found = _of_estimate(estimate, sd, words)
    return replace(found, limits=interval or by_sizes, limits_are=limits_are)


def _of_estimate(estimate: float, sd: float, words: str) -> IccEvidence:
    upper = min(estimate + sd * float(critical_value(np.inf, 1 - UPPER, sides=1)), 1.0)
    mean, spread = estimate, sd
    if estimate < sd * _NEAR_ZERO:  # else the Beta would all but deny any other value than 0
        mean, spread = moments_above_zero(estimate, sd)
    return replace(of_prior(mean, spread, source=words), upper=upper, upper_is=_OF_STUDY)


def _row(table: Any, measure: str | None) -> Mapping[str, Any]:
    """One ICC of a table of a fitted model."""
    names = [str(name) for name in table["measure"]]
    wanted = [name for name in names if name == measure or (not measure and name[:3] == "ICC")]
    wanted = [name for name in wanted if name.startswith(_OF_WAVES)] or wanted
    if not wanted:
        what = f'has no row "{measure}"' if measure else "has no ICC"
        _refuse(what, f"It has: {', '.join(names) or 'nothing: no cluster has effects'}.")
    row = table.iloc[names.index(wanted[0])]
    return {
        "estimate": row["estimate"],
        "conf_low": row["conf_low"],
        "conf_high": row["conf_high"],
    }


def _refuse(problem: str, remedy: str) -> None:
    refuse([finding("SZ06", "", f"the study's ICC {problem}", remedy)])
