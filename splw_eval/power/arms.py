"""Arms of clusters: one person's variance, and the share of it that lies between clusters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.outcomes import Outcome, outcome_of, second_proportion, second_rate
from splw_eval.power.precision import Array
from splw_eval.stats.power import proportions as odds
from splw_eval.stats.power.rates import k_of_icc, rate_variance


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arms:
    """Both arms, programme first, on the scale of the analysis.

    Attributes
    ----------
    outcome : Outcome
    variances : tuple of ndarray
        Of one person, covariates taken off.
    iccs : tuple of ndarray
        Share of that between clusters.
    scales : mapping of str to ndarray
        The same correlation on every scale; see `scales_of`.
    """

    outcome: Outcome
    variances: tuple[Array, Array]
    iccs: tuple[Array, Array]
    scales: Mapping[str, Array]


def arms_of(v: Values) -> Arms:
    """Variances and correlations of both arms.

    Parameters
    ----------
    v : Values

    Returns
    -------
    Arms
    """
    outcome = outcome_of(v)
    given = _or_none(v.icc), _or_none(v.icc if v.icc_control is None else v.icc_control)
    both = [
        _on_scale(v, outcome, variance, icc, first=first)
        for variance, icc, first in zip(
            (outcome.programme, outcome.comparison), given, (True, False), strict=True
        )
    ]
    both = [_less_covariates(v, *one) for one in both]
    return Arms(
        outcome=outcome,
        variances=(both[0][0], both[1][0]),
        iccs=(both[0][1], both[1][1]),
        scales=scales_of(v),
    )


def _or_none(icc: Array | None) -> Array:
    """A correlation as it was given; 0 where none was."""
    return np.asarray(0.0 if icc is None else icc, dtype=np.float64)


def _on_scale(
    v: Values, outcome: Outcome, variance: Array, icc: Array, *, first: bool
) -> tuple[Array, Array]:
    """One person's variance and the share between clusters, on the scale of the analysis."""
    if outcome.scale in ("proportion", "log odds"):
        p = second_proportion(v) if first else np.asarray(v.p0)
        if outcome.scale == "proportion":
            return variance, _of_proportions(v, icc, p)
        between = _of_odds(v, icc, p)
        factor = 1.0 if v.variance_factor is None else v.variance_factor
        total = odds.log_odds_variance(p, between)
        return np.asarray(factor * total), np.asarray(between / total)
    if outcome.scale in ("rate", "log rate"):
        rate = second_rate(v) if first else np.asarray(v.rate0)
        return _of_rates(v, rate, icc)
    if v.sd_is == "residual":
        between = v.sd_cluster**2 if v.sd_cluster is not None else variance * icc / (1 - icc)
        return np.asarray(variance + between), np.asarray(between / (variance + between))
    if v.sd_cluster is not None:
        return variance, np.asarray(v.sd_cluster**2 / variance)
    return variance, icc


def _of_proportions(v: Values, icc: Array, p: Array) -> Array:
    """Correlation on the scale of the proportion."""
    if v.sd_cluster is not None:
        return np.asarray(v.sd_cluster**2 / (p * (1 - p)))
    if v.icc_scale == "k":
        return odds.from_k(icc, p)
    if v.icc_scale == "logit":
        return odds.from_logit(odds.between_of_latent(icc), p)
    return icc


def _of_odds(v: Values, icc: Array, p: Array) -> Array:
    """Variance between clusters on the logit scale."""
    if v.sd_cluster is not None:
        return np.asarray(v.sd_cluster**2)
    if v.icc_scale == "logit":
        return odds.between_of_latent(icc)
    return odds.to_logit(_of_proportions(v, icc, p), p)


def _of_rates(v: Values, rate: Array, icc: Array) -> tuple[Array, Array]:
    time = 1.0 if v.person_time is None else v.person_time
    extra = 1.0 if v.overdispersion is None else v.overdispersion
    log = v.link == "log"
    return rate_variance(rate, _k_of(v, rate, icc), time=time, overdispersion=extra, log=log)


def _k_of(v: Values, rate: Array, icc: Array) -> Array:
    if v.sd_cluster is not None:
        return np.asarray(v.sd_cluster if v.link == "log" else v.sd_cluster / rate)
    if v.icc_scale == "proportion":
        time = 1.0 if v.person_time is None else v.person_time
        extra = 1.0 if v.overdispersion is None else v.overdispersion
        return k_of_icc(icc, rate, time=time, overdispersion=extra)
    return icc


