"""How many people were better, within and worse by at least each important difference."""

from __future__ import annotations

from collections.abc import Iterable

from splw_eval.core.plan import Outcome
from splw_eval.core.rows import ResponderRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.figures.given import Bar
from splw_eval.report.numbers import as_planned, in_100, percent
from splw_eval.report.pages.card_tables import SHORT
from splw_eval.report.pages.result_tables import by_wave, group, listed, table_id
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
ALL_FIELDS = ("n", "n_better", "n_worse", "share_better", "share_same", "share_worse")
IN_THE_PLAN = "stated in the plan"
NO_MID = "The plan gives no MID (the smallest change that matters to people) for this score."
WHY_ALL = (
    "Others have called these sizes of change important. People are counted here by each of them. "
    "Where the counts differ much, it matters which size is believed."
)


def page(evidence: Evidence) -> Page:
    """Return the page of people who crossed the MID, or another size called important."""
    result = evidence.responders
    sections = tuple(_section(evidence, outcome) for outcome in evidence.outcomes)
    return Page(id="responders", title="Better and worse", sections=(*sections, *notes(result)))


def _section(evidence: Evidence, outcome: Outcome) -> Section:
    result, listed_at_all = evidence.responders, _every_difference(evidence, outcome)
    no_mid = outcome.mid is None and listed_at_all
    blocks: tuple[Block, ...] = (Paragraph(text=NO_MID if no_mid else say.mid_meaning(outcome)),)
    mid = tuple(e for e in select(result, outcome.name) if e.row.kind == IN_THE_PLAN)
    if mid:
        caption = f"{outcome.label}: people better, within and worse by at least the MID"
        table = by_wave(evidence, result, outcome, FIELDS, caption=caption, found=mid)
        drawn = tuple(_mid_figure(evidence, outcome, arm, mid) for arm in evidence.plan.groups)
        blocks = (*blocks, FigureGroup(figures=drawn), table)
    return Section(
        id=f"responders-{outcome.name}",
        title=outcome.label,
        blocks=(*blocks, *listed_at_all),
    )


def _every_difference(evidence: Evidence, outcome: Outcome) -> tuple[Block, ...]:
    """Return the counts by every listed difference, at the wave that page one speaks of."""
    wave = evidence.answer_wave
    found = select(evidence.responders, outcome.name, wave=wave.name)
    if all(entry.row.kind == IN_THE_PLAN for entry in found):
        return ()
    when, anchor = say.small(wave.title), f"responders-{outcome.name}-all-table"
    each = _each_size_once(found)
    drawn = tuple(
        _figure(
            f"responders-{outcome.name}-all-figure-{index}",
            f"{arm}: by each important difference, at {when}",
            [(_short(e.row, outcome), e) for e in each if e.row.arm == arm],
            anchor,
        )
        for index, arm in enumerate(evidence.plan.groups, 1)
    )
    table = listed(
        evidence.responders,
        each,
        (
            ("Size", lambda row: _size(row, outcome)),
            ("How it was found", lambda row: _ways(row, found)),
            *group(evidence),
        ),
        ALL_FIELDS,
        caption=f"{outcome.label}: people by each important difference, at {when}",
        anchor=anchor,
    )
    return (Paragraph(text=WHY_ALL), FigureGroup(figures=drawn), table)


def _each_size_once(found: Iterable[Entry[ResponderRow]]) -> tuple[Entry[ResponderRow], ...]:
    """Leave out a size that was listed before: its counts are the same."""
    once: dict[tuple[str, float, str], Entry[ResponderRow]] = {}
    for entry in found:
        once.setdefault((entry.row.arm, entry.row.mid, entry.row.unit), entry)
    return tuple(once.values())


def _ways(row: ResponderRow, found: Iterable[Entry[ResponderRow]]) -> str:
    """Return every way in which a size was found."""
    same = (e.row for e in found if (e.row.mid, e.row.unit) == (row.mid, row.unit))
    words = ", ".join(dict.fromkeys(SHORT.get(r.kind, r.kind) for r in same))
    return words[:1].upper() + words[1:]


def _size(row: ResponderRow, outcome: Outcome) -> str:
    if row.unit == "percent":
        return f"{as_planned(row.mid)}% of the first score"
    return f"{as_planned(row.mid)} {outcome.unit}"


def _short(row: ResponderRow, outcome: Outcome) -> str:
    """Return the size and the first way it was found, as far as a figure has room."""
    size = f"{as_planned(row.mid)}%" if row.unit == "percent" else _size(row, outcome)
    return f"{size} ({SHORT.get(row.kind, row.kind)})"


def _mid_figure(
    evidence: Evidence, outcome: Outcome, arm: str, found: Iterable[Entry[ResponderRow]]
) -> Figure:
    here = [(evidence.wave(e.row.wave).title, e) for e in found if e.row.arm == arm]
    return _figure(
        f"responders-{outcome.name}-figure-{evidence.plan.groups.index(arm) + 1}",
        f"{arm}: better, within and worse by at least the MID",
        here,
        table_id(evidence.responders, outcome),
    )


def _figure(
    key: str,
    title: str,
    named: list[tuple[str, Entry[ResponderRow]]],
    table: str,
) -> Figure:
    """Return one bar for each entry, under the name it is given."""
    from splw_eval.report.figures.responders import draw_responders

    bars = tuple(
        Bar(
            label=label,
            better=entry.row.share_better,
            same=entry.row.share_same,
            worse=entry.row.share_worse,
            missing=_why(entry),
        )
        for label, entry in named
    )
    description = " ".join(_said(label, entry) for label, entry in named) or "Not available."
    return Figure(
        id=key,
        svg=draw_responders(key, title, description, bars),
        title=title,
        description=description,
        table_id=table,
    )


def _why(entry: Entry[ResponderRow]) -> str:
    hidden = entry.masked & {"share_better", "share_same", "share_worse"}
    return say.TOO_FEW if hidden else "not available"


def _unseen(entry: Entry[ResponderRow], word: str) -> str:
    """Say why one share is not there: of few people itself, or it would tell of few others."""
    part = "same" if word == "within" else word
    few = entry.masked & {"n", f"n_{part}"}
    return _why(entry) if few or f"share_{part}" not in entry.masked else "not shown"


def _said(label: str, entry: Entry[ResponderRow]) -> str:
    row = entry.row
    shares = (row.share_better, row.share_same, row.share_worse)
    words = ("better", "within", "worse")
    parts = (
        f"{word} {_unseen(entry, word) if value is None else f'{in_100(value)} ({percent(value)})'}"
        for value, word in zip(shares, words, strict=True)
    )
    return f"{label}: {', '.join(parts)}."
