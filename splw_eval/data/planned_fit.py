"""Whether what a plan says of its columns fits the values that they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan
from splw_eval.data.ledger import Ledger

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_STRATA = "[allocation] strata_columns"
_YES_NO = frozenset({0.0, 1.0})


def report_unfitting(plan: Plan, planned: Mapping[str, NDArray[Any]], ledger: Ledger) -> None:
    """Report cut points that part nobody, strata that are one, and words that change nothing.

    Parameters
    ----------
    plan : Plan
    planned : mapping of str to ndarray, shape (people,)
        Values of each column that the plan names, as `planned_values` gives them.
    ledger : Ledger
        Gets errors (SW141), warnings (SW142) and notes (SW143); never a value.
    """
    for where, column, cuts in _parted(plan):
        if column in planned:
            _check_parts(where, column, cuts, planned[column], ledger)
    for place, confounder in enumerate(plan.confounders, start=1):
        column = confounder.column or ""
        where = f'[[confounders]] {place}: the column "{column}"'
        if column == plan.primary.name:
            _nothing_more(
                f"{where} is the primary outcome, whose score at the start is allowed for anyway",
                "Leave it out, or keep it as a reason that is written down.",
                ledger,
            )
        elif confounder.kind == "number" and _yes_no(planned.get(column)):
            _nothing_more(
                f'{where} holds yes and no: as kind = "number" no is 0 and yes is 1, which gives '
                "the same as a category",
                "Nothing, if yes and no are meant; else look at the column.",
                ledger,
            )


def _parted(plan: Plan) -> Iterator[tuple[str, str, tuple[float, ...]]]:
    """Place in the plan, column and cut points of all that parts people."""
    for place, subgroup in enumerate(plan.subgroups, start=1):
        if subgroup.cuts:
            yield f"[[subgroups]] {place}", subgroup.column, subgroup.cuts
    for column, cuts in (plan.allocation.strata_columns if plan.allocation else {}).items():
        yield _STRATA, column, cuts


def _check_parts(
    where: str, column: str, cuts: tuple[float, ...], values: NDArray[Any], ledger: Ledger
) -> None:
    known = values[~np.isnan(values)] if values.dtype.kind == "f" else values[values != ""]
    if not len(known):
        return
    if cuts:
        known = _numbers(known)
        if np.isnan(known).all():
            ledger.add(
                Severity.ERROR,
                "SW141",
                f'{where}: cut points are given for the column "{column}", which holds words '
                "without a number",
                "Leave the cut points out: each word is then a level; or name a column of numbers.",
                file=ledger.plan,
            )
            return
        known = np.searchsorted(np.array(cuts), known[~np.isnan(known)], side="right")
    if len(np.unique(known)) > 1:
        return
    one = "one stratum" if where == _STRATA else "one level, so no difference can be told apart"
    what = "the cut points of" if cuts else "the values of"
    ledger.add(
        Severity.WARNING,
        "SW142",
        f'{where}: {what} the column "{column}" put everybody into {one}',
        "Look whether the cut points have the unit of the column, and the column is the right one."
        if cuts
        else "Look whether the column is the right one.",
        file=ledger.plan,
    )


def _numbers(values: NDArray[Any]) -> NDArray[np.float64]:
    """Numbers as they are, and of a band its first; NaN where there is none."""
    if values.dtype.kind == "f":
        return values
    found = (_NUMBER.search(str(value)) for value in values)
    return np.array([np.nan if fits is None else float(fits[0]) for fits in found])


def _yes_no(values: NDArray[Any] | None) -> bool:
    if values is None or values.dtype.kind != "f":
        return False
    return set(np.unique(values[~np.isnan(values)]).tolist()) == _YES_NO


def _nothing_more(problem: str, remedy: str, ledger: Ledger) -> None:
    ledger.add(Severity.NOTE, "SW143", problem, remedy, file=ledger.plan)
