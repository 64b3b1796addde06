"""The MID in words that fit how it was found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from splw_eval.core.card_rows import ImportantDifferenceRow
from splw_eval.report.evidence import gather
from splw_eval.report.importance import IN_THE_PLAN, meaning, mid_meaning
from tests.reports import given


def said(same_as: str, **changes) -> str:
    plan = given.plan(outcomes=[given.outcome(**changes)])
    row = ImportantDifferenceRow(
        outcome="swemwbs",
        value=2.0,
        unit="points",
        kind=IN_THE_PLAN,
        same_as=same_as,
        population="",
        source="",
        status="",
        note="",
    )
    found = given.results(plan)
    held = {**found, "important_differences": replace(found["important_differences"], rows=(row,))}
    return mid_meaning(gather(plan, held, given.PROVENANCE), plan.primary)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("anchor", "people said mattered"),
        ("one standard error of measurement", "error of measurement"),
        ("2.77 standard errors of measurement", "error of measurement"),
        ("reliable change", "beyond the error of measurement"),
        ("instrument-defined", "one step of the questionnaire"),
        ("convention", "by convention"),
        ("several methods", "several methods"),
        ("", "the change taken as important"),
        ("a word of later", "the change taken as important"),
    ],
)
def test_each_way_of_finding_a_size_has_its_own_words(kind, words):
    assert words in said(kind)
    assert "Its source: Invented for this test, anchor method." in said(kind)


def test_only_an_anchor_lets_a_mid_be_what_people_said_mattered():
    assert "mattered" in meaning("anchor")[0]
    for kind in ("one standard error of measurement", "reliable change", "instrument-defined"):
        words, limits = meaning(kind)
        assert "matter" not in words
        assert "Nobody was asked" in limits


def test_without_a_mid_that_is_said():
    assert said("", mid=None).startswith("No MID (a change taken as important) was given")
