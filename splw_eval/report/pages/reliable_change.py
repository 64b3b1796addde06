"""Who changed by more than the error of measurement, and across a cut-off."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.core.quality_rows import ReliableChangeRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Block, Page, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import in_100, number
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes

PARTS = ("recovered", "improved", "unchanged", "deteriorated")
INTRO = (
    "A score of one person is never exact. A change is called reliable where it is larger than "
    "error of measurement would often make it. Recovered means reliably better and also past a "
    "cut-off; improved means reliably better but not recovered, which is everybody reliably better "
    "where there is no cut-off; deteriorated means reliably worse; unchanged is everybody else. So "
    "each person is counted once. The words are those of the method. They say nothing of why "
    "somebody changed."
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
    words = " ".join((_basis(outcome, found[0]), *said))
    return (Paragraph(text=words), people)


def _is_counted(found: tuple[Entry[ReliableChangeRow], ...], part: str) -> bool:
    """Whether anybody could be counted; without a cut-off nobody can have recovered."""
    name = f"n_{part}"
    return any(getattr(e.row, name) is not None or name in e.masked for e in found)


def _basis(outcome: Outcome, entry: Entry[ReliableChangeRow]) -> str:
    """Say what counts as reliable, which is the same for all groups and waves."""
    row = entry.row
    beyond = "Beyond which change one is reliable is " + say.TELLS_N + "."
    if row.threshold is not None:
        size = number(row.threshold, entry.places("threshold", outcome.decimals) or 0)
        beyond = f"A change of more than {size} {outcome.unit} is reliable."
    reliability = ""
    if row.reliability is not None:
        reliability = f" It rests on a reliability of {number(row.reliability, 2)}"
        reliability += f" ({_inside(row.reliability_from)})."
    return f"{beyond}{reliability} {_cutoff(entry, outcome)}"


def _cutoff(entry: Entry[ReliableChangeRow], outcome: Outcome) -> str:
    if entry.row.cutoff is None and "cutoff" not in entry.masked:
        return f"Cut-off: {entry.row.cutoff_from}."
    if entry.row.cutoff is None:
        return f"The cut-off is {say.TELLS_N} ({entry.row.cutoff_from})."
    places = entry.places("cutoff", outcome.decimals) or 0
    size = f"{number(entry.row.cutoff, places)} {outcome.unit}"
    return f"The cut-off is {size} ({entry.row.cutoff_from})."


def _inside(words: str) -> str:
    return words.rstrip(".")


def _said(evidence: Evidence, entry: Entry[ReliableChangeRow], parts: tuple[str, ...]) -> str:
    """Say every share of one group at the wave that page one speaks of, or why it is not there."""
    wave = say.small(evidence.wave(entry.row.wave).title)
    whom = f"{entry.row.arm}, at {wave}" if evidence.plan.arms else f"At {wave}"
    return f"{whom}: {'; '.join(_part(entry, part) for part in parts)}."


def _part(entry: Entry[ReliableChangeRow], part: str) -> str:
    share: float | None = getattr(entry.row, f"share_{part}")
    if share is not None:
        return f"{in_100(share)} {part}"
    few = entry.masked & {"n", f"n_{part}"}
    why = say.why_hidden(entry.masked, part, PARTS) if few else "not shown"
    return f"{part}: {why}"
