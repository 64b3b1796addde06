"""The page of staying and leaving: sentences, figures and tables that agree, and none too many."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report
from splw_eval.retention.reported.leaving import ASSOCIATIONS
from tests.reports import given
from tests.reports.reading import words
from tests.reports.test_in_a_browser import BARRIERS
from tests.unit.retention.given_reported import measured, served


def section(html: str, name: str) -> str:
    """Return one page of the report with its tags."""
    start = html.index(f'<h2 id="{name}">')
    found = html.find('<section class="page', start)
    return html[start : found if found > 0 else html.index("</main>", start)]


def table(html: str, anchor: str) -> str:
    start = html.index(f'id="{anchor}"')
    return words(html[start - 20 : html.index("</table>", start)])


def written(evaluation, folder):
    return write_report(
        folder / "report",
        plan=evaluation.plan,
        results=evaluation.results,
        provenance=evaluation.provenance,
    )


@pytest.fixture(scope="module")
def evaluation(tmp_path_factory):
    """One arm of two with a service."""
    return evaluate_study(served(measured(tmp_path_factory.mktemp("made"), 160, 140), 160))


@pytest.fixture(scope="module")
def report(evaluation, tmp_path_factory):
    return written(evaluation, tmp_path_factory.mktemp("staying"))


@pytest.fixture(scope="module")
def html(report):
    return section(report.read_text("utf-8"), "staying")


def test_every_part_of_a_study_with_a_service_is_on_the_page(html):
    lines = words(html).splitlines()
    for heading in (
        "How far people came",
        "Engagement with the service",
        "Why people's time with the service ended",
        "What went with dropping out",
        "Being measured",
    ):
        assert heading in lines, heading


def test_the_sentence_on_leaving_gives_the_counts_of_its_table_at_the_horizon(evaluation, html):
    (said,) = [line for line in words(html).splitlines() if "service is known, by day" in line]
    (row,) = [r for r in evaluation.results["standing"].rows if r.day == 365]
    assert said.startswith(f"Link worker: of {row.n} people who were referred")
    assert f"{row.completed} had completed as planned" in said
    assert f"{row.dropped_out} had dropped out" in said


def test_curves_stand_at_round_days_and_meet_the_counts_at_the_horizon(evaluation):
    (row,) = [r for r in evaluation.results["standing"].rows if r.day == 365]
    for cause, count in (("completed as planned", row.completed), ("dropped out", row.dropped_out)):
        steps = [
            r for r in evaluation.results["staying"].rows
            if r.cause == cause and r.day is not None and r.day <= 365
        ]  # fmt: skip
        assert all(r.day % 15 == 0 or r.day == 365 for r in steps)
        assert steps[-1].estimate == pytest.approx(count / row.n, abs=0.12)


def test_the_sentence_on_uptake_gives_the_shares_of_its_table(evaluation, html):
    rows = {row.stage: row for row in evaluation.results["uptake"].rows}
    contacted, completed = (
        round(100 * rows[stage].share_passed) for stage in ("contacted", "completed")
    )
    said = f"{contacted} in 100 were contacted and {completed} in 100 completed"
    assert said in words(html)
    assert f"{contacted}%" in table(html, "uptake-table")


def test_every_figure_names_a_table_of_the_page_that_holds_its_figures(html):
    figures = re.findall(r"<figure id=.*?</figure>", html, re.DOTALL)
    assert len(figures) >= 6
    for figure in figures:
        (anchor,) = set(re.findall(r'href="#([a-z_-]+-table)"', figure))
        (said,) = re.findall(r"<desc[^>]*>(.*?)</desc>", figure, re.DOTALL)
        held = table(html, anchor)
        shares = set(re.findall(r"\d+%|\d+\.\d\d", said)) - {"95%", "100%", "0%"}
        assert shares, said
        assert all(share in held for share in shares), (anchor, shares)


def test_counts_beneath_the_curves_are_those_of_the_result(evaluation, html):
    (row,) = [
        r for r in evaluation.results["watched"].rows
        if r.what.startswith("Engagement") and r.day == 90
    ]  # fmt: skip
    assert row.at_risk
    assert row.at_risk % 5 == 0
    (standing,) = [r for r in evaluation.results["standing"].rows if r.day == 90]
    assert f"{standing.there}" in table(html, "standing-table").splitlines()


def test_hazard_ratios_stand_under_the_sentence_on_associations_and_are_called_no_effect(html):
    text = words(html)
    assert ASSOCIATIONS in text
    assert text.index("Not the effect of anything") < text.index("Rate of dropping out, as a ratio")
    leaving = text[text.index("What went with dropping out") : text.index("Being measured\n")]
    assert not re.search(r"\b(caused|because of|due to|led to|effect of waiting)\b", leaving)
    assert "significant" not in text


def test_two_kinds_of_staying_are_said_to_be_two(html):
    assert "Leaving the service and being lost to questionnaires are two things." in words(html)
    assert "nobody was referred in Usual care" in words(html)


def test_groups_that_cannot_be_compared_are_told_why_on_the_page(html):
    text = words(html)
    assert "The groups are not compared in mean days." in text
    assert "Being measured: no mean is told" in text


def test_a_study_without_a_service_has_measurement_only_and_the_reason(tmp_path):
    found = evaluate_study(measured(tmp_path, 60, 50))
    lines = words(section(written(found, tmp_path).read_text("utf-8"), "staying")).splitlines()
    assert "Being measured" in lines
    assert "Engagement with the service" not in lines
    assert any("There is no file of episodes" in line for line in lines)


def test_few_people_leave_no_curve_and_no_number(tmp_path):
    found = evaluate_study(served(measured(tmp_path, 7), 7))
    text = section(written(found, tmp_path).read_text("utf-8"), "staying")
    assert "staying-engaged-figure" not in text
    assert not re.search(r'class="number">[1-7]<', text)


def test_a_page_of_no_results_says_why(tmp_path):
    plan = given.plan()
    path = write_report(
        tmp_path / "report", plan=plan, results=given.results(plan), provenance=given.PROVENANCE
    )
    text = words(section(path.read_text("utf-8"), "not-shown"))
    assert "Time with the service, and why it ended" in text
    assert "No uptake here." in text


def test_a_hidden_ratio_is_said_to_rest_on_too_few_people(evaluation, tmp_path):
    hidden = ("hazard_ratio", "conf_low", "conf_high", "p_value", "events")
    rows = given.masked(dict(evaluation.results), "leaving", *hidden, where={})
    one = given.changed(rows, "leaving", where={}, episodes=20)
    path = written(replace(evaluation, results=one), tmp_path)
    text = section(path.read_text("utf-8"), "staying")
    assert "leaving-figure" not in text
    assert ASSOCIATIONS in words(text)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_barrier_no_sideways_scrolling_and_no_word_out_of_a_drawing(page, report, width):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=BARRIERS)
    assert found.violations_count == 0, found.generate_report()
    drawings = page.locator("figure[id^=uptake] svg, figure[id^=staying] svg, "
                            "#endings-figure svg, #leaving-figure svg, #modes-figure svg, "
                            "#components-figure svg")  # fmt: skip
    assert drawings.count() >= 8
    outside = drawings.evaluate_all(
        "all => all.flatMap(s => { const b = s.getBoundingClientRect();"
        " return [...s.querySelectorAll('g[id*=text]')].filter(t => {"
        " const r = t.getBoundingClientRect();"
        " return r.width && (r.left < b.left - 1 || r.right > b.right + 1"
        " || r.top < b.top - 1 || r.bottom > b.bottom + 1); }).map(t => t.id) })"
    )
    assert outside == []


def test_what_must_be_known_first_stands_before_the_curves_and_rules_do_not(html):
    text = words(html)
    first = text[text.index("Before you read on") : text.index("Still engaged")]
    assert "nobody was referred in Usual care" in first
    assert "Day 0 is the day of referral" not in first
    assert "Counts of what was seen" not in first


def test_the_words_of_a_curve_name_the_days_of_its_steps(evaluation, html):
    steps = {
        (round(100 * row.estimate), int(row.day))
        for row in evaluation.results["staying"].rows
        if row.estimate is not None and row.day is not None
    }
    told = re.findall(r"(\d+)% by day (\d+)", html)
    assert told
    assert {(int(share), int(day)) for share, day in told} <= steps
