"""Notes of several results on one page, each told where it is told first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from splw_eval.report.blocks import (
    Block,
    Callout,
    Fold,
    Item,
    ListBlock,
    Page,
    Paragraph,
    Plain,
    Section,
)


def said_once(page: Page) -> Page:
    """Return a page without what a fold would tell again; a fold left with nothing goes.

    Parameters
    ----------
    page : Page

    Returns
    -------
    Page
        Words outside folds, tables and figures are left as they are.
    """
    said: set[str] = set()
    sections = tuple(
        replace(section, blocks=tuple(_left(section, said))) for section in page.sections
    )
    return replace(page, sections=sections)


def _left(section: Section, said: set[str]) -> Iterator[Block]:
    for block in section.blocks:
        if not isinstance(block, Fold):
            said.update(_words(block))
            yield block
            continue
        inside = tuple(kept for inner in block.blocks for kept in _new(inner, said))
        if inside:
            yield replace(block, blocks=inside)


def _new(block: Plain, said: set[str]) -> tuple[Plain, ...]:
    """Return a block of a fold without what was told before; nothing where none is left."""
    if isinstance(block, Paragraph) and block.text in said:
        return ()
    if not isinstance(block, ListBlock):
        said.update(_words(block))
        return (block,)
    items = tuple(item for item in block.items if _whole(item) not in said)
    said.update(_words(block))
    return (replace(block, items=items),) if items else ()


def _words(block: Block) -> Iterator[str]:
    """Yield the sentences of a block as a note would say them."""
    if isinstance(block, Paragraph):
        yield block.text
    elif isinstance(block, Callout):
        yield from block.paragraphs
    elif isinstance(block, ListBlock):
        yield from map(_whole, block.items)


def _whole(item: Item) -> str:
    return f"{item.term}{item.text}"
