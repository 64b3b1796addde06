"""Trials that compare slopes: lines of people, and perhaps of their clusters, over the visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.designs.parallel import clusters_of_arms, share_out
from splw_eval.power.listed_sizes import check_listed, note_of_sizes
from splw_eval.power.people import (
    faults_of_counts,
    faults_of_people,
    faults_of_visits,
    people_of_arms,
    retained_of_arms,
    share_out_people,
)
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.slopes import (
    covariance_of_lines,
    information_of_cluster,
    information_of_person,
    variances_of_slopes,
)

_EFFECTS = ("diff", "d", "slope_diff")
_CLUSTERS = ("clusters", "clusters_arm", "sizes", "size")


def precision(v: Values) -> Precision:
    """Variance of the difference between two slopes, per unit of time."""
    one, other, counts = _information(v)
    difference, slope1, slope0 = variances_of_slopes(one, other, common=v.baseline == "clda")
    k1, k0 = counts["units"]
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = slope1**2 / (k1 - 1) + slope0**2 / (k0 - 1)
        welch = np.asarray((slope1 + slope0) ** 2 / parts)
    covariates = 0.0 if v.covariates is None else v.covariates
    plain = np.asarray(k1 + k0 - 2 - covariates + 0 * difference)
    if not _clustered(v):
        df = {"n-2": plain, "welch": welch}
    elif v.controls is not None:  # clusters in one arm alone
        df = {"welch": welch, "j-1": np.asarray(k1 - 1 + 0 * difference)}
    else:
        df = {"k-2": plain, "welch": welch}
    return Precision(
        effect=_effect(v),
        variance=difference,
        df=df,
        parts={"patients": counts["patients"], "time_between": np.asarray(_span(v))},
    )


def _information(v: Values) -> tuple[Array, Array, Mapping[str, Any]]:
    """Information of the two arms; the units that are allocated in each; people in all."""
    lines, residual = _people(v)
    left1, left0 = retained_of_arms(v, v.visits)
    people = [information_of_person(v.visits, lines, residual, left) for left in (left1, left0)]
    if not _clustered(v):
        n1, n0 = people_of_arms(v)
        one, other = (
            person * np.asarray(n)[..., None, None]
            for person, n in zip(people, (n1, n0), strict=True)
        )
        return one, other, {"units": (n1, n0), "patients": np.asarray(n1 + n0)}
    shared = covariance_of_lines(_or_none(v.sd_cluster), _or_none(v.sd_cluster_slope))
    (k1, sizes1), (k0, sizes0) = _sizes_of_arms(v)
    one = _of_clusters(people[0], sizes1, k1, shared)
    if v.controls is not None:
        other = people[1] * np.asarray(v.controls)[..., None, None]
        total = k1 * _mean(sizes1) + v.controls
        return one, other, {"units": (k1, v.controls), "patients": np.asarray(total)}
    other = _of_clusters(people[1], sizes0, k0, shared)
    total = k1 * _mean(sizes1) + k0 * _mean(sizes0)
    return one, other, {"units": (k1, k0), "patients": np.asarray(total)}


def _of_clusters(person: Array, sizes: list[Array], clusters: Array, lines: Array) -> Array:
    """Information of an arm whose clusters have these sizes, in equal parts."""
    each = [information_of_cluster(person, size, lines) for size in sizes]
    return np.asarray(sum(each) / len(each) * np.asarray(clusters)[..., None, None])


def _sizes_of_arms(v: Values) -> tuple[tuple[Array, list[Array]], tuple[Array, list[Array]]]:
    """Clusters of each arm, and the sizes that they have."""
    if v.sizes is None:
        first = np.asarray(v.size)
        second = first if v.size_control is None else v.size_control
        if v.controls is not None:
            return (np.asarray(v.clusters), [first]), (np.asarray(0.0), [second])
        k1, k0 = clusters_of_arms(v)
        return (k1, [first]), (k0, [second])
    listed = [np.asarray(size) for size in np.ravel(v.sizes)]
    if v.controls is not None:
        k = np.asarray(float(len(listed))) if v.clusters is None else v.clusters
        return (np.asarray(k), listed), (np.asarray(0.0), listed)
    counts = v
    if v.clusters is None and v.clusters_arm is None:
        counts = v.changed(clusters=float(len(listed)))
    k1, k0 = clusters_of_arms(counts)
    split = _split(v, len(listed))
    return (k1, listed[:split]), (k0, listed[split:])


def _split(v: Values, listed: int) -> int:
    """How many of the sizes that are listed are the programme's."""
    if v.clusters_arm is not None:
        return round(listed * float(v.clusters_arm[0]) / float(np.sum(v.clusters_arm)))
    ratio = 1.0 if v.allocation is None else float(np.max(v.allocation))
    return round(listed * ratio / (1 + ratio))


