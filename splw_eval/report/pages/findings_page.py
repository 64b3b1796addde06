"""What was found wrong with the data, and how far it goes."""

from __future__ import annotations

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.rows import FindingRow
from splw_eval.report.blocks import Block, ColumnHead, Page, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Evidence, entries
from splw_eval.report.pages.titles import notes, rules_of

FIELDS = ("problem", "place", "rows", "remedy", "code")


def page(evidence: Evidence) -> Page:
    """Return the page of warnings about the data."""
    blocks: tuple[Block, ...]
    if evidence.findings.rows:
        intro = "The files could be used, but these things in them may affect the figures."
        blocks = (Paragraph(text=intro), _table(evidence))
    else:
        none = ("The checks of the plan and the files gave no warning.",)
        said = tuple(note.sentence() for note in evidence.findings.notes) or none
        blocks = tuple(Paragraph(text=words) for words in said)
    section = Section(id="warnings", title="Warnings", blocks=blocks)
    after = notes(evidence.findings) if evidence.findings.rows else ()
    return Page(id="data", title="The data", sections=(section, *after))


def _table(evidence: Evidence) -> ReportTable:
    columns = columns_of(FindingRow)
    rows = tuple(tuple(entry.cell(name) for name in FIELDS) for entry in entries(evidence.findings))
    return ReportTable(
        id="findings-table",
        caption="Warnings about the plan and the files",
        columns=tuple(
            ColumnHead(title=columns[n].title, numeric=columns[n].role is Role.COUNT)
            for n in FIELDS
        ),
        rows=rows,
        rules=rules_of(evidence.findings),
        file=f"tables/{evidence.findings.key}.csv",
    )
