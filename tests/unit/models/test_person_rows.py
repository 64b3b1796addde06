"""A frame of one row for each person is read, or every fault of it is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.asking import Teller
from splw_eval.core.errors import FindingsError, FitError
from splw_eval.models.person_faults import person_codes
from splw_eval.models.person_rows import PersonRows, read_person_rows


class GivenError(FindingsError, FitError):
    """Of the room that asks."""


TELLER = Teller(
    codes={"SF01": "An option", **person_codes("SF")},
    error=GivenError,
    heading="It cannot be done.",
    option="SF01",
)


def people() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "score": [1.0, 2.0, np.nan, 4.0, 5.0, 6.0],
            "arm": ["usual", "usual", "usual", "new", "new", "new"],
            "age group": [1, 2, 3, 1, 2, 3],
            "sex": ["f", "m", "f", "m", "f", None],
            "practice": ["a", "a", "b", "c", "c", "d"],
            "w": [1.0, 1.0, 1.0, 2.0, 2.0, 2.0],
        }
    )


def read(frame: pd.DataFrame, **asked: object) -> PersonRows:
    return read_person_rows(frame, TELLER, "SF", **asked)  # type: ignore[arg-type]


def codes_of(frame: pd.DataFrame, **asked: object) -> list[str]:
    with pytest.raises(GivenError) as caught:
        read(frame, **asked)
    return [found.code for found in caught.value.findings]


def test_rows_without_an_outcome_or_a_covariate_are_left_out_and_counted():
    rows = read(people(), outcome="score", group="arm", covariates=["age group", "sex"])
    assert rows.rows.tolist() == [0, 1, 3, 4]
    assert rows.notes() == (
        "1 of 6 rows were left out: without an outcome.",
        "1 of 6 rows were left out: with an outcome but without a covariate.",
    )
    assert rows.terms == ("age group", "sex[T.m]")
    assert rows.X.tolist() == [[1, 0], [2, 1], [1, 1], [2, 0]]


def test_the_reference_is_the_first_group_in_order_or_the_one_named():
    first = read(people(), outcome="score", group="arm")
    named = read(people(), outcome="score", group="arm", reference="usual")
    assert first.groups == ("new", "usual")
    assert named.groups == ("usual", "new")
    assert named.group is not None
    assert first.group is not None
    assert (named.group + first.group == 1).all()


def test_numbers_written_as_categories_have_a_column_for_each_level_but_the_first():
    rows = read(people(), outcome="score", covariates=["C(age group)"])
    assert rows.X.tolist() == [[0, 0], [1, 0], [0, 0], [1, 0], [0, 1]]


def test_a_formula_gives_the_same_columns_as_a_list():
    listed = read(people(), outcome="score", covariates=["age group", "sex"])
    written = read(people(), outcome="score", covariates="`age group` + sex")
    assert np.array_equal(listed.X, written.X)


def test_every_fault_of_the_columns_is_told_at_once():
    frame = people().assign(w=[1, -1, 1, np.nan, 1, 1], score=[1, np.inf, 2, 3, 4, 5])
    assert codes_of(frame, outcome="score", weights="w") == ["SF03", "SF09"]
    assert codes_of(frame, outcome="nothing", group="arm", cluster="nowhere") == ["SF02", "SF02"]


def test_a_row_without_a_practice_is_refused_only_where_it_would_be_used():
    lacking = people().assign(practice=pd.Series(["a", "a", None, "c", "c", "d"]))
    assert read(lacking, outcome="score", cluster="practice").n == 5
    lacking.loc[0, "practice"] = None
    assert codes_of(lacking, outcome="score", cluster="practice") == ["SF04"]


def test_a_practice_of_both_groups_is_a_fault_where_practices_were_allocated():
    frame = people().assign(practice=["a", "a", "b", "a", "c", "d"])
    assert read(frame, outcome="score", group="arm", cluster="practice").n == 5
    told = {"outcome": "score", "group": "arm", "cluster": "practice"}
    assert codes_of(frame, **told, practices_in_one_group=True) == ["SF07"]


def test_three_groups_or_an_unknown_reference_are_refused():
    three = people().assign(arm=["a", "b", "c", "a", "b", "c"])
    assert codes_of(three, outcome="score", group="arm") == ["SF06"]
    assert codes_of(people(), outcome="score", group="arm", reference="old") == ["SF06"]


def test_a_column_has_one_task_only():
    assert codes_of(people(), outcome="score", group="arm", covariates=["arm"]) == ["SF01"]
    assert codes_of(people(), outcome="score", covariates=["score"]) == ["SF01"]


def test_nobody_left_is_told():
    empty = people().assign(score=np.nan)
    assert codes_of(empty, outcome="score", group="arm") == ["SF05"]


def test_a_formula_that_cannot_be_read_is_told_with_other_faults():
    assert codes_of(people(), outcome="absent", covariates="age ++* 3") == ["SF01", "SF02"]


def test_what_is_no_data_frame_is_told_with_the_options():
    told = {"outcome": "score", "more": [TELLER.finding("SF01", "an option", "Mend it.")]}
    with pytest.raises(GivenError, match="no pandas DataFrame") as caught:
        read({"score": [1.0]}, **told)  # type: ignore[arg-type]
    assert [found.code for found in caught.value.findings] == ["SF01", "SF01"]


def test_covariates_that_are_no_names_are_told():
    assert codes_of(people(), outcome="score", covariates=None) == ["SF01"]
    assert codes_of(people(), outcome="score", covariates=[1]) == ["SF01"]
    assert read(people(), outcome="score", covariates=pd.Index(["sex"])).terms == ("sex[T.m]",)


def test_rows_without_another_column_are_counted_apart_from_those_without_a_covariate():
    frame = people().assign(before=[np.nan, 1.0, 2.0, 3.0, np.nan, np.nan])
    asked = {"covariates": ["sex"], "also": ["before"]}
    assert read(frame, **asked).notes() == (
        "1 of 6 rows were left out: without a covariate.",
        "2 of 6 rows were left out: without another column that is needed.",
    )
    assert read(frame, outcome="score", **asked).notes()[2] == (
        "2 of 6 rows were left out: with an outcome but without another column that is needed."
    )


def test_a_level_that_only_rows_left_out_hold_is_no_level():
    frame = people().assign(sex=["f", "m", "x", "m", "f", "m"])
    assert read(frame, outcome="score", covariates=["sex"]).terms == ("sex[T.m]",)
    assert read(frame, covariates=["sex"]).terms == ("sex[T.m]", "sex[T.x]")


def test_the_whole_matrix_is_the_covariates_after_the_intercept():
    rows = read(people(), outcome="score", covariates=["sex"])
    assert rows.whole.tolist() == [[1, 0], [1, 1], [1, 1], [1, 0]]
    without = read(people(), outcome="score", covariates="0 + sex")
    assert np.array_equal(without.whole, without.X)


def test_a_column_of_text_is_named_once():
    with pytest.raises(GivenError, match="SF03 column sex: must hold numbers"):
        read(people(), outcome="sex")


def test_numbers_whose_sum_overflows_are_no_infinite_numbers():
    huge = people().assign(score=[1e308, 1e308, 1e308, 4.0, 5.0, np.nan])
    assert read(huge, outcome="score").n == 5


def test_one_practice_of_both_groups_is_told_as_one():
    frame = people().assign(practice=["a", "a", "b", "a", "c", "d"])
    told = {"outcome": "score", "group": "arm", "cluster": "practice"}
    with pytest.raises(GivenError, match="1 practice has people of both groups"):
        read(frame, **told, practices_in_one_group=True)
