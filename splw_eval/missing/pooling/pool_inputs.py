"""Estimates and variances that are to be pooled, read and checked together."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding, refuse
from splw_eval.missing.pooling.analyses import Analyses

Array = NDArray[np.float64]
_SHAPES = "Give one row for each completed data set and one column for each term."
_MATRIX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolInputs:
    """What is to be pooled.

    Attributes
    ----------
    estimates, variances : ndarray, shape (M, k)
    df_complete : ndarray, shape (k,)
    terms : tuple of str, length k
    df_rule : str
        Where the degrees of freedom come from, in words.
    notes : tuple of str
    """

    estimates: Array
    variances: Array
    df_complete: Array
    terms: tuple[str, ...]
    df_rule: str
    notes: tuple[str, ...] = ()


def read_inputs(
    estimates: Any, variances: Any, df_complete: Any, terms: Sequence[str] | None
) -> PoolInputs:
    """Read what is to be pooled, and refuse what cannot be.

    Parameters
    ----------
    estimates, variances, df_complete, terms
        As `pool` takes them.

    Returns
    -------
    PoolInputs

    Raises
    ------
    MissingError
        With every reason.
    """
    names: tuple[str, ...] | None = None
    notes: tuple[str, ...] = ()
    rule = ""
    if isinstance(estimates, Analyses):
        names, notes = estimates.terms, estimates.notes
        if df_complete is None:
            df_complete, rule = estimates.df_complete, estimates.df_rule
        estimates, variances = estimates.estimates, estimates.variances
    else:
        names = _columns(estimates)
        variances = _matched(estimates, variances)
    means, spread = _numbers(estimates, "estimates"), _numbers(variances, "variances")
    refuse(_shapes(means, spread))
    means, spread = means.reshape(len(means), -1), spread.reshape(len(spread), -1)
    labels = tuple(str(t) for t in (terms if terms is not None else names or _made(means.shape[1])))
    df_complete = _by_name(df_complete, labels)
    complete, told, found = _degrees(df_complete, means.shape[1], known=bool(rule))
    if len(labels) != means.shape[1]:
        problem = f"terms= has {len(labels)} names for {means.shape[1]} columns of estimates"
        found.append(finding("SN01", problem, "Name each column once."))
        labels = _made(means.shape[1])
    refuse([*found, *_values(means, spread, labels)])
    if not rule:
        notes = (*notes, *told)
        rule = _rule(complete)
    return PoolInputs(
        estimates=means,
        variances=spread,
        df_complete=complete,
        terms=labels,
        df_rule=rule,
        notes=notes,
    )


def _made(count: int) -> tuple[str, ...]:
    return ("estimate",) if count == 1 else tuple(f"estimate {k + 1}" for k in range(count))


def _columns(values: Any) -> tuple[str, ...] | None:
    import pandas as pd

    if isinstance(values, pd.DataFrame):
        return tuple(str(name) for name in values.columns)
    named = isinstance(values, pd.Series) and values.name is not None
    return (str(values.name),) if named else None


def _matched(estimates: Any, variances: Any) -> Any:
    """Variances in the order of the estimates, where both are frames."""
    import pandas as pd

    if not (isinstance(estimates, pd.DataFrame) and isinstance(variances, pd.DataFrame)):
        return variances
    if not (estimates.columns.is_unique and variances.columns.is_unique):
        return variances
    if set(estimates.columns) != set(variances.columns):
        problem = "estimates and variances are frames with different columns"
        refuse([finding("SN40", problem, "Give the same terms in both.")])
    return variances[list(estimates.columns)]


def _numbers(values: Any, name: str) -> Array:
    try:
        return np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError):
        refuse([finding("SN40", f"{name} are no array of numbers", _SHAPES)])
        raise


def _shapes(means: Array, spread: Array) -> Iterator[Finding]:
    if means.ndim not in (1, _MATRIX) or not means.size:
        yield finding("SN40", f"estimates have the shape {means.shape}", _SHAPES)
    elif spread.ndim == _MATRIX + 1 and spread.shape[:-1] == means.shape:
        remedy = "Give their diagonals: one variance for each estimate."
        yield finding("SN40", "variances are whole covariance matrices", remedy)
    elif spread.ndim == means.ndim and len(spread) != len(means):
        problem = (
            f"estimates are of {len(means)} completed data sets, and variances of {len(spread)}"
        )
        yield finding("SN40", problem, "Give both of the same data sets.")
    elif spread.shape != means.shape:
        problem = f"estimates have the shape {means.shape}, and variances {spread.shape}"
        yield finding("SN40", problem, _SHAPES)
    elif len(means) < _MATRIX:
        problem = "there is one completed data set, which tells nothing of what was missing"
        yield finding("SN40", problem, "Complete the data twice at least; 20 times is usual.")


def _values(means: Array, spread: Array, terms: Sequence[str]) -> Iterator[Finding]:
    """Values that no rule can pool, by term, with the data sets counted from 1."""
    kinds = (
        (~np.isfinite(means), "estimates that are missing or infinite"),
        (~np.isfinite(spread), "variances that are missing or infinite"),
        (spread < 0, "variances below 0"),
    )
    remedy = "Look at the analysis of those completed data sets (counted from 1)."
    for wrong, problem in kinds:
        for place in np.flatnonzero(wrong.any(axis=0)):
            rows = np.flatnonzero(wrong[:, place])
            name = terms[int(place)]
            yield finding("SN40", problem, remedy, column=name, rows=rows, of_rows=len(means))


def _by_name(df_complete: Any, terms: tuple[str, ...]) -> Any:
    """Degrees of freedom in the order of the terms, where a Series names them."""
    import pandas as pd

    if not isinstance(df_complete, pd.Series) or isinstance(df_complete.index, pd.RangeIndex):
        return df_complete
    named = [str(name) for name in df_complete.index]
    if sorted(named) != sorted(terms) or len(set(named)) < len(named):
        problem = "df_complete= is a Series with other names than the estimates"
        refuse([finding("SN01", problem, f"Name each term once: {', '.join(terms)}.")])
    return df_complete.set_axis(named)[list(terms)].to_numpy()


def _degrees(
    df_complete: Any, count: int, *, known: bool
) -> tuple[Array, tuple[str, ...], list[Finding]]:
    """Complete-data degrees of freedom of each term, what to tell, and what is wrong."""
    told: tuple[str, ...] = ()
    if df_complete is None:
        told = (
            "Complete-data degrees of freedom were not given, so there is no bound on those of "
            "the answer; with few practices such limits are too narrow: give df_complete=.",
        )
        df_complete = math.inf
    try:
        given = np.asarray(df_complete, dtype=np.float64)
    except (TypeError, ValueError):
        given = np.array([np.nan, np.nan, np.nan])[: count + 1]
    # 0 is what analyses give for a term without variance; nobody else means it.
    least_ok = (given >= 0) if known else (given > 0)
    if given.shape not in ((), (count,)) or not least_ok.all():
        problem = f"df_complete= is neither one number above 0 nor {count} of them"
        remedy = "Give for example people less coefficients, or practices less 2."
        return np.full(count, math.inf), told, [finding("SN01", problem, remedy)]
    return np.broadcast_to(given, (count,)).copy(), told, []


def _rule(complete: Array) -> str:
    low, high = float(complete.min()), float(complete.max())
    if math.isinf(low):
        return "with infinitely many for complete data"
    if low == high:
        return f"with {low:.4g} for complete data"
    return f"with {low:.4g} to {high:.4g} for complete data"
