"""One group before and after: change of people, who may share link workers; no comparison."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.outcomes import is_downward
from splw_eval.power.people import faults_of_counts, faults_of_one_visit
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.design_effect import design_effect
from splw_eval.stats.power.paired import (
    variance_of_change,
    variance_of_clustered_change,
    variances_of_paired_proportions,
)

_EFFECTS = ("diff", "d", "p1")
_OF_CLUSTERS = ("clusters", "size", "icc")
_PAIRED = "Cohen 1988, Statistical Power Analysis for the Behavioral Sciences"
_MCNEMAR = "Connor 1987, Biometrics 43:207 (McNemar's test)"
_EXTRA = "Eldridge, Ashby & Kerry 2006, Int J Epidemiol 35:1292"
NO_COMPARISON = (
    "This tests change in one group, not an effect of the programme: there is no comparison, and "
    "people who are referred at their worst mostly get better by themselves."
)


def precision(v: Values) -> Precision:
    """Variance of the mean change."""
    if v.p0 is not None or v.discordant is not None:
        return _proportions(v)
    before, after = _spreads(v)
    effect = v.diff if v.diff is not None else v.d * _unit(v, before)
    kept = 1.0 if v.dropout is None else 1 - v.dropout[-1]
    if not _clustered(v):
        n = np.asarray(v.patients) * kept
        one = _unit(v, before) ** 2 if in_changes(v) else _of_one(v, before, after)
        one = one if v.sd_change is None else v.sd_change**2
        variance = one / n
        df = {"n-1": np.asarray(n - 1 + 0 * one)}
        people, widened = np.asarray(v.patients), np.ones_like(variance)
    else:
        variance, widened = _of_clusters(v, before, after, kept)
        k = np.asarray(v.clusters)
        df = {"k-1": np.asarray(k - 1 + 0 * variance)}
        people = np.asarray(k * v.size)
    return Precision(
        effect=np.asarray(effect),
        variance=np.asarray(variance),
        df=df,
        parts={
            "patients": people,
            "patients_at_the_end": np.asarray(people * kept),
            "design_effect": widened,
        },
    )


def _proportions(v: Values) -> Precision:
    """McNemar's test."""
    before = v.p0
    change = v.diff if v.diff is not None else v.p1 - before
    n = np.asarray(v.patients) * (1.0 if v.dropout is None else 1 - v.dropout[-1])
    alternative, null = variances_of_paired_proportions(change, _discordant(v))
    return Precision(
        effect=np.asarray(change),
        variance=np.asarray(alternative / n),
        null_variance=np.asarray(null / n),
        df={"z": np.full(np.broadcast(alternative, n).shape, np.inf)},
        parts={"patients": np.asarray(v.patients), "discordant": np.asarray(null)},
    )


def _discordant(v: Values) -> Array:
    """Share of people whose answer changes."""
    if v.discordant is not None:
        return np.asarray(v.discordant)
    p0 = v.p0
    p1 = p0 + v.diff if v.p1 is None else v.p1
    both = p0 * p1 + v.iac * np.sqrt(p0 * (1 - p0) * p1 * (1 - p1))
    return np.asarray(p0 + p1 - 2 * both)


def _spreads(v: Values) -> tuple[Array, Array]:
    """Standard deviations before and after."""
    before = np.asarray(1.0) if v.sd is None else v.sd
    return before, before if v.sd_post is None else v.sd_post


def in_changes(v: Values) -> bool:
    """Whether --d counts standard deviations of people's changes (dz), not of their scores."""
    bare = all(getattr(v, name) is None for name in ("sd", "sd_post", "iac", "p0", "discordant"))
    return bare and v.d is not None and (v.sd_change is not None or not _clustered(v))


def _unit(v: Values, before: Array) -> Array:
    """What --d counts in."""
    if not in_changes(v):
        return before
    return np.asarray(1.0 if v.sd_change is None else v.sd_change)


def _of_one(v: Values, before: Array, after: Array) -> Array:
    return variance_of_change(before, after, v.iac)


def _of_clusters(v: Values, before: Array, after: Array, kept: Any) -> tuple[Array, Array]:
    """Variance of the mean change, and by how much clusters widen it."""
    m = np.asarray(v.size) * kept
    k = np.asarray(v.clusters)
    cv = 0.0 if v.cv is None else v.cv
    if v.sd_change is not None:  # the ICC is that of people's changes
        widened = design_effect(m, v.icc, cv)
        return np.asarray(v.sd_change**2 * widened / (k * m)), widened
    one, widened = variance_of_clustered_change(
        before, after, size=m, cv=cv, icc=v.icc, cac=v.cac, iac=v.iac
    )
    return np.asarray(one / k), widened


