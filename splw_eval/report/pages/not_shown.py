"""One page for all questions that nothing can be shown of, in place of a page for each."""

from __future__ import annotations

from collections.abc import Iterable

from splw_eval.report.blocks import Block, Item, ListBlock, Page, Paragraph, Section

ID, TITLE = "not-shown", "What could not be shown, and why"
ABOUT = (
    "Of these questions the report has no page, as the data or the plan do not hold what the "
    "page needs. Beneath each stands what is lacking."
)
UNSAID = "No reason was given."


def is_empty(page: Page) -> bool:
    """Whether a page would only say why there is nothing to show."""
    return all(section.nothing for section in page.sections)


def page(pages: Iterable[Page]) -> Page | None:
    """Return one page in place of those with nothing to show.

    Parameters
    ----------
    pages : iterable of Page
        All pages of the report, in reading order.

    Returns
    -------
    Page or None
        A section for each empty page, under the empty page's own id, so that what names the page
        still leads somewhere; None where no page is empty.
    """
    sections = tuple(
        Section(id=empty.id, title=empty.title, blocks=_why(empty), nothing=True)
        for empty in pages
        if is_empty(empty)
    )
    if not sections:
        return None
    first, *others = sections
    about: tuple[Block, ...] = (Paragraph(text=ABOUT),)
    opening = Section(id=f"{ID}-about", title="No page of their own", blocks=about)
    return Page(id=ID, title=TITLE, sections=(opening, first, *others))


def _why(empty: Page) -> tuple[Block, ...]:
    """Return every reason once; what is no list stands as it is."""
    blocks = [block for section in empty.sections for block in section.blocks]
    items = dict.fromkeys(i for b in blocks if isinstance(b, ListBlock) for i in b.items)
    rest = tuple(block for block in blocks if not isinstance(block, ListBlock))
    if not items and not rest:
        return (Paragraph(text=UNSAID),)
    if len(items) == 1 and not rest:
        (item,) = items
        return (Paragraph(text=item.text),) if item == Item(text=item.text) else _listed(items)
    return (*_listed(items), *rest)


def _listed(items: Iterable[Item]) -> tuple[Block, ...]:
    held = tuple(items)
    return (ListBlock(items=held),) if held else ()
