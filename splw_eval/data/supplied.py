"""Scores that a file gives ready-made: read by themselves, or compared with those of items."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Outcome
from splw_eval.data.completing import score_of
from splw_eval.data.parse import numbers
from splw_eval.data.possible import in_range, report_off_grid
from splw_eval.data.scored import Made
from splw_eval.data.sheet import Sheet, report_cells
from splw_eval.data.source import Source

_MOST_DECIMALS = 6
_WITHIN = 1e-9  # decimals such as 0.1 have no exact binary form
_MOSTLY = 0.9  # of the rows that differ, explained by another score
_NO_REASON = (
    "The score made from the items is used. Check how the total was worked out, how answers "
    "were keyed, and [outcomes.options]."
)


def read_score(source: Source, outcome: Outcome, sheet: Sheet, heading: str) -> NDArray[np.float64]:
    """Read a column of scores; those out of range are reported, and NaN."""
    scores = in_range(
        sheet,
        heading,
        numbers(sheet, heading, source.ledger),
        outcome.range,
        set_missing=outcome.out_of_range == "missing",
        ledger=source.ledger,
        instrument=outcome.instrument,
    )
    report_off_grid(outcome, sheet, heading, scores, source.ledger)
    return scores


def compare_supplied(
    source: Source, outcome: Outcome, sheet: Sheet, heading: str, made: Made
) -> NDArray[np.float64]:
    """Compare a column of totals with the scores made from the items of the same rows.

    Parameters
    ----------
    source : Source
        Its ledger gets the rows that differ by more than half a step.
    outcome : Outcome
    sheet : Sheet
    heading : str
        Column of the totals.
    made : Made

    Returns
    -------
    ndarray of float, shape (n,)
        The totals as they stand; NaN is missing. Nothing is worked out from them.
    """
    supplied = numbers(sheet, heading, source.ledger)
    differ = _apart(supplied, made.scores, outcome.step)
    if differ.any():
        told = (
            Severity.WARNING,
            "SW117",
            f"not the score that the items give for {outcome.label}",
            f"{_hint(source, outcome, supplied, differ, made)} {_NO_REASON}".strip(),
        )
        report_cells(sheet, heading, differ, told, source.ledger)
    alone = ~np.isnan(supplied) & np.isnan(made.scores)
    if alone.any():
        told = (
            Severity.WARNING,
            "SW121",
            f"a total whose items give no score for {outcome.label}",
            "It is not used. Find the answers; where only totals were kept, give these rows a "
            "file of their own, without [files.items].",
        )
        report_cells(sheet, heading, alone, told, source.ledger)
    return supplied


def _apart(
    supplied: NDArray[np.float64], scores: NDArray[np.float64], step: float
) -> NDArray[np.bool_]:
    """Whether two scores differ by more than half a step, or than the rounding of the first."""
    gap = np.abs(supplied - scores)
    differ: NDArray[np.bool_] = gap > step / 2 + _WITHIN  # NaN compares false
    if differ.any():
        decimals = _decimals(supplied)
        if decimals:
            differ &= gap > 0.5 * 10.0**-decimals + _WITHIN
    return differ


def _decimals(values: NDArray[np.float64]) -> int:
    """How many decimals a column was written with."""
    held = np.unique(values[~np.isnan(values)])
    for places in range(_MOST_DECIMALS):
        if np.allclose(held, np.round(held, places), rtol=0, atol=_WITHIN):
            return places
    return _MOST_DECIMALS


def _hint(
    source: Source,
    outcome: Outcome,
    supplied: NDArray[np.float64],
    differ: NDArray[np.bool_],
    made: Made,
) -> str:
    """Say which other score of the instrument the totals are, if they are one."""
    instrument = source.instrument(outcome)
    used = score_of(outcome, instrument)
    for score in instrument.scores:
        other = made.every[score.name].values[differ]
        same = ~_apart(supplied[differ], other, score.step) & ~np.isnan(other)
        if score.name != used.name and same.mean() >= _MOSTLY:
            return f'They are the score "{score.name}" of the same answers, not "{used.name}".'
    return ""
