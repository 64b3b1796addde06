"""What must agree of prices, use of services and the rest of a plan."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.plan.measurement import Wave
from splw_eval.core.plan.shape import PlanShape
from splw_eval.core.plan.suggestion import suggestion

YEAR = 12  # months without discounting
_OF_USE = ("gp_contact", "emergency", "admission", "prescription")


def horizon_of(plan: PlanShape) -> Wave | None:
    """Wave up to which costs and quality of life are counted.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    Wave or None
        The plan's, or else the last within 12 months; None where there is none, or no prices.
    """
    if plan.costs is None:
        return None
    if plan.costs.horizon is not None:
        return next(wave for wave in plan.follow_up if wave.name == plan.costs.horizon)
    within = [wave for wave in plan.follow_up if wave.month <= YEAR]
    return within[-1] if within else None


def costing_faults(plan: PlanShape) -> Iterator[str]:
    """Every disagreement of these sections, as a sentence that names its section."""
    held = {file.table for file in plan.files}
    if "service_use" in plan.model_fields_set and "service_use" not in held:
        yield "[service_use]: no file holds the table service_use; add it, or leave this out"
    costs = plan.costs
    if costs is None:
        return
    for name, _ in costs.unit_prices():
        needed = "service_use" if name in _OF_USE else "contacts"
        if needed not in held:
            yield f"[costs.unit.{name}]: no file holds the table {needed} to count from"
    yield from _names(plan)


def _names(plan: PlanShape) -> Iterator[str]:
    costs = plan.costs
    assert costs is not None
    waves = {wave.name: wave.month for wave in plan.follow_up}
    outcomes = [outcome.name for outcome in plan.outcomes]
    if costs.qaly_outcome is not None and costs.qaly_outcome not in outcomes:
        near = suggestion(costs.qaly_outcome, outcomes)
        yield f'[costs] qaly_outcome: no outcome "{costs.qaly_outcome}"{near}'
    if costs.horizon is None:
        return
    if costs.horizon not in waves:
        near = suggestion(costs.horizon, list(waves))
        yield f'[costs] horizon: no follow-up wave "{costs.horizon}"{near}'
    elif waves[costs.horizon] > YEAR and costs.discount_rate is None:
        yield (
            "[costs] discount_rate: is missing; the horizon is longer than 12 months. Write 0 if "
            "later costs and years are to count as much as early ones"
        )
