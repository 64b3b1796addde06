"""A table of responses to a table of scores."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import splw_eval
from splw_eval.core.errors import DataError
from tests.unit.instruments.given_instrument import PRORATED, own_folder, toml

PHQ = pd.DataFrame(
    [[0] * 9, [1] * 9, [3] * 9], columns=[f"phq9_{i}" for i in range(1, 10)], index=["c", "a", "b"]
)
EQ5D = ["MO", "SC", "UA", "PD", "AD"]


def findings(frame, **words):
    with pytest.raises(DataError) as refused:
        splw_eval.score(frame, **words)
    return refused.value.findings


def test_the_index_and_the_order_of_the_rows_are_kept():
    made = splw_eval.score(PHQ, instrument="phq9")
    assert made.index.tolist() == ["c", "a", "b"]
    assert made["total"].tolist() == [0, 9, 27]
    assert made["band"].tolist() == ["none", "mild", "severe"]
    assert made["risk_item"].tolist() == [False, True, True]
    assert made.columns.tolist() == [
        *("total", "band", "risk_item", "items_answered", "prorated", "scoring")
    ]


def test_the_column_of_the_person_is_kept_if_asked():
    made = splw_eval.score(PHQ.assign(person=["x", "y", "z"]), instrument="phq9", id="person")
    assert made.columns[0] == "person"
    assert made["person"].tolist() == ["x", "y", "z"]


def test_an_index_with_doubles_is_no_obstacle():
    frame = PHQ.set_axis([1, 1, 1]).assign(person=["x", "y", "z"])
    assert splw_eval.score(frame, instrument="phq9", id="person")["total"].tolist() == [0, 9, 27]


@pytest.mark.parametrize("form", ["{}", "phq9_{}", "item_{}", "PHQ9_{}", "Item_{}"])
def test_columns_are_found_by_their_names(form):
    frame = PHQ.set_axis([form.format(i) for i in range(1, 10)], axis=1)
    assert splw_eval.score(frame, instrument="phq9")["total"].tolist() == [0, 9, 27]


def test_columns_may_be_named_by_key_or_in_order():
    frame = PHQ.set_axis(list("abcdefghi"), axis=1)
    by_key = {str(i + 1): name for i, name in enumerate(frame.columns)}
    for items in (by_key, list(frame.columns)):
        assert splw_eval.score(frame, instrument="phq9", items=items)["total"].tolist() == [
            0,
            9,
            27,
        ]


def test_all_items_without_a_column_are_listed():
    (found,) = findings(PHQ[["phq9_1", "phq9_4"]], instrument="phq9")
    assert found.code == "SI05"
    assert "no column: 2, 3, 5, 6, 7, 8, 9" in found.problem


def test_a_wrong_item_and_a_wrong_column_are_both_said():
    said = " ".join(
        f.sentence()
        for f in findings(PHQ, instrument="phq9", items={"1": "phq9_11", "10": "phq9_1"})
    )
    assert 'no column "phq9_11" for item 1; did you mean "phq9_1"?' in said
    assert 'no item "10"' in said


def test_a_list_of_another_length_is_refused():
    (found,) = findings(PHQ, instrument="phq9", items=["phq9_1"])
    assert "names 1 column, but phq9 has 9 items" in found.problem


def test_a_column_that_stands_twice_is_refused():
    frame = pd.concat([PHQ, PHQ[["phq9_3"]]], axis=1)
    (found,) = findings(frame, instrument="phq9")
    assert 'there are 2 columns "phq9_3"' in found.problem


def test_every_fault_is_listed_with_its_rows_and_no_value():
    frame = PHQ.astype(object)
    frame.iloc[0, 0], frame.iloc[2, 0], frame.iloc[1, 1] = 7777, "all day", 2.5
    found = findings(frame, instrument="phq9")
    assert {(f.code, f.column, f.rows) for f in found} == {
        ("SI07", "phq9_1", (3,)),
        ("SI06", "phq9_1", (1,)),
        ("SI07", "phq9_2", (2,)),
    }
    said = " ".join(f.sentence() for f in found)
    assert "7777" not in said
    assert "all day" not in said
    assert "2.5" not in said


def test_answers_keyed_from_one_get_a_hint():
    (found, *_) = findings(PHQ + 1, instrument="phq9")
    assert "Keyed from 1 to 4 instead of 0 to 3?" in found.remedy


@pytest.mark.parametrize(
    "kind", ["int64", "float64", "Int64", "Float64", "string", "category", "object", "Int8"]
)
def test_whole_numbers_of_every_type_are_read(kind):
    frame = PHQ.astype(str).astype(kind) if kind in {"string", "object"} else PHQ.astype(kind)
    assert splw_eval.score(frame, instrument="phq9")["total"].tolist() == [0, 9, 27]


def test_empty_cells_are_missing_whatever_they_are():
    frame = PHQ.astype(object)
    frame.iloc[1, 0], frame.iloc[1, 1] = "", None
    frame.iloc[2, 0], frame.iloc[2, 1], frame.iloc[2, 2] = np.nan, pd.NA, " "
    made = splw_eval.score(frame, instrument="phq9")
    assert made["items_answered"].tolist() == [9, 7, 6]
    assert made["prorated"].tolist() == [False, True, False]
    assert made["total"].tolist()[:2] == [0, 9]
    assert made.isna()["total"].tolist() == [False, False, True]
    assert made["band"].tolist()[:2] == ["none", "mild"]
    assert made["band"].isna().tolist() == [False, False, True]


def test_a_score_that_rests_on_a_recalled_rule_says_so_row_by_row():
    frame = PHQ.astype(float)
    frame.iloc[1, 0] = np.nan
    made = splw_eval.score(frame, instrument="phq9")
    assert made["scoring"].tolist() == ["checked", "recalled", "checked"]


def test_codes_mean_missing_only_where_that_is_said():
    frame = PHQ.copy()
    frame.iloc[1, 0] = 99
    assert findings(frame, instrument="phq9")
    made = splw_eval.score(frame, instrument="phq9", missing=[9, "99"])
    assert made["items_answered"].tolist() == [9, 8, 9]


def test_an_answer_cannot_be_declared_missing():
    frame = pd.DataFrame({"happy": [9, 3]})
    (found,) = findings(frame, instrument="ons4", missing=[9])
    assert "9 cannot mean missing: it is an answer to happy" in found.problem


def test_any_of_the_ons4_questions_may_have_been_asked():
    one = splw_eval.score(pd.DataFrame({"anxiety": [5, None]}), instrument="ons4")
    assert one["band"].isna().tolist() == [False, True]
    assert one["band"][0] == "medium"
    two = splw_eval.score(pd.DataFrame({"anxiety": [5], "happy": [5]}), instrument="ons4")
    assert two[["happy_band", "anxiety_band"]].to_numpy().tolist() == [["medium", "medium"]]
    assert "satisfaction" not in two
    assert findings(pd.DataFrame({"x": [1]}), instrument="ons4")


def test_a_concern_may_be_left_out():
    frame = pd.DataFrame({"concern1": [6], "wellbeing": [3]})
    made = splw_eval.score(frame, instrument="mycaw")
    assert made[["concern1", "wellbeing"]].to_numpy().tolist() == [[6, 3]]
    assert "concern2" not in made


def test_ready_made_scores_may_stand_in_place_of_items():
    made = splw_eval.score(pd.DataFrame({"bdi2_total": [20, None]}), instrument="bdi2")
    assert made["total"].tolist()[0] == 20
    assert made["band"].isna().tolist() == [False, True]
    assert made["band"][0] == "moderate"
    assert made.attrs["splw_eval"]["given"]
    named = pd.DataFrame({"capability": [0.6711]})
    scored = splw_eval.score(named, instrument="icecap_a", items={"index": "capability"})
    assert scored["index"].tolist() == [0.6711]


def test_a_ready_made_score_outside_its_range_is_refused():
    (found,) = findings(pd.DataFrame({"score": [50, 101]}), instrument="pam13")
    assert (found.code, found.rows) == ("SI06", (2,))


def test_only_the_ends_of_icecap_a_have_a_value_until_the_user_brings_one(tmp_path):
    items = ["stability", "attachment", "autonomy", "achievement", "enjoyment"]
    frame = pd.DataFrame([[1] * 5, [4] * 5], columns=items)
    assert splw_eval.score(frame, instrument="icecap_a")["index"].tolist() == [0, 1]
    frame.loc[2] = [4, 3, 2, 1, 3]
    (found,) = findings(frame, instrument="icecap_a")
    assert (found.code, found.rows) == ("SI09", (3,))
    assert "tariff = a CSV file" in found.remedy
    own = tmp_path / "tariff.csv"
    rows = [f"{item},0,0.1,0.15,0.2" for item in items]
    own.write_text("\n".join(["attribute,level_1,level_2,level_3,level_4", *rows]))
    made = splw_eval.score(frame, instrument="icecap_a", tariff=own)
    assert made["index"].tolist() == [0, 1, 0.6]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("attribute,level_1\n", "lacks one of its headings"),
        ("attribute,level_1,level_2,level_3,level_4\nstability,a,b,c,d\n", "holds no number"),
        ("attribute,level_1,level_2,level_3,level_4\nstability,0,1,2,3\n", "has no row for"),
    ],
)
def test_a_tariff_of_another_shape_is_refused_and_the_right_one_described(tmp_path, text, said):
    own = tmp_path / "tariff.csv"
    own.write_text(text)
    items = ["stability", "attachment", "autonomy", "achievement", "enjoyment"]
    frame = pd.DataFrame([[1] * 5], columns=items)
    (found,) = findings(frame, instrument="icecap_a", tariff=own)
    assert said in found.problem
    assert "attribute, level_1, level_2, level_3, level_4" in found.remedy


def dsu_table(folder):
    """A table of the shape of the DSU's: the value tells profile, sex and age band."""
    columns = [
        f"{sex}_{band}"
        for sex in ("male", "female")
        for band in ("18_34", "35_44", "45_54", "55_64", "65plus")
    ]
    states = ["".join(map(str, digits)) for digits in np.ndindex(5, 5, 5, 5, 5)]
    states = ["".join(str(int(d) + 1) for d in state) for state in states]
    rows = [
        ",".join([state, *(f"{int(state) / 1e6 + j / 100:.6f}" for j in range(10))])
        for state in states
    ]
    path = folder / "dsu.csv"
    path.write_text("\n".join([",".join(["state", *columns]), *rows]))
    return path


