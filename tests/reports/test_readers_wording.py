"""What a commissioner and the public read: no key, no jargon, and the whole answer on sheet one."""

from __future__ import annotations

import io
import re

import pytest

from splw_eval.report.blocks import Fold
from splw_eval.report.pdf import render_pdf
from splw_eval.report.running_text import running_text
from tests.reports.test_readers import MOST, evidence, figures, report

__all__ = ["evidence"]  # a fixture: both analyses, evaluated once


def test_sheet_one_of_the_pdf_holds_the_whole_answer(evidence):
    pikepdf = pytest.importorskip("pikepdf")
    found = report(evidence, "commissioner")
    pdf = pikepdf.open(io.BytesIO(render_pdf(found)))
    named = [words for _, sheet, words in headings(pdf) if sheet == 0]
    assert "Who is missing" in named
    second = [words for _, sheet, words in headings(pdf) if sheet == 1]
    assert second[0] == found.pages[1].title


def headings(pdf):
    """Yield each bookmark of a PDF with its sheet, in order."""
    sheets = {page.objgen: i for i, page in enumerate(pdf.pages)}

    def under(items):
        for item in items:
            where = item.destination[0] if item.destination is not None else item.action.D[0]
            yield item, sheets[where.objgen], item.title
            yield from under(item.children)

    with pdf.open_outline() as outline:
        yield from under(outline.root)


def test_no_short_report_holds_the_name_of_a_column_or_of_a_method(evidence):
    for reader in MOST:
        said = "\n".join(running_text(report(evidence, reader).pages))
        assert not re.search(r"[a-z]_[a-z]|Kenward|by the curve|\bdf\b", said)


def test_a_headline_names_a_group_and_never_counts_people_of_its_label(evidence):
    titles = [figure.title for figure in figures(report(evidence, "commissioner"))]
    first = evidence.plan.groups[0]
    assert any(title.startswith(f"Better by the MID: {first} ") for title in titles)
    assert not any(f"in 100 of {first}" in title for title in titles)


def test_words_of_a_commissioner_are_explained_in_every_form(evidence):
    last = report(evidence, "commissioner").pages[-1].sections[-1]
    assert last.title == "Words used here"
    assert not any(isinstance(block, Fold) for block in last.blocks)
