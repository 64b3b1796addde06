"""Trials of cluster-periods and of visits: what the design's options say, made ready to draw."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from splw_eval.power.cells.followed import followed, lost_by_visit
from splw_eval.power.cells.matrices import correlations, is_cohort, times_of, variance_parts
from splw_eval.power.cells.outcomes import outcome_of_cells
from splw_eval.power.cells.plans import ARMS
from splw_eval.power.cells.rows import clusters_of_sequences, listed_sizes
from splw_eval.power.design import Values
from splw_eval.power.simulation.fitted_models import usual_model
from splw_eval.power.simulation.trial import Trial
from splw_eval.power.simulation.whole_numbers import whole_clusters
from splw_eval.stats.cell_models.cells import Codes, Floats
from splw_eval.stats.power.cell_covariances import covariance_of_effects
from splw_eval.stats.power.cell_gls import exposure_columns, staircase


def of_matrix(v: Values, matrix: Floats, arms: Sequence[str] = ()) -> Trial:
    """A trial of sequences and periods."""
    columns, weights = np.nan_to_num(matrix)[..., None], np.ones(1)
    if v.exposure_weights is not None:
        columns, weights = exposure_columns(matrix), np.asarray(v.exposure_weights)
    names = tuple(arms) or tuple(f"sequence {one + 1}" for one in range(len(matrix)))
    crossed = matrix.shape == (2, 2) and np.array_equal(matrix, [[1, 0], [0, 1]])
    return _trial(
        v,
        arms=names,
        times=times_of(v, matrix.shape[1]),
        treatment=matrix,
        columns=columns,
        weights=weights,
        lost=np.array(np.broadcast_to(0.0 if v.dropout is None else v.dropout, matrix.shape)),
        cohort=is_cohort(v),
        summary=np.array([0.5, -0.5]) if crossed else None,
        start="none",
    )


def of_wedge(v: Values) -> Trial:
    """A stepped wedge."""
    return of_matrix(v, staircase(int(v.steps), None if v.periods is None else int(v.periods)))


def of_crossover(v: Values) -> Trial:
    """A crossover of clusters."""
    periods = np.arange(2 if v.periods is None else int(v.periods))
    matrix = np.array([(periods + 1) % 2, periods % 2], dtype=float)
    return of_matrix(v, matrix, ("programme first", "comparison first"))


def of_visits(v: Values) -> Trial:
    """People followed over visits in two arms of clusters."""
    return _of_followed(v, np.asarray(v.visits), cohort=True)


def of_baseline(v: Values) -> Trial:
    """Two arms measured before and after."""
    if v.baseline in ("lda", "clda") and is_cohort(v):
        return _of_followed(v, np.array([0.0, 1.0]), cohort=True)
    return _before_and_after(v, v.baseline)


def of_did(v: Values) -> Trial:
    """Difference in differences."""
    return _before_and_after(v, "change")


def _before_and_after(v: Values, start: str) -> Trial:
    """As the formula has it: of people who are there both times, or others each time."""
    plan = followed(v.changed(baseline=start), np.array([0.0, 1.0]))
    lost = np.stack(lost_by_visit(v, np.arange(2.0)))
    if is_cohort(v):
        lost = np.repeat(lost[:, -1:], 2, axis=1)
    used = lost[:, -len(plan.times) :]
    return _trial(
        v,
        arms=ARMS,
        times=plan.times,
        treatment=plan.treatment,
        columns=plan.columns,
        weights=plan.weights,
        lost=used,
        cohort=is_cohort(v),
        summary=_summary(plan.times, start, "last"),
        start=start,
    )


def _of_followed(v: Values, times: Floats, *, cohort: bool) -> Trial:
    plan = followed(v, times)
    lost = np.stack(plan.dropout)
    if plan.from_visit:
        lost[:, : plan.from_visit] = lost[:, plan.from_visit, None]
    return _trial(
        v,
        arms=ARMS,
        times=plan.times,
        treatment=plan.treatment,
        columns=plan.columns,
        weights=plan.weights,
        lost=lost,
        cohort=cohort,
        summary=_summary(plan.times, v.baseline, v.contrast or "last"),
        start=v.baseline,
    )


def _summary(times: Floats, start: str, contrast: str) -> Floats | None:
    """The contrast of one cluster's visits."""
    before = int(start != "none")
    if contrast in ("slope", "auc"):
        return None
    found = np.zeros(len(times))
    found[-1 if contrast == "last" else slice(before, None)] = 1.0
    found /= found.sum()
    if start == "change":
        found[0] -= 1.0
    return found


