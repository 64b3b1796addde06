"""Extra cost beside extra health, said so that nobody takes what is not sure for sure."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import language_of
from splw_eval.report.blocks import Item
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.numbers import ABSENT, MASKED, in_100, number, shown
from splw_eval.report.readers import wording as say
from splw_eval.report.sentences import TOO_FEW

ALIKE = "of groups that may not be alike"
OPEN = "which says little, as there may be no difference in health at all"


def qalys_of(evidence: Evidence, entry: Entry[Any]) -> Item:
    """Return extra cost and extra years in full health of one pair of groups.

    Parameters
    ----------
    evidence : Evidence
    entry : Entry
        A row of ``cost_per_qaly``.

    Returns
    -------
    Item
    """
    row = entry.row
    pair = say.as_said(evidence, row.compared)
    term = f"{pair}, extra cost and years in full health (QALYs): "
    if row.extra_cost is None or row.extra_qaly is None:
        return Item(term=term, text=f"{TOO_FEW}.")
    cost = in_money(evidence, _told(entry, "extra_cost", signed=True))
    parts = [
        f"{cost} ({_range(entry, 'cost')}) and {_told(entry, 'extra_qaly', signed=True)} QALYs "
        f"({_range(entry, 'qaly')}) for each person, until {row.until}",
        _quotient(evidence, entry),
        *(() if language_of(evidence.plan).causal else (ALIKE,)),
    ]
    text = f"{'; '.join(part for part in parts if part)}."
    return Item(term=term, text=" ".join((text, *_chances(evidence, row.compared))))


def in_money(evidence: Evidence, sum_: str) -> str:
    """Return a sum with its currency: a sign or a code before it, a word after it."""
    currency = evidence.plan.costs.currency if evidence.plan.costs else ""
    if currency.islower() and len(currency) > 1:
        return f"{sum_} {currency}"
    return f"{currency} {sum_}".strip()


def _quotient(evidence: Evidence, entry: Entry[Any]) -> str:
    """Return the cost of a QALY, or which group did better; always whether it may be chance."""
    row = entry.row
    sides = (row.qaly_low, row.qaly_high)
    unsure = None in sides or sides[0] <= 0 <= sides[1]
    if row.per_qaly is None:
        told = (row.verdict or "").rstrip(".")
        told = f"{told[:1].lower()}{told[1:]}"
        return f"by the middle figures {told}" if told and unsure else told
    told = f"{in_money(evidence, _told(entry, 'per_qaly'))} for each QALY"
    return f"{told}, {OPEN}" if unsure else told


def _chances(evidence: Evidence, compared: str) -> tuple[str, ...]:
    """Say for what the plan would pay how often the draws find the health worth its cost."""
    rows = [e.row for e in say.rows_of(evidence, "cost_acceptable")]
    told = [
        f"in {in_100(row.chance)} where a QALY is worth {in_money(evidence, number(row.value, 0))}"
        for row in rows
        if row.compared == compared and row.stated == "yes" and row.chance is not None
    ]
    if not told:
        return ()
    return (
        f"Of draws from these data, the extra health is worth its extra cost {', '.join(told)}.",
    )


def _range(entry: Entry[Any], what: str) -> str:
    low, high = (_told(entry, f"{what}_{end}", signed=True) for end in ("low", "high"))
    if {low, high} & {MASKED, ABSENT}:
        return "no interval"
    return f"95% interval {low} to {high}"


def _told(entry: Entry[Any], name: str, *, signed: bool = False) -> str:
    return shown(entry.cell(name, signed=signed))
