"""The page that compares, and page one's answer: what the design allows, and never more."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from splw_eval.core.result import Note
from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report
from tests.reports import given, synthetic
from tests.reports.reading import page_one, words
from tests.reports.test_in_a_browser import A4_HEIGHT, A4_WIDTH, BARRIERS

FAIR = ("cluster_trial", "individual_trial")
COMPARED = "Link worker programme compared with Usual care"


def part(html: str, name: str) -> str:
    """Return the text of one page of the report."""
    start = html.index(f'<h2 id="{name}">')
    return words(html[start : html.index('<section class="page', start)])


def comparison(path) -> str:
    return part(path.read_text("utf-8"), "comparison")


@pytest.mark.parametrize("design", given.DESIGNS)
def test_only_a_fair_trial_speaks_of_an_effect(design, written):
    plan = given.plan(design)
    text = comparison(written(plan, given.modelled(plan)))
    answer = text[: text.index("What this rests on")]
    assert ("an effect" in answer) is (design in FAIR)
    assert ("a difference" in answer) is (design not in (*FAIR, "pre_post"))
    assert ("a change for the better" in answer) is (design == "pre_post")


@pytest.mark.parametrize("design", [d for d in given.DESIGNS if d != "pre_post"])
def test_the_first_sentence_of_the_page_answers(design, written):
    plan = given.plan(design)
    text = comparison(written(plan, given.modelled(plan))).splitlines()
    change = "" if design in FAIR else "change of the "
    since = "" if design in FAIR else " from the start,"
    score = f"the {change}average score{since} at 6 months"
    assert text[2].startswith(f"{COMPARED}: {score} was 1.0 points higher (better).")
    assert "from 0.2 points lower to 2.2 points higher, so there may be no difference" in text[2]
    assert "as large as the MID (2 points)" in text[2]


def test_one_group_is_said_to_have_changed_and_there_is_nobody_to_compare_with(written):
    plan = given.plan()
    path = written(plan, given.modelled(plan))
    text = comparison(path).splitlines()
    assert text[0] == "Change, by a model of all waves"
    assert text[2].startswith("The average score at 6 months, less that at the start, was 1.0")
    assert "There was nobody to compare with" in comparison(path)
    assert "By a model that uses everybody with any score: the average score at 6 months" in (
        page_one(path.read_text("utf-8"))
    )


def test_page_one_gives_the_comparison_before_the_changes_within_groups(written):
    plan = given.plan("cluster_trial")
    lines = page_one(written(plan, given.modelled(plan)).read_text("utf-8")).splitlines()
    assert lines.index(COMPARED) < lines.index("Usual care: change within the group")
    assert lines[lines.index(COMPARED) + 1] == "1.0 points higher (better)"
    assert not any("have not yet been compared" in line for line in lines)


def test_an_unfair_trial_is_not_said_to_estimate_an_effect_on_page_one(written):
    for design in given.DESIGNS:
        plan = given.plan(design)
        text = page_one(written(plan, given.modelled(plan)).read_text("utf-8"))
        assert ("estimates the effect of the programme" in text) is (design in FAIR)


@pytest.mark.parametrize(
    ("judged", "words_"),
    [
        ("beyond, better", "All of it is better by more than the MID"),
        ("short", "it excludes an effect as large as that, either way"),
        ("includes, worse", "It includes an effect for the worse as large as the MID"),
        ("includes, both", "it leaves the question open"),
    ],
)
def test_the_interval_is_held_against_the_mid(judged, words_, written):
    plan = given.plan("cluster_trial")
    path = written(plan, given.modelled(plan, interval_and_mid=judged))
    assert words_ in comparison(path)
    assert words_ in page_one(path.read_text("utf-8"))


def test_no_model_is_said_with_its_reason_and_the_report_goes_on(written):
    plan = given.plan("cluster_trial")
    found = given.modelled(plan)
    why = Note(text=f"{plan.primary.label}: no model could be fitted, as nobody was there.")
    for key in ("contrasts", "model_means"):
        found[key] = replace(found[key], rows=(), notes=(why,))
    path = written(plan, found)
    assert "could not be answered by a model" in comparison(path)
    assert "no model could be fitted, as nobody was there." in comparison(path)
    text = page_one(path.read_text("utf-8"))
    assert "The groups could not be compared: nobody was there." in text.splitlines()
    assert "nothing has been done to allow for it" in text


def test_a_hidden_contrast_is_said_to_rest_on_too_few_people(written):
    plan = given.plan("cluster_trial")
    hidden = ("estimate", "std_error", "conf_low", "conf_high", "includes_none",
              "interval_and_mid")  # fmt: skip
    found = given.masked(given.modelled(plan), "contrasts", *hidden, where={})
    path = written(plan, found)
    assert "too few people to show" in comparison(path)
    assert "Too few people to show" in page_one(path.read_text("utf-8"))
    assert "contrasts-swemwbs-figure" not in path.read_text("utf-8")


def test_no_interval_is_said_with_its_reason(written):
    plan = given.plan("cluster_trial")
    none = dict.fromkeys(("std_error", "df", "conf_low", "conf_high", "interval_and_mid"))
    text = comparison(written(plan, given.modelled(plan, **none, includes_none=None)))
    assert "fewer than 4 practices or link workers" in text


@pytest.mark.parametrize("groups", [1, 2, 3, 4])
def test_page_one_with_its_comparison_fits_on_one_sheet_of_a4(page, written, groups):
    plan = given.plan() if groups == 1 else given.plan("cluster_trial", arms=given.arms(groups))
    page.set_viewport_size({"width": round(A4_WIDTH), "height": 900})
    page.emulate_media(media="print")
    page.goto(written(plan, given.modelled(plan)).as_uri())
    bottom = page.locator(".page").first.evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom <= A4_HEIGHT


@pytest.fixture(scope="module")
def evaluation():
    return evaluate_study(synthetic.study(300))


@pytest.fixture(scope="module")
def report(evaluation, tmp_path_factory):
    return write_report(
        tmp_path_factory.mktemp("compared") / "report",
        plan=evaluation.plan,
        results=evaluation.results,
        provenance=evaluation.provenance,
    )


def test_every_part_of_a_study_with_practices_is_on_the_page(report):
    text = comparison(report)
    for heading in (
        "Mental wellbeing (SWEMWBS): the answer",
        "The other outcomes",
        "Whom the model has",
        "The main question by other methods",
        "How far the answer can be trusted",
        "For the next sample size",
        "Notes",
    ):
        assert heading in text.splitlines(), heading
    assert "ICC at 12 months" in text
    assert "The model in words" in text


def test_every_figure_of_the_page_says_in_words_what_it_shows(report):
    html = report.read_text("utf-8")
    section = html[html.index('<h2 id="comparison">') :]
    section = section[: section.index('<section class="page')]
    said = re.findall(r"<desc[^>]*>(.*?)</desc>", section, re.DOTALL)
    assert len(said) == len(re.findall(r"<svg", section)) == 5
    assert all(len(words_) > 60 for words_ in said)
    assert all(len(set(re.findall(r"\d+\.\d+", words_))) >= 1 for words_ in said)


@pytest.mark.parametrize("width", [320, 1280])
def test_no_barrier_no_sideways_scrolling_and_no_word_out_of_a_drawing(page, report, width):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=BARRIERS)
    assert found.violations_count == 0, found.generate_report()
    outside = page.locator("#contrasts-swemwbs-figure svg, #model-means-figure svg, "
                           "#influence-figure svg, #residuals-figure svg").evaluate_all(
        "all => all.flatMap(s => { const b = s.getBoundingClientRect();"
        " return [...s.querySelectorAll('g[id*=text]')].filter(t => {"
        " const r = t.getBoundingClientRect();"
        " return r.width && (r.left < b.left - 1 || r.right > b.right + 1"
        " || r.top < b.top - 1 || r.bottom > b.bottom + 1); }).map(t => t.id) })"
    )  # fmt: skip
    assert outside == []


def test_influence_tells_of_no_practice_with_few_people_and_names_none(evaluation):
    result = evaluation.results["influence"]
    assert {"place", "n", "estimate"} <= set(result.to_frame().columns)
    assert not {"cluster", "practice", "left_out"} & set(result.to_frame().columns)
    assert all(row.estimate is None for row in result.rows if row.n is None)
