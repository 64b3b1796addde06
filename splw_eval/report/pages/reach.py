"""Reach and fairness: who was referred, how far each kind of people came, how they changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from splw_eval.core.reach_rows import KnownRow, ReachRow
from splw_eval.report.blocks import (
    Block,
    Callout,
    FigureGroup,
    Fold,
    Item,
    ListBlock,
    Page,
    Paragraph,
    Plain,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import in_100, percent
from splw_eval.report.pages.reach_figures import (
    HIDDEN,
    NOT_KNOWN,
    READ_AS,
    drawings,
    kind,
    kinds_table,
    stages_of,
    titled,
)
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import small

PARTS = ("reach", "reach_known", "referral_rates", "change_by")
KNOWN = ("people", "known", "missing", "share_missing")
RATES = ("practices", "list_size", "referred", "rate")
CHANGES = ("n", "estimate", "conf_low", "conf_high")
SIGNED = frozenset(CHANGES[1:])
MUCH = ("20% or more", "about 20%")  # not known of so many: no small gap
MOST = 0.2
REFERRED = "referred"
CONTEXT = "For planning"
_SMALL = 0.005  # shares that print alike are no range
NAMED = (
    ("Deprivation, in fifths", "1 (most deprived)", "lived in the most deprived fifth"),
    ("Sex", "Female", "were women"),
)
LIMITS = (
    "These are parts of those who are in the files. Who was never referred is in no figure, so "
    "whether people in need were passed over cannot be told from them.",
    "Categories differ in more than their name: age, illness and practice differ with it. Nothing "
    "is adjusted and nothing is tested, and p-values of parts are not compared. Whether the "
    "programme does more for some than for others is asked by interactions, on the page “Who "
    "benefits”.",
)
Found = tuple[Entry[ReachRow], ...]


def page(evidence: Evidence) -> Page:
    """Return the page of reach and fairness."""
    result = evidence.of("reach")
    found = tuple(entries(result))
    sections = (
        *(_reach(evidence, found) if found else notes(result)),
        *_known(evidence),
        *_rates(evidence),
        *(_changes(evidence) if found else ()),
    )
    return Page(id="reach", title="Reach and fairness", sections=sections)


def _reach(evidence: Evidence, found: Found) -> tuple[Section, ...]:
    groups = dict.fromkeys(e.row.group for e in found)
    parts = {group: tuple(e for e in found if e.row.group == group) for group in groups}
    several = len(evidence.plan.groups) > 1
    lead: list[Block] = []
    drawn: list[Block] = []
    for place, (group, part) in enumerate(parts.items()):
        named = group if several else ""
        anchor = f"reach-{place + 1}-table"
        said = tuple(_said(part, named))
        followed = len(parts) == 1 or stages_of(part)[0] == REFERRED
        lead += said if followed else ()
        if len(stages_of(part)) > 2:  # noqa: PLR2004 - the first, and more than being measured
            figures = tuple(drawings(part, named, f"reach-figure-{place + 1}", anchor))
            how = Paragraph(text=f"{READ_AS} A star or a missing sign: {HIDDEN}.")
            drawn += [*(() if drawn else (how,)), FigureGroup(figures=figures)] if figures else []
        table = kinds_table(evidence, part, named, anchor)
        many = kinds_table(evidence, part, named, f"reach-{place + 1}-counts-table", counts=True)
        inside = (*(() if followed else said), table, many, *_among(part))
        title = f"{f'{group}: ' if named else ''}each kind of people, in numbers"
        drawn.append(Fold(title=titled(title), file=table.file, blocks=inside))
    blocks = (
        *lead,
        *(Paragraph(text=words) for words in _context(evidence)),
        Callout(title="What this does not say", paragraphs=LIMITS),
        *drawn,
        *counted(evidence.of("reach")),
    )
    return (Section(id="reach-stages", title=evidence.of("reach").title, blocks=blocks),)


def _among(found: Found) -> tuple[Paragraph, ...]:
    """Say of whom each stage is counted."""
    said = dict.fromkeys(f"{titled(e.row.stage)}: of {e.row.among}." for e in found)
    return tuple(Paragraph(text=words) for words in said)


def _context(evidence: Evidence) -> list[str]:
    """Return the note that gives figures of the whole country."""
    said = (note.sentence() for note in evidence.of("reach").notes)
    return [words for words in said if words.startswith(CONTEXT)]


def _said(found: Found, group: str) -> Iterator[Plain]:
    """Say who was referred, and how far apart categories are at the last stage."""
    first, last = stages_of(found)[0], stages_of(found)[-1]
    whose = f"{group}: of" if group else "Of"
    whom = "those referred" if first == REFERRED else "everybody in the study"
    parts = [
        f"{in_100(e.row.share_of_all)} {words}"
        for name, category, words in NAMED
        for e in found
        if (e.row.characteristic, e.row.category, e.row.stage) == (name, category, first)
        and e.row.share_of_all is not None
    ]
    if parts:
        yield Paragraph(text=f"{whose} {whom}, {' and '.join(parts)}.", lead=True)
    ranges = [
        (name, _range(tuple(e.row for e in found if e.row.characteristic == name), last))
        for name in dict.fromkeys(e.row.characteristic for e in found)
    ]
    items = tuple(
        Item(term=f"{name.partition(',')[0]}: ", text=words) for name, words in ranges if words
    )
    if items:
        when = last.partition(": ")[2]
        words = f"Measured at the main wave ({small(when)}), lowest and highest of each kind:"
        yield Paragraph(text=f"{group}. {words}" if group else words)
        yield ListBlock(items=items)


def _range(rows: tuple[ReachRow, ...], stage: str) -> str:
    """Say the lowest and the highest share of the categories that may be shown."""
    of_stage = [r for r in rows if r.stage == stage and r.category != NOT_KNOWN]
    shown = [(r.share_reached, r.category) for r in of_stage if r.share_reached is not None]
    if len(shown) < 2:  # noqa: PLR2004
        return ""
    (low, lowest), (high, highest) = min(shown), max(shown)
    hidden = len(of_stage) - len(shown)
    be = "is" if hidden == 1 else "are"
    rest = f"; {hidden} more {be} {HIDDEN}" if hidden else ""
    if high - low < _SMALL:
        return f"about {percent(low)} ({in_100(low)}) in each category shown{rest}."
    fifth = "fifth " if rows[0].characteristic.endswith("fifths") else ""
    return (
        f"from {percent(low)} ({in_100(low)}) of {fifth}“{lowest}” to {percent(high)} "
        f"({in_100(high)}) of {fifth}“{highest}”{rest}."
    )


def _known(evidence: Evidence) -> tuple[Section, ...]:
    """Return of how many people each characteristic is known, and say where that is too few."""
    result = evidence.of("reach_known")
    found = tuple(entries(result))
    if not found:
        return ()
    several = len(evidence.plan.groups) > 1
    much = [e.row for e in found if e.row.much in MUCH]
    lead = tuple(Paragraph(text=_gap(row, several=several), lead=True) for row in much)
    none = (
        f"No characteristic is unknown for as many as {percent(MOST)} of people, as far as the "
        "figures shown tell."
    )
    table = listed(
        result,
        found,
        (
            *((("Group", lambda row: row.group),) if several else ()),
            ("What", lambda row: row.characteristic),
        ),
        KNOWN,
        caption="Of how many people each characteristic is known",
        anchor="reach-known-table",
    )
    blocks: tuple[Block, ...] = (
        *(lead or (Paragraph(text=none),)),
        table,
        *counted(result),
    )
    return (Section(id="reach-known", title=result.title, blocks=blocks),)


def _gap(row: KnownRow, *, several: bool) -> str:
    whose = f"{row.group}: " if several else ""
    name = row.characteristic.partition(",")[0].lower()
    if row.share_missing is None:
        return f"{whose}{name} is not known of {row.much}; its categories may mislead."
    return (
        f"{whose}{name} is not known of {in_100(row.share_missing)} people ("
        f"{percent(row.share_missing)}). Who is missing may not be like the others, so its "
        "categories may mislead, and nothing is said of fairness by them alone."
    )


def _rates(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("referral_rates")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    several = len({e.row.group for e in found}) > 1
    table = listed(
        result,
        found,
        (
            *((("Group", lambda row: row.group),) if several else ()),
            ("Practices", lambda row: row.practices_of),
        ),
        RATES,
        caption="People referred, for every 1,000 registered patients",
        anchor="referral-rates-table",
    )
    said = tuple(Paragraph(text=note.sentence()) for note in result.notes)
    return (Section(id="referral-rates", title=result.title, blocks=(table, *said)),)


def _changes(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("change_by")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    outcome, wave = evidence.plan.primary, evidence.wave(found[0].row.wave)
    table = _change_table(evidence, found)
    shown = [e for e in found if e.row.estimate is not None]
    said = (
        f"The table gives the mean change of {outcome.label} up to {small(wave.title)} in each "
        "category, with its interval. Read each row by itself."
    )
    none = "In every category there are too few people to show a change."
    blocks: tuple[Block, ...] = (
        Paragraph(text=said if shown else none),
        *(Paragraph(text=note.sentence()) for note in result.notes[:3]),
        Fold(title="Change in each category, in numbers", file=table.file, blocks=(table,)),
    )
    return (Section(id="change-by", title=result.title, blocks=blocks),)


def _change_table(evidence: Evidence, found: tuple[Entry[Any], ...]) -> ReportTable:
    outcome = evidence.plan.primary
    lead: Lead = (
        *((("Group", lambda row: row.arm),) if evidence.plan.arms else ()),
        ("People", lambda row: kind(row.characteristic, row.category)),
    )
    return listed(
        evidence.of("change_by"),
        found,
        lead,
        CHANGES,
        caption=f"{outcome.label}: mean change from the start in each category",
        anchor="change-by-table",
        places=lambda _row: outcome.decimals,
        signed=SIGNED,
    )
