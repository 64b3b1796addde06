"""Studies of two groups in which people are lost, from a seed: nobody in them exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from splw_eval.missing.reported.filled import Filled, filled_of
from tests.unit.given_study import PlanTable, comparison, edited, plan_of
from tests.unit.loading import loaded

MISSING = {"assumption": "At random", "method": "Mixed model", "imputations": 5}
MONTHS = {"baseline": 0, "month_3": 3, "month_6": 6}


def lost_plan(design: str = "cluster_trial", *, waves: int = 3, **changes: Any) -> PlanTable:
    """Plan of a wide file with up to three waves; the last is the main question's."""
    names = list(MONTHS)[:waves]
    plan = plan_of(design, missing=dict(MISSING))
    plan["waves"] = [{"name": name, "month": MONTHS[name]} for name in names]
    plan["files"][0]["scores"]["phq9"] = {name: f"phq_{i}" for i, name in enumerate(names)}
    plan = edited(plan, "estimand.contrast.waves", [names[-1]])
    if design in {"cluster_trial", "individual_trial"}:
        plan["comparison"] = comparison()
    return plan | changes


def lost_study(
    folder: Path,
    design: str = "cluster_trial",
    *,
    people: int = 160,
    practices: int = 8,
    lost: tuple[float, float] = (0.35, 0.2),
    gain: float = 2.0,
    waves: int = 3,
    plan: PlanTable | None = None,
    seed: int = 3,
) -> Study:
    """Half of the people are of the programme; `lost` are shares of it and of the comparison.

    With an odd number of practices the comparison has one more.
    """
    rng = np.random.default_rng(seed)
    made = lost_plan(design, waves=waves) if plan is None else plan
    grouped, armed = practices > 0, design != "pre_post"
    if grouped:
        made["files"][0]["columns"]["cluster"] = "practice"
    names = ["person", *(f"phq_{i}" for i in range(waves))]
    names += ["arm"] * armed + ["practice"] * grouped
    effect = rng.normal(0, 0.6, max(practices, 1))
    rows: list[list[Any]] = [names]
    for i in range(people):
        practice = i % practices if practices else 0
        programme = practice % 2 == 0 if practices else i % 2 == 0
        level = rng.normal(13, 3) + effect[practice]
        scores: list[Any] = [level + rng.normal(0, 2) for _ in range(waves)]
        if programme:
            scores[1:] = [score - gain for score in scores[1:]]
        for wave in range(1, waves):
            gone = scores[wave - 1] == "" and wave > 1
            if gone or rng.random() < lost[0 if programme else 1]:
                scores[wave] = ""
        cells = ["" if s == "" else min(max(round(s), 0), 27) for s in scores]
        arm = ["link" if programme else "usual"] * armed
        rows.append([f"p{i}", *cells, *arm, *[f"g{practice}"] * grouped])
    return loaded(folder, made, scores=rows)


def drawn(study: Study) -> Filled:
    """What is drawn for a study for which something can be."""
    found = filled_of(study)
    assert isinstance(found, Filled)
    return found
