"""What went with dropping out: hazard ratios, told as associations."""

from __future__ import annotations

from splw_eval.core.retention_rows import HazardRow
from splw_eval.report.blocks import Block, Callout, Figure, FigureGroup, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given_steps import Ratio
from splw_eval.report.numbers import number
from splw_eval.report.pages.result_tables import listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import TOO_FEW

PARTS = ("leaving",)
COLUMNS = ("hazard_ratio", "conf_low", "conf_high", "df", "events", "episodes", "clusters")
SMALLEST_P = 0.001


def section(evidence: Evidence) -> tuple[Section, ...]:
    """Return hazard ratios with the sentence that they are associations.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    tuple of Section
    """
    result = evidence.of("leaving")
    found = tuple(entries(result))
    if not found:
        return notes(result)
    first, *others = (note.sentence() for note in result.notes)
    said = next((words for words in (first, *others) if "associations" in words), first)
    table = listed(
        result,
        found,
        (("What was compared", lambda row: row.term), ("p", lambda row: told_p(row.p_value))),
        COLUMNS,
        caption="Rate of dropping out, as a ratio",
        anchor="leaving-table",
    )
    figure = _figure(found)
    blocks: tuple[Block, ...] = (
        Callout(title="Not the effect of anything", paragraphs=(said,)),
        *((FigureGroup(figures=(figure,)),) if figure else ()),
        table,
        *counted(result, without=said),
    )
    return (Section(id="leaving", title=result.title, blocks=blocks),)


def told_p(value: float | None) -> str:
    """Return a p-value as it is printed: never 0, and a dash where there is none."""
    if value is None:
        return "–"
    return f"below {SMALLEST_P:g}" if value < SMALLEST_P else number(value, 3)


def _figure(found: tuple[Entry[HazardRow], ...]) -> Figure | None:
    from splw_eval.report.figures.ratios import draw_ratios

    if not any(e.row.hazard_ratio is not None for e in found):
        return None
    rows = tuple(_ratio(e) for e in found)
    title = "What went with dropping out: ratio of rates and 95% interval"
    caption = "Right of the line people dropped out sooner, left of it later. An interval that "
    caption += "crosses the line leaves both open."
    said = " ".join(f"{row.label}: {row.words}." for row in rows)
    return Figure(
        id="leaving-figure",
        svg=draw_ratios(
            "leaving-figure", title, f"{said} {caption}", ("stayed longer", "left sooner"), rows
        ),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id="leaving-table",
    )


def _ratio(entry: Entry[HazardRow]) -> Ratio:
    row = entry.row
    words = TOO_FEW
    if row.hazard_ratio is not None and row.conf_low is not None and row.conf_high is not None:
        low, high = number(row.conf_low, 2), number(row.conf_high, 2)
        words = f"{number(row.hazard_ratio, 2)} ({low} to {high})"
    return Ratio(
        label=row.term, value=row.hazard_ratio, low=row.conf_low, high=row.conf_high, words=words
    )
