"""Regressions of one row for each person with standard errors that allow for few practices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.confounding.basis.regressions import df_notes, of_contrast, unit
from splw_eval.confounding.basis.roles import columns_named
from splw_eval.confounding.checks import check_level, check_word, finding, refuse
from splw_eval.confounding.practices.clustered_record import FittedClustered, house_table
from splw_eval.confounding.practices.clustered_rows import (
    ClusteredRows,
    check_model,
    practices_of,
    read_clustered,
    stands_at,
)
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.design import read_columns
from splw_eval.models.first_levels import first_level_notes
from splw_eval.models.fixed_part import fixed_part_of
from splw_eval.models.formula import Formula, parse_formula
from splw_eval.models.variables import Floats
from splw_eval.stats.few_clusters.cluster_fit import KINDS, ClusterFit, fit_clusters

if TYPE_CHECKING:
    import pandas as pd

DF_RULE = "Satterthwaite df for each coefficient, under one variance for all rows"
_FEW_OF_AN_ARM, _FEW, _LARGE_SHARE = 4, 8, 0.3
_ABOUT = {
    "CR0": "CR0 (no correction, too narrow with few practices)",
    "CR1": "CR1 (times G/(G-1), too narrow with few practices)",
    "CR1S": "CR1S (times G/(G-1) (n-1)/(n-p), as Stata; too narrow with few practices)",
    "CR2": "CR2 (bias-reduced)",
    "CR3": "CR3 (close to leaving out each practice in turn, on the wide side)",
}


def fit_clustered(
    frame: pd.DataFrame,
    *,
    outcome: str,
    fixed: str,
    cluster: str,
    vcov: str = "CR2",
    weights: str | None = None,
    arm: str | None = None,
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> FittedClustered:
    """Fit a regression by (weighted) least squares, with inference for few practices.

    Parameters
    ----------
    frame : DataFrame
        One row for each person; rows of a person at several waves are taken as of his practice.
        Rows without an outcome or a covariate are left out and counted.
    outcome : str
        Column of numbers.
    fixed : str
        Formula as in `fit_mixed_model`: names of columns, ``1``, ``0``, ``+ - * :``,
        parentheses, ``C()`` and powers such as ``I(age^2)``. It is read, never run.
    cluster : str
        Column of practices.
    vcov : {"CR2", "CR3", "CR1S", "CR1", "CR0"}
        CR2 is nearly free of bias with few practices of like size, and too narrow where one
        of them holds much of an arm; CR3 errs on the wide side; the others are too narrow. All
        have Satterthwaite's degrees of freedom.
    weights : str, optional
        Column of weights, 0 or above, taken as known; only their ratios matter.
    arm : str, optional
        Column of the arm: its practices are counted by level, and where it stands in the model
        the unadjusted differences are given beside it.
    measured_after : sequence of str
        Columns known to have been measured after the start; one in the model is refused.
    conf_level : float

    Returns
    -------
    FittedClustered

    Raises
    ------
    ComparisonError
        The data or the options cannot be used; every reason, with its rows and its remedy.

    Sources
    -------
    Bell & McCaffrey 2002, Surv Methodol 28:169; Pustejovsky & Tipton 2018, J Bus Econ Stat
    36:672. Agrees with R's clubSandwich, weights as those of ``lm``.
    """
    options = [
        *check_level(conf_level),
        *check_word("vcov", vcov, KINDS),
        *check_model(frame, outcome, fixed, cluster, weights, measured_after),
        *_no_arm(frame, arm),
    ]
    rows = read_clustered(
        frame, outcome=outcome, fixed=fixed, cluster=cluster, weights=weights, options=options
    )
    fit = _fit(rows, rows.X, vcov)
    column = None if arm is None else frame[arm].iloc[rows.kept]
    practices = practices_of(column, rows.practice)
    alone = None if arm is None else _alone(frame, fixed, arm, rows, vcov, conf_level)
    table = _table(fit, rows.terms, conf_level)
    notes = [*_notes(rows, practices, arm), *_large(rows, vcov), *df_notes(table["df"])]
    notes += [*_no_error(fit, rows.terms), *(stands_at(rows, fixed, arm) if arm else ())]
    notes += first_level_notes(frame.iloc[rows.kept], fixed, rows.terms)
    if alone is not None:
        notes.append("The unadjusted differences of the arm are those of the same rows.")
    return _record(rows, fit, table, alone, practices, notes, (outcome, vcov), conf_level)


def _no_arm(frame: pd.DataFrame, arm: str | None) -> Iterator[Finding]:
    columns = getattr(frame, "columns", None)  # something else is told with the columns
    if arm is not None and columns is not None and int((columns == arm).sum()) != 1:
        remedy = "Look at its spelling; small and capital letters differ."
        yield finding("SF02", "the data frame has no one such column", remedy, column=arm)


def _fit(rows: ClusteredRows, x: Floats, vcov: str) -> ClusterFit:
    try:
        return fit_clusters(rows.y, x, rows.practice, weights=rows.weights, vcov=vcov)
    except FitError as error:
        remedy = error.remedy or "Look at the columns of the model."
        refuse([finding("SF10", error.message.rstrip("."), remedy)])
        raise


def _table(fit: ClusterFit, terms: Sequence[str], conf_level: float) -> pd.DataFrame:
    p = len(terms)
    rows = [of_contrast(fit, unit(place, p), conf_level) for place in range(p)]
    return house_table(terms, rows, fit.n)


def _alone(
    frame: pd.DataFrame, fixed: str, arm: str, rows: ClusteredRows, vcov: str, conf_level: float
) -> pd.DataFrame | None:
    """The outcome on the arm alone; None where the model holds no arm, or nothing else."""
    if columns_named(fixed) in ((arm,), ()) or arm not in columns_named(fixed):
        return None
    factors = [f for term in parse_formula(fixed).terms for f in term if f.name == arm]
    formula = Formula(text=arm, intercept=True, terms=((factors[0],),))
    read = read_columns(frame.iloc[rows.kept], formula)
    part = fixed_part_of(formula, {factor: variable for factor, (variable, _) in read.items()})
    x = part.matrix({factor: values for factor, (_, values) in read.items()}, rows.n)
    return _table(_fit(rows, x, vcov), part.names, conf_level)


def _notes(rows: ClusteredRows, practices: pd.DataFrame, arm: str | None) -> Iterator[str]:
    yield (
        "Coefficients are differences with the other terms alike; whether one is an effect hangs "
        "on how people came to what it stands for."
    )
    yield from rows.notes()
    if arm is None and rows.practices < _FEW:
        yield f"There are only {rows.practices} practices: limits are wide and p-values rough."
    if arm is not None:
        for row in practices.to_dict("records"):
            if row["practices"] < _FEW_OF_AN_ARM:
                some = "1 practice" if row["practices"] == 1 else f"{row['practices']} practices"
                yield f'"{row["arm"]}" has only {some}: limits are not to be trusted.'
    if rows.weights is not None:
        yield "Weights are taken as known; that they were estimated is not in the errors."


def _large(rows: ClusteredRows, vcov: str) -> Iterator[str]:
    """One practice that holds much of the people."""
    largest = np.bincount(rows.practice).max() / rows.n
    if largest > _LARGE_SHARE:
        then = "" if vcov == "CR3" else ', and limits are then too narrow (vcov="CR3" is wider)'
        yield f"One practice holds {100 * largest:.0f}% of the people: much hangs on it{then}."


def _no_error(fit: ClusterFit, terms: Sequence[str]) -> Iterator[str]:
    alone = ", ".join(f'"{term}"' for term, one in zip(terms, fit.alone, strict=True) if one)
    if alone:
        yield (
            f"Told by one practice alone: {alone}. How far that practice differs from others by "
            "chance is in no standard error, so the limits mean little."
        )
    none = int((fit.df <= 0).sum())
    if none:
        some = "1 coefficient has" if none == 1 else f"{none} coefficients have"
        yield (
            f"{some} no variation between practices, beyond rounding, to take a standard error "
            "from."
        )


def _record(
    rows: ClusteredRows,
    fit: ClusterFit,
    table: pd.DataFrame,
    alone: pd.DataFrame | None,
    practices: pd.DataFrame,
    notes: Sequence[str],
    asked: tuple[str, str],
    conf_level: float,
) -> FittedClustered:
    import pandas as pd

    outcome, vcov = asked
    least = "weighted least squares" if fit.weighted else "least squares"
    return FittedClustered(
        coefficients=table,
        covariance=pd.DataFrame(fit.vcov, index=list(rows.terms), columns=list(rows.terms)),
        unadjusted=alone,
        practices=practices,
        vcov=vcov,
        df_rule=DF_RULE,
        method=f"{least}, standard errors by practice {_ABOUT[vcov]}",
        notes=tuple(notes),
        n=fit.n,
        clusters=fit.clusters,
        conf_level=conf_level,
        fit=fit,
        term_of=rows.term_of,
        outcome=outcome,
    )
