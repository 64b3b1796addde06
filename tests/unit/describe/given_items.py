"""Small studies with answers to items, by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from splw_eval.data import Study
from tests.unit.given_study import Rows, edited, outcome, plan_of, pre_post_plan
from tests.unit.loading import loaded


def study_of(
    folder: Path,
    name: str,
    scores: Sequence[Sequence[Any]],
    items: Any = None,
    supplied: Any = None,
    arms: Sequence[str] = (),
    **changes: Any,
) -> Study:
    """Study of one catalogued instrument; items have the shape (people, waves, items)."""
    plan = plan_of("controlled_cohort") if arms else pre_post_plan()
    own = {k: changes.pop(k) for k in list(changes) if k in _KEYS}
    section = outcome(instrument=name) | {"range": None, "direction": None} | own
    section = {key: value for key, value in section.items() if value is not None}
    plan = edited(plan | changes, "outcomes", [section])
    heading = ["person", *(["arm"] if arms else []), "phq_0", "phq_3"]
    rows: Rows = [heading]
    for place, pair in enumerate(scores):
        rows.append([f"p{place}", *([arms[place]] if arms else []), *pair])
    study = loaded(folder, plan, scores=rows)
    held = {} if items is None else {"phq9": np.array(items, dtype=float)}
    totals = {} if supplied is None else {"phq9": np.array(supplied, dtype=float)}
    return replace(study, items=held, supplied=totals)


_KEYS = {"mid", "options", "score", "step", "decimals"}


def answers(n: int, k: int, codes: int, seed: int = 1) -> np.ndarray:
    """Answers 0 to codes - 1 of n people at two waves that go together, shape (n, 2, k)."""
    rng = np.random.default_rng(seed)
    state = rng.normal(size=(n, 2, 1))
    values = 0.8 * state + 0.6 * rng.normal(size=(n, 2, k))
    found: np.ndarray = np.clip(np.round(codes / 2 + values), 0, codes - 1)
    return found


def given(value: float | None) -> float:
    """Return a number that must be there."""
    assert value is not None
    return value
