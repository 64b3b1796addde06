"""Change from baseline in the same people, by wave and arm."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import FEW_DF, ChangeRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells, grouping
from splw_eval.describe.judgement import includes_no_change, interval_and_mid
from splw_eval.describe.maxima import changes_out_of
from splw_eval.describe.sources import EFFECT_SIZE, interval_sources
from splw_eval.stats import FEWEST_CLUSTERS, MeanFit, fit_mean


def describe_change(study: Study) -> Result[ChangeRow]:
    """Describe the change from baseline of those measured at both times.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ChangeRow
        One row for each outcome, arm and wave after baseline. It is a change
        within a group and never an effect.
    """
    rows = tuple(
        _row(cell, wave, code)
        for cell in cells(study)
        for code, wave in enumerate(study.plan.waves)
        if code > 0
    )
    return Result(
        key="change",
        title="Change from baseline",
        unit="points of the score",
        row_type=ChangeRow,
        rows=rows,
        notes=(*_notes(study, rows), *changes_out_of(study)),
        sources=(*interval_sources(row.method or "" for row in rows), EFFECT_SIZE),
    )


def _notes(study: Study, rows: tuple[ChangeRow, ...]) -> list[Note]:
    notes = [
        Note(
            text="Only people measured at baseline and at the wave are in a row. Those who were "
            "lost may have changed otherwise; nothing here makes up for them."
        ),
        Note(text=grouping(study).sentence),
        Note(
            text="Scores of people who come at a bad time drift back towards their usual level by "
            "themselves (regression to the mean); a change within a group cannot tell that apart."
        ),
    ]
    if len(rows) > 1:
        notes.append(
            Note(
                text="Several changes are shown and none is adjusted for their number: of twenty "
                "95% intervals one is expected to miss the true change by chance alone."
            )
        )
    if any("fewer than 4 clusters" in (row.method or "") for row in rows):
        notes.append(
            Note(
                text=f"No interval is given where fewer than {FEWEST_CLUSTERS} practices or link "
                "workers were seen: too few to tell how much they differ."
            )
        )
    if any(row.clusters is not None and row.df is not None and row.df < FEW_DF for row in rows):
        notes.append(
            Note(
                text="Where the degrees of freedom are below 4 the interval rests on very few "
                "practices or link workers and its coverage is uncertain."
            )
        )
    return notes


def _row(cell: Cell, wave: Wave, code: int) -> ChangeRow:
    start, now = cell.pair(code)
    both = ~np.isnan(start)
    before, after = start[both], now[both]
    change = cell.fit(after - before, both)
    first, end = fit_mean(before), fit_mean(after)
    return ChangeRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        n=change.n,
        mean_baseline=first.mean,
        sd_baseline=first.sd,
        mean_wave=end.mean,
        sd_wave=end.sd,
        estimate=change.mean,
        sd_change=change.sd,
        std_error=change.std_error,
        df=change.df,
        conf_low=change.conf_low,
        conf_high=change.conf_high,
        includes_no_change=includes_no_change(change),
        interval_and_mid=interval_and_mid(change, cell.outcome),
        effect_size=_effect_size(before, first, end),
        clusters=cell.clusters(both),
        grouped_by=cell.grouped_by,
        method=change.method,
    )


def _effect_size(before: NDArray[np.float64], start: MeanFit, end: MeanFit) -> float | None:
    """Mean change over baseline SD; None where the baseline does not vary."""
    if not start.sd or end.mean is None:  # 0 exactly where the baseline does not vary
        return None
    import pingouin

    # Its one-sample form divides by the SD of the first argument: here, of the baseline.
    return -float(pingouin.compute_effsize(before, end.mean, eftype="cohen"))
