"""Who gave the support: link workers together, their posts, caseload and continuity."""

from __future__ import annotations

from typing import Any

from splw_eval.core.provider_rows import ProviderFieldRow
from splw_eval.report.blocks import Block, Callout, Fold, Page, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Evidence, entries
from splw_eval.report.numbers import in_100, number, percent, whole
from splw_eval.report.pages.delivered import month_name
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import small

PARTS = (
    "providers",
    "provider_numbers",
    "turnover",
    "people_a_year",
    "provider_fields",
    "worker_icc",
)
WHO = ("workers", "share")
NUMBERS = ("unit", "of", "known", "in_all", "lower", "median", "upper")
TURNOVER = ("ever", "in_post", "left", "share_left")
YEAR = ("workers", "people", "post_years", "per_year", "guide")
FIELDS = ("workers", "filled", "share_filled", "entries", "judged")
ICC = ("n", "workers", "estimate", "conf_low", "conf_high", "method")
ENOUGH = "Filled for"
ASKED_FOR = (
    "Title of the post",
    "Share of a full-time post",
    "Training for the post",
    "Work before the post",
)
NOT_COMPARED = (
    "Link workers are told of together, three or more at a time. None is named, ranked or compared "
    "with another, and no outcome is given by link worker."
)


def page(evidence: Evidence) -> Page:
    """Return the page of who gave the support."""
    held = evidence.of("provider_fields")
    sections = (
        *_in_short(evidence),
        *_known(evidence),
        *_who(evidence),
        *_numbers(evidence),
        *_caseload(evidence),
        *_icc(evidence),
    )
    if not held.rows:
        sections = (*notes(held), *_icc(evidence))
    return Page(id="providers", title="Who gave the support", sections=sections)


def _in_short(evidence: Evidence) -> tuple[Section, ...]:
    """Say how many there were, of how many posts, who left, and how far people kept theirs."""
    said = (*_posts(evidence), *_left(evidence), *_kept(evidence))
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in said),
        Callout(title="What this does not say", paragraphs=(NOT_COMPARED,)),
    )
    return (Section(id="providers-short", title="In short", blocks=blocks),)


def _posts(evidence: Evidence) -> list[str]:
    fields = evidence.of("provider_fields").rows
    workers = next((row.workers for row in fields if row.workers is not None), None)
    posts = [r for r in evidence.of("provider_numbers").rows if r.in_all is not None]
    if workers is None:
        return []
    held = f"{whole(workers)} link workers are in the file"
    if not posts:
        return [f"{held}."]
    row = posts[0]
    whom = row.measure.partition(", ")[2].removeprefix("of ")
    return [
        f"{held}. The shares of a full-time post of {whom} add up to {number(row.in_all, 1)} "
        f"full-time posts, of the {whole(row.known)} whose share is known."
    ]


def _left(evidence: Evidence) -> list[str]:
    said = []
    for row in evidence.of("turnover").rows:
        when = f"From {row.since} to {row.until}"
        if row.ever is None:
            continue
        if row.left is None:
            words = "how many left is not shown, as it would tell of fewer than three"
        elif row.left == 0:
            words = "none of them left"
        else:
            words = f"{whole(row.left)} of them left"
        said.append(f"{when}, {whole(row.ever)} link workers were in post, and {words}.")
    return said


def _kept(evidence: Evidence) -> list[str]:
    """Say how many people met one link worker alone."""
    rows = evidence.of("continuity").rows
    several = len(rows) > 1
    return [
        f"{f'{row.group}: ' if several else ''}{in_100(row.share_one)} people seen "
        f"({percent(row.share_one)}) met one link worker alone; the others met two or more, so "
        "they changed at least once. See the page “What was delivered”."
        for row in rows
        if row.share_one is not None
    ]


def _known(evidence: Evidence) -> tuple[Section, ...]:
    """Return what is kept of link workers, against 80 in 100."""
    result = evidence.of("provider_fields")
    if not result.rows:
        return ()
    rows = {row.column: row for row in result.rows}
    short = [name for name in ASKED_FOR if name in rows and not _enough(rows[name])]
    named = ", ".join(name[:1].lower() + name[1:] for name in short)
    words = (
        f"Too little is known to say who gave the support: {named}. Ask the service for it."
        if short
        else "Title, share of a full-time post, training and earlier work are each known for 80% "
        "(80 in 100) of the link workers or more."
    )
    table = listed(
        result,
        entries(result),
        (("What is kept", lambda row: row.column),),
        FIELDS,
        caption="For how many link workers each thing is kept",
        anchor="provider-fields-table",
    )
    fold = Fold(title="What is kept, one by one", file=table.file, blocks=(table,))
    blocks: tuple[Block, ...] = (Paragraph(text=words, lead=True), fold, *counted(result))
    return (Section(id="provider-fields", title=result.title, blocks=blocks),)


