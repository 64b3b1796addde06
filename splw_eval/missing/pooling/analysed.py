"""Estimates of every completed data set, by a fixed part or by an analysis of one's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import TELLER, MissingError, finding, refuse
from splw_eval.missing.pooling.analysed_practices import (
    FixedPartAsked,
    practice_notes,
    unfit,
    without_single_practices,
)
from splw_eval.missing.pooling.analyses import Analyses, Array
from splw_eval.missing.pooling.own_analysis import Estimated, read_estimated
from splw_eval.models.first_levels import first_level_notes
from splw_eval.models.formula import parse_formula
from splw_eval.models.person_rows import PersonRows, read_person_rows
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters

if TYPE_CHECKING:
    import pandas as pd

_DEPENDENT = 1e-10
# Of what least squares leave of the outcome: below this it is rounding.
_EXACT = 1e-10


def analyse_fixed_part(
    frames: Iterator[pd.DataFrame], asked: FixedPartAsked, wave: Any
) -> Analyses:
    """Least squares in every completed data set.

    Parameters
    ----------
    frames : iterator of DataFrame
    asked : FixedPartAsked
    wave : object

    Returns
    -------
    Analyses

    Raises
    ------
    MissingError
        A data set cannot be read or fitted, or its terms differ from those of the first.
    """
    from pandas import DataFrame

    found: list[Estimated] = []
    notes: tuple[str, ...] = ()
    clusters = None
    for m, frame in enumerate(frames, start=1):
        if not isinstance(frame, DataFrame):
            refuse([_unlike(f"completed data set {m} is no data frame", "Give data frames.")])
        rows = read_person_rows(
            frame,
            TELLER,
            "SN",
            outcome=asked.outcome,
            covariates=asked.fixed,
            cluster=asked.cluster,
        )
        if m == 1:
            refuse(unfit(rows, frame, asked, wave))
        found.append(without_single_practices(rows, _fit(rows, asked, m)))
        if m == 1:
            clusters = None if rows.cluster is None else rows.cluster.count
            signs = first_level_notes(frame.iloc[rows.rows], asked.fixed, rows.terms)
            notes = (*rows.notes(), *practice_notes(rows, frame, asked), *signs)
    rule = (
        f"with Satterthwaite's of {clusters} practices ({asked.vcov}) for complete data"
        if clusters is not None
        else "with people less coefficients for complete data"
    )
    how = f"practice-robust errors ({asked.vcov})" if clusters is not None else "ordinary errors"
    if clusters is None:
        notes = (*notes, "People count as independent of each other: no practices were named.")
        if asked.drawn_cluster:
            notes = (
                *notes,
                f"Scores were drawn with practices, so these limits are too narrow: give cluster="
                f'"{asked.drawn_cluster}".',
            )
    return _joined(
        found,
        notes,
        rule=rule,
        method=f"Least squares of {asked.outcome} on {asked.fixed}, {how}",
        clusters=clusters,
        wave=wave,
    )


def _fit(rows: PersonRows, asked: FixedPartAsked, m: int) -> Estimated:
    """Least squares in one completed data set."""
    assert rows.outcome is not None
    intercept = parse_formula(asked.fixed).intercept
    columns, terms = rows.X, rows.terms
    if intercept:
        columns = np.column_stack([np.ones(rows.n), columns])
        terms = ("Intercept", *terms)
    try:
        _refuse_exact(rows.outcome, columns)
        if rows.cluster is None:
            estimates, variances, df = _least_squares(
                np.asarray(rows.outcome, dtype=np.float64), np.asarray(columns, dtype=np.float64)
            )
        else:
            fit = fit_clusters(rows.outcome, columns, rows.cluster.codes, vcov=asked.vcov)
            estimates, df = fit.coef, fit.df
            variances = np.where(df > 0, fit.std_error, 0.0) ** 2
    except FitError as error:
        problem = f"completed data set {m} cannot be fitted: {error.message.rstrip('.')}"
        refuse([_unlike(problem, error.remedy or "Look at the fixed part.")])
        raise
    return Estimated(terms=terms, estimates=estimates, variances=variances, df=df, n=rows.n)


def _refuse_exact(y: NDArray[np.floating[Any]], columns: NDArray[np.floating[Any]]) -> None:
    """Refuse an outcome that the columns tell without error."""
    coef = np.linalg.lstsq(columns, y, rcond=None)[0]
    if len(y) > columns.shape[1] and np.abs(y - columns @ coef).max() <= _EXACT * np.abs(y).max():
        remedy = "Leave out the column that holds the outcome in another form."
        raise FitError("the fixed part tells the outcome without error", remedy=remedy)


def _least_squares(y: Array, columns: Array) -> tuple[Array, Array, Array]:
    """Coefficients, their variances and n - p, people independent."""
    n, p = columns.shape
    if n <= p:
        raise FitError(f"{n} rows are too few for {p} columns")
    size = np.sqrt((columns**2).sum(axis=0))
    if (size == 0).any():
        raise FitError("a column is zero throughout")
    basis, upper = np.linalg.qr(columns / size)
    if np.abs(np.diag(upper)).min() <= _DEPENDENT:
        raise FitError("columns of the fixed part depend on each other")
    back = np.linalg.inv(upper)
    coef = back @ (basis.T @ y)
    rest = y - basis @ (basis.T @ y)
    variance = float(rest @ rest) / (n - p) * (back**2).sum(axis=1)
    return coef / size, variance / size**2, np.full(p, float(n - p))


def analyse_by_function(frames: Iterator[Any], function: Callable[[Any], Any]) -> Analyses:
    """An analysis of one's own in every completed data set.

    Parameters
    ----------
    frames : iterator of DataFrame
    function : callable

    Returns
    -------
    Analyses

    Raises
    ------
    MissingError
        A result cannot be read, or its terms differ from those of the first.
    """
    found = []
    for m, frame in enumerate(frames, start=1):
        try:
            found.append(read_estimated(function(frame)))
        except MissingError:
            raise
        except FitError as error:
            problem = f"in completed data set {m}: {error.message.rstrip('.')}"
            refuse([_unlike(problem, error.remedy)])
        except Exception as error:
            # What it says may hold people's values, so only its kind is told.
            kind = type(error).__name__
            problem = f"function= stopped in completed data set {m} with {kind}"
            remedy = "Try it on one completed frame; its own error stands above this one."
            refuse([_unlike(problem, remedy)])
    given = bool(found) and all(one.df is not None for one in found)
    rule = (
        "with those of the analysis for complete data"
        if given
        else "with infinitely many for complete data"
    )
    notes = () if given else (
        "The analysis gives no degrees of freedom, so there is no bound on those of the pooled "
        "answer; with few practices such limits are too narrow.",
    )  # fmt: skip
    return _joined(found, notes, rule=rule, method="An analysis of one's own")


def _joined(
    found: list[Estimated],
    notes: tuple[str, ...],
    *,
    rule: str,
    method: str,
    clusters: int | None = None,
    wave: Any = None,
) -> Analyses:
    """The results of all completed data sets, if they are of the same terms."""
    if not found:
        refuse([_unlike("there is no completed data set", "Give what impute() returned.")])
    first = found[0]
    for m, one in enumerate(found, start=1):
        if one.terms != first.terms or len(one.estimates) != len(first.estimates):
            problem = f"completed data set {m} gives other terms than the first"
            remedy = "Every level of a category must occur in each of them; join rare levels."
            refuse([_unlike(problem, remedy)])
    sizes = [one.n for one in found]
    if len(set(sizes)) > 1:
        notes = (*notes, "The completed data sets analysed differ in their number of people.")
    none = np.full(len(first.estimates), np.inf)
    return Analyses(
        terms=first.terms or _made(len(first.estimates)),
        estimates=np.array([one.estimates for one in found]),
        variances=np.array([one.variances for one in found]),
        df_complete=np.min([none if one.df is None else one.df for one in found], axis=0),
        n=min((size for size in sizes if size is not None), default=None),
        clusters=clusters,
        wave=wave,
        df_rule=rule,
        method=method,
        notes=notes,
    )


def with_source(analyses: Analyses, imputations: Any) -> Analyses:
    """Tell how the data sets were completed too, where they say so.

    Parameters
    ----------
    analyses : Analyses
    imputations : object

    Returns
    -------
    Analyses
    """
    method, notes = getattr(imputations, "method", ""), getattr(imputations, "notes", ())
    told = f"{analyses.method}; {method}" if isinstance(method, str) and method else analyses.method
    return replace(analyses, method=told, notes=(*analyses.notes, *notes))


def _made(count: int) -> tuple[str, ...]:
    return ("estimate",) if count == 1 else tuple(f"estimate {k + 1}" for k in range(count))


def _unlike(problem: str, remedy: str) -> Finding:
    return finding("SN41", problem, remedy)
