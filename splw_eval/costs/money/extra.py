"""Extra cost and extra years in full health of one group, with draws that stay in memory."""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.columns import Contributors
from splw_eval.core.plan import Outcome, Wave, bare_name, horizon_of
from splw_eval.core.result import Note
from splw_eval.costs.money.practices import Drawn, drawn_of
from splw_eval.costs.money.spent import spent_of
from splw_eval.costs.money.use_costs import use_costs_of, why_no_use_costs
from splw_eval.data import Study
from splw_eval.describe.comparison.asked import asked_of
from splw_eval.describe.comparison.long_frame import Long, long_of
from splw_eval.describe.people_frame import PERSON, Pair, pairs_of
from splw_eval.missing import impute
from splw_eval.missing.reported.drawing import UNFIT, draws_of
from splw_eval.missing.reported.filled import why_not
from splw_eval.stats.quality_years import quality_years
from splw_eval.stats.resampling.whole_practices import PracticeSums

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
ONE_GROUP = (
    "There is one group, so there is no extra cost and no extra health to set beside each other, "
    "and no cost per QALY. What people's health and use of services would have come to without the "
    "programme is not known, and a change from the start is not it. A comparison group would tell."
)
_NO_INDEX = (
    "No outcome values health from 1, full health, to 0, as bad as death, so there are no QALYs. "
    "An EQ-5D index would do; name another such outcome in [costs] qaly_outcome."
)
_NOT_MEASURED = (
    "Somebody of each group would have to be measured at the start and at the end of the horizon: "
    "QALYs are the area under health between the two."
)
_NO_USE = "Of one of the groups nothing is known of use of services up to the horizon."
_FEW = "Too few people of one group are due at the end of the horizon."
_ONE_PRACTICE = (
    "One of the groups has people of one practice only: what is due to the practice and what is "
    "due to the group cannot be told apart."
)
TOP = 1.0
FEWEST = 2  # people or practices of a group, below which nothing varies within it


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extra:
    """Extra cost and extra QALYs of one pair of groups.

    Attributes
    ----------
    pair : Pair
    wave : Wave
        The horizon.
    n, smaller, complete, filled : int
        People, of them in the smaller group, with every score, and imputations.
    cost, qaly : float
        Adjusted for the same at the start; means over imputations.
    cost_draws, qaly_draws : ndarray, shape (draws,)
        Of the same practices; they are in no result.
    drawn : Drawn
    made_of : Contributors or None
    costless : int
        People without any known month; only what the programme spent on them counts.
    months_known : float
        Mean share of the months up to the horizon that is known, of the group that has fewer.
    """

    pair: Pair
    wave: Wave
    n: int
    smaller: int
    complete: int
    filled: int
    cost: float
    qaly: float
    cost_draws: Floats
    qaly_draws: Floats
    drawn: Drawn
    made_of: Contributors | None
    costless: int
    months_known: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Extras:
    """Extra cost and QALYs of every pair, or why there are none."""

    pairs: tuple[Extra, ...]
    why_not: tuple[Note, ...]


_HELD: dict[int, Extras] = {}


def extras_of(study: Study) -> Extras:
    """Give extra cost and extra QALYs of a study whose plan has prices; made once.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Extras
    """
    key = id(study)
    if key not in _HELD:
        why = _why_none(study)
        _HELD[key] = Extras(pairs=(), why_not=(Note(text=why),)) if why else _extras(study)
        weakref.finalize(study, _HELD.pop, key, None)
    return _HELD[key]


def index_of(study: Study) -> Outcome | None:
    """Outcome that values health, the plan's or the first index of an EQ-5D."""
    costs, plan = study.plan.costs, study.plan
    named = costs.qaly_outcome if costs else None
    for outcome in plan.outcomes:
        eq5d = bare_name(outcome.instrument).startswith("eq5d")
        if (outcome.name == named if named else eq5d) and outcome.range[1] == TOP:
            return outcome
    return None


def _why_none(study: Study) -> str | None:
    if not study.plan.arms:
        return ONE_GROUP
    if index_of(study) is None:
        return _NO_INDEX
    return why_no_use_costs(study) or spent_of(study).why_not or None


def _extras(study: Study) -> Extras:
    outcome, wave = index_of(study), horizon_of(study.plan)
    assert outcome is not None
    assert wave is not None
    long = long_of(study, outcome, asked_of(study))
    last = study.plan.waves.index(wave)
    if not {0, last} <= set(long.waves):
        return Extras(pairs=(), why_not=(Note(text=_NOT_MEASURED),))
    here = (long.arm >= 0) & (study.due[:, last] | ~np.isnan(long.scores[:, last]))
    if study.people.cluster is not None:
        here &= study.people.cluster >= 0
    rows = np.flatnonzero(here)
    try:
        draws, notes = draws_of(study, long, rows, None, None)
        scores = impute(draws).scores
    except UNFIT as error:
        return Extras(pairs=(), why_not=why_not(error))
    found: list[Extra] = []
    lacking: list[Note] = [*long.notes, *notes]
    for pair in pairs_of(study):
        made = _extra(study, pair, wave, long, rows, scores)
        if isinstance(made, str):
            lacking.append(Note(text=made))
        else:
            found.append(made)
    return Extras(pairs=tuple(found), why_not=tuple(lacking))


