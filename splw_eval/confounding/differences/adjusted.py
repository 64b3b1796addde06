"""A difference between two groups adjusted for covariates, beside the unadjusted one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.confounding.basis.covariate_rows import check_in_both, check_independent, read_groups
from splw_eval.confounding.basis.dependence import check_varies
from splw_eval.confounding.basis.group_notes import by_practice_note, spread_out_note
from splw_eval.confounding.basis.regressions import UNNAMED, df_notes, practice_notes
from splw_eval.confounding.basis.roles import check_tasks, named_columns
from splw_eval.confounding.basis.taken_for_granted import exact_notes, independent_notes
from splw_eval.confounding.checks import check_level, finding, refuse
from splw_eval.confounding.differences.adjusted_record import (
    ADJUSTED_COLUMNS,
    UNADJUSTED,
    AdjustedDifference,
)
from splw_eval.confounding.differences.adjusted_ways import WAYS, Adjuster
from splw_eval.confounding.likeness.balance_levels import with_first_levels
from splw_eval.confounding.likeness.balance_record import Balance
from splw_eval.confounding.likeness.balance_rows import balance_of
from splw_eval.confounding.likeness.weights import check_target, fitted_weights, target_words
from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.person_rows import PersonRows
from splw_eval.stats.weighting.propensity import Target

if TYPE_CHECKING:
    import pandas as pd


def adjusted_difference(  # noqa: PLR0913 - each is a choice that a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    group: str,
    covariates: Sequence[str] | str,
    target: Target = "treated",
    method: str | Sequence[str] = "weighting",
    interact: bool | Sequence[str] = (),
    cluster: str | None = None,
    reference: Any = None,
    measured_after: Sequence[str] = (),
    conf_level: float = 0.95,
) -> AdjustedDifference:
    """Compare the mean outcome of two groups, unadjusted and adjusted.

    Parameters
    ----------
    frame : DataFrame
        One row for each person.
    outcome : str
        Column of numbers; rows without one are left out and counted.
    group : str
        Column with two groups.
    covariates : sequence of str, or str
        As in `weights`, measured at baseline.
    target : {"treated", "overlap", "everybody"}
        Whom the adjusted answer is to be about; a regression has no say in this.
    method : {"weighting", "entropy", "regression", "standardisation", "doubly_robust", "all"}
        Or several of them, of which the first is `AdjustedDifference.estimate`. "weighting" and
        "entropy" compare weighted means; "regression" is least squares with the covariates;
        "standardisation" averages over the target what such a model foretells with and without
        the group; "doubly_robust" mends that by the weighted residuals (AIPW).
    interact : bool or sequence of str
        Covariates whose slopes may differ between the groups, in standardisation and the doubly
        robust way; True for all. None by default: slopes of each group's own rest on 7 or 8
        practices each.
    cluster : str, optional
        Column of practices, each in one group.
    reference : object, optional
        The group that is compared with; by default the first in order.
    measured_after : sequence of str, optional
        Columns known to be measured after baseline; as covariates they are refused.
    conf_level : float

    Returns
    -------
    AdjustedDifference
        The unadjusted difference always stands in the first row.

    Raises
    ------
    ComparisonError
        Columns or options cannot be used, a covariate tells the groups apart, no weights can be
        made, or not without one of the practices: every reason, with its column and remedy.
    FitError
        The frame is no data frame, or covariates depend on each other.

    Notes
    -----
    With practices the errors told first are those of leaving out each practice in turn, with
    weights, chances and models made anew, and Student's t with practices less 2 degrees of
    freedom, less one for each column of covariates that is the same throughout a practice; where
    a group has fewer than 4 practices those of Welch and Satterthwaite, if fewer. They alone
    carry that weights and chances are estimated, and err on the wide side. Beside them stand CR2
    with Satterthwaite's degrees of freedom (weights), which takes the weights as known and is too
    wide where they take away what practices differ by, and influences summed by practice, which
    err on the narrow side with few practices. A regression estimates nothing beforehand, and CR2
    serves it. Without practices weighted means have the robust error (HC0), as R's
    ``geeglm(weights =)``, and unadjusted and regression rows take variances to be equal.

    All ways rest on there being no further difference between the groups that bears on the
    outcome, be it of people or of practices.

    Sources: Li, Morgan & Zaslavsky 2018, J Am Stat Assoc 113:390; Robins, Rotnitzky & Zhao
    1994, J Am Stat Assoc 89:846; Bell & McCaffrey 2002, Survey Methodology 28:169; Hernan &
    Robins 2020, Causal inference: What if, chapters 12 and 13. docs/methods/confounding.md.
    """
    ways = _ways(method, target)
    kind = "entropy" if "entropy" in ways else "propensity"
    options = [
        *check_level(conf_level),
        *_check_ways(ways),
        *check_target(target, kind),
        *check_tasks(outcome=outcome, group=group, cluster=cluster),
    ]
    rows = read_groups(
        frame,
        group=group,
        covariates=covariates,
        cluster=cluster,
        reference=reference,
        measured_after=measured_after,
        outcome=outcome,
        more=options,
    )
    assert rows.outcome is not None
    weighted = any(way in {"weighting", "entropy", "doubly_robust"} for way in ways)
    refuse(
        [
            *_check_interact(rows, interact),
            *check_independent(rows),
            *check_varies(rows.outcome, outcome),
            *(check_in_both(rows) if weighted or target == "overlap" else ()),
        ]
    )
    assert rows.group is not None
    w = fitted_weights(rows, target, _kind(ways))[0] if weighted else None
    adjuster = Adjuster(
        y=np.asarray(rows.outcome, dtype=np.float64),
        treated=rows.group == 1,
        X=np.asarray(rows.X, dtype=np.float64),
        rows=rows,
        target=target,
        interact=_interacting(rows, interact),
        conf_level=float(conf_level),
    )
    table = _table(adjuster, ways)
    balanced = balance_of(with_first_levels(rows, frame), w)
    told = _spread_out(balanced) if weighted else ()
    notes = [*_notes(table, rows, ways, target, every=_every(method)), *told]
    notes += [UNNAMED] if reference is None else []
    return AdjustedDifference(
        table=table,
        groups=rows.groups,
        target=target_words(target, rows.groups),
        balance=balanced,
        outcome=str(outcome),
        method=_method(table),
        notes=tuple(notes),
        n=rows.n,
        practices=None if rows.cluster is None else rows.cluster.count,
        conf_level=float(conf_level),
    )


def _ways(method: str | Sequence[str], target: Any) -> tuple[str, ...]:
    """The ways asked for; all of them without what the target has no weights for."""
    if _every(method):
        return tuple(way for way in WAYS if way != "entropy" or target != "overlap")
    if isinstance(method, str) or not isinstance(method, Sequence | type(None)):
        return (str(method),)
    return tuple(dict.fromkeys(str(way) for way in method or ()))


def _every(method: Any) -> bool:
    return isinstance(method, str) and method == "all"


def _kind(ways: Sequence[str]) -> str:
    """The weights whose balance is shown: of the first way that has any."""
    first = next(way for way in ways if way in {"weighting", "entropy", "doubly_robust"})
    return "entropy" if first == "entropy" else "propensity"


def _check_ways(ways: Sequence[str]) -> Iterator[Finding]:
    remedy = f"There are: {', '.join(WAYS)}, all."
    if not ways:
        yield finding("SF01", "method= names no way of adjusting", remedy)
    for way in ways:
        if way not in WAYS:
            yield finding("SF01", f'method="{way}" is not known', remedy)


def _check_interact(rows: PersonRows, interact: bool | Sequence[str]) -> Iterator[Finding]:
    if _named(interact) is None:
        remedy = "Give True, False, or names of covariates."
        yield finding("SF01", "interact= is neither yes or no nor names", remedy)
        return
    known = {*rows.covariate_of, *rows.terms}
    for name in _named(interact) or ():
        if name not in known:
            problem = f'interact= names "{name}", which is no covariate'
            yield finding(
                "SF01", problem, f"There are: {', '.join(dict.fromkeys(rows.covariate_of))}."
            )


def _named(interact: Any) -> tuple[str, ...] | None:
    """Covariates named; none for yes or no, and None for what cannot be read."""
    if isinstance(interact, bool | np.bool_):
        return ()
    try:
        return tuple(
            named_columns("interact", [interact] if isinstance(interact, str) else interact)
        )
    except FitError:
        return None


def _interacting(rows: PersonRows, interact: bool | Sequence[str]) -> Any:
    if isinstance(interact, bool | np.bool_):
        return np.full(len(rows.terms), bool(interact))
    named = set(_named(interact) or ())
    pairs = zip(rows.covariate_of, rows.terms, strict=True)
    return np.array([bool(named & {of, term}) for of, term in pairs], dtype=bool)


def _table(adjuster: Adjuster, ways: Sequence[str]) -> pd.DataFrame:
    import pandas as pd

    groups = adjuster.rows.groups
    fixed = {"term": f"{groups[1]} - {groups[0]}", "default": False, "n": adjuster.rows.n}
    found = [{**fixed, "method": UNADJUSTED, **adjuster.unadjusted()}]
    for way in ways:
        found += [{**fixed, "method": way, **row} for row in adjuster.adjusted(way)]
    return pd.DataFrame(found)[list(ADJUSTED_COLUMNS)]


def _as_rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): row[name] for name in row} for row in table.to_dict("records")]


def _spread_out(balanced: Balance) -> Iterator[str]:
    for one in balanced.sizes.to_dict("records"):
        sizes = one["largest_share"], one["effective_size"], one["n"]
        yield from spread_out_note(str(one["group"]), *sizes)


def _method(table: pd.DataFrame) -> str:
    told = table[table["default"]]
    pairs = zip(told["method"], told["inference"], strict=True)
    return "; ".join(f"{way.replace('_', ' ')}: {inference}" for way, inference in pairs)


def _notes(
    table: pd.DataFrame, rows: PersonRows, ways: Sequence[str], target: str, *, every: bool
) -> Iterator[str]:
    first = table[table["default"]].iloc[0]
    moved = float(first["estimate"] - table["estimate"].iloc[0])
    yield (
        f"Adjusting moves the difference by {moved:.3g}. This is an adjusted difference: nothing "
        "is known of what differs between the groups beyond these covariates."
    )
    if any(way != "regression" for way in ways):
        yield f"The adjusted answer is about {target_words(target, rows.groups)}."
    if rows.cluster is not None and any(way != "regression" for way in ways):
        yield (
            "The errors told first make everything anew without each practice in turn; those "
            "beside them take weights and chances as known."
        )
    if "regression" in ways:
        yield (
            "A regression takes the difference to be the same for everybody; where it is not, "
            "people whose group was hardest to foretell count most."
        )
    yield from independent_notes(rows, normal=any(way != "regression" for way in ways))
    yield from exact_notes(_as_rows(table))
    if every and target == "overlap":
        yield "There are no overlap weights by entropy balancing; overlap weights balance already."
    if target == "overlap" and "doubly_robust" in ways:
        yield "With overlap weights the doubly robust way still needs the right chances."
    yield from by_practice_note(rows)
    yield from df_notes(table["df"])
    yield from rows.notes()
    yield from practice_notes(rows)
