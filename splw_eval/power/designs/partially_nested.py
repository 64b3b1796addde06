"""Partly nested trials: people of link workers in one arm, of nobody or others in the other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.arms import Arms, arms_of, check_icc
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.designs.parallel import effect_of_clusters
from splw_eval.power.listed_sizes import check_listed, check_sizes, sizes_listed
from splw_eval.power.nested_arms import Side, sides_of, visits_parts
from splw_eval.power.outcome_checks import check_outcome
from splw_eval.power.outcomes import EFFECTS, SCALES, span_of
from splw_eval.power.people import faults_of_one_visit
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.nested import best_ratio, welch_df


def precision(v: Values) -> Precision:
    """Variance of a difference of which each arm adds its own part."""
    arms = _arms(v)
    first, second = sides_of(v)
    effects = _effects(v, arms, first, second)
    units = [
        effect / people
        for effect, people in zip(effects, (first.analysed, second.analysed), strict=True)
    ]
    parts = [unit * s2 for unit, s2 in zip(units, arms.variances, strict=True)]
    if v.visits is not None:
        parts = list(visits_parts(v, arms, first, second))
    null = arms.outcome.null
    fewest = first.groups if v.clusters_control is None else _fewer(first, second)
    return Precision(
        effect=arms.outcome.effect,
        variance=np.asarray(parts[0] + parts[1]),
        null_variance=None if null is None else np.asarray(null * (units[0] + units[1])),
        df={
            "satterthwaite": welch_df(parts[0], parts[1], first.groups - 1, second.groups - 1),
            "j-1": np.asarray(fewest - 1),
        },
        parts=_told(v, arms, effects, first, second),
    )


def _arms(v: Values) -> Arms:
    """Both arms; people of the comparison who are in no cluster have no correlation."""
    both = arms_of(v)
    if v.clusters_control is not None:
        return both
    alone = arms_of(v.changed(icc=None, icc_control=None, sd_cluster=None))
    return Arms(
        outcome=both.outcome,
        variances=(both.variances[0], alone.variances[1]),
        iccs=(both.iccs[0], np.asarray(0.0)),
        scales={k: one for k, one in both.scales.items() if k.endswith("_programme")},
    )


def _effects(v: Values, arms: Arms, first: Side, second: Side) -> tuple[Array, Array]:
    clustered = effect_of_clusters(v, first.size, arms.iccs[0])
    if v.clusters_control is None:
        return clustered, np.asarray(1.0)
    alike = v.changed(sizes=None)  # the list is of the programme's clusters
    return clustered, effect_of_clusters(alike, second.size, arms.iccs[1])


def _fewer(first: Side, second: Side) -> Array:
    return np.asarray(np.minimum(first.groups, second.groups))


def _told(
    v: Values, arms: Arms, effects: tuple[Array, Array], first: Side, second: Side
) -> Mapping[str, Array]:
    told = {
        "design_effect": effects[0],
        "patients": np.asarray(first.recruited + second.recruited),
        "patients_analysed": np.asarray(first.analysed + second.analysed),
        "controls": np.asarray(second.recruited),
    }
    if v.clusters_control is None:
        theta = arms.variances[0] / arms.variances[1]
        told["best_ratio"] = best_ratio(theta, effects[0])
    else:
        told["design_effect_control"] = effects[1]
    return {**told, **arms.scales}


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from check_outcome(v)
    yield from check_sizes(v)
    told = [one for one in ("controls", "allocation", "clusters_control") if one in v]
    if len(told) > 1:
        problem = "the comparison arm is told more than once"
        yield finding("SZ14", told[0], problem, "Give one of them.")
    if v.clusters_control is None:
        for name in ("icc_control", "size_control"):
            if name in v:
                remedy = "Give --clusters-control, or leave it out."
                yield finding("SZ05", name, "goes with clusters in both arms", remedy)
    if v.visits is not None:
        yield from _of_visits(v)
    else:
        yield from faults_of_one_visit(v)
    if v.visits is None and ("iac" in v or "cac" in v):
        yield finding("SZ02", "visits", "is missing", "Give their times: 0,3,12,18.")
    if v.sizes is not None and list(check_listed(v)):
        return
    size = np.asarray(sizes_listed(v).mean()) if v.sizes is not None else v.size
    yield from check_icc(v, None if size is None else (size, np.asarray(1.0)))


def _of_visits(v: Values) -> Iterator[Finding]:
    if any(name in v for name in ("p0", "rate0", "levels")):
        yield finding("SZ05", "visits", "go with means only", "Leave them out.")
    if (np.diff(v.visits) <= 0).any():
        yield finding("SZ03", "visits", "do not rise", "Give times in order: 0,3,12,18.")
    for name in ("dropout", "dropout_control"):
        lost = v.__getattr__(name)
        if lost is not None and len(lost) not in (1, len(v.visits)):
            remedy = f"Give {len(v.visits)} shares, 0 first, or one: lost by the end."
            yield finding("SZ05", name, "has another length than --visits", remedy)
        elif lost is not None and (np.diff(lost) < 0).any():
            yield finding("SZ07", name, "retention rises", "Give cumulative shares.")
    if "iac" not in v:
        remedy = "Give the correlation of one person's scores over time, given the link worker."
        yield finding("SZ02", "iac", "is missing", remedy)
    if v.baseline not in (None, "none", "clda"):
        remedy = "Take clda, which has the same precision as an analysis of covariance, or none."
        yield finding("SZ05", "baseline", "is not of this design", remedy)


def share_out(total: float, _: Values) -> Mapping[str, float]:
    """Clusters of the programme's arm."""
    return {"programme": float(total)}


def model(v: Values) -> str:
    """The analysis."""
    where = "in each arm" if v.clusters_control is not None else "in the programme's arm alone"
    if v.visits is not None:
        start = "" if v.baseline == "none" else ", with one mean at the start"
        return (
            f"a mixed model of all visits{start}, a random intercept for each link worker {where}"
            " after the start, and residual variances of their own in each arm"
        )
    return f"a mixed model with a random intercept for each cluster {where} and unequal variances"


def notes(v: Values) -> tuple[str, ...]:
    """What an answer carries."""
    told = []
    if v.clusters_control is None:
        told.append("People of the comparison arm are taken to be independent of each other.")
    return tuple(told)


def span(v: Values) -> tuple[str, Any, Any]:
    """Where the detectable difference is looked for."""
    return span_of(v, precision)


KIND = Kind(
    name="partially-nested",
    title="partly nested trial",
    takes=(
        *EFFECTS,
        *SCALES,
        *("sd_is", "clusters", "clusters_control", "controls", "allocation", "size"),
        *("size_control", "cv", "sizes", "cv_method", "dropout", "dropout_control"),
        *("cluster_loss", "icc", "icc_control", "icc_scale", "sd_cluster", "r2", "r2_cluster"),
        *("visits", "contrast", "baseline", "iac", "cac"),
    ),
    needs=(
        EFFECTS,
        ("clusters",),
        ("size", "sizes"),
        ("controls", "allocation", "clusters_control"),
        ("icc", "sd_cluster"),
    ),
    solves=("power", "clusters", "size", "controls", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=share_out,
    span=span,
    notes=notes,
    defaults={"variance": "unpooled"},
    sources=(
        "Moerbeek & Wong 2008, Stat Med 27:2850",
        "Roberts & Roberts 2005, Clinical Trials 2:152",
        "Lohr, Schochet & Sanders 2014, Partially Nested Randomized Controlled Trials",
        "Candlish et al. 2018, BMC Med Res Methodol 18:105",
    ),
)
