"""The file of findings: all of them with all their rows, for a spreadsheet."""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer

from splw_eval.core.errors import OutputError
from splw_eval.core.findings import Finding

_HEADER = ("severity", "code", "file", "column", "rows", "problem", "remedy")
_START = codecs.BOM_UTF8 + ",".join(_HEADER).encode()


def write_findings(path: Path | None, findings: Sequence[Finding]) -> None:
    """Write all findings with all their rows, or leave what stood there, and say where.

    Parameters
    ----------
    path : Path or None
        Nothing is written where there is none.
    findings : sequence of Finding

    Raises
    ------
    OutputError
        Another file stands there, or it cannot be written.
    """
    if path is None:
        return
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(_HEADER)
    for f in findings:
        rows = " ".join(str(row) for row in f.rows)
        table.writerow([f.severity.value, f.code, f.file, f.column, rows, f.problem, f.remedy])
    _refuse_other_files(path)
    path = path.absolute()
    partial = path.parent / f".{path.name}.partial-{os.getpid()}"
    try:
        partial.write_text(text.getvalue(), encoding="utf-8-sig", newline="")
        partial.replace(path)
    except OSError:
        with suppress(OSError):
            partial.unlink()
        raise OutputError(
            "The findings could not be written.",
            where=f"{path}.",
            remedy="Choose a folder that you may write to.",
        ) from None
    typer.echo(f"Every finding: {path}", err=True)


def _refuse_other_files(path: Path) -> None:
    """Refuse to write over anything but an older list of findings."""
    try:
        with path.open("rb") as there:
            start = there.read(len(_START))
    except OSError:  # nothing there, or writing will say what is wrong
        return
    if start not in {b"", _START}:
        raise OutputError(
            "There is another file there already, and it is not overwritten.",
            where=f"{path}.",
            remedy="Name a new file.",
        )
