"""Words of the template that still stand in a plan."""

from __future__ import annotations

import pytest

from splw_eval.cli.starter import write_starter
from splw_eval.core.findings import Severity
from splw_eval.core.plan import read_plan, untouched
from tests.unit.data.given_tables import valid
from tests.unit.given_study import edited, pre_post_plan, wide
from tests.unit.loading import loaded, warned

PLAN = pre_post_plan()


def test_every_text_to_replace_in_the_starter_is_named_by_section_and_key(tmp_path):
    write_starter(tmp_path / "study")
    found = untouched(read_plan(tmp_path / "study" / "study.toml").plan)
    places = [f.problem.removesuffix(" still holds the words of a template") for f in found]
    assert sorted(places) == [
        "[[outcomes]] 1 mid.source",
        "[estimand] death",
        "[missing] method",
        "[tidier] name",
        "title",
    ]
    assert {(f.code, f.severity) for f in found} == {("SP05", Severity.WARNING)}


@pytest.mark.parametrize(
    "words",
    ["...", "\u2026", "?", "TODO: ask", "tbc", "State the paper", "State what is done here", "XXX"],
)
def test_words_of_a_template_are_found(words):
    (found,) = untouched(valid(edited(PLAN, "estimand.death", words)))
    assert "[estimand] death" in found.problem


@pytest.mark.parametrize("words", ["None recorded", "State pension age is recorded", "Total loss"])
def test_words_of_a_study_are_not(words):
    assert untouched(valid(edited(PLAN, "estimand.death", words))) == []


def test_the_report_gets_the_warning_with_the_plan_as_its_file(tmp_path):
    study = loaded(tmp_path, edited(PLAN, "estimand.death", "..."), scores=wide((10, 5)))
    assert warned(study, "SP05").file == "study.toml"