def test_a_profile_is_looked_up_by_age_and_sex_in_the_users_table(tmp_path):
    people: list[tuple[str | None, int | None]] = [
        ("male", 18),
        ("male", 34),
        ("female", 35),
        ("f", 64),
        ("F", 65),
        ("male", 100),
    ]
    people += [("male", 17), ("female", 101), (None, 40), ("male", None)]
    frame = pd.DataFrame([[1, 2, 3, 4, 5]] * len(people), columns=EQ5D)
    frame["sex"], frame["age"] = [p[0] for p in people], [p[1] for p in people]
    made = splw_eval.score(frame, instrument="eq5d_5l_dsu_uk", table=dsu_table(tmp_path))
    bands = [0, 0, 6, 8, 9, 4, None, None, None, None]
    expected = [np.nan if b is None else 0.012345 + b / 100 for b in bands]
    np.testing.assert_allclose(made["index"], expected, rtol=0, atol=1e-12)


def test_the_users_table_must_be_asked_for_and_hold_every_profile(tmp_path):
    frame = pd.DataFrame([[1] * 5], columns=EQ5D).assign(age=40, sex="male")
    (found,) = findings(frame, instrument="eq5d_5l_dsu_uk")
    assert "needs the option table" in found.problem
    table = dsu_table(tmp_path)
    short = tmp_path / "short.csv"
    short.write_text("\n".join(table.read_text().splitlines()[:-1]))
    (found,) = findings(frame, instrument="eq5d_5l_dsu_uk", table=short)
    assert "each of the 3,125 profiles" in found.problem
    assert "male_18_34" in found.remedy
    (found,) = findings(frame, instrument="eq5d_5l_dsu_uk", table=tmp_path / "none.csv")
    assert "cannot be opened" in found.problem


