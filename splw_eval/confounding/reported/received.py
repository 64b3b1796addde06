"""What each person received, and what a comparison of receivers is adjusted for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PRACTICE, STRATUM, Pair
from splw_eval.retention.delivery.service_log import service_log
from splw_eval.retention.service.rules import rules_of

if TYPE_CHECKING:
    import pandas as pd

Fitted = TypeVar("Fitted")
Covariates = tuple[str, ...]
ONE_GROUP = Note(text="There is one group, so there is no difference between groups to set beside.")
COUNTED = Note(
    text="Contacts attended are counted over each person's whole time with the service, also those "
    "after the scores compared. Whoever has none in the contact log counts as having had none."
)
WITHIN = Note(
    text="Practices have people of both groups, so people count as independent in these figures."
)
NO_PRACTICES = Note(
    text="No file names people's practices, so people count as independent in these figures; if "
    "people of one practice are alike, the intervals are too narrow."
)
NO_STRATA = Note(
    text="The strata of the allocation could not be allowed for here, as too little carries them."
)


def contacts_of(study: Study) -> NDArray[np.int64]:
    """Count the attended contacts of everybody, as the page of what was delivered does.

    Parameters
    ----------
    study : Study
        With tables of episodes and contacts.

    Returns
    -------
    ndarray of int, shape (people,)
        0 for those of whom no contact was logged.
    """
    which = rules_of(study.plan.retention, None).which_episode
    log = service_log(study, which_episode=which)
    attended = np.zeros(len(study.people), dtype=np.int64)
    np.add.at(attended, log.person[log.chosen], log.times(log.attended()))
    return attended


def measured(pair: Pair) -> pd.DataFrame:
    """Give the people of a pair of groups who have both scores.

    Parameters
    ----------
    pair : Pair

    Returns
    -------
    DataFrame
    """
    frame = pair.frame
    return frame[frame[[BEFORE, AFTER]].notna().all(axis=1)].reset_index(drop=True)


def by_practice(pair: Pair) -> str | None:
    """Column of practices, where they are known and each is of one group.

    Parameters
    ----------
    pair : Pair

    Returns
    -------
    str or None
        None where people of one practice were allocated apart, and count as independent.
    """
    if not pair.practices or (pair.frame.groupby(PRACTICE)[GROUP].nunique() > 1).any():
        return None
    return PRACTICE


def alone(pair: Pair) -> tuple[Note, ...]:
    """Say where people count as independent although their practices are known, or are not.

    Parameters
    ----------
    pair : Pair

    Returns
    -------
    tuple of Note
    """
    if by_practice(pair) is not None:
        return ()
    return (WITHIN,) if pair.practices else (NO_PRACTICES,)


def strata_of(frame: pd.DataFrame) -> Covariates:
    """The strata of the allocation as a covariate, where there are at least two.

    Parameters
    ----------
    frame : DataFrame

    Returns
    -------
    tuple of str
    """
    there = STRATUM in frame.columns and frame[STRATUM].nunique() > 1
    return (f"C({STRATUM})",) if there else ()


def fit_within(
    fit: Callable[[Covariates], Fitted], strata: Covariates
) -> tuple[Fitted, tuple[Note, ...]]:
    """Fit with the strata of the allocation, or without where they cannot be told apart.

    Parameters
    ----------
    fit : callable
        Takes covariates.
    strata : tuple of str

    Returns
    -------
    fitted : object
    notes : tuple of Note

    Raises
    ------
    FitError
        It cannot be fitted without them either.
    """
    if not strata:
        return fit(()), ()
    try:
        return fit(strata), ()
    except FitError:
        return fit(()), (NO_STRATA,)


def once(notes: list[Note]) -> tuple[Note, ...]:
    """Notes in their order, each once.

    Parameters
    ----------
    notes : list of Note

    Returns
    -------
    tuple of Note
    """
    return tuple({note.text: note for note in notes}.values())


def few_df(dfs: list[Any]) -> tuple[Note, ...]:
    """A warning where an interval rests on few degrees of freedom.

    Parameters
    ----------
    dfs : list of float or None

    Returns
    -------
    tuple of Note
    """
    if not any(df is not None and df < _FEW_DF for df in dfs):
        return ()
    return (Note(text=_ROUGH),)


_FEW_DF = 4
_ROUGH = (
    "Where df is below 4, the practices are too few or too unlike for the interval to be more than "
    "rough."
)
