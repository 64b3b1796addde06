"""People better and worse by at least the MID, by wave and arm."""

from __future__ import annotations

import numpy as np

from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import ResponderRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells

# Sums of decimal scores carry errors of about 1e-16 of their size; a change that
# equals the MID on paper must count as reaching it.
_ROUNDING = 1e-9


def describe_responders(study: Study) -> Result[ResponderRow]:
    """Count who got better, and worse, by at least the minimal important difference.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ResponderRow
        One row for each outcome with a MID, arm and wave after baseline.
    """
    rows = tuple(
        _row(cell, wave, code, cell.outcome.mid.value)
        for cell in cells(study)
        if cell.outcome.mid is not None
        for code, wave in enumerate(study.plan.waves)
        if code > 0
    )
    mids = [o for o in study.plan.outcomes if o.mid is not None]
    without = [o.label for o in study.plan.outcomes if o.mid is None]
    notes = [
        Note(
            text="Better and worse mean by at least the MID, in the direction that is better for "
            "the person. Such counts also hold chance: scores move without any real change."
        )
    ]
    notes += [Note(text=f"{label}: no MID is given, so nobody is counted.") for label in without]
    return Result(
        key="responders",
        title="Who got better or worse by an important amount",
        unit="people",
        row_type=ResponderRow,
        rows=rows,
        notes=tuple(notes),
        sources=tuple(f"MID of {o.label}: {o.mid.source}" for o in mids if o.mid),
    )


def _row(cell: Cell, wave: Wave, code: int, mid: float) -> ResponderRow:
    change = cell.scores[:, code] - cell.scores[:, 0]
    change = change[~np.isnan(change)]
    gain = change if cell.outcome.direction == "higher_is_better" else -change
    n, reached = len(gain), mid * (1 - _ROUNDING)
    better, worse = int((gain >= reached).sum()), int((gain <= -reached).sum())
    same = n - better - worse
    return ResponderRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        mid=mid,
        n=n,
        n_better=better,
        n_same=same,
        n_worse=worse,
        share_better=better / n if n else None,
        share_same=same / n if n else None,
        share_worse=worse / n if n else None,
    )
