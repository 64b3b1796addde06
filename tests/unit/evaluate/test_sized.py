"""Planned and reached in the report: made of what is masked, and never observed power."""

from __future__ import annotations

import pytest

from splw_eval.evaluate import evaluate_study
from splw_eval.power import audit
from tests.unit.given_study import pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan() | {
    "sample_size": {
        "people": 40,
        "sd": {"value": 4, "source": "made up"},
        "target_difference": {"value": 2, "source": "made up"},
    }
}
SCORES = wide(*[(20 - i % 7, 12 - i % 5) for i in range(24)])


@pytest.fixture
def study(tmp_path):
    return loaded(tmp_path, PLAN, scores=SCORES)


def test_the_report_and_the_command_say_the_same(study):
    rows = evaluate_study(study).results["sizing"].rows
    lines = audit(study).lines
    assert [(row.quantity, row.sentence) for row in rows] == [
        (line.quantity, line.sentence) for line in lines
    ]
    assert {row.about for row in rows} == {"size", "precision"}


def test_people_are_those_of_the_masked_flow(study):
    results = evaluate_study(study).results
    held = {row.quantity: row for row in results["sizing"].rows}
    flow = [row for row in results["flow"].rows if row.wave == "baseline"]
    assert held["people"].achieved == flow[0].enrolled == 25  # 24, rounded
    assert held["people"].planned == 40


def test_few_people_are_hidden_and_said_to_be(tmp_path):
    few = loaded(tmp_path, PLAN, scores=wide(*[(20 - i, 12 - i) for i in range(5)]))
    sizing = evaluate_study(few).results["sizing"]
    place = next(i for i, row in enumerate(sizing.rows) if row.quantity == "people")
    assert sizing.rows[place].achieved is None
    assert (place, "achieved") in sizing.masked
    assert "too few people" in sizing.rows[place].sentence


def test_observed_power_is_refused_in_words(study):
    notes = " ".join(note.sentence() for note in evaluate_study(study).results["sizing"].notes)
    assert "Observed power is not given" in notes
