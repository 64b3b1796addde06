"""The public's report: the same few numbers in plain words, on a sheet or two."""

from __future__ import annotations

from splw_eval.core.rows import ResponderRow
from splw_eval.report.blocks import (
    Block,
    Figure,
    FigureGroup,
    Item,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, select
from splw_eval.report.figures.given_hundred import Hundred
from splw_eval.report.importance import IN_THE_PLAN
from splw_eval.report.numbers import as_planned, in_100, percent
from splw_eval.report.pages.titles import heads, text
from splw_eval.report.readers import plain_words as words
from splw_eval.report.sentences import small

SUBTITLE = "A short report in plain words"
TABLE, PICTURE = "plain-table", "plain-picture"
TOGETHER = 2  # groups to a drawing
SIGN = "Each sign is 1 person in 100 who answered both times."
STAR = "* There were too few people to show this."
SHARES = ("share_better", "share_same", "share_worse")


def page(evidence: Evidence) -> Page:
    """Return what was looked at and what was found, in words that a child of eleven can read.

    Parameters
    ----------
    evidence : Evidence

    Returns
    -------
    Page
    """
    sections = (
        _about(evidence),
        _found(evidence),
    )
    return Page(id="plain", title="In plain words", sections=sections)


def people(evidence: Evidence) -> Page:
    """Return what the numbers do not mean, who answered, and how data are kept safe."""
    rows = _rows(evidence)
    several = len(rows) > TOGETHER  # then the sheet of the picture has no room for its table
    numbers = Section(id="plain-numbers", title="The picture in numbers", blocks=(_table(rows),))
    sections = (
        *((numbers,) if several else ()),
        _listed("plain-means", "What it does not mean", words.MEANS),
        _listed("plain-answered", "Who answered", tuple(words.answered(evidence))),
        _listed("plain-safe", "How your data are kept safe", words.safe(evidence)),
    )
    return Page(id="plain-people", title="The people behind the numbers", sections=sections)


def _about(evidence: Evidence) -> Section:
    plan = evidence.plan
    told = (words.about(plan), words.groups(plan), words.asked(plan.primary))
    blocks = tuple(Paragraph(text=" ".join(s for s in part if s)) for part in told)
    return Section(id="plain-about", title="What this is about", blocks=blocks)


def _listed(anchor: str, title: str, said: tuple[str, ...]) -> Section:
    items = tuple(Item(text=sentence) for sentence in said)
    return Section(id=anchor, title=title, blocks=(ListBlock(items=items),))


def _found(evidence: Evidence) -> Section:
    lead = tuple(Paragraph(text=said, lead=True) for said in words.found(evidence))
    rows = _rows(evidence)
    blocks: tuple[Block, ...] = (*lead, Paragraph(text=words.cause(evidence)))
    if rows:
        table = (_table(rows),) if len(rows) <= TOGETHER else ()
        blocks = (*blocks, Paragraph(text=_counts(evidence)), *_picture(rows), *table)
    return Section(id="plain-found", title="What we found", blocks=blocks)


def _rows(evidence: Evidence) -> tuple[Entry[ResponderRow], ...]:
    found = select(evidence.responders, evidence.plan.primary.name, wave=evidence.answer_wave.name)
    return tuple(e for e in found if e.row.kind == IN_THE_PLAN)


def _counts(evidence: Evidence) -> str:
    """Say which change is counted, and when."""
    outcome = evidence.plan.primary
    size = as_planned(outcome.mid.value) if outcome.mid else ""
    return (
        f"Now look at each person, at {small(evidence.answer_wave.title)}. We call a change of "
        f"{size} {outcome.unit} or more better or worse. We call the rest about the same."
    )


def _picture(rows: tuple[Entry[ResponderRow], ...]) -> tuple[FigureGroup, ...]:
    """Return a hundred people of each group, two groups to a drawing."""
    several = len(rows) > 1
    pairs = [rows[at : at + TOGETHER] for at in range(0, len(rows), TOGETHER)]
    figures = [
        _drawing(pair, place, several=several, said=len(pairs) == 1)
        for place, pair in enumerate(pairs, 1)
        if any(_hundred(entry, several=several).counted() for entry in pair)
    ]
    return (FigureGroup(figures=tuple(figures)),) if figures else ()


def _drawing(
    rows: tuple[Entry[ResponderRow], ...], place: int, *, several: bool, said: bool
) -> Figure:
    from splw_eval.report.figures.hundred import draw_hundred

    key = f"{PICTURE}-{place}"
    drawn = tuple(_hundred(entry, several=several) for entry in rows)
    named = "" if said else f": {' and '.join(group.label for group in drawn)}"
    title = f"What happened to each 100 people{named}"
    told = f"{SIGN} {' '.join(_spoken(entry, several=several) for entry in rows)}"
    return Figure(
        id=key,
        svg=draw_hundred(key, title, told, drawn),
        title=title,
        description=told,
        caption=told if said else SIGN,
        table_id=TABLE,
    )


def _hundred(entry: Entry[ResponderRow], *, several: bool) -> Hundred:
    row = entry.row
    shown = None not in (row.share_better, row.share_same, row.share_worse)
    return Hundred(
        label=row.arm if several else "Out of 100 people",
        better=row.share_better if shown else None,
        worse=row.share_worse if shown else None,
        words=_brief(row) if shown else "Too few to show",
    )


def _brief(row: ResponderRow) -> str:
    better, worse = (in_100(x or 0.0) for x in (row.share_better, row.share_worse))
    return f"{better.removesuffix(' in 100')} better, {worse.removesuffix(' in 100')} worse"


def _spoken(entry: Entry[ResponderRow], *, several: bool) -> str:
    row = entry.row
    whom = f"{row.arm}: " if several else ""
    if None in (row.share_better, row.share_same, row.share_worse):
        return f"{whom}{words.FEW[:1].lower() if several else 'T'}{words.FEW[1:]}"
    better, same, worse = (getattr(row, name) for name in SHARES)
    return (
        f"{whom}{in_100(better)} ({percent(better)}) got better. "
        f"{in_100(worse)} ({percent(worse)}) got worse. "
        f"{in_100(same)} ({percent(same)}) stayed about the same."
    )


def _table(rows: tuple[Entry[ResponderRow], ...]) -> ReportTable:
    """Return the one table: the shares of the picture, and nothing else."""
    cells = tuple((text(e.row.arm), *(e.cell(name) for name in SHARES)) for e in rows)
    masked = any(cell.masked for row in cells for cell in row)
    return ReportTable(
        id=TABLE,
        caption="Out of each 100 people",
        columns=heads("Group", "Better", "About the same", "Worse"),
        rows=cells,
        footnotes=(STAR,) if masked else (),
    )
