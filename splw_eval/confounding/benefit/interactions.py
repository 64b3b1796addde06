"""One column's interactions with the group: contrasts of one regression."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval.confounding.basis.regressions import (
    Fit,
    Row,
    columns_of,
    fit_people,
    nothing_reckoned,
    of_contrast,
    spread_of,
)
from splw_eval.confounding.benefit.interaction_columns import FEW_VALUES, Column
from splw_eval.core.errors import FitError
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats
from splw_eval.stats.few_clusters.cluster_fit import ClusterFit
from splw_eval.stats.tails import f_p_value

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
    alone = _alone(rows, column, fit)
    shown = _Shown(fit=fit, conf_level=conf_level, spread=spread_of(rows.outcome))
    table = [
        {"term": _term(column, at), "by": column.name}
        | {"level": _level(column, at), "against": column.labels[0] if column.labels else ""}
        | shown.interval(pick, bool(alone[0] or alone[at + 1]))
        | {"n": rows.n}
        for at, pick in enumerate(picks)
    ]
    test, notes = _tested(fit, picks, column.name)
    if alone.any():
        test, notes = _untested(k), (*notes, _alone_note(column, alone))
    return Interactions(
        table=tuple(table),
        levels=tuple(_levels(rows, column, shown, picks, alone)),
        test={"by": column.name, "interactions": k} | test | {"n": rows.n},
        notes=notes,
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Shown:
    """A fit whose contrasts are shown without a statistic or a p-value."""

    fit: Fit
    conf_level: float
    spread: float

    def interval(self, contrast: Floats, alone: bool) -> Row:
        """Its limits; none where one practice alone tells of it."""
        row = of_contrast(self.fit, contrast, self.conf_level, self.spread)
        row = nothing_reckoned(row["estimate"]) if alone else row
        return {name: row[name] for name in _KEPT}


def _alone(rows: PersonRows, column: Column, fit: Fit) -> Any:
    """Levels whose people of a group are of one practice; for a line that line, twice."""
    if rows.cluster is None or not isinstance(fit, ClusterFit):
        return np.zeros(max(len(column.shown), 2), dtype=bool)
    assert rows.group is not None
    if not column.shown:
        line = bool(fit.alone[[1, 3]].any())
        return np.array([line, line])
    there = np.zeros((len(column.shown), 2, rows.cluster.count), dtype=bool)
    there[column.places(), rows.group, rows.cluster.codes] = True
    return (there.sum(axis=2) == 1).any(axis=1)


def _alone_note(column: Column, alone: Any) -> str:
    if not column.shown:
        what = "how it bears on the outcome in a group is told by one practice alone"
    else:
        named = ", ".join(label for label, one in zip(column.shown, alone, strict=True) if one)
        what = f"told by one practice alone in a group: {named}"
    return (
        f"{column.name}: {what}. How far that practice differs from others by chance is in no "
        "standard error, so there are no limits and no test of all levels together."
    )


def _level(column: Column, at: int) -> str:
    return column.labels[at + 1] if column.labels else "each unit"


def _term(column: Column, at: int) -> str:
    if not column.labels:
        return f"{column.name}, for each unit"
    return f"{column.name} {column.labels[at + 1]} against {column.labels[0]}"


def _levels(
    rows: PersonRows, column: Column, shown: _Shown, picks: Floats, alone: Any
) -> Iterator[Row]:
    assert rows.group is not None
    group = np.eye(picks.shape[1])[1]
    if not column.labels:
        values = column.part[:, 0]
        counts = np.bincount(rows.group, minlength=2)
        for at, (value, label, own) in enumerate(_shown_at(values)):
            held = np.bincount(rows.group[values == value], minlength=2) if own else counts
            yield (
                {"by": column.name, "level": label}
                | shown.interval(group + value * picks[0], bool(alone[at if own else 0]))
                | _counted(held)
            )
        return
    places = column.places()
    for at, label in enumerate(column.labels):
        contrast = group + (picks[at - 1] if at else 0.0)
        yield (
            {"by": column.name, "level": label}
            | shown.interval(contrast, bool(alone[at]))
            | _counted(np.bincount(rows.group[places == at], minlength=2))
        )


def _counted(counts: Any) -> Row:
    return {"n": int(counts.sum()), "n_reference": int(counts[0]), "n_other": int(counts[1])}


def _shown_at(values: Floats) -> Iterator[tuple[float, str, bool]]:
    """Values at which a line is shown, and whether people with just that value are counted."""
    distinct = np.unique(values)
    if len(distinct) <= FEW_VALUES:
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
        return _untested(len(picks)), (f"{name}: {error.message}",)
    return {
        "statistic": found.statistic,
        "df": found.df,
        "df_denominator": found.df_denominator,
        "p_value": p_value,
    }, ()


def _untested(count: int) -> Row:
    row = dict.fromkeys(("statistic", "df", "df_denominator", "p_value"), math.nan)
    return row | {"df": float(count)}
