"""A small report made by hand, with one block of every kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

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

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 288 144">'
    '<rect x="10" y="10" width="200" height="50" fill="#0b5c8f"/></svg>'
)
STAMP = "Synthetic data: these people do not exist"
VALUES = (
    Cell(value=1234, format=Format.WHOLE),
    Cell(value=-0.0049, format=Format.NUMBER, decimals=2),
    Cell(value=-1234.5678, format=Format.SIGNED, decimals=2),
    Cell(value=2.5, format=Format.SIGNED, decimals=1),
    Cell(value=0.285, format=Format.PERCENT),
    Cell(value=0.001, format=Format.PERCENT),
    Cell(value=0.9999, format=Format.PERCENT),
    Cell(value=None),
    Cell(value="", format=Format.TEXT),
    Cell(value=777, format=Format.WHOLE, masked=True),
)


def table(anchor: str = "one-table", **changes: Any) -> ReportTable:
    """Return a table with a row for each kind of cell."""
    held = ReportTable(
        id=anchor,
        caption="Mean change (SWEMWBS): every kind of cell",
        columns=(ColumnHead(title="Kind"), ColumnHead(title="Number", numeric=True)),
        rows=tuple((Cell(value=f"row {i}"), cell) for i, cell in enumerate(VALUES)),
        footnotes=("A note on this table.",),
        file="tables/one.csv",
        rules=("Counts from 1 to 7 are not shown (*).",),
    )
    return replace(held, **changes)


def figure(key: str, anchor: str = "one-table") -> Figure:
    return Figure(
        id=key,
        svg=SVG,
        title=f"Title of {key}",
        description=f"What {key} shows, in words.",
        caption=f"How to read {key}.",
        table_id=anchor,
    )


def blocks() -> tuple[Block, ...]:
    key = KeyFigure(label="Who", figure="1.5 points", meaning="mean", details=("Of 40.", "Of 50."))
    return (
        Paragraph(text="The sentence for a reader in a hurry.", lead=True),
        Paragraph(text="Running text."),
        Callout(title="Not to be missed", paragraphs=("First.", "Second.")),
        ListBlock(items=(Item(term="Term: ", text="explained."), Item(text="Without a term."))),
        KeyFigures(figures=(key, key)),
        FigureGroup(figures=(figure("left"), figure("right"), figure("third"))),
        figure("alone", "folded-table"),
        table(),
        Fold(title="All of it", file="tables/all.csv", blocks=(table("folded-table"),)),
    )


def report(*held: Block, **changes: Any) -> Report:
    """Return a report of two pages; the first holds the blocks given, or one of every kind."""
    first = Section(id="answer-section", title="The answer", blocks=held or blocks())
    second = Section(id="more-section", title="More", blocks=(Paragraph(text="More words."),))
    made = Report(
        title="Wellbeing in Anytown",
        subtitle="Before-and-after study",
        stamp=STAMP,
        synthetic=True,
        software="splw-eval 0.1.0",
        pages=(
            Page(id="answer", title="On one page", sections=(first,), foot=("* is left out.",)),
            Page(id="more", title="Further", sections=(second,)),
        ),
    )
    return replace(made, **changes)
