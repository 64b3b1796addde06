"""Curves on data frames: what they hold, what they refuse to claim, and what changes nothing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from splw_eval import cumulative_incidence, retention_curve
from splw_eval.retention.checks import RetentionError

ASKED: dict[str, Any] = {"time": "day", "event": "ending"}


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    n = 400
    return pd.DataFrame(
        {
            "day": rng.integers(0, 90, n),
            "ending": rng.integers(0, 3, n),
            "practice": rng.integers(0, 12, n),
            "arm": np.array(["usual", "link worker"])[rng.integers(0, 2, n)],
        }
    )


def numbers(values: Any) -> Any:
    return np.asarray(values, dtype=float)


def test_the_table_has_one_row_for_each_group_and_day_on_which_anybody_ended(frame):
    table = retention_curve(frame, **ASKED, by="arm").table
    seen = frame.drop_duplicates(["arm", "day"])
    assert len(table) == len(seen)
    first = table.groupby("group")["at_risk"].first()
    assert first.to_dict() == frame.groupby("arm").size().to_dict()
    assert table["events"].sum() + table["censored"].sum() == len(frame)
    assert {"robust_std_error", "robust_conf_low"}.isdisjoint(table.columns)
    assert "robust_std_error" in retention_curve(frame, **ASKED, cluster="practice").table


def test_one_cause_is_one_less_the_curve_and_causes_add_up_with_the_engaged(frame):
    alone = frame.assign(ending=frame["ending"].clip(upper=1))
    engaged = retention_curve(alone, **ASKED).table["estimate"]
    left = cumulative_incidence(alone, **ASKED).table["estimate"]
    assert_allclose(numbers(left), 1 - numbers(engaged), atol=1e-12)
    both = cumulative_incidence(frame, **ASKED).table
    total = both.groupby("day")["estimate"].sum() + both.groupby("day")["engaged"].first()
    assert_allclose(numbers(total), 1.0, atol=1e-12)
    assert_allclose(
        numbers(both.loc[both["cause"] == "cause 1", "engaged"]),
        numbers(retention_curve(frame, **ASKED).table["estimate"]),
        atol=1e-12,
    )


def test_names_of_practices_and_the_order_of_rows_change_nothing(frame):
    asked: dict[str, Any] = {**ASKED, "by": "arm", "cluster": "practice", "horizon": 60}
    found = retention_curve(frame, **asked).table
    other = frame.assign(practice=[f"p{(7 * p) % 12}" for p in frame["practice"]])
    again = retention_curve(other.sample(frac=1, random_state=1), **asked).table
    for name in ("estimate", "std_error", "robust_std_error"):
        assert_allclose(numbers(again[name]), numbers(found[name]), atol=1e-12)


def test_a_weight_of_2_equals_a_second_row(frame):
    weighted = retention_curve(frame.assign(w=2.0), **ASKED, weights="w", cluster="practice")
    doubled = retention_curve(pd.concat([frame, frame]), **ASKED, cluster="practice")
    for name in ("at_risk", "estimate", "robust_std_error"):
        assert_allclose(numbers(weighted.table[name]), numbers(doubled.table[name]), atol=1e-12)
    assert any("only the robust errors" in note for note in weighted.notes)


def test_large_day_numbers_and_parts_of_days_need_no_large_table(frame):
    asked: dict[str, Any] = {"by": "arm", "cluster": "practice", "horizon": 60}
    found = retention_curve(frame, **ASKED, **asked)
    large = frame.assign(day=frame["day"] * 1e6)
    again = retention_curve(large, **ASKED, **{**asked, "horizon": 60e6})
    assert_allclose(numbers(again.table["estimate"]), numbers(found.table["estimate"]))
    for name in ("restricted_mean", "restricted_mean_robust_std_error", "median"):
        assert_allclose(numbers(again.summary[name]), 1e6 * numbers(found.summary[name]))
    parts = retention_curve(
        frame.assign(day=frame["day"] / 8), **ASKED, **{**asked, "horizon": 7.5}
    )
    assert_allclose(
        numbers(parts.summary["restricted_mean"]), numbers(found.summary["restricted_mean"]) / 8
    )


def test_a_median_that_is_not_reached_is_said_and_never_a_number():
    frame = pd.DataFrame({"day": [1, 2, 3, 4], "ending": [1, 0, 0, 0]})
    found = retention_curve(frame, **ASKED)
    assert found.summary["median"].isna().all()
    assert "not reached" in str(found)
    assert "The median is not reached." in found.notes


def test_a_curve_that_nobody_left_stays_at_1_without_limits(frame):
    found = retention_curve(frame.assign(ending=False), **ASKED)
    assert found.table["estimate"].eq(1).all()
    assert found.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert any("Nobody left" in note for note in found.notes)


def test_endings_may_be_yes_and_no(frame):
    flags = frame.assign(ending=frame["ending"] > 0)
    nullable = flags.assign(ending=flags["ending"].astype("boolean"))
    expected = retention_curve(frame, **ASKED).table["estimate"]
    category = frame.astype({"ending": "category"})
    for other in (flags, nullable, flags.astype({"ending": object}), category):
        assert_allclose(numbers(retention_curve(other, **ASKED).table["estimate"]), expected)


def test_values_are_carried_on_and_missing_beyond_the_last_day_seen():
    frame = pd.DataFrame({"day": [2, 5, 9], "ending": [1, 1, 0]})
    at = retention_curve(frame, **ASKED).at([0, 4, 5, 9, 10])
    assert_allclose(numbers(at["estimate"][:4]), [1, 2 / 3, 1 / 3, 1 / 3])
    assert at["at_risk"].tolist() == [3, 2, 2, 1, 0]
    assert at["left_so_far"].tolist() == [0, 1, 2, 2, 2]
    assert np.isnan(at["estimate"].iloc[4])
    assert at["note"].tolist()[3:] == ["", "beyond the last day on which anybody was seen"]
    gone = retention_curve(frame.assign(ending=1), **ASKED).at(100)
    assert gone["estimate"].tolist() == [0]
    with pytest.raises(RetentionError, match="no number from 0"):
        retention_curve(frame, **ASKED).at(-1)


def test_named_causes_have_their_names_and_one_that_nobody_left_for_stays_at_0(frame):
    names = {1: "completed", 2: "dropped out", 3: "ended otherwise"}
    found = cumulative_incidence(frame, **ASKED, causes=names, by="arm", horizon=50)
    assert list(found.summary["cause"][:3]) == list(names.values())
    nobody = found.table[found.table["cause"] == "ended otherwise"]
    assert nobody["estimate"].eq(0).all()
    assert 'Nobody left for the cause "ended otherwise".' in found.notes
    lost = found.summary.groupby("group")["time_lost"].sum()
    engaged = retention_curve(frame, **ASKED, by="arm", horizon=50).summary
    kept = engaged.set_index("group")["restricted_mean"]
    assert_allclose(numbers(lost + kept), 50.0)
    assert "never 1 - Kaplan-Meier" in found.method


def test_a_group_of_one_practice_has_no_robust_error_and_a_group_of_nobody_no_curve(frame):
    frame["arm"] = pd.Categorical(frame["arm"], categories=["usual", "link worker", "other"])
    frame.loc[frame["arm"] == "usual", "practice"] = 99
    found = retention_curve(frame, **ASKED, by="arm", cluster="practice", horizon=30)
    usual = found.table[found.table["group"] == "usual"]
    assert usual["robust_std_error"].isna().all()
    assert usual["std_error"].notna().any()
    assert list(found.summary["group"]) == ["usual", "link worker"]
    assert any("one practice" in note for note in found.notes)
    assert any('"other" has nobody' in note for note in found.notes)


def test_what_is_printed_tells_people_practices_and_method(frame):
    found = retention_curve(frame, **ASKED, by="arm", cluster="practice")
    assert repr(found).startswith("<RetentionCurves: 400 people or episodes,")
    assert "12 practices" in str(found)
    assert "df = practices - 1" in str(found)
    assert "cumulative_incidence keeps them apart" in str(found)
    copy = found.to_frame()
    copy["estimate"] = 0.0
    assert found.table["estimate"].max() > 0


def test_a_limit_that_cannot_be_had_is_none_and_a_median_never_come_to_is_not_reached():
    few = pd.DataFrame({"day": [1, 2, 3, 4, 5, 6], "ending": [1, 1, 1, 0, 0, 0]})
    found = retention_curve(few, **ASKED)
    assert np.isnan(found.summary["median_high"].iloc[0])
    line = str(found).splitlines()[2].split()
    assert "none" in line
    assert "reached" not in line
    never = str(retention_curve(few.assign(ending=[1, 0, 0, 0, 0, 0]), **ASKED)).splitlines()[2]
    assert "not reached" in never
    assert never.split()[-1] == "none"


def test_the_median_of_a_group_of_one_practice_has_the_limits_of_its_people(frame):
    frame.loc[frame["arm"] == "usual", "practice"] = 99
    found = retention_curve(frame, **ASKED, by="arm", cluster="practice").summary
    people = retention_curve(frame, **ASKED, by="arm").summary
    usual = found["group"] == "usual"
    limits = ["median_low", "median_high"]
    assert found.loc[usual, limits].notna().to_numpy().all()
    assert_allclose(numbers(found.loc[usual, limits]), numbers(people.loc[usual, limits]))
    notes = retention_curve(frame, **ASKED, by="arm", cluster="practice").notes
    assert any("also of the median" in note and "this practice alone" in note for note in notes)


def test_shares_of_the_summary_carry_their_day():
    short = pd.DataFrame({"day": [3, 20, 60], "ending": [1, 2, 0], "arm": "short"})
    both = pd.concat([short, short.assign(day=[5, 200, 600], arm="long")])
    found = cumulative_incidence(both, **ASKED, by="arm")
    days = found.summary.set_index("group")["day"].to_dict()
    assert days == {"short": 60, "long": 600}
    at = found.at([60]).query("group == 'short'")["estimate"].tolist()
    assert found.summary.query("group == 'short'")["estimate"].tolist() == at


def test_with_weights_events_are_said_to_be_sums_of_weights(frame):
    found = retention_curve(frame.assign(weight=2.0), **ASKED, weights="weight")
    assert any("sums of weights" in note for note in found.notes)
    assert not any("sums of weights" in note for note in retention_curve(frame, **ASKED).notes)
