"""Rows of one wave of completed data sets, with the other waves' scores beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from splw_eval.missing.checks import finding, refuse
from splw_eval.models.variables import level_label

if TYPE_CHECKING:
    import pandas as pd


class DrawsNamed(Protocol):
    """Names of the columns that draws were made from."""

    @property
    def outcome(self) -> str: ...  # noqa: D102
    @property
    def person(self) -> str: ...  # noqa: D102
    @property
    def wave(self) -> str: ...  # noqa: D102
    @property
    def arm(self) -> str | None: ...  # noqa: D102
    @property
    def cluster(self) -> str | None: ...  # noqa: D102
    @property
    def imputations(self) -> int: ...  # noqa: D102


class CompletedWaves(Protocol):
    """Completed data sets in rows of people and waves."""

    @property
    def draws(self) -> DrawsNamed: ...  # noqa: D102

    def frame(self, m: int) -> pd.DataFrame: ...  # noqa: D102


def wave_frames(imputations: CompletedWaves, wave: Any, first: int = 0) -> Iterator[pd.DataFrame]:
    """One frame for each completed data set: the people of one wave.

    Parameters
    ----------
    imputations : CompletedWaves
    wave : object
        Label of the wave.
    first : int
        Number of the first completed data set.

    Yields
    ------
    DataFrame
        One row for each person with the columns of that wave; the scores of every wave are
        added as ``{outcome}_{wave}``, so that a fixed part may name the baseline score.

    Raises
    ------
    MissingError
        No row has that wave.
    """
    draws = imputations.draws
    places: dict[Any, Any] = {}
    for m in range(first, first + draws.imputations):
        whole = imputations.frame(m)
        if not places:
            places, wave = _places(whole, draws, wave)
        scores = whole[draws.outcome].to_numpy()
        rows = whole.iloc[places[wave]].reset_index(drop=True)
        added = {
            f"{draws.outcome}_{level_label(label)}": scores[at] for label, at in places.items()
        }
        yield rows.assign(**{name: each for name, each in added.items() if name not in rows})


def _places(whole: pd.DataFrame, draws: DrawsNamed, wave: Any) -> tuple[dict[Any, Any], Any]:
    """Rows of each wave, people in one order, and the wave as it is labelled."""
    from pandas import Index

    labels, people = whole[draws.wave].to_numpy(), whole[draws.person].to_numpy()
    known = {level_label(label): label for label in dict.fromkeys(labels)}
    if level_label(wave) not in known:
        problem = "wave= is none of the waves that were completed"
        remedy = f"There are: {', '.join(known)}."
        refuse([finding("SN01", problem, remedy, column=draws.wave)])
    wave = known[level_label(wave)]
    found = {label: np.flatnonzero(labels == label) for label in known.values()}
    order = Index(people[found[wave]])
    return {label: at[Index(people[at]).get_indexer(order)] for label, at in found.items()}, wave
