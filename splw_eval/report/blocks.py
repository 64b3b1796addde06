"""The immutable description of a report, which every renderer only reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from splw_eval.report.frames import Value, framed, rounded, rounded_share

if TYPE_CHECKING:
    import pandas as pd


class Format(StrEnum):
    """How the value of a cell is printed."""

    TEXT = "text"
    WHOLE = "whole"  # a number of people, practices or rows
    NUMBER = "number"  # with `decimals`
    SIGNED = "signed"  # as NUMBER, with its sign
    PERCENT = "percent"  # a share between 0 and 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One value with its format; a renderer never sees more than this.

    Attributes
    ----------
    value : str, int, float or None
        None where masked or not available.
    masked : bool
        Whether disclosure control took the value away.
    """

    value: str | int | float | None
    format: Format = Format.TEXT
    decimals: int = 0
    masked: bool = False

    def rounded(self) -> Value:
        """Return the value with the digits that are printed; None where masked or absent."""
        if self.masked or self.value is None or self.value == "":
            return None
        if isinstance(self.value, str):
            return self.value
        if self.format is Format.PERCENT:
            return rounded_share(self.value)
        return rounded(self.value, self.decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnHead:
    """Heading of a column; numbers are set to the right."""

    title: str
    numeric: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTable:
    """A table.

    Attributes
    ----------
    id : str
        Anchor, unique in the report.
    row_heads : int
        How many leading columns name the row.
    file : str
        The data file that holds the same figures; empty where there is none.
    rules : tuple of str
        What was done to small numbers in it; said once, at the foot of the page.
    """

    id: str
    caption: str
    columns: tuple[ColumnHead, ...]
    rows: tuple[tuple[Cell, ...], ...]
    row_heads: int = 1
    footnotes: tuple[str, ...] = ()
    file: str = ""
    rules: tuple[str, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """Return the table as a data frame: the printed numbers as numbers.

        Returns
        -------
        DataFrame
            A column for each heading, which may stand there twice. Shares are between 0 and 1.
            What is masked or not available is missing (``NA``).
        """
        titles = [column.title for column in self.columns]
        return framed(titles, [[cell.rounded() for cell in row] for row in self.rows])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A drawing with the same content in words.

    Attributes
    ----------
    svg : str
        One ``<svg>`` element of our own making, safe to place in a page.
    description : str
        Text summary: what a reader who cannot see the drawing needs.
    caption : str
        What is printed below it: how to read it, and nothing that the table says.
    table_id : str
        Anchor of the table with the same figures.
    """

    id: str
    svg: str
    title: str
    description: str
    caption: str
    table_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureGroup:
    """Drawings that belong side by side where there is room."""

    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; `lead` marks the sentence that a reader in a hurry needs."""

    text: str
    lead: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """What a reader must not miss, with a heading of its own."""

    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a list; `term` stands before it in bold.

    Attributes
    ----------
    links : tuple of (str, str)
        Words at the end of `text`, each with the id of the page that it names. A renderer that
        has no links leaves them as words.
    """

    text: str
    term: str = ""
    links: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListBlock:
    """A list of short entries."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigure:
    """One figure set large, with the words that it must never stand without.

    Attributes
    ----------
    label : str
        Whom it is about.
    figure : str
        The figure with its unit.
    meaning : str
        What it compares.
    details : tuple of str
        Denominator and counts.
    """

    label: str
    figure: str
    meaning: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyFigures:
    """Key figures that are read together."""

    figures: tuple[KeyFigure, ...]


Plain = Paragraph | Callout | ListBlock | KeyFigures | ReportTable | Figure | FigureGroup


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """Further figures that open where they are asked for, and stay closed on paper.

    Attributes
    ----------
    title : str
        What is in it.
    file : str
        The data files that hold all of it, so that nothing is lost on paper.
    """

    title: str
    file: str
    blocks: tuple[Plain, ...]


Block = Plain | Fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of a page under one heading.

    Attributes
    ----------
    nothing : bool
        Whether it only says why there is nothing to show.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    nothing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of the report; its foot explains signs, small numbers and files, once.

    Attributes
    ----------
    part : str
        Heading in the contents that it stands under with its neighbours; empty where there is none.
    """

    id: str
    title: str
    sections: tuple[Section, ...]
    foot: tuple[str, ...] = ()
    part: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole report.

    Attributes
    ----------
    stamp : str
        Printed on every page; empty where nothing must be stamped.
    software : str
        What it was made with.
    synthetic : bool
        Whether the people in it were made up.
    reader : str
        For whom it is: ``commissioner``, ``evaluator`` or ``public``.
    language : str
        Of its words, as the standards of the web write it.
    """

    title: str
    subtitle: str
    stamp: str
    synthetic: bool
    software: str
    pages: tuple[Page, ...]
    reader: str = "evaluator"
    language: str = "en-GB"
