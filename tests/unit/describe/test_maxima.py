"""Scores out of 32 and out of 40: never compared, and counted where they stand together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.describe import (
    SuppliedReliability,
    describe_baseline,
    describe_change,
    describe_floor,
    describe_precision,
    describe_reliable_change,
    describe_responders,
    describe_scores,
)
from splw_eval.describe.maxima import top_of
from tests.unit.describe.given_items import study_of

EXACT = {"profile": "public_data", "reason": "Made up"}
RETEST = {"phq9": SuppliedReliability(value=0.8, source="by hand")}


def wsas(folder, profile=EXACT):
    """Give 100 people: 70 stay as they are, 30 answer 8 for work and are retired later."""
    scores = [(16 + i % 5, 16 + i % 5) for i in range(70)] + [(24, 16)] * 30
    study = study_of(folder, "wsas", scores, disclosure=profile)
    maximum = np.full((100, 2), 40.0)
    maximum[70:, 1] = 32
    return replace(study, maximum={"phq9": maximum})


def said(result) -> str:
    return " ".join(note.sentence() for note in result.notes)


def test_no_change_is_counted_across_two_scales(tmp_path):
    study = wsas(tmp_path)
    change, responders = describe_change(study), describe_responders(study)
    (row,) = change.rows
    assert (row.n, row.estimate) == (70, 0.0)
    assert {(r.n, r.n_better, r.n_worse) for r in responders.rows} == {(70, 0, 0)}
    assert describe_precision(study).rows[0].n == 70
    for result in (change, responders, describe_precision(study)):
        assert "no change is counted for 30 people" in said(result)


def test_reliable_change_rests_on_the_whole_scale_only(tmp_path):
    study = wsas(tmp_path)
    maximum = study.maximum["phq9"].copy()
    maximum[60:70] = 32  # retired at both times: a change, but of another scale
    study = replace(study, maximum={"phq9": maximum})
    (row,) = describe_reliable_change(study, reliability=RETEST).rows
    assert (row.n_start, row.n, row.n_unchanged) == (90, 60, 60)
    assert "the changes of 10 people are in scores out of 32" in said(describe_change(study))


def test_means_that_mix_both_are_told_with_their_count(tmp_path):
    study = wsas(tmp_path)
    result = describe_scores(study)
    assert [row.n for row in result.rows] == [100, 100]
    assert "30 of 100 scores are out of 32 and the others out of 40" in said(result)
    assert "out of" not in said(describe_baseline(study))  # nobody is retired at the start


def test_counts_of_the_notes_are_masked_as_all_others(tmp_path):
    study = wsas(tmp_path, profile={"profile": "nhs"})
    maximum = np.full((100, 2), 40.0)
    maximum[97:, 1] = 32
    study = replace(study, maximum={"phq9": maximum})
    assert "for * people" in said(mask(describe_change(study), study.plan))


def test_the_ceiling_is_that_of_each_person(tmp_path):
    study = study_of(tmp_path, "wsas", [(40, 32), (32, 32)], disclosure=EXACT)
    alone = [row.n_highest for row in describe_floor(study).rows]
    study = replace(study, maximum={"phq9": np.array([[40.0, 32.0], [40.0, 32.0]])})
    assert alone == [1, 0]
    assert [row.n_highest for row in describe_floor(study).rows] == [1, 2]
    assert "that this person could have" in said(describe_floor(study))


@pytest.mark.parametrize(("held", "top"), [(None, 40), ([[32.0, 32.0]] * 2, 32)])
def test_the_top_is_the_largest_that_anybody_could_have(tmp_path, held, top):
    study = study_of(tmp_path, "wsas", [(4, 3), (8, 9)])
    study = replace(study, maximum={} if held is None else {"phq9": np.array(held)})
    assert top_of(study, study.plan.primary) == top
