"""Estimates of completed data sets pooled by Rubin's rules, with practices' degrees of freedom."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import check_level, finding, refuse
from splw_eval.missing.pooling.analyses import Analyses
from splw_eval.missing.pooling.pool_inputs import PoolInputs, read_inputs
from splw_eval.missing.pooling.pooled import PooledEstimates
from splw_eval.stats.pooling import Pooled, pool_estimates

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
# White, Royston & Wood 2011: the estimate's own Monte Carlo error about a tenth of its error.
_STEADY = 0.1
_FEW_DF = 4
# Satterthwaite's are 1 at least; what lies far below is rounding of a variance of nothing.
_NO_DF = 1e-6


def pool(
    estimates: Analyses | ArrayLike | pd.DataFrame,
    variances: ArrayLike | pd.DataFrame | None = None,
    *,
    df_complete: ArrayLike | pd.Series | None = None,
    terms: Sequence[str] | None = None,
    n: int | None = None,
    conf_level: float = 0.95,
) -> PooledEstimates:
    """Pool the estimates of several completed data sets.

    Parameters
    ----------
    estimates : Analyses, or array_like or DataFrame of shape (M,) or (M, k)
        What `analyse` gives, or one row for each completed data set and one column for each
        term.
    variances : array_like or DataFrame, same shape
        Squares of the standard errors, not the standard errors; left out with `Analyses`. The
        columns of two frames are matched by name.
    df_complete : float, or array_like of shape (k,), optional
        Degrees of freedom that the analysis would have if nothing were missing: people less
        coefficients (mice's n - k) without practices; with practices those of the practices,
        such as Satterthwaite's of CR2 or practices less 2. A Series with the terms as its
        index is matched by them. By default those of `Analyses`, else infinite, which a note
        tells.
    terms : sequence of str, length k, optional
        Names; by default those of the columns.
    n : int, optional
        People, for the table.
    conf_level : float

    Returns
    -------
    PooledEstimates
        ``estimate``, ``std_error``, ``df`` and ``total_variance`` are floats for one term.

    Raises
    ------
    MissingError
        Shapes differ, fewer than two data sets, a value that is not finite, a variance below
        0, degrees of freedom that cannot be: every reason at once.

    Notes
    -----
    The estimate is the mean; its variance is within + (1 + 1/M) between. Degrees of freedom:
    Barnard & Rubin 1999, Biometrika 86:948, as R's ``mice::pool.scalar``; that those of the
    practices stand for the complete data is our choice by analogy. Under strategies that refer
    to another arm these rules do not understate the error; they give more than the spread of
    the estimate under resampling (Cro, Carpenter & Kenward 2019, J R Stat Soc A 182:623).
    Advice on M: White, Royston & Wood 2011, Stat Med 30:377, 7.
    """
    found = [*check_level(conf_level), *_kinds(estimates, variances, n)]
    refuse(found)
    inputs = read_inputs(estimates, variances, df_complete, terms)
    usable = inputs.df_complete > _NO_DF
    complete = np.where(usable, inputs.df_complete, math.inf)
    pooled = pool_estimates(
        inputs.estimates, inputs.variances, df_complete=complete, conf_level=conf_level
    )
    # Barnard and Rubin's rule gives no degrees of freedom where all variance lies between.
    limits = usable & np.isfinite(pooled.conf_low)
    analysed = f"{estimates.method}; " if isinstance(estimates, Analyses) else ""
    people = estimates.n if isinstance(estimates, Analyses) and n is None else n
    return PooledEstimates(
        table=_table(pooled, inputs, limits, people),
        imputations=pooled.imputations,
        n=people,
        method=(
            f"{analysed}Rubin's rules over {pooled.imputations} completed data sets; degrees of "
            f"freedom by Barnard and Rubin (1999), {inputs.df_rule}"
        ),
        notes=(*inputs.notes, *_notes(pooled, inputs, limits)),
        conf_level=conf_level,
    )


def _kinds(estimates: object, variances: object, n: object) -> Iterator[Finding]:
    """Arguments that do not go together."""
    if isinstance(estimates, Analyses) and variances is not None:
        problem = "variances= is given beside analyses that hold their own"
        yield finding("SN01", problem, "Leave it out.")
    if not isinstance(estimates, Analyses) and variances is None:
        problem = "estimates are given without variances"
        remedy = "Give the squares of the standard errors, or what analyse() returned."
        yield finding("SN01", problem, remedy)
    if n is not None and (isinstance(n, bool) or not isinstance(n, int | np.integer) or n < 1):
        yield finding("SN01", "n= is no whole number from 1", "Give how many people there are.")


def _table(
    pooled: Pooled, inputs: PoolInputs, limits: NDArray[np.bool_], n: int | None
) -> pd.DataFrame:
    import pandas as pd

    def told(values: Array) -> Array:
        return np.where(limits, values, np.nan)

    nothing = (inputs.df_complete <= _NO_DF) & (pooled.within == 0)
    made = {
        "term": list(inputs.terms),
        "estimate": pooled.estimate,
        "std_error": np.where(nothing, np.nan, pooled.std_error),
        "df": told(pooled.df),
        "statistic": told(pooled.statistic),
        "p_value": told(pooled.p_value),
        "conf_low": told(pooled.conf_low),
        "conf_high": told(pooled.conf_high),
        "n": pd.array([n] * len(inputs.terms), dtype="Int64"),
        "fraction_missing": np.where(nothing, np.nan, pooled.missing_information),
        "relative_increase": pooled.relative_increase,
        "between": pooled.between,
        "within": pooled.within,
        "df_complete": inputs.df_complete,
        "monte_carlo_error": np.sqrt(pooled.between / pooled.imputations),
    }
    return pd.DataFrame(made)


def _notes(pooled: Pooled, inputs: PoolInputs, limits: NDArray[np.bool_]) -> Iterator[str]:
    """Sentences that a reader needs beside the table."""
    names = np.array(inputs.terms, dtype=object)
    if limits.any():
        yield from _moved(pooled, names, limits)
    if (~limits).any():
        yield (
            f"No degrees of freedom, test or limits for {_joined(list(names[~limits]))}: there is "
            "no variance within completed data sets to judge by, or nothing tells its size."
        )
    same = (pooled.between == 0) & limits
    if same.all():
        yield (
            "All completed data sets give the same estimates: nothing that the analysis uses was "
            "missing, or it was completed without chance."
        )
    few = limits & (pooled.df < _FEW_DF)
    if few.any():
        yield (
            f"Fewer than {_FEW_DF} degrees of freedom for {_joined(list(names[few]))}: such limits "
            "are hardly to be trusted."
        )


def _moved(pooled: Pooled, names: NDArray[np.object_], limits: NDArray[np.bool_]) -> Iterator[str]:
    """How far the estimates would move if the data were completed anew."""
    sets = pooled.imputations
    error = np.sqrt(pooled.between / sets)
    share = np.divide(error, pooled.std_error, out=np.zeros_like(error), where=limits)
    worst = int(share.argmax())
    yield (
        f"Completed anew, estimates would move by up to {100 * share[worst]:.2g}% of their "
        "standard errors (Monte Carlo error)."
    )
    if share[worst] > 1.05 * _STEADY:  # not for what is a tenth but for rounding
        needed = math.ceil(pooled.between[worst] / (_STEADY**2 * pooled.total[worst]))
        yield (
            f'That is much for "{names[worst]}": about {needed} completed data sets would bring it '
            f"to {100 * _STEADY:g}%; there are {sets}."
        )


def _joined(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
