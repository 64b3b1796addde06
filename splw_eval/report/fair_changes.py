"""Sentences about changes compared: like with like first, then what weighting makes of it."""

from __future__ import annotations

from collections.abc import Iterable

from splw_eval.core.confounding_rows import DifferenceRow
from splw_eval.core.plan import Outcome
from splw_eval.report import sentences as say
from splw_eval.report.fair_sentences import size
from splw_eval.report.numbers import number

_START, _ALIKE = "At the start", "the characteristics alike"
_PLAIN, _REGRESSED, _ROBUST, _ANCOVA = "unadjusted", "by regression", "doubly robust", "ANCOVA"


def changes(rows: Iterable[DifferenceRow], outcome: Outcome) -> str:
    """Say what changes compared give, beside scores given the start.

    Parameters
    ----------
    rows : iterable of DifferenceRow
    outcome : Outcome

    Returns
    -------
    str
        Only what two regressions part by is Lord's paradox; the rest is the weighting.
    """
    held = tuple(rows)
    start = _found(held, _ALIKE) if _found(held, _ALIKE) is not None else _found(held, _START)
    change = _found(held, _REGRESSED)
    change = _found(held, _PLAIN) if change is None else change
    robust, ancova = _found(held, _ROBUST), _found(held, _ANCOVA)
    if start is None or change is None or robust is None or ancova is None:
        return f"Changes compared: {say.TOO_FEW}."
    alike = f", {_ALIKE}" if _found(held, _REGRESSED) is not None else ""
    group = held[0].compared.partition(" – ")[0]
    return (
        f"{group} began {size(start, outcome)}{alike}. By "
        f"regression, comparing changes gives {size(change, outcome)}, and comparing people with "
        f"the same score at the start {size(ancova, outcome)}. These two part by "
        f"{_between(ancova, change, outcome)} (Lord's paradox). Weighted besides (doubly robust), "
        f"changes give {size(robust, outcome)}: that step is the weighting."
    )


def _found(rows: tuple[DifferenceRow, ...], sign: str) -> float | None:
    return next((row.estimate for row in rows if sign in row.method), None)


def _between(one: float, other: float, outcome: Outcome) -> str:
    return f"{number(abs(one - other), outcome.decimals)} {outcome.unit}"
