"""Columns that may not be adjusted for, told by name whatever they were handed over in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.basis.roles import check_measured_after, named_columns
from splw_eval.core.errors import FitError

FRAME = pd.DataFrame({"age": [1.0], "start": [2.0], "stays": [3.0]})


def told(*given: Any, **others: Any) -> list[tuple[str, str]]:
    return [(one.code, one.column) for one in check_measured_after(*given, **others)]


def test_a_covariate_measured_after_is_told_in_a_formula_a_list_and_an_index():
    for covariates in ("age + stays", ["age", "C(stays)"]):
        assert told(covariates, ["stays"]) == [("SF30", "stays")]
    assert told(["age", "stays"], pd.Index(["stays"])) == [("SF30", "stays")]
    assert told(["age"], "stays") == []


def test_a_column_with_another_task_is_told_with_its_task():
    assert told([], ["start"], FRAME, baseline="start", stratum=None) == [("SF30", "start")]
    (found,) = check_measured_after([], ["start"], FRAME, baseline="start")
    assert "baseline=" in found.problem


def test_a_name_that_no_column_has_is_told_where_the_frame_is_known():
    assert told(["age"], ["stay", "age"], FRAME) == [("SF02", "stay"), ("SF30", "age")]
    assert told(["age"], ["stay"]) == []


@pytest.mark.parametrize("wrong", [None, 3, [1, 2], b"age", {"age": 1}])
def test_what_is_no_list_of_names_is_told(wrong):
    assert told(["age"], wrong, FRAME) == [("SF01", "")]
    with pytest.raises(FitError, match="covariates= must be names of columns"):
        named_columns("covariates", wrong)


def test_columns_may_be_handed_over_in_any_order_of_names():
    for given in (["a", "b"], ("a", "b"), pd.Index(["a", "b"]), np.array(["a", "b"])):
        assert named_columns("covariates", given) == ["a", "b"]
    assert named_columns("covariates", "a + b") == "a + b"
