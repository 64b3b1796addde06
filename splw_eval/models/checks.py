"""Everything wrong with a frame for a model, found at once and named by row and column."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.asking import Teller
from splw_eval.core.errors import FindingsError, FitError
from splw_eval.core.findings import Finding
from splw_eval.models.codes import MODEL_CODES
from splw_eval.models.design import Roles
from splw_eval.models.formula import Formula
from splw_eval.models.variables import Floats, is_numeric, is_time, numbers

if TYPE_CHECKING:
    import pandas as pd


class ModelError(FindingsError, FitError):
    """A model cannot be fitted to the data as they stand."""


_TELLER = Teller(
    codes=MODEL_CODES,
    error=ModelError,
    heading="The model cannot be fitted to these data.",
    option="SM12",
)
finding, refuse = _TELLER.finding, _TELLER.refuse


def check_frame(
    frame: pd.DataFrame, formula: Formula, roles: Roles, *, cluster_where: np.ndarray | None
) -> Floats:
    """Look at a frame before any array is made.

    Parameters
    ----------
    frame : DataFrame
    formula : Formula
    roles : Roles
    cluster_where : ndarray of bool or None
        Rows that need a cluster; None: all.

    Returns
    -------
    ndarray, shape (rows,)
        The outcome, NaN where there is none.

    Raises
    ------
    ModelError
        With everything that was found.
    """
    refuse(list(_columns(frame, formula, roles)))
    outcome, found = _numbers(frame, formula, roles)
    needed = np.ones(len(frame), dtype=bool) if outcome is None else ~np.isnan(outcome)
    found += _unnamed(frame, roles, needed, cluster_where)
    found += _several(frame, roles, needed)
    found += _moved(frame, roles, needed)
    if outcome is not None:
        found += _outcome(outcome, roles.outcome)
    refuse(found)
    assert outcome is not None
    return outcome


def _columns(frame: pd.DataFrame, formula: Formula, roles: Roles) -> Iterator[Finding]:
    wanted = dict.fromkeys([*roles.named.values(), *formula.columns])
    for name in wanted:
        count = int((frame.columns == name).sum())
        if count == 0:
            yield finding(
                "SM01",
                "the data frame has no such column",
                "Look at its spelling; small and capital letters differ.",
                column=name,
            )
        elif count > 1:
            remedy = "Give each column a name of its own."
            yield finding("SM01", f"{count} columns have this name", remedy, column=name)
        elif is_time(frame[name]):
            remedy = "Turn them into numbers, such as days or months since the start."
            yield finding("SM02", "dates, or lengths of time", remedy, column=name)
    if roles.outcome in formula.columns:
        yield finding(
            "SM12",
            "the outcome stands in the fixed part too",
            "Leave it out there; a baseline score needs a column of its own.",
            column=roles.outcome,
        )
    if frame.empty:
        yield finding("SM11", "the data frame has no rows", "Give it the rows of all waves.")


def _numbers(
    frame: pd.DataFrame, formula: Formula, roles: Roles
) -> tuple[Floats | None, list[Finding]]:
    found, outcome = [], None
    try:
        outcome = numbers(frame[roles.outcome], roles.outcome)
    except FitError as error:
        found.append(finding("SM02", error.message.rstrip("."), error.remedy, column=roles.outcome))
    for name in dict.fromkeys([roles.outcome, *formula.columns]):
        values = frame[name]
        if is_numeric(values) and (name != roles.outcome or outcome is not None):
            wild = np.flatnonzero(np.isinf(numbers(values, name)))
            if len(wild):
                remedy = "Leave such cells empty, or correct them."
                found.append(
                    finding(
                        "SM02",
                        "infinite numbers",
                        remedy,
                        column=name,
                        rows=wild,
                        of_rows=len(values),
                    )
                )
    return outcome, found


def _unnamed(
    frame: pd.DataFrame, roles: Roles, needed: np.ndarray, cluster_where: np.ndarray | None
) -> Iterator[Finding]:
    for role, name in roles.named.items():
        if role == "outcome":
            continue
        lost = frame[name].isna().to_numpy() & needed
        if role == "cluster" and cluster_where is not None:
            lost &= cluster_where
        if lost.any():
            yield finding(
                "SM03",
                f"rows with an outcome have no {role}",
                f"Fill in the {role}, or leave those rows out and say so.",
                column=name,
                rows=np.flatnonzero(lost),
                of_rows=len(frame),
            )


def _several(frame: pd.DataFrame, roles: Roles, needed: np.ndarray) -> Iterator[Finding]:
    keys = [roles.person] + ([roles.wave] if roles.wave else [])
    twice = frame.loc[needed, keys].duplicated(keep=False).to_numpy()
    if twice.any():
        yield finding(
            "SM04",
            "somebody has several rows at one wave" if roles.wave else "somebody has several rows",
            "Keep one row of each, by a rule written down beforehand."
            + ("" if roles.wave else " Where they are waves, name their column: wave=."),
            column=" and ".join(keys),
            rows=np.flatnonzero(needed)[twice],
            of_rows=int(needed.sum()),
        )


def _moved(frame: pd.DataFrame, roles: Roles, needed: np.ndarray) -> Iterator[Finding]:
    for role in ("cluster", "arm"):
        name = roles.named.get(role)
        if name is None:
            continue
        some = frame.loc[needed, [roles.person, name]].dropna()
        places = np.flatnonzero(needed & frame[[roles.person, name]].notna().all(axis=1).to_numpy())
        kinds = some.groupby(roles.person, observed=True)[name].transform("nunique").to_numpy()
        if (kinds > 1).any():
            yield finding(
                "SM05",
                f"somebody stands in two {role}s",
                f"Give all rows of a person the {role} of the beginning (as allocated).",
                column=name,
                rows=places[kinds > 1],
                of_rows=int(needed.sum()),
            )


def _outcome(outcome: Floats, name: str) -> Iterator[Finding]:
    seen = outcome[~np.isnan(outcome)]
    if not len(seen):
        yield finding("SM11", "no row has an outcome", "Look at the column.", column=name)
    elif np.ptp(seen) == 0 and np.isfinite(seen).all():
        yield finding(
            "SM10",
            "the outcome is the same in all rows",
            "Nothing can be estimated; look at the column.",
            column=name,
        )
