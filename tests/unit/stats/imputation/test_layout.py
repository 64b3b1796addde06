"""Scores at waves as arrays: shapes, what is refused, patterns."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.layout import WaveData, patterns_of

NAN = np.nan
Y = np.array([[1.0, NAN, 3.0], [NAN, NAN, NAN], [1.0, 2.0, NAN], [4.0, NAN, 5.0]])


def given(**other: Any) -> WaveData:
    usual: dict[str, Any] = {"y": Y, "x": np.ones((4, 1)), "arm": np.zeros(4, dtype=np.int64)}
    return WaveData(**(usual | other))


def test_people_waves_and_the_last_score_seen_are_counted():
    data = given()
    assert (data.people, data.waves) == (4, 3)
    assert data.last_seen.tolist() == [3, 0, 2, 3]
    assert data.observed.sum() == 6


@pytest.mark.parametrize(
    "other",
    [
        {"y": np.ones(4)},
        {"y": np.where(np.isnan(Y), np.inf, Y)},
        {"x": np.ones((3, 1))},
        {"x": np.full((4, 1), NAN)},
        {"arm": np.array([0, 0, 0, 1])},
        {"arm": np.array([0, 0, 0, -1]), "arms": 2},
        {"practice": np.array([0, 1, 2, 3]), "practices": 3},
        {"practice": np.array([0, 1]), "practices": 2},
    ],
)
def test_arrays_that_do_not_fit_are_refused(other):
    with pytest.raises(FitError):
        given(**other)


def test_patterns_are_found_once_each_and_point_back_to_people():
    codes, patterns = patterns_of(given().observed)
    assert len(patterns) == 3
    np.testing.assert_array_equal(patterns[codes], given().observed)
