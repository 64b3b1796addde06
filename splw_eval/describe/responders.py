"""People better and worse by at least an important difference, by wave and arm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Outcome, Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import ResponderRow
from splw_eval.data import Study
from splw_eval.describe.cells import Cell, cells
from splw_eval.describe.instrument_card import score_of
from splw_eval.describe.maxima import changes_out_of
from splw_eval.describe.sources import cited
from splw_eval.describe.yardsticks import IN_THE_PLAN

# Sums of decimal scores carry errors of about 1e-16 of their size; a change that
# equals the difference on paper must count as reaching it.
_ROUNDING = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One difference that was called important.

    Attributes
    ----------
    value : float
    unit : str
        ``points`` of the score, or ``percent`` of the score at the start.
    kind, source : str
        How it was found, and who says so.
    said : str
        The same in words, for the list of sources.
    """

    value: float
    unit: str
    kind: str
    source: str
    said: str


def describe_responders(study: Study) -> Result[ResponderRow]:
    """Count who got better, and worse, by at least each difference that was called important.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of ResponderRow
        One row for each outcome, arm, difference and wave after baseline. The plan's MID comes
        first, then those that the catalogue lists.
    """
    listed = {outcome.name: tuple(_differences(study, outcome)) for outcome in study.plan.outcomes}
    rows = tuple(
        _row(cell, wave, code, difference)
        for cell in cells(study)
        for difference in listed[cell.outcome.name]
        for code, wave in enumerate(study.plan.waves)
        if code > 0
    )
    return Result(
        key="responders",
        title="Who got better or worse by an important amount",
        unit="people",
        row_type=ResponderRow,
        rows=rows,
        notes=(*_notes(study, listed), *changes_out_of(study)),
        sources=tuple(found.said for several in listed.values() for found in several),
    )


def _differences(study: Study, outcome: Outcome) -> Iterator[Listed]:
    """Yield the plan's MID, then the catalogue's differences."""
    plan = outcome.mid
    if plan is not None:
        yield Listed(
            value=plan.value,
            unit="points",
            kind=IN_THE_PLAN,
            source=plan.source,
            said=f"MID of {outcome.label}: {plan.source}",
        )
    instrument = study.instruments.get(outcome.name)
    if instrument is None:
        return
    for found in score_of(instrument, outcome).differences:
        again = plan and (found.value, found.unit, found.source) == (
            plan.value,
            "points",
            plan.source,
        )
        if found.value is None or again:
            continue
        source, status = cited(found.source, found.status)
        size = f"{found.value:g} {'per cent' if found.unit == 'percent' else outcome.unit}"
        yield Listed(
            value=found.value,
            unit=found.unit,
            kind=found.kind,
            source=found.source,
            said=f"{outcome.label}, {size} ({found.kind}, {status}): {source}",
        )


def _notes(study: Study, listed: Mapping[str, tuple[Listed, ...]]) -> Iterator[Note]:
    yield Note(
        text="Better and worse mean by at least the difference named, in the direction that is "
        "better for the person. Such counts also hold chance: scores move without any real change."
    )
    if any(len(several) > 1 for several in listed.values()):
        yield Note(
            text="Several differences stand beside each other, as they were found among other "
            "people and by other methods, and none is the true one. Read them together: to choose "
            "one after seeing the counts proves nothing."
        )
    if any(found.unit == "percent" for several in listed.values() for found in several):
        yield Note(
            text="A difference in per cent is of the person's own score at the start, so those who "
            "started at 0 are not counted."
        )
    for outcome in study.plan.outcomes:
        if outcome.mid is None:
            also = "" if listed[outcome.name] else ", so nobody is counted"
            yield Note(text=f"{outcome.label}: no MID is given{also}.")


def _row(cell: Cell, wave: Wave, code: int, difference: Listed) -> ResponderRow:
    start, now = cell.pair(code)
    change = now - start if cell.outcome.direction == "higher_is_better" else start - now
    gain, reached = _against(difference, start, change)
    n, edge = len(gain), reached * (1 - _ROUNDING)
    better, worse = int((gain >= edge).sum()), int((gain <= -edge).sum())
    same = n - better - worse
    return ResponderRow(
        outcome=cell.outcome.name,
        arm=cell.arm,
        wave=wave.name,
        month=wave.month,
        mid=difference.value,
        unit=difference.unit,
        kind=difference.kind,
        source=difference.source,
        n=n,
        n_better=better,
        n_same=same,
        n_worse=worse,
        share_better=better / n if n else None,
        share_same=same / n if n else None,
        share_worse=worse / n if n else None,
    )


def _against(
    difference: Listed, start: NDArray[np.float64], gain: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Gains of those who count, and what each must reach."""
    known = ~np.isnan(gain)
    if difference.unit == "percent":
        known &= start > 0
        return gain[known], difference.value / 100 * start[known]
    return gain[known], np.full(int(known.sum()), difference.value)
