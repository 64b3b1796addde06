"""The page on intervals of the ICC prints what its simulation found."""

from __future__ import annotations

import csv
import importlib.util
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "analyses" / "icc_intervals"


def test_the_tables_of_the_page_are_those_of_the_results():
    spec = importlib.util.spec_from_file_location("icc_table", FOLDER / "table.py")
    assert spec is not None
    assert spec.loader is not None
    table = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(table)
    with (FOLDER / "results.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    page = (ROOT / "docs" / "methods" / "icc-intervals.md").read_text(encoding="utf-8")
    lines = [*table.cells(rows), *table.methods(rows)]
    assert len(lines) == 22
    assert [line for line in lines if line not in page] == []
