"""How many people have the lowest or the highest possible score."""

from __future__ import annotations

import numpy as np

from splw_eval.core.plan import Wave
from splw_eval.core.quality_rows import FloorRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells
from splw_eval.describe.settings import FLOOR_SHARE
from splw_eval.describe.sources import FLOOR

# A score that is the limit on paper may miss it by rounding.
_ROUNDING = 1e-9
MANY = f"{FLOOR_SHARE:.0%} or more"
FEW = f"fewer than {FLOOR_SHARE:.0%}"


def describe_floor(study: Study) -> Result[FloorRow]:
    """Count people at either end of each score's range.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of FloorRow
        One row for each outcome, arm and wave.
    """
    return Result(
        key="floor_ceiling",
        title="How many have the lowest or the highest score",
        unit="people",
        row_type=FloorRow,
        rows=tuple(
            _row(cell, wave, code)
            for cell in cells(study)
            for code, wave in enumerate(study.plan.waves)
        ),
        notes=(
            Note(
                text=f"Where {FLOOR_SHARE:.0%} or more have the lowest or the highest possible "
                "score, the questionnaire cannot tell those people apart, and cannot show that "
                "somebody there moved further in that direction. The 15% is a rule of thumb "
                "(Terwee 2007), told here from exact counts."
            ),
        ),
        sources=(FLOOR,),
    )


def _row(cell: Cell, wave: Wave, code: int) -> FloorRow:
    low, high = cell.outcome.range
    scores = cell.scores[:, code]
    scores = scores[~np.isnan(scores)]
    near = _ROUNDING * (high - low)
    n = len(scores)
    lowest, highest = int((scores <= low + near).sum()), int((scores >= high - near).sum())
    between = n - lowest - highest
    return FloorRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        lowest=low,
        highest=high,
        n=n,
        n_lowest=lowest,
        n_between=between,
        n_highest=highest,
        share_lowest=lowest / n if n else None,
        share_between=between / n if n else None,
        share_highest=highest / n if n else None,
        floor=_said(lowest, n),
        ceiling=_said(highest, n),
    )


def _said(people: int, n: int) -> str | None:
    if not n:
        return None
    return MANY if people >= FLOOR_SHARE * n else FEW
