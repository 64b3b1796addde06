"""The chance that a programme is worth it, by what would be paid for a QALY."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.cost_rows import AcceptableRow
from splw_eval.core.result import Note, Result
from splw_eval.costs.money.extra import Extra, extras_of
from splw_eval.data import Study
from splw_eval.stats.cost_effectiveness import chance_worth_it, net_benefit

STEPS, BEYOND = 12, 1.5  # of the curve, and how far beyond the highest value it goes
_NO_VALUE = (
    "The plan does not say what would be paid for a year in full health ([costs] value_per_qaly), "
    "so no chance of being worth it is given: the package holds no such value."
)
_HOW = (
    "The chance is the share of draws in which the extra health, at so much a QALY, is worth more "
    "than the extra cost. It is a summary of how sure the data are, and no chance of getting "
    "better. At each value of the plan the net benefit is what is left, with its interval."
)
_NO_DRAWS = "There are too few practices in a group to draw from, so no chance is given."
_SOURCES = ("Fenwick, O'Brien & Briggs 2004, Health Econ 13:405",)


def describe_acceptable(study: Study) -> Result[AcceptableRow]:
    """Describe the chance of being worth it, by what would be paid for a QALY.

    Parameters
    ----------
    study : Study
        Whose plan has prices.

    Returns
    -------
    Result of AcceptableRow
        No rows where the plan names no value, or there are no QALYs; notes say why.
    """
    costs = study.plan.costs
    assert costs is not None
    found = extras_of(study)
    told = [extra for extra in found.pairs if extra.drawn.told]
    rows = tuple(row for extra in told for row in _rows(extra, costs.value_per_qaly))
    notes = [Note(text=_HOW)] if rows else [*found.why_not] if not found.pairs else []
    if found.pairs and not costs.value_per_qaly:
        notes.append(Note(text=_NO_VALUE))
    elif found.pairs and not told:
        notes.append(Note(text=_NO_DRAWS))
    return Result(
        key="cost_acceptable",
        title="The chance that it is worth it",
        unit=costs.currency,
        row_type=AcceptableRow,
        rows=rows,
        notes=tuple(notes),
        sources=_SOURCES if rows else (),
    )


def _rows(extra: Extra, stated: tuple[float, ...]) -> Iterator[AcceptableRow]:
    if not stated:
        return
    curve = np.linspace(0, BEYOND * stated[-1], STEPS + 1).tolist()
    for value in sorted({*curve, *stated}):
        named = value in stated
        benefit = net_benefit(extra.cost_draws, extra.qaly_draws, value)
        low, high = extra.drawn.interval(benefit) if named else (None, None)
        yield AcceptableRow(
            compared=extra.pair.compared,
            value=value,
            stated="yes" if named else "no",
            n_smaller=extra.smaller,
            made_of=extra.made_of,
            chance=chance_worth_it(extra.cost_draws, extra.qaly_draws, value),
            net_benefit=value * extra.qaly - extra.cost if named else None,
            conf_low=low,
            conf_high=high,
        )
