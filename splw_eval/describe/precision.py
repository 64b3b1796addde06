"""How exactly a change can be told, before anybody looks at the change."""

from __future__ import annotations

import math

import numpy as np

from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import PrecisionRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells, grouping
from splw_eval.describe.maxima import changes_out_of
from splw_eval.stats import FEWEST_CLUSTERS
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.t_expansion import t_quantile

YES, NO, NO_MID = "Yes", "No", "No MID is given"
CANNOT_SAY = "Cannot be said"


def describe_precision(study: Study) -> Result[PrecisionRow]:
    """Describe to within what a mean change from baseline is known.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of PrecisionRow
        One row for each outcome, arm and wave after baseline. The half-width is that of
        the interval in the table of change, to within 1% from 2 degrees of freedom on.
    """
    rows = tuple(
        _row(cell, wave, code)
        for cell in cells(study)
        for code, wave in enumerate(study.plan.waves)
        if code > 0
    )
    how = (
        "Known to within about: half the width of the 95% interval of the mean change. It says "
        "nothing of whether anything changed, nor of how groups differ."
    )
    return Result(
        key="precision",
        title="How exactly a change can be told",
        unit="points of the score",
        row_type=PrecisionRow,
        rows=rows,
        notes=(Note(text=how), Note(text=grouping(study).sentence), *changes_out_of(study)),
        sources=(
            "Quantile of t by expansion in 1/df: Abramowitz & Stegun 1964, 26.7.5; within 1% from "
            "2 degrees of freedom on.",
        ),
    )


def _row(cell: Cell, wave: Wave, code: int) -> PrecisionRow:
    start, now = cell.pair(code)
    change = now - start
    both = ~np.isnan(change)
    half = _half_width(cell, change, both)
    mid = cell.outcome.mid.value if cell.outcome.mid else None
    return PrecisionRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        n=int(both.sum()),
        clusters=cell.clusters(both),
        half_width=half,
        mid=mid,
        enough=_enough(half, mid),
    )


def _enough(half: float | None, mid: float | None) -> str:
    if mid is None:
        return NO_MID
    if half is None:
        return CANNOT_SAY
    return YES if half < mid else NO


def _half_width(cell: Cell, change: np.ndarray, both: np.ndarray) -> float | None:
    """Half the width of the interval; None where the table of change gives none either."""
    values, n = change[both], int(both.sum())
    if n < 2 or np.ptp(values) == 0:  # noqa: PLR2004 - a variance needs two values
        return None
    if cell.groups is None:
        return t_quantile(n - 1) * float(values.std(ddof=1)) / math.sqrt(n)
    groups = cell.groups[both]
    if len(np.unique(groups)) < FEWEST_CLUSTERS:
        return None
    fit = fit_clusters(values, np.ones((n, 1)), groups)
    error = float(fit.std_error[0])
    # An error of NaN: the groups' means are all the same, but for rounding.
    return 0.0 if math.isnan(error) else t_quantile(float(fit.df[0])) * error
