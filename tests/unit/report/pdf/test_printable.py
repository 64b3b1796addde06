"""Words made fit for print."""

from __future__ import annotations

import pytest

from splw_eval.report.blocks import Page, Paragraph, Report, Section
from splw_eval.report.figures.typeface import advance, characters
from splw_eval.report.pdf import render_pdf
from splw_eval.report.pdf.printable import BREAK, breakable, printable, width


@pytest.mark.parametrize("words", ["Tŷ Gwyn", "−0.5 ≥ σ² → “a”", "naïve £5", "مرحبا", "two\nlines"])
def test_words_that_have_glyphs_stay_as_they_are(words: str):
    assert printable(words) == words


@pytest.mark.parametrize("sign", ["\ufeff", "\u202e", "\u2066", "\x00", "\x1b", "\u2060"])
def test_signs_that_only_steer_are_left_out(sign: str):
    assert printable(f"a{sign}b") == "ab"


def test_every_character_that_counts_as_printable_can_be_printed():
    every = [chr(c) for c in sorted(characters())]
    lines = tuple(
        Paragraph(text=" ".join(every[i : i + 200]), lead=bool(i % 400))
        for i in range(0, len(every), 200)
    )
    sections = (Section(id="s", title="S", blocks=lines),)
    page = Page(id="p", title="P", sections=sections)
    its = Report(title="t", subtitle="", stamp="", synthetic=False, software="", pages=(page,))
    assert render_pdf(its).startswith(b"%PDF")


def test_widths_are_those_of_the_typeface():
    assert advance("M") == pytest.approx(1767 / 2048)  # units of DejaVu Sans, of 2048 to an em
    assert width("MM", 10) == pytest.approx(20 * 1767 / 2048)
    assert width("M", 10, bold=True) > width("M", 10)


def test_only_a_word_too_wide_gets_places_to_break():
    words = breakable("a short and a " + "l" * 60, 100, 9)
    assert words.startswith("a short and a l" + BREAK)
    assert words.replace(BREAK, "") == "a short and a " + "l" * 60
    assert breakable("a short one", 100, 9) == "a short one"
