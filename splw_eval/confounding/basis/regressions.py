"""Regressions of one row for each person, by practice where there are any, as rows of a table."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.confounding.checks import finding
from splw_eval.core.findings import Finding
from splw_eval.models.design import Labelled
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats
from splw_eval.stats.causal.least_squares import IndependentFit, fit_independent
from splw_eval.stats.few_clusters.cluster_fit import ClusterFit, fit_clusters
from splw_eval.stats.tails import t_critical, t_p_value

Fit = ClusterFit | IndependentFit
Row = dict[str, Any]

BY_PRACTICE = "CR2 by practice, Satterthwaite df"
BY_PERSON = "people independent, equal variances, n - p df"
_FEW_PRACTICES, _LARGE_SHARE, _FEW_DF = 4, 0.3, 4
_ROUNDING = 1e-12  # of the outcome's spread: a standard error below it is none


def fit_people(y: ArrayLike, columns: ArrayLike, cluster: Labelled | None) -> Fit:
    """Fit by least squares, with inference by practice where there are practices.

    Parameters
    ----------
    y : array_like, shape (n,)
    columns : array_like, shape (n, p)
    cluster : Labelled or None

    Returns
    -------
    ClusterFit or IndependentFit
    """
    if cluster is None:
        return fit_independent(y, columns)
    return fit_clusters(y, columns, cluster.codes)


def method_of(cluster: Labelled | None) -> str:
    """How standard errors and degrees of freedom of `fit_people` come about.

    Parameters
    ----------
    cluster : Labelled or None

    Returns
    -------
    str
    """
    return BY_PERSON if cluster is None else BY_PRACTICE


def columns_of(*parts: ArrayLike) -> Floats:
    """A matrix with an intercept, then the parts side by side.

    Parameters
    ----------
    *parts : array_like, shape (n,) or (n, k)

    Returns
    -------
    ndarray, shape (n, 1 + all k)
    """
    arrays = [np.asarray(part, dtype=float) for part in parts]
    return np.column_stack([np.ones(len(arrays[0])), *arrays])


def reckoned(
    estimate: float, std_error: float, df: float, conf_level: float, spread: float = 0.0
) -> Row:
    """An estimate with its test and its limits; NaN where there is nothing to reckon with.

    Parameters
    ----------
    estimate, std_error, df : float
    conf_level : float
    spread : float
        Of the outcome, see `spread_of`; an error that is but rounding beside it, or beside the
        estimate, is none.

    Returns
    -------
    dict
        estimate, std_error, df, statistic, p_value, conf_low, conf_high.
    """
    if std_error <= _ROUNDING * max(spread, abs(estimate)):
        std_error = math.nan
    usable = df > 0 and std_error > 0
    statistic = estimate / std_error if usable else math.nan
    reach = t_critical(df, conf_level) * std_error if usable else math.nan
    return {
        "estimate": estimate,
        "std_error": std_error,
        "df": df,
        "statistic": statistic,
        "p_value": t_p_value(statistic, df) if usable else math.nan,
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
    }


def spread_of(values: ArrayLike) -> float:
    """How far values reach, beside which rounding is told.

    Parameters
    ----------
    values : array_like, shape (n,)

    Returns
    -------
    float
        The larger of their standard deviation, and 0.001 of the largest of them.
    """
    found = np.asarray(values, dtype=float)
    return float(max(found.std(), 1e-3 * np.abs(found).max())) if found.size else 0.0


def nothing_reckoned(estimate: float = math.nan) -> Row:
    """A row without inference.

    Parameters
    ----------
    estimate : float

    Returns
    -------
    dict
    """
    return reckoned(estimate, math.nan, math.nan, 0.5)


def of_contrast(fit: Fit, contrast: ArrayLike, conf_level: float, spread: float = 0.0) -> Row:
    """A contrast of a fit with its test and limits.

    Parameters
    ----------
    fit : ClusterFit or IndependentFit
    contrast : array_like, shape (p,)
    conf_level : float
    spread : float
        Of the outcome.

    Returns
    -------
    dict
        As `reckoned`.
    """
    found = fit.contrast(contrast)
    return reckoned(found.estimate, found.std_error, found.df, conf_level, spread)


def unit(place: int, of: int) -> Floats:
    """The contrast that picks one coefficient.

    Parameters
    ----------
    place, of : int

    Returns
    -------
    ndarray, shape (of,)
    """
    return np.asarray(np.eye(of)[place], dtype=float)


def too_few_practices(
    rows: PersonRows, column: str | None, least: int, of_each: int = 0
) -> Iterator[Finding]:
    """Fewer practices than the method can do with.

    Parameters
    ----------
    rows : PersonRows
    column : str or None
    least : int
    of_each : int
        Practices that each group must have people of.

    Yields
    ------
    Finding
    """
    if rows.cluster is None or column is None:
        return
    count = rows.cluster.count
    if count < least:
        problem = f"the rows that can be used are of {_practices(count)}; {least} are needed"
        yield finding("SF08", problem, "Describe them without a test.", column=column)
    elif rows.group is not None and min(practices_of_groups(rows)) < of_each:
        problem = "a group has people of one practice only"
        remedy = f"Compare groups of {of_each} practices or more, or leave cluster= out and say so."
        yield finding("SF08", problem, remedy, column=column)


def practices_of_groups(rows: PersonRows) -> tuple[int, ...]:
    """How many practices each group has people of.

    Parameters
    ----------
    rows : PersonRows
        With practices and groups.

    Returns
    -------
    tuple of int
    """
    assert rows.cluster is not None
    codes = rows.cluster.codes
    return tuple(len(np.unique(codes[rows.group == code])) for code in range(len(rows.groups)))


def _practices(count: int) -> str:
    return "1 practice" if count == 1 else f"{count} practices"


def practice_notes(rows: PersonRows) -> Iterator[str]:
    """What to know about the practices.

    Parameters
    ----------
    rows : PersonRows

    Yields
    ------
    str
    """
    if rows.cluster is None:
        yield (
            "No practices were named: people count as independent, and where practices differ the "
            "limits are too narrow."
        )
        return
    codes = rows.cluster.codes
    largest = np.bincount(codes).max() / rows.n
    if largest > _LARGE_SHARE:
        yield (
            f"One practice holds {100 * largest:.0f}% of the people: much hangs on it, and limits "
            "by CR2 are then too narrow."
        )
    if rows.group is None:
        return
    for label, count in zip(rows.groups, practices_of_groups(rows), strict=True):
        if count < _FEW_PRACTICES:
            yield f'"{label}" has people of only {_practices(count)}: limits are not to be trusted.'


def df_notes(dfs: ArrayLike) -> Iterator[str]:
    """A warning where degrees of freedom are few.

    Parameters
    ----------
    dfs : array_like, shape (k,)

    Yields
    ------
    str
    """
    found = np.asarray(dfs, dtype=float)
    few = int((found < _FEW_DF).sum())
    if few:
        yield (
            f"{few} of {len(found)} rows have fewer than {_FEW_DF} degrees of freedom: take their "
            "limits and p-values as rough."
        )


UNNAMED = (
    "No group was named to be compared with, so it is the first in order: the sign of the "
    "difference goes by that. Name it with reference=."
)
