"""The check command: findings printed, counted and, if asked, written."""

from __future__ import annotations

import codecs
import csv
import io
import os
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer

from splw_eval.cli.messages import print_error, print_findings
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.cli.supported import print_supported
from splw_eval.core.errors import FindingsError, OutputError
from splw_eval.core.findings import Finding
from splw_eval.data import Study, load_study

_HEADER = ("severity", "code", "file", "column", "rows", "problem", "remedy")
_START = codecs.BOM_UTF8 + ",".join(_HEADER).encode()


def run_check(plan: Path, findings_file: Path | None) -> int:
    """Check a study and print what was found, and what the data can support.

    Parameters
    ----------
    plan : Path
    findings_file : Path or None
        Gets every finding with all its rows.

    Returns
    -------
    int
        Exit code: 1 if anything stops a report.
    """
    try:
        with progress_on_stderr() as progress:
            study = load_study(plan, progress=progress)
    except FindingsError as error:
        print_error(error)
        _write(findings_file, error.findings)
        return 1
    print_findings(study.findings)
    _write(findings_file, study.findings)
    typer.echo(_summary(study))
    print_supported(study)
    return 0


def _summary(study: Study) -> str:
    plan = study.plan
    waves = ", ".join(wave.title for wave in plan.waves)
    return (
        f"The plan and its {len(plan.files)} file(s) can be used: {len(plan.outcomes)} outcome(s), "
        f"{len(plan.groups)} group(s), waves: {waves}."
    )


def _write(path: Path | None, findings: Sequence[Finding]) -> None:
    """Write all findings, or leave what stood there."""
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
