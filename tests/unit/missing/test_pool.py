"""Pooling as users ask for it: shapes, names, refusals, and what is told beside the table."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.checks import MissingError
from splw_eval.missing.pooling.pool import pool
from splw_eval.stats.tails import t_critical

ROUNDING = 1e-12  # closed formulae on both sides
Q, U = [1.2, 1.5, 0.9, 1.1, 1.6], [0.25, 0.30, 0.22, 0.27, 0.29]
HOUSE = [
    *("term", "estimate", "std_error", "df", "statistic"),
    *("p_value", "conf_low", "conf_high", "n"),
]


def test_one_term_gives_floats_and_several_give_arrays():
    one = pool(Q, U, df_complete=13)
    assert isinstance(one.estimate, float)
    assert one.estimate == pytest.approx(1.26, rel=ROUNDING)
    assert one.total_variance == pytest.approx(0.3656, rel=ROUNDING)
    assert one.std_error == pytest.approx(math.sqrt(0.3656), rel=ROUNDING)
    both = pool(np.column_stack([Q, U]), np.column_stack([U, U]), df_complete=[13, 20])
    df = np.asarray(both.df)
    assert df.shape == (2,)
    assert df[0] == pytest.approx(one.df, rel=ROUNDING)


def test_the_table_has_the_houses_columns_first_and_limits_by_its_own_df():
    row = pool(Q, U, df_complete=13, n=15).table
    assert list(row.columns[: len(HOUSE)]) == HOUSE
    assert {"fraction_missing", "relative_increase", "between", "within"} <= set(row.columns)
    one = row.iloc[0]
    reach = t_critical(one.df, 0.95) * one.std_error
    assert one.conf_high == pytest.approx(one.estimate + reach, rel=ROUNDING)
    assert one.n == 15
    assert one["between"] == pytest.approx(np.var(Q, ddof=1), rel=ROUNDING)
    assert one.monte_carlo_error == pytest.approx(math.sqrt(one["between"] / 5), rel=ROUNDING)


def test_each_term_has_complete_data_df_of_its_own():
    both = pool(np.column_stack([Q, Q]), np.column_stack([U, U]), df_complete=[13, 4])
    df = np.asarray(both.df)
    assert df[0] == pytest.approx(7.174428698, rel=1e-9)
    assert df[1] < df[0]
    assert "with 4 to 13 for complete data" in both.method


def test_frames_are_matched_by_the_names_of_their_columns():
    estimates = pd.DataFrame({"a": Q, "b": U})
    variances = pd.DataFrame({"b": [0.5] * 5, "a": U})
    found = pool(estimates, variances, df_complete=13)
    assert found.table["term"].tolist() == ["a", "b"]
    assert found.table["within"].tolist() == pytest.approx([np.mean(U), 0.5])


def test_without_complete_data_df_their_lack_is_told():
    found = pool(Q, U)
    assert found.df > 13
    assert any("give df_complete=" in note for note in found.notes)
    assert not any("df_complete" in note for note in pool(Q, U, df_complete=13).notes)


def test_few_data_sets_are_told_with_how_many_would_do():
    found = pool(Q, U, df_complete=13)
    error = found.table["monte_carlo_error"][0] / found.table["std_error"][0]
    needed = math.ceil(5 * (error / 0.1) ** 2)
    assert any(f"about {needed} completed data sets" in note for note in found.notes)
    many = pool(np.tile(Q, 20), np.tile(U, 20), df_complete=13)
    assert not any("completed data sets would" in note for note in many.notes)


def test_without_variance_within_data_sets_there_are_no_limits_but_a_sentence():
    found = pool(Q, [0.0] * 5, df_complete=13)
    assert math.isnan(found.table["conf_low"][0])
    assert math.isnan(found.df)
    assert any("no variance within" in note for note in found.notes)


def test_data_sets_that_do_not_differ_are_told():
    found = pool([2.0, 2.0, 2.0], [0.25] * 3, df_complete=13)
    assert found.df == pytest.approx(13 * 14 / 16, rel=ROUNDING)
    assert any("same estimates" in note for note in found.notes)


def test_hardly_any_df_are_told():
    assert any("Fewer than 4" in note for note in pool(Q, U, df_complete=3).notes)


@pytest.mark.parametrize(
    ("estimates", "variances", "how", "words"),
    [
        ([1.0], [1.0], {}, "tells nothing of what was missing"),
        ([1.0, 2.0], [1.0, 2.0, 3.0], {}, "of 2 completed data sets, and variances of 3"),
        ([[1.0, 2.0], [1.0, 2.0]], [1.0, 2.0], {}, r"shape \(2, 2\), and variances \(2,\)"),
        ([[1.0, 2.0]] * 3, np.ones((3, 2, 2)), {}, "Give their diagonals"),
        ([1.0, math.nan, 2.0], [1.0] * 3, {}, r"missing or infinite in 1 of 3 rows \(row 2\)"),
        ([1.0, 2.0], [1.0, -1.0], {}, "variances below 0"),
        ([1.0, 2.0], ["x", "y"], {}, "no array of numbers"),
        ([1.0, 2.0], None, {}, "without variances"),
        ([1.0, 2.0], [1.0, 1.0], {"df_complete": 0}, "number above 0"),
        ([1.0, 2.0], [1.0, 1.0], {"df_complete": [1.0, 2.0]}, "number above 0"),
        ([1.0, 2.0], [1.0, 1.0], {"df_complete": "many"}, "number above 0"),
        ([1.0, 2.0], [1.0, 1.0], {"conf_level": 95}, "such as 0.95"),
        ([1.0, 2.0], [1.0, 1.0], {"terms": ["a", "b"]}, "2 names for 1 columns"),
        ([1.0, 2.0], [1.0, 1.0], {"n": 0}, "whole number from 1"),
        (
            pd.DataFrame({"a": [1.0, 2.0]}),
            pd.DataFrame({"b": [1.0, 2.0]}),
            {},
            "different columns",
        ),
    ],
)
def test_what_cannot_be_pooled_is_refused_with_a_remedy(estimates, variances, how, words):
    with pytest.raises(MissingError, match=words):
        pool(estimates, variances, **how)


def test_a_series_of_df_is_matched_by_the_names_of_the_terms():
    estimates = pd.DataFrame({"a": Q, "b": Q})
    variances = pd.DataFrame({"a": U, "b": U})
    found = pool(estimates, variances, df_complete=pd.Series({"b": 4.0, "a": 13.0}))
    assert found.table["df_complete"].tolist() == [13.0, 4.0]
    with pytest.raises(MissingError, match="other names than the estimates"):
        pool(estimates, variances, df_complete=pd.Series({"b": 4.0, "c": 13.0}))


def test_a_variance_of_rounding_leaves_no_df_and_no_limits():
    found = pool(Q, [1e-33] * 5, df_complete=13)
    assert math.isnan(found.df)
    assert found.table[["p_value", "conf_low", "conf_high"]].isna().all(axis=None)
    assert any("No degrees of freedom" in note for note in found.notes)


def test_df_of_rounding_leave_no_limits():
    found = pool(Q, U, df_complete=1e-300)
    assert found.table[["df", "p_value", "conf_low", "conf_high"]].isna().all(axis=None)


def test_a_wide_table_is_printed_one_parameter_a_line():
    names = ["the arm of the link workers", "b"]
    found = pool(np.column_stack([Q, Q]), np.column_stack([U, U]), df_complete=13, terms=names)
    lines = str(found).splitlines()
    place = lines.index(names[0])
    assert lines[place + 1].startswith("    1.26 (")
    assert "df 7.17" in lines[place + 1]
    assert lines[place + 3] == "b"
    assert max(map(len, lines)) <= 80


def test_every_fault_of_the_values_is_told_at_once():
    with pytest.raises(MissingError) as error:
        pool([[1.0, math.nan], [2.0, 1.0]], [[1.0, 1.0], [-1.0, 1.0]], terms=["a"])
    assert [one.code for one in error.value.findings] == ["SN01", "SN40", "SN40"]


def test_the_text_fits_a_page_and_holds_the_method():
    text = str(pool(Q, U, df_complete=13, n=15))
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 80
    assert "Barnard and Rubin (1999), with 13 for complete data" in " ".join(text.split())
