"""Studies of two groups with contacts, drawn from a seed: nobody in them exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from tests.unit.given_study import comparison, plan_of
from tests.unit.loading import loaded
from tests.unit.retention.given_delivery import Columns, delivery

BY_SEX = {"name": "Sex", "reason": "More women come", "column": "sex"}
BY_AGE = {"name": "Age", "reason": "Older people come", "column": "age", "cuts": [65]}
BY_NUMBER = {"name": "Conditions", "reason": "Less strength", "column": "ltc_physical"}
PEOPLE, PRACTICES = 160, 10


def compared(
    folder: Path, design: str = "cluster_trial", *, seed: int = 1, rare: int = 2, **changes: Any
) -> Study:
    """Give a study of as many people in either group, of 5 practices each, without contacts.

    The sex of the last `rare` people is "other".
    """
    rng = np.random.default_rng(seed)
    plan = plan_of(design, **({"comparison": comparison()} | changes))
    columns = plan["files"][0]["columns"] | {"cluster": "practice"}
    plan["files"][0]["columns"] = columns
    rows: list[list[Any]] = [
        ["person", "arm", "practice", "sex", "age", "ltc_physical", "phq_0", "phq_3"]
    ]
    for i in range(PEOPLE):
        link = i % 2 == 0
        start = int(rng.integers(8, 20))
        later = max(0, min(27, start - 3 * link + int(rng.integers(-4, 4))))
        sex = "other" if i >= PEOPLE - rare else ("female", "male")[i % 3 == 0]
        practice = i % PRACTICES if design != "individual_trial" else i // 2 % PRACTICES
        held = [sex, int(rng.integers(40, 90)), int(rng.integers(0, 6)), start]
        arm = "link" if link else "usual"
        rows.append([f"p{i}", arm, f"g{practice}", *held, "" if rng.random() < 0.1 else later])
    return loaded(folder, plan, scores=rows)


def with_contacts(base: Study, *, of_usual: int = 0, none: int = 4) -> Study:
    """Give people of the programme contacts, but one in `none` of them; and some of the others."""
    people = [i for i in range(0, PEOPLE, 2) if (i // 2) % none] + list(range(1, 2 * of_usual, 2))
    times = [(i, c) for i in people for c in range(1 + i % 7)]
    referred = list(range(0, PEOPLE, 2)) + list(range(1, 2 * of_usual, 2))
    episodes: Columns = {
        "episode": [f"e{i}" for i in referred],
        "person": [f"p{i}" for i in referred],
        "referral_date": [0] * len(referred),
        "accepted": [1] * len(referred),
        "close_date": [100] * len(referred),
        "close_reason": ["goals met"] * len(referred),
        "reason": ["money"] * len(referred),
        "declared_level": ["light"] * len(referred),
    }
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
