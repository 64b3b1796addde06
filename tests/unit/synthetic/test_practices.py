"""Practices of a synthetic programme: allocated by chance within strata, as its plan says."""

from __future__ import annotations

import json
import math
import tomllib

import numpy as np
import pytest

from splw_eval import synthetic
from splw_eval.core.plan import Plan
from splw_eval.synthetic.asked import settings_of
from splw_eval.synthetic.practices import STRATA, cluster_table


def settings(seed: int, practices: tuple[int, int] = (7, 8)):
    asked = dict.fromkeys(("effect", "dropout"))
    usual = {"people": (10, 10), "size_cv": 0.0, "icc": 0.0, "worker_icc": 0.0, "cac": 0.8}
    more = {"correlation": 0.5, "intermittent": 0.0, "never_start": 0.0, "item_missing": 0.0}
    return settings_of(
        {"seed": seed, "practices": practices, "waves": (0, 3), **asked, **usual, **more}
    )


def strata_of(table) -> np.ndarray:
    return sum(2**i * (table[name] >= cut) for i, (name, cut) in enumerate(STRATA.items()))


@pytest.mark.parametrize("practices", [(7, 8), (1, 1), (3, 20), (50, 50)])
def test_each_stratum_gives_each_arm_its_share_but_for_one_practice(practices):
    for seed in range(40):
        table = cluster_table(settings(seed, practices))
        assert (table["arm"] == "programme").sum() == practices[0]
        stratum = strata_of(table)
        for one in np.unique(stratum):
            size = (stratum == one).sum()
            taken = (table["arm"][stratum == one] == "programme").sum()
            assert abs(taken - size * practices[0] / sum(practices)) < 1


def test_within_a_stratum_chance_alone_decides():
    """The larger of two practices of one stratum has the programme half of the time."""
    larger = []
    for seed in range(900):
        table = cluster_table(settings(seed))
        for one in range(2 ** len(STRATA)):
            here = strata_of(table) == one
            size, arm = table["list_size"][here], table["arm"][here] == "programme"
            if len(size) == 2 and arm.sum() == 1 and size[0] != size[1]:
                larger.append(bool(arm[size.argmax()]))
    assert len(larger) > 200
    assert abs(np.mean(larger) - 0.5) < 3 * 0.5 / math.sqrt(len(larger))


def test_practices_are_as_they_would_be_in_any_order():
    """Allocation only puts practices in order: their sizes are those that were drawn."""
    one, other = (cluster_table(settings(3, practices)) for practices in ((7, 8), (8, 7)))
    assert sorted(one["list_size"]) == sorted(other["list_size"])


def test_the_plan_says_how_practices_were_allocated():
    programme = synthetic.programme(seed=5, people=(8, 8))
    assert set(programme.tables["clusters"]["allocation_method"]) == {"stratified"}
    plan = Plan.model_validate_json(json.dumps(tomllib.loads(programme.plan), default=str))
    assert plan.allocation is not None
    assert plan.allocation.method == "stratified"
    assert plan.allocation.strata_columns == {name: (cut,) for name, cut in STRATA.items()}
    assert len(plan.allocation.strata) == len(STRATA)
