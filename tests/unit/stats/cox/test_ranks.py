"""Places among marks and codes of labels, by table and by search."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.ranks import codes_of, not_after

MARKS = np.array([0.0, 3.0, 4.0, 9.0])


@pytest.mark.parametrize("step", [1.0, 0.5, 1e9])
def test_marks_not_after_a_value_are_counted_whatever_their_unit(step):
    values = np.array([-7.0, -0.1, 0.0, 2.9, 3.0, 4.0, 4.5, 8.999, 9.0, 80.0])
    expected = [int((value >= MARKS).sum()) for value in values]
    assert not_after(MARKS * step, values * step).tolist() == expected


def test_whole_numbers_are_counted_as_whole_numbers():
    assert not_after(np.array([2, 5]), np.array([1, 2, 4, 5, 6])).tolist() == [0, 1, 1, 2, 2]


@pytest.mark.parametrize(
    "labels",
    [[7, 2, 7, 5], [-3, -9, -3, -4], [10**12, 1, 10**12, 10**6], ["d", "a", "d", "b"]],
)
def test_labels_are_coded_in_their_own_order(labels):
    assert codes_of(labels, 4, "cluster").tolist() == [2, 0, 2, 1]


def test_no_labels_are_one_code_and_a_missing_label_is_refused():
    assert codes_of(None, 3, "strata").tolist() == [0, 0, 0]
    with pytest.raises(FitError, match="label is missing"):
        codes_of(np.array(["a", None], dtype=object), 2, "cluster")
    with pytest.raises(FitError, match="strata must have one label"):
        codes_of([1, 2], 3, "strata")