def _extra(
    study: Study, pair: Pair, wave: Wave, long: Long, rows: Ints, scores: Floats
) -> Extra | str:
    inside = np.isin(rows, pair.frame[PERSON].to_numpy())
    where = rows[inside]
    group = (long.arm[where] != 0).astype(np.int64)
    sizes = np.bincount(group, minlength=2)
    if sizes.min() < FEWEST:
        return _FEW
    until = study.plan.waves.index(wave)
    places = [i for i, w in enumerate(long.waves) if w <= until]
    months = [study.plan.waves[long.waves[i]].month for i in places]
    rate = study.plan.costs.discount_rate if study.plan.costs else None
    mine = scores[:, inside][:, :, places]
    qalys = quality_years(mine, months, discount_rate=rate or 0.0)
    months_known = _months_known(study, where, group)
    if not months_known:
        return _NO_USE
    use, before = _use(study, where, group)
    programme = spent_of(study).whole[where]
    drawn = drawn_of(study, where, group)
    if drawn.fewest < FEWEST:
        return _ONE_PRACTICE
    cost_of = _cost_sums(drawn, use, programme, group, before)
    cost, qaly = _drawn(drawn, cost_of, qalys, mine[:, :, 0], group)
    seen = ~np.isnan(long.scores[where][:, [long.waves[i] for i in places]])
    return Extra(
        pair=pair,
        wave=wave,
        n=len(where),
        smaller=int(sizes.min()),
        complete=int(seen.all(axis=1).sum()),
        filled=len(scores),
        cost=float(np.sum([sums.coefficient(1)[0] for sums in cost_of])),
        qaly=qaly[0],
        cost_draws=cost,
        qaly_draws=qaly[1],
        drawn=drawn,
        made_of=drawn.made_of(np.nan_to_num(use) + programme),
        costless=int(np.isnan(use).sum()),
        months_known=months_known,
    )


def _months_known(study: Study, where: Ints, group: Ints) -> float:
    """Mean share of months that is known, of the group that has fewer."""
    known = use_costs_of(study).known[where]
    return min(float(known[group == code].mean()) for code in (0, 1))


def _use(study: Study, where: Ints, group: Ints) -> tuple[Floats, Floats]:
    """Costs of use of each person up to the horizon, NaN where not known, and those before."""
    use = use_costs_of(study)
    before = use.before[where].copy()
    for code in (0, 1):
        own = group == code
        gap = own & np.isnan(before)
        if gap.any() and not gap[own].all():
            before[gap] = before[own & ~gap].mean()
    before[np.isnan(before)] = 0.0
    return use.whole[where], before


def _cost_sums(
    drawn: Drawn, use: Floats, programme: Floats, group: Ints, before: Floats
) -> tuple[PracticeSums, ...]:
    """Use of whom it is known, and the programme of everybody; their coefficients are added.

    Whose use is not known must not count as though it were: intervals would be too narrow.
    """
    columns = _columns(group, before)
    if not np.isnan(use).any():
        return (PracticeSums.of(use + programme, columns, drawn.codes, drawn.units),)
    known = ~np.isnan(use)
    some = tuple(column[known] for column in columns)
    return (
        PracticeSums.of(use[known], some, drawn.codes[known], drawn.units),
        PracticeSums.of(programme, columns, drawn.codes, drawn.units),
    )


def _columns(group: Ints, start: Floats) -> tuple[NDArray[np.generic], ...]:
    """The group, and what was so at the start where it varies."""
    varies = float(np.ptp(start)) > 0
    return (group, start - start.mean()) if varies else (group,)


def _drawn(
    drawn: Drawn, cost_of: tuple[PracticeSums, ...], qalys: Floats, starts: Floats, group: Ints
) -> tuple[Floats, tuple[float, Floats]]:
    """Draws of both, a share of them from each imputation, and the extra QALYs."""
    filled = len(qalys)
    cost, health = np.empty(len(drawn.counts)), np.empty(len(drawn.counts))
    points = []
    for place, sums in enumerate(_qaly_sums(drawn, qalys, starts, group)):
        counts = drawn.counts[place::filled]
        points.append(float(sums.coefficient(1)[0]))
        cost[place::filled] = np.sum([part.coefficient(1, counts) for part in cost_of], axis=0)
        health[place::filled] = sums.coefficient(1, counts)
    return cost, (float(np.mean(points)), health)


def _qaly_sums(drawn: Drawn, qalys: Floats, starts: Floats, group: Ints) -> Iterator[PracticeSums]:
    for qaly, start in zip(qalys, starts, strict=True):
        yield PracticeSums.of(qaly, _columns(group, start), drawn.codes, drawn.units)
