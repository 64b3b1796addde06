"""The tables of a report as a workbook: numbers are numbers, words are words, nothing runs."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest

from splw_eval.report.blocks import Cell, ColumnHead, Format
from splw_eval.report.numbers import shown
from splw_eval.report.workbook import render_xlsx
from splw_eval.report.workbook.cells import MOST, held, number_format
from splw_eval.report.workbook.names import sheets
from tests.unit.report import given_report as given

HEADING = 4  # row of the headings, the first being 1
RUNS = ("=1+1", "+1", "-1+2", "@SUM(A1)", "\t=1", "'=1", "{=1+1}", "http://x.org", "mailto:a@b.c")


def opened(content: bytes):
    return openpyxl.load_workbook(io.BytesIO(content))


@pytest.fixture(scope="module")
def content():
    return render_xlsx(given.report())


@pytest.fixture(scope="module")
def book(content):
    return opened(content)


def test_the_same_report_gives_the_same_bytes(content):
    assert render_xlsx(given.report()) == content
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert {part.date_time for part in file.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_properties_say_what_it_is_and_not_who_made_it(book):
    held = book.properties
    assert held.title == "Synthetic: Wellbeing in Anytown"
    assert not held.creator
    assert not held.lastModifiedBy
    assert held.created.year == 2000


def test_there_is_a_sheet_for_each_table_also_for_a_folded_one(book):
    assert book.sheetnames == [
        "About",
        "T1 SWEMWBS every kind of cell",
        "T2 SWEMWBS every kind of cell",
    ]


def test_the_cover_lists_every_sheet_with_a_link_and_says_how_to_read_it(book):
    page = book["About"]
    words = [cell.value for row in page.iter_rows() for cell in row if cell.value is not None]
    for expected in (
        "Wellbeing in Anytown",
        "Before-and-after study",
        given.STAMP,
        "Counts from 1 to 7 are not shown (*).",
        "On one page",
    ):
        assert expected in words
    assert any(str(word).startswith("* stands for") for word in words)
    assert any(str(word).startswith("– stands for") for word in words)
    links = [c.hyperlink.location for row in page.iter_rows() for c in row if c.hyperlink]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_a_sheet_has_its_stamp_caption_headings_and_notes(book):
    page = book.worksheets[1]
    assert page["A1"].value == given.STAMP
    assert page["A2"].value == given.table().caption + " (synthetic)"
    assert page["A3"].hyperlink.location == "'About'!A1"
    assert [cell.value for cell in page[HEADING]] == ["Kind", "Number"]
    below = [row[0].value for row in page.iter_rows(min_row=HEADING + len(given.VALUES) + 1)]
    assert below[0] is None
    assert below[1] == "A note on this table."
    assert "Counts from 1 to 7 are not shown (*)." in below
    assert below[-1] == "The same figures, for other programs: tables/one.csv."
    assert given.STAMP in page.oddFooter.left.text


def test_the_headings_stay_in_sight_on_screen_and_on_paper_and_can_be_filtered(book):
    page = book.worksheets[1]
    assert page.freeze_panes == "B5"
    assert page.auto_filter.ref == f"A4:B{HEADING + len(given.VALUES)}"
    assert page.print_title_rows == "$4:$4"
    assert (page.page_setup.orientation, page.page_setup.paperSize) == ("landscape", 9)


def test_numbers_are_numbers_with_the_digits_that_the_page_prints(book):
    page = book.worksheets[1]
    found = [page.cell(HEADING + 1 + i, 2) for i in range(len(given.VALUES))]
    assert [(cell.value, cell.data_type) for cell in found] == [
        (1234, "n"),
        (0, "n"),
        (-1234.57, "n"),
        (2.5, "n"),
        (0.28, "n"),
        ("<1%", "s"),
        (">99%", "s"),
        ("–", "s"),
        ("–", "s"),
        ("*", "s"),
    ]
    assert [cell.number_format for cell in found[:5]] == [
        '#,##0;"−"#,##0;#,##0',
        '#,##0.00;"−"#,##0.00;#,##0.00',
        '"+"#,##0.00;"−"#,##0.00;#,##0.00',
        '"+"#,##0.0;"−"#,##0.0;#,##0.0',
        "0%",
    ]


def test_a_masked_number_is_nowhere_in_the_file(content):
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        for name in file.namelist():
            assert b"777" not in file.read(name), name


@pytest.mark.parametrize("words", RUNS)
def test_what_looks_like_a_formula_or_an_address_stays_words(words):
    table = given.table(
        caption=words,
        columns=(ColumnHead(title=words), ColumnHead(title=words, numeric=True)),
        rows=((Cell(value=words), Cell(value=words, format=Format.NUMBER)),),
        footnotes=(words,),
        file=words,
        rules=(words,),
    )
    content = render_xlsx(given.report(table, title=words, subtitle=words, stamp=words))
    for page in opened(content):
        for cell in (cell for row in page.iter_rows() for cell in row):
            assert cell.data_type in ("s", "n")
    page = opened(content).worksheets[1]
    assert [cell.value for cell in page[HEADING + 1]] == [words, words]
    assert [cell.quotePrefix for cell in page[HEADING + 1]] == [words[0] in "=+-@\t'"] * 2
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        parts = [file.read(n) for n in file.namelist() if "worksheets/sheet" in n]
        assert not any(b"<f>" in part for part in parts)
        assert not any("_rels/sheet" in name for name in file.namelist())


@pytest.mark.parametrize(
    "words",
    ["nul\x00 bell\x07 escape\x1b", "lone \ud800 half", "<c>&amp; ]]> \ufffe", "_x0041_", "a\nb"],
)
def test_hostile_words_do_not_break_the_file(words):
    table = given.table(caption=words, rows=((Cell(value=words), Cell(value=1)),))
    book = opened(render_xlsx(given.report(table, title=words, stamp=words, software=words)))
    kept = re.sub("[\x00-\x08\x1b\ud800\ufffe]", "\ufffd", words)
    assert book.worksheets[1].cell(HEADING + 1, 1).value == kept


@pytest.mark.parametrize(
    "caption",
    [
        "",
        "123456",
        "a/b\\c [d]: *e? 'f'",
        "x" * 80,
        "History",
        "\N{GRINNING FACE}" * 40,
        "Wohlbefinden " * 9,
        "\x00\ud800",
    ],
)
def test_the_name_of_a_sheet_is_one_that_a_spreadsheet_takes(caption):
    held = sheets(given.report(*(given.table(f"t{i}", caption=caption) for i in range(12))))
    names = [sheet.name for sheet in held]
    assert len({name.casefold() for name in names}) == 12
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not re.search(r"[\[\]:*?/\\']", name)
        assert not name.isdecimal()
        assert name == name.strip()
    assert opened(render_xlsx(given.report(given.table(caption=caption)))).sheetnames[0] == "About"


def test_a_table_without_rows_and_a_report_without_tables_are_written():
    book = opened(render_xlsx(given.report(given.table(rows=()))))
    assert [cell.value for cell in book.worksheets[1][HEADING]] == ["Kind", "Number"]
    assert book.worksheets[1].auto_filter.ref is None
    from splw_eval.report.blocks import Paragraph

    assert opened(render_xlsx(given.report(Paragraph(text="Words.")))).sheetnames == ["About"]


def test_words_too_long_for_a_cell_say_that_they_are_cut():
    table = given.table(rows=((Cell(value="x" * 40_000), Cell(value=1)),))
    book = opened(render_xlsx(given.report(table)))
    value = book.worksheets[1].cell(HEADING + 1, 1).value
    assert len(value) <= MOST
    assert value.endswith("(cut: the page holds all of it)")


@pytest.mark.parametrize("value", [0.004, -0.0001, 12.34567, -9876.54321, 1e12, 0.5])
@pytest.mark.parametrize("decimals", [0, 1, 3])
@pytest.mark.parametrize("kind", [Format.NUMBER, Format.SIGNED])
def test_a_number_is_that_of_the_page_and_of_the_data_frame(value, decimals, kind):
    cell = Cell(value=value, format=kind, decimals=decimals)
    found = held(cell)
    assert found.value == cell.rounded()
    plain = shown(cell).replace(",", "").replace("−", "-")
    assert found.value == float(plain)
    assert found.number_format == number_format(decimals, kind is Format.SIGNED)


def test_what_is_no_finite_number_stays_words():
    assert held(Cell(value=float("nan"), format=Format.NUMBER)).value == "nan"
    assert held(Cell(value=float("inf"), format=Format.NUMBER, decimals=1)).value == "inf"
