"""Small tables about the service's records: summaries by group, and what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.retention.delivery.service_log import ServiceLog

if TYPE_CHECKING:
    import pandas as pd

_QUARTILES = (0.25, 0.5, 0.75)
_LOST = {
    "episodes": "no contact or support belongs to anybody known",
    "contacts": "nothing is known of how many contacts there were, how long or of what kind",
    "support": "nothing is known of what was arranged",
}


def spread(values: NDArray[np.float64]) -> dict[str, Any]:
    """Summarise some values.

    Parameters
    ----------
    values : ndarray of float, shape (n,)
        NaN where there is none.

    Returns
    -------
    dict of str to number or None
        known (how many there are), none (how many are 0), mean, lower, median, upper
        (quartiles, between the two nearest values where they fall between), highest.
    """
    known = values[~np.isnan(values)]
    if not known.size:
        names = ("mean", "lower", "median", "upper", "highest")
        return {"known": 0, "none": 0, **dict.fromkeys(names)}
    lower, median, upper = np.quantile(known, _QUARTILES).tolist()
    return {
        "known": len(known),
        "none": int((known == 0).sum()),
        "mean": float(known.mean()),
        "lower": lower,
        "median": median,
        "upper": upper,
        "highest": float(known.max()),
    }


def frame(rows: Sequence[dict[str, Any]], columns: str) -> pd.DataFrame:
    """Give rows as a DataFrame with columns in this order, also where there are no rows."""
    import pandas as pd

    return pd.DataFrame(list(rows), columns=columns.split())


def left_out(log: ServiceLog) -> pd.DataFrame:
    """Rows of the files that are not counted: what, rows, of_rows."""
    rows = [dict(zip(("what", "rows", "of_rows"), row, strict=True)) for row in log.left_out]
    return frame(rows, "what rows of_rows")


def no_table(name: str) -> Finding:
    """Say what is lost where a table is not there."""
    return Finding(
        code="SR46",
        severity=Severity.WARNING,
        problem=f"there is no table of {name}, so {_LOST[name]}",
        remedy=f"Add a file of the table {name} to the plan.",
    )


def share(part: int, whole: int) -> float | None:
    """One number of another; None of nothing."""
    return part / whole if whole else None
