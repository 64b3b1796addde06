"""Units of the error of a hazard model, and covariates that too few of them tell of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.identified import dependent_columns
from splw_eval.retention.checks import finding, refuse
from splw_eval.retention.columns import TimeRows
from splw_eval.retention.hazards.fitted_cox import FittedCox
from splw_eval.retention.hazards.hazard_rows import HazardRows, named_columns
from splw_eval.retention.hazards.held_by import few_units
from splw_eval.retention.labels import Labels

FEWEST = 3  # practices of which one can be left out
MOST_FITS = 200  # units above which the sandwich needs no correction worth so many fits


def unit_of(rows: TimeRows, happened: Any, vcov: str | None) -> tuple[Labels | None, str]:
    """Units of the error, and what they are; people only where something asks for it.

    Parameters
    ----------
    rows : TimeRows
    happened : ndarray of bool, shape (rows,)
    vcov : str or None
        As asked for.

    Returns
    -------
    Labels or None
    str
        ``practice``, ``person`` or none.
    """
    if rows.cluster is not None:
        return rows.cluster, "practice"
    parts = rows.weights is not None and bool((rows.weights != np.floor(rows.weights)).any())
    wanted, person = parts or vcov == "sandwich", rows.person
    if person is not None and (wanted or np.bincount(person.codes, happened).max() > 1):
        return person, "person"
    if not wanted or rows.start is not None:
        return None, ""
    each = np.arange(rows.n, dtype=np.int64)
    return Labels(codes=each, levels=tuple(each.tolist())), "person"


def default_vcov(rows: HazardRows, by: str) -> str:
    """How errors are made where nobody says.

    Parameters
    ----------
    rows : HazardRows
    by : str

    Returns
    -------
    str
    """
    if rows.unit is None:
        return "sandwich" if rows.kind == "subdistribution" else "model"
    return "jackknife" if by == "practice" and rows.unit.count <= MOST_FITS else "sandwich"


def check_units(rows: HazardRows, by: str, cluster: str | None) -> Iterator[Finding]:
    """Too few practices among the rows that are used.

    Yields
    ------
    Finding
    """
    if by == "practice" and rows.unit is not None and rows.unit.count < FEWEST:
        problem = f"only {rows.unit.count} practices are left once rows without a covariate are out"
        remedy = "Leave that covariate or cluster= out."
        yield finding("SR07", problem, remedy, column=cluster or "")


def check_errors(fitted: FittedCox, cluster: str | None) -> None:
    """Refuse errors that these rows do not give, before anybody asks for them.

    Raises
    ------
    RetentionError
        With the covariates that too few practices tell of, and what can be done.
    """
    try:
        _ = fitted.covariance
    except FitError as error:
        message = named_columns(error.message, fitted.names).rstrip(".")
        refuse([_no_error(fitted, message, cluster or "")])


def _no_error(fitted: FittedCox, message: str, cluster: str) -> Finding:
    """Name what too few practices tell of; where nothing stands out, what the engine said."""
    few = few_units(fitted.rows, most=2)
    names = list(few) or _tied_without_one(fitted.rows)
    way = f'no standard error by vcov="{fitted.vcov}"'
    known = 'vcov="model" takes people as independent: only where practices do not differ.'
    if not names:
        remedy = f"Leave out the covariate that so few practices tell of. {known}"
        return finding("SR07", f"there is {way}: {message}", remedy, column=cluster)
    held = " and ".join(f'"{name}"' for name in names)
    if not few:
        problem = (
            f"there is {way}: without one of the practices {held} is the same in all rows or "
            "follows from the other covariates"
        )
        return finding("SR07", problem, f"Leave {held} out. {known}", column=cluster)
    count = max(few.values())
    problem = f"there is {way}: too few practices tell of {held}. One of its levels, or those who "
    problem += f"left at it, are of {'one practice' if count == 1 else 'two practices'} alone"
    remedy = f"Leave {held} out. {known}"
    if min(few.values()) > 1:
        remedy += " compare_retention compares arms of two or more practices by practice."
    return finding("SR07", problem, remedy, column=cluster)


def _tied_without_one(rows: HazardRows) -> list[str]:
    """Covariates that are constant, or follow from the others, once one practice is out."""
    assert rows.unit is not None
    found: dict[str, None] = {}
    x, names = rows.covariates.x, rows.covariates.names
    for place in range(min(rows.unit.count, MOST_FITS)):
        left = x[rows.unit.codes != place]
        if len(left):
            for column in dependent_columns(np.column_stack([np.ones(len(left)), left])):
                found[names[column - 1]] = None
    return list(found)
