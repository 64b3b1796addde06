"""A report as a Word document: styles, tables, pictures, and nothing of whoever made it."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pytest
from docx.oxml.ns import qn

from splw_eval.report.blocks import (
    Callout,
    Cell,
    ColumnHead,
    Format,
    Item,
    ListBlock,
    Page,
    Paragraph,
)
from splw_eval.report.numbers import shown
from splw_eval.report.word import render_docx
from splw_eval.report.word.table import ROOM, fitted
from tests.unit.report import given_report as given

HOSTILE = (
    "nul\x00 bell\x07 escape\x1b",
    "lone \ud800 half",
    "<w:p>&amp; ]]> \ufffe",
    "{n} %s $x^$",
    "quotes \" and ' and a\ttab\nand a line",
)
PAGES = [Page(id=f"p{i}", title=f"Page {i}", sections=()) for i in range(5)]
LONG = given.report(pages=(given.report().pages[0], *PAGES))


@pytest.fixture(scope="module")
def content():
    return render_docx(given.report())


@pytest.fixture(scope="module")
def document(content):
    return docx.Document(io.BytesIO(content))


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def styled(document, name: str) -> list[str]:
    return [p.text for p in document.paragraphs if p.style.name == name]


def test_the_same_report_gives_the_same_bytes(content):
    assert render_docx(given.report()) == content


def test_no_part_of_it_has_a_date_of_its_own_or_a_name(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {part.date_time for part in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    held = parts(content)
    everything = b"".join(v for k, v in held.items() if k.endswith(".xml"))
    assert not re.search(rb"Microsoft Mac|python-docx|w:rsid|20(1[3-9]|2\d)-\d\d-\d\d", everything)
    assert not [name for name in held if "thumbnail" in name or "customXml" in name]


def test_the_properties_say_what_it_is_and_not_who_made_it(document):
    held = document.core_properties
    assert held.title == "Synthetic: Wellbeing in Anytown"
    assert (held.subject, held.language) == ("Before-and-after study", "en-GB")
    assert (held.author, held.last_modified_by, held.keywords) == ("", "", "")
    assert held.created == held.modified


def test_the_language_stands_in_the_styles(content):
    styles = parts(content)["word/styles.xml"].decode()
    assert re.findall(r'<w:lang w:val="([^"]+)"', styles) == ["en-GB"]
    assert 'themeFontLang w:val="en-GB"' in parts(content)["word/settings.xml"].decode()


def test_every_paragraph_and_run_has_a_style_that_the_document_defines(content, document):
    held = parts(content)
    defined = set(re.findall(r'w:styleId="([^"]+)"', held["word/styles.xml"].decode()))
    body = held["word/document.xml"].decode() + held["word/footer1.xml"].decode()
    used = re.findall(r'<w:(?:pStyle|rStyle|tblStyle) w:val="([^"]+)"', body)
    assert set(used) <= defined
    assert body.count("<w:p>") == body.count("<w:pStyle ")
    assert {"Body", "Lead", "Callout", "Key figure", "Table text", "Note", "Caption"} <= {
        style.name for style in document.styles
    }


def test_no_run_is_formatted_by_hand(document):
    for run in document.element.body.iter(qn("w:rPr")):
        assert [child.tag for child in run] == [qn("w:rStyle")]


def test_based_on_and_next_name_styles_that_there_are(content):
    styles = parts(content)["word/styles.xml"].decode()
    defined = re.findall(r'w:styleId="([^"]+)"', styles)
    assert len(defined) == len(set(defined))
    assert set(re.findall(r'<w:(?:basedOn|next) w:val="([^"]+)"', styles)) <= set(defined)
    assert "Ignorable" not in styles  # it would name prefixes that are not there


def test_headings_are_headings_and_none_skips_a_level(document):
    assert styled(document, "Title") == ["Wellbeing in Anytown"]
    assert styled(document, "Subtitle") == ["Before-and-after study"]
    assert styled(document, "Heading 1") == ["On one page", "Further"]
    assert styled(document, "Heading 2") == ["The answer", "More"]
    levels = [
        int(p.style.name[-1]) for p in document.paragraphs if p.style.name.startswith("Heading")
    ]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_a_callout_has_a_border_and_a_heading_of_the_third_level(document):
    assert styled(document, "Callout heading") == ["Not to be missed"]
    assert styled(document, "Callout") == ["First.", "Second."]
    heading, body = (document.styles[name] for name in ("Callout heading", "Callout"))
    assert heading.base_style.name == "Heading 3"
    borders = [style.element.find(f".//{qn('w:pBdr')}") for style in (heading, body)]
    assert all(border is not None for border in borders)


def test_the_contents_lead_to_every_page_without_a_key_being_pressed():
    document = docx.Document(io.BytesIO(render_docx(LONG)))
    body = document.element.body
    marks = [mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))]
    assert len(marks) == len(set(marks))
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", mark) for mark in marks)
    entries = [p for p in document.paragraphs if p.style and p.style.name == "toc 1"]
    assert [p.hyperlinks[0].text for p in entries] == [page.title for page in LONG.pages]
    assert {p.hyperlinks[0].fragment for p in entries} <= set(marks)
    links = {link.get(qn("w:anchor")) for link in body.iter(qn("w:hyperlink"))}
    assert links <= set(marks)
    kinds = [c.get(qn("w:fldCharType")) for c in body.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]


def test_a_short_report_has_no_contents_and_a_long_one_begins_on_a_new_sheet(document):
    assert styled(document, "TOC Heading") == []
    long = docx.Document(io.BytesIO(render_docx(LONG)))
    starts = [p for p in long.paragraphs if p.style and p.style.name == "Heading 1"]
    breaks = [p._p.find(f".//{qn('w:pageBreakBefore')}") is not None for p in starts]
    assert breaks == [True] + [False] * (len(LONG.pages) - 1)


def test_the_stamp_and_the_number_of_the_sheet_stand_at_the_foot_of_every_sheet(document):
    for section in document.sections:
        assert [p.text for p in section.footer.paragraphs] == [
            given.STAMP,
            "Wellbeing in Anytown\tPage 1 of 1",
        ]
        codes = [c.text for c in section.footer._element.iter(qn("w:instrText"))]
        assert codes == [" PAGE ", " NUMPAGES "]
        assert (section.page_width.mm, section.page_height.mm) == pytest.approx((210, 297), abs=0.1)


def test_a_report_without_a_stamp_has_none(document):
    plain = docx.Document(io.BytesIO(render_docx(given.report(stamp="", synthetic=False))))
    assert styled(plain, "Stamp") == []
    assert len(plain.sections[0].footer.paragraphs) == 1
    assert plain.core_properties.title == "Wellbeing in Anytown"
    assert "(synthetic)" not in "".join(p.text for p in plain.paragraphs)
    assert styled(document, "Caption") == [given.table().caption + " (synthetic)"]


def test_a_cell_is_printed_as_on_the_page(document):
    (table,) = document.tables
    found = [[cell.text for cell in row.cells] for row in table.rows]
    assert found == [
        ["Kind", "Number"],
        *([shown(cell) for cell in row] for row in given.table().rows),
    ]


def test_a_masked_number_is_nowhere_in_the_file(content):
    for name, part in parts(content).items():
        assert b">777<" not in part, name
    assert b">*<" in parts(content)["word/document.xml"]


def test_the_heading_row_of_a_table_repeats_and_no_row_is_split(document):
    (table,) = document.tables
    heads = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for row in table.rows]
    assert [head is not None for head in heads] == [True] + [False] * len(given.VALUES)
    splits = [row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") for row in table.rows]
    assert None not in splits


def test_names_of_rows_are_told_from_numbers_which_are_set_right(document):
    (table,) = document.tables
    kinds = [[c.paragraphs[0].style.name for c in row.cells] for row in table.rows]
    assert kinds[0] == ["Table heading", "Table heading number"]
    assert kinds[1] == ["Table row head", "Table number"]
    aligned = document.styles["Table number"].element.find(f".//{qn('w:jc')}")
    assert aligned.get(qn("w:val")) == "right"


def test_the_caption_stands_above_its_table(document):
    table = next(document.element.body.iter(qn("w:tbl")))
    before = table.getprevious()
    assert before.find(f".//{qn('w:pStyle')}").get(qn("w:val")) == "Caption"


def test_every_picture_is_described_and_has_an_id_of_its_own(document):
    held = list(document.element.body.iter(qn("wp:docPr")))
    assert [(d.get("title"), d.get("descr")) for d in held] == [
        (f"Title of {key}", f"What {key} shows, in words.")
        for key in ("left", "right", "third", "alone")
    ]
    assert len({d.get("id") for d in held}) == len(held)


def test_pictures_side_by_side_are_told_apart_in_words(document):
    titles = styled(document, "Figure title")
    assert titles == [
        "Left: Title of left (synthetic)",
        "Right: Title of right (synthetic)",
        "Title of third (synthetic)",
        "Title of alone (synthetic)",
    ]
    widths = [s.width for s in document.inline_shapes]
    assert widths[0] + widths[1] < ROOM * 635


def test_a_figure_whose_table_is_folded_away_has_no_dead_link(document):
    notes = styled(document, "Figure note")
    assert notes[-1] == "How to read alone. "
    assert notes[-2] == "How to read third. Table with these figures"


def test_what_is_folded_is_named_with_the_file_that_holds_it(document):
    assert styled(document, "Further figures") == ["All of it: in tables/all.csv."]
    assert styled(document, "Note")[:2] == ["A note on this table.", "* is left out."]


def test_terms_stand_out_by_a_style(document):
    first = next(p for p in document.paragraphs if p.style.name == "List Bullet")
    assert [(run.text, run.style.name) for run in first.runs] == [
        ("Term: ", "Strong"),
        ("explained.", "Default Paragraph Font"),
    ]


def test_words_that_name_a_page_lead_to_it_and_others_stay_words():
    links = (("Further", "more"), ("nowhere", "no-page"), ("On one page", "answer"))
    item = Item(term="Mean: ", text="See Further, nowhere and On one page.", links=links)
    made = docx.Document(io.BytesIO(render_docx(given.report(ListBlock(items=(item,))))))
    (entry,) = (p for p in made.paragraphs if p.style and p.style.name == "List Bullet")
    assert entry.text == "Mean: See Further, nowhere and On one page."
    marks = {
        p.text: p._p.find(qn("w:bookmarkStart")).get(qn("w:name"))
        for p in made.paragraphs
        if p.style and p.style.name == "Heading 1"
    }
    assert [(h.text, h.fragment) for h in entry.hyperlinks] == [
        (title, marks[title]) for title in ("Further", "On one page")
    ]


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_only_words(words):
    table = given.table(
        caption=words, rows=((Cell(value=words), Cell(value=words)),), footnotes=(words,)
    )
    figure = replace(given.figure(words), title=words, description=words, caption=words)
    held = (
        Paragraph(text=words),
        Callout(title=words, paragraphs=(words,)),
        ListBlock(items=(Item(term=words, text=words),)),
        figure,
        table,
    )
    made = render_docx(
        given.report(*held, title=words, subtitle=words, stamp=words, software=words)
    )
    document = docx.Document(io.BytesIO(made))
    kept = re.sub("[\x00-\x08\x1b\ud800\ufffe]", "\ufffd", words)
    assert styled(document, "Body")[0] == kept
    assert document.tables[0].rows[1].cells[0].text == kept
    assert len(document.tables) == 1


def test_a_table_never_grows_beyond_the_sheet_and_shrinks_its_type_before_it_breaks_a_word():
    titles = ["Group", *(f"Measurement number {i}" for i in range(14))]
    heads = tuple(ColumnHead(title=t, numeric=i > 0) for i, t in enumerate(titles))
    cell = Cell(value=123456.75, format=Format.NUMBER, decimals=2)
    row = (Cell(value="Link worker programme"), *([cell] * 14))
    endings = {}
    for columns in (4, 9, 15):
        wide = given.table(columns=heads[:columns], rows=(row[:columns],) * 3)
        words = [[shown(c) for c in cells] for cells in wide.rows]
        endings[columns], widths = fitted(wide, words)
        assert sum(widths) <= ROOM
        assert min(widths) > 0
    assert endings[4] == ""
    assert endings[15] == "Smaller"


def test_a_table_without_rows_is_its_headings():
    made = render_docx(given.report(given.table(rows=(), footnotes=())))
    (table,) = docx.Document(io.BytesIO(made)).tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["Kind", "Number"]]
