"""The evidence map of the review: its counts, its page, and that both are current."""

from __future__ import annotations

import csv
import re
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "review_evidence"
REVIEW = ROOT.parent / "shared" / "domain" / "review_studies.csv"
MODULES = ("evidence", "drawn", "page", "analyse")


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in MODULES:
        sys.modules.pop(name, None)


def module(name: str) -> ModuleType:
    return import_module(name)


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_studies_are_counted_by_design_as_the_review_counts_them():
    studies = module("evidence").studies()
    designs = [study.design for study in studies]
    assert {name: designs.count(name) for name in set(designs)} == {
        "qualitative": 10,
        "observational": 3,
        "experimental": 2,
        "review": 3,
    }
    assert [study.ref for study in studies] == list(range(62, 80))
    assert [study.ref for study in studies if study.country != "UK"] == [75]


def test_a_count_that_is_not_the_reviews_is_told_with_every_other(monkeypatch):
    evidence = module("evidence")
    facts = evidence.facts()
    monkeypatch.setitem(facts["components"]["arranging"], "studies", 15)
    monkeypatch.setitem(facts["search"], "included", 19)
    evidence.studies.cache_clear()
    with pytest.raises(evidence.EvidenceError, match=r"arranging: 16 .*15") as told:
        evidence.studies()
    assert "19 said" in str(told.value)
    monkeypatch.undo()


def test_a_search_whose_numbers_rise_on_the_way_down_is_refused():
    evidence = module("evidence")
    search = {**evidence.facts()["search"], "databases_full_text": 12}
    assert "databases: numbers rise on the way down" in list(evidence.search_faults(search, 18))


def test_what_was_left_out_follows_from_the_printed_numbers():
    evidence = module("evidence")
    search = evidence.facts()["search"]
    assert evidence.screened(search) == 2347
    description = module("drawn").selection().description
    for said in ("2,347", "2,306 left out", "28 left out", "174 left out", "7 left out"):
        assert said in description


def test_every_quantitative_study_has_a_verdict_on_every_gap():
    found = module("evidence").gaps()
    assert len(found) == 5 * 10
    assert {gap.status for gap in found} <= set(module("evidence").STATUSES)
    assert all(gap.why for gap in found)
    assert not any(gap.status == "closed" for gap in found)


def test_a_study_without_a_comparison_leaves_confounders_open():
    held = {(gap.ref, gap.gap): gap.status for gap in module("evidence").gaps()}
    assert [held[ref, "G2"] for ref in (72, 74, 75)] == ["open"] * 3


def test_every_sign_of_the_maps_stands_in_words_too():
    drawn = module("drawn")
    for figure in (drawn.evidence_map(), drawn.gap_map(), drawn.selection()):
        assert figure.description in figure.svg.replace("&amp;", "&")
        assert figure.title in figure.svg
    said = drawn.gap_map().description
    assert re.search(r"\[76\] Glasgow Deep End trial: .*partly: G1, G2, G3, G7", said)


def test_the_files_are_those_of_the_program():
    assert (FOLDER / "results.csv").read_text(encoding="utf-8") == module("analyse").results()
    kept = (FOLDER / "report.html").read_text(encoding="utf-8")
    assert _without_lines(kept) == _without_lines(module("page").html())
    assert kept.count("<svg") == 3


def _without_lines(page: str) -> str:
    return re.sub(r"(</desc>).*?(</svg>)", r"\1\2", page, flags=re.DOTALL)


def test_the_page_asks_for_nothing():
    page = (FOLDER / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe)\b", page)
    assert "default-src 'none'" in page


@pytest.mark.browser
def test_axe_finds_no_barrier_on_the_page(page):
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": 320, "height": 900})
    page.goto((FOLDER / "report.html").as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.skipif(not REVIEW.exists(), reason="the table of the review is not beside the project")
def test_studies_are_those_of_the_reviews_table():
    assert read(FOLDER / "studies.csv") == read(REVIEW)