def test_a_word_that_an_item_does_not_know_is_refused_with_those_that_it_does(tmp_path):
    frame = pd.DataFrame([[1] * 5], columns=EQ5D).assign(age=40, sex="other")
    (found,) = findings(frame, instrument="eq5d_5l_dsu_uk", table=dsu_table(tmp_path))
    assert found.code == "SI07"
    assert "male" in found.remedy
    assert "other" not in found.sentence().replace("another", "")


def test_a_prorated_score_is_banded_unrounded(tmp_path):
    bands = '[[scores.bands]]\nset = "a"\nlimits = [[0, "low"], [5, "high"]]\n'
    folder = own_folder(
        tmp_path, toml(formula=PRORATED, rest=bands + 'status = "checked"\nsource = "b"')
    )
    frame = pd.DataFrame({"own_1": [2.0, 1.0], "own_2": [1.0, 2.0], "own_3": [np.nan, 2.0]})
    made = splw_eval.score(frame, instrument="own", folder=folder)
    assert made["total"].tolist() == [4.5, 5]
    assert made["band"].tolist() == ["low", "high"]


def test_the_frame_that_was_given_is_not_changed():
    frame = PHQ.assign(phq9_1=[0, 99, 3])
    before = frame.copy()
    splw_eval.score(frame, instrument="phq9", missing=[99])
    pd.testing.assert_frame_equal(frame, before)
