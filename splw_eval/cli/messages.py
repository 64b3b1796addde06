"""Findings and errors as lines on the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import typer

from splw_eval.cli.wrapped import print_message
from splw_eval.core.errors import FindingsError, SplwError
from splw_eval.core.findings import ROWS_NAMED, Finding, Severity

SHOWN = 20  # more lines than this scroll the first ones out of sight
_SEVERAL = 3  # columns with one fault, as of a questionnaire, that are told in one line
_NAMED = 3
# Cells of a questionnaire's items: one cause, such as how they were keyed, mostly holds for all.
_OF_ITEMS = frozenset({"SI06", "SI07", "SW04", "SW110", "SW111"})
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_HEADING = {
    Severity.ERROR: "To mend before anything can be reported",
    Severity.WARNING: "To know; the report says so too",
    Severity.NOTE: "For your information",
}


def print_error(error: SplwError) -> None:
    """Print an error on standard error, with every finding it carries."""
    if isinstance(error, FindingsError):
        typer.echo(f"{error.message} {error.where}".strip(), err=True)
        print_findings(error.findings)
    else:
        typer.echo(str(error), err=True)


def print_findings(findings: Iterable[Finding]) -> None:
    """Print findings by severity, the gravest first, at most `SHOWN` of each."""
    found = list(findings)
    for severity in _ORDER:
        group = [finding for finding in found if finding.severity is severity]
        if not group:
            continue
        typer.echo(f"\n{_HEADING[severity]} ({len(group)}):", err=True)
        alike = _alike(group)
        for findings_alike in alike[:SHOWN]:
            print_message(_sentence(findings_alike))
        if len(alike) > SHOWN:
            more = sum(map(len, alike[SHOWN:]))
            typer.echo(f"  and {more} more: splw-eval check ... --findings findings.csv", err=True)


def _alike(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Put together what is the same but for column and rows, where it is so of several columns."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for place, f in enumerate(findings):
        key = (
            (f.code, f.file, f.problem, f.remedy)
            if f.code in _OF_ITEMS and f.column
            else (str(place),)
        )
        groups.setdefault(key, []).append(f)
    return [
        part
        for group in groups.values()
        for part in ([group] if len(group) >= _SEVERAL else [[finding] for finding in group])
    ]


def _sentence(alike: Sequence[Finding]) -> str:
    """One finding, or several of one kind with how many columns and cells they are."""
    first = alike[0]
    if len(alike) == 1:
        return first.sentence()
    named = ", ".join(finding.column for finding in alike[:_NAMED])
    more = f" and {len(alike) - _NAMED} more" if len(alike) > _NAMED else ""
    place = f"{first.file}, columns {named}{more}" if first.file else f"columns {named}{more}"
    stop = "" if first.problem.endswith("?") else "."
    return f"{first.code} {place}: {first.problem}{_extent(alike)}{stop} {first.remedy}"


def _extent(alike: Sequence[Finding]) -> str:
    rows = sorted({row for finding in alike for row in finding.rows})
    if not rows:
        return ""
    cells = sum(len(finding.rows) for finding in alike)
    shown = ", ".join(map(str, rows[:ROWS_NAMED])) + (", ..." if len(rows) > ROWS_NAMED else "")
    of_rows = f" of {alike[0].of_rows}" if alike[0].of_rows is not None else ""
    word = "row" if len(rows) == 1 else "rows"
    return f" in {cells} cells, {len(rows)}{of_rows} rows ({word} {shown})"
