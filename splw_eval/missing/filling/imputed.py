"""Completed data sets: their scores, and as data frames."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.missing.checks import finding, refuse
from splw_eval.missing.filling.assumed import Assumed
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.plain_text import result_text

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Imputations:
    """Completed data sets, to be analysed alike and pooled.

    Attributes
    ----------
    draws : Draws
    scores : ndarray, shape (M, n, J)
        In units of the outcome; people and waves in the order of ``draws.inputs``.
    assumed : Assumed
        What was assumed of scores after people left.
    notes : tuple of str
    """

    draws: Draws
    scores: Floats
    assumed: Assumed
    notes: tuple[str, ...]

    @property
    def imputations(self) -> int:
        """How many there are, M."""
        return len(self.scores)

    @property
    def n(self) -> int:
        """People."""
        return self.draws.n

    @property
    def strategy(self) -> dict[str, str]:
        """Name of the strategy of each arm."""
        arms = self.draws.inputs.arms or ("all",)
        named = (one.name for one in self.assumed.strategies)
        return dict(zip(arms, named, strict=True))

    @property
    def method(self) -> str:
        """How they were made."""
        told = ", ".join(f"{name} in {arm}" for arm, name in self.strategy.items())
        left = "after the last score seen"
        if self.assumed.ended:
            left = f'after the end in the column "{self.assumed.ended}"'
        return f"{self.draws.method}; scores missing {left}: {told}"

    def frame(self, m: int) -> pd.DataFrame:
        """One completed data set, one row for each person and wave.

        Parameters
        ----------
        m : int
            From 0.

        Returns
        -------
        DataFrame
            People and waves in order, each row once, with the columns of the frame that was
            given. Person, wave, arm, practice, covariates and a baseline that is a column are
            filled in every row; further columns where the frame had the row.
        """
        self._check(m)
        inputs, scores = self.draws.inputs, self.scores[m]
        made = self.draws.rows.copy()
        first = int(inputs.baseline is not None)
        made[inputs.outcome] = scores[:, first:].ravel()
        if inputs.baseline is not None:
            made[inputs.baseline] = np.repeat(scores[:, 0], scores.shape[1] - first)
        return made

    def wide(self, m: int) -> pd.DataFrame:
        """One completed data set, one row for each person.

        Parameters
        ----------
        m : int
            From 0.

        Returns
        -------
        DataFrame
            Person, arm, practice, covariates, and a column for each wave: the outcome and the
            wave, such as ``score_3``; a baseline that is a column keeps its name.
        """
        import pandas as pd

        self._check(m)
        inputs = self.draws.inputs
        made = inputs.people.drop(columns=inputs.baseline or [])
        made.insert(0, inputs.person, pd.Index(inputs.persons))
        for place, wave in enumerate(inputs.waves):
            own = place or inputs.baseline is None
            name = f"{inputs.outcome}_{wave}" if own else wave
            made[name] = self.scores[m, :, place]
        return made

    def _check(self, m: Any) -> None:
        whole = isinstance(m, int | np.integer) and not isinstance(m, bool)
        if not whole or not 0 <= m < self.imputations:
            remedy = f"They are counted from 0 to {self.imputations - 1}."
            refuse([finding("SN01", "there is no such completed data set", remedy)])

    def __iter__(self) -> Iterator[pd.DataFrame]:
        return (self.frame(place) for place in range(self.imputations))

    def __len__(self) -> int:
        return self.imputations

    @property
    def table(self) -> pd.DataFrame:
        """Scores seen and filled, one row for each arm and wave.

        ``arm wave n missing mean_seen mean_filled mean sd``: means over the imputations, in
        units of the outcome.
        """
        import pandas as pd

        data, inputs = self.draws.data, self.draws.inputs
        rows = []
        for code, arm in enumerate(inputs.arms or ("all",)):
            for place, wave in enumerate(inputs.waves):
                own = data.arm == code
                seen = data.observed[own, place]
                given = self.scores[:, own, place]
                rows.append(
                    {
                        "arm": arm,
                        "wave": wave,
                        "n": int(own.sum()),
                        "missing": int((~seen).sum()),
                        "mean_seen": _mean(given[:, seen]),
                        "mean_filled": _mean(given[:, ~seen]),
                        "mean": float(given.mean()),
                        "sd": float(given.std(axis=1, ddof=1).mean()),
                    }
                )
        return pd.DataFrame(rows)

    def to_frame(self) -> pd.DataFrame:
        """The table."""
        return self.table

    def __repr__(self) -> str:
        return f"<Imputations: {self.imputations} completed data sets of {self.n} people>"

    def __str__(self) -> str:
        title = f"Completed scores ({self.draws.inputs.outcome})"
        return result_text(title, self.table, self.method, self.notes)


def _mean(values: Floats) -> float:
    return float(values.mean()) if values.size else float("nan")
