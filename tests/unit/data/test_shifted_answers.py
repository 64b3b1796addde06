"""Answers keyed from another first number stop the run, also where some would be dropped."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from tests.unit.data.given_items import answers, items_plan, wellbeing
from tests.unit.loading import faults, loaded, warned

SHIFTED = [tuple(1 + (i + j) % 4 for j in range(9)) for i in range(8)]


def phq(**changes):
    return items_plan(wellbeing(instrument="phq9", **changes))


@pytest.mark.parametrize("out_of_range", ["error", "missing"])
def test_a_shifted_questionnaire_stops_the_run_whatever_is_to_become_of_single_answers(
    tmp_path, out_of_range
):
    changes = {} if out_of_range == "error" else {"out_of_range": "missing"}
    found = faults(tmp_path, phq(**changes), measures=answers(*SHIFTED))
    assert [f.code for f in found] == ["SW110"] * 9
    assert all(f.severity is Severity.ERROR for f in found)
    assert all("Keyed from 1 to 4 instead of 0 to 3?" in f.remedy for f in found)
    assert all("take 1 off every answer in the file" in f.remedy for f in found)
    assert all("out_of_range" not in f.remedy for f in found)


def test_an_answer_that_a_shift_does_not_explain_may_still_be_set_to_missing(tmp_path):
    rows = [(0, *row[1:]) for row in SHIFTED]
    study = loaded(tmp_path, phq(out_of_range="missing"), measures=answers(*rows))
    assert "SW111" in {f.code for f in study.findings}


def test_many_answers_without_one_at_the_lowest_code_are_a_warning(tmp_path):
    rows = [tuple(1 + (i + j) % 3 for j in range(9)) for i in range(6)]
    told = warned(loaded(tmp_path, phq(), measures=answers(*rows)), "SW74")
    assert told.problem.startswith("none of 54 answers to phq9 is 0, the lowest code")
    assert told.severity is Severity.WARNING
    rows[0] = (0, *rows[0][1:])
    codes = {f.code for f in loaded(tmp_path, phq(), measures=answers(*rows)).findings}
    assert "SW74" not in codes


def test_a_code_that_was_declared_missing_hides_no_shift(tmp_path):
    plan = phq()
    plan["files"][0]["missing_codes"] = {"*": {"4": "refused"}}
    study = loaded(tmp_path, plan, measures=answers(*SHIFTED))
    assert "keyed from 1" in warned(study, "SW74").problem
