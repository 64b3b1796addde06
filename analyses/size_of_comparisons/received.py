"""The effect of receiving a programme that a third of its arm did not receive."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from draws import Trial
from found import Found, by_set, by_t

from splw_eval.stats.causal.anderson_rubin import anderson_rubin
from splw_eval.stats.causal.two_stage_least_squares import fit_two_stages, jackknife_two_stages
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.few_clusters.jackknife import jackknife_df


def of_compliers(trial: Trial, truth: float) -> Iterator[tuple[str, Found]]:
    """Two stages with each way of inference, and the contrasts that mislead."""
    assert trial.received is not None
    y, practice = trial.scores[:, -1], trial.practice
    rest = np.column_stack([np.ones(len(y)), trial.scores[:, 0], trial.x])
    taken = np.insert(rest, 1, trial.received, axis=1)
    offered = np.insert(rest, 1, trial.second, axis=1)
    stages = fit_two_stages(y, taken, offered)
    estimate = float(stages.coef[1])
    again = jackknife_two_stages(y, taken, offered, practice)
    df = jackknife_df(again.values[:, 1], estimate, trial.arm_of_practice.astype(int))
    yield "two stages, jackknife", by_t(estimate, again.std_error[1], df, truth)
    fit = stages.by_practice(practice)
    yield "two stages, CR2", by_t(estimate, fit.std_error[1], fit.df[1], truth)
    limits = anderson_rubin(y, trial.received, trial.second, rest, cluster=practice)
    yield "two stages, Anderson and Rubin", by_set(estimate, limits, truth)
    for name, kept in (
        ("as treated", np.ones(len(y), dtype=bool)),
        ("per protocol", trial.received == trial.second),
    ):
        plain = fit_clusters(y[kept], taken[kept], practice[kept])
        yield name, by_t(plain.coef[1], plain.std_error[1], plain.df[1], truth)
