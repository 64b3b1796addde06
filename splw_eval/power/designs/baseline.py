"""Cluster trials with a measurement at the start, and how it enters the analysis."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.cells import two_periods
from splw_eval.power.cells.followed import followed, precision_of_followed
from splw_eval.power.cells.matrices import is_cohort
from splw_eval.power.cells.outcomes import span
from splw_eval.power.cells.plans import ARMS
from splw_eval.power.cells.rows import share_out
from splw_eval.power.cells.words import listed, random_effects
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Precision

_MODELS = {
    "none": "a linear mixed model of the score at the end, the start left out",
    "change": "a linear mixed model of the change from the start",
    "ancova": "a linear mixed model of the score at the end, adjusted for that at the start",
    "lda": "a linear mixed model of both times with a mean of each arm and time",
    "clda": "a linear mixed model of both times with one mean at the start for both arms "
    "(constrained longitudinal analysis)",
}

_ALSO = {"lda": "none", "clda": "ancova"}  # what they come to where other people are measured


def precision(v: Values) -> Precision:
    """Variance of the difference at the end, by the use made of the start."""
    if v.baseline in _ALSO and is_cohort(v):
        return precision_of_followed(v, followed(v, np.array([0.0, 1.0])))
    return two_periods.precision_of_start(v, _ALSO.get(v.baseline, v.baseline))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from two_periods.check(v)
    if v.baseline in _ALSO and is_cohort(v) and (v.sizes is not None and np.ndim(v.sizes) > 1):
        remedy = "Give one size for each cluster, and those lost as --dropout."
        yield finding("SZ05", "sizes", "differ between periods of the same people", remedy)


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each arm."""
    return share_out(total, v, ARMS)


def model(v: Values) -> str:
    """The analysis."""
    return f"{_MODELS[v.baseline]}, with random effects for {listed(random_effects(v))}"


KIND = Kind(
    name="baseline",
    title="cluster trial with a baseline",
    takes=(*two_periods.TAKES, "baseline"),
    needs=two_periods.NEEDS,
    solves=("power", "clusters", "size", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=arms,
    span=span,
    defaults={**two_periods.DEFAULTS, "baseline": "ancova"},
    sources=(
        "Teerenstra, Eldridge, Graff, de Hoop & Borm 2012, Stat Med 31:2169",
        "Hooper, Forbes, Hemming, Takeda & Beresford 2018, BMJ 363:k4521",
    ),
)
