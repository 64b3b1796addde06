"""A file of the plan as its reader gets it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from splw_eval.core.findings import Severity
from splw_eval.core.plan import File
from splw_eval.data.ledger import Ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One file, opened.

    Attributes
    ----------
    spec : File
        What the plan says of it.
    path : Path
        Where it stands; known to lie inside the plan's folder.
    raw : bytes
        What it holds.
    ledger : Ledger
        Gets what keeps it from being read.
    """

    spec: File
    path: Path
    raw: bytes
    ledger: Ledger

    def refuse(self, problem: str, remedy: str, code: str = "SW01") -> None:
        """Write down why the file cannot be used."""
        self.ledger.add(Severity.ERROR, code, problem, remedy, file=self.spec.place)

    def refuse_damaged(self, kind: str, remedy: str) -> None:
        """Write down that it cannot be read to its end; a library's own words help nobody."""
        self.refuse(f"is a damaged or incomplete {kind}", remedy)

    def refuse_large(self, cells: int, limit: int) -> None:
        """Write down that it holds more cells than fit into the memory of most machines."""
        problem = f"holds {cells:,} cells; the limit is {limit:,}"
        self.refuse(problem, "Save only the columns that the plan needs.", "SW23")
