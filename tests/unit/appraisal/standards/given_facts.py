"""Facts to test rules with: a plan, and results whose rows say only what a test is about."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.core import (
    card_rows,
    confounding_rows,
    delivery_rows,
    missing_rows,
    model_rows,
    people_rows,
    quality_rows,
    retention_rows,
    rows,
)
from splw_eval.core.plan import Plan
from splw_eval.core.result import Note, Result
from tests.unit.given_study import edited, plan_of

ROW_TYPES = {
    "setting": rows.SettingRow,
    "flow": rows.FunnelRow,
    "reasons": rows.ReasonRow,
    "days": rows.DaysRow,
    "scores": rows.SummaryRow,
    "change": rows.ChangeRow,
    "responders": rows.ResponderRow,
    "records": rows.FilledRow,
    "findings": rows.FindingRow,
    "characteristics": people_rows.CategoryRow,
    "quantities": people_rows.NumberRow,
    "baseline": people_rows.BaselineRow,
    "lost_scores": people_rows.LostScoreRow,
    "contrasts": model_rows.ContrastRow,
    "ratios": model_rows.RatioRow,
    "loss_practices": missing_rows.LossPatternRow,
    "loss_predictors": missing_rows.LossPredictorRow,
    "sensitivity": missing_rows.SensitivityRow,
    "tipping": missing_rows.TippingRow,
    "balance": confounding_rows.BalanceRow,
    "adjusted": confounding_rows.AdjustedRow,
    "subgroups": confounding_rows.SubgroupRow,
    "engagement": confounding_rows.EngagementRow,
    "uptake": delivery_rows.StageRow,
    "dose": delivery_rows.DoseRow,
    "modes": delivery_rows.ModeRow,
    "levels": delivery_rows.LevelRow,
    "components": delivery_rows.ComponentRow,
    "continuity": delivery_rows.ContinuityRow,
    "endings": retention_rows.EndingRow,
    "staying": retention_rows.CurveRow,
    "stay": retention_rows.StayRow,
    "instruments": card_rows.InstrumentRow,
    "important_differences": card_rows.ImportantDifferenceRow,
    "reliability": quality_rows.ReliabilityRow,
    "floor_ceiling": quality_rows.FloorRow,
}
SCORED = {"outcome": "phq9"}
ESTIMATE = {"estimate": 1.25, "conf_low": -0.5, "conf_high": 3.0}


def a_plan(design: str = "cluster_trial", **places: Any) -> Plan:
    """Return a plan of a design, with places of it set: ``estimand__death="..."``."""
    table = plan_of(design)
    for place, value in places.items():
        table = edited(table, place.replace("__", "."), value)
    return Plan.model_validate_json(json.dumps(table, default=str))


def a_result(key: str, *held: dict[str, Any], masked: tuple[tuple[int, str], ...] = ()) -> Result:
    """Return a result whose rows hold what is given and nothing else."""
    row_type = ROW_TYPES[key]
    names = [field.name for field in fields(row_type)]
    unknown = {name for row in held for name in row} - set(names)
    assert not unknown, f"{row_type.__name__} has no {unknown}"
    made = tuple(row_type(**{name: row.get(name) for name in names}) for row in held)
    why = () if held else (Note(text=f"There is nothing about {key}."),)
    return Result(
        key=key,
        title=f"Title of {key}",
        unit="",
        row_type=row_type,
        rows=made,
        notes=why,
        masked=frozenset(masked),
    )


def facts(plan: Plan | None = None, *results: Result, findings: Any = ()) -> Facts:
    """Return facts of a study that was read; of a table that is not given nothing is known."""
    held = {key: a_result(key) for key in ROW_TYPES}
    held |= {result.key: result for result in results}
    return Facts(plan=plan or a_plan(), results=held, findings=tuple(findings))
