"""What was known of people before a wave, as columns of a model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.checks import TELLER
from splw_eval.missing.wave_scores import WaveScores
from splw_eval.models.person_rows import read_person_rows

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
        Names, and the step that a coefficient is for.
    covariates : mapping of str to list of int
        Columns of each covariate.
    unit : ndarray of int, shape (n,)
        Practices as codes from 0, or people by themselves.
    left_out : mapping of str to int
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
        people[last] = _last(read.scores[:, :place])
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
        per=per,
        covariates=used,
        unit=unit.astype(np.int64),
        left_out={"without a first score or a covariate": rows.of_rows - rows.n},
    )


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
