"""The report command: evaluate, then write."""

from __future__ import annotations

from pathlib import Path

import typer

from splw_eval.cli.findings_file import write_findings
from splw_eval.cli.messages import print_error
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.core.errors import DataError, FindingsError, OutputError


def run_report(plan: Path, out: Path) -> Path:
    """Evaluate a study and write its report.

    Parameters
    ----------
    plan : Path
        The study.toml.
    out : Path
        Folder of the report.

    Returns
    -------
    Path
        The page to open.

    Raises
    ------
    typer.Exit
        The plan or its files cannot be used; every finding was printed, and written beside
        the folder.
    """
    try:
        return _report(plan, out)
    except FindingsError as error:
        print_error(error)
        if isinstance(error, DataError):
            _write_beside(out, plan, error)
        raise typer.Exit(1) from None


def _report(plan: Path, out: Path) -> Path:
    with progress_on_stderr() as progress:
        from splw_eval.report import check_folder, write_report

        check_folder(out)
        from splw_eval.evaluate import evaluate_study

        evaluation = evaluate_study(plan, progress=progress)
        return write_report(
            out,
            plan=evaluation.plan,
            results=evaluation.results,
            provenance=evaluation.provenance,
            progress=progress,
        )


def _write_beside(out: Path, plan: Path, error: FindingsError) -> None:
    """Write every finding beside the folder of the report, in which nothing may stand alone."""
    beside = out.absolute().with_name(f"{out.absolute().name}-findings.csv")
    try:
        write_findings(beside, error.findings)
    except OutputError:  # what stops the report matters more
        typer.echo(f"Every finding: splw-eval check {plan} --findings FILE.csv", err=True)
