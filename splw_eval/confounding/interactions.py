"""One column's interactions with the group: contrasts of one regression."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.checks import finding
from splw_eval.confounding.regressions import Fit, Row, columns_of, fit_people, of_contrast
from splw_eval.confounding.roles import columns_named
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats, level_label, variable_of
from splw_eval.stats.tails import f_p_value

if TYPE_CHECKING:
    import pandas as pd

_VALUES = 2  # a number with so few values is shown at each
_KEPT = ("estimate", "std_error", "df", "conf_low", "conf_high")
_QUARTILES = ((0.25, "lower quartile"), (0.5, "median"), (0.75, "upper quartile"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Interactions:
    """What one column came to.

    Attributes
    ----------
    table, levels : tuple of dict
    test : dict
    notes : tuple of str
    """

    table: tuple[Row, ...]
    levels: tuple[Row, ...]
    test: Row
    notes: tuple[str, ...]


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

    def places(self) -> Any:
        """Place of everybody among the levels."""
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
        return
    counts = np.zeros((len(column.labels), 2), dtype=int)
    np.add.at(counts, (column.places(), rows.group), 1)
    empty = int((counts == 0).any(axis=1).sum())
    if empty:
        problem = f"{empty} levels have nobody of one of the groups"
        remedy = "Join rare levels with others, before looking at the outcome."
        yield finding("SF35", problem, remedy, column=column.name)


def fit_interactions(
    rows: PersonRows, column: Column, before: Floats | None, conf_level: float
) -> Interactions:
    """Fit the outcome on the group, a column, both together, and covariates.

    Parameters
    ----------
    rows : PersonRows
        With an outcome and groups.
    column : Column
    before : ndarray, shape (n,), or None
        The score at the start.
    conf_level : float

    Returns
    -------
    Interactions

    Raises
    ------
    FitError
        Columns depend on each other.
    """
    assert rows.group is not None
    assert rows.outcome is not None
    first = [rows.group, column.part, column.part * rows.group[:, None]]
    more = [] if before is None else [before]
    fit = fit_people(rows.outcome, columns_of(*first, *more, column.others), rows.cluster)
    k, p = column.part.shape[1], len(fit.coef)
    picks = np.eye(p)[2 + k : 2 + 2 * k]
    table = [
        {"term": _term(column, at), "by": column.name}
        | {"level": _level(column, at), "against": column.labels[0] if column.labels else ""}
        | _interval(fit, pick, conf_level)
        | {"n": rows.n}
        for at, pick in enumerate(picks)
    ]
    test, notes = _tested(fit, picks, column.name)
    return Interactions(
        table=tuple(table),
        levels=tuple(_levels(rows, column, fit, picks, conf_level)),
        test={"by": column.name, "interactions": k} | test | {"n": rows.n},
        notes=notes,
    )


def _level(column: Column, at: int) -> str:
    return column.labels[at + 1] if column.labels else "each unit"


def _term(column: Column, at: int) -> str:
    if not column.labels:
        return f"{column.name}, for each unit"
    return f"{column.name} {column.labels[at + 1]} against {column.labels[0]}"


def _interval(fit: Fit, contrast: Floats, conf_level: float) -> Row:
    """Without a statistic or a p-value."""
    row = of_contrast(fit, contrast, conf_level)
    return {name: row[name] for name in _KEPT}


def _levels(
    rows: PersonRows, column: Column, fit: Fit, picks: Floats, conf_level: float
) -> Iterator[Row]:
    assert rows.group is not None
    group = np.eye(len(fit.coef))[1]
    if not column.labels:
        values = column.part[:, 0]
        counts = np.bincount(rows.group, minlength=2)
        for value, label, own in _shown_at(values):
            held = np.bincount(rows.group[values == value], minlength=2) if own else counts
            yield (
                {"by": column.name, "level": label}
                | _interval(fit, group + value * picks[0], conf_level)
                | _counted(held)
            )
        return
    places = column.places()
    for at, label in enumerate(column.labels):
        contrast = group + (picks[at - 1] if at else 0.0)
        yield (
            {"by": column.name, "level": label}
            | _interval(fit, contrast, conf_level)
            | _counted(np.bincount(rows.group[places == at], minlength=2))
        )


def _counted(counts: Any) -> Row:
    return {"n": int(counts.sum()), "n_reference": int(counts[0]), "n_other": int(counts[1])}


def _shown_at(values: Floats) -> Iterator[tuple[float, str, bool]]:
    """Values at which a line is shown, and whether people with just that value are counted."""
    distinct = np.unique(values)
    if len(distinct) <= _VALUES:
        yield from ((float(value), f"{value:g}", True) for value in distinct)
        return
    seen = set()
    for share, words in _QUARTILES:
        value = float(np.quantile(values, share, method="inverted_cdf"))
        if value not in seen:
            yield value, f"at {value:g} ({words})", False
        seen.add(value)


def _tested(fit: Fit, picks: Floats, name: str) -> tuple[Row, tuple[str, ...]]:
    """All interactions of a column together."""
    try:
        found = fit.wald(picks)
        p_value = f_p_value(found.statistic, found.df, found.df_denominator)
    except FitError as error:
        nothing = {"statistic": math.nan, "df": float(len(picks)), "df_denominator": math.nan}
        return nothing | {"p_value": math.nan}, (f"{name}: {error.message}",)
    return {
        "statistic": found.statistic,
        "df": found.df,
        "df_denominator": found.df_denominator,
        "p_value": p_value,
    }, ()
