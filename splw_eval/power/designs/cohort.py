"""Cluster trials with visits: the same people followed, some of them lost on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.cells.checks import (
    check_correlation_matrices,
    check_correlations,
    check_covariance,
    check_people,
    check_times,
)
from splw_eval.power.cells.followed import (
    check_dropout,
    followed,
    precision_of_followed,
)
from splw_eval.power.cells.matrices import CLUSTER_OPTIONS, CORRELATION_OPTIONS, SIZE_OPTIONS
from splw_eval.power.cells.outcomes import OUTCOME_OPTIONS, check_outcome, span
from splw_eval.power.cells.plans import ARMS
from splw_eval.power.cells.rows import check_rows, share_out
from splw_eval.power.cells.words import listed, random_effects
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.outcomes import EFFECTS
from splw_eval.power.precision import Precision

_CONTRASTS = {
    "last": "the difference at the last visit",
    "mean": "the mean difference of the visits after the start",
    "slope": "the difference that a straight line reaches by the last visit",
    "auc": "the area between the arms, over the time from the first visit to the last",
}
_STARTS = {
    "none": "the score at the start left out",
    "change": "arms free to differ at the start, and the change in their difference estimated",
    "lda": "arms free to differ at the start",
    "ancova": "adjusted for the score at the start, of those seen again",
    "clda": "one mean at the start for both arms (constrained longitudinal analysis)",
}


def precision(v: Values) -> Precision:
    """Variance of the contrast, exact for the people seen."""
    return precision_of_followed(v, followed(v, np.asarray(v.visits)))


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    visits = len(v.visits)
    if visits < 2:  # noqa: PLR2004
        remedy = "Give the start and the visits after it: 0,3,12,18."
        yield finding("SZ05", "visits", "are too few", remedy)
        return
    if v.sampling == "cross-section":
        remedy = "Leave it out; for other people at each time there are baseline and matrix."
        yield finding("SZ05", "sampling", "of this design is a cohort", remedy)
        return
    if v.contrast in ("slope", "auc") and visits - (v.baseline == "none") < 2:  # noqa: PLR2004
        yield finding("SZ05", "contrast", "needs 2 visits", "Use --contrast last.")
        return
    found = [
        *check_outcome(v),
        *check_rows(v, len(ARMS), 1),
        *check_times(v, visits),
        *check_correlations(v),
        *check_dropout(v, visits),
        *check_people(v),
    ]
    found = found or list(check_correlation_matrices(v, np.asarray(v.visits)))
    after = np.array([np.arange(visits) > 0, np.zeros(visits)], dtype=np.float64)
    yield from found or check_covariance(v, after)


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters of each arm."""
    return share_out(total, v, ARMS)


def model(v: Values) -> str:
    """The analysis."""
    return (
        "a linear mixed model of all visits with a mean of each visit and arm, "
        f"{_STARTS[v.baseline]}, random effects for {listed(random_effects(v))}, "
        f"and as contrast {_CONTRASTS[v.contrast]}"
    )


KIND = Kind(
    name="cohort",
    title="cluster trial with visits",
    takes=(
        *OUTCOME_OPTIONS,
        *CLUSTER_OPTIONS,
        *("allocation", "size_control"),
        *SIZE_OPTIONS,
        *CORRELATION_OPTIONS,
        *("visits", "dropout", "dropout_control", "intermittent", "contrast", "baseline"),
    ),
    needs=(
        EFFECTS,
        ("clusters", "clusters_arm"),
        ("size", "sizes"),
        ("icc", "sd_cluster"),
        ("iac",),
        ("visits",),
    ),
    solves=("power", "clusters", "size", "mde"),
    effect=EFFECTS,
    precision=precision,
    model=model,
    check=check,
    arms=arms,
    span=span,
    defaults={
        "variance": "unpooled",
        "contrast": "last",
        "baseline": "clda",
    },
    sources=(
        "Liang & Zeger 2000, Sankhya B 62:134",
        "Hooper, Teerenstra, de Hoop & Eldridge 2016, Stat Med 35:4718",
        "Hooper, Forbes, Hemming, Takeda & Beresford 2018, BMJ 363:k4521",
    ),
)
