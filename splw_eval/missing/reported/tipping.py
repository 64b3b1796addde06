"""How much worse people lost must have done for the conclusion to be another one."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.missing_rows import TippingRow
from splw_eval.core.plan import Outcome
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.missing.reported.compared import (
    FEW,
    FEWEST_DF,
    LITTLE,
    Compared,
    compared_in,
    under,
)
from splw_eval.missing.reported.drawing import UNFIT
from splw_eval.missing.reported.filled import filled_of, once, why_not
from splw_eval.missing.reported.turning import Turning, turning_of
from splw_eval.missing.reported.words import SOURCES, shared_notes
from splw_eval.stats.imputation.tipping import Shifted

FAVOUR, OPEN, AGAINST = "programme better", "no difference possible", "programme worse"
_OF_MID = (0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0)
_OF_SD = (0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
_NOBODY = "nobody was lost from the programme at this wave, so there are no scores to change."
_POINTS = (
    "Points are added to scores that were filled in as those of people alike, who were seen. "
    "Whether so many points are likely is for the reader to judge: no data can tell."
)
_STEPS_CHOSEN = "The plan names no steps, so they were chosen here, from the MID or the scores."
_NO_CHANGE = (
    "A point where the conclusion changes is looked for up to the whole range of the score; a "
    "dash says that there is none."
)
_ANEW = "Drawn anew, the points where the conclusion changes would move a little."


def describe_tipping(study: Study) -> Result[TippingRow]:
    """Give the main difference if people lost did so many points worse.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of TippingRow
        For each group of the programme and each step for either group; with the points at which
        the interval begins to hold no difference, and to leave it on the other side.
    """
    filled = filled_of(study)
    if isinstance(filled, tuple):
        return _result((), filled)
    rows: list[TippingRow] = []
    notes: list[Note] = []
    for compared in compared_in(filled):
        if compared.interval == FEW:
            notes.append(_no_interval(compared, FEW))
            continue
        try:
            found, said = _grid(compared)
        except UNFIT as error:
            notes += why_not(error)
            continue
        rows += found
        notes += said
    if rows:
        own = (_POINTS, _NO_CHANGE, *(() if _asked(study) else (_STEPS_CHOSEN,)), _ANEW)
        notes += [*(Note(text=words) for words in own), *shared_notes(filled)]
    return _result(tuple(rows), once(notes))


def _result(rows: tuple[TippingRow, ...], notes: tuple[Note, ...]) -> Result[TippingRow]:
    return Result(
        key="tipping",
        title="If people who were lost did worse than people like them",
        unit="points of the score",
        row_type=TippingRow,
        rows=rows,
        notes=notes,
        sources=SOURCES if rows else (),
    )


def _no_interval(compared: Compared, why: str) -> Note:
    said = why.removeprefix("none: ")
    text = f"{compared.words}: {said}, so there is no interval and no conclusion that could tip."
    return Note(text=text)


def _asked(study: Study) -> tuple[float, ...]:
    return study.plan.missing.deltas if study.plan.missing else ()


def steps_of(study: Study, spread: float) -> tuple[float, ...]:
    """Give the steps of the grid: those of the plan, else by the MID or the scores' spread.

    Parameters
    ----------
    study : Study
    spread : float
        Standard deviation of the scores seen.

    Returns
    -------
    tuple of float
        Rising from 0.
    """
    asked = _asked(study)
    if not asked:
        mid = study.plan.primary.mid
        unit, parts = (mid.value, _OF_MID) if mid else (spread, _OF_SD)
        asked = tuple(float(f"{unit * part:.3g}") for part in parts)
    return (0.0, *(step for step in dict.fromkeys(asked) if step > 0))


def _grid(compared: Compared) -> tuple[list[TippingRow], list[Note]]:
    study = compared.filled.study
    outcome = study.plan.primary
    imputations = under(compared.filled, "MAR")
    shifted, moved = compared.shifted(imputations), compared.moved(imputations)
    if float(shifted.pooled([[0.0, 0.0]]).df[0]) < FEWEST_DF:
        return [], [_no_interval(compared, LITTLE)]
    people = [int((part > 0).sum()) for part in moved]
    if not people[0]:
        return [], [Note(text=f"{compared.words}: {_NOBODY}")]
    data = compared.filled.draws.data
    seen = compared.outcome(data.y[compared.who])[compared.complete]
    steps = steps_of(study, float(seen.std(ddof=1)))
    worse = -1.0 if outcome.direction == "higher_is_better" else 1.0
    reach = outcome.range[1] - outcome.range[0]
    rows: list[TippingRow] = []
    for theirs in steps if people[1] else (0.0,):
        turning = turning_of(shifted, theirs, worse=worse, reach=reach)
        fewest = min(compared.smaller(), people[0], *([people[1]] if theirs else []))
        rows += _rows(compared, shifted, steps, theirs, turning, worse, fewest)
    return rows, []


def _rows(
    compared: Compared,
    shifted: Shifted,
    steps: tuple[float, ...],
    theirs: float,
    turning: Turning,
    worse: float,
    fewest: int,
) -> Iterator[TippingRow]:
    outcome = compared.filled.study.plan.primary
    pooled = shifted.pooled([[worse * mine, worse * theirs] for mine in steps])
    for place, mine in enumerate(steps):
        low, high = float(pooled.conf_low[place]), float(pooled.conf_high[place])
        yield TippingRow(
            outcome=outcome.name,
            compared=compared.words,
            when=compared.pair.when,
            delta_programme=mine,
            delta_comparison=theirs,
            n_fewest=fewest,
            estimate=float(pooled.estimate[place]),
            conf_low=low,
            conf_high=high,
            conclusion=concluded(low, high, outcome),
            better_until=turning.better_until,
            worse_from=turning.worse_from,
        )


def concluded(low: float, high: float, outcome: Outcome) -> str:
    """What an interval leaves to be concluded.

    Parameters
    ----------
    low, high : float
    outcome : Outcome

    Returns
    -------
    str
    """
    if low <= 0 <= high:
        return OPEN
    return FAVOUR if (low > 0) is (outcome.direction == "higher_is_better") else AGAINST
