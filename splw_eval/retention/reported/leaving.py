"""What went with dropping out: hazard ratios of causes that change over time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.core.errors import DataError, FitError
from splw_eval.core.result import Note, Result
from splw_eval.core.retention_rows import HazardRow
from splw_eval.data import Study
from splw_eval.retention.hazards.cox import fit_cox
from splw_eval.retention.reported.kinds import episodes_of, why_not
from splw_eval.retention.reported.staying import known
from splw_eval.retention.reported.told import notes_of, records_of
from splw_eval.retention.service.causes import CausesOverTime, time_varying_causes

if TYPE_CHECKING:
    import pandas as pd

    from splw_eval.retention.hazards.fitted_cox import FittedCox

_DROPPED_OUT = 2
_ENOUGH = 0.8  # of the rows: a cause known of fewer is not looked at
# Column, what one unit of its ratio stands for, and how many of the column's units that is.
_LOOKED_AT = (
    ("worker_changed", "Link worker changed, against not", 1.0),
    ("share_remote", "Last contacts all remote, against none", 1.0),
    ("days_to_first_contact", "Each 2 weeks waited for the first contact", 14.0),
    ("travel_cost", "Each 5 pounds paid for the last support", 5.0),
)
ASSOCIATIONS = (
    "These are associations, and no effects. People who waited longer, met another link worker "
    "or were mostly called differed in other things too, and what kept them away may be among "
    "these. Nobody was put by chance into one or the other."
)
_WAYS = {
    "jackknife": "by leaving one practice out at a time, t with practices less 2 df",
    "sandwich": "by the sandwich summed over people",
    "model": "by the model, people independent",
}
_NOT_TOGETHER = "The causes that could be looked at cannot be told apart from each other here."
_LAG = (
    "Days count from the first contact. Each cause is taken as it stood before the day it is to "
    "explain. What contacts and support tell is held back further, by the silence after which "
    "touch counts as lost and four weeks, as those about to be lost cannot be seen in it; the end "
    "of a link worker's post counts at once, as it does not depend on the person. Where contacts "
    "come further apart than four weeks in a rhythm, a ratio of what they tell can still lie "
    "somewhat off one for no cause, so one near to one is no finding. A cause may still follow "
    "from an earlier wish to leave."
)


def describe_leaving(study: Study) -> Result[HazardRow]:
    """Give hazard ratios of dropping out for what is known of contacts before.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of HazardRow
        Adjusted for each other. A cause that is known of too few rows, or of which too few
        practices tell, has no ratio; a note says why.
    """
    try:
        found = time_varying_causes(episodes_of(study))
    except (DataError, FitError) as error:
        return _result((), why_not(error) if isinstance(error, DataError) else ())
    wanted, notes = _wanted(found)
    rows: list[HazardRow] = []
    if wanted:
        fitted, told = _fitted(found.frame, wanted)
        notes += told
        if fitted is not None:
            rows = list(_rows(fitted[0], fitted[1], found))
            notes += [ASSOCIATIONS, _LAG, *_method(fitted[0])]
    return _result(tuple(rows), notes_of(notes))


def _result(rows: tuple[HazardRow, ...], notes: tuple[Note, ...]) -> Result[HazardRow]:
    return Result(
        key="leaving",
        title="What went with dropping out",
        unit="ratio of rates",
        row_type=HazardRow,
        rows=rows,
        notes=notes,
        sources=("Cox 1972, J R Stat Soc B 34:187",) if rows else (),
    )


def _wanted(found: CausesOverTime) -> tuple[list[tuple[str, str, float]], list[str]]:
    """Causes known of enough rows and not the same in all, and a sentence for each other one."""
    wanted, notes = [], []
    for name, words, units in _LOOKED_AT:
        column = found.frame[name]
        part = float(column.notna().mean()) if len(column) else 0.0
        if part < _ENOUGH:
            notes.append(f"{words}: not looked at, as it is known of too few stretches of time.")
        elif column.nunique() < 2:  # noqa: PLR2004 - one value compares nothing
            notes.append(f"{words}: not looked at, as it was the same for all.")
        else:
            wanted.append((name, words, units))
    return wanted, notes


Fitted = tuple["FittedCox", list[tuple[str, str, float]]]


def _fitted(
    frame: pd.DataFrame, wanted: Sequence[tuple[str, str, float]]
) -> tuple[Fitted | None, list[str]]:
    """Fit all together; where that cannot be done, without those that cannot be fitted alone."""
    held = list(wanted)
    together = _tried(frame, held)
    if together is not None:
        return (together, held), []
    kept = [one for one in held if _tried(frame, [one]) is not None]
    notes = [
        f"{one[1]}: no ratio can be told. Too few dropped out, or too few practices tell of it."
        for one in held
        if one not in kept
    ]
    left = _tried(frame, kept) if kept else None
    if left is None:
        return None, [*notes, *([_NOT_TOGETHER] if kept else [])]
    return (left, kept), notes


def _tried(frame: pd.DataFrame, wanted: Sequence[tuple[str, str, float]]) -> FittedCox | None:
    """The model, or none where these data have none; which of them have none is told above."""
    try:
        return _cox(frame, wanted)
    except FitError:
        return None


def _cox(frame: pd.DataFrame, wanted: Sequence[tuple[str, str, float]]) -> FittedCox:
    scaled = frame.assign(**{name: frame[name] / units for name, _, units in wanted})
    clustered = bool(frame["cluster"].notna().all()) and frame["cluster"].nunique() > 2  # noqa: PLR2004
    return fit_cox(
        scaled,
        start="start",
        time="stop",
        event="event",
        covariates=[name for name, _, _ in wanted],
        cluster="cluster" if clustered else None,
        cause=_DROPPED_OUT,
        id="episode",
    )


def _rows(
    fitted: FittedCox, wanted: Sequence[tuple[str, str, float]], found: CausesOverTime
) -> Iterator[HazardRow]:
    words = {name: said for name, said, _ in wanted}
    for row in records_of(fitted.coefficients):
        yield HazardRow(
            cause=found.causes[_DROPPED_OUT],
            term=words[row["term"]],
            episodes=row["n"],
            events=row["events"],
            hazard_ratio=known(row["hazard_ratio"]),
            conf_low=known(row["hazard_ratio_low"]),
            conf_high=known(row["hazard_ratio_high"]),
            p_value=known(row["p_value"]),
            df=known(row["df"]),
            clusters=_clusters(fitted),
            method=_WAYS[fitted.vcov],
        )


def _method(fitted: FittedCox) -> Iterator[str]:
    """Say how it was done, without a number of people: those stand in the rows."""
    yield (
        f"Proportional hazards, ties by Efron; errors {_WAYS[fitted.vcov]}. Who left for another "
        "cause counts as no longer there, so these are rates among those still engaged; the "
        "curves above say what share of all left."
    )
    last = fitted.proportional_hazards.iloc[-1]
    p_value, by_practice = known(last["p_value"]), known(last.get("p_by_practice"))
    told = [] if p_value is None else [f"p = {p_value:.2g} where practices are ignored"]
    if by_practice is not None:
        told.append(f"p = {by_practice:.2g} by practices, which is rough where these are few")
    tested = f"; the test of that for all together has {' and '.join(told)}" if told else ""
    yield (
        f"Each ratio is taken to be the same on all days{tested}. A large p is no proof; where it "
        "does not hold, a ratio is a mean over the days."
    )


def _clusters(fitted: Any) -> int | None:
    return int(fitted.clusters) if fitted.clusters else None
