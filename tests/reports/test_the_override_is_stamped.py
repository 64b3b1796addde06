"""Exact counts are shown for a stated reason only, and every sheet of every form says so."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest

from splw_eval.core.errors import PlanError
from splw_eval.evaluate import evaluate_study
from splw_eval.report.write import write_report
from tests.reports.reading import words
from tests.reports.reading_pdf import sheets
from tests.unit.given_study import pre_post_plan
from tests.unit.loading import loaded

REASON = "Made-up people, for a lesson"
STAMP = f"Exact counts shown: {REASON}"
READERS = ("commissioner", "evaluator", "public")
FORMATS = ("html", "pdf", "docx", "xlsx")


def study(folder: Path, **disclosure: str) -> Any:
    """Return six people before and after, two of them lost."""
    scores = [["person", "phq_0", "phq_3"]]
    scores += [[f"p{i}", str(12 + i), str(9 + i) if i > 1 else ""] for i in range(6)]
    return loaded(folder, pre_post_plan(disclosure=disclosure), scores=scores)


@pytest.fixture(scope="module")
def folders(tmp_path_factory) -> dict[str, Path]:
    where = tmp_path_factory.mktemp("stamped")
    found = evaluate_study(study(where, profile="public_data", reason=REASON))
    kept: dict[str, Any] = {"plan": found.plan, "results": found.results}
    for reader in READERS:
        write_report(
            where / reader, **kept, provenance=found.provenance, formats=FORMATS, reader=reader
        )
    return {reader: where / reader for reader in READERS}


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def unescaped(text: str) -> str:
    """Return the words of a string of a style sheet."""
    return re.sub(r"\\([0-9a-fA-F]{1,6}) ?", lambda m: chr(int(m[1], 16)), text)


@pytest.mark.parametrize("reader", READERS)
def test_every_part_of_the_page_says_so(folders, reader):
    page = (folders[reader] / "report.html").read_text(encoding="utf-8")
    parts = page.count('<section class="page')
    assert words(page).count(STAMP) >= max(parts, 1)
    (foot,) = re.findall(r"@bottom-left \{ content: \"(.*?)\";", page)
    assert unescaped(foot) == STAMP


@pytest.mark.parametrize("reader", READERS)
def test_every_sheet_of_the_pdf_says_so(folders, reader):
    held = sheets((folders[reader] / "report.pdf").read_bytes())
    assert held
    assert all(squeezed(STAMP) in squeezed(sheet) for sheet in held)


@pytest.mark.parametrize("reader", READERS)
def test_the_foot_of_every_part_of_the_word_document_says_so(folders, reader):
    held = docx.Document(io.BytesIO((folders[reader] / "report.docx").read_bytes()))
    feet = [part.footer for part in held.sections]
    assert feet
    for foot in feet:
        assert any(STAMP in paragraph.text for paragraph in foot.paragraphs)
    assert not any(part.different_first_page_header_footer for part in held.sections)


@pytest.mark.parametrize("reader", READERS)
def test_every_sheet_of_the_workbook_says_so(folders, reader):
    book = openpyxl.load_workbook(folders[reader] / "report.xlsx")
    for sheet in book:
        cells = [str(cell.value) for row in sheet.iter_rows(max_row=4) for cell in row]
        assert any(STAMP in cell for cell in cells), sheet.title
        assert STAMP in sheet.oddFooter.left.text


def test_nothing_is_then_hidden(folders):
    held = json.loads((folders["evaluator"] / "results.json").read_text(encoding="utf-8"))[
        "results"
    ]
    assert [key for key, one in held.items() if one["masked"]] == []
    assert 2 in [row["missing"] for row in held["flow"]["rows"]]


def test_without_a_reason_there_is_no_override(tmp_path):
    with pytest.raises(PlanError):
        study(tmp_path, profile="public_data")
