"""Tables of a card: bands, sizes of change called important, and scores of other people."""

from __future__ import annotations

from typing import Any

from splw_eval.core.card_rows import BandRow, ImportantDifferenceRow, NormRow
from splw_eval.core.plan import Outcome
from splw_eval.report.blocks import Cell, ColumnHead, ReportTable
from splw_eval.report.evidence import Evidence
from splw_eval.report.numbers import as_planned
from splw_eval.report.pages.titles import text

# How a size of change was found, as somebody would say it.
KINDS = {
    "anchor": "People said themselves how they had changed (anchor)",
    "reliable change": "More than the error of measurement (reliable change)",
    "one standard error of measurement": "The error of a single score (one standard error of "
    "measurement)",
    "2.77 standard errors of measurement": "A change beyond the error of one person's two scores "
    "(2.77 standard errors of measurement)",
    "instrument-defined": "The steps of the questionnaire itself (instrument-defined)",
    "convention": "In common use (convention)",
    "several methods": "Several methods together",
    "stated in the plan": "Stated in the plan (the MID of this report)",
    "none established": "None established",
    "not known": "Not known",
}
SHORT = {
    "anchor": "anchor",
    "reliable change": "reliable change",
    "one standard error of measurement": "1 standard error",
    "2.77 standard errors of measurement": "2.77 standard errors",
    "instrument-defined": "instrument-defined",
    "convention": "convention",
    "several methods": "several methods",
    "stated in the plan": "the plan's MID",
}
WORDS = {
    "checked": "checked",
    "recalled": "written from memory",
    "computed": "worked out by this program",
}


def rows_of(evidence: Evidence, key: str, outcome: Outcome) -> tuple[Any, ...]:
    """Return the rows of one outcome of a result."""
    return tuple(row for row in evidence.of(key).rows if row.outcome == outcome.name)


def bands_table(evidence: Evidence, outcome: Outcome) -> tuple[ReportTable, ...]:
    """Return the bands of one score; nothing where there are none."""
    rows: tuple[BandRow, ...] = rows_of(evidence, "bands", outcome)
    if not rows:
        return ()
    cells = ((_capital(row.bands), _capital(row.band), row.scores, _sourced(row)) for row in rows)
    return (
        _table(
            "bands",
            outcome,
            "bands of the score",
            ("Set of bands", "Called", "Scores", "Source"),
            cells,
            2,
        ),
    )


def differences_table(evidence: Evidence, outcome: Outcome) -> tuple[ReportTable, ...]:
    """Return every size of change that was called important, or that there is none."""
    rows: tuple[ImportantDifferenceRow, ...] = rows_of(evidence, "important_differences", outcome)
    if all(row.kind == "not known" for row in rows):
        return ()
    cells = (
        (size(row, outcome), _found(row), row.population, _sourced(row), row.note) for row in rows
    )
    heads = ("Size", "How it was found", "Among whom", "Source", "Note")
    caption = "sizes of change that were called important"
    return (_table("important_differences", outcome, caption, heads, cells),)


def none_established(evidence: Evidence, outcome: Outcome) -> str:
    """Say that no size of change was called important; nothing where one was, or may have been."""
    rows: tuple[ImportantDifferenceRow, ...] = rows_of(evidence, "important_differences", outcome)
    if not rows or any(row.kind != "none established" for row in rows):
        return ""
    said = "Sizes of change that were called important: none established."
    return " ".join((said, *dict.fromkeys(row.note for row in rows if row.note)))


def _found(row: ImportantDifferenceRow) -> str:
    """Say how a size was found; of the plan's own, how the catalogue found the same size."""
    words = KINDS.get(row.kind, _capital(row.kind))
    if not row.same_as:
        return words
    return f"{words}. In the catalogue: {KINDS.get(row.same_as, row.same_as)}"


def size(row: ImportantDifferenceRow, outcome: Outcome) -> str:
    """Return a size with its unit: ``1.7 points``, ``21% of the first score``."""
    if row.value is None:
        return "None established"
    if row.unit == "percent":
        return f"{as_planned(row.value)}% of the first score"
    return f"{as_planned(row.value)} {outcome.unit}"


def norms_table(evidence: Evidence, outcome: Outcome) -> tuple[ReportTable, ...]:
    """Return the published figures of other people; nothing where there are none."""
    rows: tuple[NormRow, ...] = rows_of(evidence, "norms", outcome)
    if not rows:
        return ()
    cells = (
        (
            row.population,
            _capital(row.statistic),
            as_planned(row.value),
            row.spread,
            row.people,
            _sourced(row),
        )
        for row in rows
    )
    heads = ("Among whom", "Figure", "Value", "Spread", "How many people", "Source")
    return (_table("norms", outcome, "figures of other people", heads, cells),)


def _sourced(row: BandRow | ImportantDifferenceRow | NormRow) -> str:
    """Return a source with whether anybody looked at it; the plan's own as it stands."""
    words = WORDS.get(row.status, "")
    if not row.source:
        return ""
    return f"{row.source} ({words})" if words else row.source


def _table(
    key: str, outcome: Outcome, caption: str, heads: tuple[str, ...], cells: Any, row_heads: int = 1
) -> ReportTable:
    rows = tuple(tuple(_cell(words) for words in row) for row in cells)
    return ReportTable(
        id=f"{key}-{outcome.name}-table",
        caption=f"{outcome.label}: {caption}",
        columns=tuple(ColumnHead(title=head) for head in heads),
        rows=rows,
        row_heads=row_heads,
        file=f"tables/{key}.csv",
    )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _cell(words: str) -> Cell:
    return text(words) if words else Cell(value=None)
