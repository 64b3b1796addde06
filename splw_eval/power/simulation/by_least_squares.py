"""Drawn trials analysed by least squares with errors by cluster: CR2, and the wild bootstrap."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.power.simulation.tested import Tested
from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.cells import Cells, Codes, Floats
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.resampling.wild import wild_cluster_bootstrap


def by_cr2(trial: Trial, cells: Cells) -> Tested:
    """CR2 errors with Satterthwaite's degrees of freedom, working independence.

    Notes
    -----
    Columns are the same for all people of a cluster at a visit, so their rows can be turned
    into one row of each cell, times the root of its people, and rows that are zero: estimate,
    errors and degrees of freedom are those of all people's rows.
    """
    found = np.full((cells.trials, 3), np.nan)
    for place, (y, x, cluster) in enumerate(_one_row_a_cell(cells)):
        try:
            one = fit_clusters(y, x, cluster).contrast(trial.row)
        except FitError:
            continue
        found[place] = one.estimate, one.std_error, one.df
    good = np.isfinite(found).all(axis=1) & (found[:, 1] > 0) & (found[:, 2] > 0)
    return _tested(found, good)


def by_wild_bootstrap(trial: Trial, cells: Cells, alpha: float, seed: int) -> Tested:
    """Wild cluster bootstrap under the null, one trial after the other."""
    place = int(np.argmax(np.abs(trial.row)))
    turn = np.eye(len(trial.row))
    turn[place] = -trial.row / trial.row[place]
    turn[place, place] = 1 / trial.row[place]
    found = np.full((cells.trials, 3), np.nan)
    p, covers = np.full(cells.trials, np.nan), np.zeros(cells.trials, dtype=bool)
    for b, (y, x, cluster) in enumerate(_one_row_a_cell(cells)):
        try:
            one = wild_cluster_bootstrap(
                y, x @ turn, cluster, place, conf_level=1 - alpha, seed=seed
            )
        except FitError:
            continue
        found[b] = one.estimate, one.std_error, one.clusters - 1
        p[b], covers[b] = one.p_value, one.conf_low <= trial.effect <= one.conf_high
    return _tested(found, np.isfinite(p), p, covers)


def _tested(
    found: Floats,
    good: NDArray[np.bool_],
    p: Floats | None = None,
    covers: NDArray[np.bool_] | None = None,
) -> Tested:
    return Tested(
        estimate=found[:, 0],
        std_error=found[:, 1],
        df=found[:, 2],
        good=good,
        at_zero=np.full(len(found), np.nan),
        p_value=p,
        covers=covers,
    )


def _one_row_a_cell(cells: Cells) -> Iterator[tuple[Floats, Floats, Codes]]:
    n = np.einsum("kjb,jt->ktb", cells.counts, cells.seen.astype(float))
    total = cells.sums.sum(axis=1)
    cluster, _ = np.divmod(np.arange(n.shape[0] * n.shape[1]), n.shape[1])
    x = cells.x[cells.sequence].reshape(len(cluster), -1)
    for place in range(cells.trials):
        people = n[..., place].ravel()
        there = people > 0
        scale = np.sqrt(people[there])
        y = total[..., place].ravel()[there] / scale
        yield y, x[there] * scale[:, None], cluster[there]
