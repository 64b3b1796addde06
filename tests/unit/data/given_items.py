"""Studies whose files hold the answers to items."""

from __future__ import annotations

from typing import Any

from tests.unit.given_study import PlanTable, Rows, long_plan, pre_post_plan


def wellbeing(**changes: Any) -> PlanTable:
    """Give an outcome that leaves everything to the catalogue."""
    return {
        "name": "wellbeing",
        "label": "Wellbeing",
        "instrument": "swemwbs",
        "role": "primary",
    } | changes


def items_plan(*outcomes: PlanTable, **changes: Any) -> PlanTable:
    """Give a plan with one long file, whose columns of items are headed q1, q2, ..."""
    given = outcomes or (wellbeing(),)
    plan = long_plan()
    plan["files"] = [plan["files"][1] | {"scores": {}}]
    plan["files"][0]["items"] = {outcome["instrument"]: "q{item}" for outcome in given}
    plan["files"][0] |= changes
    plan["outcomes"] = list(given)
    plan["estimand"]["outcome"] = given[0]["name"]
    return plan


def wide_plan(**items: Any) -> PlanTable:
    """Give a plan with one wide file."""
    plan = pre_post_plan()
    plan["files"][0] |= {"scores": {}, "items": items}
    plan["outcomes"] = [wellbeing()]
    plan["estimand"]["outcome"] = "wellbeing"
    return plan


def answers(*rows: tuple[Any, ...], also: tuple[str, ...] = ()) -> Rows:
    """Rows of a long file at baseline: the people p1, p2, ... with their answers."""
    k = len(rows[0]) - len(also)
    head = ["person", "wave", *(f"q{number}" for number in range(1, k + 1)), *also]
    return [head, *([f"p{i}", "baseline", *row] for i, row in enumerate(rows, start=1))]
