"""The report of a study with every table: whole, masked, readable in a real browser."""

from __future__ import annotations

import re

import pytest

from splw_eval.core.rows import WorkerRow
from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report
from tests.reports import synthetic
from tests.reports.reading import page_one, words
from tests.reports.test_in_a_browser import A4_HEIGHT, A4_WIDTH, BARRIERS


@pytest.fixture(scope="module")
def evaluation():
    return evaluate_study(synthetic.study(300))


@pytest.fixture(scope="module")
def report(evaluation, tmp_path_factory):
    return write_report(
        tmp_path_factory.mktemp("full") / "report",
        plan=evaluation.plan,
        results=evaluation.results,
        provenance=evaluation.provenance,
    )


@pytest.fixture(scope="module")
def text(report):
    return words(report.read_text("utf-8"))


def test_page_one_says_how_completely_contacts_were_recorded(report):
    found = re.search(
        r"The contact log: minutes recorded for (\d+) in 100 contacts\.",
        page_one(report.read_text("utf-8")),
    )
    assert found
    assert 55 <= int(found[1]) <= 69  # 38 in 100 are empty by design


def test_what_is_not_kept_or_too_empty_is_said_in_words(text):
    assert "Not kept: place, purpose, home visit, accompanied, interpreter." in text
    assert "Filled below 80%: minutes, attended." in text
    assert "a proposal of this program, not a standard" in text


def test_questions_that_cannot_be_answered_name_what_is_lacking(text):
    start = text.index("Questions that these data cannot answer")
    assert "the table support" in text[start:]
    assert "How much support people had, and of what kind, stays unknown" in text[start:]


def test_no_shown_count_of_people_or_records_is_small(evaluation):
    for result in evaluation.results.values():
        if result.row_type is WorkerRow:
            continue
        for entry in result.to_dict()["rows"]:
            for name, column in result.to_dict()["columns"].items():
                if column["role"] == "count" and entry[name] is not None:
                    assert entry[name] == 0 or entry[name] >= 10, (result.key, name)


def test_no_table_is_about_fewer_than_three_link_workers(evaluation):
    shown = [row.workers for row in evaluation.results["workers"].rows if row.workers is not None]
    assert shown
    assert min(shown) >= 3
    few = evaluate_study(synthetic.study(120, workers=2)).results["workers"]
    assert few.rows == ()


def test_ids_are_unique_and_every_link_has_its_target(report):
    html = report.read_text("utf-8")
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways(page, report, width):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=BARRIERS)
    assert found.violations_count == 0, found.generate_report()


def test_page_one_still_fits_on_one_sheet_of_a4(page, report):
    page.set_viewport_size({"width": round(A4_WIDTH), "height": 900})
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    bottom = page.locator(".page").first.evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom <= A4_HEIGHT


def test_words_of_a_table_stand_beside_each_other_and_not_over_their_neighbours(page, report):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(report.as_uri())
    wide = page.locator("th, td").evaluate_all(
        "all => all.filter(c => c.scrollWidth > c.clientWidth + 1).map(c => c.textContent)"
    )
    assert wide == []
