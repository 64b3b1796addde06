"""What practices and the outcome allow an analysis of completed data sets to tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding
from splw_eval.missing.pooling.own_analysis import Estimated
from splw_eval.models.formula import parse_formula
from splw_eval.models.person_rows import PersonRows
from splw_eval.models.variables import level_label

if TYPE_CHECKING:
    import pandas as pd

_LARGE_PRACTICE, _FEW_PRACTICES, FEWEST = 0.30, 4, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedPartAsked:
    """Least squares that were asked for.

    Attributes
    ----------
    outcome, fixed, cluster, vcov, arm : str
        Empty where there is no column of practices, or of the arm.
    drawn_cluster : str
        Column of practices that the scores were drawn with.
    """

    outcome: str
    fixed: str
    cluster: str
    vcov: str
    arm: str
    drawn_cluster: str = ""


def unfit(
    rows: PersonRows, frame: pd.DataFrame, asked: FixedPartAsked, wave: Any
) -> Iterator[Finding]:
    """Why least squares could tell nothing about chance.

    Parameters
    ----------
    rows : PersonRows
    frame : DataFrame
        One completed data set.
    asked : FixedPartAsked
    wave : object

    Yields
    ------
    Finding
    """
    columns = parse_formula(asked.fixed).columns
    if asked.outcome in columns or f"{asked.outcome}_{level_label(wave)}" in columns:
        problem = "the fixed part holds the outcome itself"
        yield finding("SN01", problem, "Leave it out.", column=asked.outcome)
    elif rows.outcome is not None and np.ptp(rows.outcome) == 0:
        problem = "the outcome is the same for everybody"
        yield finding("SN41", problem, "Look at the column.", column=asked.outcome)
    if rows.cluster is None or asked.arm not in columns or asked.arm not in frame:
        return
    counts = _practices_of_arms(rows, frame, asked)
    if (counts < FEWEST).any():
        problem = f"{int((counts < FEWEST).sum())} arms have one practice only"
        remedy = "Errors by practices need two of each arm; nothing else tells practices from arms."
        yield finding("SN08", problem, remedy, column=asked.cluster)


def _practices_of_arms(
    rows: PersonRows, frame: pd.DataFrame, asked: FixedPartAsked
) -> pd.Series[int]:
    used = frame.iloc[rows.rows]
    counts: pd.Series[int] = used.groupby(asked.arm, observed=True)[asked.cluster].nunique()
    return counts


def practice_notes(rows: PersonRows, frame: pd.DataFrame, asked: FixedPartAsked) -> Iterator[str]:
    """What few or large practices mean for the errors.

    Parameters
    ----------
    rows : PersonRows
    frame : DataFrame
        One completed data set.
    asked : FixedPartAsked

    Yields
    ------
    str
    """
    if rows.cluster is None:
        return
    size = np.bincount(rows.cluster.codes)
    if size.max() > _LARGE_PRACTICE * rows.n:
        yield (
            f"One practice holds {100 * size.max() / rows.n:.0f}% of the people: errors with so "
            "uneven practices are uncertain."
        )
    known = bool(asked.arm) and asked.arm in frame
    if known and (_practices_of_arms(rows, frame, asked) < _FEW_PRACTICES).any():
        yield f"An arm has fewer than {_FEW_PRACTICES} practices: its errors are uncertain."
    single = [rows.terms[place] for place in _single(rows)]
    if single:
        yield (
            f"One practice alone stands for a level of {', '.join(single)}: no error is given "
            "there, as nothing tells the level from the practice."
        )


def without_single_practices(rows: PersonRows, found: Estimated) -> Estimated:
    """Estimates without degrees of freedom where one practice alone stands for a level.

    Parameters
    ----------
    rows : PersonRows
    found : Estimated

    Returns
    -------
    Estimated
        Without variance and degrees of freedom there, which leaves no error and no limits: the
        sandwich takes the variance of such a practice for 0.
    """
    single = _single(rows)
    if not single or found.df is None:
        return found
    before = len(found.estimates) - len(rows.terms)  # the intercept, where there is one
    places = [before + place for place in single]
    df, variances = found.df.copy(), found.variances.copy()
    df[places] = variances[places] = 0.0
    return replace(found, df=df, variances=variances)


def _single(rows: PersonRows) -> list[int]:
    """Columns of two values, the same throughout a practice, with one practice at a value."""
    if rows.cluster is None:
        return []
    codes = rows.cluster.codes
    first = np.unique(codes, return_index=True)[1]
    places = []
    for place, column in enumerate(rows.X.T):
        values, counts = np.unique(column[first], return_counts=True)
        whole = (column == column[first][np.searchsorted(codes[first], codes)]).all()
        if whole and len(values) == FEWEST and counts.min() < FEWEST:
            places.append(place)
    return places
