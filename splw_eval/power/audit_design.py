"""What a plan's figures, or those that were reached, let a comparison of means detect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from splw_eval.core.plan import Plan
from splw_eval.core.plan.sample_size import SampleSize, Sourced
from splw_eval.stats.power.design_effect import design_effect
from splw_eval.stats.power.detectable import detectable_difference
from splw_eval.stats.power.noncentral import critical_value
from splw_eval.stats.power.paired import variance_of_clustered_change

POWER, ALPHA = 0.8, 0.05  # where the plan names none
INTERVAL = 0.95
# Designs whose planned figures in [sample_size] give their standard error by themselves.
ARITHMETIC = frozenset({"individual", "parallel", "pre-post"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Clusters of one arm, and how many people are measured in each; people alone have none."""

    clusters: float
    people: float  # of each cluster, on average
    alone: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How scores vary: as planned, or as found; the correlation is within a cluster."""

    sd: float
    icc: float
    cv: float
    correlation: float | None
    cac: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exactness:
    """How exactly a design tells its difference.

    Attributes
    ----------
    std_error, df : float
    half_width : float
        Of the 95% interval.
    detectable : float
        Least difference found with the power; NaN where there is none.
    """

    std_error: float
    df: float
    half_width: float
    detectable: float


def exactness(std_error: float, df: float, *, power: float, alpha: float) -> Exactness:
    """Half-width and detectable difference of a standard error.

    Parameters
    ----------
    std_error, df : float
    power, alpha : float

    Returns
    -------
    Exactness
    """
    if not df > 0:
        return Exactness(std_error=std_error, df=df, half_width=math.nan, detectable=math.nan)
    return Exactness(
        std_error=std_error,
        df=df,
        half_width=float(critical_value(df, 1 - INTERVAL)) * std_error,
        detectable=float(detectable_difference(std_error, df, power=power, alpha=alpha)),
    )


def exactness_of(
    arms: Sequence[Size], spread: Spread, *, power: float, alpha: float
) -> Exactness | None:
    """How exactly a difference of two arms is told, or the change of one.

    Parameters
    ----------
    arms : sequence of Size
        Two, or one.
    spread : Spread
    power, alpha : float

    Returns
    -------
    Exactness or None
        None for the change of one arm where the correlation with the start is not known.

    Notes
    -----
    Two arms: the variance of one person is SD^2 (1 - r^2) with the score at the start in the
    model, times Eldridge's design effect; df are clusters less 2, and Satterthwaite's where people
    of one arm are in no clusters. One arm: paired scores, df are clusters less 1; where the cluster
    autocorrelation is not known, the ICC is taken as that of people's changes.
    """
    if len(arms) == 1:
        return _change(arms[0], spread, power=power, alpha=alpha)
    share = 1 - (spread.correlation or 0.0) ** 2
    parts = [_variance(arm, spread) * share for arm in arms]
    clusters = [arm.clusters for arm in arms]
    if min(clusters) <= 1:
        df = 0.0  # no variance between clusters can be seen in one of the arms
    elif any(arm.alone for arm in arms) and not all(arm.alone for arm in arms):
        df = sum(parts) ** 2 / sum(p**2 / (k - 1) for p, k in zip(parts, clusters, strict=True))
    else:
        df = sum(clusters) - len(arms)
    return exactness(math.sqrt(sum(parts)), df, power=power, alpha=alpha)


def _change(arm: Size, spread: Spread, *, power: float, alpha: float) -> Exactness | None:
    """The change of one arm; None without the correlation with the start."""
    r = spread.correlation
    if r is None:
        return None
    variance, _ = variance_of_clustered_change(
        spread.sd,
        spread.sd,
        size=arm.people,
        cv=0.0 if arm.alone else spread.cv,
        icc=0.0 if arm.alone else spread.icc,
        cac=r if spread.cac is None else spread.cac,
        iac=r,
    )
    error = math.sqrt(float(variance) / arm.clusters)
    return exactness(error, arm.clusters - 1, power=power, alpha=alpha)


def _variance(arm: Size, spread: Spread) -> float:
    """Variance of the mean of one arm."""
    people = arm.clusters * arm.people
    if arm.alone:
        return spread.sd**2 / people
    return float(design_effect(arm.people, spread.icc, spread.cv)) * spread.sd**2 / people


def power_and_level(plan: Plan) -> tuple[float, float]:
    """Power and level that a plan asks for, or the usual ones."""
    size = plan.sample_size
    if size is None:
        return POWER, ALPHA
    return size.power or POWER, size.alpha


def planned_exactness(plan: Plan) -> Exactness | None:
    """How exactly the planned figures would tell the main question.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Exactness or None
        None where the plan leaves out a figure that it takes, or names a design of several
        periods, or has more than two arms.
    """
    size = plan.sample_size
    if size is None or size.sd is None or (size.design or "parallel") not in ARITHMETIC:
        return None
    arms = planned_arms(plan, size)
    spread = planned_spread(size)
    if arms is None or spread is None:
        return None
    power, alpha = power_and_level(plan)
    return exactness_of(arms, spread, power=power, alpha=alpha)


def planned_spread(size: SampleSize) -> Spread | None:
    """SD, ICC, variation of sizes and correlation of a plan; None without its SD, or its ICC."""
    clustered = _clustered(size)
    if size.sd is None or (clustered and size.icc is None):
        return None
    return Spread(
        sd=size.sd.value,
        icc=_value(size.icc) if clustered else 0.0,
        cv=_value(size.cluster_size_cv) if clustered else 0.0,
        correlation=_known(size.correlation or size.iac),
        cac=_known(size.cac),
    )


def planned_lost(plan: Plan) -> float | None:
    """Share that a plan expects to be lost by the waves of its contrast."""
    size = plan.sample_size
    if size is None:
        return None
    if size.attrition is not None:
        return size.attrition.value
    asked = plan.estimand.contrast.waves or (plan.waves[-1].name,)
    known = [share for wave in asked if (share := size.lost_by(wave)) is not None]
    return max(known) if known else None


def planned_arms(plan: Plan, size: SampleSize) -> tuple[Size, ...] | None:
    """Clusters of each arm and people to be measured; None where too little was planned."""
    n = len(plan.arms) or 1
    if n > 2:  # noqa: PLR2004 - which two are compared is not said
        return None
    kept = 1 - (planned_lost(plan) or 0.0)
    if not _clustered(size):
        if size.people is None:
            return None
        alone = Size(clusters=size.people * kept / n, people=1.0, alone=True)
        return (alone,) * n
    clusters = size.clusters_arm or (size.all_clusters / n,) * n if size.all_clusters else ()
    each = size.size or (size.people / sum(clusters) if size.people and clusters else None)
    if not clusters or each is None:
        return None
    return tuple(Size(clusters=float(k), people=each * kept) for k in clusters)


def _clustered(size: SampleSize) -> bool:
    return size.design != "individual" and size.all_clusters is not None


def _known(given: Sourced | None) -> float | None:
    return None if given is None else given.value


def _value(given: Sourced | None) -> float:
    return 0.0 if given is None else given.value
