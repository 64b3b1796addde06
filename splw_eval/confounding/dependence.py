"""Columns of a regression that say the same thing twice, or are too many for the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.confounding.checks import finding
from splw_eval.core.findings import Finding
from splw_eval.models.identified import dependent_columns
from splw_eval.models.person_rows import PersonRows


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
        problem = f"{rows.n} rows cannot carry {whole.shape[1]} coefficients"
        yield finding("SF10", problem, "Take fewer columns.")
        return
    places = dependent_columns(whole)
    if places:
        told = ", ".join(f'"{name}"' for name in dict.fromkeys(names[place] for place in places))
        problem = f"{told}: nothing is left of it beside the columns before it"
        yield finding("SF10", problem, "Leave it out, or join levels.")
