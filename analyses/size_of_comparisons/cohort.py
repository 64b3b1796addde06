"""Comparisons of a cohort whose arms are unlike at the start."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from complete_cases import DF
from draws import Trial
from found import Found, by_t
from numpy.typing import NDArray

from splw_eval.stats.causal.did import doubly_robust_difference, jackknife_difference
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.weighting.contrast import (
    WeightKind,
    doubly_robust_contrast,
    group_weights,
    influence_error,
    weighted_difference,
)
from splw_eval.stats.weighting.leave_out import leave_each_out
from splw_eval.stats.weighting.propensity import Target

Flags = NDArray[np.bool_]
WEIGHTS: tuple[tuple[str, Target, WeightKind], ...] = (
    ("ATT", "treated", "propensity"),
    ("overlap", "overlap", "propensity"),
    ("entropy", "treated", "entropy"),
)


def alike(trial: Trial, truth: float) -> Iterator[tuple[str, Found]]:
    """Weighted, doubly robust, and difference-in-differences comparisons of those seen."""
    trial = trial.seen_last
    before, after = trial.scores.T
    x = np.column_stack([before, trial.x])
    ones = np.ones(len(x))
    for name, target, kind in WEIGHTS:
        weights, _ = group_weights(trial.second, x, target, kind)
        plain = np.column_stack([ones, trial.second])
        fit = fit_clusters(after, plain, trial.practice, weights=weights)
        yield f"{name} CR2", by_t(fit.coef[1], fit.std_error[1], fit.df[1], truth)

        def weigh(kept: Flags, target: Target = target, kind: WeightKind = kind) -> float:
            w, _ = group_weights(trial.second[kept], x[kept], target, kind)
            return weighted_difference(after[kept], trial.second[kept], w).estimate

        yield f"{name} jackknife", left_out(weigh, trial, truth)

    def mended(kept: Flags) -> float:
        chance = group_weights(trial.second[kept], x[kept], "treated")[1]
        own = (after[kept], trial.second[kept], x[kept])
        return doubly_robust_contrast(*own, chance, "treated").estimate

    chance = group_weights(trial.second, x, "treated")[1]
    found = doubly_robust_contrast(after, trial.second, x, chance, "treated")
    error = influence_error(found.influence, trial.practice)
    yield "AIPW influence", by_t(found.estimate, error, DF, truth)
    yield "AIPW jackknife", left_out(mended, trial, truth)
    columns = np.column_stack([ones, trial.x])
    change = doubly_robust_difference(after - before, trial.second, columns)
    error = change.std_error(trial.practice)
    yield "DR DiD influence", by_t(change.estimate, error, DF, truth)
    again = jackknife_difference(after - before, trial.second, columns, trial.practice)
    yield "DR DiD jackknife", by_t(change.estimate, float(again.std_error[0]), DF, truth)


def left_out(estimate: Callable[[Flags], float], trial: Trial, truth: float) -> Found:
    """Each practice left out in turn."""
    found = leave_each_out(estimate, trial.practice)
    return by_t(found.estimate, found.std_error, found.df, truth)
