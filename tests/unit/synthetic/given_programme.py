"""Synthetic programmes to test with, and the scores of their questionnaires."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from splw_eval import synthetic
from splw_eval.instruments import score_responses
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES


@cache
def small() -> synthetic.Programme:
    """Return the programme of the size that is usual."""
    return synthetic.programme(seed=11)


def many(**changes: Any) -> synthetic.Programme:
    """Return a programme of 100 and 100 practices with about 40 people each, nobody lost."""
    nobody_lost: dict[str, Any] = {
        "dropout": {"programme": (0, 0, 0), "comparison": (0, 0, 0)},
        "intermittent": 0,
        "never_start": 0,
        "item_missing": 0,
    }
    asked: dict[str, Any] = {"seed": 5, "practices": (100, 100), "people": (40, 40), "size_cv": 0.3}
    return synthetic.programme(**(asked | nobody_lost | changes))


def scores(programme: synthetic.Programme) -> pd.DataFrame:
    """Give the first questionnaire of each person and wave: scores, arm and practice."""
    measures = programme.tables["measures"].drop_duplicates(["person", "wave"])
    people = programme.tables["people"].set_index("person")
    found = measures[["person", "wave"]].reset_index(drop=True)
    for outcome, form in QUESTIONNAIRES.items():
        answers = measures[list(form.items)].to_numpy(dtype=np.float64, na_value=np.nan)
        one = len(form.items) == 1
        scored = None if one else score_responses(answers, form.instrument)[form.score].values
        found[outcome] = answers[:, 0] if scored is None else scored
    found["arm"] = people.arm.reindex(found.person).to_numpy(dtype=object)
    found["cluster"] = people.cluster.reindex(found.person).to_numpy(dtype=object)
    return found


def icc(frame: pd.DataFrame, outcome: str, group: str = "cluster") -> float:
    """ICC of a score by the analysis of variance, within arms."""
    held = frame.dropna(subset=[outcome])
    values = held[outcome] - held.groupby("arm")[outcome].transform("mean")
    of_group = values.groupby(held[group])
    sizes, means = of_group.size(), of_group.mean()
    arms, n, k = held.arm.nunique(), len(held), len(sizes)
    between = (sizes * means**2).sum() / (k - arms)
    within = ((values - of_group.transform("mean")) ** 2).sum() / (n - k)
    size = (n - (sizes**2).sum() / n) / (k - 1)
    return float((between - within) / (between + (size - 1) * within))
