"""The Word document and the workbook of real evaluations say what the description says."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from splw_eval.evaluate import evaluate_study
from splw_eval.report.archive import legible
from splw_eval.report.blocks import Cell, Figure, FigureGroup, Fold, ReportTable
from splw_eval.report.contents import describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.numbers import shown
from splw_eval.report.word import render_docx
from splw_eval.report.workbook import render_xlsx
from tests.reports import synthetic

ANALYSES = Path(__file__).parents[2] / "analyses"
HEADING = 4  # row of the headings on a sheet


def described(study):
    found = evaluate_study(study)
    return describe_report(gather(found.plan, found.results, found.provenance))


@pytest.fixture(scope="module", params=["every table", "beat_the_blues"])
def report(request):
    if request.param == "every table":
        return described(synthetic.study_of_items(300))
    return described(ANALYSES / request.param / "study.toml")


@pytest.fixture(scope="module")
def word(report):
    return render_docx(report)


@pytest.fixture(scope="module")
def document(word):
    return docx.Document(io.BytesIO(word))


@pytest.fixture(scope="module")
def workbook(report):
    return render_xlsx(report)


def blocks_of(report):
    return [b for page in report.pages for section in page.sections for b in section.blocks]


def tables_in(blocks, *, folded: bool):
    for block in blocks:
        if isinstance(block, ReportTable):
            yield block
        elif isinstance(block, Fold) and folded:
            yield from tables_in(block.blocks, folded=True)


def printed(cell: Cell) -> str:
    """What a spreadsheet holds where it holds the very number that the page prints."""
    words = shown(cell)
    if cell.masked or cell.value is None or isinstance(cell.value, str):
        return words
    plain = words.replace(",", "").replace("−", "-")
    try:
        if plain.endswith("%"):
            return f"{float(plain.removesuffix('%')) / 100!r}"
        return f"{float(plain)!r}"
    except ValueError:
        return words


def test_every_cell_of_the_document_is_the_cell_of_the_description(report, document):
    tables = list(tables_in(blocks_of(report), folded=False))
    assert len(tables) > 20
    assert len(document.tables) == len(tables)
    for held, table in zip(document.tables, tables, strict=True):
        found = [
            ["".join(t.text or "" for t in cell.iter(qn("w:t"))) for cell in row.iter(qn("w:tc"))]
            for row in held._tbl.iter(qn("w:tr"))
        ]
        assert found == [
            [column.title for column in table.columns],
            *([shown(cell) for cell in row] for row in table.rows),
        ], table.id


def test_every_cell_of_the_workbook_is_the_number_that_the_page_prints(report, workbook):
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    tables = list(tables_in(blocks_of(report), folded=True))
    assert len(book.worksheets) == len(tables) + 1
    for page, table in zip(book.worksheets[1:], tables, strict=True):
        titles = [cell.value for cell in page[HEADING]][: len(table.columns)]
        assert titles == [column.title for column in table.columns], table.id
        for offset, row in enumerate(table.rows, HEADING + 1):
            for column, cell in enumerate(row, 1):
                found = page.cell(offset, column)
                if found.data_type == "n":
                    assert f"{float(found.value)!r}" == printed(cell), (table.id, offset)
                else:
                    assert found.data_type == "s"
                    assert found.value == legible(printed(cell)), (table.id, offset)


def test_no_cell_of_the_workbook_runs(workbook):
    with zipfile.ZipFile(io.BytesIO(workbook)) as file:
        for name in file.namelist():
            assert b"<f>" not in file.read(name), name


def test_there_are_masked_cells_to_speak_of(report):
    cells = [c for t in tables_in(blocks_of(report), folded=True) for r in t.rows for c in r]
    exact = report.stamp.endswith("name nobody")
    assert any(cell.masked for cell in cells) is not exact
    assert all(cell.value is None for cell in cells if cell.masked)


def test_every_drawing_of_the_document_is_described(report, document):
    figures = []
    for block in blocks_of(report):
        figures += [block] if isinstance(block, Figure) else []
        figures += block.figures if isinstance(block, FigureGroup) else ()
    held = list(document.element.body.iter(qn("wp:docPr")))
    assert [d.get("descr") for d in held] == [legible(f.description) for f in figures]
    assert all(d.get("descr") and d.get("title") for d in held)
    assert len({d.get("id") for d in held}) == len(held)


def test_the_headings_of_the_document_are_pages_and_sections_in_order(report, document):
    found = [
        (p.style.name, p.text)
        for p in document.paragraphs
        if p.style.name in ("Heading 1", "Heading 2")
    ]
    expected = []
    for page in report.pages:
        expected.append(("Heading 1", page.title))
        expected += [("Heading 2", section.title) for section in page.sections]
    assert found == expected


def test_the_heading_row_of_every_table_of_the_document_repeats(document):
    for table in document.tables:
        rows = list(table._tbl.iter(qn("w:tr")))
        heads = [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows]
        assert heads == [True] + [False] * (len(rows) - 1)


def test_every_table_of_the_document_fits_between_its_margins(document):
    section = document.sections[0]
    room = section.page_width - section.left_margin - section.right_margin
    for table in document.tables:
        assert sum(column.width for column in table.columns) <= room


def test_both_give_the_same_bytes_again(report, word, workbook):
    assert render_docx(report) == word
    assert render_xlsx(report) == workbook


def test_every_word_of_the_pages_stands_in_the_document(report, document):
    text = "\n".join(p.text for p in document.paragraphs)
    for page in report.pages:
        for note in page.foot:
            assert note in text
    folds = [b for b in blocks_of(report) if isinstance(b, Fold)]
    assert folds
    assert all(f"{fold.title}: in {fold.file}." in text for fold in folds)
    assert report.stamp in text
