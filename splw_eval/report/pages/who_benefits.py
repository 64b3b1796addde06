"""Whether the difference differs between people: interactions that the plan names."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.confounding_rows import SubgroupRow
from splw_eval.core.plan import language_of
from splw_eval.report import contrast_sentences as words
from splw_eval.report import fair_sentences as fair
from splw_eval.report import sentences as say
from splw_eval.report.blocks import (
    Block,
    Callout,
    Figure,
    FigureGroup,
    Fold,
    Page,
    Paragraph,
    ReportTable,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.figures.given import Yardstick
from splw_eval.report.figures.given_levels import Level
from splw_eval.report.numbers import number
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes

PARTS = ("subgroups",)
TABLE = "subgroups-table"
LEVELS = ("n_programme", "n_comparison", "difference", "conf_low", "conf_high")
INTERACTIONS = ("interaction", "interaction_low", "interaction_high", "df")
SIGNED = frozenset({*LEVELS[2:], *INTERACTIONS[:3]})
FIRST = "first level"
_DECILES = "imd_decile"
HEADING = "More than at the first level by"
READING = (
    "An interval that includes 0 at one level and not at another is no difference between levels. "
    "Only the interaction, how much more the difference is at one level than at another, says "
    "whether people differ; so no level has a p-value.",
    "A study large enough for everybody together is far too small for its parts: that no "
    "interaction is seen does not say that all benefit alike.",
)
Found = tuple[Entry[SubgroupRow], ...]


def page(evidence: Evidence) -> Page:
    """Return the page of who benefits."""
    result = evidence.of("subgroups")
    found = tuple(entries(result))
    sections = _section(evidence, found) if found else notes(result)
    return Page(id="who-benefits", title="Who benefits", sections=sections)


def answers(evidence: Evidence) -> tuple[str, ...]:
    """Return for each pair of groups whether the difference may differ between people."""
    found = tuple(entries(evidence.of("subgroups")))
    pairs = dict.fromkeys(e.row.compared for e in found)
    return tuple(
        _answer(evidence, tuple(e for e in found if e.row.compared == pair)) for pair in pairs
    )


def _section(evidence: Evidence, found: Found) -> tuple[Section, ...]:
    result = evidence.of("subgroups")
    said = next((n.sentence() for n in result.notes if "looked at, in" in n.sentence()), "")
    tables = _tables(evidence, found)
    pairs = dict.fromkeys(e.row.compared for e in found)
    parts = {pair: tuple(e for e in found if e.row.compared == pair) for pair in pairs}
    figures = tuple(
        figure
        for place, part in enumerate(parts.values())
        if (figure := _figure(evidence, part, place)) is not None
    )
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=words_, lead=True) for words_ in answers(evidence)),
        *((Paragraph(text=said),) if said else ()),
        *((FigureGroup(figures=figures),) if figures else ()),
        Callout(title="What this does not say", paragraphs=_limits(evidence, found)),
        Fold(title="Every level in numbers", file=tables[0].file, blocks=tables),
        *counted(result, without=said),
    )
    return (Section(id="subgroups", title=result.title, blocks=blocks),)


def _limits(evidence: Evidence, found: Found) -> tuple[str, ...]:
    """Return what cannot be said, first of all by the design."""
    language = language_of(evidence.plan)
    first = "" if language.causal else language.recruitment
    beside = fair.beside_page_one(found[0].row)
    return (*((first,) if first else ()), *READING[:-1], f"{READING[-1]} {beside}")


def _answer(evidence: Evidence, found: Found) -> str:
    """Say of how many interactions the interval does not include 0."""
    told = [e.row for e in found if e.row.interaction is not None]
    apart = [row for row in told if _leaves_out_none(row)]
    compared, called = found[0].row.compared, words.what(evidence)
    if not told:
        return f"{compared}: too few people are behind every interaction to show any."
    if not apart:
        held = f"There are {len(told)} interactions, and every 95% interval includes 0."
        held = "The 95% interval of the one interaction includes 0." if len(told) == 1 else held
        return f"{compared}: nothing here shows that the {called} differs between people. {held}"
    named = "; ".join(_named(evidence, row) for row in apart)
    which = (
        f"Of {len(told)} interactions, the 95% interval of {len(apart)}"
        if len(told) > 1
        else "The 95% interval of the one interaction"
    )
    return (
        f"{compared}: the {called} may differ between people. {which} does not include 0: {named}."
    )


def _leaves_out_none(row: SubgroupRow) -> bool:
    low, high = row.interaction_low, row.interaction_high
    return low is not None and high is not None and (low > 0 or high < 0)


def _named(evidence: Evidence, row: SubgroupRow) -> str:
    against = f" against {row.against}" if row.against else ""
    return f"{row.by}, {row.level}{against} ({_more(evidence, row)})"


def _more(evidence: Evidence, row: SubgroupRow) -> str:
    if row.interaction is None:
        return say.TOO_FEW
    return _interval(evidence, row.interaction, row.interaction_low, row.interaction_high)


def _interval(evidence: Evidence, value: float, low: float | None, high: float | None) -> str:
    places = evidence.plan.primary.decimals
    words_ = number(value, places, signed=True)
    if low is None or high is None:
        return f"{words_} (no interval)"
    return f"{words_} ({number(low, places, signed=True)} to {number(high, places, signed=True)})"


def _tables(evidence: Evidence, found: Found) -> tuple[ReportTable, ...]:
    """Return the differences at all levels, and the interactions."""
    label = evidence.plan.primary.label
    told = tuple(e for e in found if e.row.difference is not None or "difference" in e.masked)
    levels = _table(evidence, told, (), LEVELS, f"{label}: the difference at each level", TABLE)
    more = tuple(e for e in found if e.row.interaction is not None or "interaction" in e.masked)
    against: Lead = (("Set against", lambda row: row.against or "–"),)
    caption = f"{label}: interactions, how much more the difference is than elsewhere"
    return levels, _table(evidence, more, against, INTERACTIONS, caption, "interactions-table")


def _table(
    evidence: Evidence,
    found: Found,
    against: Lead,
    names: tuple[str, ...],
    caption: str,
    anchor: str,
) -> ReportTable:
    decimals = evidence.plan.primary.decimals
    several = len({e.row.compared for e in found}) > 1
    lead: Lead = (
        *((("Compared", lambda row: row.compared),) if several else ()),
        ("People", lambda row: f"{row.by}: {row.level}"),
        *against,
    )
    return listed(
        evidence.of("subgroups"),
        found,
        lead,
        names,
        caption=caption,
        anchor=anchor,
        places=lambda _row: decimals,
        signed=SIGNED,
    )


def _figure(evidence: Evidence, found: Found, place: int) -> Figure | None:
    from splw_eval.report.figures.levels import draw_levels

    if not any(e.row.difference is not None for e in found):
        return None
    outcome, row = evidence.plan.primary, found[0].row
    rows = tuple(_levels(evidence, found))
    key = f"subgroups-figure{f'-{place + 1}' if place else ''}"
    title = f"{row.compared}, {say.small(row.when)}: {outcome.label} by level"
    caption = "Dots are differences between the groups at a level, bars their 95% intervals. At "
    caption += f"the right: the interaction and its interval.{_tenths(evidence)}"
    said = " ".join(f"{sentence}." for sentence in _spoken(evidence, found))
    against = Yardstick(
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
        mid=None,
        decimals=outcome.decimals,
    )
    return Figure(
        id=key,
        svg=draw_levels(key, title, f"{said} {caption}", against, rows, HEADING),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id=TABLE,
    )


def _tenths(evidence: Evidence) -> str:
    """Say which end of the tenths of deprivation is which, where they are told apart."""
    names = [s.name for s in evidence.plan.subgroups if s.column == _DECILES]
    return "".join(f" {name} is in tenths, 1 the most deprived." for name in names)


def _levels(evidence: Evidence, found: Found) -> Iterator[Level]:
    for entry in found:
        row, first = entry.row, "interaction" not in entry.masked and entry.row.interaction is None
        yield Level(
            by=row.by,
            label=row.level,
            value=row.difference,
            low=row.conf_low,
            high=row.conf_high,
            more=FIRST
            if first and not _line(found, row)
            else ""
            if first
            else _more(evidence, row),
        )


def _line(found: Found, row: SubgroupRow) -> bool:
    """Whether a characteristic is a number, whose levels are set against none."""
    return not any(e.row.against for e in found if e.row.by == row.by)


def _spoken(evidence: Evidence, found: Found) -> Iterator[str]:
    for entry in found:
        row = entry.row
        more = f"; interaction {_more(evidence, row)}" if row.interaction is not None else ""
        if row.difference is None:
            few = f": {say.TOO_FEW}" if "difference" in entry.masked else ""
            yield f"{row.by}, {row.level}{few}{more}"
            continue
        own = _interval(evidence, row.difference, row.conf_low, row.conf_high)
        yield f"{row.by}, {row.level}: {own}{more}"
