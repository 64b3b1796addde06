"""Scores by how many contacts people of the programme had: exploratory, and no effect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.confounding.received.dose import dose_response
from splw_eval.confounding.received.dose_rows import DoseResponse
from splw_eval.confounding.reported.received import (
    COUNTED,
    ONE_GROUP,
    alone,
    contacts_of,
    few_df,
    measured,
    once,
)
from splw_eval.core.confounding_rows import DoseResponseRow
from splw_eval.core.errors import FitError
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PERSON, PRACTICE, Pair, pairs_of
from splw_eval.retention.reported.kinds import why_not
from splw_eval.retention.reported.staying import known

if TYPE_CHECKING:
    import pandas as pd

CONTACTS = "contacts"
CUTS = (1.0, 3.0, 6.0)
FEWEST = 10  # people of a level; levels with fewer join their neighbours
EACH_MORE = "for each contact more"
WHY_NOT = Note(
    text="Exploratory, and no effect of contacts: nobody was allocated a number of them. People "
    "who do well may stay longer, or stop because they are well; people who do badly may drop out, "
    "or be seen for longer. So the score may shape the contacts as well as the contacts the score."
)
_HOW = Note(
    text="People of the programme with a score at the start and then, by least squares with the "
    "score at the start allowed for; each level against the lowest. Levels with few people are "
    "joined with their neighbours. Means are as measured."
)


def describe_dose_response(study: Study) -> Result[DoseResponseRow]:
    """Give scores by contacts attended, within each group of the programme.

    Parameters
    ----------
    study : Study
        With contacts.

    Returns
    -------
    Result of DoseResponseRow
        Levels from the lowest, then the difference for each contact more.
    """
    rows: list[DoseResponseRow] = []
    notes: list[Note] = [] if study.plan.arms else [ONE_GROUP]
    contacts = contacts_of(study)
    for pair in pairs_of(study):
        frame = measured(pair)
        frame = frame[frame[GROUP] == 1].reset_index(drop=True)
        frame[CONTACTS] = contacts[frame[PERSON].to_numpy()].astype(float)
        try:
            found = _fit(pair, frame)
        except FitError as error:
            notes += why_not(error)
            continue
        rows += _rows(pair, study, found)
        notes += [WHY_NOT, COUNTED, _HOW, *(() if found.practices else alone(pair))]
    notes += few_df([row.df for row in rows])
    return Result(
        key="dose_response",
        title="Scores by contacts attended",
        unit="",
        row_type=DoseResponseRow,
        rows=tuple(rows),
        notes=once(notes),
        sources=("Hernán & Robins 2020, Causal inference: what if, 22.1",) if rows else (),
    )


def _fit(pair: Pair, frame: pd.DataFrame) -> DoseResponse:
    return dose_response(
        frame,
        outcome=AFTER,
        dose=CONTACTS,
        covariates=(BEFORE,),
        cluster=PRACTICE if pair.practices and frame[PRACTICE].nunique() > 1 else None,
        cuts=_cuts(frame[CONTACTS].to_numpy()),
    )


def _cuts(taken: NDArray[np.float64]) -> tuple[float, ...]:
    """Cut points between levels that each have enough people, as far as there are any."""
    cuts = list(CUTS)
    while len(cuts) > 1:
        counts = np.bincount(np.searchsorted(cuts, taken, side="right"), minlength=len(cuts) + 1)
        least = int(np.argmin(counts))
        if counts[least] >= FEWEST:
            break
        sides = [at for at in (least - 1, least) if 0 <= at < len(cuts)]
        cuts.pop(min(sides, key=lambda at: counts[at] + counts[at + 1]))
    return tuple(cuts)


def _rows(pair: Pair, study: Study, found: DoseResponse) -> Iterator[DoseResponseRow]:
    levels = found.levels.to_dict("records")
    line, *steps = found.table.to_dict("records")
    first = int(levels[0]["n"])
    for place, level in enumerate(levels):
        step = steps[place - 1] if place else {}
        yield _row(pair, study, found, str(level["level"]), step, int(level["n"]), first, level)
    fewest = min(int(level["n"]) for level in levels)
    yield _row(pair, study, found, EACH_MORE, line, None, fewest, {})


def _row(
    pair: Pair,
    study: Study,
    found: DoseResponse,
    words: str,
    step: dict[object, object],
    n: int | None,
    other: int,
    level: dict[object, object],
) -> DoseResponseRow:
    return DoseResponseRow(
        outcome=study.plan.primary.name,
        group=pair.groups[1],
        when=pair.when,
        contacts=words,
        n=n,
        n_fewest=other if n is None else min(n, other),
        mean=known(level.get("mean")),
        difference=known(step.get("estimate")),
        conf_low=known(step.get("conf_low")),
        conf_high=known(step.get("conf_high")),
        df=known(step.get("df")),
        clusters=found.practices,
        method=str(step["method"]) if step else None,
    )
