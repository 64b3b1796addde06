"""Drawn trials analysed by the mixed model, or with variances that are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splw_eval.power.simulation.tested import Tested, plain
from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.at_parameters import at_parameters, known_covariances
from splw_eval.stats.cell_models.cells import Cells, Codes
from splw_eval.stats.cell_models.fit_cells import fit_cells

ENOUGH = 15  # clusters, from which a variance at zero is taken as known to be zero
PER_TRIAL = ("satterthwaite", "kenward-roger")


def boundary_of(trial: Trial) -> str:
    """What happens to variances estimated as zero, as in the mixed models of this package."""
    clusters = int(trial.clusters[trial.clustered].sum())
    return "conditional" if clusters >= ENOUGH else "keep"


def by_mixed_model(trial: Trial, cells: Cells, df: str, boundary: str) -> Tested:
    """Fit every trial by REML and test the contrast.

    Parameters
    ----------
    trial : Trial
    cells : Cells
    df : str
        ``satterthwaite`` or ``kenward-roger``, worked out in each trial; ``known-variance``:
        no fit, the true variances and the normal; ``z``, a rule of the design or a number.
    boundary : {"keep", "conditional"}

    Returns
    -------
    Tested
    """
    if df == "known-variance":
        return _with_known_variances(trial, cells)
    fit = fit_cells(cells, trial.model, trial.begin)
    bound = fit.bound[:, trial.model.of_people :]
    zero = np.where(bool(bound.shape[1]), bound.any(axis=1), np.nan)
    if df in PER_TRIAL:
        test, usable = fit.test(trial.row, rule=df, boundary=boundary)
        variance, freedom = test.covariance[:, 0, 0], test.df
        good = fit.converged & usable & (variance > 0) & (freedom > 0)
        estimate = test.estimate[:, 0]
    else:
        variance = np.einsum("p,pqb,q->b", trial.row, fit.at.phi, trial.row)
        number = np.inf if df == "z" else trial.df.get(df, np.nan)
        freedom = np.full(cells.trials, float(df) if np.isnan(number) else number)
        estimate, good = trial.row @ fit.at.beta, fit.converged & (variance > 0)
    return Tested(
        estimate=estimate,
        std_error=np.sqrt(np.where(variance > 0, variance, np.nan)),
        df=freedom,
        good=good,
        at_zero=zero,
    )


def _with_known_variances(trial: Trial, cells: Cells) -> Tested:
    """Generalised least squares, groups of people and clusters as they were drawn."""
    sequence = trial.sequence
    sigma, group = trial.sigma[trial.group], sequence
    whole = _by_sequence(cells, sequence, len(trial.clusters))
    given = known_covariances(
        replace(whole, group=group, cluster_group=sequence), sigma, trial.g[trial.cluster_group]
    )
    at = at_parameters(replace(whole, group=group, cluster_group=sequence), given)
    variance = np.einsum("p,pqb,q->b", trial.row, at.phi, trial.row)
    return plain(trial.row @ at.beta, np.sqrt(variance), np.inf)


def _by_sequence(cells: Cells, sequence: Codes, count: int) -> Cells:
    """Sums of squares do not enter the estimate, so that any share-out of them does."""
    shape = (count, *cells.products.shape[1:])
    return replace(cells, products=np.zeros(shape), group=sequence)