def _enough(row: ProviderFieldRow) -> bool:
    return row.judged.startswith(ENOUGH)


def _who(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("providers")
    if not result.rows:
        return ()
    table = listed(
        result,
        entries(result),
        (("Link workers", lambda row: f"{row.characteristic}: {row.category}"),),
        WHO,
        caption="Link workers by employer, sex, age and ethnic group, as far as it may be told",
        anchor="providers-table",
    )
    told = {row.characteristic for row in result.rows}
    gone = [name for name in ("Employer", "Sex", "Age", "Ethnic group") if name not in told]
    words = (
        f"Not told: {', '.join(gone).lower()}. It is not kept, or fewer than three link workers "
        "would stand apart from the others."
    )
    blocks: tuple[Block, ...] = (
        table,
        *((Paragraph(text=words),) if gone else ()),
        *counted(result),
    )
    return (Section(id="providers-who", title=result.title, blocks=blocks),)


def _numbers(evidence: Evidence) -> tuple[Section, ...]:
    """Return posts, supervision, time in post, and who left."""
    result, left = evidence.of("provider_numbers"), evidence.of("turnover")
    tables = (
        *_listed(evidence, "provider_numbers", "What", "measure", NUMBERS),
        *(
            listed(
                left,
                entries(left),
                (("From", lambda row: row.since), ("To", lambda row: row.until)),
                TURNOVER,
                caption=left.title,
                anchor="turnover-table",
            )
            for _ in left.rows[:1]
        ),
    )
    if not tables:
        return ()
    blocks: tuple[Block, ...] = (*tables, *counted(result), *counted(left))
    return (Section(id="provider-numbers", title=result.title, blocks=blocks),)


def _listed(
    evidence: Evidence, key: str, heading: str, field: str, names: tuple[str, ...]
) -> tuple[ReportTable, ...]:
    result = evidence.of(key)
    if not result.rows:
        return ()

    def read(row: Any) -> str:
        return str(getattr(row, field))

    anchor = f"{key.replace('_', '-')}-table"
    lead = ((heading, read),)
    return (listed(result, entries(result), lead, names, caption=result.title, anchor=anchor),)


def _caseload(evidence: Evidence) -> tuple[Section, ...]:
    """Return people a year and open cases of a full-time post beside the guide numbers."""
    result = evidence.of("people_a_year")
    found = tuple(entries(result))
    said = []
    for entry in found:
        row = entry.row
        if row.per_year is not None and row.people is not None:
            said.append(
                f"{whole(row.people)} people of this study were met: about {whole(row.per_year)} "
                f"for each year of a full-time post. The guide number is {row.guide}."
            )
    months = [r for r in evidence.of("caseload").rows if r.per_fte is not None]
    if months:
        most = max(months, key=lambda row: row.per_fte)
        said.append(
            f"At the most, at the end of {month_name(most.month)}, {whole(most.per_fte)} cases of "
            "this study were open for a full-time post. The guide number is about 40."
        )
    if not found:
        return ()
    tables = tuple(
        listed(
            result,
            found,
            (("Who", lambda _row: "All link workers with a known post"),),
            YEAR,
            caption="People a year of a full-time post, beside the guide number",
            anchor="people-a-year-table",
        )
        for _ in found[:1]
    )
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in said),
        *(Paragraph(text=note.sentence()) for note in result.notes),
        *(Fold(title="In numbers", file=t.file, blocks=(t,)) for t in tables),
    )
    return (Section(id="people-a-year", title="Caseload beside the guide numbers", blocks=blocks),)


def _icc(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("worker_icc")
    if not result.rows:
        return notes(result)
    outcome = evidence.plan.primary
    row = result.rows[0]
    words = ""
    if None not in (row.estimate, row.conf_low, row.conf_high):
        words = (
            f"{outcome.label}, {small(evidence.wave(row.wave).title)}: "
            f"{percent(max(row.estimate, 0.0))} of the variance was between link workers (95% "
            f"interval {percent(max(row.conf_low, 0.0))} to {percent(row.conf_high)})."
        )
    table = listed(
        result,
        entries(result),
        (("When", lambda row: evidence.wave(row.wave).title),),
        ICC,
        caption="Intraclass correlation (ICC) of link workers, for the next sample size",
        anchor="worker-icc-table",
    )
    blocks: tuple[Block, ...] = (
        *((Paragraph(text=words, lead=True),) if words else ()),
        *(Paragraph(text=note.sentence()) for note in result.notes),
        table,
    )
    return (Section(id="worker-icc", title=result.title, blocks=blocks),)
