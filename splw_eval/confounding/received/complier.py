"""The effect of what was received among those whom chance made receive it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

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
    named_columns,
)
from splw_eval.confounding.basis.taken_for_granted import exact_notes, independent_notes
from splw_eval.confounding.checks import TELLER, check_level, finding, refuse
from splw_eval.confounding.received.compliance import (
    ANDERSON_RUBIN,
    AS_TREATED,
    COMPLIERS,
    PER_PROTOCOL,
    Compliance,
    fit_compliance,
)
from splw_eval.confounding.received.complier_rows import ComplierEffect
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows, read_person_rows
from splw_eval.models.variables import Floats

if TYPE_CHECKING:
    import pandas as pd

_WEAK = 10.0
_LEAST = 3  # practices; two of them leave no degrees of freedom


def complier_effect(
    frame: pd.DataFrame,
    *,
    outcome: str,
    received: str,
    group: str,
    covariates: Sequence[str] | str = (),
    cluster: str | None = None,
    randomised: bool = False,
    reference: Any = None,
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> ComplierEffect:
    """Estimate the effect among compliers by two-stage least squares.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    outcome : str
        Column of numbers.
    received : str
        Column of 0 and 1, or False and True: whether the person received what was offered.
    group : str
        Column with two groups, as allocated.
    covariates : sequence of str, or str
        As they stood before the allocation: columns, ``C(name)``, or a formula.
    cluster : str, optional
        Column of practices.
    randomised : bool
        Whether chance allocated people or practices to the groups; without it nothing is given.
    reference : object, optional
        The group to be compared with; by default the first in order, and a note says so.
    measured_after : sequence of str
        Columns known to have been measured after the allocation; refused as covariates.
    conf_level : float

    Returns
    -------
    ComplierEffect
        Beside it intention to treat, and the as-treated and per-protocol contrasts, named as
        misleading.

    Raises
    ------
    ComparisonError
        Allocation was not randomised, columns or options cannot be used: every reason, with its
        column, rows and remedy.
    FitError
        The frame is no data frame, or columns are named by something else than names.

    Notes
    -----
    With practices the default leaves them out one by one. Its degrees of freedom are practices
    less 2, less one for each covariate that is the same for everybody of a practice; where a
    group has fewer than 4 practices, Welch and Satterthwaite's, if they are fewer.

    Sources
    -------
    Angrist, Imbens & Rubin 1996, J Am Stat Assoc 91:444; Andrews, Stock & Sun 2019, Annu Rev
    Econ 11:727.
    """
    check_frame(frame, outcome=outcome, received=received, group=group)
    covariates = named_columns("covariates", covariates)
    options = [
        *check_level(conf_level),
        *_check_randomised(randomised),
        *check_tasks(outcome=outcome, received=received, group=group, cluster=cluster),
        *check_measured_after(covariates, measured_after, frame, group=group),
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
        also=(received,),
        more=options,
    )
    taken = rows.numbers[received]
    assert rows.group is not None
    assert rows.outcome is not None
    refuse(
        [
            *_check_received(rows, taken, received),
            *too_few_practices(rows, cluster, _LEAST, of_each=2),
            *check_constant(frame, rows, covariates),
            *check_varies(rows.outcome, outcome),
        ]
    )
    refuse(check_columns(rows, {group: rows.group}))
    found = fit_compliance(rows, taken, conf_level)
    notes = list(_notes(rows, taken, found))
    if reference is None:
        notes.append(UNNAMED)
    return _result(rows, taken, found, tuple(notes), conf_level)


def _check_randomised(randomised: Any) -> Iterator[Finding]:
    if not (isinstance(randomised, bool | np.bool_) and randomised):
        yield finding(
            "SF31",
            "the groups were not made by chance, so being in one of them may tell of the outcome "
            "by other ways than what was received",
            "Where chance did allocate people or practices, say randomised=True; otherwise "
            "compare the groups as they were, with covariates.",
        )


def _check_received(rows: PersonRows, taken: Floats, column: str) -> Iterator[Finding]:
    wrong = ~np.isin(taken, (0.0, 1.0))
    if wrong.any():
        yield finding(
            "SF32",
            "neither 0 nor 1",
            "Say beforehand how much counts as received, and give 1 for it and 0 for less.",
            column=column,
            rows=rows.rows[wrong],
            of_rows=rows.n,
        )
        return
    share = [taken[rows.group == code].mean() for code in (0, 1)]
    if share[0] == share[1]:
        problem = "as many received it in one group as in the other, so allocation moved nobody"
        yield finding("SF33", problem, "Report intention to treat.", column=column)


def _weak(found: Compliance) -> bool:
    return not found.first["f"] >= _WEAK


def _notes(rows: PersonRows, taken: Floats, found: Compliance) -> Iterator[str]:
    reference, other = rows.groups
    share = [100 * float(taken[rows.group == code].mean()) for code in (0, 1)]
    kept = int((taken == rows.group).sum())
    yield (
        f'The {COMPLIERS} is about those who received it because they were allocated to "{other}" '
        f"and would not have otherwise: about {abs(share[1] - share[0]):.0f}% of people. Nobody "
        "can be pointed to as one of them, and it says nothing about the others."
    )
    yield (
        f'It rests on this: being allocated to "{other}" changed the outcome of nobody but by '
        "what was received (exclusion restriction); nobody received it only because of being "
        f'allocated to "{reference}" (monotonicity); and chance alone made the groups.'
    )
    yield (
        f'"{AS_TREATED}": those who received it are compared with those who did not, '
        f'{share[1]:.0f}% of "{other}" and {share[0]:.0f}% of "{reference}"; who stayed away '
        "differed beforehand, so chance no longer makes the groups alike."
    )
    yield (
        f'"{PER_PROTOCOL}": the {rows.n - kept} people who did otherwise than allocated are left '
        "out, of one group more than of the other; what is left was not made by chance."
    )
    if share[1] < share[0]:
        yield f'Fewer received it in "{other}" than in "{reference}": is the reference right?'
    if _weak(found):
        yield (
            f"The first stage is weak (F {found.first['f']:.3g}, below {_WEAK:.0f}): the two-stage "
            "estimate leans towards the as-treated one and its limits are too narrow; read "
            "Anderson and Rubin's."
        )
    yield "Intention to treat needs none of this and is to be told first."
    yield from found.notes
    yield from rows.notes()
    yield from practice_notes(rows)
    yield from independent_notes(rows)
    yield from exact_notes(row for row in found.table if row["method"] != ANDERSON_RUBIN)
    yield from df_notes([row["df"] for row in found.table])


def _result(
    rows: PersonRows, taken: Floats, found: Compliance, notes: tuple[str, ...], conf_level: float
) -> ComplierEffect:
    import pandas as pd

    counts = []
    for code, label in enumerate(rows.groups):
        held = taken[rows.group == code]
        count = {"n": len(held), "received": int(held.sum()), "share": float(held.mean())}
        counts.append({"group": label} | count)
    columns = ["term", "method", "default", "misleading"]
    table = pd.DataFrame(list(found.table))
    rest = [name for name in table.columns if name not in columns]
    return ComplierEffect(
        table=table[[*columns, *rest]],
        first_stage=pd.DataFrame([found.first]),
        received=pd.DataFrame(counts),
        groups=rows.groups,
        weak=_weak(found),
        practices=rows.cluster.count if rows.cluster else None,
        n=rows.n,
        method=(
            "two-stage least squares, the allocation foretelling what was received, covariates in "
            "both stages; intention to treat and the others by least squares "
            f"({method_of(rows.cluster)})"
        ),
        notes=notes,
        conf_level=conf_level,
    )
