"""The ledger that every check writes its findings into."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from splw_eval.core.findings import Finding, Severity
from splw_eval.data.codes import CODES

PLAN = "study.toml"  # what every message calls the plan, whatever its file is called


@dataclass(slots=True)
class Ledger:
    """Findings so far; nothing is raised until all files were read.

    Attributes
    ----------
    findings : list of Finding
    plan : str
        Name of the plan's file, put in place of the usual one.
    """

    findings: list[Finding] = field(default_factory=list)
    plan: str = PLAN

    def add(
        self,
        severity: Severity,
        code: str,
        problem: str,
        remedy: str,
        *,
        file: str = "",
        column: str = "",
        rows: Iterable[int] = (),
        of_rows: int | None = None,
    ) -> None:
        """Write down one finding under a known code; the same one a second time is dropped."""
        if code not in CODES:
            raise KeyError(f"{code} is not a known code.")
        finding = Finding(
            code=code,
            severity=severity,
            problem=problem,
            remedy=remedy if self.plan == PLAN else remedy.replace(PLAN, self.plan),
            file=file,
            column=column,
            rows=tuple(rows.tolist() if isinstance(rows, np.ndarray) else map(int, rows)),
            of_rows=of_rows,
        )
        if finding not in self.findings:  # a column may be read for several outcomes or arms
            self.findings.append(finding)

    def take(self, findings: Iterable[Finding]) -> None:
        """Write down what another room found, each once."""
        self.findings.extend(f for f in dict.fromkeys(findings) if f not in self.findings)
