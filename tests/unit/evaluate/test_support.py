"""What a study can and cannot answer, told from what it holds."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.data import load_study
from splw_eval.data.codebook import codebook
from splw_eval.evaluate.support import (
    ANSWERED,
    NOT_ANSWERED,
    describe_support,
)
from splw_eval.evaluate.support_rules import FACTS, GAPS, RULES
from splw_eval.synthetic import programme
from tests.reports import synthetic
from tests.unit.describe.given_tables import table, with_tables
from tests.unit.given_study import edited, pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan()


def asked(study, start):
    return next(r for r in describe_support(study).rows if r.question.startswith(start))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.question)
def test_every_need_is_a_table_a_column_of_the_codebook_or_a_known_fact(rule):
    assert rule.gap in GAPS
    for need in rule.needs:
        for way in [] if need in FACTS else need.split("|"):
            name, _, column = way.partition(".")
            assert name in codebook()
            assert not column or column in codebook()[name]


def test_each_gap_that_data_can_leave_is_named_by_a_rule():
    # Two gaps are of the plan's words and instruments, and no table closes them.
    assert set(GAPS) - {rule.gap for rule in RULES} == {"G5"}


def test_a_study_of_questionnaires_alone_says_what_it_lacks(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide((10, 5)))
    assert asked(study, "Did people's scores change").answer == ANSWERED
    support = asked(study, "How much support")
    assert (support.answer, support.lacking) == (NOT_ANSWERED, "the table contacts")
    assert support.gap == GAPS["G7"]
    assert "comparison group" in asked(study, "Did the programme").lacking


def test_a_column_without_one_filled_cell_is_lacking(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide((10, 5)))

    def log(minutes: int | None):
        held: dict[str, list[Any]] = {"date": ["x"], "mode": ["telephone"], "attended": [1]}
        return table("contacts", minutes=[minutes], **held)

    study = with_tables(plain, log(None))
    assert asked(study, "How much support").lacking == "the column contacts.minutes"
    study = with_tables(plain, log(5))
    assert asked(study, "How much support").answer == ANSWERED


def test_one_of_several_ways_is_enough(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide((10, 5)))
    assert asked(plain, "Is it fair").lacking == "the table people"
    people = table("people", person=["p1"], imd_decile=[3])
    assert asked(with_tables(plain, people), "Is it fair").answer == ANSWERED


def test_a_mid_is_needed_to_count_those_better_and_worse(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide((10, 5)))
    assert "a MID" in asked(study, "How many got better").lacking
    with_mid = edited(PLAN, "outcomes.0.mid", {"value": 5, "source": "by hand"})
    study = loaded(tmp_path, with_mid, scores=wide((10, 5)))
    assert asked(study, "How many got better").answer == ANSWERED


def test_a_study_with_every_table_lacks_little():
    rows = describe_support(synthetic.study(60)).rows
    assert sum(row.answer == ANSWERED for row in rows) == 15
    assert {row.gap for row in rows if row.answer != NOT_ANSWERED} == {"Nothing"}


@pytest.fixture(scope="module")
def one_practice_each(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    programme(seed=3, practices=(1, 1)).write(folder)
    return load_study(folder / "study.toml")


def test_a_comparison_of_one_practice_with_another_cannot_be_answered(one_practice_each):
    for start in ("Did the programme", "Is the difference still", "Did use of the practice"):
        row = asked(one_practice_each, start)
        assert row.answer == NOT_ANSWERED
        assert "two practices or more in each group" in row.lacking
    assert asked(one_practice_each, "Did people's scores change").answer == ANSWERED
    notes = [note.sentence() for note in describe_support(one_practice_each).notes]
    assert "Fewer than 4 practices are in: Link workers, Usual care." in notes[0]


def test_the_checks_say_that_practice_and_programme_are_one_thing(one_practice_each):
    found = [f for f in one_practice_each.findings if f.code == "SW86"]
    assert len(found) == 1
    assert "(Link workers; Usual care)" in found[0].problem


def test_two_practices_in_each_group_can_be_compared(tmp_path):
    programme(seed=3, practices=(2, 2)).write(tmp_path)
    study = load_study(tmp_path / "study.toml")
    assert asked(study, "Did the programme").answer == ANSWERED
    assert "SW86" not in {f.code for f in study.findings}
    assert any("Fewer than 4" in n.sentence() for n in describe_support(study).notes)


def test_whether_a_study_was_large_enough_is_answered_once_its_size_was_planned(tmp_path):
    question = "Was the study large enough"
    for number, (size, answer) in enumerate(
        [(None, NOT_ANSWERED), ({}, NOT_ANSWERED), ({"people": 12}, ANSWERED)]
    ):
        (folder := tmp_path / str(number)).mkdir()
        plan = PLAN if size is None else PLAN | {"sample_size": size}
        study = loaded(folder, plan, scores=wide((10, 5)))
        assert asked(study, question).answer == answer


def test_what_stays_open_fits_what_is_lacking():
    # A study with every date lacks a comparison, and that says nothing about who was measured.
    of_arms = {rule.gap for rule in RULES if "arms" in rule.needs}
    assert not of_arms & {"G1", "G3", "G8"}
    assert "lost" in GAPS["lost"]
