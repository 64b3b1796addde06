"""Comparisons of people seen at the last wave, with practices as units."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from cells import PRACTICES, Codes, Floats
from draws import Trial
from found import Found, by_p, by_t

from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.few_clusters.summaries import summarise_practices
from splw_eval.stats.few_clusters.two_stage import two_stage_test
from splw_eval.stats.resampling.permutation import permute_practice_means
from splw_eval.stats.resampling.signs import all_signs

DF = PRACTICES - 2.0
SIGNS = np.concatenate(list(all_signs(PRACTICES)))


def design_of(trial: Trial, scores: Floats | None = None) -> Floats:
    """Columns of the analysis of covariance: 1, arm, first score, covariates."""
    first = (trial.scores if scores is None else scores)[:, 0]
    return np.column_stack([np.ones(len(first)), trial.second, first, trial.x])


def complete_cases(trial: Trial, truth: float) -> Iterator[tuple[str, Found]]:
    """Every comparison of those seen."""
    last = trial.scores[:, -1]
    seen = ~np.isnan(last)
    y, design, practice = last[seen], design_of(trial)[seen], trial.practice[seen]
    plain = fit_clusters(y, design[:, :2], practice)
    yield "unadjusted CR2", by_t(plain.coef[1], plain.std_error[1], plain.df[1], truth)
    for name, kind, df in (("CR2", "CR2", None), ("CR3", "CR3", DF), ("CR1", "CR1", np.inf)):
        fit = fit_clusters(y, design, practice, vcov=kind)
        freedom = float(fit.df[1]) if df is None else df
        yield name, by_t(fit.coef[1], fit.std_error[1], freedom, truth)
    there, code = np.unique(practice, return_inverse=True)  # of a small one all may be lost
    arm = trial.arm_of_practice[there]
    summaries = summarise_practices(y, design[:, 2:], code, arm)
    staged = two_stage_test(summaries.value, arm, shift=summaries.shift, between=summaries.between)
    yield "two-stage t", by_t(staged.estimate, staged.std_error, staged.df, truth)
    permuted = [
        permute_practice_means(summaries.value - null * summaries.shift, arm)
        for null in dict.fromkeys([0.0, truth])
    ]
    apart = float(np.diff([summaries.shift[arm == a].mean() for a in (0, 1)])[0])
    width = (permuted[0].conf_high - permuted[0].conf_low) / apart
    yield (
        "permutation",
        by_p(staged.estimate, permuted[0].p_value, permuted[-1].p_value, width),
    )
    p_values = [wild_p(y, design, practice, null) for null in dict.fromkeys([0.0, truth])]
    yield "wild bootstrap", by_p(float(plain_estimate(y, design)), p_values[0], p_values[-1])


def plain_estimate(y: Floats, design: Floats) -> float:
    """Least-squares coefficient of the arm."""
    return float(np.linalg.lstsq(design, y, rcond=None)[0][1])


def wild_p(y: Floats, design: Floats, practice: Codes, null: float) -> float:
    """The p-value of `wild_cluster_bootstrap`, written out without its interval."""
    others = np.delete(design, 1, axis=1)
    basis = np.linalg.qr(np.column_stack([others, design[:, 1]]))[0]
    arm, rest = basis[:, -1], basis[:, :-1]
    held = y - null * design[:, 1]
    left = held - rest @ (rest.T @ held)
    share = np.bincount(practice, arm * left, PRACTICES)
    of = np.stack([np.bincount(practice, arm * q, PRACTICES) for q in basis.T], axis=1)
    by = np.stack([np.bincount(practice, left * q, PRACTICES) for q in basis.T], axis=1)
    scores = SIGNS @ (np.diag(share) - of @ by.T).T
    squared = (SIGNS @ share) ** 2 / (scores**2).sum(axis=1)
    return float((squared >= squared[0] * (1 - 1e-9)).mean())
