"""Trials that allocate single people to two arms: seen once after, or at several visits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.designs.parallel import span
from splw_eval.power.outcomes import outcome_of
from splw_eval.power.people import (
    faults_of_people,
    faults_of_visits,
    people_of_arms,
    retained_of_arms,
    share_out_people,
)
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.repeated_measures import (
    correlations_before_and_after,
    correlations_over_time,
    information_of_visits,
    variance_of_contrast,
)

_EFFECTS = ("diff", "d", "p1", "rr", "or_")
_COMMON_START = ("ancova", "clda")
_LEAST = 1e-10  # eigenvalue of correlations


def precision(v: Values) -> Precision:
    """Variance of the difference of two arms of people."""
    outcome = outcome_of(v)
    n1, n0 = people_of_arms(v)
    variance = _variance(v, outcome.programme / n1, outcome.comparison / n0)
    null = None
    if outcome.null is not None:
        null = _variance(v, outcome.null / n1, outcome.null / n0)
    times, before = _visits_of(v)
    end1, end0 = (share[-1] for share in retained_of_arms(v, times, before))
    shares = (outcome.programme / (n1 * end1), outcome.comparison / (n0 * end0))
    whole = v.changed(dropout=None, dropout_control=None)
    unlost = _variance(whole, outcome.programme / n1, outcome.comparison / n0)
    return Precision(
        effect=outcome.effect,
        variance=variance,
        null_variance=null,
        df=_freedom(v, (n1 * end1, n0 * end0), shares),
        parts={
            "patients": np.asarray(n1 + n0),
            "patients_at_the_end": np.asarray(n1 * end1 + n0 * end0),
            "dropout_inflation": np.asarray(variance / unlost),
        },
    )


def _variance(v: Values, unit1: Array, unit0: Array) -> Array:
    """Variance of the contrast; units are the variance of one score over the people."""
    times, before = _visits_of(v)
    correlations = _correlations(v, times, before)
    left1, left0 = retained_of_arms(v, times, before)
    weights = _weights(v, times.size, before)
    if v.baseline == "change":  # of people who have both scores
        left1, left0 = (np.full(times.size, left[-1]) for left in (left1, left0))
        weights[:before] = -1 / before
    found = variance_of_contrast(
        information_of_visits(correlations, left1) / np.asarray(unit1)[..., None, None],
        information_of_visits(correlations, left0) / np.asarray(unit0)[..., None, None],
        weights,
        common=before if v.baseline in _COMMON_START else 0,
    )
    return np.asarray(found * (1 - (0.0 if v.r2 is None else v.r2)))


def _visits_of(v: Values) -> tuple[Array, int]:
    """Times of the visits, and how many of them come before."""
    if v.visits is not None:
        return v.visits, int((v.visits <= 0).sum())
    before = int(v.baseline != "none") if v.pre is None else int(v.pre)
    after = 1 if v.post is None else int(v.post)
    return np.arange(before + after, dtype=float) - max(before - 1, 0), before


def _correlations(v: Values, times: Array, before: int) -> Array:
    if v.correlations is not None:
        return np.asarray(v.correlations)
    rho = np.asarray(0.0) if v.iac is None else v.iac
    if v.iac_pre is not None or v.iac_post is not None:
        pre = rho if v.iac_pre is None else v.iac_pre
        post = rho if v.iac_post is None else v.iac_post
        after = times.size - before
        return correlations_before_and_after(before, after, pre=pre, post=post, between=rho)
    unit = None
    if v.decay:
        unit = np.asarray(1.0) if v.decay_unit is None else v.decay_unit
    return correlations_over_time(rho, times, unit=unit)


def _weights(v: Values, visits: int, before: int) -> Array:
    weights = np.zeros(visits)
    wanted = v.contrast or ("last" if v.post is None else "mean")
    if wanted == "last":
        weights[-1] = 1.0
    else:
        weights[before:] = 1 / (visits - before)
    return weights


def _freedom(
    v: Values, people: tuple[Array, Array], shares: tuple[Array, Array]
) -> Mapping[str, Array]:
    """Rules of degrees of freedom, the default first."""
    n1, n0 = people
    covariates = 0.0 if v.covariates is None else v.covariates
    plain = np.asarray(n1 + n0 - 2 - covariates)
    if v.p0 is not None:
        return {"z": np.full(plain.shape, np.inf), "n-2": plain}
    u1, u0 = shares
    with np.errstate(divide="ignore", invalid="ignore"):
        welch = (u1 + u0) ** 2 / (u1**2 / (n1 - 1) + u0**2 / (n0 - 1))
    if v.sd_control is not None:
        return {"welch": np.asarray(welch), "n-2": plain}
    if v.baseline == "ancova":  # the score at the start is a covariate
        return {"n-3": plain - 1, "n-2": plain}
    if _visits_of(v)[0].size == 1 or v.baseline == "change":  # one residual variance
        return {"n-2": plain, "satterthwaite": plain}
    return {"n-2": plain}


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from faults_of_people(v)
    if v.visits is not None and (v.pre is not None or v.post is not None):
        remedy = "Give the times, or the number of measurements before and after."
        yield finding("SZ14", "visits", "stands beside --pre or --post", remedy)
    if v.contrast not in (None, "last", "mean"):
        remedy = "Give last or mean, or take the design slopes."
        yield finding("SZ05", "contrast", f"{v.contrast} is not told of single visits", remedy)
    times, before = _visits_of(v)
    yield from faults_of_visits(v, times.size)
    if before >= times.size:
        yield finding("SZ05", "visits", "there is no visit after the start", "Add one.")
    yield from _faults_of_baseline(v, times, before)
    yield from _faults_of_correlations(v, times, before)


def _faults_of_baseline(v: Values, times: Array, before: int) -> Iterator[Finding]:
    told = [o for o in ("iac", "correlations") if getattr(v, o) is not None]
    if v.baseline != "none" and not before:
        remedy = "Add a visit at time 0, or --baseline none."
        yield finding("SZ05", "baseline", "there is no score at the start", remedy)
    elif (v.baseline != "none" or times.size > 1) and not told:
        remedy = "Give the correlation of a person's scores, such as 0.5."
        yield finding("SZ02", "iac", "is missing", remedy)
    elif v.baseline == "none" and times.size == 1 and told:
        remedy = "Say how the score at the start enters: --baseline ancova or change; or leave it."
        yield finding("SZ05", told[0], "is of no account with one score a person", remedy)


def _faults_of_correlations(v: Values, times: Array, before: int) -> Iterator[Finding]:
    name = "iac" if v.correlations is None else "correlations"
    if name == "iac" and v.decay and v.visits is None:
        remedy = "Give the times: 0,3,12,18."
        yield finding("SZ02", "visits", "is missing: correlations fade with time", remedy)
        return
    found = _correlations(v, times, before)
    if found.shape[-2:] != (times.size, times.size):
        yield finding("SZ05", name, f"is not {times.size} by {times.size}", "Give a row a visit.")
    elif not np.allclose(found, np.swapaxes(found, -1, -2)):
        yield finding("SZ05", name, "is not symmetric", "Give the same above and below.")
    elif (np.linalg.eigvalsh(found) < _LEAST).any():
        problem = "no people can have such correlations (or they are 1)"
        yield finding("SZ09", name, problem, "Bring them nearer to one another, or below 1.")


def model(v: Values) -> str:
    """The analysis."""
    times, before = _visits_of(v)
    if v.p0 is not None:
        scale = "proportions"
    elif v.baseline == "change":
        scale = "mean changes from the start"
    else:
        scale = "means"
    if v.baseline in _COMMON_START and times.size - before == 1:
        return f"a linear model of the score after, with the score before as a covariate ({scale})"
    if v.baseline == "change" or times.size == 1:
        own = ", each with its own variance (Welch's test)" if v.sd_control is not None else ""
        return f"a comparison of the two arms' {scale}{own}"
    start = ", with one mean for both arms at the start" if v.baseline in _COMMON_START else ""
    return (
        "a mixed model for repeated measures: a mean for each arm and visit"
        f"{start}, and unstructured covariance of a person's scores"
    )


def notes(v: Values) -> tuple[str, ...]:
    """What an answer carries."""
    _, before = _visits_of(v)
    if before and v.baseline == "none":
        return (
            "The arms may differ at the start in this model. --baseline ancova uses that they "
            "were allocated by chance, and needs fewer people.",
        )
    return ()


KIND = Kind(
    name="individual",
    title="trial that allocates people to two arms",
    takes=(
        *_EFFECTS,
        *("sd", "sd_control", "p0", "variance", "patients", "patients_arm", "allocation"),
        *("visits", "pre", "post", "contrast", "baseline", "dropout", "dropout_control"),
        *("iac", "iac_pre", "iac_post", "correlations", "decay", "decay_unit"),
        *("r2", "covariates"),
    ),
    needs=(_EFFECTS, ("patients", "patients_arm")),
    solves=("power", "patients", "mde"),
    effect=_EFFECTS,
    precision=precision,
    model=model,
    check=check,
    notes=notes,
    arms=share_out_people,
    span=span,
    defaults={"variance": "unpooled", "baseline": "none"},
    sources=(
        "Cohen 1988, Statistical Power Analysis for the Behavioral Sciences",
        "Frison & Pocock 1992, Stat Med 11:1685; Borm, Fransen & Lemmens 2007, "
        "J Clin Epidemiol 60:1234",
        "Liu & Liang 1997, Biometrics 53:937; Lu, Luo & Chen 2008, Int J Biostat 4(1)",
    ),
)
