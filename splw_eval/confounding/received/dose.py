"""Outcomes by how much was received: exploratory, never an effect."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.basis.dependence import check_columns, check_constant, check_varies
from splw_eval.confounding.basis.regressions import (
    UNNAMED,
    Row,
    columns_of,
    df_notes,
    fit_people,
    method_of,
    nothing_reckoned,
    of_contrast,
    practice_notes,
    spread_of,
    too_few_practices,
    unit,
)
from splw_eval.confounding.basis.roles import (
    check_frame,
    check_measured_after,
    check_tasks,
    named_columns,
)
from splw_eval.confounding.basis.taken_for_granted import exact_notes, independent_notes
from splw_eval.confounding.checks import check_level, finding, refuse
from splw_eval.confounding.received.dose_people import Asked, read_offered
from splw_eval.confounding.received.dose_rows import DoseResponse
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import Floats
from splw_eval.stats.few_clusters.cluster_fit import ClusterFit

if TYPE_CHECKING:
    import pandas as pd

QUARTILES = "quartiles"
_EXPLORATORY = (
    "Exploratory, and no effect of the dose: people were not allocated to it. Those who do well "
    "may stay longer, or stop because they are well; those who do badly may drop out, or be kept "
    "longer: the outcome may shape the dose."
)


def dose_response(
    frame: pd.DataFrame,
    *,
    outcome: str,
    dose: str,
    group: str | None = None,
    covariates: Sequence[str] | str = (),
    cluster: str | None = None,
    reference: Any = None,
    cuts: Sequence[float] | str = (1, 3, 6),
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> DoseResponse:
    """Describe the outcome by how much people received.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    outcome, dose : str
        Columns of numbers; the dose, such as contacts, 0 or above.
    group : str, optional
        Column with two groups: only people of the other group than the reference are looked at.
    covariates : sequence of str, or str
        As they stood before the start: columns, ``C(name)``, or a formula.
    cluster : str, optional
        Column of practices.
    reference : object, optional
        The group that was not offered it; by default the first in order, and a note says so.
    cuts : sequence of float, or "quartiles"
        Where levels after the first begin; by default 0, 1-2, 3-5, 6 or more.
    measured_after : sequence of str
        Columns known to have been measured after the start; refused as covariates.
    conf_level : float

    Returns
    -------
    DoseResponse
        Its ``exploratory`` is True, and its first note says why it is no effect.

    Raises
    ------
    ComparisonError
        Columns or options cannot be used: every reason, with its column, rows and remedy.
    FitError
        Covariates depend on each other or on the dose.

    Notes
    -----
    Sources: Hernán & Robins 2020, Causal inference: what if, 22.1 (as treated after allocation).
    """
    check_frame(frame, outcome=outcome, dose=dose)
    covariates = named_columns("covariates", covariates)
    cuts = cuts if isinstance(cuts, str) else _numbers(cuts)
    options = [
        *check_level(conf_level),
        *_check_cuts(cuts),
        *check_tasks(outcome=outcome, dose=dose, group=group, cluster=cluster),
        *check_measured_after(covariates, measured_after, frame, group=group),
    ]
    asked = Asked(outcome=outcome, dose=dose, covariates=covariates, cluster=cluster or "")
    rows, whose = read_offered(frame, asked, group, reference, options)
    taken = rows.numbers[dose]
    refuse([*_check_dose(rows, taken, dose), *too_few_practices(rows, cluster, 2)])
    assert rows.outcome is not None
    refuse([*check_constant(frame, rows, covariates), *check_varies(rows.outcome, outcome)])
    refuse(check_columns(rows, {dose: taken}))
    levels, places = dose_levels(taken, cuts)
    table, alone = _table(rows, taken, dose, levels, places, conf_level)
    notes = [_EXPLORATORY, *rows.notes(), *_few_notes(levels, places, alone)]
    notes += [*practice_notes(rows), *independent_notes(rows), *exact_notes(table)]
    notes += df_notes([row["df"] for row in table])
    if group and reference is None:
        notes.append(UNNAMED)
    return _result(rows, dose, whose, (levels, places), table, tuple(notes), conf_level)


def _numbers(cuts: Any) -> tuple[float, ...]:
    """Cut points whatever they were handed over in; nothing where they are no rising numbers."""
    try:
        given = tuple(cuts)
    except TypeError:
        return ()
    numbers = [float(c) for c in given if isinstance(c, Real) and not isinstance(c, bool)]
    rising = all(low < high for low, high in zip([0.0, *numbers], numbers, strict=False))
    return tuple(numbers) if rising and len(numbers) == len(given) else ()


def _check_cuts(cuts: Sequence[float] | str) -> Iterator[Finding]:
    if not cuts or (isinstance(cuts, str) and cuts != QUARTILES):
        remedy = 'Give numbers that rise from above 0, such as (1, 3, 6), or "quartiles".'
        yield finding("SF34", "cuts= cannot be used", remedy)


def _check_dose(rows: PersonRows, taken: Floats, column: str) -> Iterator[Finding]:
    if (taken < 0).any():
        yield finding(
            "SF34",
            "doses below 0",
            "Correct them, or leave the cells empty.",
            column=column,
            rows=rows.rows[taken < 0],
            of_rows=rows.n,
        )
    elif rows.n and taken.min() == taken.max():
        remedy = "There is nothing to compare; describe the outcome."
        yield finding("SF34", "everybody has the same dose", remedy, column=column)


def dose_levels(
    taken: Floats, cuts: Sequence[float] | str
) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Put doses into levels.

    Parameters
    ----------
    taken : ndarray, shape (n,)
    cuts : sequence of float, or "quartiles"

    Returns
    -------
    labels : tuple of str
        Of levels that somebody has, lowest first.
    places : ndarray of int, shape (n,)
    """
    if isinstance(cuts, str):
        inner = np.unique(np.quantile(taken, (0.25, 0.5, 0.75), method="inverted_cdf"))
        edges = [float(edge) for edge in inner if edge > taken.min()]
    else:
        edges = [float(cut) for cut in cuts]
    whole = bool((taken == np.floor(taken)).all()) and all(e == int(e) for e in edges)
    starts = [min(0.0, float(taken.min())) if not isinstance(cuts, str) else float(taken.min())]
    starts += edges
    labels = [_label(low, high, whole) for low, high in zip(starts, [*edges, None], strict=True)]
    found = np.searchsorted(np.asarray(edges), taken, side="right")
    used, places = np.unique(found, return_inverse=True)
    return tuple(labels[place] for place in used), places.astype(np.int64)


