"""Change of profiles by hand."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.profile_change import classify_profiles

NAN = np.nan
BEFORE = np.array([[2, 2], [2, 2], [2, 2], [2, 2], [2, NAN], [3, 1]])
AFTER = np.array([[1, 2], [1, 3], [2, 2], [3, 2], [1, 2], [3, 1]])


def test_better_mixed_same_and_worse_by_hand():
    found = classify_profiles(BEFORE, AFTER)
    assert np.flatnonzero(found.better).tolist() == [0]
    assert np.flatnonzero(found.mixed).tolist() == [1]
    assert np.flatnonzero(found.same).tolist() == [2, 5]
    assert np.flatnonzero(found.worse).tolist() == [3]


def test_the_other_direction_swaps_better_and_worse_only():
    down, up = (classify_profiles(BEFORE, AFTER, higher_is_better=flag) for flag in (False, True))
    assert up.better.tolist() == down.worse.tolist()
    assert up.mixed.tolist() == down.mixed.tolist()
    assert up.same.tolist() == down.same.tolist()


def test_profiles_of_unlike_shape_are_refused():
    with pytest.raises(FitError):
        classify_profiles([[1, 2]], [[1, 2, 3]])
