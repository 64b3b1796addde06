"""What can be wrong with the columns of a frame of one row for each person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.asking import Teller
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.variables import Floats, is_numeric, is_time, level_codes, numbers

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Columns that were asked for, and how their faults are told.

    Attributes
    ----------
    teller : Teller
    prefix : str
        Of the room's codes.
    labels : mapping of str to str
        Column of ``group``, ``cluster`` and ``stratum``, where asked for.
    numbers : tuple of str
        Columns of numbers, the one of weights among them.
    weights : str
        Column of weights, or nothing.
    covariates : tuple of str
    """

    teller: Teller
    prefix: str
    labels: Mapping[str, str]
    numbers: tuple[str, ...]
    weights: str
    covariates: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys([*self.numbers, *self.labels.values(), *self.covariates]))


def person_codes(prefix: str) -> dict[str, str]:
    """Codes of the faults that `read_person_rows` tells.

    Parameters
    ----------
    prefix : str

    Returns
    -------
    dict of str to str
    """
    return {
        f"{prefix}02": "The data frame has no such column, or it has it twice",
        f"{prefix}03": "A column holds what cannot be used",
        f"{prefix}04": "A row has no group, practice or stratum",
        f"{prefix}05": "Nobody is left to be looked at",
        f"{prefix}06": "There are not two groups, or the reference is none of them",
        f"{prefix}07": "A practice has people of both groups",
        f"{prefix}08": "There are too few practices",
        f"{prefix}09": "A weight cannot be used",
    }


def no_frame(frame: Any, teller: Teller) -> Iterator[Finding]:
    """Something that is no data frame, in place of one.

    Parameters
    ----------
    frame : object
    teller : Teller

    Yields
    ------
    Finding
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        remedy = "Read a file with pandas.read_csv, or make one with pandas.DataFrame."
        problem = "the first argument is no pandas DataFrame"
        yield teller.finding(teller.option, problem, remedy)


def absent_columns(frame: pd.DataFrame, wanted: Wanted) -> Iterator[Finding]:
    """Columns that are not there, stand there twice, are dates, or have two tasks.

    Parameters
    ----------
    frame : DataFrame
    wanted : Wanted

    Yields
    ------
    Finding
    """
    tell, prefix = wanted.teller.finding, wanted.prefix
    for name in wanted.columns:
        count = int((frame.columns == name).sum())
        if count == 0:
            remedy = "Look at its spelling; small and capital letters differ."
            yield tell(f"{prefix}02", "the data frame has no such column", remedy, column=name)
        elif count > 1:
            remedy = "Give each column a name of its own."
            yield tell(f"{prefix}02", f"{count} columns have this name", remedy, column=name)
        elif is_time(frame[name]):
            remedy = "Turn them into numbers, such as days or months since the start."
            yield tell(f"{prefix}03", "dates, or lengths of time", remedy, column=name)
    tasks = [*wanted.numbers[:1], *wanted.labels.values()]
    twice = [name for name in wanted.covariates if name in tasks]
    for name in dict.fromkeys([*twice, *(n for n in tasks if tasks.count(n) > 1)]):
        remedy = "Name each column for one task only."
        yield tell(wanted.teller.option, "the column has two tasks", remedy, column=name)


def all_finite(values: Floats) -> bool:
    """Whether every number is finite, in one pass where that is so.

    Parameters
    ----------
    values : ndarray

    Returns
    -------
    bool
        A sum that overflows tells nothing, and the numbers are gone through.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        return bool(np.isfinite(values.sum()) or np.isfinite(values).all())


