"""What counts of the questionnaires, by person and wave."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Plan
from splw_eval.data.people import People
from splw_eval.data.windows import Placed


def counted_scores(plan: Plan, people: People, placed: Placed) -> dict[str, NDArray[np.float64]]:
    """Score that counts of each outcome, shape (people, waves)."""
    scores = placed.measures.scores
    each = {outcome.name: scores[:, place] for place, outcome in enumerate(plan.outcomes)}
    return counted(plan, people, placed, each)


def counted(
    plan: Plan, people: People, placed: Placed, each: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Lay out what belongs to the records that count.

    Parameters
    ----------
    plan : Plan
    people : People
    placed : Placed
        Which record counts for each person, outcome and wave.
    each : mapping of str to ndarray of float, shape (n, ...)
        By name of the outcome, a row for each record.

    Returns
    -------
    dict of str to ndarray of float, shape (people, waves, ...)
        NaN where no record counts.
    """
    place = placed.measures.person * len(plan.waves) + placed.wave
    tables = {}
    for outcome, chosen in zip(plan.outcomes, placed.counted.T, strict=True):
        if outcome.name not in each:
            continue
        given = each[outcome.name]
        table = np.full((len(people) * len(plan.waves), *given.shape[1:]), np.nan)
        held = np.flatnonzero(chosen)
        table[place[held]] = given[held]
        tables[outcome.name] = table.reshape(len(people), len(plan.waves), *given.shape[1:])
    return tables


def reasons(scores: NDArray[np.float64], placed: Placed, outcome: int) -> NDArray[np.int16]:
    """Why each score of an outcome is missing; a given reason wins over an empty cell.

    Parameters
    ----------
    scores : ndarray of float, shape (people, waves)
        Those that count.
    placed : Placed
    outcome : int
        Its position in the plan.

    Returns
    -------
    ndarray of int, shape (people, waves)
        0 where there is a score, 1 for no questionnaire, otherwise the code of the reason
        among the measures' plus one.
    """
    why = np.full(scores.shape, 1, dtype=np.int16)
    m = placed.measures
    said = np.flatnonzero((m.why[:, outcome] > 0) & (placed.wave >= 0))
    order = said[np.argsort(m.why[said, outcome], kind="stable")]
    # Codes move up by one for "no questionnaire"; written last, the most telling one stays.
    why[m.person[order], placed.wave[order]] = m.why[order, outcome] + 1
    why[~np.isnan(scores)] = 0
    return why
