"""How many people were better, within and worse by at least the MID."""

from __future__ import annotations

from splw_eval.core.plan import Outcome
from splw_eval.core.rows import ResponderRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Block, Figure, FigureGroup, Page, Paragraph, Section
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.figures.given import Bar
from splw_eval.report.numbers import in_100, percent
from splw_eval.report.pages.result_tables import by_wave, table_id
from splw_eval.report.pages.titles import notes

FIELDS = (
    "n",
    "n_better",
    "n_same",
    "n_worse",
    "share_better",
    "share_same",
    "share_worse",
)


def page(evidence: Evidence) -> Page:
    """Return the page of people who crossed the MID."""
    result = evidence.responders
    sections = tuple(_section(evidence, outcome) for outcome in evidence.outcomes)
    return Page(id="responders", title="Better and worse", sections=(*sections, *notes(result)))


def _section(evidence: Evidence, outcome: Outcome) -> Section:
    blocks: tuple[Block, ...] = (Paragraph(text=say.mid_meaning(outcome)),)
    if outcome.mid is not None and select(evidence.responders, outcome.name):
        caption = f"{outcome.label}: people better, within and worse by at least the MID"
        table = by_wave(evidence, evidence.responders, outcome, FIELDS, caption=caption)
        drawn = tuple(_figure(evidence, outcome, arm) for arm in evidence.plan.groups)
        blocks = (*blocks, FigureGroup(figures=drawn), table)
    return Section(id=f"responders-{outcome.name}", title=outcome.label, blocks=blocks)


def _figure(evidence: Evidence, outcome: Outcome, arm: str) -> Figure:
    from splw_eval.report.figures.responders import draw_responders

    found = select(evidence.responders, outcome.name, arm=arm)
    bars = tuple(
        Bar(
            label=evidence.wave(entry.row.wave).title,
            better=entry.row.share_better,
            same=entry.row.share_same,
            worse=entry.row.share_worse,
            missing=_why(entry),
        )
        for entry in found
    )
    key = f"responders-{outcome.name}-figure-{evidence.plan.groups.index(arm) + 1}"
    title = f"{arm}: better, within and worse by at least the MID"
    description = " ".join(_said(evidence, entry) for entry in found) or "Not available."
    return Figure(
        id=key,
        svg=draw_responders(key, title, description, bars),
        title=title,
        description=description,
        table_id=table_id(evidence.responders, outcome),
    )


def _why(entry: Entry[ResponderRow]) -> str:
    hidden = entry.masked & {"share_better", "share_same", "share_worse"}
    return say.TOO_FEW if hidden else "not available"


def _unseen(entry: Entry[ResponderRow], word: str) -> str:
    """Say why one share is not there: of few people itself, or it would tell of few others."""
    part = "same" if word == "within" else word
    few = entry.masked & {"n", f"n_{part}"}
    return _why(entry) if few or f"share_{part}" not in entry.masked else "not shown"


def _said(evidence: Evidence, entry: Entry[ResponderRow]) -> str:
    row = entry.row
    shares = (row.share_better, row.share_same, row.share_worse)
    words = ("better", "within", "worse")
    parts = (
        f"{word} {_unseen(entry, word) if value is None else f'{in_100(value)} ({percent(value)})'}"
        for value, word in zip(shares, words, strict=True)
    )
    return f"{evidence.wave(row.wave).title}: {', '.join(parts)}."
