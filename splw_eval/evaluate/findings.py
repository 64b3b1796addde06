"""Warnings about the files as a result of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FindingRow
from splw_eval.data import Study
from splw_eval.evaluate.service import service_findings

_FIGURE = re.compile(r"\d")


def describe_findings(study: Study) -> Result[FindingRow]:
    """Warnings about the files, without the rows they stand in."""
    found = tuple(
        FindingRow(
            code=finding.code,
            place=finding.place() or "The study",
            problem=finding.problem,
            rows=len(finding.rows) or None,
            remedy=finding.remedy,
        )
        for finding in (*study.findings, *_uncounted(study))
        if finding.severity is Severity.WARNING
    )
    none = (Note(text="The checks of the files found nothing to warn of."),)
    return Result(
        key="findings",
        title="What the checks of the files found",
        unit="rows",
        row_type=FindingRow,
        rows=found,
        notes=() if found else none,
    )


def _uncounted(study: Study) -> Iterator[Finding]:
    """Findings about the service without those with a figure in their words.

    A figure may count people; the check tells those to whoever holds the files.
    """
    yield from (f for f in service_findings(study) if not _FIGURE.search(f.problem))