def unusable_numbers(
    frame: pd.DataFrame, wanted: Wanted, into: dict[str, Floats] | None = None
) -> Iterator[Finding]:
    """Cells that are no number, infinite numbers, and weights that are none.

    Parameters
    ----------
    frame : DataFrame
        With every column there.
    wanted : Wanted
    into : dict of str to ndarray, optional
        Where the numbers are kept that could be read, by column.

    Yields
    ------
    Finding
    """
    for name in dict.fromkeys([*wanted.numbers, *wanted.covariates]):
        if name not in wanted.numbers and not is_numeric(frame[name]):
            continue
        try:
            values = numbers(frame[name], name)
        except FitError as error:
            told = error.message.rstrip(".").removeprefix(f'Column "{name}" ')
            yield wanted.teller.finding(f"{wanted.prefix}03", told, error.remedy, column=name)
            continue
        if into is not None:
            into[name] = values
        if not all_finite(values):
            yield from wanted.teller.where(
                f"{wanted.prefix}03",
                np.isinf(values),
                "infinite numbers",
                "Leave such cells empty, or correct them.",
                column=name,
            )
        if name == wanted.weights:
            yield from wanted.teller.where(
                f"{wanted.prefix}09",
                np.isnan(values) | (values < 0),
                "weights that are missing or below zero",
                "Give every row a weight of zero or more.",
                column=name,
            )


def unplaced_rows(
    frame: pd.DataFrame, wanted: Wanted, kept: NDArray[np.int64]
) -> Iterator[Finding]:
    """Rows that can be used but for their group, practice or stratum.

    Parameters
    ----------
    frame : DataFrame
    wanted : Wanted
    kept : ndarray of int
        Positions of rows with an outcome and every covariate.

    Yields
    ------
    Finding
    """
    words = {"group": "group", "cluster": "practice", "stratum": "stratum"}
    for role, name in wanted.labels.items():
        missing = frame[name].isna().to_numpy()
        if not missing.any():
            continue
        wrong = np.zeros(len(frame), dtype=bool)
        wrong[kept] = missing[kept]
        yield from wanted.teller.where(
            f"{wanted.prefix}04",
            wrong,
            f"rows that could be used have no {words[role]}",
            f"Fill in the {words[role]}, or leave those rows out and say so.",
            column=name,
        )


def unusable_groups(
    used: pd.DataFrame, kept: NDArray[np.int64], wanted: Wanted, reference: Any, in_one: bool
) -> Iterator[Finding]:
    """What is wrong with the two groups of the rows used, or that there are no rows.

    Parameters
    ----------
    used : DataFrame
    kept : ndarray of int
        Positions of its rows in the frame.
    wanted : Wanted
    reference : object
    in_one : bool
        Whether a practice with people of both groups is a fault.

    Yields
    ------
    Finding
    """
    tell, prefix, name = wanted.teller.finding, wanted.prefix, wanted.labels.get("group")
    if not len(used):
        yield tell(f"{prefix}05", "no row can be used", "Look at the columns named.")
        return
    if name is None:
        return
    codes, levels = level_codes(used[name])
    if len(levels) != 2:  # noqa: PLR2004 - a comparison is of two
        remedy = "Keep the rows of the two groups that are to be compared."
        problem = f"the rows that can be used are of {len(levels)} groups, not of two"
        yield tell(f"{prefix}06", problem, remedy, column=name)
    elif reference is not None and reference not in levels:
        remedy = "Give it as the column writes it."
        yield tell(f"{prefix}06", "reference= is none of the two groups", remedy, column=name)
    cluster = wanted.labels.get("cluster")
    if not in_one or cluster is None or used[cluster].isna().any() or (codes < 0).any():
        return
    places, practices = level_codes(used[cluster])
    first = np.full(len(practices), -1)
    first[places[::-1]] = codes[::-1]
    torn = np.zeros(len(practices), dtype=bool)
    np.logical_or.at(torn, places, codes != first[places])
    if torn.any():
        count = int(torn.sum())
        some = "1 practice has" if count == 1 else f"{count} practices have"
        yield tell(
            f"{prefix}07",
            f"{some} people of both groups",
            "Give everybody of a practice its group, or leave the practices out and say so.",
            column=cluster,
            rows=kept[torn[places]],
            of_rows=len(used),
        )
