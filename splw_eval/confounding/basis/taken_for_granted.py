"""Sentences about what single rows of a comparison take for granted, or cannot tell."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from splw_eval.models.person_rows import PersonRows

_FEW_PEOPLE = 100  # below which the normal distribution is rough


def independent_notes(rows: PersonRows, *, normal: bool = False) -> Iterator[str]:
    """What rows take for granted where no practices were named.

    Parameters
    ----------
    rows : PersonRows
    normal : bool
        Whether a row has limits of the normal distribution.

    Yields
    ------
    str
    """
    if rows.cluster is not None:
        return
    yield (
        "Rows by least squares take the outcome to vary as much in one group as in the other; "
        "where the smaller group varies more their limits are too narrow. Safer are cluster=, "
        "and weighting in adjusted_difference."
    )
    if normal and rows.n < _FEW_PEOPLE:
        yield f"Limits of the normal distribution are rough with {rows.n} people."


def exact_notes(table: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Rows whose standard error would be rounding only.

    Parameters
    ----------
    table : iterable of dict
        Rows as `regressions.reckoned` makes them.

    Yields
    ------
    str
    """
    exact = [
        row
        for row in table
        if math.isnan(row["std_error"]) and row["df"] >= 0 and math.isfinite(row["estimate"])
    ]
    if exact:
        rows = "1 row has" if len(exact) == 1 else f"{len(exact)} rows have"
        yield (
            f"{rows} no standard error: beyond what the columns explain nothing is left to vary, "
            "between people or practices, but rounding. Was the outcome made from them?"
        )
