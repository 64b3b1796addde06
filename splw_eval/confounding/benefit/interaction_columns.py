"""A column by which the difference between groups may differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.basis.roles import columns_named
from splw_eval.confounding.checks import finding
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats, level_label, variable_of

if TYPE_CHECKING:
    import pandas as pd

FEW_VALUES = 2  # a number with so few values is shown at each
_FEWEST = 2  # people of each group at a level


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """A column by which the difference may differ.

    Attributes
    ----------
    name : str
    part : ndarray, shape (n, k)
        The number itself, or a column for each level but the first.
    labels : tuple of str
        Of the levels; empty for a number.
    others : ndarray, shape (n, p)
        The other covariates.
    """

    name: str
    part: Floats
    labels: tuple[str, ...]
    others: Floats

    @property
    def shown(self) -> tuple[str, ...]:
        """Levels that people are counted at: of a number its values, where there are but two."""
        values = np.unique(self.part) if not self.labels else ()
        return self.labels or tuple(f"{v:g}" for v in values if len(values) <= FEW_VALUES)

    def places(self) -> Any:
        """Place of everybody among the levels that are shown."""
        if not self.labels:
            return np.unique(self.part[:, 0], return_inverse=True)[1]
        return (self.part @ np.arange(1, self.part.shape[1] + 1)).astype(int)


def read_column(rows: PersonRows, values: pd.Series, by: str) -> Column:
    """Find a column among the covariates that were read.

    Parameters
    ----------
    rows : PersonRows
    values : Series
        The column in the rows used.
    by : str
        As it stands among the covariates.

    Returns
    -------
    Column
    """
    (name,) = columns_named([by])
    levels = variable_of(values, name, categorical=by != name).levels
    own = np.array([term == by for term in rows.covariate_of], dtype=bool)
    same = np.array([term in (name, f"C({name})") for term in rows.covariate_of], dtype=bool)
    return Column(
        name=name,
        part=rows.X[:, own],
        labels=() if levels is None else tuple(level_label(level) for level in levels),
        others=rows.X[:, ~same],
    )


def check_levels(rows: PersonRows, column: Column) -> Iterator[Finding]:
    """Levels with nobody of one of the groups.

    Parameters
    ----------
    rows : PersonRows
    column : Column

    Yields
    ------
    Finding
    """
    assert rows.group is not None
    if not column.part.size or np.ptp(column.part, axis=0).max() == 0:
        remedy = "Leave the column out: nobody differs in it."
        yield finding("SF35", "one value only", remedy, column=column.name)
        return
    if not column.labels:
        for code in (0, 1):
            if np.ptp(column.part[rows.group == code]) == 0:
                remedy = "Leave the column out: nobody of that group differs in it."
                yield finding("SF35", "one value only in a group", remedy, column=column.name)
                return
    if not column.shown:
        return
    counts = np.zeros((len(column.shown), 2), dtype=int)
    np.add.at(counts, (column.places(), rows.group), 1)
    few = int((counts < _FEWEST).any(axis=1).sum())
    if few:
        some = "1 level has" if few == 1 else f"{few} levels have"
        problem = f"{some} fewer than {_FEWEST} people of one of the groups"
        remedy = "Join rare levels with others, before looking at the outcome."
        yield finding("SF35", problem, remedy, column=column.name)
