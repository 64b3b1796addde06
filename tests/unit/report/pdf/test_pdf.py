"""The PDF of a report: tags, standards, words as data, and nothing cut off."""

from __future__ import annotations

import time
from typing import Any

import pikepdf
import pytest

from splw_eval.core.errors import OutputError
from splw_eval.report.blocks import (
    Block,
    Callout,
    Cell,
    ColumnHead,
    Figure,
    FigureGroup,
    Fold,
    Format,
    Item,
    KeyFigure,
    KeyFigures,
    ListBlock,
    Page,
    Paragraph,
    Report,
    ReportTable,
    Section,
)
from splw_eval.report.pdf import render_pdf
from tests.reports.reading_pdf import opened, places, sheets, tables, tags

SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 288 {height}">{inside}</svg>'
LINE = '<path d="M 0 0 L 288 100" stroke="#000000"></path>'
STAMP = "Synthetic data: these people do not exist"
A4 = (595.28, 841.89)  # points
EDGE = 28  # points: nothing stands nearer to the edge of a sheet


def table(rows: list[list[Any]], **changes: Any) -> ReportTable:
    cells = tuple(tuple(c if isinstance(c, Cell) else Cell(value=c) for c in r) for r in rows)
    heads = tuple(ColumnHead(title=f"Column {i}") for i in range(len(rows[0])))
    plain = {"id": "one-table", "caption": "What was counted", "columns": heads, "rows": cells}
    return ReportTable(**(plain | changes))


def figure(**changes: Any) -> Figure:
    plain = {
        "id": "one",
        "svg": SVG.format(height=200, inside=LINE),
        "title": "How scores moved",
        "description": "Scores rose from 1 to 2.",
        "caption": "A line is a mean.",
        "table_id": "one-table",
    }
    return Figure(**(plain | changes))


def report(*blocks: Block, pages: tuple[Page, ...] | None = None, **changes: Any) -> Report:
    only = Page(
        id="p",
        title="The answer",
        sections=(Section(id="s", title="How sure", blocks=blocks),),
        foot=("* stands for a figure that is left out.",),
    )
    plain: dict[str, Any] = {
        "title": "Wellbeing in Anytown",
        "subtitle": "People before and after",
        "stamp": STAMP,
        "synthetic": True,
        "software": "splw-eval 0.1.0",
        "pages": (only,) if pages is None else pages,
    }
    return Report(**(plain | changes))


