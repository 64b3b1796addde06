"""Labels of a column as codes, by a table or by a search."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval.models.variables import level_codes
from splw_eval.retention import cumulative_incidence, retention_curve
from splw_eval.retention.labels import labels_of

COLUMNS = {
    "whole numbers with gaps": [7, 3, 9, 3, 7],
    "numbers below 0": [-4, 2, -4, 0, 2],
    "far apart": [1, 10**15, 1, 5, 5],
    "bytes": np.array([200, 7, 255, 0, 7], dtype=np.uint8),
    "signed bytes": np.array([-128, 127, 0, 127, 5], dtype=np.int8),
    "beyond 63 bits": np.array([2**63 + 1, 2**63, 2**63, 2**63 + 1, 2**63], dtype=np.uint64),
    "text": ["b", "a", None, "c", "a"],
    "nullable": pd.array([3, None, 1, 3, 2], dtype="Int64"),
    "categories": pd.Categorical(["b", "a", "b", "c", "c"], ["c", "b", "a"]),
    "categories with nobody and gaps": pd.Categorical(["b", None, "b", "c", "c"], list("dcbza")),
    "categories of numbers": pd.Categorical([2.5, 1.0, None, 1.0, 2.5], [2.5, 4.0, 1.0]),
    "yes and no": [True, False, True, True, False],
}


@pytest.mark.parametrize("name", COLUMNS)
def test_labels_are_those_of_a_search(name):
    values = pd.Series(COLUMNS[name])
    found, (codes, levels) = labels_of(values), level_codes(values)
    assert found.codes.tolist() == list(codes)
    assert found.levels == levels
    assert [type(level) for level in found.levels] == [type(level) for level in levels]


def test_categories_that_nobody_has_are_told():
    found = labels_of(pd.Series(COLUMNS["categories with nobody and gaps"]))
    assert (found.levels, found.nobody) == (("c", "b"), ("d", "z", "a"))


@pytest.mark.parametrize("program", [retention_curve, cumulative_incidence])
def test_groups_counted_in_one_pass_have_the_curves_of_each_by_itself(program):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"day": rng.integers(0, 40, 400), "end": rng.integers(0, 3, 400)})
    frame["practice"] = rng.integers(10, 19, 400)
    frame["arm"] = np.where(frame["practice"] < 14, "A", "B")
    frame.loc[frame["arm"] == "A", "day"] //= 2
    named = {"time": "day", "event": "end", "cluster": "practice", "horizon": 15}
    both = program(frame, by="arm", **named)
    for arm, part in frame.groupby("arm"):
        alone = program(part, by="arm", **named)
        for made, wanted in ((both.table, alone.table), (both.summary, alone.summary)):
            mine = made[made["group"] == arm].reset_index(drop=True)
            pd.testing.assert_frame_equal(mine, wanted, check_exact=False, rtol=1e-12)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int16, float, object])
def test_endings_are_read_alike_whatever_their_type(kind):
    rng = np.random.default_rng(4)
    end = rng.integers(0, 2, 60)
    frame = pd.DataFrame({"day": rng.integers(0, 9, 60), "end": end})
    wanted = retention_curve(frame, time="day", event="end")
    found = retention_curve(frame.assign(end=end.astype(kind)), time="day", event="end")
    pd.testing.assert_frame_equal(found.table, wanted.table)
