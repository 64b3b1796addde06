"""The glossary explains what a report uses, in the words of the documentation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from splw_eval.report.blocks import ListBlock, Page, Paragraph, Section
from splw_eval.report.contents import describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.pages import glossary
from tests.reports import given

DOCS = Path(__file__).parents[3] / "docs" / "glossary.md"


def pages(words: str) -> tuple[Page, ...]:
    blocks = (Paragraph(text=words),)
    return (Page(id="p", title="", sections=(Section(id="s", title="", blocks=blocks),)),)


def evidence(**changes):
    plan = given.plan(**changes)
    return gather(plan, given.modelled(plan), given.PROVENANCE)


def plain(body: str) -> str:
    """Return a definition of the documentation without its marks."""
    text = " ".join(line.strip() for line in body.splitlines())
    text = re.sub(r"; see \[\]\([^)]*\)", "", text)
    text = re.sub(r"\{term\}`([^`]*)`", r"\1", text)
    return re.sub(r"\*([^*]+)\*", r"\1", text).strip()


@pytest.fixture(scope="module")
def documented():
    found = {}
    for block in re.findall(r"```\{glossary\}\n(.*?)```", DOCS.read_text("utf-8"), re.DOTALL):
        for entry in re.split(r"\n\n(?=\S)", block.strip("\n")):
            term, _, body = entry.partition("\n")
            found[term.strip()] = plain(body)
    return found


def test_every_word_has_the_meaning_that_the_documentation_gives_it(documented):
    assert len(glossary.terms()) > 40
    assert {t.term: t.text for t in glossary.terms()} == {
        t.term: documented[t.term] for t in glossary.terms()
    }


def test_only_words_that_are_used_are_explained_and_by_the_alphabet():
    found = glossary.entries(evidence(), pages("The hazard ratio, the MID and an episode."))
    assert [item.term for item in found] == ["episode: ", "hazard ratio: ", "MID: "]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("He put it amid the rest.", []),
        ("the mid point", []),
        ("two MIDs", []),
        ("Link workers came.", ["link worker: "]),
        ("(SD)", ["SD: "]),
    ],
)
def test_a_word_inside_another_or_in_other_letters_is_not_the_term(text, terms):
    assert [item.term for item in glossary.entries(evidence(), pages(text))] == terms


def test_the_local_title_of_link_workers_stands_beside_the_standard_term():
    words = {"wellbeing navigator": "link worker", "surgery": "general practice"}
    held = evidence(vocabulary={"version": "v1", "terms": {"worker": words}})
    (item,) = glossary.entries(held, pages("link worker"))
    assert item.text.endswith("Called here: wellbeing navigator.")


def test_the_evaluator_reads_it_right_before_the_methods():
    report = describe_report(evidence())
    ids = [page.id for page in report.pages]
    assert ids[-2:] == ["glossary", "methods"]
    block = report.pages[-2].sections[0].blocks[0]
    assert isinstance(block, ListBlock)
    assert block.items
