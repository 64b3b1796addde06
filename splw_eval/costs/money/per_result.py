"""Cost for each person referred, engaged and improved, with intervals by practice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.cost_rows import CostPerRow
from splw_eval.core.result import Note, Result
from splw_eval.costs.money.practices import SOURCES, Drawn, drawn_of
from splw_eval.costs.money.spent import programme_groups, spent_of
from splw_eval.costs.money.words import not_counted
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells
from splw_eval.stats.resampling.whole_practices import ratio_draws

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
REFERRED, ENGAGED = "referred", "engaged"
IMPROVED_LOST_NOT = "improved, if nobody who was lost did"
IMPROVED_LOST_TOO = "improved, if those lost did as often as those seen"
_ROUNDING = 1e-9
_SAME = "none: the same sum for everybody"
_NO_LOG = (
    "No contacts are logged with episodes, so nobody can be counted as engaged. A contact log "
    "would tell ([[files]] table contacts)."
)
_NO_MID = (
    "The primary outcome has no MID ([outcomes.mid] in the plan), so nobody can be counted as "
    "improved, and there is no cost for each person improved."
)
_ENGAGED = "Engaged is whoever had {least} attended contact{s} or more, as the plan says."
_IMPROVED = (
    "Improved is whoever was better by the MID of {outcome} or more at {wave}, against the start. "
    "Costs are of everybody referred whose wave was due, measured or not. The two figures differ "
    "only in what is taken of those who were not measured both times."
)
_NO_EFFECT = (
    "Some people improve without any programme, so a cost for each person improved is not what one "
    "improvement that the programme brought about cost."
)
_UNSEEN = (
    "Nobody was measured both at the start and at the wave of the main question, so it is not "
    "known who improved, and there is no cost for each person improved."
)
_NOBODY = "{group}: nobody was {per}, so there is no cost for each such person."


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Group:
    """People of one group whose costs are counted, and their practices."""

    name: str
    where: Ints
    cost: Floats
    drawn: Drawn


def describe_cost_per(study: Study) -> Result[CostPerRow]:
    """Describe what the programme cost for each person referred, engaged and improved.

    Parameters
    ----------
    study : Study
        Whose plan has prices.

    Returns
    -------
    Result of CostPerRow
    """
    costs = study.plan.costs
    assert costs is not None
    spent = spent_of(study)
    rows: list[CostPerRow] = []
    notes: list[Note] = [*spent.notes] if spent.parts else [Note(text=spent.why_not)]
    for arm, group in programme_groups(study.plan) if spent.parts else ():
        who = (study.people.arm == arm) & spent.referred
        if who.any():
            rows += _referred_and_engaged(study, _group(study, group, who), notes)
            rows += _improved(study, arm, group, who, notes)
    return Result(
        key="cost_per",
        title="Cost for each person referred, engaged and improved",
        unit=costs.currency,
        row_type=CostPerRow,
        rows=tuple(rows),
        notes=tuple({note.text: note for note in (*notes, not_counted(costs))}.values()),
        sources=SOURCES if rows else (),
    )


def _group(study: Study, name: str, who: NDArray[np.bool_]) -> _Group:
    where = np.flatnonzero(who)
    drawn = drawn_of(study, where, np.zeros(len(where), dtype=np.int64))
    return _Group(name=name, where=where, cost=spent_of(study).whole[where], drawn=drawn)


def _referred_and_engaged(study: Study, group: _Group, notes: list[Note]) -> Iterator[CostPerRow]:
    spent, everybody = spent_of(study), np.ones(len(group.where))
    notes += group.drawn.notes()
    yield from _row(group, REFERRED, everybody, notes, same=spent.fixed())
    if spent.contacts is None:
        notes.append(Note(text=_NO_LOG))
        return
    least = study.plan.engagement.contacts_at_least
    notes.append(Note(text=_ENGAGED.format(least=least, s="" if least == 1 else "s")))
    engaged = (spent.contacts[group.where] >= least).astype(float)
    yield from _row(group, ENGAGED, engaged, notes, same=spent.fixed() and bool(engaged.all()))


def _improved(
    study: Study, arm: int, name: str, who: NDArray[np.bool_], notes: list[Note]
) -> Iterator[CostPerRow]:
    outcome = study.plan.primary
    if outcome.mid is None:
        notes.append(Note(text=_NO_MID))
        return
    contrast = study.plan.estimand.contrast
    names = [wave.name for wave in study.plan.waves]
    at = names.index(contrast.waves[0]) if contrast.kind == "wave" else len(names) - 1
    gain = _gains(study, arm, at)
    group = _group(study, name, who & study.due[:, at])
    if not len(group.where):
        return
    better = gain[group.where] >= outcome.mid.value * (1 - _ROUNDING)
    seen = ~np.isnan(gain[group.where])
    if not seen.any():
        notes.append(Note(text=_UNSEEN))
        return
    label = f"{outcome.label}".replace("{", "{{").replace("}", "}}")
    wave = study.plan.waves[at].title
    notes += [
        Note(text=_IMPROVED.replace("{outcome}", label).replace("{wave}", _small(wave))),
        Note(text=_NO_EFFECT),
    ]
    yield from _row(group, IMPROVED_LOST_NOT, better.astype(float), notes)
    yield from _row(group, IMPROVED_LOST_TOO, better.astype(float), notes, seen=seen.astype(float))


def _small(words: str) -> str:
    return words[:1].lower() + words[1:]


def _gains(study: Study, arm: int, at: int) -> Floats:
    """How much better each person was at a wave; NaN where it cannot be told."""
    gains = np.full(len(study.people), np.nan)
    cell = next(c for c in _cells_of(study, arm) if c.outcome.name == study.plan.primary.name)
    start, now = cell.pair(at)
    change = now - start if cell.outcome.direction == "higher_is_better" else start - now
    gains[study.people.arm == arm] = change
    return gains


def _cells_of(study: Study, arm: int) -> Iterator[Cell]:
    label = study.plan.groups[arm]
    return (cell for cell in cells(study) if cell.arm == label)


def _row(
    group: _Group,
    per: str,
    counted: Floats,
    notes: list[Note],
    *,
    seen: Floats | None = None,
    same: bool = False,
) -> Iterator[CostPerRow]:
    """Divide the costs of a group by those counted; of those seen, as though all had been."""
    if not counted.sum():
        named = group.name.replace("{", "{{").replace("}", "}}")
        notes.append(Note(text=_NOBODY.replace("{group}", named).replace("{per}", per)))
        return
    drawn = group.drawn
    cost, below = drawn.sums(group.cost), drawn.sums(counted)
    point = float(group.cost.sum() / counted.sum())
    draws = ratio_draws(cost, below, drawn.counts)
    if seen is not None:
        everybody = drawn.sums(np.ones(len(counted)))
        point *= float(seen.mean())
        draws = draws * ratio_draws(drawn.sums(seen), everybody, drawn.counts)
    low, high = (None, None) if same else drawn.interval(draws)
    yield CostPerRow(
        group=group.name,
        per=per,
        of=len(group.where),
        n=int(counted.sum()),
        made_of=drawn.made_of(group.cost),
        cost=point,
        conf_low=low,
        conf_high=high,
        clusters=drawn.practices,
        interval=_SAME if same else drawn.method,
    )