def _less_covariates(v: Values, variance: Array, icc: Array) -> tuple[Array, Array]:
    if v.r2 is None and v.r2_cluster is None:
        return np.asarray(variance, dtype=np.float64), np.asarray(icc, dtype=np.float64)
    inner, outer = (0.0 if one is None else one for one in (v.r2, v.r2_cluster))
    within, between = variance * (1 - icc) * (1 - inner), variance * icc * (1 - outer)
    with np.errstate(invalid="ignore"):
        return np.asarray(within + between), np.asarray(between / (within + between))


def scales_of(v: Values) -> Mapping[str, Array]:
    """The correlation between people of a cluster on every scale, for both arms.

    Parameters
    ----------
    v : Values

    Returns
    -------
    mapping of str to ndarray
        Of proportions: ``icc_proportion``, ``icc_logit`` (latent), ``icc_k`` (coefficient of
        variation between clusters) and ``sd_cluster_logit``; of rates ``icc_proportion`` and
        ``icc_k``. With ``_programme`` behind, the same at the programme's proportion.
    """
    if (v.icc is None and v.sd_cluster is None) or (v.p0 is None and v.rate0 is None):
        return {}
    control = v.icc if v.icc_control is None else v.icc_control
    told: dict[str, Array] = {}
    for end, icc, first in (("", control, False), ("_programme", v.icc, True)):
        one = _scales(v, _or_none(icc), first=first)
        told |= {name + end: value for name, value in one.items()}
    return told


def _scales(v: Values, icc: Array, *, first: bool) -> Mapping[str, Array]:
    if v.rate0 is not None:
        rate = second_rate(v) if first else np.asarray(v.rate0)
        return {"icc_proportion": _of_rates(v, rate, icc)[1], "icc_k": _k_of(v, rate, icc)}
    p = second_proportion(v) if first else np.asarray(v.p0)
    if v.link == "logit":
        between = _of_odds(v, icc, p)
        rho = odds.from_logit(between, p)
    else:
        rho = _of_proportions(v, icc, p)
        logit = v.icc_scale == "logit" and v.sd_cluster is None
        between = odds.between_of_latent(icc) if logit else odds.to_logit(rho, p)
    with np.errstate(invalid="ignore"):
        return {
            "icc_proportion": rho,
            "icc_logit": odds.latent_of_between(between),
            "icc_k": odds.to_k(rho, p),
            "sd_cluster_logit": np.asarray(np.sqrt(between)),
        }


def check_icc(v: Values, sizes: tuple[Array, Array] | None) -> Iterator[Finding]:
    """Correlations that clusters of these sizes cannot have, and scales left open.

    Parameters
    ----------
    v : Values
    sizes : tuple of ndarray or None
        People of a cluster in each arm.

    Yields
    ------
    Finding
    """
    if v.rate0 is not None and v.icc is not None and v.icc_scale in (None, "logit"):
        remedy = "Say k (SD of clusters' rates over their mean) or proportion (of the variance)."
        yield finding("SZ02", "icc_scale", "of rates is k or proportion", remedy)
        return
    if v.icc_scale is not None and v.p0 is None and v.rate0 is None:
        problem = "goes with proportions and rates only"
        yield finding("SZ05", "icc_scale", problem, "Leave it out, or give --p0 or --rate0.")
        return
    if v.icc is not None and v.sd_cluster is not None:
        problem = "and --sd-cluster tell the same twice"
        yield finding("SZ14", "icc", problem, "Give one of them.")
        return
    try:
        iccs = arms_of(v if _told(v) else _without_effect(v)).iccs
    except TypeError:  # the difference itself is what is missing
        return
    if any((one > 1).any() for one in iccs):
        shown = max(float(np.max(one)) for one in iccs)
        remedy = f"It comes to {shown:.3g} of the variance of one person; at most 1 can be."
        yield finding("SZ06", "icc", "is more than clusters can have", remedy)
    for rho, m in zip(iccs, sizes or (), strict=False):
        lowest = -1 / (np.maximum(m, 1 + 1e-9) - 1)
        if (rho < lowest).any():
            remedy = f"With clusters of {float(np.max(m)):g} it is above {np.max(lowest):.3g}."
            yield finding("SZ06", "icc", "is below what clusters can have", remedy)
            return


def _told(v: Values) -> bool:
    return any(name in v for name in ("diff", "d", "p1", "rr", "or_", "rate1"))


def _without_effect(v: Values) -> Values:
    if v.p0 is not None:
        return v.changed(p1=v.p0)
    if v.rate0 is not None:
        return v.changed(rate1=v.rate0)
    return v.changed(or_=1.0) if v.levels is not None else v.changed(diff=0.0)
