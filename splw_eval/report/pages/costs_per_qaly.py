"""Extra cost beside extra years in full health: words, the plane, and whether it is worth it."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import Costs, language_of
from splw_eval.report.blocks import (
    Block,
    Callout,
    Figure,
    FigureGroup,
    Fold,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_costs import Chance, Cloud
from splw_eval.report.numbers import in_100, number, shown
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import counted
from splw_eval.report.sentences import TOO_FEW

EXTRA = (
    "n", "extra_cost", "cost_low", "cost_high", "extra_qaly", "qaly_low", "qaly_high",
)  # fmt: skip
WORDS = ("verdict", "per_qaly", "costs_gains", "costs_loses", "saves_gains", "saves_loses")
SPREAD = (
    "n_smaller",
    "n_complete",
    "months_known",
    "sd_cost",
    "sd_qaly",
    "correlation",
    "clusters",
    "interval",
)
WORTH = ("stated", "chance", "net_benefit", "conf_low", "conf_high")
FEW_MONTHS = 80  # of 100 months that are known, below which that is said
QALY = (
    "A QALY is one year in full health; half a year in full health, or a year at half of it, is "
    "half a QALY."
)
QUADRANTS = (
    ("costs_gains", "cost more and gain health"),
    ("costs_loses", "cost more and lose health"),
    ("saves_gains", "cost less and gain health"),
    ("saves_loses", "cost less and lose health"),
)
SIGNED = frozenset(
    {"extra_cost", "cost_low", "cost_high", "extra_qaly", "qaly_low", "qaly_high", "net_benefit"}
)
Found = tuple[Entry[Any], ...]


def sections(evidence: Evidence, plan: Costs) -> tuple[Section, ...]:
    """Return extra cost and health, or why there is no cost for each QALY.

    Parameters
    ----------
    evidence : Evidence
    plan : Costs

    Returns
    -------
    tuple of Section
    """
    result = evidence.of("cost_per_qaly")
    found = tuple(entries(result))
    if not found:
        told = tuple(Paragraph(text=note.sentence()) for note in result.notes)
        return (Section(id="cost-per-qaly", title="No cost per QALY", blocks=told),)
    return (_extra(evidence, plan, found), *_worth(evidence, plan))


def _extra(evidence: Evidence, plan: Costs, found: Found) -> Section:
    result = evidence.of("cost_per_qaly")
    several = (("Compared", lambda row: row.compared),)
    table, words, spread = (
        listed(
            result,
            found,
            several,
            names,
            caption=f"{caption}, {plan.currency} of {plan.price_year}",
            anchor=f"cost-per-qaly-{anchor}-table",
            signed=SIGNED,
        )
        for names, caption, anchor in (
            (EXTRA, "Extra cost and extra QALYs for each person", "extra"),
            (WORDS, "What that comes to, and the shares of draws", "words"),
            (SPREAD, "What the drawing rests on", "spread"),
        )
    )
    figures = tuple(
        figure
        for place, entry in enumerate(found, start=1)
        if (figure := _plane(entry, plan, place)) is not None
    )
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=text, lead=True) for e in found for text in _said(evidence, e, plan)),
        Paragraph(text=QALY),
        *((FigureGroup(figures=figures),) if figures else ()),
        table,
        words,
        Fold(title="What stands behind the drawing", file=spread.file, blocks=(spread,)),
        *counted(result),
    )
    return Section(id="cost-per-qaly", title=result.title, blocks=blocks)


def _said(evidence: Evidence, entry: Entry[Any], plan: Costs) -> list[str]:
    row = entry.row
    if row.extra_cost is None or row.extra_qaly is None:
        return [f"{row.compared}: {TOO_FEW}."]
    cost = f"{_cell(entry, 'extra_cost')} {plan.currency}{_in(entry, 'cost')}"
    health = f"{_cell(entry, 'extra_qaly')} QALYs{_in(entry, 'qaly')}"
    linked = "came of it" if language_of(evidence.plan).causal else "was associated with it"
    said = [
        f"{row.compared}, until {row.until[:1].lower()}{row.until[1:]}: for each person, an extra "
        f"cost of {cost} and extra health of {health} {linked}. {row.verdict}."
    ]
    if row.per_qaly is not None:
        words = "spent for each QALY gained" if row.extra_qaly > 0 else "saved for each QALY lost"
        said[0] += f" That is {_cell(entry, 'per_qaly')} {plan.currency} {words}."
        if _may_be_none(row):
            said.append(
                "The interval of the extra health holds none at all, so that cost for each QALY "
                "could be any: do not quote it without what follows."
            )
    if row.months_known is not None and row.months_known < FEW_MONTHS:
        said.append(
            f"Only {_cell(entry, 'months_known')} of 100 months of use are known in one of the "
            "groups; the others count as that person's mean, which may be far off."
        )
    shares = [(getattr(row, name), words) for name, words in QUADRANTS]
    told = [(share, words) for share, words in shares if share is not None]
    if told:
        parts = ", ".join(f"{in_100(share)} {words}" for share, words in told if share > 0)
        said.append(
            f"How sure that is: the study was made anew from its own practices, drawn by chance, "
            f"many times over. Of these, {parts}."
        )
    else:
        said.append("How sure that is cannot be told: there are too few practices to draw from.")
    return said


def _may_be_none(row: Any) -> bool:
    """Whether the interval of the extra health holds none, or there is no interval."""
    low, high = row.qaly_low, row.qaly_high
    return low is None or high is None or bool(low <= 0 <= high)


def _in(entry: Entry[Any], what: str) -> str:
    low, high = f"{what}_low", f"{what}_high"
    if getattr(entry.row, low) is None or getattr(entry.row, high) is None:
        return ""
    return f" (95% interval {_cell(entry, low)} to {_cell(entry, high)})"


def _cell(entry: Entry[Any], name: str) -> str:
    return shown(entry.cell(name, signed=name in SIGNED))


def _plane(entry: Entry[Any], plan: Costs, place: int) -> Figure | None:
    from splw_eval.report.figures.costs import draw_plane

    row = entry.row
    held = (row.extra_cost, row.extra_qaly, row.sd_cost, row.sd_qaly, row.correlation)
    if any(value is None for value in held):
        return None
    cost, health, sd_cost, sd_health, correlation = held
    cloud = Cloud(
        health=health, cost=cost, sd_health=sd_health, sd_cost=sd_cost, correlation=correlation
    )
    key = f"cost-plane-{place}"
    title = f"{row.compared}: extra cost and extra health"
    lines = "; ".join(f"{number(value, 0)} {plan.currency}" for value in plan.value_per_qaly)
    caption = "The diamond is the estimate; about 95 of 100 draws lie in the ellipse."
    if lines:
        caption += f" Below a broken line it is worth it to whoever pays {lines} for a "
        caption += "QALY: the steeper, the more."
    said = (
        f"The estimate lies at {_cell(entry, 'extra_cost')} {plan.currency} and "
        f"{_cell(entry, 'extra_qaly')} QALYs. {row.verdict}."
    )
    return Figure(
        id=key,
        svg=draw_plane(key, title, f"{said} {caption}", plan.currency, cloud, plan.value_per_qaly),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id="cost-per-qaly-extra-table",
    )


def _worth(evidence: Evidence, plan: Costs) -> tuple[Section, ...]:
    result = evidence.of("cost_acceptable")
    found = tuple(entries(result))
    if not found:
        told = tuple(Paragraph(text=note.sentence()) for note in result.notes)
        return (Section(id="cost-worth", title=result.title, blocks=told),) if told else ()
    table = listed(
        result,
        found,
        (
            ("Compared", lambda row: row.compared),
            (f"Paid for a QALY, {plan.currency}", lambda row: number(row.value, 0)),
        ),
        WORTH,
        caption="The chance of being worth it, and what is left once the extra cost is paid",
        anchor="cost-worth-table",
        signed=SIGNED | {"conf_low", "conf_high"},
    )
    pairs = tuple(dict.fromkeys(e.row.compared for e in found))
    figures = tuple(
        figure
        for place, pair in enumerate(pairs, start=1)
        if (figure := _chances(pair, found, plan, place)) is not None
    )
    stated = [e for e in found if e.row.stated == "yes"]
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=_chance(e, plan), lead=True) for e in stated),
        Callout(
            title="Whose value this is",
            paragraphs=(
                "What a QALY is worth is for whoever decides to say. The values here are those of "
                "the plan; the package ships none.",
            ),
        ),
        *((FigureGroup(figures=figures),) if figures else ()),
        Fold(title="The same in numbers", file=table.file, blocks=(table,)),
        *counted(result),
    )
    return (Section(id="cost-worth", title=result.title, blocks=blocks),)


def _chance(entry: Entry[Any], plan: Costs) -> str:
    row = entry.row
    paid = f"{row.compared}: to whoever pays {number(row.value, 0)} {plan.currency} for a QALY"
    if row.chance is None:
        return f"{paid}, the chance of being worth it cannot be shown: {TOO_FEW}."
    return f"{paid}, it is worth it in {in_100(row.chance)} draws."


def _chances(pair: str, found: Found, plan: Costs, place: int) -> Figure | None:
    from splw_eval.report.figures.costs import draw_chance

    points = tuple(
        Chance(value=e.row.value, chance=e.row.chance, stated=e.row.stated == "yes")
        for e in found
        if e.row.compared == pair and e.row.chance is not None
    )
    if not points:
        return None
    key, title = f"cost-worth-{place}", f"{pair}: the chance of being worth it"
    caption = "Diamonds: the values that the plan states. Dotted: as likely as not."
    said = "; ".join(
        f"at {number(p.value, 0)} {plan.currency} {in_100(p.chance)}" for p in points if p.stated
    )
    return Figure(
        id=key,
        svg=draw_chance(key, title, f"{said}. {caption}", plan.currency, points),
        title=title,
        description=f"{said}. {caption}",
        caption=caption,
        table_id="cost-worth-table",
    )
