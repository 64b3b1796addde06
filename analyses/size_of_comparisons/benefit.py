"""Whether a difference is said to differ between people where it does not."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from draws import Trial
from found import Found, by_t

from splw_eval.stats.few_clusters.cluster_fit import fit_clusters

COLUMNS = ("of a number", "of two levels", "of two kinds of practice")


def interactions(trial: Trial) -> Iterator[tuple[str, Found]]:
    """Interactions of the arm with each covariate in turn; the truth is none."""
    ones = np.ones(len(trial.x))
    for place, name in enumerate(COLUMNS):
        own = trial.x[:, place]
        rest = np.delete(trial.x, place, axis=1)
        design = np.column_stack(
            [ones, trial.second, own, own * trial.second, trial.scores[:, 0], rest]
        )
        fit = fit_clusters(trial.scores[:, -1], design, trial.practice)
        yield f"interaction {name}", by_t(fit.coef[3], fit.std_error[3], fit.df[3], 0.0)
