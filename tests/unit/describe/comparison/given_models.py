"""Studies to compare: scores drawn from a seed, with practices, link workers and losses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from splw_eval.data import Study
from splw_eval.data.people import People
from tests.reports import given, synthetic

BASE = synthetic.study(20)
ALIKE = {"recruited": "before_allocation", "recruited_by": "staff"} | {
    "comparators": "same_eligibility"
}


def study(
    design: str = "cluster_trial",
    *,
    people: int = 240,
    practices: int | None = 12,
    workers: int = 0,
    effect: float = 0.0,
    spread: float = 0.6,
    lost: float = 0.2,
    seed: int = 1,
    waves: int = 2,
    programme_share: float = 0.5,
    **changes: Any,
) -> Study:
    """Return a study of a design; scores are near 20 with SD 4, `effect` in points after baseline.

    People of the programme are arm 0 of the plan, as in `given.arms`.
    """
    rng = np.random.default_rng(seed)
    plan = given.plan(design, waves=waves, **changes)
    single = not plan.arms
    codes = np.arange(people) % (practices or people)
    arm = np.zeros(people, dtype=np.int64)
    if not single and design == "individual_trial":
        arm = (rng.random(people) > programme_share).astype(np.int64)
    elif not single:
        arm = (codes >= programme_share * (practices or people)).astype(np.int64)
    scores = 20 + 3.2 * rng.standard_normal((people, 1))
    scores = scores + 2.4 * rng.standard_normal((people, len(plan.waves)))
    if practices:
        scores += spread * rng.standard_normal((practices, 1))[codes]
    scores[:, 1:] += effect * (arm == 0)[:, None]
    gone = rng.random(scores.shape) < lost * np.arange(len(plan.waves)) / 2
    scores = np.where(gone, np.nan, np.clip(np.round(scores, 2), 7, 35))
    worker = None
    if workers:
        worker = np.where(arm == 0, rng.integers(0, workers, people), -1)
    return replace(
        BASE,
        plan=plan,
        people=_people(arm, codes if practices else None, worker),
        scores={plan.primary.name: scores},
        due=np.ones(scores.shape, dtype=bool),
        maximum={},
        items={},
    )


def _people(arm: Any, cluster: Any, worker: Any) -> People:
    names = [f"p{i}" for i in range(len(arm))]
    return People(
        ids=np.array(names, dtype=object),
        index={name: i for i, name in enumerate(names)},
        arm=arm,
        cluster=cluster,
        link_worker=worker,
        time_zero=None,
    )


def with_scores(given_study: Study, scores: Any) -> Study:
    """Return a study with other scores of the primary outcome."""
    return replace(given_study, scores={given_study.plan.primary.name: scores})


def contrast(kind: str, *waves: str) -> dict[str, Any]:
    """Return the estimand section with another contrast."""
    held = given.plan().estimand.model_dump(mode="json")
    return held | {"contrast": {"kind": kind, "waves": list(waves)}}


def rows_of(result: Any) -> Any:
    """Return the rows of a result; those that are not masked hold no None."""
    return result.rows
