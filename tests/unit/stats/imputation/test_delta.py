"""Points added after people left: to whom, how often, and to nobody else."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.delta import add_points, lost_waves, points_added

MISSING = np.array([[0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 1], [0, 0, 0, 0]], dtype=bool)
AFTER = np.array([2, 3, 1, 4])
ARM = np.array([0, 1, 1, 0])


def test_waves_are_counted_from_the_first_that_is_missing_and_gaps_before_are_not():
    since = lost_waves(MISSING, AFTER)
    assert since.tolist() == [[0, 0, 1, 2], [0, 0, 0, 1], [0, 1, 2, 3], [0, 0, 0, 0]]


def test_scores_that_were_seen_after_the_programme_ended_are_not_moved():
    since = lost_waves(MISSING, np.array([1, 1, 1, 1]))
    assert since[1].tolist() == [0, 1, 0, 3]
    assert since[3].tolist() == [0, 0, 0, 0]


def test_points_may_be_added_to_the_disengaged_alone():
    since = lost_waves(MISSING, AFTER, only=np.array([False, False, True, False]))
    assert since.any(axis=1).tolist() == [False, False, True, False]


def test_points_grow_with_every_wave_or_are_added_once():
    since = lost_waves(MISSING, AFTER)
    assert points_added(since, ARM, [-1.0, -2.0], growing=True)[:, 3].tolist() == [-2, -2, -6, 0]
    once = points_added(since, ARM, [-1.0, -2.0], growing=False)
    assert once[:, 3].tolist() == [-1.0, -2.0, -2.0, 0.0]


def test_a_table_gives_the_points_of_each_wave_as_they_stand():
    table = [[0, 0, -1, -3], [0, -5, -6, -7]]
    found = points_added(lost_waves(MISSING, AFTER), ARM, table)
    assert found.tolist() == [[0, 0, -1, -3], [0, 0, 0, -7], [0, -5, -6, -7], [0, 0, 0, 0]]


@pytest.mark.parametrize("wrong", [[1.0], [[1.0, 2.0], [1.0, 2.0]], 1.0])
def test_points_that_do_not_fit_the_arms_are_refused(wrong: object):
    with pytest.raises(FitError, match="do not fit"):
        points_added(lost_waves(MISSING, AFTER), ARM, wrong)  # type: ignore[arg-type]


def test_points_that_are_not_finite_are_refused():
    with pytest.raises(FitError, match="finite"):
        points_added(lost_waves(MISSING, AFTER), ARM, [np.nan, 1.0])


def test_scores_without_points_keep_their_bits_even_below_zero():
    scores = np.array([[[-0.0, 1e-300, 2.0, 3.0]] * 4])
    kept = add_points(scores, points_added(lost_waves(MISSING, AFTER), ARM, [0.0, 0.0]))
    assert kept.tobytes() == scores.tobytes()
    moved = add_points(scores, points_added(lost_waves(MISSING, AFTER), ARM, [0.0, 1.0]))
    assert (moved != scores).tolist()[0] == (lost_waves(MISSING, AFTER) * ARM[:, None] > 0).tolist()
