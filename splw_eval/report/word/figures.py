"""Drawings of a Word document: one alone or two side by side, each described in words."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from splw_eval.report.archive import legible
from splw_eval.report.blocks import Figure
from splw_eval.report.pdf.pictures import to_pngs
from splw_eval.report.word.parts import add, keep_with_next, link, paragraph, run

if TYPE_CHECKING:
    from docx.document import Document

EMU = 635  # in a twentieth of a point
# Widths in twentieths of a point.
ALONE = 5760  # as large as it was drawn
BESIDE = 4740
TALLEST = 10600  # so that its title and its words fit the same sheet
PLACES = ("Left: ", "Right: ")


class Figures:
    """Places the drawings of a report.

    Parameters
    ----------
    document : Document
    figures : sequence of Figure
        All that will be placed.
    tables : mapping of str to str
        Bookmarks of the tables in the document, by the table's anchor.
    mark : str
        What follows every title.
    """

    def __init__(
        self, document: Document, figures: Sequence[Figure], tables: Mapping[str, str], mark: str
    ) -> None:
        self.part = document.part
        self.body: Any = document.element.body
        pictures = to_pngs([figure.svg for figure in figures])
        self.pictures = {f.id: picture for f, picture in zip(figures, pictures, strict=True)}
        self.tables = tables
        self.mark = mark

    def place(self, figures: tuple[Figure, ...]) -> None:
        """Append one drawing, or two side by side: titles, drawings, how to read them.

        They are no table: a reader who listens is told of tables only where there are figures.
        """
        places = PLACES if len(figures) > 1 else ("",)
        for where, figure in zip(places, figures, strict=True):
            run(paragraph(self.body, "FigureTitle"), f"{where}{figure.title}{self.mark}")
        held = paragraph(self.body, "Picture")
        for index, figure in enumerate(figures):
            made = add(held, "r")
            if index:
                add(made, "tab")
            add(made, "drawing").append(
                self._drawing(figure, BESIDE if len(figures) > 1 else ALONE)
            )
        self._notes(figures, places)

    def _notes(self, figures: tuple[Figure, ...], places: tuple[str, ...]) -> None:
        """Say how to read each drawing; once, where all are read alike."""
        alike = len({(f.caption, f.table_id) for f in figures}) == 1
        several = tuple(zip(("",) if alike else places, figures, strict=False))
        for index, (where, figure) in enumerate(several):
            made = paragraph(self.body, "FigureNote")
            if index < len(several) - 1:
                keep_with_next(made)
            run(made, f"{where}{figure.caption} ")
            name = self.tables.get(figure.table_id)
            if name:
                link(made, "Table with these figures", name)

    def _drawing(self, figure: Figure, width: int) -> Any:
        """Return a drawing with the words for a reader who cannot see it."""
        from docx.oxml.ns import qn

        content = self.pictures[figure.id]
        made = self.part.new_pic_inline(io.BytesIO(content), width=width * EMU)
        if made.extent.cy > TALLEST * EMU:
            made = self.part.new_pic_inline(io.BytesIO(content), height=TALLEST * EMU)
        for side in ("distT", "distB", "distL", "distR"):
            made.set(side, "0")
        words = legible(figure.description)
        for element in (made.docPr, *made.iter(qn("pic:cNvPr"))):
            element.set("name", legible(figure.id))
            element.set("descr", words)
        made.docPr.set("title", legible(figure.title))
        return made
