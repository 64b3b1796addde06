"""The report as a Word document that a commissioner can edit: words in styles, real tables."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from splw_eval.report.archive import MADE, legible, settled
from splw_eval.report.blocks import Report

if TYPE_CHECKING:
    from docx.document import Document


def render_docx(report: Report) -> bytes:
    """Return a report as a Word document.

    Parameters
    ----------
    report : Report
        The description; it is only read.

    Returns
    -------
    bytes
        A .docx file: the same bytes for the same report, with nobody's name in it. Every word
        is in a named style, so that changing a style changes the whole document.
    """
    from splw_eval.report.word.package import empty
    from splw_eval.report.word.text import Text

    document = empty(report.language)
    _properties(document, report)
    text = Text(document, report)
    text.opening()
    text.pages_written()
    text.closing()
    made = io.BytesIO()
    document.save(made)
    return settled(made.getvalue())


def _properties(document: Document, report: Report) -> None:
    """Say what the document is, and neither who made it nor when."""
    held = document.core_properties
    synthetic = "Synthetic: " if report.synthetic else ""
    # Word takes no longer title than this.
    held.title = legible(synthetic + report.title)[:255]
    held.subject = legible(report.subtitle)[:255]
    held.comments = legible(report.stamp)[:255]
    held.author = held.last_modified_by = held.keywords = held.category = ""
    held.language = report.language
    held.created = held.modified = MADE
    held.revision = 1