def _clustered(v: Values) -> bool:
    return any(getattr(v, name) is not None for name in _OF_CLUSTERS)


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    paired = v.p0 is not None or v.discordant is not None
    if paired:
        yield from _faults_of_proportions(v)
    elif v.sd_change is None and v.iac is None and not in_changes(v):
        remedy = "Give the correlation of the scores before and after, or --sd-change."
        yield finding("SZ02", "iac", "is missing", remedy)
    elif v.sd_change is not None and v.iac is not None:
        remedy = "Leave it out: the standard deviation of changes holds it already."
        yield finding("SZ14", "iac", "stands beside --sd-change", remedy)
    if v.iac is not None and (np.asarray(v.iac) >= 1).any():
        yield finding("SZ09", "iac", "is 1: no score would change", "Give one below 1.")
    if v.dropout is not None and (np.diff(v.dropout) < 0).any():
        yield finding("SZ07", "dropout", "fewer are lost by a later visit", "Give cumulative ones.")
    elif v.dropout is not None:
        yield from faults_of_one_visit(v)
    if _clustered(v):
        yield from _faults_of_clusters(v, paired)


def _faults_of_proportions(v: Values) -> Iterator[Finding]:
    if v.discordant is None and (v.iac is None or v.p0 is None):
        remedy = "Give the share whose answer changes, or --p0 and the correlation --iac."
        yield finding("SZ02", "discordant", "is missing", remedy)
        return
    if v.diff is None and v.p1 is None:  # it is sought
        return
    if v.diff is None and v.p0 is None:
        yield finding("SZ02", "p0", "is missing", "Give --p0 and --p1, or --diff.")
        return
    change = v.diff if v.diff is not None else v.p1 - v.p0
    if (_discordant(v) < np.abs(change)).any():
        remedy = "It is at least the difference between the two proportions."
        yield finding("SZ09", "discordant", "is smaller than the change", remedy)


def _faults_of_clusters(v: Values, paired: bool) -> Iterator[Finding]:
    if paired:
        remedy = "Give --patients: link workers are not part of McNemar's test here."
        yield finding("SZ05", "clusters", "stands beside proportions", remedy)
        return
    if v.icc is None:
        yield finding("SZ02", "icc", "is missing", "Give that of link workers; none: 0.")
    if v.cac is None and v.sd_change is None:
        remedy = (
            "Give the correlation of a link worker's level before and after, such as 0.8; 1 says "
            "that link workers do not matter for change."
        )
        yield finding("SZ02", "cac", "is missing", remedy)
    yield from faults_of_counts(v)
    if v.patients is not None:
        remedy = "Give --clusters and --size, or --patients alone."
        yield finding("SZ05", "patients", "stands beside clusters", remedy)


def arms(total: float, v: Values) -> Mapping[str, float]:
    """One group."""
    return {"link workers" if _clustered(v) else "people": total}


def model(v: Values) -> str:
    """The analysis."""
    if v.p0 is not None or v.discordant is not None:
        return "McNemar's test of the two answers of each person"
    if _clustered(v):
        return (
            "a linear mixed model of the change of each person with a random intercept for each "
            "link worker"
        )
    return "a paired t test of the two scores of each person"


def notes(v: Values) -> tuple[str, ...]:
    """What every answer carries."""
    if not in_changes(v):
        return (NO_COMPARISON,)
    return (
        NO_COMPARISON,
        "--d was taken in standard deviations of people's changes (dz); with --iac it counts "
        "those of scores.",
    )


def cites(v: Values) -> tuple[str, ...]:
    """Papers of what was used."""
    if v.p0 is not None or v.discordant is not None:
        return (_MCNEMAR,)
    return (_PAIRED, _EXTRA) if _clustered(v) and v.cv is not None else (_PAIRED,)


def span(v: Values) -> tuple[str, Any, Any]:
    """Changes of means, or of proportions up to the share who change."""
    if v.p0 is not None or v.discordant is not None:
        if v.discordant is not None:
            return "diff", 0.0 * v.discordant, v.discordant * (1 - 1e-9)
        return "p1", v.p0, np.asarray(1e-9 if is_downward(v) else 1 - 1e-9)
    if in_changes(v):
        none = np.asarray(0.0 if v.sd_change is None else 0.0 * v.sd_change)
        return "d", none, none + 1e3
    sd = np.asarray(v.sd_change if v.sd_change is not None else _spreads(v)[0])
    return "diff", 0.0 * sd, 1e3 * sd


KIND = Kind(
    name="pre-post",
    title="one group before and after, without a comparison",
    takes=(
        *_EFFECTS,
        *("sd", "sd_post", "sd_change", "p0", "discordant", "patients", "dropout"),
        *("clusters", "size", "cv", "icc", "cac", "iac"),
    ),
    needs=(_EFFECTS, ("patients", "clusters", "size")),
    solves=("power", "patients", "clusters", "size", "mde"),
    effect=_EFFECTS,
    precision=precision,
    model=model,
    check=check,
    notes=notes,
    arms=arms,
    span=span,
    sources=(_PAIRED, _MCNEMAR, _EXTRA),
    cites=cites,
)
