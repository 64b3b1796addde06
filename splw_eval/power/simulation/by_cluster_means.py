"""Drawn trials analysed by one number a cluster: t tests, covariance analysis, permutation."""

from __future__ import annotations

from math import comb

import numpy as np

from splw_eval.power.simulation.tested import Tested, plain
from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.cells import Cells, Floats
from splw_eval.stats.survival.practice_permutation import (
    MOST,
    all_allocations,
    draw_allocations,
)

_DRAWS, _SAME = 9_999, 1e-9


def means_of_visits(trial: Trial, cells: Cells, *, paired: bool) -> Floats:
    """Means of clusters at each visit, shape (K, T, B); NaN where nobody is seen.

    Parameters
    ----------
    trial : Trial
    cells : Cells
    paired : bool
        Of people who are seen at the start and at every visit of the contrast.
    """
    used = np.ones(len(cells.seen), dtype=bool)
    if paired and trial.cohort and trial.weights is not None:
        needed = trial.weights != 0
        needed[: trial.before] = True
        used = np.asarray(cells.seen[:, needed].all(axis=1))
    n = np.einsum("kjb,jt->ktb", cells.counts[:, used], cells.seen[used].astype(float))
    total = cells.sums[:, used].sum(axis=1)
    return np.where(n > 0, total / np.where(n > 0, n, 1.0), np.nan)


def by_summaries(trial: Trial, cells: Cells) -> Tested:
    """T test of one number a cluster; of a baseline that enters as a covariate, see below."""
    y, _ = _outcome_and_baseline(trial, cells)
    if len(trial.clusters) == 1:
        k = int(trial.clusters[0])
        error = y.std(axis=0, ddof=1) / np.sqrt(k)
        return plain(y.mean(axis=0), error, k - 1)
    return _least_squares(trial, y, None)


def by_ancova(trial: Trial, cells: Cells) -> Tested:
    """Means of clusters at the end, adjusted for those at the start."""
    return _least_squares(trial, *_outcome_and_baseline(trial, cells))


def by_permutation(trial: Trial, cells: Cells, alpha: float, seed: int) -> Tested:
    """Permutation of clusters: difference of means, of residuals where there is a baseline."""
    y, baseline = _outcome_and_baseline(trial, cells)
    first = _least_squares(trial, y, baseline)
    arm = trial.sequence == 0
    allocations = _allocations(arm, seed)

    def p_value(shifted: Floats) -> Floats:
        rest = _residual(shifted, baseline)
        told = allocations.astype(float) @ rest / allocations.sum(axis=1)[:, None]
        other = (~allocations).astype(float) @ rest / (~allocations).sum(axis=1)[:, None]
        apart = np.abs(told - other)
        seen = np.abs(rest[arm].mean(axis=0) - rest[~arm].mean(axis=0))
        found: Floats = (apart >= seen * (1 - _SAME)).mean(axis=0)
        return found

    p = p_value(y)
    again = p_value(y - trial.effect * arm[:, None])
    return Tested(
        estimate=first.estimate,
        std_error=first.std_error,
        df=first.df,
        good=first.good & np.isfinite(p),
        at_zero=first.at_zero,
        p_value=p,
        covers=again > alpha,
    )


def _outcome_and_baseline(trial: Trial, cells: Cells) -> tuple[Floats, Floats | None]:
    assert trial.weights is not None
    paired = trial.before > 0 and trial.start != "none"
    means = means_of_visits(trial, cells, paired=paired)
    y = np.einsum("t,ktb->kb", trial.weights, np.nan_to_num(means))
    y = np.where(np.isfinite(means[:, trial.weights != 0]).all(axis=1), y, np.nan)
    if trial.start != "clda" or not trial.before:
        return y, None
    return y, means[:, : trial.before].mean(axis=1)


def _residual(y: Floats, baseline: Floats | None) -> Floats:
    centred = y - y.mean(axis=0)
    if baseline is None:
        return np.asarray(centred)
    x = baseline - baseline.mean(axis=0)
    return np.asarray(centred - x * (x * centred).sum(axis=0) / (x * x).sum(axis=0))


def _least_squares(trial: Trial, y: Floats, baseline: Floats | None) -> Tested:
    """Arm, and the mean at the start where there is one; every cluster counts the same."""
    arm = (trial.sequence == 0).astype(float)[:, None]
    df = len(y) - 2 - int(baseline is not None)
    apart = _within_intercept(np.broadcast_to(arm, y.shape))
    apart = apart if baseline is None else _residual(apart, baseline)
    rest = _residual(y, baseline)
    squares = (apart**2).sum(axis=0)
    estimate = (apart * rest).sum(axis=0) / squares
    left = rest - estimate * apart
    with np.errstate(invalid="ignore", divide="ignore"):
        error = np.sqrt((left**2).sum(axis=0) / max(df, 1) / squares)
    return plain(estimate, error, df)


def _within_intercept(column: Floats) -> Floats:
    return np.asarray(column - column.mean(axis=0))


def _allocations(arm: np.ndarray, seed: int) -> np.ndarray:
    if comb(len(arm), int(arm.sum())) <= MOST:
        return np.asarray(all_allocations(len(arm), int(arm.sum())), dtype=bool)
    return np.asarray(draw_allocations(arm, _DRAWS, seed), dtype=bool)
