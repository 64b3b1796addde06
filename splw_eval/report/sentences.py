"""Sentences about changes, intervals and dates, which never say more than the design allows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Set

from splw_eval.core.plan import Outcome, Plan
from splw_eval.report.numbers import as_planned, decimals_to_see, number

TOO_FEW = "too few people to show"
NOTHING_TO_DRAW = "no figure is drawn, as too few people are behind every number of it."
TELLS_N = "not shown, as with the other figures it would give an exact number of people"
FEW_OR_TELLING = "not shown: too few people, or it would tell how few others are"

_MID_WORDS = {
    "beyond, better": "All of it is better by more than the MID.",
    "beyond, worse": "All of it is worse by more than the MID.",
    "short": "All of it is smaller than the MID, either way.",
    "includes, better": "A change for the better as large as the MID is possible, but so is a "
    "smaller one.",
    "includes, worse": "A change for the worse as large as the MID is possible, but so is a "
    "smaller one.",
    "includes, both": "A change as large as the MID is possible, for the better or for the worse, "
    "but so is a smaller one.",
}


def why_hidden(masked: Set[str], part: str, parts: Iterable[str]) -> str:
    """Say why the number of one part is hidden; of several nobody is told which is the small one.

    Parameters
    ----------
    masked : set of str
        Fields of the row that are masked.
    part : str
    parts : iterable of str
        All parts of that whole, of which ``n_...`` counts each.
    """
    others = {f"n_{other}" for other in parts if other != part}
    return FEW_OR_TELLING if "n" not in masked and masked & others else TOO_FEW


def planned_before_data(plan: Plan) -> bool:
    """Whether dates show that the analysis was fixed before outcome data were seen.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    bool
        True only if both dates are stated and the plan's is the earlier one.
    """
    if plan.dated is None or plan.data_seen is None:
        return False
    return plan.dated < plan.data_seen


def before_data(plan: Plan) -> str:
    """Return in a word whether the plan came before the data; that needs both dates."""
    if plan.dated is None or plan.data_seen is None:
        return "Cannot be told"
    return "Yes" if planned_before_data(plan) else "No"


def day(date: dt.date | None) -> str:
    """Return a date as it is read aloud; nothing where there is none."""
    return f"{date.day} {date:%B %Y}" if date else ""


def when_chosen(plan: Plan) -> str:
    """Say whether the analysis was chosen before the data were seen."""
    if planned_before_data(plan):
        return (
            f"The plan was fixed on {day(plan.dated)}, before the data were first seen "
            f"({day(plan.data_seen)})."
        )
    if plan.dated is None or plan.data_seen is None:
        return (
            "No dates show otherwise, so read this analysis as one that was chosen after the "
            "data were seen."
        )
    return (
        "This analysis was chosen after the data were seen: the plan is dated "
        f"{day(plan.dated)}, and the data were first seen on {day(plan.data_seen)}."
    )


def amount(value: float, outcome: Outcome) -> str:
    """Return the size of a number with the outcome's unit, without its sign."""
    return f"{number(abs(value), outcome.decimals)} {outcome.unit}"


def side(value: float, outcome: Outcome) -> str:
    """Return ``higher`` or ``lower``; empty where the printed number is zero."""
    if not number(abs(value), outcome.decimals).strip("0.,"):
        return ""
    return "higher" if value > 0 else "lower"


def judged(value: float, outcome: Outcome) -> str:
    """Return whether a change in this direction is for the better or the worse."""
    return "better" if (value > 0) is (outcome.direction == "higher_is_better") else "worse"


def change(value: float, outcome: Outcome) -> str:
    """Return a mean change in words: ``9.2 points lower``."""
    word = side(value, outcome)
    return f"{amount(value, outcome)} {word}" if word else "No higher or lower"


def interval(low: float, high: float, outcome: Outcome) -> str:
    """Return an interval of a change in words.

    Parameters
    ----------
    low, high : float
    outcome : Outcome

    Returns
    -------
    str
        ``from 6.3 to 12.1 points lower``; an end that prints as 0 is no change, where the interval
        reaches it, and has as many decimals as show it where it does not.
    """
    if low > 0 or high < 0:
        near, far = sorted((abs(low), abs(high)))
        places = decimals_to_see(near, outcome.decimals)
        word = "higher" if low > 0 else "lower"
        return f"from {number(near, places)} to {amount(far, outcome)} {word}"
    down, up = side(low, outcome), side(high, outcome)
    if down and up:
        return f"from {amount(low, outcome)} lower to {amount(high, outcome)} higher"
    if not down and not up:
        return "from no change to no change, as far as the digits tell"
    return f"from no change to {amount(low if down else high, outcome)} {down or up}"


def interval_and_mid(judgement: str | None) -> str:
    """Put into words how an interval stands to the MID, as it was judged before rounding."""
    return _MID_WORDS[judgement] if judgement else ""


def scale(outcome: Outcome) -> str:
    """Say how far a score can run and which end is the better one."""
    low, high = (as_planned(end) for end in outcome.range)
    better = "higher" if outcome.direction == "higher_is_better" else "lower"
    return f"Scores can run from {low} to {high}; a {better} score is better."


def small(word: str) -> str:
    """Return a wave's title as it stands inside a sentence."""
    return word if word[:2].isupper() else word[:1].lower() + word[1:]
