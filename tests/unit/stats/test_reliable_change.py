"""Reliable change and its cut-offs against the worked example of the paper, and at the edges."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.reliable_change import (
    classify_change,
    clinical_cutoffs,
    fit_reliable_change,
    reliable_change_index,
)

NAN = np.nan


def test_the_worked_example_of_jacobson_and_truax():
    # Means 40 and 60, SDs 7.5, reliability 0.80; one person goes from 32.5 to 47.5.
    fit = fit_reliable_change(7.5, 0.8)
    assert fit.sem == pytest.approx(3.35, abs=5e-3)
    assert fit.s_diff == pytest.approx(4.74, abs=5e-3)
    (index,) = reliable_change_index([32.5], [47.5], fit.s_diff)
    assert index == pytest.approx(3.16, abs=5e-3)
    cutoffs = clinical_cutoffs(
        clinical_mean=40, clinical_sd=7.5, norm_mean=60, norm_sd=7.5, higher_is_better=True
    )
    assert (cutoffs.a, cutoffs.b, cutoffs.c) == (55, 45, 50)


def test_unequal_sds_move_the_cutoff_towards_the_group_that_varies_less():
    cutoffs = clinical_cutoffs(
        clinical_mean=15, clinical_sd=6, norm_mean=5, norm_sd=3, higher_is_better=False
    )
    assert cutoffs.c == pytest.approx((3 * 15 + 6 * 5) / 9, rel=1e-12)
    assert (cutoffs.a, cutoffs.b) == (3, 11)


def test_without_a_norm_there_is_cutoff_a_alone():
    cutoffs = clinical_cutoffs(clinical_mean=40, clinical_sd=7.5, higher_is_better=True)
    assert (cutoffs.a, cutoffs.b, cutoffs.c) == (55, None, None)


BEFORE = [30, 30, 30, 30, 55, 55, NAN, 30]
AFTER = [52, 45, 33, 15, 40, 70, 50, NAN]


def test_each_person_with_both_scores_is_in_one_group():
    found = classify_change(BEFORE, AFTER, 9.3, higher_is_better=True, cutoff=50)
    assert found.recovered.tolist() == [True, *[False] * 7]
    # The sixth was across the cut-off from the start: improved, not recovered.
    assert np.flatnonzero(found.improved).tolist() == [1, 5]
    assert np.flatnonzero(found.unchanged).tolist() == [2]
    assert np.flatnonzero(found.deteriorated).tolist() == [3, 4]
    assert np.flatnonzero(found.harmed).tolist() == [4]
    groups = (found.recovered, found.improved, found.unchanged, found.deteriorated)
    assert np.sum(groups, axis=0).tolist() == [1, 1, 1, 1, 1, 1, 0, 0]


def test_turning_the_scale_round_changes_nothing():
    up = classify_change(BEFORE, AFTER, 9.3, higher_is_better=True, cutoff=50)
    down = classify_change(
        -np.array(BEFORE), -np.array(AFTER), 9.3, higher_is_better=False, cutoff=-50
    )
    for part in ("recovered", "improved", "unchanged", "deteriorated", "harmed"):
        assert getattr(up, part).tolist() == getattr(down, part).tolist()


def test_a_change_of_exactly_the_threshold_and_a_score_of_exactly_the_cutoff_do_not_count():
    found = classify_change([10, 10, 10], [15, 16, 20], 5, higher_is_better=True, cutoff=16)
    assert found.unchanged.tolist() == [True, False, False]
    assert found.improved.tolist() == [False, True, False]
    assert found.recovered.tolist() == [False, False, True]


@pytest.mark.parametrize(
    ("sd", "reliability", "level"),
    [(0, 0.8, 0.95), (NAN, 0.8, 0.95), (5, 1, 0.95), (5, -0.1, 0.95), (5, NAN, 0.95), (5, 0.8, 95)],
)
def test_what_gives_no_threshold_is_refused(sd, reliability, level):
    with pytest.raises(FitError):
        fit_reliable_change(sd, reliability, conf_level=level)


def test_sds_that_cannot_be_are_refused():
    for clinical, norm in ((-1, 3), (3, -1), (0, 0)):
        with pytest.raises(FitError):
            clinical_cutoffs(
                clinical_mean=1,
                clinical_sd=clinical,
                norm_mean=2,
                norm_sd=norm,
                higher_is_better=True,
            )


def test_scores_of_unlike_length_are_refused():
    with pytest.raises(FitError, match="same length"):
        reliable_change_index([1, 2], [1], 1.0)
