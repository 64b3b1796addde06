"""Which covariates keep groups from being made alike, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from splw_eval.confounding.checks import finding
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats

Made = Callable[[Floats], object]


def unfit(rows: PersonRows, made: Made, error: FitError, remedy: str) -> Finding:
    """That no weights, or no chances, can be fitted, with the covariates that are the reason.

    Parameters
    ----------
    rows : PersonRows
    made : callable
        Fits to some columns of the covariates; FitError where they cannot be fitted.
    error : FitError
        What it said of all of them.
    remedy : str
        Where the error has none.

    Returns
    -------
    Finding
    """
    problem = (error.message[:1].lower() + error.message[1:]).rstrip(".")
    names = separating(rows, made)
    if len(names) == 1:
        return finding("SF22", problem, error.remedy or remedy, column=names[0])
    if names:
        told = ", ".join(f'"{name}"' for name in names[:-1])
        problem += f'; it comes of {told} and "{names[-1]}" together'
    return finding("SF22", problem, error.remedy or remedy)


def separating(rows: PersonRows, made: Made) -> tuple[str, ...]:
    """The fewest covariates found that cannot be fitted: one of them must go.

    Parameters
    ----------
    rows : PersonRows
    made : callable

    Returns
    -------
    tuple of str
        One of them, where it cannot be fitted alone; else some that cannot be fitted together,
        while they can without any one of them.
    """
    names = list(dict.fromkeys(rows.covariate_of))
    for name in names:
        if not _fitted(rows, made, [name]):
            return (name,)
    for name in tuple(names):
        without = [other for other in names if other != name]
        if not _fitted(rows, made, without):
            names = without
    return tuple(names)


def _fitted(rows: PersonRows, made: Made, names: Iterable[str]) -> bool:
    try:
        made(rows.X[:, np.isin(rows.covariate_of, list(names))])
    except (FitError, np.linalg.LinAlgError):
        return False
    return True
