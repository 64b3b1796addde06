"""Everybody of two groups stands in one row, with what the plan adjusts for."""

from __future__ import annotations

import numpy as np

from splw_eval.describe.people_frame import NOT_KNOWN, banded


def test_numbers_are_parted_at_their_cut_points_and_unknown_ones_stay_so():
    found = banded(np.array([1.0, 3.0, 5.0, np.nan]), (3, 5))
    assert found.tolist() == ["below 3", "3 to below 5", "5 and over", NOT_KNOWN]


def test_bands_of_ages_go_by_their_youngest():
    bands = np.array(["18-24", "65-74", "90+", "", "5-9"], dtype=object)
    found = banded(bands, (18, 65))
    assert found.tolist() == ["18 to below 65", "65 and over", "65 and over", NOT_KNOWN, "below 18"]
