"""Sentences about changes, intervals and dates, which never say more than the design allows."""

from __future__ import annotations

import datetime as dt

from splw_eval.core.plan import Outcome, Plan
from splw_eval.report.numbers import as_planned, number

TOO_FEW = "too few people to show"

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
    """Return an interval of a change in words: ``from 6.3 to 12.1 points lower``."""
    first, last = side(low, outcome), side(high, outcome)
    if first and last and first != last:
        return f"from {amount(low, outcome)} lower to {amount(high, outcome)} higher"
    word = first or last
    if not word:
        return f"from {amount(low, outcome)} to {amount(high, outcome)}"
    near, far = sorted((low, high), key=abs)
    return f"from {number(abs(near), outcome.decimals)} to {amount(far, outcome)} {word}"


def against_mid(estimate: float, outcome: Outcome) -> str:
    """Say whether a mean change that has no interval is smaller or larger than the MID."""
    if outcome.mid is None:
        return ""
    mid, size = outcome.mid.value, abs(estimate)
    if number(size, outcome.decimals) == number(mid, outcome.decimals):
        return "The mean change is about as large as the MID."
    way = judged(estimate, outcome)
    if size < mid:
        return "The mean change is smaller than the MID."
    return f"The mean change is {way} by more than the MID."


def interval_and_mid(judgement: str | None) -> str:
    """Put into words how an interval stands to the MID, as it was judged before rounding."""
    return _MID_WORDS[judgement] if judgement else ""


def mid_meaning(outcome: Outcome) -> str:
    """Say what the MID is, how large, and whose figure it is."""
    if outcome.mid is None:
        return (
            "No MID (the smallest change that matters to people) was given for this score, so "
            "nobody is counted as better or worse."
        )
    return (
        f"The MID, the smallest change that matters to people, is {as_planned(outcome.mid.value)} "
        f"{outcome.unit}. Its source: {outcome.mid.source}"
    ).rstrip(".") + "."


def scale(outcome: Outcome) -> str:
    """Say how far a score can run and which end is the better one."""
    low, high = (as_planned(end) for end in outcome.range)
    better = "higher" if outcome.direction == "higher_is_better" else "lower"
    return f"Scores can run from {low} to {high}; a {better} score is better."


def small(word: str) -> str:
    """Return a wave's title as it stands inside a sentence."""
    return word if word[:2].isupper() else word[:1].lower() + word[1:]
