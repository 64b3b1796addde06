"""Printed values as numbers: the digits that are printed, and columns of one kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

Value = str | int | float | None
HUNDRED = 100
FIRST = 3  # decimals at which a share next to 0 or 1 is told from it


def rounded(value: float, decimals: int) -> float:
    """Return a number with the decimals that are printed."""
    return round(value, decimals or None)


def rounded_share(share: float) -> float:
    """Return a share between 0 and 1 as its whole per cent.

    One that prints as ``<1%`` or ``>99%`` keeps as many digits as tell it from 0 and 1.
    """
    near, places = round(share * HUNDRED) / HUNDRED, FIRST
    while near in (0, 1) and near != share:
        near, places = round(share, places), places + 1
    return near


def framed(titles: Sequence[str], rows: Sequence[Sequence[Value]]) -> pd.DataFrame:
    """Return rows as a data frame; None is missing (``NA``), and a title may stand there twice."""
    import pandas as pd

    columns = [[row[index] for row in rows] for index in range(len(titles))]
    frame = pd.DataFrame({i: pd.Series(held, dtype=_kind(held)) for i, held in enumerate(columns)})
    frame.columns = pd.Index(list(titles))
    return frame


def _kind(values: Sequence[Value]) -> str:
    """Return the kind of a column of a data frame that holds these."""
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int}:
        return "Int64"
    if kinds and kinds <= {int, float}:
        return "Float64"
    return "object" if len(kinds) > 1 else "string"