EVERY_BLOCK: tuple[Block, ...] = (
    Paragraph(text="Scores rose.", lead=True),
    Callout(title="Take care", paragraphs=("Few people.",)),
    ListBlock(items=(Item(text="see The answer.", term="More: ", links=(("The answer", "p"),)),)),
    KeyFigures(
        figures=(KeyFigure(label="All", figure="+2.0 points", meaning="mean", details=("of 8",)),)
    ),
    figure(),
    FigureGroup(figures=(figure(id="two", title="Left"), figure(id="three", title="Right"))),
    table([["All", "1,234"]], footnotes=("Counted in May.",)),
    Fold(title="The rest", file="tables/rest.csv", blocks=(Paragraph(text="Kept back"),)),
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(report(*EVERY_BLOCK))


def test_the_file_is_marked_has_a_language_and_shows_its_title(pdf: bytes):
    with opened(pdf) as held:
        assert held.Root.MarkInfo.Marked
        assert str(held.Root.Lang) == "en-GB"
        assert held.Root.ViewerPreferences.DisplayDocTitle
        assert str(held.docinfo.Title) == "Synthetic: Wellbeing in Anytown"


def test_the_file_claims_both_standards_and_names_its_title(pdf: bytes):
    with opened(pdf) as held, held.open_metadata() as words:
        assert words["pdfuaid:part"] == "1"
        assert (words["pdfaid:part"], words["pdfaid:conformance"]) == ("2", "A")
        assert words["dc:title"] == "Synthetic: Wellbeing in Anytown"


def test_headings_stand_in_order(pdf: bytes):
    found = [(tag.kind, tag.text) for tag in tags(pdf).all("H1", "H2", "H3", "H4")]
    assert found == [
        ("H1", "Wellbeing in Anytown"),
        ("H2", "The answer"),
        ("H3", "How sure"),
    ]


def test_headings_of_columns_and_of_rows_are_told_from_cells(pdf: bytes):
    (found,) = tags(pdf).all("Table")
    cells = [(c.kind, c.scope, c.text) for c in found.all("TH", "TD")]
    assert cells == [
        ("TH", "Column", "Column 0"),
        ("TH", "Column", "Column 1"),
        ("TH", "Row", "All"),
        ("TD", "", "1,234"),
    ]
    assert next(found.all("Caption")).text == "What was counted (synthetic)"


def test_two_columns_that_name_the_row_are_both_headings_and_a_row_without_names_has_none():
    rows = [["Link workers", "3 months", "12"]]
    for heads, kinds in ((0, "TD TD TD"), (2, "TH TH TD")):
        (found,) = tags(render_pdf(report(table(rows, row_heads=heads)))).all("TBody")
        assert " ".join(c.kind for c in found.all("TH", "TD")) == kinds


def test_no_cell_names_headings_of_its_own_so_that_scope_decides(pdf: bytes):
    with opened(pdf) as held:
        cells: list[Any] = [o for o in held.objects if isinstance(o, pikepdf.Dictionary)]
        named = [a for o in cells if o.get("/S") == "/TD" for a in o.get("/A", [])]
    assert not any("/Headers" in attributes for attributes in named)


def test_every_figure_says_its_title_and_what_it_shows(pdf: bytes):
    alts = [tag.alt for tag in tags(pdf).all("Figure")]
    ends = "Scores rose from 1 to 2."
    assert alts == [f"How scores moved. {ends}", f"Left. {ends}", f"Right. {ends}"]


def test_a_figure_leads_to_its_table_unless_that_is_not_printed(pdf: bytes):
    number = next(i for i, words in enumerate(sheets(pdf), start=1) if "1,234" in words)
    assert f"Table with these figures: page {number}" in "".join(sheets(pdf))
    alone = render_pdf(report(figure(table_id="elsewhere")))
    assert "Table with these figures" not in "".join(sheets(alone))


def test_a_closed_part_says_what_is_in_it_and_where(pdf: bytes):
    words = "".join(sheets(pdf))
    assert "More, not printed here: The rest (tables/rest.csv)." in words
    assert "Kept back" not in words


def test_words_that_name_a_page_lead_to_it(pdf: bytes):
    assert "The answer" in [tag.text for tag in tags(pdf).all("Link")]


def test_the_same_report_gives_the_same_bytes_on_another_day(
    pdf: bytes, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1900000000")
    assert render_pdf(report(*EVERY_BLOCK)) == pdf


def test_every_sheet_has_the_stamp_and_its_number():
    long = tuple(Paragraph(text="Some words to fill a line or two with. " * 9) for _ in range(60))
    found = sheets(render_pdf(report(*long)))
    assert len(found) > 3
    for number, words in enumerate(found, start=1):
        assert f"{STAMP}Page {number} of {len(found)}" in words


def test_a_long_stamp_is_printed_whole_and_clear_of_the_text():
    reason = "Exact counts are shown, because " + "the data are public and name nobody; " * 8
    made = render_pdf(report(*[Paragraph(text="Words. " * 90)] * 20, stamp=reason))
    assert all(reason.strip() in words for words in sheets(made))
    assert all(EDGE < y < A4[1] - EDGE for _, y in places(made))


def test_a_long_report_has_a_list_of_contents_and_a_short_one_none():
    def many(count: int) -> Report:
        sections = (Section(id="s", title="Part", blocks=(Paragraph(text="Words."),)),)
        return report(
            pages=tuple(
                Page(id=f"p{i}", title=f"Page {i}", sections=sections) for i in range(count)
            )
        )

    assert [tag.text for tag in tags(render_pdf(many(7))).all("H2")][1] == "Contents"
    assert len(list(tags(render_pdf(many(7))).all("TOCI"))) == 7
    assert not list(tags(render_pdf(many(4))).all("TOCI"))


def test_the_outline_holds_pages_and_sections(pdf: bytes):
    with opened(pdf) as held, held.open_outline() as outline:
        assert [(p.title, [s.title for s in p.children]) for p in outline.root] == [
            ("The answer", ["How sure"])
        ]


HOSTILE = [
    "#emph[x]",
    "$x$ *b* _i_ `c`",
    "<script>alert(1)</script>",
    "=1+1",
    "= heading",
    '"); #panic("',
    "\\u{41} // not a comment",
    "@preview/cetz:0.1.0",
    "Llŷn, tŵr, ẁ",
    "مرحبا",
]


def test_words_of_a_cell_are_never_read_as_typst():
    rows = [[words, words] for words in HOSTILE]
    (found,) = tables(render_pdf(report(table(rows), *[Paragraph(text=w) for w in HOSTILE])))
    assert [row[0] for row in found[1:-1]] == HOSTILE[:-1]
    assert sorted(found[-1][0]) == sorted(HOSTILE[-1])  # it runs from right to left


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        ("中文", "\ufffd\ufffd"),
        ("\ue000", "\ufffd"),
        ("\ud800", "\ufffd"),
        ("a\x00b\x07c", "abc"),
        ("\u202eright\u202c way", "right way"),
        ("\U0010ffff", "\ufffd"),
        ("one\ttab", "one tab"),
    ],
)
def test_a_character_that_cannot_be_printed_becomes_a_sign_and_stops_nothing(
    words: str, printed: str
):
    (found,) = tables(render_pdf(report(table([["row", words]]), title=words or "-")))
    assert found[1][1] == printed


