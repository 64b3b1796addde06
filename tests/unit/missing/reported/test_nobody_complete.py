"""Where nobody of one group has both scores, complete cases are left out, and it is said."""

from __future__ import annotations

from splw_eval.missing.reported.sensitivity import COMPLETE, NO_COMPLETE, describe_sensitivity
from tests.properties.test_describing import NEVER_BOTH, study_of


def test_complete_cases_of_one_group_are_left_out_and_it_is_said():
    found = describe_sensitivity(study_of(NEVER_BOTH))
    said = [note.sentence() for note in found.notes]
    assert found.rows
    assert not any(row.strategy == COMPLETE for row in found.rows)
    assert sum(NO_COMPLETE in text for text in said) == 1
