"""Differences unadjusted and adjusted, side by side, for the report."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from splw_eval.confounding.differences.adjusted import adjusted_difference
from splw_eval.confounding.differences.adjusted_record import UNADJUSTED, AdjustedDifference
from splw_eval.confounding.likeness.weights import target_words
from splw_eval.confounding.reported.asked import Asked, comparable, unmeasured
from splw_eval.confounding.reported.told import interval, records_of, refused, result_of
from splw_eval.core.confounding_rows import AdjustedRow
from splw_eval.core.errors import FitError
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, GROUP, PRACTICE, SLOPE

WAY = {
    UNADJUSTED: "Unadjusted",
    "regression": "Regression",
    "weighting": "Weighting",
    "entropy": "Entropy balancing",
    "doubly_robust": "Doubly robust",
}
_SOURCES = (
    "Robins, Rotnitzky & Zhao 1994, J Am Stat Assoc 89:846",
    "Bell & McCaffrey 2002, Survey Methodology 28:169",
)
_BY_CHANCE = (
    "Chance decided the groups, so the method of this design is the regression: it takes out what "
    "chance left, and is named before the data. Weighting and the doubly robust way stand beside "
    "it as checks."
)
_NOT_BY_CHANCE = (
    "Chance did not make groups of people alike, so the method of this design is the weighting of "
    "the plan; the regression and the doubly robust way stand beside it."
)
_HOW = (
    "Unadjusted is the plain difference of mean scores of the same people: those with an outcome "
    "and with every characteristic known. Missing scores are not filled in here.",
    "A regression takes the difference to be the same for everybody. The doubly robust way mends "
    "a regression by the weighted residuals; it holds where one of the two models does.",
)
_ERRORS = (
    "Regression and plain difference: CR2 by practice, t with Satterthwaite degrees of freedom. "
    "Weighting and doubly robust: weights and models are made anew without each practice in "
    "turn, t with practices less 2 degrees of freedom, fewer where a group has less than 4 "
    "practices."
)
_ERRORS_OF_PEOPLE = (
    "People count as independent: regression and plain difference by least squares, t; weighting "
    "by the robust error and the doubly robust way by its influences, normal distribution, both "
    "with weights and chances as if known."
)


def describe_adjusted(study: Study) -> Result[AdjustedRow]:
    """Give the difference of the main question unadjusted and adjusted by each method.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of AdjustedRow
        The unadjusted difference first, then that by the method of the design, then others. A
        method that cannot be used has no row; a note says why.
    """
    rows: list[AdjustedRow] = []
    notes: list[Note | str] = []
    for asked in comparable(study, notes):
        found, why = adjusted_of(asked, study.plan.primary.name)
        rows += found
        notes += [*why, *_about(asked, found)]
    if rows:
        notes += [*_HOW, *_left_open(study), *_slope(study)]
    return result_of(
        "adjusted", "The difference, unadjusted and adjusted", AdjustedRow, rows, notes, _SOURCES
    )


def adjusted_of(asked: Asked, outcome: str) -> tuple[list[AdjustedRow], list[Note]]:
    """Give the rows of one pair of groups, and why methods have none.

    Parameters
    ----------
    asked : Asked
    outcome : str
        Name of the primary outcome.

    Returns
    -------
    rows : list of AdjustedRow
    notes : list of Note
    """
    weighted = "entropy" if asked.adjustment.method == "entropy" else "weighting"
    ways = ["regression", weighted, "doubly_robust"]
    if not asked.pair.randomised:
        ways = [weighted, "doubly_robust", "regression"]
    rows: list[AdjustedRow] = []
    notes: list[Note] = []
    for way in ways:
        try:
            found = _compared(asked, way)
        except FitError as error:
            notes += refused(WAY[way], error)
            continue
        told = _told(found)
        if not rows:
            rows.append(_row(asked, outcome, told[0], default=False))
        # Without the method of the design none of the others takes its place.
        rows.append(_row(asked, outcome, told[1], default=way == ways[0]))
    return rows, notes


def _compared(asked: Asked, way: str) -> AdjustedDifference:
    strata = asked.stratum is not None and way == "regression"
    return adjusted_difference(
        asked.frame,
        outcome=AFTER,
        group=GROUP,
        covariates=[*asked.covariates, *([f"C({asked.stratum})"] if strata else [])],
        target=asked.adjustment.target,
        method=way,
        cluster=asked.cluster,
        reference=0,
    )


def _told(found: AdjustedDifference) -> list[dict[str, Any]]:
    """The unadjusted difference, and the adjusted one with the errors that are told first."""
    table = found.table
    first = table[(table["method"] == UNADJUSTED) | table["default"]]
    return records_of(first)


def _row(asked: Asked, outcome: str, row: dict[str, Any], *, default: bool) -> AdjustedRow:
    way = str(row["method"])
    practices = None if asked.cluster is None else int(asked.usable[PRACTICE].nunique())
    return AdjustedRow(
        outcome=outcome,
        compared=asked.pair.compared,
        when=asked.pair.when,
        method=WAY[way],
        population=_population(asked, way),
        default="yes" if default else "no",
        n=int(row["n"]),
        n_smaller=asked.smaller,
        clusters=practices,
        interval=str(row["inference"]),
        **interval(row),
    )


def _population(asked: Asked, way: str) -> str:
    if way == UNADJUSTED:
        return "these people as they were"
    if way == "regression":
        return "all alike, by assumption"
    return target_words(asked.adjustment.target, asked.pair.groups)


def _about(asked: Asked, rows: list[AdjustedRow]) -> Iterator[str]:
    """What was adjusted for, and how errors come about."""
    if not rows:
        return
    yield _BY_CHANCE if asked.pair.randomised else _NOT_BY_CHANCE
    names = "; ".join(asked.names[column] for column in asked.covariates)
    strata = " The regression also holds the strata of the allocation." if asked.stratum else ""
    yield f"Adjusted for: {names}.{strata}"
    yield _ERRORS if asked.cluster is not None else _ERRORS_OF_PEOPLE


def _left_open(study: Study) -> Iterator[str]:
    names = unmeasured(study.plan)
    if names:
        yield f"Named in the plan and not measured, so not adjusted for: {'; '.join(names)}."


def _slope(study: Study) -> Iterator[str]:
    if study.plan.estimand.contrast.kind == "slope":
        yield SLOPE
