"""People of whom no file says something: found by the rows on which they stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.data.ledger import Ledger
from splw_eval.data.parse import named
from splw_eval.data.sheet import Sheet


def report_lacking(
    lacking: NDArray[np.bool_],
    what: str,
    held: Sequence[tuple[Sheet, str]],
    sheets: Sequence[Sheet],
    index: Mapping[str, int],
    told: tuple[Severity, str, str],
    ledger: Ledger,
) -> None:
    """Report people without something, each by their first row, in the file that should say it.

    Parameters
    ----------
    lacking : ndarray of bool, shape (people,)
    what : str
        What they lack, as in "practice".
    held : sequence of (Sheet, str)
        Files with a column for it, and its heading.
    sheets : sequence of Sheet
        Further files, for people who stand in none of those.
    index : mapping of str to int
        Position of each person.
    told : tuple of (Severity, str, str)
        Severity, code and remedy.
    ledger : Ledger
    """
    severity, code, remedy = told
    left = lacking.copy()
    places = [*held, *((sheet, "") for sheet in sheets)]
    for sheet, heading in places:
        if not left.any():
            return
        person = named(sheet, sheet.person).looked_up(index)
        here = np.flatnonzero((person >= 0) & np.append(left, False)[person])
        seen, first = np.unique(person[here], return_index=True)
        if len(seen):
            ledger.add(
                severity,
                code,
                f"people with no {what}",
                remedy,
                file=sheet.spec.place,
                column=sheet.place(heading) if heading else "",
                rows=np.sort(sheet.rows[here[first]]),
                of_rows=len(sheet),
            )
            left[seen] = False
