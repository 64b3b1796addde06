"""The description of a report as plain data for the sheets of a PDF."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from math import ceil
from typing import Any

from splw_eval.report.blocks import (
    Block,
    Callout,
    Figure,
    FigureGroup,
    Fold,
    Item,
    KeyFigures,
    ListBlock,
    Page,
    Paragraph,
    Report,
    ReportTable,
)
from splw_eval.report.parts import grouped
from splw_eval.report.pdf.printable import breakable, printable, width
from splw_eval.report.pdf.sheet_columns import SHEET, on_sheet, parts

CONTENTS_FROM = 6  # pages: in a shorter report everything is found at a glance
STAMP_SIZE = 8.0  # points
STAMP_ROOM = SHEET - 100  # points: the number of the sheet stands beside it
TEXT_ROOM = 220.0  # points that a word may take before it gets places to break
TEXT_SIZE = 10.5
BOX_ROOM = 130.0  # points within the box of a key figure
FIGURE_SIZE = 15.0
PAGE, TABLE = "page-", "table-"  # what an anchor names
UNTITLED = "Report"
TIGHT = "commissioner"  # reader whose first sheet holds the whole answer
LONG = 1200  # characters: a longer box may run over to the next sheet

Plain = dict[str, Any]


def sheets(report: Report) -> Plain:
    """Return what report.typ sets, every word fit for print.

    Parameters
    ----------
    report : Report

    Returns
    -------
    dict
        Text, numbers, lists and dictionaries only.
    """
    anchors = Counter(_anchors(report.pages))
    linked = {anchor for anchor, times in anchors.items() if times == 1}
    stamp = _words(report.stamp)
    title = printable(report.title).strip() or UNTITLED
    return {
        "title": _words(title),
        "document": ("Synthetic: " if report.synthetic else "") + title,
        "subtitle": _words(report.subtitle),
        "stamp": stamp,
        "stamp_lines": ceil(1.1 * width(stamp, STAMP_SIZE, bold=True) / STAMP_ROOM) or 1,
        "synthetic": report.synthetic,
        "tight": report.reader == TIGHT,
        "language": report.language.partition("-")[::2],
        "software": _words(report.software),
        "contents": len(report.pages) >= CONTENTS_FROM,
        "parts": _parts(report.pages, linked),
        "pages": [_page(page, linked) for page in report.pages],
    }


def _parts(pages: Iterable[Page], linked: set[str]) -> list[Plain]:
    """Return the headings of the contents, each with its first and last page; none without them."""
    held = grouped(pages)
    ends = [
        (_anchor(PAGE, p.pages[0].id, linked), _anchor(PAGE, p.pages[-1].id, linked)) for p in held
    ]
    named = all(part.title and page.title.strip() for part in held for page in part.pages)
    if not named or any(None in pair for pair in ends):
        return []
    return [
        {"title": _words(part.title), "first": first, "last": last}
        for part, (first, last) in zip(held, ends, strict=True)
    ]


def _anchors(pages: Iterable[Page]) -> Iterator[str]:
    """Yield the places that a link may lead to: pages, and tables outside folds."""
    for page in pages:
        yield PAGE + page.id
        for section in page.sections:
            yield from (TABLE + b.id for b in section.blocks if isinstance(b, ReportTable))


def _page(page: Page, linked: set[str]) -> Plain:
    sections = [
        {"title": _words(s.title), "blocks": [_block(b, linked) for b in s.blocks]}
        for s in page.sections
    ]
    return {
        "id": _anchor(PAGE, page.id, linked),
        "title": _words(page.title),
        "sections": sections,
        "foot": _all(page.foot),
    }


def _block(block: Block, linked: set[str]) -> Plain:
    """Return one block with the name of its kind."""
    kind = {"kind": type(block).__name__}
    match block:
        case ReportTable():
            return kind | _table(block, linked)
        case Figure():
            return kind | _figure(block, linked)
        case FigureGroup():
            return kind | {"figures": [_figure(f, linked) for f in block.figures]}
        case Fold():
            return kind | {"title": _words(block.title), "file": _words(block.file)}
        case _:
            return kind | _text(block, linked)


def _text(block: Paragraph | Callout | ListBlock | KeyFigures, linked: set[str]) -> Plain:
    match block:
        case Paragraph():
            return {"text": _words(block.text), "lead": block.lead}
        case Callout():
            words = _all(block.paragraphs)
            return {"title": _words(block.title), "paragraphs": words, "long": _long(words)}
        case ListBlock():
            items = [{"term": _words(i.term), "runs": _runs(i, linked)} for i in block.items]
            return {"items": items}
        case KeyFigures():
            return _key_figures(block)


def _runs(item: Item, linked: set[str]) -> list[tuple[str, str | None]]:
    """Return the words of an entry in runs, each with the page that it leads to."""
    rest, runs = item.text, list[tuple[str, str | None]]()
    for words, page in reversed(item.links):
        before, held, after = rest.rpartition(words)
        if held:
            rest = before
            runs += [(_words(after), None), (_words(words), _anchor(PAGE, page, linked))]
    return [(_words(rest), None), *reversed(runs)]


def _anchor(kind: str, name: str, linked: set[str]) -> str | None:
    return kind + name if kind + name in linked else None


def _key_figures(block: KeyFigures) -> Plain:
    figures = [
        {
            "label": breakable(printable(key.label), BOX_ROOM, TEXT_SIZE, bold=True),
            "figure": breakable(printable(key.figure), BOX_ROOM, FIGURE_SIZE, bold=True),
            "meaning": _words(key.meaning),
            "details": _all(key.details),
        }
        for key in block.figures
    ]
    words = [w for key in block.figures for w in (key.label, key.figure, key.meaning, *key.details)]
    return {"figures": figures, "long": _long(words)}


def _figure(block: Figure, linked: set[str]) -> Plain:
    return {
        "svg": block.svg,
        "title": _words(block.title),
        "alt": printable(f"{block.title.rstrip('.')}. {block.description}"),
        "caption": _words(block.caption),
        "table_id": _anchor(TABLE, block.table_id, linked),
    }


def _table(block: ReportTable, linked: set[str]) -> Plain:
    pieces = parts(block)
    return {
        "id": _anchor(TABLE, block.id, linked),
        "parts": [_part(piece, i, len(pieces)) for i, piece in enumerate(pieces, start=1)],
        "footnotes": _all(block.footnotes),
    }


def _part(piece: ReportTable, number: int, of: int) -> Plain:
    """Return the whole of a table, or one part of a table too wide for a sheet."""
    laid = on_sheet(piece)
    return {
        "caption": _words(piece.caption) + (f", part {number} of {of}" if of > 1 else ""),
        "heads": laid.heads,
        "numeric": [column.numeric for column in piece.columns],
        "row_heads": piece.row_heads,
        "rows": laid.rows,
        "size": laid.size,
        "widths": laid.widths,
        "bold": laid.bold,
        "together": laid.together,
        "tall": laid.tall,
    }


def _words(words: str) -> str:
    return breakable(printable(words), TEXT_ROOM, TEXT_SIZE)


def _all(texts: Iterable[str]) -> list[str]:
    return [_words(words) for words in texts]


def _long(texts: Iterable[str]) -> bool:
    return sum(map(len, texts)) > LONG
