"""The page of the gap audit: what is left to do first, signs with words, links to pages."""

from __future__ import annotations

import re
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from splw_eval.appraisal import appraise
from splw_eval.core.check_rows import CheckRow, Status
from splw_eval.core.result import Result
from splw_eval.evaluate.last import LAST
from splw_eval.evaluate.questions import QUESTIONS
from splw_eval.report.blocks import Item, ListBlock, Page, Paragraph, Report, Section
from splw_eval.report.contents import describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.html import render_html
from splw_eval.report.pages import audit
from splw_eval.report.pages.places import PAGES, places
from tests.reports import given as reports
from tests.unit.appraisal.checklists import given_audit as given

WITH_FAULTS = given.with_finding("SW66") | {"watched": given.without("watched")["watched"]}


def page(results: dict[str, Result[Any]]) -> Page:
    """Describe the page of an audit of some results."""
    found = appraise(given.plan(), results)
    evidence = SimpleNamespace(of=lambda key: {"audit": found}[key])
    return audit.page(evidence)  # type: ignore[arg-type]


def items(page_: Page, section: str) -> tuple[Item, ...]:
    held = next(s for s in page_.sections if s.id == section)
    return next(b for b in held.blocks if isinstance(b, ListBlock)).items


def html(page_: Page) -> str:
    report = Report(
        title="T", subtitle="S", stamp="", synthetic=False, software="x", pages=(page_,)
    )
    return render_html(report)


def test_what_is_left_to_do_stands_before_the_gaps() -> None:
    made = page(WITH_FAULTS)
    names = [section.id for section in made.sections]
    assert names[:3] == ["audit-about", "audit-left", "audit-g1"]
    left = items(made, "audit-left")
    assert [item.term for item in left] == ["G7: ", "G9: "]
    assert all("Check" in i.text or "Show" in i.text for i in left)


def test_with_nothing_left_it_says_so() -> None:
    made = page(given.results())
    (block,) = next(s for s in made.sections if s.id == "audit-left").blocks
    assert block == Paragraph(text=audit.NOTHING_LEFT)


def test_in_each_gap_what_is_not_reported_stands_first() -> None:
    first = items(page(WITH_FAULTS), "audit-g7")[0]
    assert first.term.startswith("✗ Not reported")
    assert "What to do: " in first.text


def test_each_status_has_a_word_and_a_sign_of_its_own() -> None:
    assert set(audit.SIGNS) == set(Status)
    assert len({sign for sign, _ in audit.SIGNS.values()}) == len(Status)
    assert all(word for _, word in audit.SIGNS.values())


def test_checks_are_counted_by_status_and_never_as_a_share() -> None:
    words = re.sub(r"<[^>]+>|<style>.*?</style>", " ", html(page(WITH_FAULTS)), flags=re.DOTALL)
    assert "Checks: 1 not reported, 4 reported." in words
    body = words.partition("What is left to do")[2]
    assert "%" not in body
    assert not re.search(r"\d+ (of|out of) \d+ checks", body)


def test_evidence_links_to_the_page_that_shows_it() -> None:
    made = html(page(given.results()))
    assert 'Shown on: <a href="#days">When people were met and measured</a>.' in made
    assert '<a href="#staying">' in made


def test_words_of_evidence_are_escaped_beside_links() -> None:
    row = appraise(given.plan(), given.results()).rows[0]
    odd = replace(row, evidence="<b>bold</b> & more")
    found = Result(key="audit", title="t", unit="", row_type=CheckRow, rows=(odd,))
    evidence = SimpleNamespace(of=lambda key: {"audit": found}[key])
    made = html(audit.page(evidence))  # type: ignore[arg-type]
    assert "<b>bold" not in made
    assert "&lt;b&gt;bold&lt;/b&gt; &amp; more" in made


def test_links_are_the_last_words_of_their_name() -> None:
    item = Item(text="The data tell. Shown on: The data; Who came.", links=(("The data", "data"),))
    made = Page(
        id="p",
        title="P",
        sections=(Section(id="s", title="S", blocks=(ListBlock(items=(item,)),)),),
    )
    assert 'The data tell. Shown on: <a href="#data">The data</a>; Who came.' in html(made)


def test_gaps_are_called_as_the_crosswalk_calls_them() -> None:
    from splw_eval.appraisal import profiles

    assert {item.number: item.topic for item in profiles()["crosswalk"].items} == audit.GAPS


def test_no_result_stands_on_two_pages() -> None:
    keys = [key for _, held in PAGES.values() for key in held]
    assert len(keys) == len(set(keys))


def test_each_page_is_named_once_however_many_of_its_results_are_asked() -> None:
    assert list(places(["flow", "dose", "modes", "no such result"])) == [
        ("Who was measured", "flow"),
        ("What was delivered", "delivered"),
    ]


@pytest.mark.parametrize("profile_results", [given.results(), WITH_FAULTS], ids=["good", "faults"])
def test_every_result_that_a_check_rests_on_has_a_page(profile_results: Any) -> None:
    for row in appraise(given.plan(), profile_results).rows:
        for key in filter(None, row.results.split(", ")):
            assert list(places([key])), key


def test_every_result_that_has_a_page_is_one_of_an_evaluation() -> None:
    asked = {question.key for question in QUESTIONS} | {last.key for last in LAST}
    placed = {key for _, held in PAGES.values() for key in held} - {"plan"}
    assert placed <= asked


def test_pages_have_the_titles_and_anchors_that_links_use() -> None:
    plan = reports.plan("controlled_cohort")
    evidence = gather(plan, reports.results(plan), reports.PROVENANCE)
    pages = describe_report(evidence).pages
    # A page with nothing to show is a section of the page of what could not be shown.
    empty = (s for page_ in pages if page_.id == "not-shown" for s in page_.sections)
    made = {page_.id: page_.title for page_ in pages} | {held.id: held.title for held in empty}
    assert {key: title for key, (title, _) in PAGES.items()}.items() <= made.items()
