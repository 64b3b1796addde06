"""When people were met and measured, in days from time zero."""

from __future__ import annotations

from splw_eval.report.blocks import Block, Figure, FigureGroup, Page, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Span
from splw_eval.report.numbers import number
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes
from splw_eval.report.sentences import TOO_FEW

FIELDS = ("known", "lower", "median", "upper")
TABLE = "days-table"


def page(evidence: Evidence) -> Page:
    """Return the page of days to each event."""
    result = evidence.of("days")
    sections: tuple[Section, ...] = ()
    if result.rows:
        lead: Lead = (
            ("Until", lambda row: row.event),
            *group(evidence),
            ("Planned", lambda row: row.planned or "No day planned"),
        )
        table = listed(
            result, entries(result), lead, FIELDS, caption="Days from time zero", anchor=TABLE
        )
        drawn = tuple(_figure(evidence, arm) for arm in evidence.plan.groups)
        blocks: tuple[Block, ...] = (FigureGroup(figures=drawn), table)
        sections = (Section(id="days-all", title="Days from time zero", blocks=blocks),)
    title = "When people were met and measured"
    return Page(id="days", title=title, sections=(*sections, *notes(result)))


def _figure(evidence: Evidence, arm: str) -> Figure:
    from splw_eval.report.figures.days import draw_days

    found = tuple(e for e in entries(evidence.of("days")) if e.row.arm == arm)
    rows = tuple(_span(entry) for entry in found)
    key = f"days-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: days to each event"
    said = "; ".join(f"{row.label}: {row.words}" for row in rows)
    description = f"{said}. A bar holds the middle half of people, and the point is the median."
    return Figure(
        id=key,
        svg=draw_days(key, title, description, rows),
        title=title,
        description=description,
        table_id=TABLE,
    )


def _span(entry: Entry[object]) -> Span:
    row = entry.row
    lower, median, upper = (getattr(row, name) for name in ("lower", "median", "upper"))
    if median is None:
        words = TOO_FEW if "median" in entry.masked else "not available"
    else:
        words = f"median day {number(median, 0)}"
    label: str = getattr(row, "event", "")
    return Span(label=label, lower=lower, median=median, upper=upper, words=words)
