"""Parallel cluster trials: practices allocated to two arms, each person measured once after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.arms import Arms, arms_of, check_icc
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.freedom import has_own_variances, rules_of_arms
from splw_eval.power.listed_sizes import check_listed, check_sizes, note_of_sizes, sizes_listed
from splw_eval.power.outcome_checks import check_outcome
from splw_eval.power.outcomes import EFFECTS, SCALES, span_of
from splw_eval.power.people import faults_of_one_visit
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.design_effect import design_effect, variance_of_sizes

_ARMS = 2
_TEST = "Donner & Klar 2000, Design and Analysis of Cluster Randomization Trials"
_EXTRA = "Eldridge, Ashby & Kerry 2006, Int J Epidemiol 35:1292"
_UNEQUAL = "van Breukelen, Candel & Berger 2007, Stat Med 26:2589"
_RATES = "Hayes & Bennett 1999, Int J Epidemiol 28:319"
_ORDERED = "Whitehead 1993, Stat Med 12:2257"
_ODDS = "Moerbeek & Teerenstra 2016, Power Analysis of Trials with Multilevel Data"
_COVARIATES = "Dong & Maynard 2013, J Res Educ Eff 6:24"
_ONE_SPREAD = ("mean", "proportion")  # scales whose model has one variance of each kind


def precision(v: Values) -> Precision:
    """Variance of the difference of two arms of clusters."""
    arms, clusters, sizes = arms_of(v), clusters_of_arms(v), sizes_of_arms(v)
    kept = 1.0 if v.cluster_loss is None else 1 - v.cluster_loss
    left = np.asarray(clusters[0] * kept), np.asarray(clusters[1] * kept)
    spare = _of_hayes_and_bennett(v, arms)
    effects = [
        effect_of_clusters(v, m, rho, arm=arm)
        for arm, (m, rho) in enumerate(zip(sizes, arms.iccs, strict=True))
    ]
    with np.errstate(divide="ignore"):
        units = [
            effect / (np.maximum(k - spare, 0.0) * m)
            for effect, k, m in zip(effects, left, sizes, strict=True)
        ]
    parts = [unit * s2 for unit, s2 in zip(units, arms.variances, strict=True)]
    null = arms.outcome.null
    return Precision(
        effect=arms.outcome.effect,
        variance=np.asarray(parts[0] + parts[1]),
        null_variance=None if null is None else np.asarray(null * (units[0] + units[1])),
        df=rules_of_arms(
            v,
            parts,
            left,
            sizes,
            arms.iccs,
            None if v.sizes is None else lists_of_arms(v),
            one_spread=not has_own_variances(v) and arms.outcome.scale in _ONE_SPREAD,
        ),
        parts={**_told(v, effects, clusters, kept), **arms.scales},
    )


def _of_hayes_and_bennett(v: Values, arms: Arms) -> float:
    """The cluster of each arm that a normal test of rates does not count."""
    return 1.0 if v.test == "z" and arms.outcome.scale == "rate" else 0.0


def _told(
    v: Values, effects: list[Array], clusters: tuple[Array, Array], kept: Any
) -> Mapping[str, Array]:
    first, second = recruited_of_arms(v)
    recruited = clusters[0] * first + clusters[1] * second
    left_first, left_second = sizes_of_arms(v)
    told = {
        "design_effect": effects[0],
        "patients": np.asarray(recruited),
        "patients_analysed": np.asarray(
            kept * (clusters[0] * left_first + clusters[1] * left_second)
        ),
    }
    if v.icc_control is not None or v.size_control is not None:
        told["design_effect_control"] = effects[1]
    return told


def clusters_of_arms(v: Values) -> tuple[Array, Array]:
    """Clusters of the programme's arm and of the comparison."""
    if v.clusters_arm is not None:
        return np.asarray(v.clusters_arm[0]), np.asarray(v.clusters_arm[1])
    ratio = np.asarray(1.0) if v.allocation is None else v.allocation
    total = np.asarray(float(len(sizes_listed(v))) if v.clusters is None else v.clusters)
    return total * ratio / (1 + ratio), total / (1 + ratio)


def recruited_of_arms(v: Values) -> tuple[Array, Array]:
    """People recruited in a cluster, in each arm."""
    if v.sizes is not None:
        sizes, (own, other) = sizes_listed(v), lists_of_arms(v)
        size = np.asarray(sizes.mean() if v.size is None else v.size)
        return size * (own.mean() / sizes.mean()), size * (other.mean() / sizes.mean())
    first = np.asarray(v.size)
    return first, first if v.size_control is None else np.asarray(v.size_control)


def lists_of_arms(v: Values) -> tuple[Array, Array]:
    """The sizes of each arm, programme first: all in both where arms' numbers do not match."""
    sizes = sizes_listed(v)
    if v.clusters_arm is None or len(sizes) != np.sum(v.clusters_arm):
        return sizes, sizes
    first = int(v.clusters_arm[0])
    return sizes[:first], sizes[first:]


def sizes_of_arms(v: Values) -> tuple[Array, Array]:
    """People of a cluster who are left at the end, in each arm."""
    first, second = recruited_of_arms(v)
    lost = 0.0 if v.dropout is None else v.dropout[-1]
    lost_control = lost if v.dropout_control is None else v.dropout_control[-1]
    return first * (1 - lost), second * (1 - lost_control)


