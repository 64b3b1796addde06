"""The report of the example programme: short on paper, nothing lost, readable by everybody."""

from __future__ import annotations

import io
import re
from itertools import pairwise
from pathlib import Path

import pytest

from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report
from tests.reports.test_in_a_browser import BARRIERS

EXAMPLE = Path(__file__).parents[2] / "analyses" / "example_programme" / "study.toml"
# Seven outcomes, two groups, four waves, contacts, a fair comparison, reach, services used, who
# gave the support, what was planned, and the gap audit. Further figures of the other outcomes and
# waves are folded away, and each fold names its file.
MOST_SHEETS = 67

# Blocks of the page that begin above the one read before them, and not to its right.
READ_AGAINST_THE_EYE = """main => {
  const blocks = [...main.querySelectorAll("h2, h3, p, li, figcaption, .drawing, .scroll, summary")]
    .filter(e => e.checkVisibility() && e.getBoundingClientRect().height > 1);
  const places = blocks.map(e => e.getBoundingClientRect());
  return blocks.slice(1).filter((_, i) =>
    places[i + 1].top < places[i].top - 1 && places[i + 1].left < places[i].right - 1
  ).map(e => e.textContent.slice(0, 60));
}"""


@pytest.fixture(scope="module")
def done():
    return evaluate_study(EXAMPLE)


@pytest.fixture(scope="module")
def report(done, tmp_path_factory):
    out = tmp_path_factory.mktemp("paper") / "report"
    return write_report(out, plan=done.plan, results=done.results, provenance=done.provenance)


@pytest.fixture(scope="module")
def html(report):
    return report.read_text("utf-8")


def test_the_example_prints_on_few_sheets(page, report):
    pikepdf = pytest.importorskip("pikepdf")
    page.goto(report.as_uri())
    paper = page.pdf(prefer_css_page_size=True)
    assert len(pikepdf.open(io.BytesIO(paper)).pages) <= MOST_SHEETS


def test_no_sentence_of_notes_or_rules_stands_twice_on_a_page(html):
    for part in re.findall(r'<section class="page.*?</section>', html, re.DOTALL):
        said = re.findall(r'<p class="footnote">(.*?)</p>', part, re.DOTALL)
        assert len(said) == len(set(said))


def test_methods_say_no_note_that_another_page_says(html):
    pages = re.findall(r'<section class="page.*?</section>', html, re.DOTALL)
    others = {x for p in pages[:-1] for x in re.findall(r"<li>(.*?)</li>", p, re.DOTALL)}
    methods = re.findall(r"<li>(?:<strong>.*?</strong>)?(.*?)</li>", pages[-1], re.DOTALL)
    assert len(methods) > 5
    assert not others & set(methods)


def test_every_note_of_every_result_is_said_somewhere(done, report):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", report.read_text("utf-8")))
    text = text.replace("&#39;", "'").replace("&amp;", "&").replace("&#34;", '"')
    notes = [(key, n.sentence()) for key, r in done.results.items() for n in r.notes]
    assert len(notes) > 30
    assert [(key, words) for key, words in notes if words not in text] == []


def test_what_is_folded_on_paper_is_in_a_file_of_the_folder(report, html):
    folds = re.findall(r'<span class="where">\(on paper: (.*?)\)</span>', html)
    assert len(folds) > 10
    for said in folds:
        for name in said.split(", "):
            assert name == "in the tables above" or (report.parent / name).is_file(), name


def test_no_note_of_a_page_says_what_stands_there_already(html):
    for part in re.findall(r'<section class="page.*?</section>', html, re.DOTALL):
        notes = re.findall(r"<li>(.*?)</li>", part, re.DOTALL)
        others = set(re.findall(r"<p[^>]*>(.*?)</p>", part, re.DOTALL))
        assert len(notes) == len(set(notes))
        assert not others & set(notes)


def test_anchors_are_unique_and_every_link_lands(html):
    anchors = re.findall(r'\sid="([^"]+)"', html)
    assert len(anchors) == len(set(anchors))
    assert set(re.findall(r'href="#([^"]+)"', html)) <= set(anchors)


# Colours are the same at every width, and take long to look at.
ONCE = {"rules": {"color-contrast": {"enabled": False}}}


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("opened", [False, True])
def test_axe_finds_no_barrier_with_folds_open_or_closed(page, report, requests_made, width, opened):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    if opened:
        page.locator("details").evaluate_all("all => all.forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    found = Axe().run(page, options=BARRIERS if opened and width == 1280 else BARRIERS | ONCE)
    assert found.violations_count == 0, found.generate_report()
    assert requests_made == [report.as_uri()]


def test_headings_go_down_one_level_at_a_time(page, report):
    page.goto(report.as_uri())
    levels = page.locator("h1, h2, h3, h4").evaluate_all("all => all.map(h => +h.tagName[1])")
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in pairwise(levels))


@pytest.mark.parametrize("width", [320, 1280])
def test_what_is_read_next_stands_below_or_to_the_right(page, report, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(report.as_uri())
    wrong = page.locator("main").evaluate(READ_AGAINST_THE_EYE)
    assert wrong == []


def test_the_tab_key_goes_through_the_page_in_the_order_of_the_words(page, report):
    page.goto(report.as_uri())
    places = page.locator("[tabindex]").evaluate_all("all => all.map(e => e.tabIndex)")
    assert set(places) <= {-1, 0}  # nothing is taken out of the order in which it is written


def test_the_contents_name_every_page_once_under_its_part(page, report):
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(report.as_uri())
    pages = page.locator("main .page > h2").evaluate_all("all => all.map(h => h.id)")
    links = page.locator("nav.beside .parts a").evaluate_all("all => all.map(a => a.hash.slice(1))")
    assert links == pages
    parts = page.locator("nav.beside .parts > li")
    assert 5 <= parts.count() <= 8
    assert all(parts.nth(i).locator("a").count() for i in range(parts.count()))
