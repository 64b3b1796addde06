"""Trials with people who are in no cluster: partly nested, and of single people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splw_eval.power.arms import Arms, arms_of
from splw_eval.power.design import Values
from splw_eval.power.nested_arms import sides_of
from splw_eval.power.outcomes import outcome_of
from splw_eval.power.people import people_of_arms, retained_of_arms
from splw_eval.power.simulation.fitted_models import fitted_model
from splw_eval.power.simulation.from_arms import ARMS, measured_once
from splw_eval.power.simulation.trial import Trial
from splw_eval.power.simulation.whole_numbers import whole_clusters
from splw_eval.stats.cell_models.cells import Codes, Floats
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.power.cell_covariances import correlation_over_time
from splw_eval.stats.power.repeated_measures import (
    correlations_before_and_after,
    correlations_over_time,
)


def of_nested(v: Values) -> Trial:
    """People of link workers in one arm, and of nobody, or of others, in the other."""
    arms, counts, sizes, said = _sides(v)
    both = v.clusters_control is not None
    if v.visits is None:
        model = fitted_model(
            1,
            people="compound_symmetry",
            clusters="intercept",
            groups=2,
            cluster_groups=(True, both),
        )
        return measured_once(
            v, arms, clusters=counts, sizes=sizes, clustered=(True, both), model=model, notes=said
        )
    return _nested_visits(v, arms, counts, sizes, said)


def _sides(v: Values) -> tuple[Arms, Codes, Floats, tuple[str, ...]]:
    first, second = sides_of(v)
    both = v.clusters_control is not None
    groups = [float(first.groups), float(second.groups) if both else 1.0]
    counts, said = whole_clusters(np.array(groups))
    each = [float(first.kept / first.groups)]
    each.append(float(second.kept / second.groups) if both else float(second.recruited))
    sizes = np.repeat(each, counts)
    if v.sizes is not None and np.ravel(v.sizes).size == counts[0]:
        sizes[: counts[0]] = np.ravel(v.sizes)
    return _arms(v), counts, sizes, said


def _arms(v: Values) -> Arms:
    """Both arms; people in no cluster have the variance that is left without one."""
    both = arms_of(v)
    if v.clusters_control is not None:
        return both
    alone = arms_of(v.changed(icc=None, icc_control=None, sd_cluster=None))
    return replace(both, variances=(both.variances[0], alone.variances[1]))


def _nested_visits(
    v: Values, arms: Arms, counts: Codes, sizes: Floats, said: tuple[str, ...]
) -> Trial:
    times, starts = np.asarray(v.visits), v.baseline != "none"
    visits, both = len(times), v.clusters_control is not None
    after = np.ones(visits)
    after[0] = 0.0 if starts else 1.0
    s2 = [float(one) for one in arms.variances]
    rho = [float(arms.iccs[0]), float(arms.iccs[1]) if both else 0.0]
    sigma, g = [], []
    for one, share in zip(s2, rho, strict=True):
        sd = np.sqrt(np.where(after > 0, one * (1 - share), s2[1]))
        sigma.append(np.outer(sd, sd) * correlation_over_time(times, v.iac))
        cac = 1.0 if v.cac is None else float(v.cac)
        g.append(one * share * correlation_over_time(times, cac) * np.outer(after, after))
    treatment = np.stack([after, 0 * after])
    columns = np.eye(visits)[:, after > 0]
    weights = _last_or_mean(v, columns.shape[1])
    effect = float(arms.outcome.effect)
    x = np.concatenate([np.stack([np.eye(visits)] * 2), np.stack([columns, 0 * columns])], axis=2)
    return Trial(
        arms=ARMS,
        clusters=counts,
        treatment=treatment,
        sizes=np.repeat(sizes[:, None], visits, axis=1),
        cv=0.0 if v.cv is None else float(v.cv),
        cohort=True,
        lost=_lost(v, times, int(starts)),
        sigma=np.stack(sigma),
        group=np.arange(2),
        g=np.stack(g),
        cluster_group=np.arange(2),
        mean=effect * treatment,
        x=x,
        row=np.concatenate([np.zeros(visits), weights]),
        effect=effect,
        weights=columns @ weights,
        before=int(starts),
        start="clda" if starts else "none",
        model=_after_the_start(visits, after, both, 1.0 if v.cac is None else float(v.cac)),
        df={},
        notes=said,
    )


def _lost(v: Values, times: Floats, before: int) -> Floats:
    return 1 - np.stack(retained_of_arms(v, np.asarray(times, np.float64), max(before, 1)))


def _last_or_mean(v: Values, visits: int) -> Floats:
    last = np.eye(visits)[-1]
    return last if (v.contrast or "last") == "last" else np.full(visits, 1 / visits)


def _after_the_start(visits: int, after: Floats, both: bool, cac: float) -> CovarianceModel:
    """Unstructured people of each arm, and clusters that add nothing at the start."""
    inner = int(after.sum())
    effects = cluster_effects_of("intercept" if cac == 1 else "wave", inner)
    mapped = np.eye(visits)[:, after > 0] @ effects.effects
    plain = fitted_model(
        visits,
        people="unstructured",
        clusters="intercept",
        groups=2,
        cluster_groups=(True, both),
    )
    return replace(plain, clusters=replace(effects, effects=mapped))


def of_individual(v: Values) -> Trial:
    """Single people in two arms."""
    people = np.rint([float(n) for n in people_of_arms(v)])
    unequal = v.sd_control is not None
    if v.visits is None and v.pre is None and v.post is None and v.baseline == "none":
        outcome = outcome_of(v)
        arms = Arms(
            outcome=outcome,
            variances=(outcome.programme, outcome.comparison),
            iccs=(np.asarray(0.0), np.asarray(0.0)),
            scales={},
        )
        model = fitted_model(
            1, people="compound_symmetry", clusters="none", groups=2 if unequal else 1
        )
        alone = (False, False)
        ones = np.ones(2, dtype=np.int64)
        return measured_once(v, arms, clusters=ones, sizes=people, clustered=alone, model=model)
    return _individual_visits(v, people, unequal=unequal)


def _individual_visits(v: Values, people: Floats, *, unequal: bool) -> Trial:
    times, before = visits_of(v)
    visits, start = len(times), "clda" if v.baseline in ("ancova", "clda") else v.baseline
    outcome = outcome_of(v)
    spread = np.array([float(outcome.programme), float(outcome.comparison)])
    left = 1.0 if v.r2 is None else 1 - float(v.r2)
    sigma = (spread * left)[:, None, None] * _correlations(v, times, before)
    treatment = np.zeros((2, visits))
    treatment[0, before:] = 1.0
    columns = np.eye(visits)[:, before if start == "clda" else 0 :]
    weights = np.zeros(visits)
    last = (v.contrast or ("last" if v.post is None else "mean")) == "last"
    weights[-1 if last else slice(before, None)] = 1.0
    weights /= weights.sum()
    if start == "change":
        weights[:before] = -1 / before
    lost = 1 - np.stack(retained_of_arms(v, np.asarray(times, np.float64), before))
    if start == "change":
        lost = np.repeat(lost[:, -1:], visits, axis=1)
    effect = float(outcome.effect)
    x = np.concatenate([np.stack([np.eye(visits)] * 2), np.stack([columns, 0 * columns])], 2)
    return Trial(
        arms=ARMS,
        clusters=np.ones(2, dtype=np.int64),
        treatment=treatment,
        sizes=np.repeat(people[:, None], visits, axis=1),
        cv=0.0,
        cohort=True,
        lost=lost,
        sigma=sigma if unequal else sigma[:1],
        group=np.arange(2) * int(unequal),
        g=np.zeros((1, visits, visits)),
        cluster_group=np.zeros(2, dtype=np.int64),
        mean=effect * treatment,
        x=x,
        row=np.concatenate([np.zeros(visits), weights @ columns]),
        effect=effect,
        weights=None,
        before=before,
        start=start,
        model=fitted_model(
            visits, people="unstructured", clusters="none", groups=2 if unequal else 1
        ),
        df={},
    )


def visits_of(v: Values) -> tuple[Floats, int]:
    """Times of the visits, and how many of them come before."""
    if v.visits is not None:
        return np.asarray(v.visits), int((v.visits <= 0).sum())
    before = int(v.baseline != "none") if v.pre is None else int(v.pre)
    after = 1 if v.post is None else int(v.post)
    return np.arange(before + after, dtype=float) - max(before - 1, 0), before


def _correlations(v: Values, times: Floats, before: int) -> Floats:
    if v.correlations is not None:
        return np.asarray(v.correlations)
    rho = 0.0 if v.iac is None else float(v.iac)
    if v.iac_pre is not None or v.iac_post is not None:
        pre = rho if v.iac_pre is None else float(v.iac_pre)
        post = rho if v.iac_post is None else float(v.iac_post)
        after = len(times) - before
        return correlations_before_and_after(before, after, pre=pre, post=post, between=rho)
    unit = None
    if v.decay:
        unit = 1.0 if v.decay_unit is None else float(v.decay_unit)
    return correlations_over_time(rho, times, unit=unit)
