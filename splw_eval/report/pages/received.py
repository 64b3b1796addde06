"""Those who received the programme: the difference by offer beside that by receipt, and by dose."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from splw_eval.core.confounding_rows import EngagementRow
from splw_eval.report import fair_sentences as fair
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Callout,
    Figure,
    FigureGroup,
    Fold,
    Item,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Interval
from splw_eval.report.numbers import percent
from splw_eval.report.pages.comparison_figures import numbers, yardstick
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes, notes_section

PARTS = ("engagement", "dose_response")
ENGAGEMENT = ("n", "estimate", "conf_low", "conf_high", "df", "first_stage_f", "clusters")
DOSE = ("n", "mean", "difference", "conf_low", "conf_high", "df")
SIGNED = frozenset({"estimate", "difference", "conf_low", "conf_high"})
BY_OFFER, COMPLIERS, LIMITS = "intention to treat", "complier-average", "Anderson"
MISLEADING = "Misleading"
Found = tuple[Entry[Any], ...]


def page(evidence: Evidence) -> Page:
    """Return the page of those who received the programme."""
    held = [evidence.of(key) for key in PARTS]
    sections = _engagement(evidence) + _dose(evidence)
    if any(result.rows for result in held):
        empty = tuple(result for result in held if not result.rows)
        sections += tuple(replace(s, title=r.title) for r in empty for s in notes(r))
    else:
        sections = _nothing(evidence)
    return Page(id="received", title="Those who received it", sections=sections)


def _nothing(evidence: Evidence) -> tuple[Section, ...]:
    """Say once why there is nothing."""
    said = dict.fromkeys(n.sentence() for key in PARTS for n in evidence.of(key).notes)
    if not said:
        return ()
    items = (Item(text=words) for words in said)
    return (notes_section("received-notes", items, shown=False),)


def _engagement(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("engagement")
    found = tuple(entries(result))
    if not found:
        return ()
    rests = next((n.sentence() for n in result.notes if "exclusion" in n.sentence()), "")
    pairs = dict.fromkeys(e.row.compared for e in found)
    parts = [tuple(e for e in found if e.row.compared == pair) for pair in pairs]
    figures = tuple(
        figure
        for place, part in enumerate(parts)
        if (figure := _figure(evidence, part, place)) is not None
    )
    table = _table(evidence, found)
    rests_on = "What the complier-average effect rests on"
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=_answer(evidence, part), lead=True) for part in parts),
        Paragraph(text=fair.beside_page_one(found[0].row)),
        *((Callout(title=rests_on, paragraphs=(rests,)),) if rests else ()),
        *((FigureGroup(figures=figures),) if figures else ()),
        Fold(title="The same in numbers", file=table.file, blocks=(table,)),
        *counted(result, without=rests),
    )
    title = "By offer, and by what was received"
    return (Section(id="engagement", title=title, blocks=blocks),)


def _answer(evidence: Evidence, found: Found) -> str:
    """Give the share who received it, then the difference by offer and among compliers."""
    outcome, row = evidence.plan.primary, found[0].row
    offer, compliers = (_of(found, word) for word in (BY_OFFER, COMPLIERS))
    share = f"{percent(row.share_received)} of" if row.share_received is not None else "Of"
    came = f"{share} those offered it and measured at {say.small(row.when)} received it."
    if row.share_received is None:
        came = "How many of those offered it received it cannot be shown."
    if offer is None or offer.estimate is None or compliers is None:
        return f"{row.compared}: {came} Differences: {say.TOO_FEW}."
    better = outcome.direction.partition("_")[0]
    return (
        f"{row.compared}: {came} With everybody counted as allocated, the difference is "
        f"{numbers(offer, outcome)}. Among those who received it because it was offered it is "
        f"{numbers(compliers, outcome)}. In {outcome.unit}; {better} is better. 95% intervals "
        "stand in brackets."
    )


def _of(found: Found, word: str) -> EngagementRow | None:
    return next((e.row for e in found if word in e.row.method), None)


def _table(evidence: Evidence, found: Found) -> ReportTable:
    outcome = evidence.plan.primary
    several = len({e.row.compared for e in found}) > 1
    lead: Lead = (
        *((("Compared", lambda row: row.compared),) if several else ()),
        ("Which", lambda row: row.method),
    )
    used = [n for n in ENGAGEMENT if n != "clusters" or any(e.row.clusters for e in found)]
    return listed(
        evidence.of("engagement"),
        found,
        lead,
        used,
        caption=f"{outcome.label}, {say.small(found[0].row.when)}: by offer, and by receipt",
        anchor="engagement-table",
        places=lambda _row: outcome.decimals,
        signed=SIGNED,
    )


def _figure(evidence: Evidence, found: Found, place: int) -> Figure | None:
    from splw_eval.report.figures.contrasts import draw_contrasts

    drawn = tuple(e for e in found if LIMITS not in e.row.method)
    if not any(e.row.estimate is not None for e in drawn):
        return None
    outcome = evidence.plan.primary
    rows = tuple(
        Interval(
            value=e.row.estimate,
            low=e.row.conf_low,
            high=e.row.conf_high,
            words=(_short(e.row.method), numbers(e.row, outcome)),
            first=BY_OFFER in e.row.method,
        )
        for e in drawn
    )
    key = f"engagement-figure{f'-{place + 1}' if place else ''}"
    title = f"{found[0].row.compared}: by offer, and by receipt"
    caption = "Bars are 95% intervals. Read the first. The two beneath that are called misleading "
    caption += "compare people whom chance did not make alike."
    said = " ".join(f"{': '.join(row.words)}." for row in rows)
    against = yardstick(outcome, ())
    return Figure(
        id=key,
        svg=draw_contrasts(key, title, f"{said} {caption}", against, rows),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id="engagement-table",
    )


def _short(method: str) -> str:
    """Return the name of a method in brackets, with the word that it misleads where it does."""
    name = method.partition("(")[2].rstrip(")") or method
    return f"{MISLEADING}, {name}" if MISLEADING in method else name[:1].upper() + name[1:]


def _dose(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("dose_response")
    found = tuple(entries(result))
    if not found:
        return ()
    why = next((n.sentence() for n in result.notes if "no effect" in n.sentence()), "")
    outcome = evidence.plan.primary
    several = len({e.row.group for e in found}) > 1
    lead: Lead = (
        *((("Group", lambda row: row.group),) if several else ()),
        ("Contacts attended", lambda row: row.contacts),
    )
    row = found[0].row
    table = listed(
        result,
        found,
        lead,
        DOSE,
        caption=f"{outcome.label} by contacts attended, {row.group}, {say.small(row.when)}: "
        "exploratory",
        anchor="dose-response-table",
        places=lambda _row: outcome.decimals,
        signed=SIGNED,
    )
    blocks: tuple[Block, ...] = (
        *((Callout(title="No effect of contacts", paragraphs=(why,)),) if why else ()),
        table,
        *counted(result, without=why),
    )
    return (Section(id="dose-response", title=result.title, blocks=blocks),)