def share_out(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each arm."""
    if v.clusters_arm is not None:
        whole = np.sum(v.clusters_arm)
        first, second = (total * n / whole for n in v.clusters_arm)
        return {"programme": float(first), "comparison": float(second)}
    first, second = clusters_of_arms(v.changed(clusters=total))
    return {"programme": float(first), "comparison": float(second)}


def effect_of_clusters(v: Values, m: Array, rho: Array, *, arm: int = 0) -> Array:
    """Design effect of an arm of clusters, alike or not.

    Parameters
    ----------
    v : Values
    m : ndarray
        Mean people of a cluster who are left.
    rho : ndarray
    arm : int
        0 for the programme's.

    Returns
    -------
    ndarray
    """
    if v.sizes is None:
        cv = 0.0 if v.cv is None else v.cv
        return np.asarray(design_effect(m, rho, cv, v.cv_method or "eldridge"))
    sizes = lists_of_arms(v)[arm]
    if v.cv_method in (None, "exact"):
        scaled = sizes / sizes.mean() * np.asarray(m)[..., None]
        return np.asarray(variance_of_sizes(scaled, rho) * scaled.sum(axis=-1))
    cv = sizes.std(ddof=1) / sizes.mean() if len(sizes) > 1 else 0.0
    return np.asarray(design_effect(m, rho, cv, v.cv_method))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from check_outcome(v)
    if v.clusters_arm is not None and len(v.clusters_arm) != _ARMS:
        yield finding(
            "SZ05", "clusters_arm", "this design has two arms", "Give two, programme first: 7,8."
        )
        return
    if v.clusters_arm is not None and v.clusters is not None and not _agree(v):
        yield finding("SZ14", "clusters", "is not the sum of --clusters-arm", "Give one of them.")
    yield from check_sizes(v)
    yield from faults_of_one_visit(v)
    if v.rounding in ("individual", "nearest") and (v.rate0 is not None or v.sizes is not None):
        remedy = "Leave it out: it is for means and proportions in clusters of one size."
        yield finding("SZ05", "rounding", "does not go with rates or --sizes", remedy)
    sized = v.size is not None or (v.sizes is not None and not list(check_listed(v)))
    yield from check_icc(v, sizes_of_arms(v) if sized else None)


def _agree(v: Values) -> bool:
    return bool((v.clusters == np.sum(v.clusters_arm)).all())


def model(v: Values) -> str:
    """The analysis."""
    if v.levels is not None:
        return "a proportional odds model with a random intercept for each cluster"
    if v.rate0 is not None:
        on = "log rates" if v.link == "log" else "rates"
        return f"a comparison of clusters' {on}, each cluster one value"
    if v.p0 is not None and v.link == "logit":
        return "a logistic mixed model with a random intercept for each cluster"
    if v.p0 is not None:
        return (
            "a linear mixed model of the yes or no of each person, which estimates a difference "
            "in risk, with a random intercept for each cluster"
        )
    own = ", and variances of their own in each arm" if has_own_variances(v) else ""
    return f"a linear mixed model with a random intercept for each cluster{own}"


def notes(v: Values) -> tuple[str, ...]:
    """What an answer carries."""
    told = [*note_of_sizes(v)]
    if v.rate0 is not None and v.test == "z" and v.link != "log":
        told.append(
            "One cluster of each arm is not counted, as Hayes and Bennett (1999) have it with the "
            "normal; with --test t all are, since t itself allows for their number."
        )
    if v.p0 is not None and (v.icc_scale in ("logit", "k") or v.link == "logit"):
        told.append(
            "The ICC was brought to the scale of the analysis at each arm's own proportion; from "
            "and to the logit scale that is linear, and near enough where clusters differ little."
        )
    if v.rounding in ("individual", "nearest"):
        told.append("Rounded as some papers do; clusters in all may not share out evenly.")
    if v.levels is not None:
        told.append("Levels are listed best first: an odds ratio above 1 is a move towards them.")
    return tuple(told)


def cites(v: Values) -> tuple[str, ...]:
    """Papers of what was used."""
    unequal = v.cv is not None or v.sizes is not None
    used = {
        _TEST: True,
        _EXTRA: unequal and v.cv_method in (None, "eldridge") and v.sizes is None,
        _UNEQUAL: unequal and (v.cv_method == "breukelen" or v.sizes is not None),
        _RATES: v.rate0 is not None,
        _ORDERED: v.levels is not None,
        _ODDS: v.p0 is not None and v.link == "logit",
        _COVARIATES: v.r2 is not None or v.r2_cluster is not None,
    }
    return tuple(source for source, is_used in used.items() if is_used)


def span(v: Values) -> tuple[str, Any, Any]:
    """Where the detectable difference is looked for."""
    return span_of(v, precision)


KIND = Kind(
    name="parallel",
    title="parallel cluster trial",
    takes=(
        *EFFECTS,
        *SCALES,
        *("sd_is", "clusters", "clusters_arm", "allocation", "size", "size_control"),
        *("cv", "sizes", "cv_method", "dropout", "dropout_control", "cluster_loss"),
        *("icc", "icc_control", "icc_scale", "sd_cluster", "r2", "r2_cluster", "covariates"),
        "rounding",
    ),
    needs=(
        EFFECTS,
        ("clusters", "clusters_arm", "sizes"),
        ("size", "sizes"),
        ("icc", "sd_cluster"),
    ),
    solves=("power", "clusters", "size", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=share_out,
    span=span,
    notes=notes,
    defaults={"variance": "unpooled"},
    sources=(_TEST, _EXTRA, _UNEQUAL, _RATES, _ORDERED, _ODDS, _COVARIATES),
    cites=cites,
)
