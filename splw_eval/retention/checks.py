"""What is wrong with a frame of days and endings: a finding for each fault, told together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from splw_eval.core.errors import FindingsError, FitError
from splw_eval.core.findings import Finding, Severity
from splw_eval.retention.codes import RETENTION_CODES

_FEW_LEVELS, _FEW_ROWS = 5, 8


class RetentionError(FindingsError, FitError):
    """Retention cannot be looked at with the data as they stand."""


def finding(
    code: str, problem: str, remedy: str, *, column: str = "", rows: Any = (), of_rows: int = 0
) -> Finding:
    """One fault of a frame; rows are counted from 1.

    Parameters
    ----------
    code : str
        Of `RETENTION_CODES`.
    problem, remedy : str
    column : str
    rows : sequence of int
        Positions, counted from 0.
    of_rows : int
        How many rows were looked at.

    Returns
    -------
    Finding
    """
    assert code in RETENTION_CODES
    return Finding(
        code=code,
        severity=Severity.ERROR,
        problem=problem,
        remedy=remedy,
        column=column,
        rows=tuple(int(row) + 1 for row in rows),
        of_rows=of_rows or None,
    )


def where(code: str, wrong: Any, problem: str, remedy: str, *, column: str) -> Iterable[Finding]:
    """A finding about the rows that are wrong; none where no row is.

    Parameters
    ----------
    code : str
    wrong : ndarray of bool, shape (rows,)
    problem, remedy, column : str

    Yields
    ------
    Finding
    """
    rows = np.flatnonzero(wrong)
    if rows.size:
        yield finding(code, problem, remedy, column=column, rows=rows, of_rows=len(wrong))


def refuse(found: Iterable[Finding]) -> None:
    """Stop where anything was found.

    Parameters
    ----------
    found : iterable of Finding

    Raises
    ------
    RetentionError
        With every finding.
    """
    told = list(found)
    if told:
        raise RetentionError("Retention cannot be looked at with these data.", told)


def check_level(conf_level: Any) -> Iterable[Finding]:
    """A level of confidence that is none.

    Parameters
    ----------
    conf_level : object

    Yields
    ------
    Finding
    """
    number = isinstance(conf_level, int | float) and not isinstance(conf_level, bool)
    if not number or not 0 < conf_level < 1:
        problem = "conf_level is no number between 0 and 1"
        yield finding("SR12", problem, "Give a number such as 0.95.")


def check_draws(seed: Any, draws: Any) -> Iterable[Finding]:
    """A seed or a number of draws that is none.

    Parameters
    ----------
    seed, draws : object

    Yields
    ------
    Finding
    """
    for name, value, least in (("seed", seed, 0), ("draws", draws, 1)):
        whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
        if not whole or value < least:
            problem = f"{name}= is no whole number from {least}"
            yield finding("SR12", problem, f"Give for example {name}={10_000 if least else 1}.")


def may_name(sizes: Sequence[int]) -> bool:
    """Whether levels may be named in a message: not where they may be practices or people.

    Parameters
    ----------
    sizes : sequence of int
        Rows of each level.

    Returns
    -------
    bool
        False with more than 5 levels, and where each has fewer than 8 rows.
    """
    return 0 < len(sizes) <= _FEW_LEVELS and max(sizes) >= _FEW_ROWS


def is_missing(value: Any) -> bool:
    """Whether a value stands for nothing: None, NaN, pandas' NA or NaT.

    Parameters
    ----------
    value : object

    Returns
    -------
    bool
    """
    import pandas as pd

    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def check_word(name: str, word: Any, known: Iterable[str]) -> Iterable[Finding]:
    """An option that is none of the words there are.

    Parameters
    ----------
    name : str
        Of the option.
    word : object
    known : iterable of str

    Yields
    ------
    Finding
    """
    words = tuple(known)
    if word not in words:
        yield finding("SR12", f'{name}="{word}" is not known', f"There are: {', '.join(words)}.")
