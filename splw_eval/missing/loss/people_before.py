"""What was known of people before a wave, as columns of a model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.missing.checks import TELLER, finding
from splw_eval.missing.loss.wave_scores import WaveScores
from splw_eval.models.formula import parse_formula
from splw_eval.models.person_rows import read_person_rows

if TYPE_CHECKING:
    import pandas as pd

Array = NDArray[np.float64]
Codes = NDArray[np.int64]
Flags = NDArray[np.bool_]
_TWO = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PeopleBefore:
    """People with everything known, before a wave.

    Attributes
    ----------
    places : ndarray of int, shape (n,)
        Places among the people of the frame.
    lost, second : ndarray of bool, shape (n,)
        Not measured at the wave; in the arm that is not the reference.
    arm : str
        Its column.
    groups : tuple of str
        Reference first.
    X : ndarray, shape (n, p)
        Without arm and intercept; numbers with more than two values in SDs from the mean.
    terms, per : tuple of str, length p
        Names, and the step that a coefficient is for. The last score before the wave is counted
        from the mean of its own wave and arm.
    covariates : mapping of str to list of int
        Columns of each covariate.
    unit : ndarray of int, shape (n,)
        Practices as codes from 0, or people by themselves.
    left_out : mapping of str to int
    last : str
        Name of the last score before the wave; empty where it is no column.
    """

    places: Codes
    lost: Flags
    second: Flags
    arm: str
    groups: tuple[str, ...]
    X: Array
    terms: tuple[str, ...]
    per: tuple[str, ...]
    covariates: Mapping[str, list[int]]
    unit: Codes
    left_out: Mapping[str, int]
    last: str = ""


def people_before(
    read: WaveScores,
    place: int,
    outcome: str,
    arm: str,
    covariates: Sequence[str],
    cluster: str | None,
    reference: Any,
    *,
    scores: bool = True,
) -> PeopleBefore:
    """Columns of what was known before a wave.

    Parameters
    ----------
    read : WaveScores
    place : int
        Of the wave, from 1.
    outcome, arm : str
    covariates : sequence of str
        As `covariates_named` gives them.
    cluster : str or None
    reference : object
        An arm, or None.
    scores : bool
        Whether the first score and the last before the wave are among the columns.

    Returns
    -------
    PeopleBefore
        Those without a first score or a covariate are left out and counted.
    """
    first = f"{outcome} at {read.waves[0]}"
    last = f"last {outcome} before {read.waves[place]}"
    people = read.people.copy()
    people[first] = read.scores[:, 0]
    if scores and place > 1:
        people[last] = _last(_from_means(read, place))
    own = [name for name in (first, last) if name in people] if scores else []
    rows = read_person_rows(
        people,
        TELLER,
        "SN",
        group=arm,
        reference=reference,
        covariates=[*own, *covariates],
        cluster=cluster or "",
        also=[] if scores else [first],
    )
    assert rows.group is not None
    used: dict[str, list[int]] = {}
    for column, term in enumerate(rows.covariate_of):
        used.setdefault(term, []).append(column)
    columns, per = _in_steps(np.asarray(rows.X, dtype=np.float64))
    unit = np.arange(rows.n) if rows.cluster is None else rows.cluster.codes
    return PeopleBefore(
        places=rows.rows,
        lost=~read.measured[rows.rows, place],
        second=rows.group == 1,
        arm=arm,
        groups=rows.groups,
        X=columns,
        terms=rows.terms,
        per=tuple(
            f"{step} from the mean of its wave and arm" if term == last else step
            for term, step in zip(rows.terms, per, strict=True)
        ),
        covariates=used,
        unit=unit.astype(np.int64),
        left_out={"without a first score or a covariate": rows.of_rows - rows.n},
        last=last if last in own else "",
    )


def covariates_named(covariates: Any) -> tuple[tuple[str, ...], tuple[str, ...], list[Finding]]:
    """Covariates as asked for, the columns they need, and what is wrong with the asking.

    Parameters
    ----------
    covariates : object
        Names of columns (``C(name)`` for numbers that stand for categories), or a formula.

    Returns
    -------
    tuple of (tuple of str, tuple of str, list of Finding)
        Terms for `people_before`, columns of the frame, findings.
    """
    if isinstance(covariates, str):
        try:
            formula = parse_formula(covariates or "1")
        except FitError as error:
            return (), (), [finding("SN01", error.message.rstrip("."), error.remedy)]
        if not formula.intercept:
            return (), (), [finding("SN01", "covariates= has no intercept", 'Leave out "0".')]
        return ((covariates,) if covariates else ()), formula.columns, []
    if not isinstance(covariates, Sequence) or not all(isinstance(n, str) for n in covariates):
        remedy = 'Write for example covariates=["age", "sex"] or covariates="age + sex".'
        return (), (), [finding("SN01", "covariates= are neither columns nor a formula", remedy)]
    return tuple(covariates), tuple(covariates), []


def columns_of(frame: pd.DataFrame, named: Sequence[str]) -> list[str]:
    """Columns of a frame that terms are made from.

    Parameters
    ----------
    frame : DataFrame
    named : sequence of str
        Columns, or ``C(name)`` of one.

    Returns
    -------
    list of str
    """
    plain = [name.removeprefix("C(").removesuffix(")") for name in named]
    return [n if n in frame else p for n, p in zip(named, plain, strict=True)]


def check_arm(arm: Any) -> Iterator[Finding]:
    """A finding where no column of arms is named.

    Parameters
    ----------
    arm : object

    Yields
    ------
    Finding
    """
    if not isinstance(arm, str) or not arm:
        remedy = "Name the column of the two arms that are to be compared."
        yield finding("SN01", "arm= names no column", remedy)


def _from_means(read: WaveScores, place: int) -> Array:
    """Scores before a wave, counted from the mean of those seen at their wave in their arm.

    Whoever is lost has a last score from an earlier wave. If scores move over time, the score
    itself would tell when somebody was lost, even where loss is pure chance.
    """
    scores = read.scores[:, :place].copy()
    arms = np.zeros(read.n, dtype=np.int64) if read.arm is None else read.arm.codes
    for code in np.unique(arms):
        for at in range(place):
            seen = (arms == code) & ~np.isnan(scores[:, at]) & ~np.isnan(read.scores[:, 0])
            if seen.any():
                scores[arms == code, at] -= scores[seen, at].mean()
    return np.asarray(scores, dtype=np.float64)


def _last(scores: Array) -> Array:
    """Last score of each row, NaN where there is none."""
    seen = ~np.isnan(scores)
    place = scores.shape[1] - 1 - seen[:, ::-1].argmax(axis=1)
    return np.asarray(scores[np.arange(len(scores)), place], dtype=np.float64)


def _in_steps(columns: Array) -> tuple[Array, tuple[str, ...]]:
    """Columns of numbers in SDs from their mean, and what a step is."""
    found, per = columns.copy(), []
    for place, column in enumerate(columns.T):
        spread = float(column.std(ddof=1)) if len(column) > 1 else 0.0
        if len(np.unique(column)) > _TWO and spread > 0:
            found[:, place] = (column - column.mean()) / spread
            per.append(f"SD of {spread:.3g}")
        else:
            per.append("")
    return found, tuple(per)
