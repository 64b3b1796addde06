"""Columns of a regression that say the same thing twice, or are too many for the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.confounding.basis.roles import columns_named
from splw_eval.confounding.checks import finding
from splw_eval.core.findings import Finding
from splw_eval.models.identified import dependent_columns
from splw_eval.models.person_rows import PersonRows

if TYPE_CHECKING:
    import pandas as pd

_ROUNDING = 1e-12  # of the largest value: a spread below it is none


def check_columns(
    rows: PersonRows, first: Mapping[str, ArrayLike], without: tuple[str, ...] = ()
) -> Iterator[Finding]:
    """Columns that follow from those before them, or more of them than rows.

    Parameters
    ----------
    rows : PersonRows
    first : mapping of str to ndarray, shape (n,) or (n, k)
        Columns by name, before the covariates.
    without : tuple of str
        Covariates that do not enter by themselves.

    Yields
    ------
    Finding
    """
    named = [
        (name, np.asarray(part, dtype=float).reshape(rows.n, -1)) for name, part in first.items()
    ]
    used = [name not in without for name in rows.covariate_of]
    whole = np.column_stack([np.ones(rows.n), *(part for _, part in named), rows.X[:, used]])
    names = ["", *(name for name, part in named for _ in range(part.shape[1]))]
    names += [term for term, use in zip(rows.terms, used, strict=True) if use]
    if rows.n <= whole.shape[1]:
        problem = f"so few rows cannot carry {whole.shape[1]} coefficients"
        yield finding("SF10", problem, "Take fewer columns.")
        return
    places = dependent_columns(whole)
    if places:
        told = ", ".join(f'"{name}"' for name in dict.fromkeys(names[place] for place in places))
        problem = f"{told}: nothing is left of it beside the columns before it"
        yield finding("SF10", problem, "Leave it out, or join levels.")


def check_constant(
    frame: pd.DataFrame, rows: PersonRows, covariates: Sequence[str] | str
) -> Iterator[Finding]:
    """Covariates in which nobody differs, numbers and words alike.

    Parameters
    ----------
    frame : DataFrame
    rows : PersonRows
    covariates : sequence of str, or str

    Yields
    ------
    Finding
    """
    for name in columns_named(covariates):
        if name in frame.columns and frame[name].iloc[rows.rows].nunique() <= 1:
            problem = "one value only, so there is nothing to adjust for"
            yield finding("SF10", problem, "Leave the column out.", column=name)


def check_varies(
    values: ArrayLike,
    column: str,
    problem: str = "the outcome is the same for everybody",
    *,
    size: float = 0.0,
) -> Iterator[Finding]:
    """An outcome that does not vary beyond rounding.

    Parameters
    ----------
    values : array_like, shape (n,)
    column : str
    problem : str
    size : float
        Of what the values were made of, where that is larger than they are.

    Yields
    ------
    Finding
    """
    found = np.asarray(values, dtype=float)
    if found.size and np.ptp(found) <= _ROUNDING * max(size, np.abs(found).max()):
        yield finding(
            "SF10", problem, "Look at the column: was the right one named?", column=column
        )
