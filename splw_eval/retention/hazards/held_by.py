"""How many practices tell of each level of a covariate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.retention.hazards.hazard_rows import Floats, HazardRows

_MOSTLY = 0.5  # of the rows: a value that so many have is looked at against all others


def few_units(rows: HazardRows, *, most: int) -> dict[str, int]:
    """Covariates of which a level, or its leavings, are of a few units alone.

    Parameters
    ----------
    rows : HazardRows
        With units.
    most : int
        Units that are few.

    Returns
    -------
    dict of str to int
        How many units, by the name of the term; terms with more are not among them.
    """
    assert rows.unit is not None
    unit, happened = rows.unit, rows.happened
    found = {}
    for term, columns in rows.covariates.terms.items():
        counts = [
            min(
                _units(unit.codes[part], unit.count),
                _units(unit.codes[part & happened], unit.count),
            )
            for level in _levels(rows.covariates.x, columns)
            for part in (level, ~level)
        ]
        if counts and min(counts) <= most:
            found[term] = max(min(counts), 1)
    return found


def _levels(x: Floats, columns: tuple[int, ...]) -> Iterator[NDArray[np.bool_]]:
    """Rows of each level of a term; of a column of numbers, those beside its usual value."""
    for column in columns:
        values = x[:, column]
        low, high = values.min(), values.max()
        if low < high and ((values == low) | (values == high)).all():
            yield values == high
            continue
        usual = values == np.median(values)
        if _MOSTLY < usual.mean() < 1:
            yield ~usual
    if len(columns) > 1:
        first: NDArray[np.bool_] = (x[:, list(columns)] == 0).all(axis=1)
        if first.any():
            yield first


def _units(codes: Any, count: int) -> int:
    """Units among the rows."""
    return int(np.count_nonzero(np.bincount(codes, minlength=count)))
