"""The page of what was delivered: sentences and figures that agree with its tables."""

from __future__ import annotations

import math
import re

import pytest

from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report
from tests.reports import given
from tests.reports.reading import words
from tests.reports.test_staying import section, table, written
from tests.unit.retention.given_reported import measured, served


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    """One arm of two with a service."""
    return evaluate_study(served(measured(tmp_path_factory.mktemp("made"), 120, 60), 120, seed=4))


@pytest.fixture(scope="module")
def html(evaluation, tmp_path_factory):
    path = written(evaluation, tmp_path_factory.mktemp("delivered"))
    return section(path.read_text("utf-8"), "delivered")


def test_every_part_is_on_the_page_with_what_it_does_not_say(html):
    lines = words(html).splitlines()
    for heading in (
        "What each person got",
        "How contacts were made",
        "Components of support",
        "Levels of support",
        "Caseload of link workers",
        "Whether people kept their link worker",
    ):
        assert heading in lines, heading
    assert any("It does not say what contacts bring about" in line for line in lines)
    assert any("it is no standard" in line for line in lines)


def test_the_sentence_on_contacts_gives_the_median_of_the_table(evaluation, html):
    (row,) = [r for r in evaluation.results["dose"].rows if r.measure == "contacts attended"]
    said = f"Half of the people referred had {math.ceil(row.median)} or more attended contacts."
    assert said in words(html)
    assert f"{row.median:.0f}" in table(html, "dose-table").splitlines()


def test_every_figure_names_a_table_of_the_page_that_holds_its_figures(html):
    figures = re.findall(r"<figure id=.*?</figure>", html, re.DOTALL)
    assert len(figures) == 3
    for figure in figures:
        (anchor,) = set(re.findall(r'href="#([a-z_-]+-table)"', figure))
        (said,) = re.findall(r"<desc[^>]*>(.*?)</desc>", figure, re.DOTALL)
        shares = re.findall(r"\d+%", said) or re.findall(r"20\d\d (\d+)", said)
        assert shares
        assert all(share in table(html, anchor) for share in shares)


def test_the_largest_caseload_is_the_largest_of_the_table(evaluation, html):
    cases = [r.cases for r in evaluation.results["caseload"].rows if r.cases]
    (said,) = re.findall(r"(\d+) people were with (\d+) link workers", words(html))
    assert int(said[0]) == max(cases)
    assert int(said[1]) == 6


def test_no_month_with_enough_cases_is_said(tmp_path):
    found = evaluate_study(served(measured(tmp_path, 14), 14, left=1.0, mean=30))
    text = words(section(written(found, tmp_path).read_text("utf-8"), "delivered"))
    assert all(not r.cases for r in found.results["caseload"].rows)
    assert "In no month are there enough open cases to show." in text


def test_a_study_without_a_service_says_why_there_is_nothing(tmp_path):
    found = evaluate_study(measured(tmp_path, 60, 50))
    text = words(section(written(found, tmp_path).read_text("utf-8"), "not-shown"))
    assert "There is no contact log with a file of episodes" in text
    assert "0 in 100" not in text


def test_a_page_of_no_results_says_why(tmp_path):
    plan = given.plan()
    path = write_report(
        tmp_path / "report", plan=plan, results=given.results(plan), provenance=given.PROVENANCE
    )
    text = words(section(path.read_text("utf-8"), "not-shown"))
    assert text.count("What was delivered") == 1
    assert "No dose here." in text


def test_no_number_from_1_to_7_is_shown_of_people(tmp_path):
    found = evaluate_study(served(measured(tmp_path, 40), 40, seed=9))
    counted = {"people", "known", "none", "n", "of", "others", "cases", "waiting", "seen",
               "one_worker", "two_workers", "three_or_more"}  # fmt: skip
    told = [
        getattr(row, name)
        for key in ("dose", "modes", "levels", "components", "caseload", "continuity")
        for row in found.results[key].rows
        for name in counted & set(row.__slots__)
    ]
    assert told
    assert all(n is None or n == 0 or n >= 10 for n in told)
    assert None in told
