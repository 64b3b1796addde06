"""One evaluation: every question answered, masked and traceable."""

from __future__ import annotations

import json

import pytest

from splw_eval.core.errors import DataError
from splw_eval.core.result import Result
from splw_eval.evaluate import evaluate_study
from splw_eval.evaluate.last import TABLES
from splw_eval.evaluate.questions import QUESTIONS
from tests.unit.given_study import edited, given_study, pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan()
SCORES = wide(*[(20 - i % 7, 12 - i % 5) for i in range(24)])


def test_every_question_has_its_masked_result_with_provenance(tmp_path):
    path = given_study(tmp_path, PLAN, scores=SCORES)
    evaluation = evaluate_study(path)
    assert list(evaluation.results) == [key for key, _, _ in TABLES]
    for key, result in evaluation.results.items():
        assert result.key == key
        assert result.disclosure is not None
        assert result.provenance == evaluation.provenance
    assert evaluation.provenance.seed == 1
    assert len(evaluation.provenance.file_digests["scores.csv"]) == 64


def test_results_are_what_json_knows(tmp_path):
    evaluation = evaluate_study(given_study(tmp_path, PLAN, scores=SCORES))
    for result in evaluation.results.values():
        json.dumps(result.to_dict(), allow_nan=False)


def test_a_question_that_cannot_be_answered_says_why(tmp_path):
    result = evaluate_study(loaded(tmp_path, PLAN, scores=SCORES)).results["responders"]
    assert result.rows == ()
    assert "MID" in result.notes[0].sentence()


def test_a_result_without_rows_keeps_the_title_of_its_question(tmp_path):
    with_mid = edited(PLAN, "outcomes.0.mid", {"value": 5, "source": "by hand"})
    for plan in (PLAN, with_mid):
        results = evaluate_study(loaded(tmp_path, plan, scores=SCORES)).results
        for question in QUESTIONS:
            assert results[question.key].title == question.title
            assert results[question.key].row_type is question.row_type


def test_warnings_of_the_files_become_rows_without_row_numbers(tmp_path):
    plan = edited(PLAN, "outcomes.0.out_of_range", "missing")
    rows = [*SCORES, ["p98", 99, 3], ["p99", 98, 3]]
    findings = evaluate_study(loaded(tmp_path, plan, scores=rows)).results["findings"]
    (row,) = [r for r in findings.rows if r.code == "SW18"]
    assert row.rows is None  # two people, so the count is hidden
    assert row.place == "scores.csv, column B (phq_0)"
    assert "26" not in str(findings.to_dict()["rows"])


def test_the_same_study_twice_gives_the_same_results(tmp_path):
    path = given_study(tmp_path, PLAN, scores=SCORES)
    first, second = evaluate_study(path), evaluate_study(path)
    assert [r.to_dict() for r in first.results.values()] == [
        r.to_dict() for r in second.results.values()
    ]


def test_faults_stop_it_before_any_question(tmp_path):
    told: list[str] = []
    path = given_study(tmp_path, PLAN, scores=wide((10, "x")))
    with pytest.raises(DataError):
        evaluate_study(path, progress=told.append)
    assert told[0] == "Reading scores.csv"
    assert not {question.title for question in QUESTIONS} & set(told)


def test_progress_names_each_question(tmp_path):
    told: list[str] = []
    evaluate_study(given_study(tmp_path, PLAN, scores=SCORES), progress=told.append)
    titles = [question.title for question in QUESTIONS]
    assert told[-len(QUESTIONS) - 1 :] == [*titles, "Masking small numbers"]


def test_results_cannot_be_changed(tmp_path):
    result: Result = evaluate_study(loaded(tmp_path, PLAN, scores=SCORES)).results["flow"]
    with pytest.raises(AttributeError):
        result.title = "x"  # type: ignore[misc]


def test_why_no_model_could_be_fitted_does_not_count_a_single_person(tmp_path):
    results = evaluate_study(loaded(tmp_path, PLAN, scores=wide((10, 5)))).results
    said = " ".join(n.sentence() for result in results.values() for n in result.notes)
    assert "no model could be fitted, as so few rows cannot carry 2 coefficients" in said
    assert "2 rows" not in said
