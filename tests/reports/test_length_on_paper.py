"""The report of the example programme on paper: short enough, and nothing lost."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from splw_eval.evaluate import evaluate_study
from splw_eval.report import write_report

EXAMPLE = Path(__file__).parents[2] / "analyses" / "example_programme" / "study.toml"
MOST_SHEETS = 61  # seven outcomes, two groups, four waves, contacts, and a fair comparison


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    done = evaluate_study(EXAMPLE)
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


def test_every_note_of_every_result_is_said_somewhere(report):
    done = evaluate_study(EXAMPLE)
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
