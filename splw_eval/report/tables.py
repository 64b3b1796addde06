"""Results as files for other programs: CSV that no spreadsheet runs, and JSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import Any

from splw_eval.core.columns import Role, columns_of
from splw_eval.core.result import Result
from splw_eval.report.evidence import entries
from splw_eval.report.manifest import SCHEMA_VERSION, as_json
from splw_eval.report.numbers import MASKED

# A spreadsheet takes text that begins with one of these for a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\\")
SYNTHETIC = "synthetic"  # heading and content of the column that says so
BOM = "\ufeff"  # without it, spreadsheets take UTF-8 for something else


def results_csv(result: Result[Any], *, synthetic: bool = False) -> bytes:
    """Return a result as CSV: a heading for each field, ``*`` for a masked cell.

    Parameters
    ----------
    result : Result
        Masked already.
    synthetic : bool
        Whether the people were made up; a last column then says so in every row.

    Returns
    -------
    bytes
        UTF-8 with a byte order mark; unrounded numbers.
    """
    names = [n for n, c in columns_of(result.row_type).items() if c.role is not Role.GUARD]
    stamp = [SYNTHETIC] if synthetic else []
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(names + stamp)
    for entry in entries(result):
        cells = (
            MASKED if name in entry.masked else guarded(getattr(entry.row, name)) for name in names
        )
        writer.writerow([*cells, *stamp])
    return (BOM + text.getvalue()).encode("utf-8")


def results_json(results: Iterable[Result[Any]], *, synthetic: bool = False) -> bytes:
    """Return all results as one JSON document, which says whether the people were made up."""
    return as_json(
        {
            "schema_version": SCHEMA_VERSION,
            "synthetic": synthetic,
            "results": {r.key: r.to_dict() for r in results},
        }
    )


def guarded(value: object) -> object:
    """Return a cell that no spreadsheet takes for a formula; numbers are left alone."""
    if isinstance(value, str) and value.startswith(RISKY):
        return "'" + value
    return value
