"""Which column holds which item: by name, by pattern, one by one; never one for several."""

from __future__ import annotations

import pandas as pd
import pytest

import splw_eval
from splw_eval.core.errors import DataError, SplwError
from splw_eval.instruments import read_catalogue
from splw_eval.instruments.catalogue import named
from tests.unit.instruments.keyed import OPTIONS

Q = pd.DataFrame([[0] * 9, [1] * 9], columns=[f"q{i}" for i in range(1, 10)])


def findings(frame, **words):
    with pytest.raises(DataError) as refused:
        splw_eval.score(frame, **words)
    return refused.value.findings


@pytest.mark.parametrize("word", ["PHQ9", "phq-9", "PHQ 9", "Phq_9", "phq9"])
def test_an_instrument_is_found_whatever_its_capitals_and_signs(word):
    assert splw_eval.instrument(word).name == "phq9"
    assert splw_eval.score(Q, instrument=word, items="q{item}")["total"].tolist() == [0, 9]


@pytest.mark.parametrize(
    ("word", "names", "found"),
    [
        ("a-b", ["ab"], "ab"),
        ("AB", ["a_b", "a-b"], ""),
        ("a-b", ["a-b", "ab"], "a-b"),
        ("c", [], ""),
    ],
)
def test_a_name_that_may_be_several_is_none(word, names, found):
    assert named(word, names) == found


def test_a_folder_that_is_not_there_is_said(tmp_path):
    with pytest.raises(DataError, match="there is no such folder"):
        read_catalogue(tmp_path / "nowhere")


def test_a_pattern_names_every_column():
    assert splw_eval.score(Q, instrument="phq9", items="q{item}")["total"].tolist() == [0, 9]


def test_a_pattern_of_which_columns_are_lacking_is_one_finding():
    (found,) = findings(Q, instrument="phq9", items="qq{item}")
    assert found.problem.startswith('of the 9 columns of "qq{item}", there is no qq1, nor 8 others')
    (found,) = findings(Q.drop(columns="q4"), instrument="phq9", items="q{item}")
    assert found.problem.startswith('of the 9 columns of "q{item}", there is no q4')


def test_a_pattern_needs_no_column_of_an_item_that_may_be_left_out():
    frame = pd.DataFrame({"w_anxiety": [5], "w_happy": [6]})
    made = splw_eval.score(frame, instrument="ons4", items="w_{item}")
    assert made[["happy", "anxiety"]].to_numpy().tolist() == [[6, 5]]


@pytest.mark.parametrize("items", [["q1"] * 9, {str(i): "q1" for i in range(1, 10)}])
def test_one_column_cannot_hold_several_items(items):
    (found,) = findings(Q, instrument="phq9", items=items)
    assert 'the column "q1" is named for the items 1, 2, 3, 4, 5, 6, 7, 8, 9' in found.problem


def test_nor_one_that_is_found_by_its_name_for_another_item():
    frame = Q.set_axis([str(i) for i in range(1, 10)], axis=1)
    (found,) = findings(frame, instrument="phq9", items={"1": "2"})
    assert 'the column "2" is named for the items 1, 2' in found.problem


def test_the_only_item_is_found_under_the_name_of_the_instrument():
    assert splw_eval.score(pd.DataFrame({"EQ_VAS": [40]}), instrument="eq_vas")["score"][0] == 40
    frame = pd.DataFrame({"ons_lonely_direct": [2]})
    assert splw_eval.score(frame, instrument="ons_lonely_direct")["code"].tolist() == [2]


@pytest.mark.parametrize("thing", ["a.csv", None, {"phq9_1": [0]}])
def test_what_is_no_data_frame_is_refused_plainly(thing):
    with pytest.raises(SplwError, match="score needs a pandas DataFrame"):
        splw_eval.score(thing, instrument="phq9")


def test_decimal_commas_get_their_hint():
    frame = Q.astype(object)
    frame["q2"] = ["1,0", "2,0"]
    frame["q3"] = ["often", "1,0"]
    commas, labels = findings(frame, instrument="phq9", items="q{item}")
    assert "decimal commas" in commas.remedy
    assert "Export codes in place of labels" in labels.remedy


@pytest.mark.parametrize("cell", [6, "often"])
def test_a_table_that_cannot_be_opened_hides_no_fault_of_the_answers(tmp_path, cell):
    frame = pd.DataFrame([[cell, 1, 1, 1, 1, 40, 1]], dtype=object)
    frame.columns = ["MO", "SC", "UA", "PD", "AD", "age", "sex"]
    table = tmp_path / "nothing.csv"
    found = findings(frame, instrument="eq5d_5l_dsu_uk", table=table)
    assert sorted(f.code for f in found) == ["SI06" if cell == 6 else "SI07", "SI10"]
    assert "table" in OPTIONS["eq5d_5l_dsu_uk"]  # a table that is there is no fault
    frame["MO"] = 1
    assert (
        len(splw_eval.score(frame, instrument="eq5d_5l_dsu_uk", **OPTIONS["eq5d_5l_dsu_uk"])) == 1
    )
