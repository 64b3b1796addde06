"""The words of a report as paragraphs of a Word document, in reading order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

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
from splw_eval.report.word.figures import Figures
from splw_eval.report.word.package import sheet
from splw_eval.report.word.parts import (
    add,
    closed,
    field,
    keep_with_next,
    link,
    marked,
    on_new_sheet,
    opened,
    paragraph,
    run,
    tag,
)
from splw_eval.report.word.table import place

if TYPE_CHECKING:
    from docx.document import Document

SYNTHETIC = " (synthetic)"
CONTENTS = "Contents"
PART = "part_"
MARKS = "9000"  # begins the numbers of bookmarks round parts, which no other mark has
CONTENTS_FROM = 6  # pages: in a shorter report everything is found at a glance


class Text:
    """Writes the blocks of one report into a document, one after the other.

    Parameters
    ----------
    document : Document
        Empty, with our styles.
    report : Report
    """

    def __init__(self, document: Document, report: Report) -> None:
        self.document = document
        self.body: Any = document.element.body
        self.report = report
        # A figure or a table is often copied without its page.
        self.mark = SYNTHETIC if report.synthetic else ""
        blocks = [block for page in report.pages for block in _blocks(page)]
        tables = (block for block in blocks if isinstance(block, ReportTable))
        self.names = {table.id: f"table_{i}" for i, table in enumerate(tables, 1)}
        self.figures = Figures(document, list(_figures(blocks)), self.names, self.mark)
        self.pages = {page.id: f"_Toc{i:08d}" for i, page in enumerate(report.pages, 1)}
        self.parts = grouped(report.pages)
        self.marks = 0

    def opening(self) -> None:
        """Write title and stamp, and contents where there are many pages."""
        self._say("Title", self.report.title)
        self._say("Subtitle", self.report.subtitle)
        if self.report.stamp:
            self._say("Stamp", self.report.stamp)
        if len(self.report.pages) >= CONTENTS_FROM:
            self._contents()

    def _contents(self) -> None:
        """Write a field of contents with its entries; updating it gives the same again."""
        self._say("TOCHeading", CONTENTS)
        for number, part in enumerate(self.parts, 1):
            code = r'TOC \o "1-1" \h \n'
            if part.title:
                self._say("ContentsPart", part.title)
                code += f" \\b {PART}{number}"
            entries = [paragraph(self.body, "TOC1") for _ in part.pages]
            opened(entries[0], code)
            for made, page in zip(entries, part.pages, strict=True):
                link(made, page.title, self.pages[page.id])
            closed(entries[-1])

    def pages_written(self) -> None:
        """Write every page, with a bookmark round each part that the contents name."""
        for number, part in enumerate(self.parts, 1):
            mark = f"{MARKS}{number}"
            if part.title:
                start = add(self.body, "bookmarkStart", id=mark)
                start.set(tag("name"), f"{PART}{number}")
            for page in part.pages:
                self.page(page)
            if part.title:
                add(self.body, "bookmarkEnd", id=mark)

    def page(self, page: Page) -> None:
        """Write one page of the report: its sections, then what explains its signs."""
        heading = self._say("Heading1", page.title)
        if page is self.report.pages[0] and len(self.report.pages) >= CONTENTS_FROM:
            on_new_sheet(heading)
        self._mark(heading, self.pages[page.id])
        for section in page.sections:
            self._say("Heading2", section.title)
            for block in section.blocks:
                self._block(block)
        for note in page.foot:
            self._say("Note", note)

    def closing(self) -> None:
        """Write what the report was made with, and the foot of every sheet."""
        self._say("Note", f"Made with splw-eval. {self.report.software}")
        sheet(self.body)
        self._foot()

    def _say(self, style: str, words: str) -> Any:
        made = paragraph(self.body, style)
        run(made, words)
        return made

    def _mark(self, made: Any, name: str) -> None:
        self.marks += 1
        marked(made, name, self.marks)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._say("Lead" if block.lead else "Body", block.text)
        elif isinstance(block, Callout):
            keep_with_next(self._say("CalloutHeading", block.title))
            for words in block.paragraphs:
                self._say("Callout", words)
        elif isinstance(block, ListBlock):
            self._list(block)
        elif isinstance(block, KeyFigures):
            self._key_figures(block)
        elif isinstance(block, ReportTable):
            self._table(block)
        elif isinstance(block, Figure):
            self.figures.place((block,))
        elif isinstance(block, FigureGroup):
            for pair in batched(block.figures, 2):
                self.figures.place(pair)
        else:
            self._say("Fold", f"{block.title}: in {block.file}.")

    def _list(self, block: ListBlock) -> None:
        for item in block.items:
            made = paragraph(self.body, "ListBullet")
            run(made, item.term, "Strong")
            self._linked(made, item)

    def _linked(self, made: Any, item: Item) -> None:
        """Write the words of an entry, with those that name a page as links to it."""
        rest = item.text
        tail: list[tuple[str, str]] = []
        for words, page in reversed(item.links):
            before, held, after = rest.rpartition(words)
            if held and page in self.pages:
                tail += [(after, ""), (words, self.pages[page])]
                rest = before
        run(made, rest)
        for words, name in reversed(tail):
            if name:
                link(made, words, name)
            else:
                run(made, words)

    def _key_figures(self, block: KeyFigures) -> None:
        for key in block.figures:
            self._say("KeyLabel", key.label)
            self._say("KeyFigure", key.figure)
            made = self._say("KeyMeaning", key.meaning)
            for detail in key.details:
                keep_with_next(made)
                made = self._say("KeyDetail", detail)

    def _table(self, table: ReportTable) -> None:
        self._mark(self._say("Caption", table.caption + self.mark), self.names[table.id])
        place(self.body, table)
        for note in table.footnotes:
            self._say("Note", note)
        self._say("TableEnd", "")

    def _foot(self) -> None:
        """Put the stamp and the number of the sheet at the foot of every sheet."""
        section = self.document.sections[0]
        foot = section.footer
        foot.is_linked_to_previous = False
        element: Any = foot._element
        for child in list(element):
            element.remove(child)
        if self.report.stamp:
            run(paragraph(element, "FooterStamp"), self.report.stamp)
        made = paragraph(element, "Footer")
        run(made, f"{self.report.title}\tPage ")
        field(made, "PAGE", "1")
        run(made, " of ")
        field(made, "NUMPAGES", "1")


def batched(figures: tuple[Figure, ...], size: int) -> Iterator[tuple[Figure, ...]]:
    """Yield figures some at a time."""
    for start in range(0, len(figures), size):
        yield figures[start : start + size]


def _blocks(page: Page) -> Iterator[Block]:
    """Yield what stands on a page; not what is folded away, which the data files hold."""
    for section in page.sections:
        yield from (b for b in section.blocks if not isinstance(b, Fold))


def _figures(blocks: Iterable[Block]) -> Iterator[Figure]:
    for block in blocks:
        if isinstance(block, Figure):
            yield block
        elif isinstance(block, FigureGroup):
            yield from block.figures
