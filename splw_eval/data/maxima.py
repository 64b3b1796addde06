"""Highest possible scores, where an item does not count for everybody."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.plan import Outcome, Plan
from splw_eval.data.completing import score_of
from splw_eval.data.items import told
from splw_eval.data.sheet import Sheet
from splw_eval.data.source import Source
from splw_eval.instruments.options import choose
from splw_eval.instruments.told import highest_of


def highest_said(source: Source, outcome: Outcome, sheet: Sheet) -> NDArray[np.float64] | None:
    """Highest possible score of each row of ready-made scores, as the plan's options say.

    Parameters
    ----------
    source : Source
    outcome : Outcome
    sheet : Sheet

    Returns
    -------
    ndarray of float, shape (n,), or None
        None where every item counts for everybody.
    """
    instrument = source.instruments.get(outcome.name)
    if instrument is None:
        return None
    known = instrument.options
    if not any(known[name].leaves_out for name in outcome.options if name in known):
        return None
    try:
        chosen = choose(instrument, told(source, outcome, instrument, sheet))
    except DataError:  # ready-made scores need not say what their scoring asks
        return None
    return highest_of(instrument, score_of(outcome, instrument), chosen, len(sheet))


def whole_range(
    plan: Plan, maximum: Mapping[str, NDArray[np.float64]]
) -> dict[str, NDArray[np.float64]]:
    """Give the top of the range to records of files where every item counts.

    Parameters
    ----------
    plan : Plan
    maximum : mapping of str to ndarray of float, shape (n,)
        By name of the outcome; NaN where nothing is left out.

    Returns
    -------
    dict of str to ndarray of float, shape (n,)
    """
    tops = {outcome.name: outcome.range[1] for outcome in plan.outcomes}
    return {
        name: np.where(np.isnan(highest), tops[name], highest) for name, highest in maximum.items()
    }
