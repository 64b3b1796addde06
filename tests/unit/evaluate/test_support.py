"""What a study can and cannot answer, told from what it holds."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.data.codebook import codebook
from splw_eval.evaluate.support import (
    ANSWERED,
    FACTS,
    GAPS,
    LATER,
    NOT_ANSWERED,
    RULES,
    describe_support,
)
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
    assert asked(study, "How much support").answer == LATER


def test_one_of_several_ways_is_enough(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide((10, 5)))
    assert asked(plain, "Is it fair").lacking == "the table people"
    people = table("people", person=["p1"], imd_decile=[3])
    assert asked(with_tables(plain, people), "Is it fair").answer == LATER


def test_a_mid_is_needed_to_count_those_better_and_worse(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide((10, 5)))
    assert "a MID" in asked(study, "How many got better").lacking
    with_mid = edited(PLAN, "outcomes.0.mid", {"value": 5, "source": "by hand"})
    study = loaded(tmp_path, with_mid, scores=wide((10, 5)))
    assert asked(study, "How many got better").answer == ANSWERED


def test_a_study_with_every_table_lacks_little():
    rows = describe_support(synthetic.study(60)).rows
    assert sum(row.answer == ANSWERED for row in rows) == 10
    assert {row.gap for row in rows if row.answer != NOT_ANSWERED} == {"Nothing"}