def _trial(
    v: Values,
    *,
    arms: tuple[str, ...],
    times: Floats,
    treatment: Floats,
    columns: Floats,
    weights: Floats,
    lost: Floats,
    cohort: bool,
    summary: Floats | None,
    start: str,
) -> Trial:
    sigma, g, effect = _covariances(v, times, treatment)
    counts, said = whole_clusters(clusters_of_sequences(v, len(arms)))
    cac = 1.0 if v.cac is None else float(v.cac)
    model, model_said = usual_model(
        times, cohort=cohort, cac=cac, decay=bool(v.decay), iac_decay=_people_fade(v)
    )
    used = np.isfinite(treatment).any(axis=0)
    free = np.broadcast_to(np.eye(len(times))[:, used], (len(arms), len(times), int(used.sum())))
    line = v.contrast == "slope"
    shape = (times - times[0]) / max(times[-1] - times[0], 1e-12) if line else np.ones(len(times))
    mean = effect * np.nan_to_num(treatment) * shape
    truth = effect if line else effect * float(weights[weights > 0].sum())
    same = bool((sigma == sigma[:1]).all()), bool((g == g[:1]).all())
    each = np.arange(len(arms))
    return Trial(
        arms=arms,
        clusters=counts,
        treatment=treatment,
        sizes=_sizes(v, counts, len(times)),
        cv=0.0 if v.cv is None else float(v.cv),
        cohort=cohort,
        scattered=bool(v.intermittent),
        lost=lost,
        sigma=sigma[:1] if same[0] else sigma,
        group=0 * each if same[0] else each,
        g=g[:1] if same[1] else g,
        cluster_group=0 * each if same[1] else each,
        mean=mean,
        x=np.concatenate([free, np.broadcast_to(columns, (*treatment.shape, len(weights)))], 2),
        row=np.concatenate([np.zeros(free.shape[2]), weights]),
        effect=truth,
        weights=summary,
        before=int(start != "none"),
        start="clda" if start == "ancova" else start,
        model=model,
        df={},
        notes=(*said, *model_said),
    )


def _people_fade(v: Values) -> bool:
    return bool(v.decay) or bool(v.iac_decay)


def _covariances(v: Values, times: Floats, treatment: Floats) -> tuple[Floats, Floats, float]:
    """Covariance of people and of clusters in each sequence, and the effect."""
    outcome = outcome_of_cells(v, treatment)
    parts = variance_parts(v, outcome.variance, outcome.comparison)
    clusters, people = correlations(v, times)
    shape = (len(treatment), len(times), len(times))
    sigma = np.broadcast_to(parts.within * people, shape)
    g = np.broadcast_to(parts.between * clusters, shape)
    if v.sd_treatment is not None:
        with_level = 0.0
        if v.treatment_correlation is not None:
            lasting = float(parts.level) * (1.0 if v.cac is None else float(v.cac))
            with_level = float(v.treatment_correlation * v.sd_treatment) * lasting**0.5
        g = g + covariance_of_effects(treatment, v.sd_treatment, with_level)
    return np.array(sigma), np.array(g), float(outcome.effect)


def _sizes(v: Values, counts: Codes, visits: int) -> Floats:
    """People recruited to each cluster at each visit, shape (K, T)."""
    if v.sizes is not None:
        return np.broadcast_to(listed_sizes(v), (int(counts.sum()), visits))
    each = np.full(len(counts), float(v.size))
    if v.size_control is not None:
        each[-1] = float(v.size_control)
    return np.repeat(np.repeat(each, counts)[:, None], visits, axis=1)
