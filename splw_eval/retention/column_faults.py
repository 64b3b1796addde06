"""Words for a column that is not what its purpose asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.retention.checks import finding

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = "Give 0 for still engaged, and 1, 2, ... for the causes of leaving."


def no_numbers(values: pd.Series, name: str, remedy: str) -> Finding:
    """Why a column is not one of numbers: rows of text, or yes and no.

    Parameters
    ----------
    values : Series
    name : str
    remedy : str
        Where it is that of endings, how words become codes is added.

    Returns
    -------
    Finding
    """
    import pandas as pd

    if pd.api.types.is_bool_dtype(values):
        return finding("SR02", "yes and no in place of numbers", remedy, column=name)
    read = pd.to_numeric(values.astype("object"), errors="coerce")
    wrong = np.flatnonzero(read.isna().to_numpy() & values.notna().to_numpy())
    problem = "text in place of numbers" if wrong.size else "numbers kept as text"
    if remedy == ENDINGS:
        remedy = f"{remedy} {_coded(name) if wrong.size else _read(name)}"
    return finding("SR02", problem, remedy, column=name, rows=wrong, of_rows=len(values))


def few_practices(count: int, fewest: int, name: str) -> Finding:
    """Practices too few to see how far practices differ.

    Parameters
    ----------
    count, fewest : int
    name : str

    Returns
    -------
    Finding
    """
    if count == 1:
        problem = "all rows are of one practice, so how far practices differ cannot be seen"
    else:
        problem = f"there are {count} practices, and at least {fewest} are needed"
    remedy = "Leave cluster= out, and say that the result is of these practices alone."
    return finding("SR07", problem, remedy, column=name)


def _coded(name: str) -> str:
    """How words become codes."""
    return (
        f'Write each word\'s code, for example frame["event"] = frame["{name}"].map({{"still '
        'engaged": 0, "completed": 1, "dropped out": 2}), or .map({"no": 0, "yes": 1}), and '
        'name that column: event="event".'
    )


def _read(name: str) -> str:
    return f'Turn them into numbers: frame["{name}"] = pandas.to_numeric(frame["{name}"]).'
