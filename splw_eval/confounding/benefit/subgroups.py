"""Who benefits: differences within parts of the people, told as interactions named beforehand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from numpy.typing import ArrayLike

from splw_eval.confounding.basis.dependence import check_columns, check_constant, check_varies
from splw_eval.confounding.basis.regressions import (
    UNNAMED,
    df_notes,
    method_of,
    practice_notes,
    too_few_practices,
)
from splw_eval.confounding.basis.roles import (
    check_frame,
    check_measured_after,
    check_tasks,
    columns_named,
    named_columns,
)
from splw_eval.confounding.basis.taken_for_granted import exact_notes, independent_notes
from splw_eval.confounding.benefit.interaction_columns import Column, check_levels, read_column
from splw_eval.confounding.benefit.interactions import Interactions, fit_interactions
from splw_eval.confounding.benefit.subgroup_rows import Subgroups
from splw_eval.confounding.checks import TELLER, ComparisonError, check_level, finding, refuse
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows, read_person_rows

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 3  # practices; two of them leave no degrees of freedom


def subgroups(
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    by: Sequence[str] | str,
    baseline: str | None = None,
    covariates: Sequence[str] | str = (),
    cluster: str | None = None,
    reference: Any = None,
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> Subgroups:
    """Estimate how the difference between two groups differs between people.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    outcome : str
        Column of numbers.
    group : str
        Column with two groups.
    by : sequence of str
        Columns named before the outcome was seen, such as deprivation, age, sex: numbers as they
        are (each unit counts alike), or ``C(name)`` for levels.
    baseline : str, optional
        Column of the score at the start.
    covariates : sequence of str, or str
        As they stood before the start: columns, ``C(name)``, or a formula.
    cluster : str, optional
        Column of practices.
    reference : object, optional
        The group to be compared with; by default the first in order, and a note says so.
    measured_after : sequence of str
        Columns known to have been measured after the start; refused here as covariates and in
        ``by``.
    conf_level : float

    Returns
    -------
    Subgroups
        Interactions with their limits, differences at each level for a forest plot, and a test of
        all interactions of each column; there are no p-values of levels.

    Raises
    ------
    ComparisonError
        Columns or options cannot be used: every reason, with its column, rows and remedy.
    FitError
        Columns depend on each other.

    Notes
    -----
    One regression for each column of ``by``, on the group, the column, both together, the score
    at the start and the covariates. Sources: Wang and others 2007, N Engl J Med 357:2189;
    Pustejovsky & Tipton 2018, J Bus Econ Stat 36:672 (the joint test).
    """
    check_frame(frame, outcome=outcome, group=group)
    covariates, by = named_columns("covariates", covariates), named_columns("by", by)
    asked = [by] if isinstance(by, str) else list(by)
    options = [
        *check_level(conf_level),
        *_check_by(asked),
        *check_tasks(outcome=outcome, group=group, cluster=cluster, baseline=baseline),
        *check_measured_after(
            [*columns_named(covariates), *columns_named(asked)],
            measured_after,
            frame,
            baseline=baseline,
            group=group,
        ),
    ]
    read = partial(
        read_person_rows,
        frame,
        TELLER,
        "SF",
        outcome=outcome,
        group=group,
        reference=reference,
        cluster=cluster or "",
        also=() if baseline is None else (baseline,),
        more=options,
    )
    found: list[Finding] = []
    held: list[tuple[PersonRows, Column]] = []
    for name in asked or [""]:
        try:
            rows = read(covariates=with_column(covariates, name))
            column = read_column(rows, frame[columns_named([name])[0]].iloc[rows.rows], name)
        except ComparisonError as error:
            found += error.findings
            continue
        wrong = [
            *check_levels(rows, column),
            *too_few_practices(rows, cluster, _LEAST, of_each=2),
            *check_constant(frame, rows, covariates),
            *check_varies(rows.numbers[outcome], outcome),
        ]
        found += wrong or _dependent(rows, column, group, baseline)
        held.append((rows, column))
    refuse(dict.fromkeys(found))
    fits = [
        fit_interactions(
            rows, column, None if baseline is None else rows.numbers[baseline], conf_level
        )
        for rows, column in held
    ]
    every = [rows for rows, _ in held]
    notes = [*_notes(held, fits, conf_level), *([UNNAMED] if reference is None else [])]
    return _result(every, fits, tuple(dict.fromkeys(notes)), conf_level)


def with_column(covariates: Sequence[str] | str, name: str) -> Sequence[str] | str:
    """Covariates with one more column, each once.

    Parameters
    ----------
    covariates : sequence of str, or str
    name : str
        A column, or ``C(name)``.

    Returns
    -------
    sequence of str, or str
    """
    if not name:
        return covariates
    if not isinstance(covariates, str):
        return list(dict.fromkeys([*covariates, name]))
    (bare,) = columns_named([name])
    written = f"`{bare}`" if bare == name else f"C(`{bare}`)"
    return f"{covariates} + {written}" if covariates else written


def _dependent(
    rows: PersonRows, column: Column, group: str, baseline: str | None
) -> Iterator[Finding]:
    """Columns of the regression that follow from others."""
    assert rows.group is not None
    both = column.part * rows.group[:, None]
    first: dict[str, ArrayLike] = {group: rows.group, column.name: column.part}
    first[f"{group}:{column.name}"] = both
    if baseline is not None:
        first[baseline] = rows.numbers[baseline]
    yield from check_columns(rows, first, (column.name, f"C({column.name})"))


def _check_by(asked: Sequence[str]) -> Iterator[Finding]:
    remedy = 'Name columns, for example by=["imd_decile", "C(sex)"].'
    if not asked:
        yield finding("SF01", "by= names no column", remedy)
    elif len(set(columns_named(asked))) < len(asked):
        yield finding("SF01", "by= names a column twice", remedy)


def _notes(
    held: Sequence[tuple[PersonRows, Column]], fits: Sequence[Interactions], conf_level: float
) -> Iterator[str]:
    count = sum(len(fit.table) for fit in fits)
    chance = 1 - conf_level**count
    looked = "1 interaction was" if count == 1 else f"{count} interactions were"
    yield (
        f"{looked} looked at, in {len(fits)} column{'s' if len(fits) > 1 else ''}; limits and "
        "p-values are those of each by itself. If the difference were the same for everybody, "
        f"about {100 * chance:.0f}% of such studies would still show one or more whose limits "
        f"leave out 0 (were they independent). Read as told beforehand only what was named "
        "beforehand."
    )
    yield (
        "Whether people differ is told by the interactions. Limits that hold 0 at one level and "
        "not at another are no difference between the levels; so levels have no p-values."
    )
    if any(not column.labels for _, column in held):
        yield (
            "Numbers are taken as lines: each unit changes the difference alike. The differences "
            "at quartiles lie on that line, and everybody counts in each."
        )
    for fit in fits:
        yield from fit.notes
    for rows, column in held:
        yield from (f"{column.name}: {note}" for note in rows.notes())
    yield from practice_notes(held[0][0])
    yield from independent_notes(held[0][0])
    yield from exact_notes(row for fit in fits for row in fit.table)
    yield from df_notes([row["df"] for fit in fits for row in fit.table])


def _result(
    every: Sequence[PersonRows],
    fits: Sequence[Interactions],
    notes: tuple[str, ...],
    conf_level: float,
) -> Subgroups:
    import pandas as pd

    first = every[0]
    return Subgroups(
        table=pd.DataFrame([row for fit in fits for row in fit.table]),
        levels=pd.DataFrame([row for fit in fits for row in fit.levels]),
        tests=pd.DataFrame([fit.test for fit in fits]),
        groups=first.groups,
        n=max(rows.n for rows in every),
        practices=first.cluster.count if first.cluster else None,
        method=(
            "one regression for each column, with its interaction with the group "
            f"({method_of(first.cluster)}); interactions of a column together by "
            + ("the approximate Hotelling test" if first.cluster else "an F test")
        ),
        notes=notes,
        conf_level=conf_level,
    )
