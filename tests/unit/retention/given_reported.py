"""Services of any size from a seed, for what the report says of them: nobody in them exists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from tests.unit.given_study import plan_of
from tests.unit.loading import loaded
from tests.unit.retention.given_delivery import Columns, delivery

ENDINGS = ("goals met", "planned completion", "declined", "lost contact", "moved", "died", "")
CUT = 500
MODES = ("in person", "telephone", "video")


def measured(
    folder: Path,
    first: int,
    second: int = 0,
    *,
    practices: int = 6,
    lost: float = 0.3,
    seed: int = 1,
) -> Study:
    """Give a study of so many people in one arm, or in two, without records of a service."""
    rng = np.random.default_rng(seed)
    plan = plan_of("controlled_cohort" if second else "pre_post")
    names = ["person", "phq_0", "phq_3", *(["arm"] if second else [])]
    if practices:
        plan["files"][0]["columns"]["cluster"] = "practice"
        names.append("practice")
    rows: list[list[Any]] = [names]
    for i in range(first + second):
        arm = "link" if i < first else "usual"
        each: list[Any] = [f"p{i}", 10, "" if rng.random() < lost else 9]
        each += [arm] if second else []
        each += [f"g{arm}{i % practices}"] if practices else []
        rows.append(each)
    return loaded(folder, plan, scores=rows)


def served(
    base: Study, people: int, *, seed: int = 1, left: float = 0.7, workers: int = 6, mean: int = 120
) -> Study:
    """Give the first people of a study one episode each, with contacts and support."""
    rng = np.random.default_rng(seed)
    referred = rng.integers(0, 60, people)
    met = rng.random(people) < 0.9
    first = referred + rng.integers(1, 30, people)
    gone = rng.random(people) < left
    close = first + 1 + rng.geometric(1 / mean, people)
    gone &= close < CUT
    chance = np.array([0.3, 0.2, 0.1, 0.2, 0.05, 0.05, 0.1])
    why = rng.choice(np.array(ENDINGS, dtype=object), people, p=chance)
    episodes: Columns = {
        "episode": [f"e{i}" for i in range(people)],
        "person": [f"p{i}" for i in range(people)],
        "referral_date": [int(day) for day in referred],
        "accepted": [int(x) for x in rng.random(people) < 0.9],
        "first_contact_date": [int(d) if m else None for d, m in zip(first, met, strict=True)],
        "close_date": [int(d) if g else None for d, g in zip(close, gone, strict=True)],
        "close_reason": [str(w) if g else "" for w, g in zip(why, gone, strict=True)],
        "reason": ["money"] * people,
        "declared_level": [str(x) for x in rng.choice(["light", "medium", ""], people)],
    }
    support: Columns = {
        "episode": [f"e{i}" for i in range(0, people, 2)],
        "category": ["arranging support"] * len(range(0, people, 2)),
        "date": [int(first[i]) for i in range(0, people, 2)],
        "level": [str(x) for x in rng.choice(["refer", "signpost"], len(range(0, people, 2)))],
        "activity_attended": [int(x) for x in rng.random(len(range(0, people, 2))) < 0.5],
    }
    contacts = _contacts(rng, first, np.where(gone, close, CUT), met, workers)
    return delivery(base, episodes=episodes, contacts=contacts, support=support, cut=CUT)


def _contacts(rng: Any, first: Any, last: Any, met: Any, workers: int) -> Columns:
    rows = []
    for i in np.flatnonzero(met):
        step = int(rng.integers(20, 80))
        days = range(int(first[i]), int(min(last[i], CUT)), step)
        rows += [(f"e{i}", day, f"w{rng.integers(0, workers)}") for day in days[:8]]
    n = len(rows)
    if not n:
        rows, n = [("e0", int(last[0]), "w0")], 1
    return {
        "contact": [f"c{i}" for i in range(n)],
        "episode": [row[0] for row in rows],
        "date": [row[1] for row in rows],
        "link_worker": [row[2] for row in rows],
        "mode": [str(x) for x in rng.choice(MODES, n)],
        "minutes": [int(x) for x in rng.integers(10, 60, n)],
        "attended": [int(x) for x in rng.random(n) < 0.85],
        "purpose": [str(x) for x in rng.choice(["planning", "review", "First conversation"], n)],
        "home_visit": [0] * n,
    }
