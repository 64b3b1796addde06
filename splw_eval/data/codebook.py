"""The codebook: the columns of every table, their types, units and meanings."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import Plan, suggestion

# Columns without which a table's rows belong to nothing.
LINKS = {
    "episodes": ("episode", "person"),
    "contacts": ("episode",),
    "support": ("episode",),
    "link_workers": ("link_worker",),
    "clusters": ("cluster",),
    "service_use": ("person", "month"),
}
# Columns that are read with the people and the scores, and not as a table.
NOT_IN_TABLES = {"measures": ("person", "wave", "date", "arm", "cluster", "link_worker")}

Kind = Literal["key", "text", "term", "band", "yes_no", "number", "whole", "date"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CodebookColumn:
    """One column of one table.

    Attributes
    ----------
    table, name : str
    kind : str
        ``key`` (text, one a row), ``text`` (shown in no output), ``term`` (of a vocabulary),
        ``band`` (of ages), ``yes_no``, ``number``, ``whole`` or ``date``.
    unit : str
    level : str
        ``must``, ``should`` or ``may`` be kept; a table without a column that must be kept
        is used, and what is lost is said.
    vocabulary : str
        Name of the list of terms; empty where there is none.
    quasi : bool
        Whether it may tell people apart together with others.
    meaning : str
    """

    table: str
    name: str
    kind: Kind
    unit: str
    level: str
    vocabulary: str
    quasi: bool
    meaning: str


def codebook_text() -> str:
    """Return the codebook as the CSV that ships with the package."""
    return files("splw_eval.data").joinpath("codebook.csv").read_text(encoding="utf-8")


@cache
def codebook() -> dict[str, dict[str, CodebookColumn]]:
    """Return the columns of each table by name, in reading order."""
    tables: dict[str, dict[str, CodebookColumn]] = {}
    for line in csv.DictReader(io.StringIO(codebook_text())):
        column = CodebookColumn(
            table=line["table"],
            name=line["column"],
            kind=line["type"],  # type: ignore[arg-type]  # held by a test
            unit=line["unit"],
            level=line["level"],
            vocabulary=line["vocabulary"],
            quasi=line["quasi"] == "yes",
            meaning=line["meaning"],
        )
        tables.setdefault(column.table, {})[column.name] = column
    return tables


def check_plan(plan: Plan) -> tuple[Finding, ...]:
    """Find columns of [files.columns] that the codebook does not have.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    tuple of Finding
        Errors, all at once; nothing of the files is read for them.
    """
    return tuple(
        Finding(
            code="SW51",
            severity=Severity.ERROR,
            problem=f'[files.columns]: the table {file.table} has no column "{name}"'
            f"{suggestion(name, codebook()[file.table])}",
            remedy="Use the names of the codebook on the left of the sign =.",
            file=file.place,
        )
        for file in plan.files
        for name in file.columns
        if name not in codebook()[file.table]
    )
