"""The report as one PDF file for paper and for screen readers: PDF/UA-1 and PDF/A-2a."""

from __future__ import annotations

import json
import re
from importlib.resources import files

from splw_eval.report.blocks import Report
from splw_eval.report.pdf.row_heads import mark_row_heads
from splw_eval.report.pdf.sheets import sheets
from splw_eval.report.pdf.typesetting import typeset

SHEETS = {"commissioner": 4}  # at most, for who reads no more
DRAWN = (1.0, 0.8, 0.6)  # share of the usual width of drawings; the next where sheets are too many
COUNT = re.compile(rb"/Type/Pages/Count (\d+)")


def render_pdf(report: Report) -> bytes:
    """Return a report as a PDF file.

    Parameters
    ----------
    report : Report
        The description; it is only read.

    Returns
    -------
    bytes
        Tagged, with headings, marked tables and alternative texts; the same bytes
        for the same report on every day.

    Raises
    ------
    OutputError
        The sheets could not be set.
    """
    source = files("splw_eval.report").joinpath("templates/report.typ").read_bytes()
    held = sheets(report)
    most = SHEETS.get(report.reader)
    for share in DRAWN:
        inputs = {"report": json.dumps(held | {"drawn": share})}
        (pdf,) = typeset(source, inputs, form="pdf")
        if most is None or _count(pdf) <= most:
            break
    return mark_row_heads(pdf)


def _count(pdf: bytes) -> int:
    """Return how many sheets a PDF has."""
    found = COUNT.search(pdf)
    return int(found[1]) if found else 0
