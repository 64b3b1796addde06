"""Options of a scoring that are codes, as the plan reads them."""

from __future__ import annotations

import pytest

from splw_eval.describe import describe_reliability
from tests.unit.describe.given_items import answers, study_of


@pytest.mark.parametrize("code", [9, 9.0, [9], [8, 9]])
def test_a_code_that_means_does_not_apply_does_not_stop_a_report(tmp_path, code):
    items = answers(30, 10, 4)
    study = study_of(
        tmp_path,
        "mtbq10",
        [(50, 50)] * 30,
        items,
        options={"does_not_apply": code},
    )
    result = describe_reliability(study)
    assert [row.n for row in result.rows] == [30, 30]
    assert all(row.alpha is not None for row in result.rows)


def test_alpha_of_raw_answers_beside_a_score_looked_up_is_said_to_be_so(tmp_path):
    items = answers(40, 7, 5) + 1
    study = study_of(tmp_path, "swemwbs", [(20, 20)] * 40, items)
    notes = " ".join(note.sentence() for note in describe_reliability(study).notes)
    assert "alpha is of the raw answers" in notes
    assert "approximate" in notes
    plain = study_of(tmp_path, "phq9", [(9, 9)] * 40, answers(40, 9, 4))
    notes = " ".join(note.sentence() for note in describe_reliability(plain).notes)
    assert "approximate" not in notes