def _label(low: float, high: float | None, whole: bool) -> str:
    if high is None:
        return f"{low:g} or more"
    if not whole:
        return f"{low:g} to below {high:g}"
    return f"{low:g}" if high - low == 1 else f"{low:g}-{high - 1:g}"


def _table(
    rows: PersonRows,
    taken: Floats,
    dose: str,
    levels: tuple[str, ...],
    places: NDArray[np.int64],
    conf_level: float,
) -> tuple[list[Row], tuple[str, ...]]:
    by = {"method": method_of(rows.cluster)}
    assert rows.outcome is not None
    spread = spread_of(rows.outcome)
    line = fit_people(rows.outcome, columns_of(taken, rows.X), rows.cluster)
    alone = [f"{dose}, for each unit"] if isinstance(line, ClusterFit) and line.alone[1] else []
    row = of_contrast(line, unit(1, len(line.coef)), conf_level, spread)
    row = nothing_reckoned(row["estimate"]) if alone else row
    table = [Row(term=f"{dose}, for each unit") | by | row]
    if len(levels) > 1:
        dummies = (places[:, None] == np.arange(1, len(levels))).astype(float)
        steps = fit_people(rows.outcome, columns_of(dummies, rows.X), rows.cluster)
        people, of_one = np.bincount(places), _of_one_practice(rows, places)
        alone += [level for level, one in zip(levels, of_one, strict=True) if one]
        for place, level in enumerate(levels[1:], start=1):
            row = of_contrast(steps, unit(place, len(steps.coef)), conf_level, spread)
            if min(people[place], people[0]) == 1:
                row = nothing_reckoned()
            elif of_one[place] or of_one[0]:
                row = nothing_reckoned(row["estimate"])
            table.append(Row(term=f"{dose} {level} against {levels[0]}") | by | row)
    return [row | {"n": rows.n} for row in table], tuple(alone)


def _of_one_practice(rows: PersonRows, places: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Levels with several people, all of one practice."""
    people = np.bincount(places)
    if rows.cluster is None:
        return np.zeros(len(people), dtype=bool)
    there = np.zeros((len(people), rows.cluster.count), dtype=bool)
    there[places, rows.cluster.codes] = True
    return np.asarray((there.sum(axis=1) == 1) & (people > 1))


def _few_notes(
    levels: tuple[str, ...], places: NDArray[np.int64], alone: tuple[str, ...]
) -> Iterator[str]:
    single = [level for level, n in zip(levels, np.bincount(places), strict=True) if n == 1]
    if single:
        yield (
            f"Levels of one person: {', '.join(single)}. Neither the mean nor a difference from "
            "it is shown; join such levels by other cuts=."
        )
    if alone:
        yield (
            f"Told by one practice alone: {', '.join(alone)}. How far that practice differs from "
            "others by chance is in no standard error, so there are no limits."
        )


def _result(
    rows: PersonRows,
    dose: str,
    whose: str | None,
    grouped: tuple[tuple[str, ...], NDArray[np.int64]],
    table: list[Row],
    notes: tuple[str, ...],
    conf_level: float,
) -> DoseResponse:
    import pandas as pd

    assert rows.outcome is not None
    levels, places = grouped
    counts = np.bincount(places)
    means = np.bincount(places, weights=rows.outcome) / counts
    shown = {"level": levels, "n": counts, "mean": np.where(counts > 1, means, np.nan)}
    return DoseResponse(
        table=pd.DataFrame(table),
        levels=pd.DataFrame(shown),
        dose=dose,
        group=whose,
        practices=rows.cluster.count if rows.cluster else None,
        n=rows.n,
        method=f"least squares on the dose as a line and by level ({method_of(rows.cluster)})",
        notes=notes,
        conf_level=conf_level,
    )
