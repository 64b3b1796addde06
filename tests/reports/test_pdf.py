"""The PDF of whole reports: what it says is what the description holds."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import pytest

from splw_eval.report.blocks import Figure, FigureGroup, Plain, Report, ReportTable
from splw_eval.report.contents import describe_report
from splw_eval.report.evidence import gather
from splw_eval.report.numbers import shown
from splw_eval.report.pdf import render_pdf
from tests.reports import given
from tests.reports.reading_pdf import places, sheets, tables, tags

A4 = (595.28, 841.89)  # points
EDGE = 28  # points: nothing stands nearer to the edge of a sheet
DESIGNS = ("pre_post", "cluster_trial")


@lru_cache
def report(design: str) -> Report:
    plan = given.plan(design, waves=2, synthetic=True)
    return describe_report(gather(plan, given.results(plan), given.PROVENANCE))


@lru_cache
def pdf(design: str) -> bytes:
    return render_pdf(report(design))


def printed(its: Report) -> Iterator[Plain]:
    """Yield the blocks that stand on paper: those outside folds."""
    for page in its.pages:
        for section in page.sections:
            for block in section.blocks:
                if isinstance(block, FigureGroup):
                    yield from block.figures
                else:
                    yield block  # type: ignore[misc]


@pytest.mark.parametrize("design", DESIGNS)
def test_every_table_prints_each_cell_as_every_other_format_does(design: str):
    wanted = [
        [[column.title for column in block.columns]]
        + [[shown(cell) for cell in row] for row in block.rows]
        for block in printed(report(design))
        if isinstance(block, ReportTable)
    ]
    assert wanted
    assert tables(pdf(design)) == wanted


@pytest.mark.parametrize("design", DESIGNS)
def test_every_figure_has_words_for_who_cannot_see_it(design: str):
    wanted = [b for b in printed(report(design)) if isinstance(b, Figure)]
    found = [tag.alt for tag in tags(pdf(design)).all("Figure")]
    assert wanted
    assert len(found) == len(wanted)
    for alt, figure in zip(found, wanted, strict=True):
        assert alt.startswith(figure.title)
        assert alt.endswith(figure.description)


@pytest.mark.parametrize("design", DESIGNS)
def test_every_page_and_section_is_a_heading_one_level_below_the_one_before(design: str):
    its, levels = report(design), [tag.kind for tag in tags(pdf(design)).all("H1", "H2", "H3")]
    assert levels[0] == "H1"
    assert levels.count("H1") == 1
    assert levels.count("H2") == len(its.pages) + 1  # and the list of contents
    assert levels.count("H3") == sum(len(page.sections) for page in its.pages)


def test_every_sheet_of_made_up_data_says_so():
    assert all(report("pre_post").stamp in words for words in sheets(pdf("pre_post")))


@pytest.mark.parametrize("design", DESIGNS)
def test_no_words_run_off_a_sheet(design: str):
    assert all(EDGE < x < A4[0] - EDGE and EDGE < y < A4[1] - EDGE for x, y in places(pdf(design)))


def test_a_whole_report_is_the_same_each_time():
    assert render_pdf(report("pre_post")) == pdf("pre_post")
