"""How many people have the lowest or the highest possible score."""

from __future__ import annotations

import numpy as np

from splw_eval.core.judging import judged
from splw_eval.core.plan import Wave
from splw_eval.core.quality_rows import FLOOR_SHARE, FloorRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells
from splw_eval.describe.sources import FLOOR

# A score that is the limit on paper may miss it by rounding.
_ROUNDING = 1e-9
_OWN_TOP = (
    "Where an item does not apply to a person, the highest possible score is the one that this "
    "person could have."
)


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
                "(Terwee 2007), told here from the counts that are shown."
            ),
            *((Note(text=_OWN_TOP),) if study.maximum else ()),
        ),
        sources=(FLOOR,),
    )


def _row(cell: Cell, wave: Wave, code: int) -> FloorRow:
    low, high = cell.outcome.range
    scores = cell.scores[:, code]
    known = ~np.isnan(scores)
    # Where an item does not apply, the highest score of all is out of that person's reach.
    top = high if cell.maximum is None else cell.maximum[known, code]
    scores = scores[known]
    near = _ROUNDING * (high - low)
    n = len(scores)
    lowest, highest = int((scores <= low + near).sum()), int((scores >= top - near).sum())
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
        floor=judged((lowest, lowest), (n, n), FLOOR_SHARE),
        ceiling=judged((highest, highest), (n, n), FLOOR_SHARE),
    )
