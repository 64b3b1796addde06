"""Every count of every table stands in a relation, or is free for a reason that is given."""

from __future__ import annotations

from splw_eval.appraisal.secondary.cells import operand
from splw_eval.appraisal.secondary.linking import _in_a_row
from splw_eval.appraisal.secondary.relations import relations
from splw_eval.core.columns import Role, columns_of
from splw_eval.evaluate.questions import QUESTIONS
from tests.unit.appraisal.test_secondary import named

OPEN_CASES = "Of the last day of a month; waiting are in no case yet, and no table has the same."
FREE = {
    ("weighting", "heaviest"): "A tenth of `n` of its row, so it says less than that does.",
    ("caseload", "cases"): OPEN_CASES,
    ("caseload", "waiting"): OPEN_CASES,
    ("caseload", "lower"): "A quarter of link workers' cases, of which no total is told by them.",
    ("caseload", "median"): "As the lower quarter.",
    ("caseload", "upper"): "As the lower quarter.",
    ("caseload", "per_fte"): "Cases by posts in use that month, which no table tells.",
    ("people_a_year", "per_year"): "People, who are linked, by years of posts: a rounded ratio.",
    ("findings", "rows"): "Rows of files, not people; no table has as many of the same.",
}


def counts() -> set[tuple[str, str]]:
    """Every column of every table that counts people or their records."""
    return {
        (question.key, name)
        for question in QUESTIONS
        for name, column in columns_of(question.row_type).items()
        if column.role in {Role.COUNT, Role.MODEL_N}
    }


def linked() -> set[tuple[str, str]]:
    """Those that a relation names, or that their own row adds up."""
    found = {
        (meant.key, meant.field)
        for one in relations()
        for meant in (operand(text) for text in named(one))
    }
    for question in QUESTIONS:
        columns = columns_of(question.row_type)
        for whole, parts in _in_a_row(columns):
            found |= {(question.key, name) for name in (whole, *parts)}
    return found


def test_every_count_is_in_a_relation_or_free_for_a_reason():
    assert counts() - linked() - set(FREE) == set()


def test_nothing_is_called_free_that_a_relation_names():
    assert set(FREE) <= counts()
    assert set(FREE) & linked() == set()


def test_size_reached_is_that_of_the_flow():
    of = {text: one for one in relations() for text in named(one)}
    assert "flow.enrolled" in named(of["reached.people"])
    assert "flow[primary=yes].measured" in named(of["reached.measured"])