def _people(v: Values) -> tuple[Array, Array]:
    """Covariance of people's lines, and the variance about them."""
    if v.sd_residual is None:  # scores correlate alike at all times
        level = v.sd * np.sqrt(v.iac)
        return covariance_of_lines(level, 0.0), np.asarray(v.sd**2 * (1 - v.iac))
    inner = 0.0 if v.intercept_slope is None else v.intercept_slope
    lines = covariance_of_lines(_or_none(v.sd_intercept), _or_none(v.sd_slope), inner)
    return lines, np.asarray(v.sd_residual**2)


def _effect(v: Values) -> Array:
    if v.slope_diff is not None:
        return np.asarray(v.slope_diff)
    end = v.diff if v.diff is not None else v.d * _sd_at_start(v)
    return np.asarray(end / _span(v))


def _sd_at_start(v: Values) -> Array:
    """Standard deviation of scores at time 0."""
    if v.sd is not None:
        return np.asarray(v.sd)
    of_people, of_clusters = _or_none(v.sd_intercept), _or_none(v.sd_cluster)
    return np.asarray(np.sqrt(v.sd_residual**2 + of_people**2 + of_clusters**2))


def _span(v: Values) -> float:
    """Time between the first visit and the last."""
    return float(v.visits[-1] - v.visits[0])


def _clustered(v: Values) -> bool:
    return any(getattr(v, name) is not None for name in _CLUSTERS)


def _or_none(value: Array | None) -> Array:
    return np.asarray(0.0) if value is None else np.asarray(value)


def _mean(sizes: list[Array]) -> Array:
    return np.asarray(sum(sizes) / len(sizes))


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters, or people, of each arm; not of one arm's clusters beside people in none."""
    if not _clustered(v):
        return share_out_people(total, v)
    if v.controls is not None:
        return {}
    return share_out(total, v)


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from faults_of_people(v)
    yield from faults_of_visits(v, v.visits.size)
    if v.visits.size <= 1:
        yield finding("SZ05", "visits", "one visit has no slope", "Give at least two.")
    if v.baseline not in ("none", "clda"):
        remedy = "Give clda for one mean at the start, or none."
        yield finding("SZ05", "baseline", f"{v.baseline} is not told of lines", remedy)
    if v.sd_residual is None and (v.sd is None or v.iac is None):
        remedy = "Give --sd-residual with --sd-intercept and --sd-slope, or --sd with --iac."
        yield finding("SZ02", "sd_residual", "is missing", remedy)
    if v.sd_residual is not None and v.iac is not None:
        remedy = "Leave out --iac: it follows from the standard deviations."
        yield finding("SZ14", "iac", "stands beside --sd-residual", remedy)
    if v.sd_residual is None and v.iac is not None and ((v.iac < 0) | (v.iac >= 1)).any():
        remedy = "Give one from 0 to below 1; below 0 no people with levels of their own have it."
        yield finding("SZ09", "iac", "is no correlation of people with lines", remedy)
    yield from _faults_of_units(v)


