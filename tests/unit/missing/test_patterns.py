"""Patterns of who was measured when."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.checks import MissingError
from splw_eval.missing.loss.patterns import pattern_table
from tests.unit.missing.given_loss import COLUMNS, GROUPED, lost_people


@pytest.fixture
def few():
    rows = [
        ("a", 1, "x", "p", 10.0),
        ("a", 2, "x", "p", 12.0),
        ("a", 3, "x", "p", 13.0),
        ("b", 1, "x", "p", 20.0),
        ("b", 2, "x", "p", np.nan),
        ("b", 3, "x", "p", 26.0),
        ("c", 1, "y", "q", 30.0),
        ("c", 2, "y", "q", 31.0),
        ("d", 1, "y", "r", np.nan),
    ]
    return pd.DataFrame(rows, columns=["id", "wave", "arm", "practice", "score"])


def test_rows_that_are_not_there_count_as_not_measured(few):
    found = pattern_table(few, **GROUPED).table
    assert dict(zip(found["arm"] + found["pattern"], found["n"], strict=True)) == {
        "x111": 1,
        "x101": 1,
        "y110": 1,
        "y000": 1,
    }


def test_means_are_those_of_the_first_and_the_last_score_there_is(few):
    again = few[few["id"] == "b"].assign(id="e", score=[22.0, np.nan, 30.0])
    table = pattern_table(pd.concat([few, again]), **GROUPED).table
    found: Any = table.set_index("pattern")
    assert found.loc["101", ["mean_first", "mean_last"]].tolist() == [21.0, 28.0]
    assert np.isnan(found.loc["000", "mean_last"])


def test_a_pattern_of_one_person_has_no_means_and_a_sentence_says_why(few):
    found = pattern_table(few, **GROUPED)
    assert (found.table["n"] == 1).all()
    assert found.table[["mean_first", "mean_last"]].isna().all(axis=None)
    assert any("(4 of 4)" in note and "own scores" in note for note in found.notes)


def test_somebody_who_came_back_is_not_monotone(few):
    found = pattern_table(few, **GROUPED)
    assert found.monotone.set_index("arm")["gaps"].to_dict() == {"x": 1, "y": 0}
    assert found.table.loc[~found.table["monotone"], "pattern"].tolist() == ["101"]
    assert any("came back" in note for note in found.notes)


def test_shares_missing_range_over_practices(few):
    missing: Any = pattern_table(few, **GROUPED).missing.set_index(["arm", "wave"])
    row = missing.loc[("y", "2")]
    assert (row["share_missing"], row["lowest_of_practices"], row["highest_of_practices"]) == (
        0.5,
        0.0,
        1.0,
    )


def test_shares_of_patterns_add_up_in_each_arm():
    found = pattern_table(lost_people(), **GROUPED)
    assert found.table.groupby("arm")["share"].sum().to_numpy() == pytest.approx([1, 1])
    assert found.table["n"].sum() == found.n
    assert (found.practices.groupby("wave")["n"].sum() == found.n).all()


def test_without_arms_everybody_is_one_group(few):
    found = pattern_table(few, **COLUMNS)
    assert set(found.table["arm"]) == {"everybody"}
    assert found.practices.empty


def test_every_fault_is_told_at_once(few):
    few = pd.concat([few, few.iloc[[0]]], ignore_index=True)
    few.loc[1, "arm"] = "y"
    few.loc[8, "practice"] = None
    few.loc[3, "id"] = None
    with pytest.raises(MissingError) as caught:
        pattern_table(few, **GROUPED)
    codes = {(one.code, one.column) for one in caught.value.findings}
    assert codes == {
        ("SN04", "id"),
        ("SN04", "practice"),
        ("SN30", "id and wave"),
        ("SN31", "arm"),
    }


def test_one_wave_is_refused(few):
    with pytest.raises(MissingError, match="one wave only"):
        pattern_table(few[few["wave"] == 1], **GROUPED)


def test_printed_lines_fit_eighty_columns():
    text = str(pattern_table(lost_people(), **GROUPED))
    assert max(map(len, text.splitlines())) <= 80
    assert "1000" in text
