"""Who stayed with the service and who left, and who went on being measured."""

from __future__ import annotations

import itertools

from splw_eval.core.retention_rows import STAYED, StandingRow, StayContrastRow, StayRow
from splw_eval.report.blocks import (
    Block,
    Callout,
    Fold,
    Item,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import MASKED, number, whole
from splw_eval.report.pages import leaving, uptake
from splw_eval.report.pages import staying_figures as drawn
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import TOO_FEW

ENGAGEMENT, MEASUREMENT = "Engagement with the service", "Being measured"
STOOD = (
    ("completed", "had completed as planned"),
    ("dropped_out", "had dropped out"),
    ("ended_otherwise", "had ended for another or an unknown reason"),
    ("there", "were still engaged"),
)
COUNTED = "Counts of what was seen, at the end of the day; the parts add up to all people."
COMPLETED, DROPPED_OUT = "completed as planned", "dropped out"
PARTS = ("staying", "watched", "standing", "stay", "stay_contrast")
STANDING = ("there", "completed", "dropped_out", "ended_otherwise", "not_seen")
NEVER_MIXED = (
    "Leaving the service and being lost to questionnaires are two things. Somebody may complete "
    "the programme and send no questionnaire, or leave it and go on answering. They are told "
    "apart here, and never put together."
)
UNLIKE_STAGES = (
    "Fewer may have completed here than among the stages above and the reasons beneath. Those "
    "count every ending that was written down, whenever it was. Here an ending counts by its "
    "day, and whoever had lost touch before has dropped out, whatever was written down later."
)


def page(evidence: Evidence) -> Page:
    """Return the page of staying and leaving."""
    sections = (
        *uptake.funnel(evidence),
        *_engagement(evidence),
        *uptake.endings(evidence),
        *leaving.section(evidence),
        *_measurement(evidence),
    )
    found = evidence.of("staying")
    if not found.rows:
        sections = (*sections, *notes(found))
    return Page(id="staying", title="Time with the service, and why it ended", sections=sections)


def _engagement(evidence: Evidence) -> tuple[Section, ...]:
    if not drawn.of_kind(evidence, "staying", ENGAGEMENT):
        return ()
    lead: tuple[Block, ...] = (
        *(Paragraph(text=words, lead=True) for words in _answers(evidence)),
        *_warned(evidence),
        Paragraph(text=UNLIKE_STAGES),
    )
    named = ((COMPLETED, "Completed as planned"), (DROPPED_OUT, "Dropped out"))
    curve = drawn.still_there(evidence, ENGAGEMENT, "Still engaged", "staying-engaged-table")
    left = drawn.causes(evidence, ENGAGEMENT, named, "staying-causes-table")
    figures = tuple(figure for figure in (curve, left) if figure is not None)
    blocks: tuple[Block, ...] = (
        *lead,
        *figures,
        _standing(evidence),
        _stay(evidence, ENGAGEMENT, "stay-engaged-table"),
        _curves(evidence, ENGAGEMENT, ("engaged", "causes")),
        Callout(title="Two kinds of staying", paragraphs=(NEVER_MIXED,)),
        _rules(evidence),
    )
    return (Section(id="staying-engagement", title=ENGAGEMENT, blocks=blocks),)


def _answers(evidence: Evidence) -> tuple[str, ...]:
    """Say for each group where its people stood at the horizon, from the table beneath."""
    horizon = _horizon(evidence, ENGAGEMENT)
    said = []
    for entry in entries(evidence.of("standing")):
        if entry.row.day != horizon:
            continue
        whom = f"{entry.row.group}: of" if len(evidence.plan.groups) > 1 else "Of"
        parts = [f"{_people(entry, name)} {words}" for name, words in STOOD]
        parts += [
            f"{_people(entry, 'not_seen')} were not watched so long"
            for _ in range(1)
            if entry.row.not_seen != 0
        ]
        said.append(
            f"{whom} {_people(entry, 'n')} people who were referred and whose time with the "
            f"service is known, by day {horizon}: "
            f"{', '.join(parts)}."
        )
    return tuple(said)


def _people(entry: Entry[StandingRow], name: str) -> str:
    value: int | None = getattr(entry.row, name)
    return TOO_FEW if value is None else whole(value)


def _horizon(evidence: Evidence, what: str) -> int:
    return int(next(e.row.horizon for e in drawn.of_kind(evidence, "stay", what)))


def _standing(evidence: Evidence) -> ReportTable:
    result = evidence.of("standing")
    lead = (("Group", lambda row: row.group),) if len(evidence.plan.groups) > 1 else ()
    return listed(
        result,
        entries(result),
        (*lead, ("By day", lambda row: number(row.day, 0))),
        STANDING,
        caption="Where people stood after some time",
        anchor="standing-table",
    )


def _warned(evidence: Evidence) -> tuple[Callout, ...]:
    """Return what must be known of the records before the figures are read."""
    found = (note.sentence() for note in evidence.of("standing").notes if not note.counts)
    said = tuple(itertools.takewhile(lambda words: words != COUNTED, found))
    return (Callout(title="Before you read on", paragraphs=said),) if said else ()


def _rules(evidence: Evidence) -> Fold:
    """Return the rules of an episode, closed."""
    result = evidence.of("standing")
    warned = {words for callout in _warned(evidence) for words in callout.paragraphs}
    said = (note.sentence() for note in result.notes)
    rules = tuple(Item(text=words) for words in said if words not in warned)
    return Fold(
        title="The rules that these figures follow",
        file=f"tables/{result.key}.csv",
        blocks=(ListBlock(items=rules),),
    )


def _stay(evidence: Evidence, what: str, anchor: str) -> ReportTable:
    found = drawn.of_kind(evidence, "stay", what)
    return listed(
        evidence.of("stay"),
        found,
        (("Group", lambda row: row.group), ("Median, days", _median)),
        ("mean_days", "conf_low", "conf_high", "n"),
        caption=f"{what}: for how many days, up to day {_horizon(evidence, what)}",
        anchor=anchor,
    )


def _median(row: StayRow) -> str:
    """Say the median; one that half of the people did not come to is no number."""
    if row.median is not None:
        return number(row.median, 0)
    return row.reached or MASKED


def _curves(evidence: Evidence, what: str, anchors: tuple[str, ...]) -> Fold:
    """Return the steps of the curves as tables, closed: those who stayed, then each cause."""
    result, found = evidence.of("staying"), drawn.of_kind(evidence, "staying", what)
    chosen = (
        tuple(e for e in found if e.row.cause == STAYED),
        tuple(e for e in found if e.row.cause != STAYED),
    )
    captions = (f"{what}: share still there", f"{what}: share gone, by cause")
    tables = tuple(
        listed(
            result,
            own,
            (("Group", lambda row: row.group), ("Curve of", lambda row: row.cause)),
            ("day", "events", "estimate", "conf_low", "conf_high"),
            caption=caption,
            anchor=f"staying-{anchor}-table",
        )
        for own, caption, anchor in zip(chosen, captions, anchors, strict=True)
    )
    return Fold(title="The curves in numbers", file=tables[0].file, blocks=tables)


def _measurement(evidence: Evidence) -> tuple[Section, ...]:
    if not drawn.of_kind(evidence, "staying", MEASUREMENT):
        return ()
    curve = drawn.still_there(
        evidence, MEASUREMENT, "Still being measured", "staying-measured-table"
    )
    lead = Paragraph(
        text="Here the day is that of the first questionnaire which was due, was missed, and "
        "after which the person was never measured again.",
    )
    blocks: tuple[Block, ...] = (
        lead,
        *((curve,) if curve else ()),
        _stay(evidence, MEASUREMENT, "stay-measured-table"),
        *_of_means(evidence),
        *_contrast(evidence),
        _curves(evidence, MEASUREMENT, ("measured", "lost")),
        *counted(evidence.of("staying")),
    )
    return (Section(id="staying-measurement", title=MEASUREMENT, blocks=blocks),)


def _of_means(evidence: Evidence) -> tuple[Paragraph, ...]:
    """Say what the means are, or why one is not there; what the curves' notes say is left out."""
    below = {note.sentence() for note in evidence.of("staying").notes}
    found = (note.sentence() for note in evidence.of("stay").notes)
    return tuple(Paragraph(text=words) for words in found if words not in below)


def _contrast(evidence: Evidence) -> tuple[Block, ...]:
    result = evidence.of("stay_contrast")
    if not result.rows:
        return tuple(
            Paragraph(text=f"The groups are not compared in mean days. {note.sentence()}")
            for note in result.notes[-1:]
            if len(evidence.plan.groups) > 1
        )
    found = tuple(entries(result))
    compared = tuple(dict.fromkeys(e.row.compared for e in found))
    lead = (("Compared", lambda row: row.compared),) if len(compared) > 1 else ()
    named = f": {compared[0]}" if len(compared) == 1 else ""
    table = listed(
        result,
        found,
        (*lead, ("By", lambda row: row.method), ("p", lambda row: leaving.told_p(row.p_value))),
        ("estimate", "conf_low", "conf_high", "df", "clusters"),
        caption=f"Difference in mean days{named}; beside it other tests",
        anchor="stay_contrast-table",
        signed=frozenset({"estimate", "conf_low", "conf_high"}),
    )
    words = tuple(Paragraph(text=n.sentence()) for n in result.notes)
    fold = Fold(title="How the groups were compared", file=table.file, blocks=(table, *words))
    return (*_difference(found), fold)


def _difference(found: tuple[Entry[StayContrastRow], ...]) -> tuple[Block, ...]:
    """Say the first difference of measurement in words."""
    row = next((e.row for e in found if e.row.what == MEASUREMENT), None)
    if row is None or row.estimate is None or row.conf_low is None or row.conf_high is None:
        return ()
    low, high = (number(x, 0, signed=True) for x in (row.conf_low, row.conf_high))
    size, way = number(abs(row.estimate), 0), "fewer" if row.estimate < 0 else "more"
    words = (
        f"{row.compared}, up to day {row.horizon}: on average people were still being measured "
        f"on {size} {way} days (95% interval {low} to {high} days). A group of which more are "
        "lost can look better or worse than it is."
    )
    return (Paragraph(text=words, lead=True),)
