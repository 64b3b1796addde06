"""Results about missing scores as plain text of 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 80


def result_text(title: str, table: pd.DataFrame, method: str, notes: Sequence[str]) -> str:
    """A title, a plain table, how it was made, and what to know.

    Parameters
    ----------
    title : str
    table : DataFrame
        Broken into blocks of columns where it is wider than a page.
    method : str
    notes : sequence of str

    Returns
    -------
    str
    """
    shown = table.to_string(
        index=False, float_format=lambda value: f"{value:.4g}", na_rep="-", line_width=WIDTH
    )
    told = [textwrap.fill(text, WIDTH) for text in (f"Method: {method}.", *notes)]
    return "\n".join([textwrap.fill(title, WIDTH), shown.replace("<NA>", "   -"), *told])
