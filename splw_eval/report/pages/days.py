"""When people were met and measured, in days from time zero."""

from __future__ import annotations

from splw_eval.report.blocks import Block, Figure, FigureGroup, Page, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Span
from splw_eval.report.numbers import number
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes
from splw_eval.report.sentences import NOTHING_TO_DRAW, TOO_FEW

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
        blocks: tuple[Block, ...] = (*_drawn(evidence), table)
        sections = (Section(id="days-all", title="Days from time zero", blocks=blocks),)
    title = "When people were met and measured"
    return Page(id="days", title=title, sections=(*sections, *notes(result)))


def _drawn(evidence: Evidence) -> tuple[Block, ...]:
    """Draw every group to one scale; say it in words where nothing of it may be shown."""
    rows = {
        arm: tuple(_span(e) for e in entries(evidence.of("days")) if e.row.arm == arm)
        for arm in evidence.plan.groups
    }
    shown = [arm for arm, spans in rows.items() if any(s.median is not None for s in spans)]
    known = [x for spans in rows.values() for s in spans for x in (s.lower, s.upper)]
    days = [x for x in known if x is not None]
    ends = (min([0.0, *days]), max([1.0, *days]))
    figures = tuple(_figure(evidence, arm, rows[arm], ends) for arm in shown)
    said = tuple(Paragraph(text=f"{arm}: {NOTHING_TO_DRAW}") for arm in rows if arm not in shown)
    return (*((FigureGroup(figures=figures),) if figures else ()), *said)


def _figure(
    evidence: Evidence, arm: str, rows: tuple[Span, ...], ends: tuple[float, float]
) -> Figure:
    from splw_eval.report.figures.days import draw_days

    key = f"days-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: days to each event"
    said = "; ".join(f"{row.label}: {row.words}" for row in rows)
    description = f"{said}. A bar holds the middle half of people, and the point is the median."
    return Figure(
        id=key,
        svg=draw_days(key, title, description, rows, ends),
        title=title,
        description=description,
        caption="A bar holds the middle half of people, and the point is the median.",
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
