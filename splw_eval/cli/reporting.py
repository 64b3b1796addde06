"""The report command: evaluate, then write."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path

import typer

from splw_eval.cli.findings_file import write_findings
from splw_eval.cli.messages import print_error
from splw_eval.cli.progress import progress_on_stderr
from splw_eval.core.errors import DataError, FindingsError, OutputError

FORMATS = ("html", "pdf", "docx", "xlsx")  # as in splw_eval.report, which is imported later
READERS = ("commissioner", "evaluator", "public")
PROGRAMS = {"word": "docx", "excel": "xlsx", "acrobat": "pdf", "web": "html"}  # typed for a form


def run_report(plan: Path, out: Path, form: str = "html", reader: str = "evaluator") -> Path:
    """Evaluate a study and write its report.

    Parameters
    ----------
    plan : Path
        The study.toml.
    out : Path
        Folder of the report.
    form : str
        Its forms, parted by commas.
    reader : str
        Whom it is for.

    Returns
    -------
    Path
        The page to open.

    Raises
    ------
    typer.BadParameter
        There is no such form or no such reader; nothing was read.
    typer.Exit
        The plan or its files cannot be used; every finding was printed, and written beside
        the folder.
    """
    forms, whom = _forms(form), _reader(reader)
    try:
        return _report(plan, out, forms, whom)
    except FindingsError as error:
        print_error(error)
        if isinstance(error, DataError):
            _write_beside(out, plan, error)
        raise typer.Exit(1) from None


def _forms(given: str) -> tuple[str, ...]:
    """Return the forms that were typed, parted by commas; refuse those that there are not."""
    forms = tuple(dict.fromkeys(part.strip().lower() for part in given.split(",") if part.strip()))
    unknown = [form for form in forms if form not in FORMATS]
    if unknown or not forms:
        near = _near(unknown[0]) if unknown else []
        meant = f" Did you mean {near[0]}?" if near else ""
        said = ", ".join(unknown) or "nothing"
        raise typer.BadParameter(
            f"a report cannot be made as {said}.{meant} Choose from: {', '.join(FORMATS)}",
            param_hint="--format",
        )
    return forms


def _reader(typed: str) -> str:
    """Return whom the report is for; refuse those that it is not made for."""
    reader = typed.strip().lower()
    if reader in READERS:
        return reader
    near = get_close_matches(reader, READERS, n=1, cutoff=0.4)
    meant = f" Did you mean {near[0]}?" if near else ""
    raise typer.BadParameter(
        f"there is no report for {reader or 'nobody'}.{meant} Choose one of: {', '.join(READERS)}",
        param_hint="--for",
    )


def _near(typed: str) -> list[str]:
    """Return the form that was probably meant, by its own name or by a program's."""
    by_program = [form for program, form in PROGRAMS.items() if program in typed]
    return by_program or get_close_matches(typed, FORMATS, n=1, cutoff=0.4)


def beside(page: Path, form: str) -> tuple[str, ...]:
    """Return the names of the files that a report has beside the one to open.

    Parameters
    ----------
    page : Path
        The one to open.
    form : str
        The forms that were asked for, parted by commas.

    Returns
    -------
    tuple of str
        None where there was one form.
    """
    asked = _forms(form)
    names = (f"{page.stem}.{name}" for name in FORMATS if name in asked)
    return tuple(name for name in names if name != page.name)


def _report(plan: Path, out: Path, forms: tuple[str, ...], reader: str) -> Path:
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
            formats=forms,
            reader=reader,
            progress=progress,
        )


def _write_beside(out: Path, plan: Path, error: FindingsError) -> None:
    """Write every finding beside the folder of the report, in which nothing may stand alone."""
    beside = out.absolute().with_name(f"{out.absolute().name}-findings.csv")
    try:
        write_findings(beside, error.findings)
    except OutputError:  # what stops the report matters more
        typer.echo(f"Every finding: splw-eval check {plan} --findings FILE.csv", err=True)
