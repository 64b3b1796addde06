"""The page of questionnaires and the stamp of synthetic data, read and seen in a real browser."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest

from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report
from tests.reports import synthetic
from tests.reports.reading import page_one, words
from tests.reports.test_in_a_browser import A4_HEIGHT, A4_WIDTH, BARRIERS

CARDS = ("swemwbs", "phq9", "hads_a", "ons_worthwhile", "own")


def write(study, out):
    done = evaluate_study(study)
    return write_report(out, plan=done.plan, results=done.results, provenance=done.provenance)


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    out = tmp_path_factory.mktemp("cards") / "report"
    return write(synthetic.study_of_items(300), out)


@pytest.fixture(scope="module")
def html(report):
    return report.read_text("utf-8")


def card(html: str, name: str) -> str:
    """Return the words of one card."""
    start = html.index(f'<h3 id="card-{name}">')
    return words(html[start : html.index("<h3 ", start + 1)])


def test_every_outcome_has_a_card_after_the_pages_of_change(html):
    order = re.findall(r'<h2 id="([\w-]+)">', html[html.index("<main") :])
    assert order[0] == "answer"
    assert order.index("questionnaires") > max(map(order.index, ("change", "responders")))
    for name in CARDS:
        assert "How it was found" in card(html, name) or name == "own"


def test_what_was_written_from_memory_is_said_in_words(html):
    said = card(html, "phq9")
    assert "Written from memory, not checked at its source" in said
    assert "(written from memory)" in said
    assert "(This rule was written from memory.)" in said
    assert "from memory" not in card(html, "own")


def test_none_established_is_said_and_no_number_stands_for_it(html):
    said = card(html, "ons_worthwhile")
    assert "None established" in said
    assert not re.search(r"Important differences: \d", said)


def test_a_questionnaire_that_is_not_in_the_catalogue_says_what_cannot_be_said(html):
    said = card(html, "own")
    assert "The plan names no questionnaire of the catalogue." in said
    assert "May it be used?" not in said


def test_people_are_counted_by_every_listed_difference(html):
    start = html.index('id="responders-phq9-all-table"')
    table = words(html[start : html.index("</table>", start)])
    for size in ("1.7 points", "21% of the first score", "5 points", "6 points"):
        assert size in table


def test_a_score_without_a_mid_is_not_said_to_count_nobody_where_others_are_listed(html):
    start = html.index('<h3 id="responders-phq9">')
    said = words(html[start : html.index("<h3 ", start + 1)])
    assert "nobody is counted" not in said


def test_reliable_change_names_every_part_or_why_it_is_not_shown(html):
    start = html.index('<h3 id="reliable-phq9">')
    said = words(html[start : html.index("<h3 ", start + 1)])
    sentence = next(line for line in said.splitlines() if "at 12 months:" in line)
    for part in ("improved", "unchanged", "deteriorated"):
        assert sentence.count(part) == 2  # once for each group


def test_an_item_about_risk_asks_for_a_procedure_and_shows_no_small_number(html, report):
    said = card(html, "risk")
    assert "asks about risk in item 9" in said
    assert "needs a written procedure" in said
    table = (report.parent / "tables" / "risk.csv").read_text("utf-8-sig")
    for row in csv.DictReader(io.StringIO(table)):
        shown = [row[name] for name in ("answered", "above", "lowest") if row[name] != "*"]
        assert all(n == "0" or int(n) >= 10 for n in shown)


def test_a_study_of_free_text_instruments_says_so_on_every_card(tmp_path):
    html = write(synthetic.study(120), tmp_path / "report").read_text("utf-8")
    for name in ("swemwbs", "phq9"):
        assert "What cannot be said" in card(html, name)
    said = words(html)
    assert "No outcome of the plan names a questionnaire of the catalogue" in said
    assert "The files hold scores and not the answers to single items" in said


def test_synthetic_stands_on_every_page_in_every_file_and_in_the_title(html, report):
    pages = re.findall(r'<section class="page.*?</section>', html, re.DOTALL)
    stamp = '<p class="stamp">Synthetic data: these people do not exist</p>'
    assert all(stamp in page for page in pages[1:])
    assert stamp in html[: html.index("<nav")]  # page one stands below the head
    assert "<title>Synthetic: " in html
    for path in sorted((report.parent / "tables").glob("*.csv")):
        head, *rows = csv.reader(io.StringIO(path.read_text("utf-8-sig")))
        assert {line[-1] for line in (head, *rows)} == {"synthetic"}, path.name
    for name in ("manifest.json", "results.json"):
        assert json.loads((report.parent / name).read_bytes())["synthetic"] is True


def test_a_study_of_real_people_is_not_stamped(tmp_path):
    study = synthetic.study_of_items(120, synthetic=False)
    out = write(study, tmp_path / "report")
    assert "ynthetic" not in re.sub(r"<style>.*?</style>", "", out.read_text("utf-8"), flags=re.S)
    assert b"synthetic" not in (out.parent / "tables" / "flow.csv").read_bytes()
    assert json.loads((out.parent / "manifest.json").read_bytes())["synthetic"] is False


def test_the_stamp_stands_in_the_margin_of_every_printed_sheet(html):
    found = re.search(r'@bottom-left \{ content: "([^"]*)"', html)
    assert found
    said = re.sub(r"\\([0-9a-f]{6})", lambda m: chr(int(m[1], 16)), found[1])
    assert said == "Synthetic data: these people do not exist"


def test_ids_are_unique_and_every_link_has_its_target(html):
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(ids)


def test_sentences_of_the_page_are_short(html):
    start = html.index('<h2 id="questionnaires">')
    part = html[start : html.index('<section class="page', start)]
    texts = re.findall(r"<p(?: class=\"lead\")?>(.*?)</p>", part.split("<figure", 1)[0], re.DOTALL)
    lengths = [len(s.split()) for text in texts for s in re.split(r"(?<=[.;:]) ", words(text))]
    assert sum(lengths) / len(lengths) <= 20
    assert max(lengths) <= 35


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_no_barrier_and_nothing_scrolls_sideways(page, report, width):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=BARRIERS)
    assert found.violations_count == 0, found.generate_report()


def test_words_of_a_drawing_stay_inside_it(page, report):
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(report.as_uri())
    outside = page.locator("#questionnaires ~ .part .drawing svg").evaluate_all(
        "all => all.filter(s => { const b = s.querySelector('g').getBBox(), v = s.viewBox.baseVal;"
        " return b.x < -0.5 || b.x + b.width > v.width + 0.5 || b.y + b.height > v.height + 0.5; })"
        ".map(s => s.querySelector('title').textContent)"
    )
    assert outside == []
    assert page.locator("#questionnaires ~ .part .drawing svg").count() == 9


def test_page_one_still_fits_on_one_sheet_of_a4(page, report):
    page.set_viewport_size({"width": round(A4_WIDTH), "height": 900})
    page.emulate_media(media="print")
    page.goto(report.as_uri())
    bottom = page.locator(".page").first.evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom <= A4_HEIGHT


def test_page_one_says_nothing_of_the_cards(html):
    said = page_one(html)
    assert "questionnaire" not in said.lower()
    assert "Numbers of people" in said
