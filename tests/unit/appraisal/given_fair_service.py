"""Small services of two groups with all that a fair comparison asks, from a seed: all made up."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from tests.unit.given_study import comparison, edited, plan_of
from tests.unit.loading import loaded
from tests.unit.retention.given_delivery import Columns, delivery

DESIGNS = ("cluster_trial", "individual_trial", "controlled_cohort")
MISSING = {"assumption": "At random", "method": "Mixed model", "imputations": 5}


def fair_service(folder: Path, seed: int, profile: str = "nhs") -> Study:
    """Give a service of 16 to 120 people in two groups, of which `seed` decides everything."""
    rng = np.random.default_rng(seed)
    people, design = int(rng.integers(16, 121)), DESIGNS[seed % 3]
    practices = int(rng.integers(4, 11)) if design == "cluster_trial" or rng.random() < 0.5 else 0
    waves = int(rng.integers(2, 4))
    plan = _plan(design, profile, practices, waves)
    arm, practice = _allocated(rng, people, practices, design)
    columns: dict[str, list[Any]] = {
        "person": [f"p{i}" for i in range(people)],
        "arm": ["link" if a else "usual" for a in arm],
        "sex": _some(rng, people, ("female", "male", "other"), (0.6, 0.35, 0.05)),
        "age": [int(a) for a in rng.integers(30, 95, people)],
        "ltc_physical": [int(x) for x in rng.poisson(2, people)],
        "carer": _some(rng, people, ("1", "0", ""), (0.3, 0.65, 0.05)),
    }
    if practices:
        columns["practice"] = [f"g{p}" for p in practice]
    scores = _scores(rng, arm, practice, waves)
    columns |= {f"phq_{w}": [_cell(s) for s in scores[:, w]] for w in range(waves)}
    rows = [list(columns), *(list(row) for row in zip(*columns.values(), strict=True))]
    people_rows = [["person", "carer"], *zip(columns["person"], columns["carer"], strict=True)]
    keep = [name for name in columns if name != "carer"]
    rows = [keep, *([columns[name][i] for name in keep] for i in range(people))]
    study = loaded(folder, plan, scores=rows, people=people_rows)
    return _served(rng, study, arm)


def _plan(design: str, profile: str, practices: int, waves: int) -> dict[str, Any]:
    plan = plan_of(design, missing=dict(MISSING), disclosure={"profile": profile})
    if design in {"cluster_trial", "individual_trial"}:
        plan["comparison"] = comparison(blind=True)
    names = ["baseline", "month_3", "month_6"][:waves]
    plan["waves"] = [{"name": name, "month": 3 * i} for i, name in enumerate(names)]
    measures = plan["files"][0]
    measures["scores"]["phq9"] = {name: f"phq_{i}" for i, name in enumerate(names)}
    if practices:
        measures["columns"]["cluster"] = "practice"
    plan["files"].append({"table": "people", "path": "people.csv", "columns": {"person": "person"}})
    plan["confounders"] = [
        {"name": "Conditions", "reason": "Moves both", "column": "ltc_physical"},
        {"name": "Carer", "reason": "Moves both", "column": "carer", "kind": "category"},
    ]
    plan["subgroups"] = [
        {"name": "Sex", "reason": "More women come", "column": "sex"},
        {"name": "Age", "reason": "Older people come", "column": "age", "cuts": [65]},
    ]
    return edited(plan, "estimand.contrast.waves", [names[-1]])


def _some(rng: Any, people: int, words: tuple[str, ...], chance: tuple[float, ...]) -> list[str]:
    return [str(word) for word in rng.choice(words, people, p=chance)]


def _allocated(rng: Any, people: int, practices: int, design: str) -> tuple[Any, Any]:
    practice = rng.integers(0, practices, people) if practices else np.zeros(people, dtype=int)
    apart = design == "individual_trial" or not practices
    arm = rng.random(people) < rng.uniform(0.35, 0.65) if apart else practice % 2 == 0
    return arm, practice


def _scores(rng: Any, arm: Any, practice: Any, waves: int) -> Any:
    level = rng.normal(14, 4, len(arm)) + rng.normal(0, 0.7, 10)[practice]
    scores = level[:, None] + rng.normal(0, 3, (len(arm), waves))
    scores[:, 1:] -= 2.0 * arm[:, None]
    scores = np.clip(np.round(scores), 0, 27)
    gone = rng.random((len(arm), waves)) < np.where(arm, *rng.uniform(0.03, 0.4, 2))[:, None]
    gone[:, 0] = rng.random(len(arm)) < rng.choice([0.0, 0.05])
    return np.where(gone, np.nan, scores)


def _cell(score: float) -> Any:
    return "" if np.isnan(score) else int(score)


def _served(rng: Any, base: Study, arm: Any) -> Study:
    here = [int(i) for i in np.flatnonzero(arm)]
    episodes: Columns = {
        "episode": [f"e{i}" for i in here],
        "person": [f"p{i}" for i in here],
        "referral_date": [0] * len(here),
        "accepted": [1] * len(here),
        "close_date": [100] * len(here),
        "close_reason": ["goals met"] * len(here),
        "reason": ["money"] * len(here),
        "declared_level": ["light"] * len(here),
    }
    share = rng.uniform(0.5, 0.95)
    times = [(i, c) for i in here if rng.random() < share for c in range(rng.integers(1, 9))]
    times = times or [(here[0], 0)]
    contacts: Columns = {
        "contact": [f"c{k}" for k in range(len(times))],
        "episode": [f"e{i}" for i, _ in times],
        "date": [7 * c + 1 for _, c in times],
        "link_worker": ["w1"] * len(times),
        "mode": ["telephone"] * len(times),
        "minutes": [20] * len(times),
        "attended": [1] * len(times),
        "purpose": ["review"] * len(times),
        "home_visit": [0] * len(times),
    }
    return delivery(base, episodes=episodes, contacts=contacts, support=None, cut=200)
