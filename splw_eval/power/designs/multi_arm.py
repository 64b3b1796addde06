"""Several arms beside one comparison: people, or clusters, allocated to three arms or more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.outcomes import outcome_of, span_of
from splw_eval.power.people import faults_of_counts, faults_of_one_visit
from splw_eval.power.precision import Array, Precision
from splw_eval.stats.power.design_effect import design_effect
from splw_eval.stats.power.nested import welch_df
from splw_eval.stats.power.noncentral import power_of_test
from splw_eval.stats.power.several import dunnett_alpha, power_of_f

_EFFECTS = ("diff", "d", "p1", "rr", "or_")
_OF_CLUSTERS = ("clusters", "clusters_arm", "size", "icc")
_TWO = 2
_ONE_VARIANCE = ("dunnett", "omnibus")
_DUNNETT = "Dunnett 1955, J Am Stat Assoc 50:1096"
_MURRAY = "Murray 1998, Design and Analysis of Group-Randomized Trials (F test of arms)"
_EXTRA = "Eldridge, Ashby & Kerry 2006, Int J Epidemiol 35:1292"


def precision(v: Values) -> Precision:
    """Variance of the difference of one arm from the comparison, and the test of all."""
    effect, spread, comparison, null = _outcome(v)
    each, control = _units_of_arms(v)
    per, widened = _people_of_unit(v)
    others = _arms(v) - 1
    variance = widened * (spread / (each * per) + comparison / (control * per))
    pooled = None
    if null is not None:
        pooled = np.asarray(widened * null * (1 / (each * per) + 1 / (control * per)))
    covariates = 0.0 if v.covariates is None else v.covariates
    total = others * each + control
    df = {"k-arms" if _clustered(v) else "n-arms": np.asarray(total - _arms(v) - covariates)}
    if v.sd_control is not None:  # one comparison of two arms, each with its own variance
        parts = spread / each, comparison / control
        own = [np.maximum(k - 1 - covariates / 2, 0.0) for k in (each, control)]
        df = {"welch": welch_df(*parts, *own)}
    found = Precision(
        effect=np.asarray(effect),
        variance=np.asarray(variance),
        null_variance=pooled,
        df=df,
        parts={
            "patients": np.asarray(total * (v.size if _clustered(v) else 1.0)),
            "design_effect": np.asarray(widened + 0 * variance),
        },
    )
    return _with_test(v, found, np.asarray(widened / per), (each, control, spread))


def _outcome(v: Values) -> tuple[Array, Array, Array, Array | None]:
    """Effect (the largest of those told), variances of one score, and the pooled one."""
    if not _by_means(v):
        found = outcome_of(v)
        return found.effect, found.programme, found.comparison, found.null
    sd = np.asarray(1.0) if v.sd is None else v.sd
    differences = v.means[:-1] - v.means[-1]
    smallest = differences[np.abs(differences).argmin()]
    return np.asarray(smallest), sd**2, sd**2, None


def _with_test(
    v: Values, found: Precision, one: Array, arms: tuple[Array, Array, Array]
) -> Precision:
    each, control, spread = arms
    others = _arms(v) - 1
    if v.adjust == "omnibus":
        means = v.means if _by_means(v) else _with_one_effect(v, found.effect)
        weights = [*([each] * others), control]
        centre = sum(w * mean for w, mean in zip(weights, _along(means), strict=True)) / sum(
            weights
        )
        squares = sum(
            w * (mean - centre) ** 2 for w, mean in zip(weights, _along(means), strict=True)
        )
        rejects = _f_test(np.asarray(squares / (one * spread)), others, v.alpha)
    elif v.adjust == "none":
        return found
    else:
        correlation = np.asarray(each / (each + control))
        rejects = _comparison(v, found, correlation, others)
    return Precision(
        effect=found.effect,
        variance=found.variance,
        null_variance=found.null_variance,
        df=found.df,
        rejects=rejects,
        parts=found.parts,
    )


def _f_test(noncentrality: Array, df1: int, alpha: Array) -> Callable[[Array], Array]:
    return lambda df: power_of_f(noncentrality, float(df1), df, alpha)


def _comparison(
    v: Values, found: Precision, correlation: Array, tests: int
) -> Callable[[Array], Array]:
    """One comparison at its share of the level."""
    null = found.variance if found.null_variance is None else found.null_variance

    def rejects(df: Array) -> Array:
        sides = int(v.sides)
        level = v.alpha / tests
        if v.adjust == "dunnett":
            level = dunnett_alpha(df, v.alpha, tests, correlation, sides=sides)
        ncp = np.abs(found.effect) / found.std_error
        ratio = np.sqrt(null / found.variance)
        return power_of_test(ncp, df, level, sides=sides, tails=v.tails, ratio=ratio)

    return rejects


def _by_means(v: Values) -> bool:
    """Whether the arms' means are told, and no one difference is asked of them."""
    return v.means is not None and v.diff is None


