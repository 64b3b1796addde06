"""What was delivered and by whom: contacts, minutes, how they were made, link workers."""

from __future__ import annotations

from typing import Any

from splw_eval.core.delivery_rows import ContinuityRow, DoseRow
from splw_eval.report.blocks import Block, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.numbers import in_100, shown, whole
from splw_eval.report.pages.records import BELOW, NOT_KEPT, headline
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.readers import side_by_side
from splw_eval.report.readers import wording as say

CONTACTS, MINUTES = "contacts attended", "minutes logged"
TABLE = "given-table"
DOSE = ("known", "none", "lower", "median", "upper")
LOG = ("minutes", "mode", "attended")
CAREFUL = "As minutes are missing from so many contacts, read figures of minutes with care."
NO_CAUSE = "People with more contacts may have differed from the start: this shows no cause."
MODES = 3
ROLE = "role"


def section(evidence: Evidence) -> Section:
    """Return contacts and minutes for each person, how full the log is, and who gave support.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Section
    """
    many = side_by_side.many(evidence)
    said = (side_by_side.MORE,) if many else (*_doses(evidence), *_modes(evidence))
    blocks: tuple[Block, ...] = tuple(Paragraph(text=words) for words in said)
    log = _log(evidence)
    if log:
        blocks = (*blocks, Paragraph(text=log))
    if not said:
        words = f"What was delivered cannot be told. {say.why_not(evidence, 'dose')}".strip()
        blocks = (Paragraph(text=words), *blocks)
    who = " ".join((*_workers(evidence), *(() if many else _kept(evidence))))
    if who:
        blocks = (*blocks, Paragraph(text=who))
    return Section(id="given", title="What was delivered, and by whom?", blocks=blocks)


def _doses(evidence: Evidence) -> tuple[str, ...]:
    rows = say.rows_of(evidence, "dose")
    groups = dict.fromkeys(e.row.group for e in rows)
    said = []
    for group in groups:
        held = {e.row.measure: e for e in rows if e.row.group == group}
        parts = [_spread(held[name]) for name in (CONTACTS, MINUTES) if name in held]
        told = [part for part in parts if part]
        if told:
            whom = say.of_group(group, several=len(groups) > 1)
            said.append(say.start(f"{whom}{' '.join(told)}"))
    return tuple(said)


def _spread(entry: Entry[DoseRow]) -> str:
    """Return a median with its middle half, and of whom."""
    row = entry.row
    if row.median is None:
        return ""
    low, middle, high = (shown(entry.cell(n)) for n in ("lower", "median", "upper"))
    people = shown(entry.cell("known"))
    return (
        f"{say.start(row.measure)}: median {middle}, middle half of people {low} to {high} "
        f"({people} people: {row.among})."
    )


def _modes(evidence: Evidence) -> tuple[str, ...]:
    rows = say.rows_of(evidence, "modes")
    groups = dict.fromkeys(e.row.group for e in rows)
    said = []
    for group in groups:
        own = [e.row for e in rows if e.row.group == group and e.row.share is not None]
        own = sorted(own, key=lambda row: -row.share)[:MODES]
        if own:
            parts = ", ".join(f"{row.mode} {in_100(row.share)}" for row in own)
            whom = say.of_group(group, several=len(groups) > 1)
            said.append(say.start(f"{whom}of all attended contacts: {parts}."))
    return tuple(said)


def _log(evidence: Evidence) -> str:
    """Say how completely the contact log is filled."""
    told = [words for column in LOG if (words := headline(evidence, column))]
    if not told:
        return ""
    parts = [told[0], *(words[:1].lower() + words[1:] for words in told[1:])]
    joined = "; ".join(words.removesuffix(" contacts.") for words in parts)
    careful = f" {CAREFUL}" if _below(evidence) else ""
    return f"The contact log: {joined[:1].lower()}{joined[1:]} contacts.{careful} {NO_CAUSE}"


def _below(evidence: Evidence) -> bool:
    """Whether minutes are missing from more contacts than the rule of the records allows."""
    return any(
        (e.row.verdict or "").startswith((BELOW, NOT_KEPT))
        for e in say.rows_of(evidence, "records")
        if (e.row.table, e.row.column) == ("contacts", "minutes")
    )


def _workers(evidence: Evidence) -> tuple[str, ...]:
    """Say how many link workers there were, and in which role, where three or more."""
    roles = [
        e.row
        for e in say.rows_of(evidence, "providers")
        if e.row.characteristic.lower().startswith(ROLE) and e.row.workers
    ]
    if roles:
        parts = ", ".join(f"{row.category} {whole(row.workers)}" for row in roles)
        return (f"Link workers by role: {parts}.",)
    found: list[Any] = [e.row for e in say.rows_of(evidence, "setting")]
    return tuple(
        f"There were {whole(row.link_workers)} link workers." for row in found if row.link_workers
    )


def _kept(evidence: Evidence) -> tuple[str, ...]:
    """Say how many people kept one link worker."""
    rows: list[ContinuityRow] = [e.row for e in say.rows_of(evidence, "continuity")]
    several = len(rows) > 1
    return tuple(
        say.start(
            f"{say.of_group(row.group, several=several)}{say.both_ways(row.share_one)} of the "
            f"{whole(row.seen)} people seen had one link worker throughout."
        )
        for row in rows
        if row.share_one is not None and row.seen
    )


def tables(evidence: Evidence) -> tuple[ReportTable, ...]:
    """Return contacts and minutes as a table."""
    found = tuple(e for e in say.rows_of(evidence, "dose") if e.row.measure in (CONTACTS, MINUTES))
    if not found:
        return ()
    lead = (("Group", lambda row: row.group), ("What", lambda row: say.start(row.measure)))
    return (
        listed(
            evidence.of("dose"),
            found,
            lead if len({e.row.group for e in found}) > 1 else lead[1:],
            DOSE,
            caption="What each person got: the middle half of people, and the median",
            anchor=TABLE,
        ),
    )
