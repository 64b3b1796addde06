"""People measured, weighted to stand for those lost: a check of the other methods."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.missing.checks import check_level, check_word, finding, refuse
from splw_eval.missing.loss.observed_weights_words import nobody_measured, weights_notes
from splw_eval.missing.loss.people_before import (
    PeopleBefore,
    check_arm,
    columns_of,
    covariates_named,
    people_before,
)
from splw_eval.missing.loss.wave_scores import WaveScores, read_wave_scores
from splw_eval.missing.plain_text import result_text
from splw_eval.stats.tails import t_critical, t_p_value
from splw_eval.stats.weighting import observed

if TYPE_CHECKING:
    import pandas as pd

COMPLETE, WEIGHTED, AGAIN = "complete cases", "weighted", "weighted, jackknife"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class WeightedCheck:
    """Arm differences among those measured, plain and weighted.

    Attributes
    ----------
    table : DataFrame
        ``term wave adjusted people estimate std_error df statistic p_value conf_low conf_high n``,
        outcome units; `people` is ``complete cases``, ``weighted`` (CR2, the weights as known) or
        ``weighted, jackknife`` (each practice left out, the weights made anew; t with practices
        less 2).
    sizes : DataFrame
        ``arm wave n measured weighted effective_size largest_weight smallest_chance``.
    weights : DataFrame
        ``person wave measured chance weight``, one row for each person and wave, in order. A
        weight is the share of the arm that is weighted, over the person's own chance, so that
        weights have a mean of about 1 in each arm; 0 for whoever has none.
    history : str
    n : int
    conf_level : float
    method : str
    notes : tuple of str
    """

    table: pd.DataFrame
    sizes: pd.DataFrame
    weights: pd.DataFrame
    history: str
    n: int
    conf_level: float
    method: str
    notes: tuple[str, ...]

    def to_frame(self) -> pd.DataFrame:
        """The table, as a copy."""
        return self.table.copy()

    def __repr__(self) -> str:
        return f"<WeightedCheck: {self.n} people, waves {', '.join(self.table['wave'].unique())}>"

    def __str__(self) -> str:
        level = f"{100 * self.conf_level:.6g}%"
        title = f"Difference of the arms among those measured, plain and weighted ({level} limits)"
        return result_text(title, self.table, self.method, self.notes)


def observed_weights(  # noqa: PLR0913 - each is a column or a choice that a reader must see
    frame: pd.DataFrame,
    *,
    outcome: str,
    person: str,
    wave: str,
    arm: str,
    cluster: str,
    covariates: Sequence[str] | str = (),
    at: Any = None,
    reference: Any = None,
    history: str = "waves",
    conf_level: float = 0.95,
) -> WeightedCheck:
    """Weigh those measured by one over their chance of being measured, and compare the arms.

    Parameters
    ----------
    frame : DataFrame
        One row of each person at each wave, as for `pattern_table`.
    outcome, person, wave, arm, cluster : str
        Columns; two arms.
    covariates : sequence of str, or str
        Columns known at the start (``C(name)`` for numbers that stand for categories), or a
        formula.
    at : object, optional
        The wave, as its column holds it; by default each wave after the first.
    reference : object, optional
        The arm that the other is compared with; by default the first in order.
    history : {"waves", "baseline"}
        ``waves``: chances wave by wave given all scores so far, multiplied. ``baseline``: one
        chance given the first score, which is right only where later scores do not matter.
    conf_level : float

    Returns
    -------
    WeightedCheck
        Chances are fitted within each arm. Differences are given unadjusted and adjusted for
        the first score and the covariates, always both.

    Raises
    ------
    MissingError
        Columns or options cannot be used, or no chance can be fitted.
    FitError
        The arms cannot be compared.

    Sources
    -------
    Robins, Rotnitzky & Zhao 1995, J Am Stat Assoc 90:106; Seaman & White 2013, Stat Methods Med
    Res 22:278.
    """
    import pandas as pd

    terms, columns, options = covariates_named(covariates)
    options += check_word("history", history, observed.HISTORIES)
    refuse([*options, *check_level(conf_level), *check_arm(arm)])
    read = read_wave_scores(
        frame,
        outcome=outcome,
        person=person,
        wave=wave,
        arm=arm,
        cluster=cluster,
        covariates=columns_of(frame, columns),
    )
    waves = range(1, len(read.waves)) if at is None else [read.place(at)]
    before = people_before(read, max(waves), outcome, arm, terms, cluster, reference, scores=False)
    made = {place: _weights(read, before, place, history, outcome) for place in waves}
    return WeightedCheck(
        table=pd.DataFrame(
            row
            for place, weights in made.items()
            for row in _rows(read, before, place, weights, history, conf_level)
        ),
        sizes=pd.DataFrame(
            row for place, weights in made.items() for row in _sizes(read, before, place, weights)
        ),
        weights=pd.concat([_each(read, before, place, made[place]) for place in waves]),
        history=history,
        n=len(before.places),
        conf_level=conf_level,
        method=_METHODS[history],
        notes=tuple(weights_notes(before, made, history)),
    )


_INFERENCE = (
    "weights scaled within arms to a mean of about 1; least squares with CR2 by practices, t with "
    "Satterthwaite's df, and the jackknife over practices, t with practices less 2 (fewer where "
    "an arm has less than 4)"
)
_METHODS = {
    "waves": "logistic chances of being measured within arms, wave by wave, given all scores so "
    f"far and the covariates; {_INFERENCE}",
    "baseline": "logistic chances of being measured within arms, given the first score and the "
    f"covariates; {_INFERENCE}",
}


def _weights(
    read: WaveScores, before: PeopleBefore, place: int, history: str, outcome: str
) -> observed.ObservedWeights:
    scores = read.scores[before.places]
    refuse(nobody_measured(read, before, place, history))
    try:
        return observed.observed_weights(scores, before.X, before.second, place, history=history)
    except FitError as error:
        remedy = "Take fewer covariates, join rare categories, or leave out this wave."
        problem = f"wave {read.waves[place]}: {error.message.rstrip('.')}"
        refuse([finding("SN35", problem, remedy, column=outcome)])
        raise AssertionError from None


def _rows(
    read: WaveScores,
    before: PeopleBefore,
    place: int,
    weights: observed.ObservedWeights,
    history: str,
    conf_level: float,
) -> Iterator[dict[str, Any]]:
    scores, second = read.scores[before.places], before.second
    nothing, beside = before.X[:, :0], np.column_stack([scores[:, 0], before.X])
    for adjusted, columns in ((False, nothing), (True, beside)):
        plain = (scores[:, place], second, columns, before.unit)
        found = {
            COMPLETE: observed.weighted_difference(*plain),
            WEIGHTED: observed.weighted_difference(*plain, weights.weights),
        }
        try:
            found[AGAIN] = observed.jackknife_weighted(
                scores, before.X, second, columns, before.unit, place, history=history
            )
        except FitError:
            same = found[WEIGHTED]
            found[AGAIN] = observed.ArmDifference(
                estimate=same.estimate, std_error=math.nan, df=math.nan, n=same.n
            )
        for people, one in found.items():
            yield {
                "term": f"{before.arm}[T.{before.groups[1]}]",
                "wave": read.waves[place],
                "adjusted": adjusted,
                "people": people,
                **_inferred(one, conf_level),
            }


def _inferred(one: observed.ArmDifference, conf_level: float) -> dict[str, float]:
    usable = one.df > 0 and one.std_error > 0
    statistic = one.estimate / one.std_error if usable else math.nan
    reach = t_critical(one.df, conf_level) * one.std_error if usable else math.nan
    return {
        "estimate": one.estimate,
        "std_error": one.std_error,
        "df": one.df,
        "statistic": statistic,
        "p_value": t_p_value(statistic, one.df) if usable else math.nan,
        "conf_low": one.estimate - reach,
        "conf_high": one.estimate + reach,
        "n": one.n,
    }


def _sizes(
    read: WaveScores, before: PeopleBefore, place: int, weights: observed.ObservedWeights
) -> Iterator[dict[str, Any]]:
    for code, name in enumerate(before.groups):
        mine = before.second == bool(code)
        used = mine & weights.used
        yield {
            "arm": name,
            "wave": read.waves[place],
            "n": int(mine.sum()),
            "measured": int(weights.measured[mine].sum()),
            "weighted": int(used.sum()),
            "effective_size": weights.effective(mine),
            "largest_weight": float(weights.weights[used].max()),
            "smallest_chance": float(weights.chance[used].min()),
        }


def _each(
    read: WaveScores, before: PeopleBefore, place: int, weights: observed.ObservedWeights
) -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame(
        {
            "person": [read.persons[one] for one in before.places],
            "wave": read.waves[place],
            "measured": weights.measured,
            "chance": weights.chance,
            "weight": weights.weights,
        }
    )
