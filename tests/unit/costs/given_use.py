"""Made-up studies with use of services, contacts, an index of health and made-up prices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from tests.unit.given_study import PlanTable, outcome, plan_of
from tests.unit.loading import loaded

MONTHS = range(-6, 13)
ZERO = np.datetime64("2024-01-15")
PRICES: dict[str, Any] = {
    "currency": "crowns",
    "price_year": 2025,
    "perspective": "the health service",
    "overhead_ratio": 1.0,
    "qaly_outcome": "health",
    "value_per_qaly": [10_000, 50_000],
    "unit": {
        "gp_contact": {"value": 10, "source": "Made up"},
        "link_worker_hour": {"value": 30, "source": "Made up", "pays": "The network"},
    },
    "programme": {"platform": {"value": 1_600, "source": "Made up"}},
}
TABLES = ("people", "use", "episodes", "contacts")
_NAMES = {"use": "service_use"}


def plan(design: str = "controlled_cohort", **changes: Any) -> PlanTable:
    """Give a plan with every table that costs are counted from."""
    made = plan_of(design)
    measures = made["files"][0] | {
        "columns": {"person": "person"},
        "scores": {
            "phq9": {"baseline": "phq_0", "month_12": "phq_12"},
            "health": {"baseline": "h_0", "month_6": "h_6", "month_12": "h_12"},
        },
    }
    made["files"] = [
        measures,
        *({"table": _NAMES.get(name, name), "path": f"{name}.csv"} for name in TABLES),
    ]
    made["waves"] = [
        {"name": "baseline", "month": 0},
        {"name": "month_6", "month": 6},
        {"name": "month_12", "month": 12},
    ]
    made["estimand"] = made["estimand"] | {"contrast": {"kind": "wave", "waves": ["month_12"]}}
    made["outcomes"] = [
        outcome(mid={"value": 3, "source": "Made up"}),
        outcome(name="health", label="Health", instrument="Made-up index", role="secondary")
        | {"range": [-0.5, 1], "direction": "higher_is_better", "step": 0.001, "decimals": 3},
    ]
    made["time_zero"] = [{"event": "referral", "column": "referral_date"}]
    made["service_use"] = {"months_before": 6, "months_after": 12}
    made["costs"] = PRICES
    return made | changes


def rows(
    *, practices: int = 8, each: int = 12, seed: int = 1, arms: bool = True, lost: float = 0.0
) -> dict[str, Any]:
    """Rows of every file: half of the practices are of the programme, where there are arms."""
    rng = np.random.default_rng(seed)
    n = practices * each
    practice = np.repeat(np.arange(practices), each)
    programme = practice < practices / 2 if arms else np.ones(n, dtype=bool)
    ids = [f"p{i}" for i in range(n)]
    level = np.clip(0.6 + rng.normal(0, 0.15, n), 0, 0.95)
    people: list[list[Any]] = [["person", "cluster", "referral_date"] + (["arm"] if arms else [])]
    scores: list[list[Any]] = [["person", "phq_0", "phq_12", "h_0", "h_6", "h_12"]]
    use: list[list[Any]] = [["person", "month", "gp_contacts", "emergency"]]
    for i, who in enumerate(ids):
        group = (["link"] if programme[i] else ["usual"]) if arms else []
        people.append([who, f"g{practice[i]}", ZERO, *group])
        gone = rng.random() < lost
        start = int(rng.integers(8, 20))
        health = np.clip(level[i] + rng.normal(0, 0.08, 3), -0.4, 1).round(3).tolist()
        later = "" if gone else start - int(rng.integers(-1, 8))
        scores.append([who, start, later, health[0], health[1], "" if gone else health[2]])
        for month in MONTHS:
            at = (ZERO.astype("M8[M]") + month).astype("M8[D]")
            use.append([who, at, int(rng.poisson(1.2 if month < 0 else 0.8)), 0])
    return {"people": people, "scores": scores, "use": use} | _service(ids, programme, rng)


def _service(ids: list[str], programme: Any, rng: Any) -> dict[str, list[list[Any]]]:
    episodes: list[list[Any]] = [["episode", "person", "referral_date", "close_date"]]
    episodes[0] += ["close_reason"]
    contacts: list[list[Any]] = [["contact", "episode", "date", "minutes", "attended"]]
    for i, who in enumerate(ids):
        if not programme[i]:
            continue
        episodes.append([f"e{i}", who, ZERO, "", ""])
        contacts += [
            [f"c{i}.{place}", f"e{i}", ZERO + 7 * (place + 1), 60, "yes"]
            for place in range(int(rng.integers(0, 5)))
        ]
    return {"episodes": episodes, "contacts": contacts}


def study(folder: Path, given: PlanTable | None = None, **changes: Any) -> Study:
    """Load such a study; `changes` replace whole files."""
    made = rows(arms=bool((given or plan()).get("arms")))
    return loaded(folder, given or plan(), **(made | changes))
