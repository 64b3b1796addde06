"""Changes of two groups compared: doubly robust difference in differences, beside ANCOVA."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.confounding.basis.covariate_rows import check_in_both
from splw_eval.confounding.basis.dependence import check_columns, check_constant, check_varies
from splw_eval.confounding.basis.regressions import (
    UNNAMED,
    df_notes,
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
from splw_eval.confounding.checks import TELLER, check_level, finding, refuse
from splw_eval.confounding.differences.changes import Changes, compare_changes, lords_paradox
from splw_eval.confounding.differences.difference_rows import DifferenceInDifferences
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows, read_person_rows

if TYPE_CHECKING:
    import pandas as pd

_LEAST = 3  # practices; two of them leave no degrees of freedom


def difference_in_differences(
    frame: pd.DataFrame,
    *,
    outcome: str,
    baseline: str,
    group: str,
    covariates: Sequence[str] | str = (),
    cluster: str | None = None,
    reference: Any = None,
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> DifferenceInDifferences:
    """Compare the changes of two groups that were not made by chance.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    outcome, baseline : str
        Columns of the same score, after and before.
    group : str
        Column with two groups.
    covariates : sequence of str, or str
        What people were like before the start: columns, ``C(name)`` for numbers that stand for
        categories, or a formula as in `fit_mixed_model`; not the score that changes are counted
        from.
    cluster : str, optional
        Column of practices.
    reference : object, optional
        The group to be compared with; by default the first in order, and a note says so.
    measured_after : sequence of str
        Columns known to have been measured after the start; a covariate among them is refused.
    conf_level : float

    Returns
    -------
    DifferenceInDifferences
        The default is the doubly robust difference, about people like those of the other group
        than the reference, with a standard error by leaving practices out one by one; beside it
        its influence functions summed by practice, the unadjusted difference, and ANCOVA.

    Raises
    ------
    ComparisonError
        Columns or options cannot be used, or covariates depend on each other or foretell the
        group: every reason, with its column, rows and remedy.
    FitError
        The frame is no data frame, or columns are named by something else than names.

    Notes
    -----
    Degrees of freedom of both doubly robust rows: practices less 2, less one for each covariate
    that is the same for everybody of a practice; where a group has fewer than 4 practices, Welch
    and Satterthwaite's, if they are fewer. The label of the row says which.

    Sources
    -------
    Sant'Anna & Zhao 2020, J Econom 219:101; Lord 1967, Psychol Bull 68:304.
    """
    check_frame(frame, outcome=outcome, baseline=baseline, group=group)
    covariates = named_columns("covariates", covariates)
    options = [
        *check_level(conf_level),
        *check_tasks(outcome=outcome, baseline=baseline, group=group, cluster=cluster),
        *check_measured_after(covariates, measured_after, frame, baseline=baseline, group=group),
        *_adjusted_for(frame, covariates, baseline),
    ]
    rows = read_person_rows(
        frame,
        TELLER,
        "SF",
        outcome=outcome,
        group=group,
        reference=reference,
        covariates=covariates,
        cluster=cluster or "",
        also=(baseline,),
        more=options,
    )
    assert rows.group is not None
    refuse(
        [
            *too_few_practices(rows, cluster, _LEAST, of_each=2),
            *check_in_both(rows),
            *check_constant(frame, rows, covariates),
            *_unchanging(rows, outcome, baseline),
        ]
    )
    start: dict[str, ArrayLike] = {group: rows.group, baseline: rows.numbers[baseline]}
    refuse(check_columns(rows, start))
    found = compare_changes(rows, baseline, conf_level)
    notes = [lords_paradox(found), *found.notes, *_notes(rows, found)]
    if reference is None:
        notes.append(UNNAMED)
    return _result(found, notes, conf_level)


def _adjusted_for(
    frame: pd.DataFrame, covariates: Sequence[str] | str, baseline: str
) -> Iterator[Finding]:
    """The score at the start among the covariates, by itself or in a power or a product."""
    if baseline in columns_named(covariates, frame):
        problem = "the column stands for baseline= and among covariates="
        remedy = "Leave it out of the covariates: ANCOVA, which adjusts for it, stands beside."
        yield finding("SF01", problem, remedy, column=baseline)


def _unchanging(rows: PersonRows, outcome: str, baseline: str) -> Iterator[Finding]:
    """An outcome, or a change, that is the same for everybody."""
    assert rows.outcome is not None
    before = rows.numbers[baseline]
    same = list(check_varies(rows.outcome, outcome))
    size = max(float(np.abs(rows.outcome).max()), float(np.abs(before).max()))
    problem = f'everybody changed alike since "{baseline}"'
    yield from same or check_varies(rows.outcome - before, outcome, problem, size=size)


def _notes(rows: PersonRows, found: Changes) -> Iterator[str]:
    reference, other = rows.groups
    yield (
        "An adjusted difference between groups that chance did not make; it is the programme's "
        "doing only if, with the covariates alike, both groups would have changed alike."
    )
    if not rows.X.shape[1]:
        yield "There are no covariates: the doubly robust difference is the unadjusted one."
    else:
        people = len(rows.rows[rows.group == 0])
        yield (
            f'The people of "{reference}" are weighted to be like those of "{other}"; they are '
            f"worth {found.effective_reference:.0f} of {people} people."
        )
    yield from rows.notes()
    if any(rows.left_out.values()):
        yield (
            "Changes are of people seen both times: where loss went by the score at the start, and "
            "otherwise in each group, they mislead even between people who are alike."
        )
    yield from practice_notes(rows)
    yield from independent_notes(rows, normal=True)
    yield from exact_notes(found.table)
    yield from df_notes([row["df"] for row in found.table])


def _result(found: Changes, notes: Sequence[str], conf_level: float) -> DifferenceInDifferences:
    import pandas as pd

    rows = found.rows
    by = "practices left out one by one, t" if rows.cluster else "influence functions, normal"
    return DifferenceInDifferences(
        table=pd.DataFrame(list(found.table)),
        groups=rows.groups,
        baseline_difference=found.start,
        baseline_difference_adjusted=found.start_adjusted,
        slope=found.slope,
        effective_reference=found.effective_reference,
        practices=rows.cluster.count if rows.cluster else None,
        n=rows.n,
        method=(
            "doubly robust difference in differences for people seen twice (Sant'Anna and Zhao): "
            "chances of belonging by logistic regression, expected changes by least squares in "
            f'the reference group, about people like those of "{rows.groups[1]}"; {by}'
        ),
        notes=tuple(notes),
        conf_level=conf_level,
    )
