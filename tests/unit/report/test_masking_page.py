"""The page of what is not shown, and why."""

from __future__ import annotations

from dataclasses import replace

from splw_eval.core.masking_rows import EVERY_COLUMN, EVERY_TABLE, IdentifiabilityRow, MaskingRow
from splw_eval.report.blocks import Fold, Paragraph, ReportTable
from splw_eval.report.contents import PAGES
from splw_eval.report.evidence import gather
from splw_eval.report.pages import masking
from tests.reports.given import PROVENANCE, plan, results

ROWS = (
    MaskingRow(result=EVERY_TABLE, column=EVERY_COLUMN, why="too few people", cells=12),
    MaskingRow(result="Who came", column=EVERY_COLUMN, why="too few people", cells=12),
    MaskingRow(result="Who came", column="People", why="too few people", cells=12),
)
TOLD = IdentifiabilityRow(
    columns="All of them together", people=100, in_small=10, in_large=90, share_small=0.1,
    smallest="one person alone",
)  # fmt: skip


def page(*, log=ROWS, told=(TOLD,)):
    made = plan()
    held = dict(results(made))
    held["masking"] = replace(held["masking"], rows=log)
    held["identifiability"] = replace(held["identifiability"], rows=told)
    return masking.page(gather(made, held, PROVENANCE))


def test_the_reasons_stand_first_and_the_tables_folded():
    first = page().sections[0]
    table = next(b for b in first.blocks if isinstance(b, ReportTable))
    assert [[cell.value for cell in row] for row in table.rows] == [["Too few people", 12]]
    (fold,) = (b for b in first.blocks if isinstance(b, Fold))
    (inner,) = fold.blocks
    assert isinstance(inner, ReportTable)
    assert [[cell.value for cell in row] for row in inner.rows] == [
        ["Who came", "Too few people", 12]
    ]


def test_where_nothing_is_hidden_the_page_says_so():
    (block,) = page(log=()).sections[0].blocks
    assert block == Paragraph(text=masking.NOTHING, lead=True)


def test_what_the_files_tell_begins_with_what_to_do():
    section = page().sections[1]
    assert section.blocks[0].lead
    assert "people who can be recognised" in section.blocks[0].text


def test_without_such_columns_the_page_says_why():
    assert page(told=()).sections[1].title == "Why there is nothing to show"


def test_the_page_is_in_the_report_of_the_evaluator():
    assert masking.page in PAGES
