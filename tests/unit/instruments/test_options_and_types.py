"""What is handed to a scoring: codes, flags and tables in every form, and what comes back."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

import splw_eval
from splw_eval.core.errors import DataError
from splw_eval.instruments import score_responses
from splw_eval.instruments.labels import band_words
from tests.unit.instruments.given_instrument import own_folder, toml
from tests.unit.instruments.keyed import CATALOGUE, OPTIONS, made_up_table

WSAS = pd.DataFrame([[8, 3, 5, 2, 6], [4, 3, 5, 2, 6]], columns=list("12345"), index=["a", "b"])
MTBQ = pd.DataFrame([[4] * 10, [0] * 10], columns=[str(i) for i in range(1, 11)])
PROFILES = [n for n in CATALOGUE if n.startswith(("eq5d_", "icecap_o"))]
TYPES = ["int8", "int16", "uint8", "int64", "uint64", "float16", "float32", "float64"]


def said(frame, **options):
    with pytest.raises(DataError) as refused:
        splw_eval.score(frame, **options)
    return " ".join(f.sentence() for f in refused.value.findings)


@pytest.mark.parametrize("name", ["PCS", "MCS"])
def test_one_component_of_sf12_gives_the_score_there_is(name):
    made = splw_eval.score(pd.DataFrame({name: [50.0, 41.5]}), instrument="sf12")
    assert made[name].tolist() == [50, 41.5]
    assert {"PCS", "MCS"} - set(made) == {"PCS", "MCS"} - {name}


@pytest.mark.parametrize("codes", [4, [3, 9], "0,9"])
def test_an_answer_cannot_be_declared_as_one_that_does_not_apply(codes):
    assert "is an answer to 1, 2" in said(MTBQ, instrument="mtbq10", does_not_apply=codes)
    with pytest.raises(DataError, match="is an answer to 13, 14"):
        score_responses(np.ones((1, 20)), "ltcq20", not_applicable=4)


def test_one_code_cannot_mean_missing_and_something_else():
    frame = MTBQ.assign(**{"1": [9, 0]})
    told = said(frame, instrument="mtbq10", does_not_apply=9, missing=[9])
    assert "9 cannot mean missing and does_not_apply as well" in told


@pytest.mark.parametrize(
    "codes", [9, 9.0, {9}, [9], (9, 8), np.array([9]), pd.Series([9]), "9", "8, 9", Decimal(9)]
)
def test_codes_may_be_given_in_any_plain_form(codes):
    frame = MTBQ.assign(**{"1": [9, 0]})
    made = splw_eval.score(frame, instrument="mtbq10", does_not_apply=codes)
    assert made["global"].tolist() == [90, 0]
    without = splw_eval.score(frame, instrument="mtbq10", missing=codes)
    assert without["global"].tolist() == [100, 0]


@pytest.mark.parametrize("codes", [9.5, True, {"a": 9}, [[9]], object(), [None]])
def test_codes_of_another_form_are_refused(codes):
    assert "one whole number, or several" in said(MTBQ, instrument="mtbq10", does_not_apply=codes)


@pytest.mark.parametrize("codes", [True, {"a": 9}, [[9]], object()])
def test_missing_of_another_form_is_refused(codes):
    assert "neither a code nor a word" in said(MTBQ, instrument="mtbq10", missing=codes)


def test_a_text_that_means_missing_is_one_code_and_not_its_digits():
    frame = MTBQ.assign(**{"1": ["99", "n/a"]})
    for missing in (["99", "n/a"], "99, n/a"):
        made = splw_eval.score(frame, instrument="mtbq10", missing=missing)
        assert made["items_answered"].tolist() == [9, 9]


def test_cells_may_be_decimals_and_a_list_in_a_cell_is_refused():
    held: list[list[Any]] = MTBQ.to_numpy().tolist()
    held[0][0] = Decimal(1)
    frame = pd.DataFrame(held, columns=MTBQ.columns, dtype=object)
    assert splw_eval.score(frame, instrument="mtbq10")["global"].tolist() == [92.5, 0]
    for cell in ([1], {"a": 1}, (1, 2)):
        held[0][0] = cell
        frame = pd.DataFrame(held, columns=MTBQ.columns, dtype=object)
        assert "not a whole number" in said(frame, instrument="mtbq10")


@pytest.mark.parametrize("asked", [None, 5, ["phq9"]])
def test_what_is_no_name_of_an_instrument_is_refused(asked):
    assert "instrument is the name of one of the catalogue" in said(MTBQ, instrument=asked)
    with pytest.raises(DataError, match="catalogue"):
        score_responses(np.ones((1, 3)), asked)


def test_responses_and_items_of_another_form_are_refused():
    with pytest.raises(DataError, match="needs 3 columns"):
        score_responses(5, "ucla3")  # type: ignore[arg-type]
    assert "neither a mapping" in said(MTBQ, instrument="mtbq10", items=set(MTBQ.columns))


def test_the_column_of_the_person_is_one_and_no_score_stands_in_its_place():
    assert "id names one column" in said(MTBQ, instrument="mtbq10", id=["1"])
    frame = MTBQ.assign(scoring=["x", "y"], **{"global": ["x", "y"]})
    for name in ("scoring", "global"):
        assert f'the column "{name}" would stand' in said(frame, instrument="mtbq10", id=name)


def test_the_column_of_the_person_keeps_its_type_and_is_a_copy():
    frame = MTBQ.assign(person=pd.array([7, 8], dtype="Int64"), number=[7, 8])
    made = splw_eval.score(frame, instrument="mtbq10", id="person")
    assert str(made["person"].dtype) == "Int64"
    copy = splw_eval.score(frame, instrument="mtbq10", id="number")
    copy.loc[0, "number"] = 1
    assert frame["number"].tolist() == [7, 8]


def test_a_flag_in_a_series_goes_by_its_index():
    flag = pd.Series([True, False], index=["b", "a"])
    made = splw_eval.score(WSAS, instrument="wsas", work_not_applicable=flag)
    assert made["total"].tolist() == [24, 16]
    by_place = splw_eval.score(WSAS, instrument="wsas", work_not_applicable=[False, True])
    assert made["total"].tolist() == by_place["total"].tolist()


@pytest.mark.parametrize("index", [["a", "c"], [0, 1], ["a", "a"], ["a", "b", "c"]])
def test_a_flag_with_rows_of_its_own_is_refused(index):
    flag = pd.Series([True] * len(index), index=index)
    told = said(WSAS, instrument="wsas", work_not_applicable=flag)
    assert "index of work_not_applicable is not that of the table" in told


def test_a_flag_with_the_same_doubled_index_goes_by_place():
    frame = WSAS.set_axis([1, 1])
    flag = pd.Series([False, True], index=[1, 1])
    made = splw_eval.score(frame, instrument="wsas", work_not_applicable=flag)
    assert made["total"].tolist() == [24, 16]


@pytest.mark.parametrize(
    "cells",
    [
        ["yes", "no"],
        ["Yes", "FALSE"],
        [True, False],
        [1, 0],
        pd.array([True, False], dtype="boolean"),
        pd.array([1, 0], dtype="Int8"),
        pd.array(["yes", "no"], dtype="string"),
        pd.Categorical(["yes", "no"]),
        np.array([True, False], dtype=object),
    ],
    ids=lambda cells: str(getattr(cells, "dtype", cells)),
)
def test_a_flag_beside_the_table_is_read_as_a_column_in_it(cells):
    column = splw_eval.score(WSAS.assign(work_not_applicable=cells), instrument="wsas")
    series = pd.Series(cells, index=WSAS.index)
    for flag in (series, cells):
        beside = splw_eval.score(WSAS, instrument="wsas", work_not_applicable=flag)
        pd.testing.assert_frame_equal(beside, column)
    assert column["total"].tolist() == [16, 20]


@pytest.mark.parametrize(
    "cells", [["yes", None], ["yes", ""], [1, np.nan], pd.array([True, None], dtype="boolean")]
)
def test_an_empty_flag_means_neither_yes_nor_no(cells):
    flag = pd.Series(cells, index=WSAS.index)
    for frame, given in ((WSAS, flag), (WSAS.assign(flag=flag), "flag")):
        with pytest.raises(DataError, match="neither true nor false") as refused:
            splw_eval.score(frame, instrument="wsas", work_not_applicable=given)
        assert refused.value.findings[0].rows == (2,)
    nobody = WSAS.astype(float)
    nobody.loc["b"] = np.nan
    made = splw_eval.score(nobody, instrument="wsas", work_not_applicable=flag)
    assert made["total"].isna().tolist() == [False, True]


def test_an_empty_flag_in_arrays_is_refused_where_anything_was_answered():
    answers = np.array([[1.0, 1, 1, 1, 1], [np.nan] * 5])
    made = score_responses(answers, "wsas", work_not_applicable=[1, np.nan])
    assert made["total"].values[0] == 4
    with pytest.raises(DataError, match="neither true nor false"):
        score_responses(answers, "wsas", work_not_applicable=[np.nan, 1])


def test_an_item_that_applies_to_nobody_needs_no_column():
    four = WSAS[["2", "3", "4", "5"]]
    everybody = [True, "yes", [True, True], pd.Series(["yes", "yes"], index=["b", "a"])]
    for flag in everybody:
        made = splw_eval.score(four, instrument="wsas", work_not_applicable=flag)
        assert made["total"].tolist() == [16, 16]
        assert made["maximum"].tolist() == [32, 32]
    named = four.set_axis([f"w{i}" for i in four], axis=1)
    for items in (list(named), "w{item}"):
        made = splw_eval.score(named, instrument="wsas", items=items, work_not_applicable=True)
        assert made["total"].tolist() == [16, 16]
    for flag in (False, [True, False]):
        assert "no column: 1" in said(four, instrument="wsas", work_not_applicable=flag)


@pytest.mark.parametrize(
    ("name", "text", "choice"),
    [
        ("hads", "agreement: 0 = least agreement, 3 = most", "agreement"),
        ("hads", "printed order: 0 = first option", "printed"),
        ("core10", "Frequency codes 0-4 before reversal", "frequency"),
    ],
)
def test_a_text_that_begins_with_one_choice_is_that_choice(name, text, choice):
    answers = np.ones((1, len(CATALOGUE[name].items)))
    wordy, plain = (score_responses(answers, name, coding=word) for word in (text, choice))
    assert [s.values[0] for s in wordy.values()] == [s.values[0] for s in plain.values()]


@pytest.mark.parametrize(
    "text", ["agreement or printed", "agreements", "0 = least agreement", "not scored", " ", "="]
)
def test_a_text_that_says_more_or_less_than_one_choice_is_refused(text):
    with pytest.raises(DataError, match="coding"):
        score_responses(np.ones((1, 14)), "hads", coding=text)


def test_a_recalled_option_makes_the_scoring_recalled():
    frame = pd.DataFrame({"score": [50.0, 70.0]})
    for choice, status in (("current", "checked"), ("older", "recalled")):
        made = splw_eval.score(frame, instrument="pam13", cut_offs=choice)
        assert made["scoring"].tolist() == [status] * 2
        assert made.attrs["splw_eval"]["status"] == status


def test_recalled_bands_are_told_beside_checked_scores():
    answers = pd.DataFrame(np.ones((1, 7)), columns=[str(i) for i in range(1, 8)])
    made = splw_eval.score(answers, instrument="swemwbs")
    assert made["scoring"].tolist() == ["checked"]
    assert made.attrs["splw_eval"]["bands_status"] == {"metric": "recalled"}


def test_words_beside_scores_take_a_byte_a_row():
    answers = pd.DataFrame(np.ones((3, 7)), columns=[str(i) for i in range(1, 8)])
    answers.iloc[1, 0] = np.nan
    made = splw_eval.score(answers, instrument="swemwbs")
    assert made.select_dtypes(object).empty
    assert made["band"].cat.codes.dtype == np.int8
    assert made["band"].cat.categories.tolist() == ["low", "medium", "high"]
    assert made["band"].cat.ordered
    assert made["band"].isna().tolist() == [False, True, False]
    assert made["metric_items_answered"].dtype == np.int8
    made.loc[0, "metric_prorated"] = True
    made.loc[0, "metric_items_answered"] = 5
    assert not made["raw_prorated"].iloc[0]
    assert made["raw_items_answered"].iloc[0] == 7


def test_bands_of_one_name_are_one_category(tmp_path):
    rest = '[[scores.bands]]\nset = "a"\nlimits = [[0, "odd"], [4, "usual"], [9, "odd"]]\n'
    folder = own_folder(tmp_path, toml(rest=rest + 'status = "checked"\nsource = "b"'))
    frame = pd.DataFrame([[0, 0, 0], [2, 2, 2], [4, 4, 4]], columns=["1", "2", "3"])
    made = splw_eval.score(frame, instrument="own", folder=folder)
    assert made["band"].tolist() == ["odd", "usual", "odd"]
    assert not made["band"].cat.ordered


def test_a_table_of_values_that_was_edited_is_read_again(tmp_path):
    table = made_up_table(tmp_path)
    frame = pd.DataFrame([[1] * 5], columns=["MO", "SC", "UA", "PD", "AD"]).assign(age=20, sex=1)
    for value in ("0.5", "0.6"):
        lines = table.read_text().splitlines()
        lines[1] = ",".join(["11111", *[value] * 10])
        table.write_text("\n".join(lines))
        made = splw_eval.score(frame, instrument="eq5d_5l_dsu_uk", table=table)
        assert made["index"].tolist() == [float(value)]


@pytest.mark.parametrize("name", PROFILES)
def test_a_profile_has_one_value_whatever_type_its_answers_have(name):
    held, rng = CATALOGUE[name], np.random.default_rng(5)
    codes = [held.item_codes.get(item, held.codes) for item in held.items]
    whole = [rng.integers(low, high + 1, 500) for low, high in filter(None, codes)]
    if "age" in held.items:
        whole[held.items.index("age")] = rng.integers(18, 101, 500)
    expected = score_responses(whole, held, **OPTIONS.get(name, {}))
    for kind in TYPES:
        answers = [column.astype(kind) for column in whole]
        made = score_responses(answers, held, **OPTIONS.get(name, {}))
        if kind.startswith("float"):  # a missing answer goes another way
            answers = [np.append(column, column.dtype.type(np.nan)) for column in answers]
            partly = score_responses(answers, held, **OPTIONS.get(name, {}))
        for score, each in expected.items():
            assert each.values.tolist() == made[score].values.tolist()
            if kind.startswith("float"):
                assert each.values.tolist() == partly[score].values.tolist()[:-1]


@pytest.mark.parametrize(
    ("name", "score", "bands", "scores"),
    [
        ("swemwbs", "metric", 1, ["18 or less", "above 18 to 20", "above 20"]),
        ("who5", "percentage", 1, ["28 or less", "above 28"]),
        ("brs", "mean", 0, ["1 to below 3", "3 to 4.3", "above 4.3"]),
        ("mtbq10", "global", 0, ["0", "above 0 to below 10", "10 to below 22", "22 to 100"]),
        ("phq4", "total", 0, ["0 to below 3", "3 to below 6", "6 to below 9", "9 to 12"]),
    ],
)
def test_limits_are_printed_as_their_source_has_them(name, score, bands, scores):
    held = CATALOGUE[name].score(score)
    assert [words for _, words in band_words(held.bands[bands], held.range)] == scores


def test_no_band_of_the_catalogue_has_a_technical_limit():
    limits = [
        limit
        for held in CATALOGUE.values()
        for score in held.scores
        for bands in score.bands
        for limit, _ in bands.limits
    ]
    assert [limit for limit in limits if round(limit, 2) != limit] == []


def test_a_limit_that_belongs_to_the_band_below_must_be_a_limit(tmp_path):
    rest = '[[scores.bands]]\nset = "a"\nlimits = [[0, "a"], [5, "b"]]\nabove = [{}]\n'
    rest += 'status = "checked"\nsource = "b"'
    folder = own_folder(tmp_path, toml(rest=rest.format(5)))
    frame = pd.DataFrame([[1, 0, 4], [1, 1, 4]], columns=["1", "2", "3"])
    made = splw_eval.score(frame, instrument="own", folder=folder)
    assert made["band"].tolist() == ["a", "b"]
    own_folder(tmp_path, toml(rest=rest.format(6)))
    assert "above: 6 is not one of the limits" in said(frame, instrument="own", folder=folder)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("hads_a", 'no instrument "hads_a": it is the score A of hads'),
        ("hads_d", "it is the score D of hads"),
        ("sf12_pcs_mcs", "these are the scores PCS and MCS of sf12"),
        ("had", 'did you mean "hads"?'),
    ],
)
def test_the_name_of_a_score_leads_to_its_instrument(name, told):
    assert told in said(MTBQ, instrument=name)
