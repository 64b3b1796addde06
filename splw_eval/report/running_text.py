"""The running text of a report, as somebody reads it aloud; tables and drawings left out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from splw_eval.report.blocks import (
    Block,
    Callout,
    Figure,
    FigureGroup,
    Fold,
    KeyFigures,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
)


def running_text(pages: Iterable[Page], *, headings: bool = False) -> tuple[str, ...]:
    """Return all sentences of some pages, a string for each block of text.

    Parameters
    ----------
    pages : iterable of Page
    headings : bool
        Whether to give titles and the words of tables as well.

    Returns
    -------
    tuple of str
        In reading order. What a drawing says stands in its description and not here.
    """
    found: list[str] = []
    for page in pages:
        found += [page.title] if headings else []
        for section in page.sections:
            found += [section.title] if headings else []
            for block in section.blocks:
                found += _of(block, headings)
        found += page.foot
    return tuple(words for words in found if words)


def _of(block: Block, headings: bool) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Callout):
        yield from ((block.title,) if headings else ())
        yield from block.paragraphs
    elif isinstance(block, ListBlock):
        yield from (f"{item.term}{item.text}" for item in block.items)
    elif isinstance(block, KeyFigures):
        for key in block.figures:
            yield from ((key.label,) if headings else ())
            yield f"{key.figure} {key.meaning}"
            yield from key.details
    elif isinstance(block, Fold):
        yield from ((block.title,) if headings else ())
        for inner in block.blocks:
            yield from _of(inner, headings)
    else:
        yield from _shown(block, headings)


def _shown(block: ReportTable | Figure | FigureGroup, headings: bool) -> Iterator[str]:
    """Yield what stands beside tables and drawings, and their words where titles are asked for."""
    if isinstance(block, FigureGroup):
        for figure in block.figures:
            yield from _shown(figure, headings)
    elif isinstance(block, Figure):
        yield from ((block.title,) if headings else ())
        yield block.caption
    else:
        if headings:
            yield block.caption
            yield from (column.title for column in block.columns)
            yield from (c.value for row in block.rows for c in row if isinstance(c.value, str))
        yield from block.footnotes
