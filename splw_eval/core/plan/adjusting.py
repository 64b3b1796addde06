"""What must agree of confounders, subgroups, missing data and engagement in a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from splw_eval.core.plan.missing_data import NEEDS_REFERENCE
from splw_eval.core.plan.shape import PlanShape


def adjusting_faults(plan: PlanShape) -> Iterator[str]:
    """Every disagreement of these sections, as a sentence that names its section."""
    yield from _named_twice(plan)
    yield from _one_group(plan)
    yield from _nothing_to_adjust_for(plan)
    yield from _nobody_known_to_leave(plan)
    yield from _contacts(plan)
    yield from _deltas(plan)


def _named_twice(plan: PlanShape) -> Iterator[str]:
    for section in ("confounders", "subgroups"):
        for key in ("name", "column"):
            held = [getattr(part, key) for part in getattr(plan, section)]
            for word, times in Counter(word for word in held if word is not None).items():
                if times > 1:
                    yield f'[[{section}]] {key}: "{word}" stands {times} times; each may stand once'


def _one_group(plan: PlanShape) -> Iterator[str]:
    if plan.arms:
        return
    why = "there are no [[arms]], so there is no difference between groups to"
    if "adjustment" in plan.model_fields_set:
        yield f"[adjustment]: {why} adjust; leave it out"
    if plan.subgroups:
        yield f"[[subgroups]]: {why} tell apart; leave them out"
    if "engagement" in plan.model_fields_set and plan.costs is None:
        yield f"[engagement]: {why} set beside contacts; leave it out"
    refer = [name for name in plan.strategies if name in NEEDS_REFERENCE]
    if refer:
        yield (
            f"[missing] strategies: {', '.join(refer)} refer to a comparison group, and there are "
            "no [[arms]]; LMCF needs none"
        )


def _nothing_to_adjust_for(plan: PlanShape) -> Iterator[str]:
    measured = any(confounder.column for confounder in plan.confounders)
    if plan.arms and "adjustment" in plan.model_fields_set and not measured:
        yield (
            "[adjustment]: no [[confounders]] names its column, so there is nothing to adjust for; "
            "name one, or leave [adjustment] out"
        )


def _holds(plan: PlanShape, *tables: str) -> bool:
    return any(file.table in tables for file in plan.files)


def _nobody_known_to_leave(plan: PlanShape) -> Iterator[str]:
    if plan.missing and plan.missing.only_disengaged and not _holds(plan, "episodes"):
        yield (
            "[missing] only_disengaged: the day on which somebody stopped stands in the table "
            "episodes, and no file holds it"
        )


def _contacts(plan: PlanShape) -> Iterator[str]:
    if plan.arms and "engagement" in plan.model_fields_set and not _holds(plan, "contacts"):
        yield "[engagement] contacts_at_least: no file holds the table contacts to count from"


def _deltas(plan: PlanShape) -> Iterator[str]:
    deltas = plan.missing.deltas if plan.missing else ()
    primary = next((outcome for outcome in plan.outcomes if outcome.role == "primary"), None)
    if not deltas or primary is None or primary.stated_range is None:
        return
    low, high = primary.stated_range
    if deltas[-1] > high - low:
        yield (
            f"[missing] deltas: {deltas[-1]:g} points are more than the whole range of "
            f"{primary.name}, {low:g} to {high:g}"
        )
