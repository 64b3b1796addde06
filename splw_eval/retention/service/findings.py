"""Findings about a study's files, and about rows of one of their tables."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.data import Study
from splw_eval.data.tables import Table

Flags = NDArray[np.bool_]


def plain(code: str, severity: Severity, problem: str, remedy: str) -> Finding:
    """A finding that concerns no single row."""
    return Finding(code=code, severity=severity, problem=problem, remedy=remedy)


def rows_of(
    study: Study, table: Table, wrong: Flags, told: tuple[str, Severity, str, str]
) -> Iterator[Finding]:
    """A finding about rows of a table, for each file."""
    code, severity, problem, remedy = told
    for file in np.unique(table.file[wrong]):
        here = table.file == file
        yield Finding(
            code=code,
            severity=severity,
            problem=problem,
            remedy=remedy,
            file=study.plan.files[file].place,
            rows=tuple(int(row) for row in table.row[wrong & here]),
            of_rows=int(here.sum()),
        )
