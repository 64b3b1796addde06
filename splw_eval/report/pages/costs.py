"""What the programme cost: for each person, for each result, and beside the health that was had."""

from __future__ import annotations

from typing import Any

from splw_eval.core.plan import Costs
from splw_eval.report.blocks import (
    Block,
    Callout,
    Fold,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import shown
from splw_eval.report.pages import costs_per_qaly
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import TOO_FEW

PARTS = ("cost_per", "cost_parts", "cost_per_qaly", "cost_acceptable", "prices")
PER = ("of", "n", "cost", "conf_low", "conf_high", "clusters")
PART = ("n", "per_person")
PRICE = ("value", "year", "pays", "source")
LEFT_OUT = "Not counted:"
HOW_TO_GIVE = (
    "To have this page filled, write a section [costs] into study.toml: the currency, the year of "
    "the prices, from whose side costs are counted, and each price with its source: of a contact "
    "with the practice, an emergency attendance, an admission, an item prescribed, and of the "
    "programme itself, by the hour or in all."
)
SO_FAR = (
    "Amounts are rounded so far that, with the prices, they do not give the number of people away"
)
ROUNDED = f"{SO_FAR}; so parts need not add up."
Found = tuple[Entry[Any], ...]


def page(evidence: Evidence) -> Page:
    """Return the page of costs; short where no prices were given."""
    title, plan = "What it costs", evidence.plan.costs
    if plan is None:
        said = (note.sentence() for note in evidence.of("prices").notes)
        blocks = tuple(Paragraph(text=words) for words in (*said, HOW_TO_GIVE))
        section = Section(
            id="costs-none", title="No unit costs were given", blocks=blocks, nothing=True
        )
        return Page(id="costs", title=title, sections=(section,))
    sections = (
        *_per(evidence, plan),
        *_parts(evidence, plan),
        *costs_per_qaly.sections(evidence, plan),
        *_prices(evidence, plan),
    )
    return Page(id="costs", title=title, sections=sections)


def _group(found: Found) -> Lead:
    several = len({e.row.group for e in found}) > 1
    return (("Group", lambda row: row.group),) if several else ()


def _per(evidence: Evidence, plan: Costs) -> tuple[Section, ...]:
    result = evidence.of("cost_per")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    table = listed(
        result,
        found,
        (*_group(found), ("For each person", lambda row: row.per)),
        PER,
        caption=f"Cost of the programme, {plan.currency} of {plan.price_year}",
        anchor="cost-per-table",
    )
    left_out = _left_out(evidence)
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in _said(found, plan)),
        *((Callout(title="What is left out", paragraphs=(left_out,)),) if left_out else ()),
        table,
        Paragraph(text=ROUNDED),
        *counted(result, without=left_out),
    )
    return (Section(id="cost-per", title=result.title, blocks=blocks),)


def _left_out(evidence: Evidence) -> str:
    said = (note.sentence() for note in evidence.of("prices").notes)
    return next((words for words in said if words.startswith(LEFT_OUT)), "")


def _said(found: Found, plan: Costs) -> list[str]:
    """Give the costs for each group: for each person referred, engaged and improved."""
    said = []
    for group in dict.fromkeys(e.row.group for e in found):
        own = [e for e in found if e.row.group == group]
        named = f"{group}: " if len({e.row.group for e in found}) > 1 else ""
        plain = [e for e in own if not e.row.per.startswith("improved")]
        said += [f"{named}{_one(e, plan)}" for e in plain]
        improved = [e for e in own if e.row.per.startswith("improved")]
        if improved:
            said.append(f"{named}{_improved(improved, plan)}")
    return said


def _one(entry: Entry[Any], plan: Costs) -> str:
    row = entry.row
    whom = f"For each person {row.per}"
    if row.cost is None:
        return f"{whom}, the cost cannot be shown: {TOO_FEW}, or one practice makes up most of it."
    cost = f"{whom}, the programme cost {_cell(entry, 'cost')} {plan.currency}"
    if row.conf_low is None or row.conf_high is None:
        return f"{cost}."
    return f"{cost} (95% interval {_cell(entry, 'conf_low')} to {_cell(entry, 'conf_high')})."


def _improved(found: list[Entry[Any]], plan: Costs) -> str:
    told = [_cell(e, "cost") for e in found if e.row.cost is not None]
    if len(told) < len(found):
        return f"The cost for each person improved cannot be shown: {TOO_FEW}."
    ends = " and ".join(dict.fromkeys(reversed(told)))
    cost = f"between {ends}" if len(set(told)) > 1 else ends
    lost = ", by what is taken of those who were lost" if len(set(told)) > 1 else ""
    return (
        f"For each person improved it cost {cost} {plan.currency}{lost}. Some would have improved "
        "without it, so this is not the cost of one improvement that it brought about."
    )


def _cell(entry: Entry[Any], name: str) -> str:
    return shown(entry.cell(name))


def _parts(evidence: Evidence, plan: Costs) -> tuple[Section, ...]:
    result = evidence.of("cost_parts")
    found = tuple(entries(result))
    if not found:
        return ()
    kinds = tuple(dict.fromkeys(e.row.kind for e in found))
    tables = tuple(
        listed(
            result,
            (own := tuple(e for e in found if e.row.kind == kind)),
            (
                *_group(own),
                ("Part", lambda row: row.part),
                ("Who pays", lambda row: row.pays),
            ),
            PART,
            caption=f"{kind}: {plan.currency} of {plan.price_year} for each person",
            anchor=f"cost-parts-{place}-table",
        )
        for place, kind in enumerate(kinds, start=1)
    )
    blocks: tuple[Block, ...] = (*tables, *counted(result, without=_left_out(evidence)))
    return (Section(id="cost-parts", title=result.title, blocks=blocks),)


def _prices(evidence: Evidence, plan: Costs) -> tuple[Section, ...]:
    result = evidence.of("prices")
    found = tuple(entries(result))
    if not found:
        return ()
    table = listed(
        result,
        found,
        (("Price of", lambda row: row.price),),
        PRICE,
        caption=f"Prices that the plan gives, {plan.currency}",
        anchor="prices-table",
    )
    side = next(iter(note.sentence() for note in result.notes), "")
    blocks: tuple[Block, ...] = (
        Paragraph(text=f"{side} The evaluator gave them; none comes with the package."),
        Fold(title="Every price with its source", file=table.file, blocks=(table,)),
    )
    return (Section(id="prices", title=result.title, blocks=blocks),)
