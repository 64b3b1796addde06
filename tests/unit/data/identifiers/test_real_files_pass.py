"""Public data sets hold nobody's identifiers, and none of their columns may be refused."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.identifiers.refusal import refuse_identifiers
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet
from tests.unit.data.identifiers.given_column import plan

ROOT = Path(__file__).resolve().parents[4]
SHARED = Path(os.environ.get("SPLW_SHARED", ROOT.parent / "shared")) / "reference" / "data"
FILES = sorted(SHARED.glob("*.csv"))
# Files of people have a plan beside them; other tables there are results of simulations.
STUDIES = sorted(path.parent for path in (ROOT / "analyses").rglob("study.toml"))
EXAMPLES = [path for folder in STUDIES for path in sorted(folder.glob("*.csv"))]


def sheets(path: Path) -> list[Sheet]:
    """Give the file as text, and with its columns of numbers typed."""
    with path.open(newline="", encoding="utf-8-sig") as lines:
        header, *rows = csv.reader(lines)
    cells = {name: np.array([row[i] for row in rows], object) for i, name in enumerate(header)}
    typed = {name: _typed(column) for name, column in cells.items()}
    rows_of_file = np.arange(2, len(rows) + 2)
    spec = plan().files[0]
    return [
        Sheet(spec=spec, header=tuple(header), cells=held, rows=rows_of_file)
        for held in (cells, typed)
    ]


def _typed(column):
    try:
        return np.array([float(cell) if cell not in {"", "NA"} else np.nan for cell in column])
    except ValueError:
        return column


@pytest.mark.skipif(not FILES, reason="no folder of public data sets (SPLW_SHARED)")
def test_no_column_of_a_public_data_set_is_refused_or_dropped():
    seen = {}
    for path in FILES:
        ledger, given = Ledger(), sheets(path)
        kept = refuse_identifiers(plan(), given, ledger)
        refused = [f.column for f in ledger.findings if f.severity is Severity.ERROR]
        dropped = [
            h for old, new in zip(given, kept, strict=True) for h in {*old.cells} - {*new.cells}
        ]
        seen[path.name] = refused + dropped
    assert not any(seen.values()), seen


def test_each_of_our_own_examples_has_files_to_look_at():
    assert STUDIES
    assert {path.parent for path in EXAMPLES} == set(STUDIES)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_no_column_of_our_own_examples_is_refused_or_dropped(path):
    ledger, given = Ledger(), sheets(path)
    kept = refuse_identifiers(plan(), given, ledger)
    assert [f.column for f in ledger.findings if f.severity is Severity.ERROR] == []
    assert [set(sheet.cells) for sheet in kept] == [set(sheet.cells) for sheet in given]
