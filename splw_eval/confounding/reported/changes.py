"""Differences in changes beside differences at equal starts, for the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from splw_eval.confounding.differences.adjusted import adjusted_difference
from splw_eval.confounding.differences.changes import ANCOVA, ROBUST, UNADJUSTED
from splw_eval.confounding.differences.difference_in_differences import difference_in_differences
from splw_eval.confounding.differences.difference_rows import DifferenceInDifferences
from splw_eval.confounding.reported.asked import Asked, comparable
from splw_eval.confounding.reported.told import interval, records_of, refused, result_of
from splw_eval.core.confounding_rows import DifferenceRow
from splw_eval.core.errors import FitError
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PRACTICE

START, START_ALIKE = "At the start", "At the start, the characteristics alike"
REGRESSED = "Difference in changes, by regression"
_CHANGE = "change"
_NAMED = {
    UNADJUSTED: "Difference in changes, unadjusted",
    ROBUST: "Difference in changes, doubly robust",
    ANCOVA: "Difference given the score at the start (ANCOVA)",
}
_LORD = (
    "A difference in changes takes it that, without the programme, a gap at the start would have "
    "stayed. ANCOVA compares people with the same score at the start, and takes it that part of "
    "the gap would have closed by itself. The data cannot tell which is right (Lord's "
    "paradox): where the two disagree, that is a finding. Where chance made the groups, "
    "ANCOVA is right."
)
_HOW = (
    "Doubly robust (Sant'Anna and Zhao): people of the comparison group are weighted to be like "
    "those of the programme, and their changes foretold by a regression. It holds where one of "
    "the two models does, about people like those of the programme."
)
_ERRORS = (
    "For the error of the doubly robust change practices are left out one by one, with practices "
    "less 2 degrees of freedom, less one for each characteristic that is the same for all of a "
    "practice, and fewer where a group has less than 4 practices."
)
_ERRORS_OF_PEOPLE = (
    "The error of the doubly robust change is by the influences of people, who count as "
    "independent; normal distribution."
)
_SOURCES = (
    "Sant'Anna & Zhao 2020, J Econom 219:101",
    "Lord 1967, Psychol Bull 68:304",
)


def describe_changes(study: Study) -> Result[DifferenceRow]:
    """Compare changes of the groups, beside scores of people alike at the start.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of DifferenceRow
        The difference at the start, that in changes unadjusted, by regression and doubly robust,
        and ANCOVA.
    """
    rows: list[DifferenceRow] = []
    notes: list[Note | str] = []
    for asked in comparable(study, notes):
        try:
            found, by_regression = _compared(asked), _regressed(asked)
        except FitError as error:
            notes += refused("Changes cannot be compared", error)
            continue
        rows += _rows(asked, found, by_regression, study.plan.primary.name)
        notes += [_LORD, _HOW, _ERRORS_OF_PEOPLE if asked.cluster is None else _ERRORS]
    return result_of("differences", "Changes compared", DifferenceRow, rows, notes, _SOURCES)


def _others(asked: Asked) -> list[str]:
    return [name for name in asked.covariates if name != BEFORE]


def _compared(asked: Asked) -> DifferenceInDifferences:
    return difference_in_differences(
        asked.frame[asked.frame[list(asked.covariates)].notna().all(axis=1)],
        outcome=AFTER,
        baseline=BEFORE,
        group=GROUP,
        covariates=_others(asked),
        cluster=asked.cluster,
        reference=0,
    )


def _regressed(asked: Asked) -> dict[str, Any] | None:
    """The change by the regression that ANCOVA is, but for the score at the start.

    None without characteristics, where the unadjusted change is that.
    """
    if not _others(asked):
        return None
    people = asked.usable[asked.usable[BEFORE].notna()]
    found = adjusted_difference(
        people.assign(**{_CHANGE: people[AFTER] - people[BEFORE]}),
        outcome=_CHANGE,
        group=GROUP,
        covariates=_others(asked),
        method="regression",
        cluster=asked.cluster,
        reference=0,
    )
    table = found.table
    return records_of(table[table["default"]])[0]


def _rows(
    asked: Asked,
    found: DifferenceInDifferences,
    by_regression: dict[str, Any] | None,
    outcome: str,
) -> Iterator[DifferenceRow]:
    practices = None if asked.cluster is None else int(asked.usable[PRACTICE].nunique())

    def row(method: str, told: str | None, numbers: dict[str, float | None]) -> DifferenceRow:
        return DifferenceRow(
            outcome=outcome,
            compared=asked.pair.compared,
            when=asked.pair.when,
            method=method,
            n=found.n,
            n_smaller=asked.smaller,
            clusters=practices,
            interval=told,
            **numbers,
        )

    yield row(START, None, interval({"estimate": found.baseline_difference}))
    yield row(START_ALIKE, None, interval({"estimate": found.baseline_difference_adjusted}))
    for one in records_of(found.table):
        if one["term"] != ROBUST or one["default"]:
            yield row(_NAMED[str(one["term"])], str(one["method"]), interval(one))
        if one["term"] == UNADJUSTED and by_regression is not None:
            yield row(REGRESSED, str(by_regression["inference"]), interval(by_regression))