def _along(means: Array) -> list[Array]:
    return [np.asarray(mean) for mean in means]


def _with_one_effect(v: Values, effect: Array) -> Array:
    """Means where one arm differs and the others are as the comparison: least to be seen."""
    rest = [0 * effect] * (_arms(v) - 1)
    return np.stack([effect, *rest]) if np.ndim(effect) else np.array([effect, *rest])


def _arms(v: Values) -> int:
    return len(v.means) if v.means is not None else int(v.arms)


def _units_of_arms(v: Values) -> tuple[Array, Array]:
    """Clusters or people of each programme arm, and of the comparison."""
    counts = v.clusters_arm if _clustered(v) else v.patients_arm
    if counts is not None:
        return np.asarray(counts[0]), np.asarray(counts[-1])
    total = np.asarray(v.clusters if _clustered(v) else v.patients)
    ratio = np.asarray(1.0) if v.allocation is None else v.allocation
    control = total / (1 + (_arms(v) - 1) * ratio)
    return np.asarray(ratio * control), np.asarray(control)


def _people_of_unit(v: Values) -> tuple[Array, Array]:
    """People left in each unit, and the design effect."""
    kept = np.asarray(1.0 if v.dropout is None else 1 - v.dropout[-1])
    if not _clustered(v):
        return kept, np.asarray(1.0 if v.r2 is None else 1 - v.r2)
    m = np.asarray(v.size) * kept
    cv = 0.0 if v.cv is None else v.cv
    return m, design_effect(m, v.icc, cv)


def _clustered(v: Values) -> bool:
    return any(getattr(v, name) is not None for name in _OF_CLUSTERS)


def arms(total: float, v: Values) -> Mapping[str, float]:
    """Clusters or people of each arm: all programme arms alike."""
    plain = {"clusters_arm": None, "patients_arm": None}
    name = "clusters" if _clustered(v) else "patients"
    counts = v.clusters_arm if _clustered(v) else v.patients_arm
    if counts is not None:
        plain["allocation"] = counts[0] / counts[-1]
    each, control = _units_of_arms(v.changed(**plain, **{name: total}))
    programme = {f"programme {n}": float(np.max(each)) for n in range(1, _arms(v))}
    return {**programme, "comparison": float(np.max(control))}


def check(v: Values) -> Iterator[Finding]:
    """What contradicts itself."""
    yield from faults_of_one_visit(v)
    if v.means is None and v.arms is None:
        yield finding(
            "SZ02", "arms", "is missing", "Give the arms with the comparison, or --means."
        )
        return
    if _arms(v) <= _TWO:
        yield finding(
            "SZ05", "arms", "are no more than two", "Use the design individual, or parallel."
        )
    if v.means is not None and v.arms is not None and len(v.means) != int(v.arms):
        yield finding("SZ14", "means", f"are not {int(v.arms)}", "Leave out --arms.")
    if v.means is not None and any(getattr(v, name) is not None for name in _EFFECTS):
        yield finding("SZ14", "means", "stand beside a difference", "Give the one or the other.")
    yield from _faults_of_tests(v)
    for name in ("clusters_arm", "patients_arm"):
        counts = getattr(v, name)
        if counts is None:
            continue
        if len(counts) != _arms(v) or len(set(counts[:-1])) > 1:
            remedy = "Give one for each arm, the comparison last; programme arms are alike: 8,8,12."
            yield finding("SZ05", name, "does not fit the arms", remedy)
    yield from _faults_of_units(v)


