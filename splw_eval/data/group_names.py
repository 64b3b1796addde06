"""Names of practices and link workers: codes for none, and one name spelt in two ways."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.ledger import Ledger
from splw_eval.data.lookalikes import DECLARE, name_looks_missing
from splw_eval.data.parse import Names, named
from splw_eval.data.sheet import Sheet, report_cells
from splw_eval.data.spelling import rarer_spellings

_KINDS = {"cluster": "practice", "link_worker": "link worker"}


def check_group_names(sheets: Sequence[Sheet], ledger: Ledger) -> None:
    """Report names of practices and link workers that would make groups that do not exist.

    Parameters
    ----------
    sheets : sequence of Sheet
        Every file of the study.
    ledger : Ledger
        Gets names that look like a missing code (an error: people without a practice would
        become a practice), and rarer spellings of a name (a warning).
    """
    for role, kind in _KINDS.items():
        held = [(s, heading) for s in sheets if (heading := s.heading(role))]
        columns = [(sheet, heading, named(sheet, heading)) for sheet, heading in held]
        for sheet, heading, column in columns:
            codes = _rows_of(column, {v for v in column.held if name_looks_missing(v)})
            if codes.any():
                problem = f"named as a {kind}, but {'looks' if codes.sum() == 1 else 'look'} "
                problem += "like a missing code"
                remedy = f"{DECLARE} As they stand, such people would form a {kind} of their own."
                told = (Severity.ERROR, "SW82", problem, remedy)
                report_cells(sheet, heading, codes, told, ledger)
        rarer = rarer_spellings(_times([column for _, _, column in columns]))
        for sheet, heading, column in columns:
            rows = _rows_of(column, rarer)
            if rows.any():
                problem = f"a {kind} that seems to be spelt otherwise in other rows"
                remedy = f"Write it alike if it is one {kind}; as it stands, it counts as two."
                told = (Severity.WARNING, "SW83", problem, remedy)
                report_cells(sheet, heading, rows, told, ledger)


def _times(columns: Sequence[Names]) -> dict[str, int]:
    """Rows of each name, over all files."""
    times: dict[str, int] = {}
    for column in columns:
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.values))
        for name, n in zip(column.values, counts.tolist(), strict=True):
            if n:
                times[name] = times.get(name, 0) + n
    return times


def _rows_of(column: Names, wanted: set[str]) -> NDArray[np.bool_]:
    if not wanted:
        return np.zeros(len(column.codes), dtype=bool)
    found: NDArray[np.bool_] = column.looked_up(dict.fromkeys(wanted, 1), 0) == 1
    return found
