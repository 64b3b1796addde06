"""Who came: characteristics and baseline scores of everybody in the study, by arm."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.result import Note, Result
from splw_eval.core.rows import BaselineRow, CategoryRow, NumberRow
from splw_eval.data import Study
from splw_eval.describe.cells import cells
from splw_eval.describe.characteristics import Characteristic, characteristics, quantities
from splw_eval.describe.maxima import scores_out_of

NOT_KNOWN = "Not known"
_QUARTILES = (0.25, 0.5, 0.75)


def describe_characteristics(study: Study) -> Result[CategoryRow]:
    """Count people by category of each characteristic that is kept.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of CategoryRow
        One row for each characteristic, category and arm, then one for those of whom it
        is not known, which has no share. Shares are of those of whom it is known.
    """
    rows = tuple(
        _category_row(study, found, category, code, arm)
        for found in characteristics(study)
        for category, code in _with_unknown(found)
        for arm in range(len(study.plan.groups))
    )
    shares = "Shares are of those of whom it is known; nobody is left out for a gap."
    both = "Deprivation is shown in fifths, two tenths each; 1 is the most deprived."
    return Result(
        key="characteristics",
        title="Who came",
        unit="people",
        row_type=CategoryRow,
        rows=rows,
        notes=(Note(text=shares), Note(text=both)),
    )


def _with_unknown(found: Characteristic) -> list[tuple[str, int]]:
    named = [(category, code) for code, category in enumerate(found.categories)]
    return [*named, (NOT_KNOWN, -1)] if (found.codes < 0).any() else named


def _category_row(
    study: Study, found: Characteristic, category: str, code: int, arm: int
) -> CategoryRow:
    codes = found.codes[study.people.arm == arm]
    people, known = int((codes == code).sum()), int((codes >= 0).sum())
    is_known = code >= 0
    return CategoryRow(
        characteristic=found.title,
        category=category,
        arm=study.plan.groups[arm],
        people=people,
        others=known - people if is_known else known,
        known=known,
        share=people / known if is_known and known else None,
    )


def describe_quantities(study: Study) -> Result[NumberRow]:
    """Summarise the numbers that are kept of each person.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of NumberRow
        One row for each number and arm.
    """
    rows = []
    for found in quantities(study):
        for code, arm in enumerate(study.plan.groups):
            values = found.values[study.people.arm == code]
            summary = summarised(values)
            rows.append(NumberRow(characteristic=found.title, unit=found.unit, arm=arm, **summary))
    return Result(
        key="quantities",
        title="Long-term conditions of those who came",
        unit="conditions",
        row_type=NumberRow,
        rows=tuple(rows),
    )


def describe_baseline(study: Study) -> Result[BaselineRow]:
    """Summarise the baseline score of every outcome.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of BaselineRow
        One row for each outcome and arm, over all who were measured at baseline.
    """
    rows = tuple(
        BaselineRow(outcome=cell.outcome.name, arm=cell.arm, **summarised(cell.scores[:, 0]))
        for cell in cells(study)
    )
    return Result(
        key="baseline",
        title="Scores at the start",
        unit="points of the score",
        row_type=BaselineRow,
        rows=rows,
        notes=tuple(scores_out_of(study, waves=study.plan.waves[:1])),
    )


def summarised(values: NDArray[np.float64]) -> dict[str, Any]:
    """Give the number known and missing, mean, SD and quartiles of some values."""
    known = values[~np.isnan(values)]
    n = len(known)
    quartiles = np.quantile(known, _QUARTILES).tolist() if n else [None] * len(_QUARTILES)
    return {
        "known": n,
        "missing": len(values) - n,
        "mean": float(known.mean()) if n else None,
        "sd": float(known.std(ddof=1)) if n > 1 else None,
        **dict(zip(("lower", "median", "upper"), quartiles, strict=True)),
    }
