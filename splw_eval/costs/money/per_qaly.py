"""Extra cost set beside extra years in full health, in words and, where it means one, a number."""

from __future__ import annotations

import numpy as np

from splw_eval.core.cost_rows import PerQalyRow
from splw_eval.core.plan import language_of
from splw_eval.core.result import Note, Result
from splw_eval.costs.money.extra import Extra, extras_of
from splw_eval.costs.money.practices import SOURCES
from splw_eval.costs.money.use_costs import use_costs_of
from splw_eval.costs.money.words import not_counted
from splw_eval.data import Study
from splw_eval.stats.cost_effectiveness import (
    COSTS_GAINS,
    COSTS_LOSES,
    SAVES_GAINS,
    SAVES_LOSES,
    Plane,
    cost_for_each,
    plane_of,
    quadrant_of,
)

VERDICTS = {
    COSTS_GAINS: "More was spent, and more health was had",
    SAVES_GAINS: "Less was spent, and more health was had (dominant)",
    COSTS_LOSES: "More was spent, and less or no more health was had (dominated)",
    SAVES_LOSES: "Less was spent, and less or no more health was had",
}
_ROUNDING = 1e-9  # QALYs, or of the currency
_AREA = (
    "QALYs are the area under the index of health from the start to the horizon, straight from one "
    "wave to the next. The difference is between people alike in health at the start; that of "
    "costs between people alike in cost of use before time zero, where that is known. All contacts "
    "with link workers count, also those after the horizon."
)
_FILLED = (
    "Missing scores are filled in {m} times, as the analysis of missing follow-up does: missing at "
    "random given the group, the practice, the other scores and what the plan names to help. Each "
    "draw of practices belongs to one of the completed sets, so intervals hold both kinds of doubt "
    "(Schomaker and Heumann). People who died count as missing and not as 0, as deaths are not "
    "recorded of everybody: QALYs are then too high. The months after a death count for use as "
    "those before it: costs are then too high too."
)
_NO_RATIO = (
    "A cost for each QALY is one number only where more was spent for more health, or less for "
    "less. Elsewhere the words say which group is better on both sides: a negative quotient would "
    "be the same number for the best case and the worst. It has no interval; where the draws lie "
    "says how sure it is."
)
_COSTLESS = (
    "Nothing is known of use by {n} people. The extra cost of use is that between the others, "
    "taken to hold for people of the same cost before; intervals allow for there being fewer."
)
_DISCOUNT = (
    "Health and use of services after the first year count less by {rate:.1%} for each year, as "
    "the plan says. What the programme itself cost counts in full."
)
_NOT_ALIKE = (
    "Chance did not make the groups alike, so part of the difference may be due to who was in them."
)
_SOURCES = (
    "Manca, Hawkins & Sculpher 2005, Health Econ 14:487",
    "Schomaker & Heumann 2018, Stat Med 37:2252",
    *SOURCES,
)


def describe_per_qaly(study: Study) -> Result[PerQalyRow]:
    """Set the extra cost of the programme beside the extra QALYs.

    Parameters
    ----------
    study : Study
        Whose plan has prices.

    Returns
    -------
    Result of PerQalyRow
        No rows without a comparison, an index of health, or costs of use; notes say why.
    """
    costs = study.plan.costs
    assert costs is not None
    found = extras_of(study)
    rows = tuple(_row(extra) for extra in found.pairs)
    notes = [*found.why_not]
    if rows:
        said = [_AREA, _FILLED.replace("{m}", str(found.pairs[0].filled)), _NO_RATIO]
        said += [] if language_of(study.plan).causal else [_NOT_ALIKE]
        said += [_DISCOUNT.format(rate=costs.discount_rate)] if costs.discount_rate else []
        notes = [Note(text=text) for text in said] + notes
        notes += [n for extra in found.pairs for n in extra.drawn.notes()]
        notes += [
            Note(text=_COSTLESS, counts={"n": extra.costless})
            for extra in found.pairs
            if extra.costless
        ]
        notes += [*use_costs_of(study).notes, not_counted(costs)]
    return Result(
        key="cost_per_qaly",
        title="Extra cost and extra years in full health",
        unit=costs.currency,
        row_type=PerQalyRow,
        rows=rows,
        notes=tuple({note.text: note for note in notes}.values()),
        sources=_SOURCES if rows else (),
    )


def verdict_of(cost: float, qaly: float) -> str:
    """Say on which side of the plane an estimate lies; nothing extra is neither more nor less."""
    if cost == 0:
        return f"As much was spent, and {'more' if qaly > 0 else 'less or no more'} health was had"
    return VERDICTS[quadrant_of(cost, qaly)]


def settled(value: float) -> float:
    """Take what only rounding in the computer left for nothing."""
    return 0.0 if abs(value) < _ROUNDING else value


def _row(extra: Extra) -> PerQalyRow:
    drawn, told = extra.drawn, extra.drawn.told
    more, years = settled(extra.cost), settled(extra.qaly)
    low, high = drawn.interval(extra.cost_draws)
    least, most = drawn.interval(extra.qaly_draws)
    plane: Plane | None = plane_of(extra.cost_draws, extra.qaly_draws) if told else None
    correlation = None if plane is None or np.isnan(plane.correlation) else plane.correlation
    return PerQalyRow(
        compared=extra.pair.compared,
        until=extra.wave.title,
        n=extra.n,
        n_smaller=extra.smaller,
        n_complete=extra.complete,
        months_known=100 * extra.months_known,
        made_of=extra.made_of,
        extra_cost=more,
        cost_low=low,
        cost_high=high,
        extra_qaly=years,
        qaly_low=least,
        qaly_high=most,
        verdict=verdict_of(more, years),
        per_qaly=cost_for_each(more, years),
        sd_cost=plane.sd_cost if plane else None,
        sd_qaly=plane.sd_health if plane else None,
        correlation=correlation,
        costs_gains=plane.costs_gains if plane else None,
        costs_loses=plane.costs_loses if plane else None,
        saves_gains=plane.saves_gains if plane else None,
        saves_loses=plane.saves_loses if plane else None,
        clusters=drawn.practices,
        interval=drawn.method,
    )
