"""Studies of two groups with known differences at the start: nobody in them exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from tests.unit.given_study import comparison, plan_of
from tests.unit.loading import loaded

EFFECT = 1.5


def fair_study(
    folder: Path,
    design: str = "controlled_cohort",
    *,
    people: int = 400,
    practices: int = 12,
    shift: float = 3.0,
    spanning: bool = False,
    seed: int = 3,
    **changes: Any,
) -> Study:
    """Give a study whose programme adds `EFFECT`, to people with `shift` more conditions."""
    rng = np.random.default_rng(seed)
    plan = plan_of(design, **changes)
    if design in {"cluster_trial", "individual_trial"}:
        plan["comparison"] = comparison(blind=True)
    if practices:
        plan["files"][0]["columns"]["cluster"] = "practice"
    files = plan["files"]
    files.append({"table": "people", "path": "people.csv", "columns": {"person": "person"}})
    plan["confounders"] = [
        {"name": "Conditions", "reason": "Moves both", "column": "ltc_physical"},
        {"name": "Carer", "reason": "Moves both", "column": "carer", "kind": "category"},
        {"name": "Motivation", "reason": "Was not asked"},
    ]
    scores: list[list[Any]] = [
        ["person", "phq_0", "phq_3", *(["arm"] if design != "pre_post" else []),
         *(["practice"] if practices else [])]
    ]  # fmt: skip
    held: list[list[Any]] = [["person", "ltc_physical", "carer"]]
    for i in range(people):
        practice = i % max(practices, 2)
        link = (i // max(practices, 2)) % 2 == 0 if spanning else practice % 2 == 0
        conditions = int(np.clip(rng.poisson(6 + shift * link), 0, 20))
        carer = int(rng.random() < 0.3)
        start = float(np.clip(14 + rng.normal(0, 3), 0, 27))
        after = 4 + 0.5 * start + 0.4 * conditions + carer + EFFECT * link + rng.normal(0, 2)
        row: list[Any] = [f"p{i}", round(start), round(float(np.clip(after, 0, 27)))]
        if rng.random() < 0.1:
            row[2] = ""
        row += ["link" if link else "usual"] if design != "pre_post" else []
        scores.append([*row, *([f"g{practice}"] if practices else [])])
        held.append([f"p{i}", conditions, carer])
    return loaded(folder, plan, scores=scores, people=held)
