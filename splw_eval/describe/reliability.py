"""Whether the items of a score agree, and how large a single score's error is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Outcome
from splw_eval.core.quality_rows import ReliabilityRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.keyed_items import keyed_items, looked_up
from splw_eval.describe.sources import ALPHA, RELIABLE_CHANGE
from splw_eval.stats.reliability import AlphaFit, fit_alpha
from splw_eval.stats.reliable_change import ReliableChange, fit_reliable_change

# As for an SD beside an interval: n must remain at least this uncertain.
_POSSIBLE_N = 10.0
_PRINTED = 0.01  # alpha and its limits have two decimals
NOT_TO_TELL_N = "complete people; no interval: beside alpha it would tell how many they are"


@dataclass(frozen=True, slots=True, kw_only=True)
class Consistency:
    """Alpha of one outcome at one wave, and the error that follows from it.

    Attributes
    ----------
    alpha : AlphaFit
    answered : int
        People with any item.
    sd : float or None
        SD of the score among the complete people; None below 2 of them.
    change : ReliableChange or None
        None where alpha or the SD is missing, or alpha is below 0 or is 1.
    """

    alpha: AlphaFit
    answered: int
    sd: float | None
    change: ReliableChange | None


def describe_reliability(study: Study) -> Result[ReliabilityRow]:
    """Give Cronbach's alpha and the error of measurement, over all arms together.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ReliabilityRow
        One row for each outcome whose items the files hold, and wave.
    """
    rows: list[ReliabilityRow] = []
    without: list[str] = []
    approximate: list[Note] = []
    for outcome in study.plan.outcomes:
        held = keyed_items(study, outcome)
        if held is None:
            without.append(f"{outcome.label}: the files hold no items, so no alpha can be given.")
        elif held.values is None:
            without.append(f"{outcome.label}: no alpha, as {held.why_none}.")
        else:
            rows.extend(_rows(study, outcome, held.values))
            approximate += [note for note in [looked_up(outcome, held)] if note]
    return Result(
        key="reliability",
        title="Whether the items of each questionnaire agree",
        unit="points of the score",
        row_type=ReliabilityRow,
        rows=tuple(rows),
        notes=(*(_NOTES if rows else ()), *approximate, *(Note(text=text) for text in without)),
        sources=(ALPHA, RELIABLE_CHANGE) if rows else (),
    )


_NOTES = (
    Note(
        text="Cronbach's alpha says how far the items of a score go together among these people: "
        "near 1 they agree, near 0 they do not. It is internal consistency. It does not say that "
        "the score would be the same a week later, nor that it measures the right thing; it rises "
        "with the number of items, and falls where people are alike."
    ),
    Note(
        text="It rests on people with every item at that wave, all groups together, taken as "
        "independent. The standard error of measurement is the SD of their scores times the root "
        "of 1 - alpha; the smallest reliable change is 1.96 times the root of 2 times that."
    ),
)


def consistency(values: NDArray[np.float64], scores: NDArray[np.float64]) -> Consistency:
    """Alpha at one wave, and the error that follows from it.

    Parameters
    ----------
    values : ndarray of float, shape (people, items)
        Items as the score counts them.
    scores : ndarray of float, shape (people,)
    """
    given = ~np.isnan(values)
    fit = fit_alpha(values)
    of_complete = scores[given.all(axis=1) & ~np.isnan(scores)]
    sd = float(of_complete.std(ddof=1)) if len(of_complete) > 1 else None
    usable = fit.alpha is not None and 0 <= fit.alpha < 1 and sd
    change = fit_reliable_change(sd, fit.alpha) if usable and sd and fit.alpha is not None else None
    return Consistency(alpha=fit, answered=int(given.any(axis=1).sum()), sd=sd, change=change)


def _rows(study: Study, outcome: Outcome, values: NDArray[np.float64]) -> Iterator[ReliabilityRow]:
    exact = study.plan.disclosure.profile == "public_data"
    for code, wave in enumerate(study.plan.waves):
        found = consistency(values[:, code], study.scores[outcome.name][:, code])
        fit, shown = found.alpha, exact or _leaves_n_open(found.alpha)
        yield ReliabilityRow(
            outcome=outcome.name,
            wave=wave.name,
            month=wave.month,
            items=fit.items,
            n=fit.n,
            n_incomplete=found.answered - fit.n,
            alpha=fit.alpha,
            conf_low=fit.conf_low if shown else None,
            conf_high=fit.conf_high if shown else None,
            sd=found.sd,
            sem=found.change.sem if found.change else None,
            smallest_change=found.change.threshold if found.change else None,
            method=fit.method if shown else NOT_TO_TELL_N,
        )


def _leaves_n_open(fit: AlphaFit) -> bool:
    """Whether alpha and its printed interval leave several numbers of people possible.

    The interval is about 1.96 (1 - alpha) sqrt(2 k / (k - 1)) / sqrt(n) wide on each side, so
    that product plays the part that an SD plays beside the interval of a mean.
    """
    if fit.alpha is None or fit.conf_low is None:
        return True
    spread = (1 - fit.alpha) * sqrt(2 * fit.items / (fit.items - 1))
    return spread > 0 and fit.n**1.5 * _PRINTED / spread >= _POSSIBLE_N
