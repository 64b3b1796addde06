"""Groups compared: the default test, the other methods beside it, and what is said of them."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from splw_eval import compare_retention, retention_curve
from splw_eval.retention.checks import RetentionError

ASKED: dict[str, Any] = {"time": "day", "event": "ending", "by": "arm", "horizon": 60}


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(3)
    n = 300
    practice = rng.integers(0, 8, n)
    return pd.DataFrame(
        {
            "day": rng.integers(0, 90, n),
            "ending": rng.integers(0, 3, n),
            "practice": [f"p{p}" for p in practice],
            "arm": np.where(practice < 4, "a usual", "link worker"),
        }
    )


def method(found: Any, name: str) -> Any:
    return found.table[found.table["method"].str.startswith(name)].iloc[0]


def test_the_default_permutes_practices_and_three_methods_stand_beside_it(frame):
    found = compare_retention(frame, **ASKED, cluster="practice")
    assert list(found.table["default"]) == [True, False, False, False]
    assert found.table["method"].iloc[0] == found.default
    assert found.exact is True
    assert found.allocations == 70  # 8 practices, 4 in each arm
    assert found.p_value == method(found, "studentised")["p_value"]
    assert found.p_value * 70 == pytest.approx(round(found.p_value * 70))
    assert found.smallest_p_value == pytest.approx(2 / 70)
    assert method(found, "t test of log(O/E)")["df"] == 6
    assert "ignores practices" in found.table["method"].iloc[3]
    assert "exact: all 70 allocations" in str(found)


def test_the_difference_is_that_of_the_curves_at_the_horizon(frame):
    found = compare_retention(frame, **ASKED, cluster="practice")
    means = retention_curve(frame, time="day", event="ending", by="arm", horizon=60).summary[
        "restricted_mean"
    ]
    assert_allclose(found.estimate, means[1] - means[0])
    assert_allclose(found.means["restricted_mean"].tolist(), means.tolist())
    turned = compare_retention(frame, **ASKED, cluster="practice", reference="link worker")
    assert_allclose(turned.estimate, -found.estimate)
    assert_allclose(turned.p_value, found.p_value)
    assert turned.table["term"].iloc[0] == "a usual - link worker"


def test_days_lost_to_a_cause_are_compared_by_code_or_name(frame):
    names = {1: "completed", 2: "dropped out"}
    asked: dict[str, Any] = {**ASKED, "cluster": "practice", "causes": names}
    by_code = compare_retention(frame, **asked, cause=2)
    by_name = compare_retention(frame, **asked, cause="dropped out")
    assert by_code.cause == "dropped out"
    assert by_code.estimate == by_name.estimate
    whole = compare_retention(frame, **asked)
    other = compare_retention(frame, **asked, cause=1)
    assert_allclose(whole.estimate + by_code.estimate + other.estimate, 0, atol=1e-10)
    with pytest.raises(RetentionError, match=r"1 \(completed\), 2 \(dropped out\)"):
        compare_retention(frame, **asked, cause=9)


def test_without_practices_people_are_independent_and_that_is_said(frame):
    found = compare_retention(frame, **ASKED)
    assert list(found.table["method"]) == [
        "normal, people independent",
        "log-rank (ignores practices)",
    ]
    assert found.allocations is None
    assert any("No practices were given" in note for note in found.notes)
    halves = compare_retention(frame.assign(day=frame["day"] / 2), **{**ASKED, "horizon": 30})
    assert_allclose(halves.estimate, found.estimate / 2)
    assert_allclose(halves.p_value, found.p_value)


def test_allocations_that_could_have_been_may_be_given_by_name_in_any_order(frame):
    practices = sorted(frame["practice"].unique())
    rows = [[p in chosen for p in practices] for chosen in combinations(practices, 4)]
    table = pd.DataFrame(rows, columns=practices)
    kept = table[table["p7"] != table["p0"]]
    asked: dict[str, Any] = {**ASKED, "cluster": "practice"}
    found = compare_retention(frame, **asked, allocations=kept[practices[::-1]])
    assert found.allocations == len(kept)
    assert found.p_value == compare_retention(frame, **asked, allocations=kept.to_numpy()).p_value
    with pytest.raises(RetentionError, match="not the practices"):
        compare_retention(frame, **asked, allocations=kept.rename(columns={"p0": "other"}))


def test_several_groups_are_compared_with_the_one_named(frame):
    frame["third"] = frame["practice"].map(lambda p: f"g{int(p[1]) % 3}")
    asked: dict[str, Any] = {**ASKED, "by": "third", "cluster": "practice"}
    found = compare_retention(frame, **asked, reference="g1")
    assert list(found.table["term"].unique()) == ["g0 - g1", "g2 - g1"]
    assert any("by itself" in note for note in found.notes)
    pair = compare_retention(frame[frame["third"] != "g2"], **asked, reference="g1")
    assert_allclose(found.table["p_value"][:4].tolist(), pair.table["p_value"].tolist())


def test_with_too_few_practices_to_tell_anything_that_is_said(frame):
    few = frame[frame["practice"].isin(["p0", "p1", "p6", "p7"])]
    found = compare_retention(few, **ASKED, cluster="practice")
    assert found.allocations == 6
    assert any("no difference, however large" in note for note in found.notes)