def _faults_of_units(v: Values) -> Iterator[Finding]:
    people = [name for name in ("patients", "patients_arm") if getattr(v, name) is not None]
    if people and _clustered(v):
        remedy = "Give --clusters and --size, or --patients alone."
        yield finding("SZ05", people[0], "stands beside clusters", remedy)
    if _clustered(v):
        yield from faults_of_counts(v)
    spread = [o for o in ("sd_cluster", "sd_cluster_slope") if getattr(v, o) is not None]
    if spread and not _clustered(v):
        yield finding("SZ02", "clusters", "is missing", "Give --clusters and --size.")
    elif _clustered(v) and not spread and not people:
        problem = "or --sd-cluster is missing: clusters would not matter at all"
        remedy = "Give the SD between clusters' slopes, or levels; 0 says that they do not differ."
        yield finding("SZ02", "sd_cluster_slope", problem, remedy)
    if v.controls is not None and v.clusters_arm is not None:
        remedy = "Give --clusters: they are all of the programme's arm."
        yield finding("SZ05", "controls", "stands beside --clusters-arm", remedy)
    wrong = list(check_listed(v)) if v.sizes is not None else []
    yield from wrong
    if (
        v.sizes is not None
        and not wrong
        and v.controls is None
        and not 0 < _split(v, v.sizes.size) < v.sizes.size
    ):
        remedy = "List the programme's clusters first, and give --clusters-arm."
        yield finding("SZ05", "sizes", "leaves an arm without a cluster", remedy)


def model(v: Values) -> str:
    """The analysis."""
    deeper = ""
    if _clustered(v):
        deeper = (
            " and for each cluster" if v.controls is None else " and for each programme cluster"
        )
    own = "a random intercept" if v.iac is not None else "a random intercept and slope"
    start = " that begin at one mean" if v.baseline == "clda" else ""
    return (
        f"a linear mixed model of all visits with a straight line for each arm{start}, "
        f"and {own} for each person{deeper}"
    )


def notes(v: Values) -> tuple[str, ...]:
    """What an answer carries."""
    told = ["The means of both arms are taken to follow straight lines over the visits."]
    if _clustered(v) and v.sd_cluster_slope is None:
        told.append(
            "--sd-cluster-slope was not given: clusters are taken to change alike, so that they "
            "matter for the level alone and next to nothing for slopes."
        )
    if v.sizes is not None and v.controls is None:
        told += note_of_sizes(v, _split(v, v.sizes.size))
    if v.diff is None and v.d is None:
        return tuple(told)
    return (*told, f"The difference is that at the last visit, {_span(v):g} after the first.")


def span(v: Values) -> tuple[str, Any, Any]:
    """Differences at the last visit; of slopes where they were given so."""
    sd = _sd_at_start(v)
    if v.slope_diff is not None:
        return "slope_diff", 0.0 * sd, 1e3 * sd / _span(v)
    return "diff", 0.0 * sd, 1e3 * sd


KIND = Kind(
    name="slopes",
    title="trial that compares slopes over time",
    takes=(
        *_EFFECTS,
        *("sd", "iac", "sd_intercept", "sd_slope", "intercept_slope", "sd_residual"),
        *("visits", "dropout", "dropout_control", "baseline"),
        *("patients", "patients_arm", "allocation", "controls", "covariates"),
        *("clusters", "clusters_arm", "size", "size_control", "sizes"),
        *("sd_cluster", "sd_cluster_slope"),
    ),
    needs=(
        _EFFECTS,
        ("visits",),
        ("patients", "patients_arm", "clusters", "clusters_arm", "sizes"),
    ),
    solves=("power", "patients", "clusters", "size", "mde"),
    effect=_EFFECTS,
    precision=precision,
    model=model,
    check=check,
    notes=notes,
    arms=arms,
    span=span,
    defaults={"baseline": "none"},
    sources=(
        "Diggle, Heagerty, Liang & Zeger 2002, Analysis of Longitudinal Data",
        "Galbraith, Stat & Marschner 2002, Control Clin Trials 23:257",
        "Hu, Mackey & Thomas 2021, Stat Med 40:1553",
    ),
)
