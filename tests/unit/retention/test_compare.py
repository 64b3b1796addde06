"""Groups compared: the default test, the other methods beside it, and what is said of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from splw_eval import compare_retention, cumulative_incidence, retention_curve
from splw_eval.retention.checks import RetentionError

NOTHING: dict[str, Any] = {}
BY_PRACTICE: dict[str, Any] = {"cluster": "practice"}
OF_CAUSE: dict[str, Any] = {"cause": 2}
ASKED: dict[str, Any] = {
    "time": "day",
    "event": "ending",
    "by": "arm",
    "horizon": 60,
    "reference": "a usual",
}


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
    turned = compare_retention(frame, **{**ASKED, "reference": "link worker"}, cluster="practice")
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
    asked: dict[str, Any] = {**ASKED, "by": "third", "cluster": "practice", "reference": "g1"}
    found = compare_retention(frame, **asked)
    assert list(found.table["term"].unique()) == ["g0 - g1", "g2 - g1"]
    assert any("by itself" in note for note in found.notes)
    pair = compare_retention(frame[frame["third"] != "g2"], **asked)
    assert_allclose(found.table["p_value"][:4].tolist(), pair.table["p_value"].tolist())


def test_each_contrast_has_its_own_notes_and_its_own_allocations(frame):
    frame["third"] = frame["practice"].map({f"p{i}": f"g{min(i // 3, 2)}" for i in range(8)})
    asked: dict[str, Any] = {**ASKED, "by": "third", "cluster": "practice", "reference": "g0"}
    found = compare_retention(frame, **asked)
    held = found.permutations.set_index("term")
    assert held["allocations"].to_dict() == {"g1 - g0": 20, "g2 - g0": 10}
    assert held["smallest_p_value"].to_dict() == pytest.approx({"g1 - g0": 0.1, "g2 - g0": 0.1})
    assert held["practices_reference"].tolist() == [3, 3]
    assert held["exact"].all()
    for term in held.index:
        assert [n for n in found.notes if n.startswith(f"{term}: ") and "allocations" in n]
    assert not any(n.startswith("The default is") for n in found.notes)
    pair = compare_retention(frame[frame["third"] != "g2"], **asked)
    assert any(n.startswith("The default is") for n in pair.notes)


def test_the_words_take_the_unit_from_the_column_of_times(frame):
    months = frame.rename(columns={"day": "month"})
    asked: dict[str, Any] = {**ASKED, "time": "month", "horizon": 12}
    for how in (NOTHING, BY_PRACTICE, OF_CAUSE):
        text = str(compare_retention(months, **asked, **how))
        assert "(month) up to 12" in text
        assert "days engaged" not in text
    asked = {"time": "month", "event": "ending", "by": "arm", "horizon": 12}
    for text in (str(retention_curve(months, **asked)), str(cumulative_incidence(months, **asked))):
        assert "(month) up to 12" in text
        assert "engaged" not in text.lower()


def test_the_level_of_the_limits_and_how_they_are_made_are_printed(frame):
    for how in (NOTHING, BY_PRACTICE):
        found = compare_retention(frame, **ASKED, **how, conf_level=0.5)
        assert "50% limits" in found.method
        assert "50% limits" in str(found)
    assert "quantile of the permuted statistics" in found.method
    asked: dict[str, Any] = {"time": "day", "event": "ending", "conf_level": 0.5}
    assert "50% limits" in str(retention_curve(frame, **asked))
    assert "50% limits" in str(cumulative_incidence(frame, **asked))


def test_with_a_cause_it_is_said_what_each_method_compares(frame):
    for how, words in ((NOTHING, "log-rank compares"), (BY_PRACTICE, "log(O/E) and")):
        notes = compare_retention(frame, **ASKED, **how, cause=2).notes
        assert [n for n in notes if "cause-specific hazard" in n and words in n]
        plain = compare_retention(frame, **ASKED, **how).notes
        assert not any("cause-specific" in n for n in plain)


def test_people_taken_as_independent_are_told_nothing_of_observed_over_expected(frame):
    for how in (NOTHING, OF_CAUSE):
        assert not any("O/E" in note for note in compare_retention(frame, **ASKED, **how).notes)


def test_few_allocations_that_were_given_or_drawn_are_not_laid_to_the_practices(frame):
    seen = [False] * 4 + [True] * 4
    rows = [seen, [True, False] * 4, [False, True] * 4]
    found = compare_retention(frame, **ASKED, cluster="practice", allocations=rows)
    assert any("so few allocations given" in note for note in found.notes)
    assert any("Only 3 allocations" in note and "below 0.33" in note for note in found.notes)
    assert "exact: all those given, 3 allocations" in str(found)
    practice = np.arange(300) % 24
    many = frame.assign(practice=practice, arm=np.where(practice < 12, "a usual", "new"))
    drawn = compare_retention(many, **ASKED, cluster="practice", draws=9)
    assert any("so few draws" in note for note in drawn.notes)
    for one in (found, drawn):
        assert not any("so few practices" in note for note in one.notes)


def test_the_day_after_the_last_is_the_farthest_horizon_everywhere(frame):
    last = int(frame["day"].max())
    frame.loc[frame["day"] == last, "ending"] = 0
    frame.loc[[0, 1, 2, 3], ["day", "ending"]] = [last, 0]
    frame.loc[[0, 1], "arm"], frame.loc[[2, 3], "arm"] = "a usual", "link worker"
    sparse = frame.assign(day=frame["day"] * 1_000)
    parts = frame.assign(day=frame["day"] + 0.5)
    asked: dict[str, Any] = {"time": "day", "event": "ending", "by": "arm"}
    functions: list[Callable[..., Any]] = [
        retention_curve,
        cumulative_incidence,
        lambda one, **how: compare_retention(one, **how, reference="a usual"),
    ]
    for function in functions:
        for one, most in ((frame, last + 1), (sparse, last * 1_000 + 1), (parts, last + 0.5)):
            function(one, **asked, horizon=most)
            with pytest.raises(RetentionError, match="beyond the follow-up"):
                function(one, **asked, horizon=most + 1)


def test_with_too_few_practices_to_tell_anything_that_is_said(frame):
    few = frame[frame["practice"].isin(["p0", "p1", "p6", "p7"])]
    found = compare_retention(few, **ASKED, cluster="practice")
    assert found.allocations == 6
    assert any("no difference, however large" in note for note in found.notes)


def test_of_two_groups_the_first_in_order_is_compared_with_and_that_is_said(frame):
    named = compare_retention(frame, **ASKED, cluster="practice")
    plain = {key: value for key, value in ASKED.items() if key != "reference"}
    found = compare_retention(frame, **plain, cluster="practice")
    assert found.table.equals(named.table)
    assert any("Name it with reference=" in note for note in found.notes)
    assert not any("Name it with reference=" in note for note in named.notes)
