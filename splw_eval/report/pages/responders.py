"""How many people were better, within and worse by at least each important difference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from splw_eval.core.plan import Outcome
from splw_eval.core.rows import ResponderRow
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Fold,
    Page,
    Paragraph,
    Plain,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.figures.given import Bar
from splw_eval.report.importance import IN_THE_PLAN, mid_meaning
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
NO_MID = "The plan gives no MID (a change taken as important) for this score."
NONE_DRAWN = "no figure is drawn, as a share of every bar is not shown."
WHY_ALL = (
    "Others have called these sizes of change important. People are counted here by each of them. "
    "Where the counts differ much, it matters which size is believed."
)


def page(evidence: Evidence) -> Page:
    """Return the page of people who crossed the MID, or another size called important."""
    result = evidence.responders
    sections = tuple(_section(evidence, o) for o in evidence.outcomes if _has_more(evidence, o))
    return Page(id="responders", title="Better and worse", sections=(*sections, *notes(result)))


def _has_more(evidence: Evidence, outcome: Outcome) -> bool:
    """Whether there is more to say of an outcome than a note says already."""
    result = evidence.responders
    noted = any(outcome.label in note.sentence() for note in result.notes)
    return outcome is evidence.plan.primary or bool(select(result, outcome.name)) or not noted


def _section(evidence: Evidence, outcome: Outcome) -> Section:
    result, (drawn_all, listed_all) = evidence.responders, _every_difference(evidence, outcome)
    no_mid = outcome.mid is None and listed_all
    words = NO_MID if no_mid else mid_meaning(evidence, outcome)
    drawn: tuple[Plain, ...] = ()
    tables: tuple[Plain, ...] = ()
    mid = tuple(e for e in select(result, outcome.name) if e.row.kind == IN_THE_PLAN)
    if mid:
        caption = f"{outcome.label}: people better, within and worse by at least the MID"
        tables = (by_wave(evidence, result, outcome, FIELDS, caption=caption, found=mid),)
        drawn = _mid_figures(evidence, outcome, mid)
    blocks: tuple[Block, ...] = (Paragraph(text=words),)
    if outcome is evidence.plan.primary:
        blocks = (*blocks, *drawn, *tables, *listed_all, *drawn_all)
    elif listed_all and tables:
        blocks = (*blocks, *listed_all, *_folded((*tables, *drawn, *drawn_all)))
    else:
        blocks = (*blocks, *tables, *listed_all, *_folded((*drawn, *drawn_all)))
    return Section(id=f"responders-{outcome.name}", title=outcome.label, blocks=blocks)


def _folded(drawn: tuple[Plain, ...]) -> tuple[Block, ...]:
    """Fold drawings whose figures stand in the tables above, and a table of every wave."""
    files = [block.file for block in drawn if isinstance(block, ReportTable)]
    if files:
        return (Fold(title="At every wave, and as drawings", file=files[0], blocks=drawn),)
    if not any(isinstance(block, FigureGroup) for block in drawn):
        return drawn
    return (Fold(title="The same as drawings", file="in the tables above", blocks=drawn),)


def _every_difference(
    evidence: Evidence, outcome: Outcome
) -> tuple[tuple[Plain, ...], tuple[Plain, ...]]:
    """Return drawings and table of every listed difference, at the wave of page one."""
    wave = evidence.answer_wave
    found = select(evidence.responders, outcome.name, wave=wave.name)
    if not _others_at(evidence, outcome):
        return (), ()
    when, anchor = say.small(wave.title), f"responders-{outcome.name}-all-table"
    each = _each_size_once(found)
    drawn = _drawn(
        {
            f"responders-{outcome.name}-all-figure-{index}": (
                f"{arm}: by each important difference, at {when}",
                [(_short(e.row, outcome), e) for e in each if e.row.arm == arm],
            )
            for index, arm in enumerate(evidence.plan.groups, 1)
        },
        anchor,
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
    first = next(o for o in evidence.outcomes if _others_at(evidence, o))
    why = (Paragraph(text=WHY_ALL),) if outcome is first else ()
    return drawn, (*why, table)


def _others_at(evidence: Evidence, outcome: Outcome) -> bool:
    """Whether other sizes than the plan's are counted by at the wave of page one."""
    found = select(evidence.responders, outcome.name, wave=evidence.answer_wave.name)
    return any(entry.row.kind != IN_THE_PLAN for entry in found)


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


def _mid_figures(
    evidence: Evidence, outcome: Outcome, found: Iterable[Entry[ResponderRow]]
) -> tuple[Plain, ...]:
    held = tuple(found)
    return _drawn(
        {
            f"responders-{outcome.name}-figure-{index}": (
                f"{arm}: by at least the MID",
                [(evidence.wave(e.row.wave).title, e) for e in held if e.row.arm == arm],
            )
            for index, arm in enumerate(evidence.plan.groups, 1)
        },
        table_id(evidence.responders, outcome),
    )


def _drawn(
    named: Mapping[str, tuple[str, list[tuple[str, Entry[ResponderRow]]]]], table: str
) -> tuple[Plain, ...]:
    """Draw what may be shown; say it in words where nothing of a figure may."""
    figures, said = [], []
    for key, (title, bars) in named.items():
        rows = (entry.row for _, entry in bars)
        if any(None not in (r.share_better, r.share_same, r.share_worse) for r in rows):
            figures.append(_figure(key, title, bars, table))
        else:
            said.append(Paragraph(text=f"{title}: {NONE_DRAWN}"))
    return (*((FigureGroup(figures=tuple(figures)),) if figures else ()), *said)


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
    description = " ".join(told(label, entry) for label, entry in named) or "Not available."
    return Figure(
        id=key,
        svg=draw_responders(key, title, description, bars),
        title=title,
        description=description,
        caption="Each bar is everybody with both scores.",
        table_id=table,
    )


def _why(entry: Entry[ResponderRow]) -> str:
    hidden = entry.masked & {"share_better", "share_same", "share_worse"}
    return say.TOO_FEW if hidden else "not available"


def _unseen(entry: Entry[ResponderRow], word: str) -> str:
    """Say why one share is not there: of few people itself, or it would tell of few others."""
    part = "same" if word == "within" else word
    few = entry.masked & {"n", f"n_{part}"}
    if few:
        return say.why_hidden(entry.masked, part, ("better", "same", "worse"))
    return _why(entry) if f"share_{part}" not in entry.masked else "not shown"


def told(label: str, entry: Entry[ResponderRow]) -> str:
    """Say the shares of one bar both ways, or why one is not shown."""
    row = entry.row
    shares = (row.share_better, row.share_same, row.share_worse)
    words = ("better", "within", "worse")
    parts = (
        f"{word}: {_unseen(entry, word)}"
        if value is None
        else f"{word} {in_100(value)} ({percent(value)})"
        for value, word in zip(shares, words, strict=True)
    )
    return f"{label}: {', '.join(parts)}."
