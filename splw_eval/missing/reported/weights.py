"""The main difference among those measured, weighted by how likely that was: a check."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.missing_rows import ObservedWeightRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.missing.reported.compared import Compared, Told, compared_in
from splw_eval.missing.reported.drawing import UNFIT
from splw_eval.missing.reported.filled import filled_of, once
from splw_eval.stats.weighting import observed

UNWEIGHTED, WEIGHTED, AGAIN = "None: everybody alike", "One over the chance", "The same, made anew"
_CHECK = (
    "A check and not another main answer. It is right where those lost are like those measured "
    "who had the same scores so far; it knows nothing of what was never asked."
)
_HOW = (
    "Chances of being measured are fitted in each group by itself, wave by wave, given all scores "
    "so far, the strata and what the plan names to help. Somebody measured after a missed wave has "
    "no weight."
)
_FEWER = "Strata and what the plan names to help are left out of these: too few were lost for that."
_START_ONLY = (
    "Chances are given by the score at the start alone, as too few were lost at single waves to go "
    "wave by wave. That is right only where scores in between do not matter."
)
_NONE = "The chances of being measured cannot be fitted: too few were lost, or too few were kept."
_JACKKNIFE = (
    "Made anew: without each practice in turn, with new chances each time; t with practices less "
    "2 degrees of freedom. The line above it takes the weights as known."
)
_SOURCES = (
    "Robins, Rotnitzky & Zhao 1995, J Am Stat Assoc 90:106",
    "Seaman & White 2013, Stat Methods Med Res 22:278",
)
_NOBODY = "nobody was lost at this wave, so everybody would have the same weight."
Floats = NDArray[np.float64]


def describe_observed_weights(study: Study) -> Result[ObservedWeightRow]:
    """Compare those measured, plain and weighted by one over their chance of being measured.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ObservedWeightRow
    """
    filled = filled_of(study)
    if isinstance(filled, tuple):
        return _result((), filled)
    rows: list[ObservedWeightRow] = []
    notes: list[Note] = []
    for compared in compared_in(filled):
        if not sum(compared.lost()):
            notes.append(Note(text=f"{compared.words}: {_NOBODY}"))
            continue
        found, said = _weighted(compared)
        rows += found
        notes += said
    if rows:
        notes = [Note(text=_CHECK), *notes]
        if any(row.method == AGAIN for row in rows):
            notes.append(Note(text=_JACKKNIFE))
    return _result(tuple(rows), once(notes))


def _result(
    rows: tuple[ObservedWeightRow, ...], notes: tuple[Note, ...]
) -> Result[ObservedWeightRow]:
    return Result(
        key="observed_weights",
        title="People measured, weighted to stand for those lost",
        unit="points of the score",
        row_type=ObservedWeightRow,
        rows=rows,
        notes=notes,
        sources=_SOURCES if rows else (),
    )


def _weighted(compared: Compared) -> tuple[list[ObservedWeightRow], list[Note]]:
    """Rows with all that tells the chances, or with as much as those lost carry."""
    x = compared.filled.draws.data.x[compared.who]
    columns = x[:, (x != x[:1]).any(axis=0)]
    none, fewer = columns[:, :0], (_FEWER,) if columns.shape[1] else ()
    tries = (
        (columns, "waves", (_HOW,)),
        (none, "waves", (_HOW, *fewer)),
        (none, "baseline", (_START_ONLY,)),
    )
    for held, history, said in tries:
        try:
            return list(_rows(compared, held, history)), [Note(text=words) for words in said]
        except UNFIT:
            continue
    return [], [Note(text=f"{compared.words}: {_NONE}")]


def _rows(compared: Compared, columns: Floats, history: str) -> Iterator[ObservedWeightRow]:
    data, place = compared.filled.draws.data, compared.filled.places[-1]
    whole = data.y[compared.who]
    kept = ~np.isnan(whole[:, 0])
    scores, x = whole[kept], columns[kept]
    second = compared.programme[kept]
    made = observed.observed_weights(scores, x, second, place, history=history)
    practices = compared.practices
    unit = np.arange(len(whole))[kept] if practices is None else practices[kept]
    outcome = scores[:, place] - (scores[:, 0] if compared.filled.change else 0.0)
    beside = compared.design(whole[:, 0])[kept][:, 2:]
    beside = beside[:, np.ptp(beside[~np.isnan(outcome)], axis=0) > 0]
    plain = observed.weighted_difference(outcome, second, beside, unit)
    yield _row(compared, UNWEIGHTED, plain, made)
    known = observed.weighted_difference(outcome, second, beside, unit, made.weights)
    yield _row(compared, WEIGHTED, known, made)
    if practices is None or compared.filled.change:
        return
    try:
        again = observed.jackknife_weighted(scores, x, second, beside, unit, place, history=history)
    except FitError:
        return  # without some practice the chances have no fit
    yield _row(compared, AGAIN, again, made)


def _row(
    compared: Compared,
    method: str,
    found: observed.ArmDifference,
    made: observed.ObservedWeights,
) -> ObservedWeightRow:
    told: Told = compared.told(found.estimate, found.std_error, found.df)
    lost = int((~made.measured).sum())
    by_arm = [n for n in compared.lost() if n]
    even = method == UNWEIGHTED
    effective = found.n if even else math.floor(made.effective(made.used) + 0.5)
    return ObservedWeightRow(
        outcome=compared.filled.study.plan.primary.name,
        compared=compared.words,
        when=_when(compared),
        method=method,
        n=found.n,
        missing=lost,
        n_fewest=min(compared.smaller(), *by_arm),
        effective=effective,
        estimate=told.estimate,
        std_error=told.std_error,
        conf_low=told.conf_low,
        conf_high=told.conf_high,
        p_value=told.p_value,
        df=told.df,
        clusters=compared.clusters,
        interval="jackknife of practices" if method == AGAIN else told.interval,
    )


def _when(compared: Compared) -> str:
    """The wave weighted for: of several the last."""
    plan, place = compared.filled.study.plan, compared.filled.places[-1]
    return plan.waves[compared.filled.long.waves[place]].title
