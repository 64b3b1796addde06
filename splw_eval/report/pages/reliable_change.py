"""Who changed by more than the error of measurement, and across a cut-off."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.core.quality_rows import ReliableChangeRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Block, Page, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import in_100, number
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes, pairs

PARTS = ("recovered", "improved", "unchanged", "deteriorated")
INTRO = (
    "A score of one person is never exact. A change is called reliable where it is larger than "
    "error of measurement would often make it. Improved means reliably better; recovered means "
    "reliably better and also past a cut-off; deteriorated means reliably worse. The words are "
    "those of the method. They say nothing of why somebody changed."
)


def page(evidence: Evidence) -> Page:
    """Return the page of reliable change."""
    result = evidence.of("reliable_change")
    sections: list[Section] = []
    for outcome in evidence.outcomes:
        found = tuple(e for e in entries(result) if e.row.outcome == outcome.name)
        if found:
            lead: tuple[Block, ...] = () if sections else (Paragraph(text=INTRO),)
            sections.append(
                Section(
                    id=f"reliable-{outcome.name}",
                    title=outcome.label,
                    blocks=(*lead, *_blocks(evidence, outcome, found)),
                )
            )
    return Page(
        id="reliable-change",
        title="Change beyond the error of measurement",
        sections=(*sections, *notes(result)),
    )


def _blocks(
    evidence: Evidence, outcome: Outcome, found: tuple[Entry[ReliableChangeRow], ...]
) -> tuple[Block, ...]:
    lead: Lead = (*group(evidence), ("Wave", lambda row: evidence.wave(row.wave).title))
    parts = tuple(part for part in PARTS if _is_counted(found, part))
    said = [_said(evidence, e, parts) for e in found if e.row.wave == evidence.answer_wave.name]
    people = listed(
        evidence.of("reliable_change"),
        found,
        lead,
        ("n", *(f"n_{part}" for part in parts), *(f"share_{part}" for part in parts)),
        caption=f"{outcome.label}: people by reliable change since the start",
        anchor=f"reliable_change-{outcome.name}-table",
    )
    intro: tuple[Block, ...] = (Paragraph(text=" ".join(said)),) if said else ()
    return (*intro, _basis(outcome, found[0]), people)


def _is_counted(found: tuple[Entry[ReliableChangeRow], ...], part: str) -> bool:
    """Whether anybody could be counted; without a cut-off nobody can have recovered."""
    name = f"n_{part}"
    return any(getattr(e.row, name) is not None or name in e.masked for e in found)


def _basis(outcome: Outcome, entry: Entry[ReliableChangeRow]) -> Block:
    """Return what counts as reliable, which is the same for all groups and waves."""
    row = entry.row
    return pairs(
        f"reliable_change-{outcome.name}-basis-table",
        f"{outcome.label}: what counts as reliable",
        (
            ("A change of more than", _figure(entry, "threshold", outcome)),
            ("Reliability", _figure(entry, "reliability", outcome)),
            ("Where that is from", row.reliability_from),
            *_cutoff(entry, outcome),
        ),
        headings=("About", "In this study"),
    )


def _cutoff(entry: Entry[ReliableChangeRow], outcome: Outcome) -> tuple[tuple[str, str], ...]:
    words = entry.row.cutoff_from[:1].upper() + entry.row.cutoff_from[1:]
    if entry.row.cutoff is None and "cutoff" not in entry.masked:
        return (("Cut-off", words),)
    return (("Cut-off", _figure(entry, "cutoff", outcome)), ("Where that is from", words))


def _figure(entry: Entry[ReliableChangeRow], name: str, outcome: Outcome) -> str:
    value: float | None = getattr(entry.row, name)
    if value is None:
        return say.TOO_FEW.capitalize() if name in entry.masked else "None"
    if name == "reliability":
        return number(value, 2)
    return f"{number(value, outcome.decimals)} {outcome.unit}"


def _said(evidence: Evidence, entry: Entry[ReliableChangeRow], parts: tuple[str, ...]) -> str:
    """Say every share of one group at the wave that page one speaks of, or why it is not there."""
    wave = say.small(evidence.wave(entry.row.wave).title)
    whom = f"{entry.row.arm}, at {wave}" if evidence.plan.arms else f"At {wave}"
    return f"{whom}: {', '.join(_part(entry, part) for part in parts)}."


def _part(entry: Entry[ReliableChangeRow], part: str) -> str:
    share: float | None = getattr(entry.row, f"share_{part}")
    if share is not None:
        return f"{in_100(share)} {part}"
    few = entry.masked & {"n", f"n_{part}"}
    return f"{part} {say.TOO_FEW if few else 'not shown'}"
