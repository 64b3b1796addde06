"""Findings and errors as lines on the terminal."""

from __future__ import annotations

from collections.abc import Iterable

import typer

from splw_eval.core.errors import FindingsError, SplwError
from splw_eval.core.findings import Finding, Severity

SHOWN = 20  # more lines than this scroll the first ones out of sight
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
        for finding in group[:SHOWN]:
            typer.echo(f"  {finding.sentence()}", err=True)
        if len(group) > SHOWN:
            more = len(group) - SHOWN
            typer.echo(f"  and {more} more: splw-eval check ... --findings findings.csv", err=True)
