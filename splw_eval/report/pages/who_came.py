"""Who came: what is known of everybody in the study at the start."""

from __future__ import annotations

from typing import Any

from splw_eval.core.result import Result
from splw_eval.report.blocks import Block, Cell, ColumnHead, Page, Paragraph, ReportTable, Section
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.pages.result_tables import Lead, group, listed
from splw_eval.report.pages.titles import notes, rules_of, text

SUMMARY = ("known", "missing", "mean", "sd", "lower", "median", "upper")


def page(evidence: Evidence) -> Page:
    """Return the page of Table 1: characteristics and scores at the start, by group."""
    sections = (*_characteristics(evidence), *_quantities(evidence), *_baseline(evidence))
    return Page(id="who-came", title="Who came", sections=sections)


def _characteristics(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("characteristics")
    if not result.rows:
        return notes(result)
    blocks: tuple[Block, ...] = (
        Paragraph(text="Everybody in the study is counted here, measured or not."),
        _by_group(evidence, result),
    )
    section = Section(id="who-came-characteristics", title="Characteristics", blocks=blocks)
    return (section, *notes(result))


def _by_group(evidence: Evidence, result: Result[Any]) -> ReportTable:
    """Return the table with a row for each category and two columns for each group."""
    groups = evidence.plan.groups
    one = len(groups) == 1
    found: dict[tuple[str, str], dict[str, Entry[Any]]] = {}
    for entry in entries(result):
        key = (entry.row.characteristic, entry.row.category)
        found.setdefault(key, {})[entry.row.arm] = entry
    rows: list[tuple[Cell, ...]] = []
    for (characteristic, category), by_arm in found.items():
        name = text(f"{characteristic}: {category}")
        pairs = ((by_arm[g].cell("people"), by_arm[g].cell("share")) for g in groups)
        rows.append((name, *(cell for pair in pairs for cell in pair)))
    heads = [
        ColumnHead(title=words if one else f"{name}: {words.lower()}", numeric=True)
        for name in groups
        for words in ("People", "Per cent")
    ]
    return ReportTable(
        id="characteristics-table",
        caption="Characteristics of the people in the study",
        columns=(ColumnHead(title="Characteristic"), *heads),
        rows=tuple(rows),
        rules=rules_of(result),
        file=f"tables/{result.key}.csv",
    )


def _quantities(evidence: Evidence) -> tuple[Section, ...]:
    result, title = evidence.of("quantities"), "Number of long-term conditions"
    if not result.rows:
        return ()
    lead: Lead = (("Kind", lambda row: row.characteristic), *group(evidence))
    found = entries(result)
    table = listed(result, found, lead, SUMMARY, caption=title, anchor="quantities-table")
    return (Section(id="who-came-quantities", title=title, blocks=(table,)), *notes(result))


def _baseline(evidence: Evidence) -> tuple[Section, ...]:
    result, title = evidence.of("baseline"), "Scores at the start"
    if not result.rows:
        return notes(result)
    by_name = {outcome.name: outcome for outcome in evidence.outcomes}
    table = listed(
        result,
        entries(result),
        (("Outcome", lambda row: by_name[row.outcome].label), *group(evidence)),
        SUMMARY,
        caption=title,
        anchor="baseline-table",
        places=lambda row: by_name[row.outcome].decimals,
    )
    return (Section(id="who-came-baseline", title=title, blocks=(table,)), *notes(result))
