"""Two groups compared in completed scores, as the plan's main question asks."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.describe.people_frame import Pair
from splw_eval.missing.filling.impute import impute
from splw_eval.missing.filling.imputed import Imputations
from splw_eval.missing.reported.disengaged import DAYS_A_MONTH, ENDED
from splw_eval.missing.reported.filled import Filled
from splw_eval.stats import FEWEST_CLUSTERS
from splw_eval.stats.imputation.delta import lost_waves
from splw_eval.stats.imputation.tipping import Shifted, shifted_comparison
from splw_eval.stats.tails import t_critical, t_p_value

Floats = NDArray[np.float64]
FEW, LITTLE = "none: fewer than 4 practices", "none: fewer than 2 degrees of freedom"
FEWEST_DF = 2.0  # below which an interval says nothing and its ends run away
LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One difference; None where nothing can be said of chance, as `interval` then says."""

    estimate: float
    std_error: float | None
    df: float | None
    p_value: float | None
    conf_low: float | None
    conf_high: float | None
    interval: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Compared:
    """An arm of the programme and the comparison.

    Attributes
    ----------
    filled : Filled
    pair : Pair
    arm : int
        Code of the programme's arm; the comparison is 0.
    """

    filled: Filled
    pair: Pair
    arm: int

    @property
    def words(self) -> str:
        """Who is compared with whom."""
        return f"{self.pair.groups[1]} compared with {self.pair.groups[0]}"

    @property
    def who(self) -> NDArray[np.bool_]:
        """People of both groups, shape (n,)."""
        return np.isin(self.filled.draws.data.arm, (0, self.arm))

    @property
    def programme(self) -> NDArray[np.bool_]:
        """Of those, people of the programme."""
        return np.asarray(self.filled.draws.data.arm[self.who] == self.arm)

    @property
    def seen(self) -> NDArray[np.bool_]:
        """Of those, who was measured at every wave compared."""
        observed = self.filled.draws.data.observed[self.who]
        return np.asarray(observed[:, list(self.filled.places)].all(axis=1))

    @property
    def complete(self) -> NDArray[np.bool_]:
        """Of those, who was measured at the start too."""
        return np.asarray(self.seen & self.filled.draws.data.observed[self.who][:, 0])

    @property
    def practices(self) -> NDArray[np.int64] | None:
        """Of those, the practices; None where people are the units."""
        codes = self.filled.draws.data.practice
        return None if codes is None else np.unique(codes[self.who], return_inverse=True)[1]

    @property
    def clusters(self) -> int | None:
        """How many practices there are."""
        codes = self.practices
        return None if codes is None else len(np.unique(codes))

    @property
    def interval(self) -> str:
        """What an interval rests on."""
        if self.clusters is None:
            return "people as units"
        return FEW if self.clusters < FEWEST_CLUSTERS else "CR2, Satterthwaite's df"

    def lost(self) -> tuple[int, int]:
        """People whose score is missing, of the programme and of the comparison."""
        gone = ~self.seen
        return int((gone & self.programme).sum()), int((gone & ~self.programme).sum())

    def smaller(self) -> int:
        """People measured in the smaller group."""
        of_programme = int((self.seen & self.programme).sum())
        return min(of_programme, int(self.seen.sum()) - of_programme)

    def design(self, start: Floats) -> Floats:
        """Columns of the comparison: intercept, arm, start and strata.

        Parameters
        ----------
        start : ndarray, shape (people,)

        Returns
        -------
        ndarray, shape (people, p)
        """
        parts: list[Any] = [np.ones(len(start)), self.programme.astype(float)]
        if not self.filled.change:
            parts.append(start)
        if self.filled.strata is not None:
            codes = np.unique(self.filled.strata[self.who], return_inverse=True)[1]
            parts += [(codes == level).astype(float) for level in range(1, codes.max() + 1)]
        return np.column_stack(parts)

    def outcome(self, scores: Floats) -> Floats:
        """Scores compared, shape (people,), or changes where chance formed no groups."""
        made = scores[:, list(self.filled.places)].mean(axis=1)
        return np.asarray(made - scores[:, 0] if self.filled.change else made)

    def moved(self, imputations: Imputations) -> Floats:
        """How much of a point added reaches each person, shape (2, people): programme first."""
        data = self.filled.draws.data
        since = lost_waves(~data.observed, imputations.assumed.after)[self.who]
        share = (since[:, list(self.filled.places)] > 0).mean(axis=1)
        return np.array([share * self.programme, share * ~self.programme])

    def shifted(self, imputations: Imputations) -> Shifted:
        """Compare the groups in every completed data set."""
        held = imputations.scores[:, self.who]
        return shifted_comparison(
            np.array([self.outcome(scores) for scores in held]),
            [self.design(scores[:, 0]) for scores in held],
            self.moved(imputations),
            cluster=self.practices,
            conf_level=LEVEL,
        )

    def of_complete(self) -> Told:
        """Compare those measured, and leave out all others."""
        data, kept = self.filled.draws.data, self.complete
        scores = data.y[self.who]
        codes = self.practices
        x = self.design(scores[:, 0])[kept]
        if not len(x) or np.ptp(x[:, 1]) == 0:
            raise FitError("Those measured at all waves that count are of one group.")
        x = x[:, [0, *(k for k in range(1, x.shape[1]) if np.ptp(x[:, k]) > 0)]]
        y = self.outcome(scores)[kept]
        one = shifted_comparison(
            np.array([y, y]),
            [x, x],
            np.zeros((1, len(y))),
            cluster=None if codes is None else np.unique(codes[kept], return_inverse=True)[1],
            conf_level=LEVEL,
        )
        error = math.sqrt(float((one.scores[0] ** 2).sum()))
        return self.told(float(one.estimate[0]), error, one.df_complete)

    def told(self, estimate: float, error: float, df: float) -> Told:
        """A difference with its test and limits, where practices are enough for them."""
        few = self.interval == FEW
        if few or not (error > 0 and df >= FEWEST_DF):
            none = dict.fromkeys(("std_error", "df", "p_value", "conf_low", "conf_high"))
            return Told(estimate=estimate, interval=FEW if few else LITTLE, **none)
        reach = t_critical(df, LEVEL) * error
        return Told(
            estimate=estimate,
            std_error=error,
            df=df,
            p_value=t_p_value(estimate / error, df),
            conf_low=estimate - reach,
            conf_high=estimate + reach,
            interval=self.interval,
        )


def compared_in(filled: Filled) -> Iterator[Compared]:
    """Give each arm of the programme with the comparison."""
    for arm, pair in filled.arms:
        yield Compared(filled=filled, pair=pair, arm=arm)


def under(filled: Filled, strategy: str) -> Imputations:
    """Fill in the scores under a strategy for people of the programme.

    Parameters
    ----------
    filled : Filled
    strategy : str

    Returns
    -------
    Imputations
    """
    left = filled.left
    known = left is not None and left.days is not None
    months = [filled.study.plan.waves[wave].month for wave in filled.long.waves]
    times = {place: month * DAYS_A_MONTH for place, month in enumerate(months)}
    return impute(
        filled.draws,
        strategy=strategy,
        reference=0,
        arms=[arm for arm, _ in filled.arms] if strategy != "MAR" else None,
        ended=ENDED if known else None,
        times=times if known else None,
    )