def _faults_of_tests(v: Values) -> Iterator[Finding]:
    if v.adjust == "omnibus" and int(v.sides) != _TWO:
        yield finding("SZ05", "sides", "1 is no option of an F test", "Leave it out.")
    if v.sd_control is not None and v.adjust in _ONE_VARIANCE:
        problem = f"goes with no --adjust {v.adjust}, which rests on one variance of all arms"
        remedy = "Give --adjust bonferroni, where each comparison has its own two; or leave it out."
        yield finding("SZ05", "sd_control", problem, remedy)
    if v.mde_rule == "bloom" and v.adjust != "none":
        remedy = "Leave it out: the exact difference is solved."
        yield finding("SZ05", "mde_rule", "bloom knows one test alone", remedy)


def _faults_of_units(v: Values) -> Iterator[Finding]:
    if not _clustered(v):
        return
    if v.patients is not None or v.patients_arm is not None:
        remedy = "Give --clusters, --size and --icc, or --patients alone."
        yield finding("SZ05", "patients", "stands beside clusters", remedy)
    if v.icc is None:
        yield finding("SZ02", "icc", "is missing", "Give the intra-cluster correlation.")
    yield from faults_of_counts(v)


_TESTS = {
    "none": "each comparison at the whole level",
    "bonferroni": "each comparison with the control arm at its equal (Bonferroni) share",
    "dunnett": "each comparison with the control arm at the level that Dunnett's test gives it",
    "omnibus": "one F test of all arms",
}


def model(v: Values) -> str:
    """The analysis."""
    if v.sd_control is not None or (v.p0 is not None and v.adjust != "omnibus"):
        what = "means" if v.p0 is None else "proportions"
        whose = "its own variance"
        if v.p0 is not None and v.variance == "pooled":
            whose = "its own variance, and for the critical value that of both arms together"
        units = "clusters' " if _clustered(v) else ""
        return f"a comparison of {units}{what}, each arm with {whose}; {_TESTS[v.adjust]}"
    by = "a random intercept for each cluster" if _clustered(v) else "one residual variance"
    return f"a linear model with a mean for each arm and {by}; {_TESTS[v.adjust]}"


def notes(v: Values) -> tuple[str, ...]:
    """What an answer carries."""
    if v.adjust == "omnibus":
        held = "" if _by_means(v) else " One arm is taken to differ from all the others."
        return (f"The F test says that arms differ, not which.{held}",)
    tests = _arms(v) - 1
    told = f"Power is that of each of the {tests} comparisons by itself, not of all together."
    if _by_means(v):
        told = f"{told} It is told of the arm whose mean is nearest to the comparison's."
    if v.adjust == "none":
        told = f"{told} The level is not shared: one of them rejects by chance more often than it."
    return (told,)


def span(v: Values) -> tuple[str, Any, Any]:
    """Differences of one arm from the comparison."""
    return span_of(v, precision)


def cites(v: Values) -> tuple[str, ...]:
    """Papers of what was used."""
    return (_DUNNETT, _MURRAY, *((_EXTRA,) if v.cv is not None else ()))


KIND = Kind(
    name="multi-arm",
    title="trial of several arms beside one comparison",
    takes=(
        *_EFFECTS,
        *("means", "sd", "sd_control", "p0", "variance", "arms", "adjust", "allocation"),
        *("patients", "patients_arm", "clusters", "clusters_arm", "size", "icc", "cv"),
        *("dropout", "r2", "covariates"),
    ),
    needs=((*_EFFECTS, "means"), ("patients", "patients_arm", "clusters", "clusters_arm", "size")),
    solves=("power", "patients", "clusters", "size", "mde"),
    effect=_EFFECTS,
    precision=precision,
    model=model,
    check=check,
    notes=notes,
    arms=arms,
    span=span,
    defaults={"adjust": "dunnett", "variance": "unpooled"},
    sources=(_DUNNETT, _MURRAY, _EXTRA),
    cites=cites,
)
