"""Categories shown with all their levels, for a table of balance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import level_codes, level_label

if TYPE_CHECKING:
    import pandas as pd

_TELLING = 2  # columns of a category from which its first level needs its own


def with_first_levels(rows: PersonRows, frame: pd.DataFrame) -> PersonRows:
    """Add a column for the first level of each category of three levels or more.

    Parameters
    ----------
    rows : PersonRows
    frame : DataFrame
        That they were read from.

    Returns
    -------
    PersonRows
        For balance only: no model can be fitted to these columns. Of two levels the one that has
        a column tells the other.
    """
    first = dict(_first_levels(rows, frame))
    if not first:
        return rows
    columns: list[NDArray[np.floating[Any]]] = []
    terms: list[str] = []
    of: list[str] = []
    for place, (term, name) in enumerate(zip(rows.terms, rows.covariate_of, strict=True)):
        if name in first and name not in of:
            own = [at for at, other in enumerate(rows.covariate_of) if other == name]
            columns.append(np.asarray(1 - rows.X[:, own].sum(axis=1), dtype=np.float64))
            terms.append(f"{name}[{first[name]}]")
            of.append(name)
        columns.append(rows.X[:, place])
        terms.append(term)
        of.append(name)
    return replace(rows, X=np.column_stack(columns), terms=tuple(terms), covariate_of=tuple(of))


def _first_levels(rows: PersonRows, frame: Any) -> Iterator[tuple[str, str]]:
    """Categories that stand by themselves, and the level that has no column."""
    for name in dict.fromkeys(rows.covariate_of):
        terms = [term for term, of in zip(rows.terms, rows.covariate_of, strict=True) if of == name]
        bare = name if name in frame.columns else name.removeprefix("C(").removesuffix(")")
        if len(terms) < _TELLING or bare not in frame.columns:
            continue
        if not all(term.startswith(f"{name}[T.") for term in terms):
            continue
        levels = [level_label(level) for level in level_codes(frame[bare].iloc[rows.rows])[1]]
        if terms == [f"{name}[T.{level}]" for level in levels[1:]]:
            yield name, levels[0]
