"""Coefficients behind weights: logits of a chance, or slopes of log weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.regressions import reckoned
from splw_eval.models.person_rows import PersonRows
from splw_eval.stats.weighting.contrast import varies
from splw_eval.stats.weighting.entropy import entropy_weights
from splw_eval.stats.weighting.propensity import fit_propensity

if TYPE_CHECKING:
    import pandas as pd

CONF_LEVEL = 0.95


def coefficients_of(rows: PersonRows, target: str, method: str) -> pd.DataFrame:
    """Coefficients of the model behind weights, people counted as independent.

    Parameters
    ----------
    rows : PersonRows
    target : str
    method : {"propensity", "entropy"}

    Returns
    -------
    DataFrame
        ``term estimate std_error df statistic p_value conf_low conf_high n``. Entropy balancing
        has slopes of the reference's log weights, without errors.
    """
    assert rows.group is not None
    treated = rows.group == 1
    moving = varies(np.asarray(rows.X))
    terms = [rows.terms[place] for place in np.flatnonzero(moving)]
    columns = np.asarray(rows.X, dtype=np.float64)[:, moving]
    if method == "propensity":
        fit = fit_propensity(treated, np.column_stack([np.ones(rows.n), columns]))
        return _table(["Intercept", *terms], fit.beta, np.sqrt(np.diag(fit.covariance)), rows.n)
    goal = columns[treated] if target == "treated" else columns
    slopes = entropy_weights(columns[~treated], goal.mean(axis=0)).multipliers
    return _table(terms, slopes, np.full(len(slopes), np.nan), rows.n)


def _table(
    terms: list[str], beta: NDArray[np.float64], error: NDArray[np.float64], n: int
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        [
            {"term": term, **reckoned(float(b), float(e), np.inf, CONF_LEVEL), "n": n}
            for term, b, e in zip(terms, beta, error, strict=True)
        ]
    )
