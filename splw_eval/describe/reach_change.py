"""Change of the primary outcome in each category of people, and nothing compared."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.reach_rows import CategoryChangeRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells, grouping
from splw_eval.describe.characteristics import Characteristic, characteristics
from splw_eval.describe.sources import interval_sources
from splw_eval.describe.who_came import NOT_KNOWN

_NOTES = (
    "Only people measured at the start and at the wave are in a row; who was lost may have changed "
    "otherwise, and not alike in all categories.",
    "An interval that includes 0 in one category and not in another is no difference between the "
    "two: nothing is compared here, and there are no p-values. Whether the programme does more for "
    "some is asked on the page on who benefits, by interactions.",
    "Scores of people who come at a bad time drift back towards their usual level by themselves, "
    "the further the lower they started; so categories that start lower change more without any "
    "help.",
)


def describe_change_by(
    study: Study, titles: tuple[str, ...], wave: int
) -> Result[CategoryChangeRow]:
    """Describe the change of the primary outcome in each category.

    Parameters
    ----------
    study : Study
    titles : tuple of str
        Characteristics, in reading order.
    wave : int
        Position of the wave among the plan's.

    Returns
    -------
    Result of CategoryChangeRow
        Intervals by practice or link worker, as those of the page on changes.
    """
    held = {found.title: found for found in characteristics(study)}
    rows = tuple(
        row
        for cell in cells(study)
        if cell.outcome is study.plan.primary
        for title in titles
        if title in held
        for row in _rows(study, cell, held[title], wave)
    )
    words = (*_NOTES, grouping(study).sentence)
    return Result(
        key="change_by",
        title="How each kind of people changed",
        unit="points of the score",
        row_type=CategoryChangeRow,
        rows=rows,
        notes=tuple(Note(text=text) for text in words),
        sources=tuple(interval_sources(row.method or "" for row in rows)),
    )


def _rows(
    study: Study, cell: Cell, found: Characteristic, wave: int
) -> Iterator[CategoryChangeRow]:
    arm = study.plan.groups.index(cell.arm)
    codes = found.codes[study.people.arm == arm]
    start, now = cell.pair(wave)
    named = [*enumerate(found.categories), (-1, NOT_KNOWN)]
    for code, category in named:
        who = (codes == code) & ~np.isnan(start)
        if not who.any():
            continue
        fit = cell.fit(now[who] - start[who], who)
        yield CategoryChangeRow(
            outcome=cell.outcome.name,
            arm=cell.arm,
            wave=study.plan.waves[wave].name,
            characteristic=found.title,
            category=category,
            n=fit.n,
            estimate=fit.mean,
            std_error=fit.std_error,
            df=fit.df,
            conf_low=fit.conf_low,
            conf_high=fit.conf_high,
            clusters=cell.clusters(who),
            method=fit.method,
        )
