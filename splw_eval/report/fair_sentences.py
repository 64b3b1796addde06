"""Sentences about a fair comparison: unadjusted and adjusted, always both."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from splw_eval.core.confounding_rows import (
    LIMIT,
    POINT,
    AdjustedRow,
    BalanceRow,
    EValueRow,
    PracticeTestRow,
)
from splw_eval.core.plan import Outcome
from splw_eval.report import sentences as say
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import in_100, number

UNADJUSTED, REGRESSION = "Unadjusted", "Regression"
NO_INTERVAL = "no interval can be given"
_HALF = 0.5
SMALL_MOVE = 0.1  # of an adjusted interval's width: below it, adjusting changes hardly anything
MANY_DF = 4
_LEVEL = 0.05
FEW_DF = (
    "The adjusted interval rests on fewer than 4 degrees of freedom: it is rough, and may be far "
    "too narrow or too wide."
)


def compared(evidence: Evidence, key: str = "adjusted") -> tuple[str, ...]:
    """Return the pairs of groups that a result tells of, in order."""
    return tuple(dict.fromkeys(row.compared for row in evidence.of(key).rows))


def of(evidence: Evidence, key: str, pair: str) -> tuple[Entry[Any], ...]:
    """Return the rows of one pair of groups."""
    return tuple(e for e in entries(evidence.of(key)) if e.row.compared == pair)


def size(value: float, outcome: Outcome) -> str:
    """Return a difference in words: ``0.8 points higher``."""
    words = say.change(value, outcome)
    return words if words[:1].isdigit() else f"{words[:1].lower()}{words[1:]}"


def limits(low: float | None, high: float | None, outcome: Outcome) -> str:
    """Return an interval in words, for brackets."""
    if low is None or high is None:
        return NO_INTERVAL
    words = say.interval(low, high, outcome).replace("no change", "no difference")
    return f"95% interval {words}"


def answer(rows: Iterable[AdjustedRow], tests: Iterable[PracticeTestRow], outcome: Outcome) -> str:
    """Return what was found of one pair of groups, unadjusted and adjusted.

    Parameters
    ----------
    rows : iterable of AdjustedRow
    tests : iterable of PracticeTestRow
    outcome : Outcome

    Returns
    -------
    str
    """
    held = tuple(rows)
    plain = next((row for row in held if row.method == UNADJUSTED), None)
    adjusted = next((row for row in held if row.default == "yes"), None)
    if plain is None or plain.estimate is None:
        return f"{held[0].compared if held else 'The groups'}: {say.TOO_FEW}."
    start = f"{plain.compared}, {_at(plain.when)}: unadjusted, the average score was "
    start += f"{size(plain.estimate, outcome)} ({limits(plain.conf_low, plain.conf_high, outcome)})"
    if adjusted is None or adjusted.estimate is None:
        return f"{start}. By the method of this design there is no adjusted difference."
    words = (
        f"{start}. Adjusted, by {say.small(adjusted.method)}{_whom(adjusted)}, it was "
        f"{size(adjusted.estimate, outcome)} "
        f"({limits(adjusted.conf_low, adjusted.conf_high, outcome)})."
    )
    parts = (
        words,
        _moved(plain.estimate, adjusted, outcome),
        _no_difference(adjusted),
        apart(held, outcome),
    )
    return " ".join(part for part in (*parts, *by_practices(tests)) if part)


def few(rows: Iterable[AdjustedRow], tests: Iterable[PracticeTestRow]) -> Iterator[str]:
    """Warn of intervals and tests that so few practices cannot carry."""
    adjusted = next((row for row in rows if row.default == "yes"), None)
    if adjusted is not None and adjusted.df is not None and adjusted.df < MANY_DF:
        yield FEW_DF
    row = permuted(tests)
    if row is not None and row.smallest_p is not None and row.smallest_p > _LEVEL:
        yield (
            f"A test that permutes the {row.clusters} practices could not have gone below p "
            f"{_p(row.smallest_p)}, whatever the difference. So nothing here says how far chance "
            "alone could move it."
        )


def _whom(row: AdjustedRow) -> str:
    """Whom weights stand for; a regression has no say in this."""
    return "" if row.method == REGRESSION else f" and for {row.population}"


def _at(when: str) -> str:
    return f"at {say.small(when)}"


def _moved(plain: float, adjusted: AdjustedRow, outcome: Outcome) -> str:
    if adjusted.estimate is None or adjusted.conf_low is None or adjusted.conf_high is None:
        return ""
    moved = adjusted.estimate - plain
    if abs(moved) < SMALL_MOVE * (adjusted.conf_high - adjusted.conf_low):
        return "Adjusting hardly moves it."
    start, end = (number(x, outcome.decimals, signed=True) for x in (plain, adjusted.estimate))
    return f"Adjusting moves it from {start} to {end}."


def apart(rows: Iterable[AdjustedRow], outcome: Outcome) -> str:
    """Say between which methods the adjusted difference hangs on the method; empty where none.

    Parameters
    ----------
    rows : iterable of AdjustedRow
    outcome : Outcome

    Returns
    -------
    str
        Where two methods part by more than half the MID, or half the interval of the design's.
    """
    told = [row for row in rows if row.method != UNADJUSTED and row.estimate is not None]
    first = next((row for row in told if row.default == "yes"), None)
    if first is None or first.conf_low is None or first.conf_high is None:
        return ""
    sizes = {row.method: row.estimate or 0.0 for row in told}
    low, high = min(sizes, key=lambda m: sizes[m]), max(sizes, key=lambda m: sizes[m])
    most = _HALF * (first.conf_high - first.conf_low)
    most = min(most, _HALF * outcome.mid.value) if outcome.mid else most
    if sizes[high] - sizes[low] <= most:
        return ""
    ends = [
        f"{number(sizes[m], outcome.decimals, signed=True)} by {say.small(m)}" for m in (low, high)
    ]
    return f"The methods disagree ({' and '.join(ends)}), so the answer hangs on the method."


def _no_difference(row: AdjustedRow) -> str:
    if row.conf_low is None or row.conf_high is None:
        return ""
    return "There may be no difference at all." if row.conf_low <= 0 <= row.conf_high else ""


def permuted(tests: Iterable[PracticeTestRow]) -> PracticeTestRow | None:
    """Return the permutation that is told first."""
    return next((t for t in tests if t.smallest_p is not None and "ermut" in t.method), None)


def by_practices(tests: Iterable[PracticeTestRow]) -> Iterator[str]:
    """Say what permuting the practices shows, where it could show anything."""
    row = permuted(tests)
    if row is None or row.p_value is None or row.smallest_p is None or row.smallest_p > _LEVEL:
        return
    by_chance = "Randomisation" in row.method
    given = "chance could have allocated" if by_chance else "the programme could be given to"
    yield (
        f"Of the ways in which {given} the {row.clusters} practices, {in_100(row.p_value)} show a "
        f"difference as large, with each practice counting the same (p {_p(row.p_value)})."
    )


def rules(tests: Iterable[PracticeTestRow]) -> str:
    """Say whether the rules for few practices agree on how far chance may explain it.

    Parameters
    ----------
    tests : iterable of PracticeTestRow

    Returns
    -------
    str
        Of those that are adjusted and could have gone below p 0.05.
    """
    told = [t for t in tests if not t.method.endswith("unadjusted") and t.p_value is not None]
    held = [t for t in told if t.smallest_p is None or t.smallest_p <= _LEVEL]
    below = sum((t.p_value or 0.0) < _LEVEL for t in held)
    start = "Practices are few, so no one rule is leaned on alone."
    if len(held) <= 1:
        return start
    if 0 < below < len(held):
        return (
            f"{start} Here the rules disagree: {number(below, 0)} of {len(held)} give p below "
            "0.05, so the answer is not sure."
        )
    agreed = "each gives p below 0.05" if below else "none gives p below 0.05"
    return f"{start} Here the {len(held)} rules agree: {agreed}."


def _p(value: float) -> str:
    return "below 0.001" if value < 0.001 else number(value, 2 if value >= 0.1 else 3)  # noqa: PLR2004


def balance(rows: Iterable[BalanceRow]) -> str:
    """Say how many differences lie beyond chance before weighting, and the largest after.

    Parameters
    ----------
    rows : iterable of BalanceRow

    Returns
    -------
    str
        Of those that may be shown.
    """
    told = [row for row in rows if row.before is not None]
    if not told:
        return f"Differences at the start: {say.TOO_FEW}."
    judged = [row for row in told if row.chance_limit is not None]
    beyond = [row for row in judged if abs(row.before or 0.0) > (row.chance_limit or 0.0)]
    worst = max(told, key=lambda row: abs(row.before or 0.0))
    some = "None" if not beyond else number(len(beyond), 0)
    words = (
        f"{some} of {len(judged)} differences at the start lies beyond what chance makes "
        if len(beyond) == 1 or not beyond
        else f"{some} of {len(judged)} differences at the start lie beyond what chance makes "
    )
    words += f"in 19 of 20; the largest is {_sd(worst.before)} ({named(worst)})."
    after = [row for row in told if row.after is not None]
    if not after:
        return f"{words} Nothing is weighted here."
    left = max(after, key=lambda row: abs(row.after or 0.0))
    return f"{words} After weighting the largest is {_sd(left.after)}."


def named(row: BalanceRow) -> str:
    """Return a characteristic with its level."""
    return f"{row.characteristic}: {row.level}" if row.level else row.characteristic


def _sd(value: float | None) -> str:
    return f"{number(abs(value or 0.0), 2)} SD"


def beside_page_one(row: Any) -> str:
    """Say whose figures these are, by what units, and where the main answer stands.

    Parameters
    ----------
    row : EngagementRow or SubgroupRow

    Returns
    -------
    str
    """
    units = "judged by practices" if row.clusters else "who count as independent"
    return (
        f"Figures here are of people measured {_at(row.when)}, {units}; the main answer is that of "
        "page one."
    )


def e_values(rows: Iterable[EValueRow]) -> str:
    """Say how strong something unmeasured would have to be."""
    held = {row.of: row for row in rows}
    point, limit = held.get(POINT), held.get(LIMIT)
    if point is None or point.e_value is None:
        return f"E-value: {say.TOO_FEW}."
    value = number(point.e_value, 2)
    words = (
        "To explain the adjusted difference away, something unmeasured would have to go with both "
        f"the group and the outcome by a ratio of risks of about {value} each, beyond all that was "
        "adjusted for."
    )
    if limit is None or limit.e_value is None:
        return words
    if limit.e_value <= 1:
        return f"{words} For the interval nothing is needed: it holds no difference already."
    return (
        f"{words} For the interval to hold no difference, about {number(limit.e_value, 2)} would "
        "do."
    )
