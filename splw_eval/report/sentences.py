"""Sentences about changes, intervals and dates, which never say more than the design allows."""

from __future__ import annotations

import datetime as dt

from splw_eval.core.plan import Outcome, Plan
from splw_eval.report.numbers import as_planned, number

TOO_FEW = "too few people to show"


def planned_before_data(plan: Plan) -> bool:
    """Whether dates show that the analysis was fixed before outcome data were seen.

    Parameters
    ----------
    plan : Plan

    Returns
    -------
    bool
        True only if both dates are stated and the plan's is not the later one.
    """
    if plan.dated is None or plan.data_seen is None:
        return False
    return plan.dated <= plan.data_seen


def day(date: dt.date | None) -> str:
    """Return a date as it is read aloud; nothing where there is none."""
    return f"{date.day} {date:%B %Y}" if date else ""


def when_chosen(plan: Plan) -> str:
    """Say whether the analysis was chosen before the data were seen."""
    if planned_before_data(plan):
        return (
            f"The plan was fixed on {day(plan.dated)}, no later than the day the data were "
            f"first seen ({day(plan.data_seen)})."
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


def holds_no_change(low: float, high: float) -> bool:
    """Whether an interval includes a mean change of nothing at all."""
    return low <= 0 <= high


def against_mid(estimate: float, outcome: Outcome) -> str:
    """Say whether a mean change is smaller or larger than the MID."""
    if outcome.mid is None:
        return ""
    mid, size = outcome.mid.value, abs(estimate)
    if number(size, outcome.decimals) == number(mid, outcome.decimals):
        return "The mean change is about as large as the MID."
    word = "smaller" if size < mid else "larger"
    return f"The mean change is {word} than the MID."


def interval_and_mid(low: float, high: float, outcome: Outcome) -> str:
    """Say whether an interval includes changes as large as the MID, and which way."""
    if outcome.mid is None:
        return ""
    mid = outcome.mid.value
    if low > mid or high < -mid:
        way = judged(low if low > mid else high, outcome)
        return f"The interval excludes the MID: all of it is {way} by more than the MID."
    reached = [judged(sign, outcome) for sign in (-1, 1) if low <= sign * mid <= high]
    if not reached:
        return "The interval excludes the MID: all of it is smaller than the MID, either way."
    ways = " and for the ".join(reached)
    return f"The interval includes the MID, for the {ways}."


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
