"""What an interval says of no change and of the MID, judged before anything is rounded."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.stats import MeanFit


def includes_no_change(fit: MeanFit) -> str | None:
    """``yes`` or ``no``; None where there is no interval."""
    if fit.conf_low is None or fit.conf_high is None:
        return None
    return "yes" if fit.conf_low <= 0 <= fit.conf_high else "no"


def interval_and_mid(fit: MeanFit, outcome: Outcome) -> str | None:
    """How an interval of change stands to the MID.

    Parameters
    ----------
    fit : MeanFit
        Of the change, not rounded.
    outcome : Outcome

    Returns
    -------
    str or None
        ``beyond, better`` or ``beyond, worse``: all of it is larger than the MID;
        ``short``: all of it is smaller, either way; ``includes, better``, ``includes, worse``
        or ``includes, both``. None where there is no interval or no MID.
    """
    return limits_and_mid(fit.conf_low, fit.conf_high, outcome)


def limits_and_mid(low: float | None, high: float | None, outcome: Outcome) -> str | None:
    """How an interval from `low` to `high` stands to the MID, as `interval_and_mid` says it."""
    if low is None or high is None or outcome.mid is None:
        return None
    better_up = outcome.direction == "higher_is_better"
    up, down = ("better", "worse") if better_up else ("worse", "better")
    mid = outcome.mid.value
    if low > mid or high < -mid:
        return f"beyond, {up if low > mid else down}"
    ways = [way for way, size in ((up, mid), (down, -mid)) if low <= size <= high]
    if not ways:
        return "short"
    return f"includes, {'both' if len(ways) > 1 else ways[0]}"
