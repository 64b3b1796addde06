"""What shown counts of people can be, and what they say of a share."""

from __future__ import annotations

import math
from collections.abc import Iterable

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.disclosure import PROFILES, possible_counts
from splw_eval.core.judging import Bounds, judged

UNKNOWN: Bounds = (0, 10**9)
NEVER, MAYBE, ALWAYS = "no", "may be", "yes"


def bounds(facts: Facts, shown: int | None) -> Bounds:
    """Fewest and most that a count can be.

    Parameters
    ----------
    facts : Facts
    shown : int or None
        As the tables show it; None where it is masked or not known.

    Returns
    -------
    tuple of (int, int)
    """
    if shown is None:
        return UNKNOWN
    profile = PROFILES[facts.plan.disclosure.profile]
    return (shown, shown) if profile.round_to == 1 else possible_counts(shown, profile)


def total(parts: Iterable[Bounds]) -> Bounds:
    """Fewest and most that several counts together can be."""
    held = tuple(parts)
    return sum(low for low, _ in held), sum(high for _, high in held)


def rest(whole: Bounds, part: Bounds) -> Bounds:
    """Fewest and most that are left of a whole without a part."""
    return max(whole[0] - part[1], 0), max(whole[1] - part[0], 0)


def both(first: Bounds, second: Bounds) -> Bounds:
    """Narrow two statements of one count to what fits both."""
    low, high = max(first[0], second[0]), min(first[1], second[1])
    return (low, high) if low <= high else first


def falls_short(held: Bounds, of: Bounds, limit: float) -> str:
    """Say whether fewer than a share are there.

    Parameters
    ----------
    held, of : tuple of (int, int)
    limit : float
        Between 0 and 1.

    Returns
    -------
    str
        `ALWAYS`, `NEVER`, or `MAYBE` where the shown counts leave it open.
    """
    if of == UNKNOWN:
        return MAYBE
    said = judged(held, of, limit)
    if said is None or said.endswith("or more"):
        return NEVER
    return ALWAYS if said.startswith("fewer") else MAYBE


def lost_share(facts: Facts, row: object) -> tuple[float, float]:
    """Least and largest share that one row of the flow can have lost.

    Parameters
    ----------
    facts : Facts
    row : FunnelRow

    Returns
    -------
    tuple of (float, float)
        Between 0 and 1.
    """
    missing = bounds(facts, getattr(row, "missing", None))
    measured = bounds(facts, getattr(row, "measured", None))
    expected = bounds(facts, getattr(row, "expected", None))
    expected = both(expected, total((missing, measured)))
    missing = both(missing, rest(expected, measured))
    if not expected[1]:
        return 0.0, 0.0
    low = missing[0] / expected[1] if math.isfinite(expected[1]) else 0.0
    return low, min(missing[1] / max(expected[0], 1), 1.0)
