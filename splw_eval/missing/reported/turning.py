"""Points at which an interval begins, or ceases, to hold no difference."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.imputation.tipping import Shifted

Floats = NDArray[np.float64]
_STEPS = 200  # in either direction, between which a change of sign is looked for
_AGAIN = 2  # times that a step is parted in as many


@dataclass(frozen=True, slots=True, kw_only=True)
class Turning:
    """Points by which people lost from the programme did worse, below 0 better.

    Attributes
    ----------
    better_until : float or None
        Up to these the whole interval is on the programme's side; None where that never begins
        or ends within reach.
    worse_from : float or None
        From these on the whole interval is against it.
    """

    better_until: float | None
    worse_from: float | None


def turning_of(shifted: Shifted, theirs: float, *, worse: float, reach: float) -> Turning:
    """Find both points for so many points added in the comparison.

    Parameters
    ----------
    shifted : Shifted
        The programme's people first, then the comparison's.
    theirs : float
        Points by which people lost from the comparison did worse.
    worse : float
        1 where higher scores are worse, -1 where they are better.
    reach : float
        Most points tried in either direction, above 0.

    Returns
    -------
    Turning
        Of several changes the one nearest to 0.
    """

    def margins(points: Floats) -> tuple[Floats, Floats]:
        """How far the interval lies on the programme's side of 0, and on the other."""
        pooled = shifted.pooled([[worse * mine, worse * theirs] for mine in points])
        ends = np.array([-worse * pooled.conf_low, -worse * pooled.conf_high])
        return ends.min(axis=0), -ends.max(axis=0)

    return Turning(
        better_until=_nearest(lambda points: margins(points)[0], reach),
        worse_from=_nearest(lambda points: margins(points)[1], reach),
    )


def _nearest(margin: Callable[[Floats], Floats], reach: float) -> float | None:
    """The change of sign nearest to 0; None where there is none."""
    tried = np.linspace(-reach, reach, 2 * _STEPS + 1)
    found = _change(margin, tried)
    for _ in range(_AGAIN):
        if found is None:
            return None
        found = _change(margin, np.linspace(found[0], found[1], _STEPS + 1)) or found
    return None if found is None else (found[0] + found[1]) / 2


def _change(margin: Callable[[Floats], Floats], tried: Floats) -> tuple[float, float] | None:
    sign = margin(tried) > 0
    at = np.flatnonzero(sign[1:] != sign[:-1])
    if not len(at):
        return None
    place = int(at[np.abs(tried[at] + tried[at + 1]).argmin()])
    return float(tried[place]), float(tried[place + 1])
