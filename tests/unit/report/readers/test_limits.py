"""What the data cannot say, and what to ask for, in words without keys of the plan."""

from __future__ import annotations

from dataclasses import replace

from splw_eval.core.check_rows import CheckRow
from splw_eval.core.result import Result
from splw_eval.core.rows import SupportRow
from splw_eval.evaluate.support_rules import FACTS, RULES
from splw_eval.report.blocks import ListBlock, Paragraph
from splw_eval.report.evidence import gather
from splw_eval.report.readers import limits
from tests.reports import given


def sections(*, support=(), audit=None):
    plan = given.plan()
    held = given.results(plan)
    held["support"] = replace(held["support"], rows=tuple(support))
    held.pop("audit", None)
    if audit is not None:
        held["audit"] = Result(
            key="audit",
            title="Audit",
            unit="",
            row_type=CheckRow,
            rows=tuple(audit),
            disclosure=given.NHS,
        )
    return limits.sections(gather(plan, held, given.PROVENANCE))


def row(question, lacking, gap):
    return SupportRow(question=question, answer="No", lacking=lacking, gap=gap)


def check(i, status="not reported", remedy="Ask for it."):
    return CheckRow(
        profile="crosswalk",
        item="G1",
        check=f"c{i}",
        topic=f"Topic {i}?",
        kind="computed",
        status=status,
        evidence="",
        results="",
        remedy=f"{remedy} ({i})" if remedy else "",
    )


def items(section):
    return [i for b in section.blocks if isinstance(b, ListBlock) for i in b.items]


def test_questions_with_one_gap_are_told_together_with_all_that_is_lacking():
    found = sections(
        support=[
            row("A?", "the table people", "Who came stays vague"),
            row(
                "B?",
                "the table people; a date of time zero ([[time_zero]] in the plan)",
                "Who came stays vague",
            ),
        ]
    )
    (item,) = items(found[0])
    assert item.term == "Who came stays vague. "
    assert item.text == (
        "Lacking: a file of the people (age, sex, ethnicity, deprivation); the day from which time "
        "counts for each person."
    )


def test_no_word_of_the_plan_file_reaches_a_commissioner():
    words = [n for rule in RULES for n in rule.needs if "." not in n and n not in FACTS]
    told = [f"the table {name}" for name in words] + [fact for fact, _ in FACTS.values()]
    for lacking in told:
        for said in limits.lacks(lacking):
            assert "[" not in said
            assert "_" not in said
            assert "the table" not in said


def test_where_nothing_is_lacking_it_says_so_without_praise():
    (block,) = sections()[0].blocks
    assert isinstance(block, Paragraph)
    assert block.text.startswith("No data were lacking")


def test_without_an_audit_nothing_is_asked_for_and_nothing_breaks():
    assert [s.id for s in sections()] == ["cannot-say"]


def test_only_what_is_not_reported_is_asked_for():
    audit = [check(1), check(2, "reported"), check(3, "needs author"), check(4, remedy="")]
    asked = sections(audit=audit)[1]
    assert [i.term for i in items(asked)] == ["Topic 1? "]


def test_a_long_list_is_cut_and_says_how_many_more_there_are():
    asked = sections(audit=[check(i) for i in range(9)])[1]
    assert len(items(asked)) == 5
    assert asked.blocks[-1].text == "4 more stand in the evaluator's report."


def test_remedies_are_told_without_keys_of_the_plan():
    kept = "Keep the date of every questionnaire, and name them in study.toml."
    assert limits.remedy(kept) == "Keep the date of every questionnaire."
    stated = limits.remedy("State window_days under each of [[waves]], such as [-30, 60].")
    assert stated == "Whoever evaluates has to state it in the plan."
    assert limits.remedy("Check these dates.") == "Check these dates."


def test_what_asks_for_nothing_new_comes_last():
    found = sections(
        support=[
            row("A?", "a comparison group; a list of confounders", "Other reasons"),
            row("B?", "a comparison group", "Those lost"),
            row("C?", "dates of measurement", "When"),
        ]
    )
    assert [item.term for item in items(found[0])] == ["Other reasons. ", "When. ", "Those lost. "]


def test_a_remedy_loses_the_part_for_the_plan_and_keeps_what_people_can_do():
    mixed = "Use one form and one scoring for all, and name it as version or value_set."
    assert limits.remedy(mixed) == "Use one form and one scoring for all."
    stated = "State version under [[outcomes]]."
    assert limits.remedy(stated) == limits.IN_THE_PLAN_ONLY
