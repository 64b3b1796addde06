"""Columns that may not be adjusted for, and columns with two tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.confounding.checks import finding
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.formula import parse_formula

if TYPE_CHECKING:
    import pandas as pd


def check_measured_after(
    covariates: Sequence[str] | str,
    measured_after: Sequence[str] | str,
    frame: pd.DataFrame | None = None,
    **others: str | None,
) -> Iterator[Finding]:
    """Covariates that were measured after the start.

    Parameters
    ----------
    covariates : sequence of str, or str
        Columns, ``C(name)``, or a formula.
    measured_after : sequence of str
        Columns known to have been measured after the start.
    frame : DataFrame, optional
        Where each of them must stand.
    **others : str or None
        Further columns by their task that must be as they stood at the start, such as
        ``baseline=``.

    Yields
    ------
    Finding
    """
    later = _listed(measured_after)
    if later is None:
        remedy = 'Write for example measured_after=["contacts"].'
        yield finding("SF01", "measured_after= is no list of names of columns", remedy)
        return
    for name in (name for name in later if frame is not None and name not in set(frame.columns)):
        problem = "measured_after= names it, and the data frame has no such column"
        remedy = "Look at its spelling; small and capital letters differ."
        yield finding("SF02", problem, remedy, column=name)
    for name in (name for name in columns_named(covariates, frame) if name in later):
        yield finding(
            "SF30",
            "measured after the start, so the programme may have changed it",
            "Adjust for what was so before the start only.",
            column=name,
        )
    for task, column in others.items():
        if column in later:
            problem = f"measured after the start, so it cannot be {task}="
            remedy = "Name a column of what was so before the start."
            yield finding("SF30", problem, remedy, column=str(column))


def named_columns(task: str, given: Any) -> Sequence[str] | str:
    """Columns, or a formula, as a list or a text whatever they were handed over in.

    Parameters
    ----------
    task : str
        The argument's name.
    given : object

    Returns
    -------
    sequence of str, or str

    Raises
    ------
    FitError
        They are none.
    """
    if isinstance(given, str):
        return given
    listed = _listed(given)
    if listed is None:
        raise FitError(
            f"{task}= must be names of columns, or a formula.",
            remedy=f'Write for example {task}=["age", "sex"].',
        )
    return list(listed)


def _listed(given: Any) -> tuple[str, ...] | None:
    """Names in their order, of a sequence, a set, or an index; None for anything else."""
    if isinstance(given, str):
        return (given,)
    if not isinstance(given, Iterable) or isinstance(given, bytes | Mapping):
        return None
    listed = tuple(given)
    return listed if all(isinstance(name, str) for name in listed) else None


def columns_named(
    covariates: Sequence[str] | str, frame: pd.DataFrame | None = None
) -> tuple[str, ...]:
    """The columns that covariates are made of.

    Parameters
    ----------
    covariates : sequence of str, or str
    frame : DataFrame, optional
        What is no column of it is read as a formula, such as ``I(age^2)`` in a list.

    Returns
    -------
    tuple of str
        Empty for a formula that cannot be read.
    """
    if isinstance(covariates, str):
        try:
            return tuple(parse_formula(covariates).columns) if covariates else ()
        except FitError:
            return ()
    if frame is not None:
        known = set(frame.columns)
        parts = [(name,) if name in known else columns_named(name) for name in covariates]
        return tuple(dict.fromkeys(name for part in parts for name in part))
    inner = [name.removeprefix("C(").removesuffix(")") for name in covariates]
    pairs = zip(covariates, inner, strict=True)
    return tuple(dict.fromkeys(bare if name == f"C({bare})" else name for name, bare in pairs))


def check_tasks(**columns: str | None) -> Iterator[Finding]:
    """A column that is named for two tasks.

    Parameters
    ----------
    **columns : str or None
        By task.

    Yields
    ------
    Finding
    """
    named = [name for name in columns.values() if name]
    for name in dict.fromkeys(name for name in named if named.count(name) > 1):
        tasks = " and ".join(f"{task}=" for task, column in columns.items() if column == name)
        remedy = "Name each column for one task only."
        yield finding("SF01", f"the column stands for {tasks}", remedy, column=name)


def check_frame(frame: Any, **columns: Any) -> None:
    """Stop where there is no data frame, or a column that is needed is not named.

    Parameters
    ----------
    frame : object
    **columns : object
        By task, those that cannot be left out.

    Raises
    ------
    FitError
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise FitError(
            "The first argument must be a pandas DataFrame.",
            remedy="Read a file with pandas.read_csv, or make one with pandas.DataFrame.",
        )
    for task, name in columns.items():
        if not isinstance(name, str) or not name:
            raise FitError(
                f"{task}= must be the name of a column.", remedy=f'Write {task}="column".'
            )
