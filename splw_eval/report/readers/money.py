"""Use of services, and what the programme costs where the plan gives unit costs."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import language_of
from splw_eval.report.blocks import Block, Item, ListBlock, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.numbers import shown, whole
from splw_eval.report.pages.costs import SO_FAR
from splw_eval.report.readers import wording as say
from splw_eval.report.readers.worth import in_money, qalys_of
from splw_eval.report.sentences import TOO_FEW

MOST_USES, MOST_COSTS, MOST_QALYS = 2, 4, 2
FIRST = "Difference in changes"
RATES = (
    "For every 100 people in a month, before they were referred or found for the study and after:"
)
FALLS_BACK = (
    "Use is often high when people are found and falls back by itself (regression to the mean)."
)
NO_EFFECT = "Before and after of one group is no effect of the service."
ASK = (
    "Ask for the full cost of the service (pay, on-costs, supervision, software, onward services)."
)
NONE_GIVEN = "No unit costs were given, so this report says nothing about money."
SOME_ANYWAY = "Some people improve in any case, so no cost here is that of an improvement brought "
SOME_ANYWAY += "about."
COSTED = ("cost_per", "cost_per_qaly")
ROUNDED = f"{SO_FAR}: where people are few, by much."
SAID = ("Not counted:", "With fewer than")  # how those notes begin
MORE = (
    "{n} more figure stands in the evaluator's report.",
    "{n} more figures stand in the evaluator's report.",
)


def sections(evidence: Evidence) -> tuple[Section, ...]:
    """Return use of services where it is known, and costs or why there are none.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    tuple of Section
    """
    return (*_used(evidence), _costs(evidence))


def _used(evidence: Evidence) -> tuple[Section, ...]:
    rows = say.rows_of(evidence, "service_use")
    kinds = tuple(dict.fromkeys(e.row.what for e in rows))[:MOST_USES]
    said = [_use(evidence, what, [e for e in rows if e.row.what == what]) for what in kinds]
    if not said:
        return ()
    alone = "" if evidence.plan.arms else f" {NO_EFFECT}"
    blocks = (
        Paragraph(text=RATES),
        ListBlock(items=tuple(said)),
        Paragraph(text=f"{FALLS_BACK}{alone}"),
    )
    return (Section(id="service-use", title="Does it free the practice's time?", blocks=blocks),)


def _use(evidence: Evidence, what: str, rows: list[Entry[Any]]) -> Item:
    several = len(rows) > 1
    parts = [_before_and_after(entry, several=several) for entry in rows]
    compared = [
        e
        for e in say.rows_of(evidence, "service_use_contrast")
        if e.row.what == what and e.row.method == FIRST
    ]
    parts += [_difference(evidence, entry, several=len(compared) > 1) for entry in compared]
    return Item(term=f"{what}: ", text=f"{'; '.join(part for part in parts if part)}.")


def _before_and_after(entry: Entry[Any], *, several: bool) -> str:
    row = entry.row
    whom = f"{row.group} " if several else ""
    if row.before is None or row.after is None:
        return f"{whom}{say.NOT_SHOWN}"
    before, after, people = (_told(entry, name) for name in ("before", "after", "n"))
    words = f"{whom}{before} before and {after} after ({people} people"
    return f"{words}{_change(entry) if not several else ''})"


def _change(entry: Entry[Any]) -> str:
    if entry.row.change is None or entry.row.conf_low is None:
        return ""
    change, low, high = (_told(entry, n, signed=True) for n in ("change", "conf_low", "conf_high"))
    return f"; change {change}, 95% interval {low} to {high}"


def _difference(evidence: Evidence, entry: Entry[Any], *, several: bool) -> str:
    row = entry.row
    if row.estimate is None:
        return ""
    size = _told(entry, "estimate", signed=True)
    named = f"{row.compared}: " if several else ""
    if row.conf_low is None or row.conf_high is None:
        return f"{named}difference in changes {size} (no interval)"
    low, high = (_told(entry, name, signed=True) for name in ("conf_low", "conf_high"))
    open_ = ", so there may be no difference" if row.conf_low <= 0 <= row.conf_high else ""
    cause = "" if language_of(evidence.plan).causal else ", of groups that may not be alike"
    return f"{named}difference in changes {size} (95% interval {low} to {high}{open_}){cause}"


def _costs(evidence: Evidence) -> Section:
    costs = [_cost(evidence, entry) for entry in say.rows_of(evidence, "cost_per")]
    qalys = [qalys_of(evidence, entry) for entry in say.rows_of(evidence, "cost_per_qaly")]
    items = (*costs[:MOST_COSTS], *qalys[:MOST_QALYS])
    if not items:
        words = f"{_why_none(evidence)} {ASK}"
        blocks: tuple[Block, ...] = (Paragraph(text=words),)
    else:
        left = len(costs) + len(qalys) - len(items)
        more = (MORE[left > 1].format(n=whole(left)),) if left else ()
        rounded = (ROUNDED,) if _any_cost(evidence) else ()
        told = " ".join((*rounded, *_priced(evidence), SOME_ANYWAY, *_left_out(evidence), *more))
        blocks = (ListBlock(items=items), Paragraph(text=told))
    return Section(id="costs", title="What does it cost?", blocks=blocks)


def _any_cost(evidence: Evidence) -> bool:
    """Whether any amount is shown, and so was rounded."""
    per = any(e.row.cost is not None for e in say.rows_of(evidence, "cost_per"))
    return per or any(e.row.extra_cost is not None for e in say.rows_of(evidence, "cost_per_qaly"))


def _left_out(evidence: Evidence) -> tuple[str, ...]:
    """Say what has no price and so is not counted, and where intervals are too narrow."""
    held = (evidence.held[key] for key in COSTED if key in evidence.held)
    said = (note.sentence() for result in held for note in result.notes)
    return tuple(dict.fromkeys(words for words in said if words.startswith(SAID)))


def _why_none(evidence: Evidence) -> str:
    """Say in the result's own words why there is no cost, where prices were given."""
    given = bool(say.rows_of(evidence, "prices"))
    return say.why_not(evidence, "cost_per") if given else NONE_GIVEN


def _cost(evidence: Evidence, entry: Entry[Any]) -> Item:
    row = entry.row
    several = len({e.row.group for e in say.rows_of(evidence, "cost_per")}) > 1
    whom = f"{row.group}, " if several else ""
    term = say.start(f"{whom}for each person {row.per}: ")
    if row.cost is None:
        return Item(term=term, text=f"{TOO_FEW}.")
    people = f"; {_told(entry, 'n')} people" if row.n is not None else ""
    if row.conf_low is None or row.conf_high is None:
        why = (row.interval or "").partition("none: ")[2] or "no interval"
        return Item(term=term, text=f"{_sum(evidence, entry, 'cost')} ({why}{people}).")
    low, high = (_told(entry, name) for name in ("conf_low", "conf_high"))
    text = f"{_sum(evidence, entry, 'cost')} (95% interval {low} to {high}{people})."
    return Item(term=term, text=text)


def _priced(evidence: Evidence) -> tuple[str, ...]:
    """Say in which money and of which year prices are, and from whose side."""
    costs = evidence.plan.costs
    if costs is None:
        return ()
    return (
        f"Prices are those of the plan, in {costs.currency} of {costs.price_year}; costs are "
        f"counted for: {costs.perspective.rstrip('.')}.",
    )


def _sum(evidence: Evidence, entry: Entry[Any], name: str) -> str:
    return in_money(evidence, _told(entry, name))


def _told(entry: Entry[Any], name: str, *, signed: bool = False) -> str:
    return shown(entry.cell(name, signed=signed))
