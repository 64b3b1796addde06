"""Mean score with its interval, by wave and arm."""

from __future__ import annotations

import numpy as np

from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import SummaryRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells, grouping
from splw_eval.describe.maxima import scores_out_of
from splw_eval.describe.sources import interval_sources


def describe_scores(study: Study) -> Result[SummaryRow]:
    """Summarise the scores of all who were measured at each wave.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of SummaryRow
        One row for each outcome, arm and wave, also where nobody was measured.
    """
    rows = tuple(
        _row(cell, wave, code)
        for cell in cells(study)
        for code, wave in enumerate(study.plan.waves)
    )
    return Result(
        key="scores",
        title="Scores at each wave",
        unit="points of the score",
        row_type=SummaryRow,
        rows=rows,
        notes=(
            Note(
                text="Each wave shows those measured then, so later waves may hold other people "
                "than earlier ones; the change table follows the same people."
            ),
            Note(text=grouping(study).sentence),
            *scores_out_of(study),
        ),
        sources=interval_sources(row.method or "" for row in rows),
    )


def _row(cell: Cell, wave: Wave, code: int) -> SummaryRow:
    here = ~np.isnan(cell.scores[:, code])
    fit = cell.fit(cell.scores[here, code], here)
    return SummaryRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        n=fit.n,
        mean=fit.mean,
        sd=fit.sd,
        conf_low=fit.conf_low,
        conf_high=fit.conf_high,
        clusters=cell.clusters(here),
        method=fit.method,
    )
