"""What was spent for each person, part by part and payer by payer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.cost_rows import CostPartRow
from splw_eval.core.plan import horizon_of
from splw_eval.core.result import Note, Result
from splw_eval.costs.money.practices import Drawn, drawn_of
from splw_eval.costs.money.spent import programme_groups, spent_of
from splw_eval.costs.money.use_costs import use_costs_of, why_no_use_costs
from splw_eval.costs.money.words import not_counted
from splw_eval.data import Study

IN_ALL = "In all"
PROGRAMME = "The programme, for each person referred"


def describe_cost_parts(study: Study) -> Result[CostPartRow]:
    """Describe what was spent for each person, part by part.

    Parameters
    ----------
    study : Study
        Whose plan has prices.

    Returns
    -------
    Result of CostPartRow
    """
    costs = study.plan.costs
    assert costs is not None
    spent, why = spent_of(study), why_no_use_costs(study)
    rows = [*_programme(study)] if spent.parts else []
    notes = [*spent.notes] if spent.parts else [Note(text=spent.why_not)]
    if why is None:
        rows += _use(study)
        notes += use_costs_of(study).notes
    else:
        notes.append(Note(text=why))
    return Result(
        key="cost_parts",
        title="What was spent for each person",
        unit=costs.currency,
        row_type=CostPartRow,
        rows=tuple(rows),
        notes=(*notes, not_counted(costs)),
    )


def _programme(study: Study) -> Iterator[CostPartRow]:
    spent = spent_of(study)
    for arm, group in programme_groups(study.plan):
        who = np.flatnonzero((study.people.arm == arm) & spent.referred)
        if not len(who):
            continue
        drawn = drawn_of(study, who, np.zeros(len(who), dtype=np.int64), draw=False)
        for part, values in spent.parts.items():
            yield _row(group, PROGRAMME, part, spent.pays[part], values[who], drawn)
        if len(spent.parts) > 1:
            yield _row(group, PROGRAMME, IN_ALL, "", spent.whole[who], drawn)


def _use(study: Study) -> Iterator[CostPartRow]:
    use, wave = use_costs_of(study), horizon_of(study.plan)
    assert wave is not None
    kind = f"Use of services, until {wave.title[:1].lower()}{wave.title[1:]}"
    for arm, group in enumerate(study.plan.groups):
        who = np.flatnonzero((study.people.arm == arm) & ~np.isnan(use.whole))
        if not len(who):
            continue
        drawn = drawn_of(study, who, np.zeros(len(who), dtype=np.int64), draw=False)
        for part, values in use.parts.items():
            yield _row(group, kind, part, use.pays[part], values[who], drawn)
        if len(use.parts) > 1:
            yield _row(group, kind, IN_ALL, "", use.whole[who], drawn)


def _row(
    group: str, kind: str, part: str, pays: str, values: NDArray[np.float64], drawn: Drawn
) -> CostPartRow:
    return CostPartRow(
        group=group,
        kind=kind,
        part=part,
        pays=pays,
        n=len(values),
        made_of=drawn.made_of(values),
        per_person=float(values.mean()),
    )
