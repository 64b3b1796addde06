"""Findings: what is wrong with a plan or a file, where, and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

ROWS_NAMED = 10  # more row numbers than this are unreadable; findings.csv holds them all


class Severity(StrEnum):
    """What a finding does to the run."""

    ERROR = "error"  # stops the run
    WARNING = "warning"  # goes on, and appears in the report
    NOTE = "note"  # goes on; for the evaluator only


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault, with its place and its remedy.

    Attributes
    ----------
    code : str
        Stable code, such as ``SW21``; listed in the documentation.
    severity : Severity
        Whether the run stops.
    problem : str
        What is wrong, without any person's value or identifier.
    remedy : str
        What the reader can do.
    file, column : str
        Where; empty where it does not apply. A column is given as the file's
        header and the letter that a spreadsheet shows.
    rows : tuple of int
        Rows of the file as a spreadsheet numbers them: the header is row 1.
    of_rows : int or None
        How many rows were looked at.
    """

    code: str
    severity: Severity
    problem: str
    remedy: str
    file: str = ""
    column: str = ""
    rows: tuple[int, ...] = ()
    of_rows: int | None = None

    def place(self) -> str:
        """File and column, as one phrase."""
        column = f"column {self.column}" if self.column else ""
        return ", ".join(part for part in (self.file, column) if part)

    def extent(self) -> str:
        """How many rows, and the first of them, as one phrase."""
        if not self.rows:
            return ""
        shown = ", ".join(str(row) for row in self.rows[:ROWS_NAMED])
        more = ", ..." if len(self.rows) > ROWS_NAMED else ""
        word = "row" if len(self.rows) == 1 else "rows"
        of_rows = f" of {self.of_rows}" if self.of_rows is not None else ""
        unit = "row" if len(self.rows) == 1 and self.of_rows is None else "rows"
        return f"in {len(self.rows)}{of_rows} {unit} ({word} {shown}{more})"

    def sentence(self) -> str:
        """Code, place, what is wrong, how often, and the remedy."""
        place = f"{self.place()}: " if self.place() else ""
        extent = f" {self.extent()}" if self.rows else ""
        stop = "" if f"{self.problem}{extent}".endswith("?") else "."
        return f"{self.code} {place}{self.problem}{extent}{stop} {self.remedy}"


def errors_of(findings: tuple[Finding, ...] | list[Finding]) -> tuple[Finding, ...]:
    """Those that stop the run."""
    return tuple(f for f in findings if f.severity is Severity.ERROR)
