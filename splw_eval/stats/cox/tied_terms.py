"""Terms of the partial likelihood: one for each tied event, and their sums by moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cox.risk_sums import RiskRows

Array = NDArray[np.float64]
Ties = Literal["efron", "breslow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TiedTerms:
    """Terms of the likelihood: one for each tied event, or under Breslow for each moment.

    Attributes
    ----------
    share : ndarray, shape (terms,)
        l/D, the share of the tied events that the denominator leaves out.
    weight : ndarray, shape (terms,)
        Events the term stands for, weighted.
    below : ndarray, shape (terms,)
        Denominator: sum of the risks of those at risk less the share of the tied events.
    starts : ndarray of int, shape (moments,)
        First term of each moment.
    """

    share: Array
    weight: Array
    below: Array
    starts: NDArray[np.intp]

    def total(self, shares: int, belows: int) -> Array:
        """Sum by moment of weight x share to one power / denominator to another.

        Parameters
        ----------
        shares, belows : int

        Returns
        -------
        ndarray, shape (moments,)
        """
        term = self.weight / self.below**belows
        return np.add.reduceat(term * self.share**shares if shares else term, self.starts)


def tied_terms(rows: RiskRows, at_risk: Array, dying: Array, ties: Ties) -> TiedTerms:
    """Terms of the likelihood from the risks at each moment.

    Parameters
    ----------
    rows : RiskRows
    at_risk, dying : ndarray, shape (moments,)
        Risks of those at risk and of the tied events.
    ties : {"efron", "breslow"}

    Returns
    -------
    TiedTerms
    """
    deaths = rows.deaths
    if ties == "breslow":
        every = np.arange(len(deaths))
        weight = rows.mean_weight * deaths
        return TiedTerms(share=np.zeros(len(every)), weight=weight, below=at_risk, starts=every)
    starts = np.cumsum(deaths) - deaths
    place = np.arange(int(deaths.sum())) - np.repeat(starts, deaths)
    share = place / np.repeat(deaths, deaths)
    below = np.repeat(at_risk, deaths) - share * np.repeat(dying, deaths)
    weight = np.repeat(rows.mean_weight, deaths)
    return TiedTerms(share=share, weight=weight, below=below, starts=starts)