def test_a_masked_cell_never_holds_its_number():
    hidden = Cell(value=7654321, format=Format.WHOLE, masked=True)
    made = render_pdf(report(table([["All", hidden]])))
    assert tables(made)[0][1] == ["All", "*"]
    assert b"7654321" not in made
    assert "7,654,321" not in "".join(sheets(made))


def test_a_wide_table_is_set_in_parts_that_each_name_their_rows():
    heads = tuple(ColumnHead(title=f"Difference {i}", numeric=True) for i in range(24))
    numbers = [[f"row {r}", *(f"{r}{i},000,000" for i in range(23))] for r in range(3)]
    made = render_pdf(report(table(numbers, columns=heads)))
    found = tables(made)
    assert len(found) > 1
    assert all([row[0] for row in part[1:]] == ["row 0", "row 1", "row 2"] for part in found)
    assert [c for part in found for c in part[1][1:]] == numbers[0][1:]
    assert f"part 1 of {len(found)}" in "".join(sheets(made))
    assert all(EDGE < x < A4[0] - EDGE for x, _ in places(made))


@pytest.mark.slow
def test_a_table_of_2000_rows_is_whole_on_its_sheets_and_quick():
    rows = [[f"row {i}", f"{i:,}", f"{i * i:,}"] for i in range(2000)]
    began = time.perf_counter()
    made = render_pdf(report(table(rows)))
    assert time.perf_counter() - began < 20
    (found,) = tables(made)
    assert found[1:] == rows
    assert all(EDGE < y < A4[1] - EDGE for _, y in places(made))
    assert all("Column 0" in words for words in sheets(made))


def test_nothing_runs_off_a_sheet_however_long_it_is():
    long = "word " * 2500
    made = render_pdf(
        report(
            table([["x", long, "y" * 300]], footnotes=(long,)),
            Callout(title="c" * 200, paragraphs=(long,)),
            KeyFigures(
                figures=(KeyFigure(label="l" * 90, figure="9" * 60, meaning=long, details=()),) * 4
            ),
            figure(svg=SVG.format(height=9000, inside=LINE)),
            Paragraph(text="z" * 500),
        )
    )
    assert all(EDGE < x < A4[0] - EDGE and EDGE < y < A4[1] - EDGE for x, y in places(made))


@pytest.mark.parametrize(
    "empty",
    [
        report(),
        report(pages=()),
        report(pages=(Page(id="", title="", sections=()),), title="", subtitle="", stamp=""),
        report(
            Paragraph(text=""),
            ListBlock(items=()),
            Callout(title="", paragraphs=()),
            KeyFigures(figures=()),
            FigureGroup(figures=()),
            ReportTable(id="t", caption="", columns=(ColumnHead(title="a"),), rows=()),
            Fold(title="", file="", blocks=()),
        ),
    ],
)
def test_a_report_with_nothing_in_a_place_is_still_a_report(empty: Report):
    assert len(sheets(render_pdf(empty))) == 1


def test_tables_that_share_an_anchor_stop_nothing():
    made = render_pdf(report(table([["a", "1"]]), table([["b", "2"]]), figure()))
    assert len(tables(made)) == 2


def test_a_drawing_that_cannot_be_read_is_a_fault_with_a_remedy():
    with pytest.raises(OutputError, match="PDF form could not be made") as fault:
        render_pdf(report(figure(svg="<svg")))
    assert "report as html" in fault.value.remedy


def test_a_drawing_can_bring_in_no_file():
    inside = '<image href="/etc/hostname" width="9" height="9"></image>'
    with pytest.raises(OutputError, match="PDF form could not be made"):
        render_pdf(report(figure(svg=SVG.format(height=90, inside=inside))))


def test_the_report_of_a_commissioner_draws_smaller_before_it_takes_a_fifth_sheet():
    drawings = tuple(figure(svg=SVG.format(height=300, inside=LINE)) for _ in range(9))
    as_many = len(sheets(render_pdf(report(*drawings))))
    brief = len(sheets(render_pdf(report(*drawings, reader="commissioner"))))
    assert (as_many, brief) == (5, 4)
