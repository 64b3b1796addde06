"""Use of the practice and the hospital: before and after, month by month, and compared."""

from __future__ import annotations

from typing import Any

from splw_eval.core.cost_rows import RATE
from splw_eval.report.blocks import (
    Block,
    Callout,
    Fold,
    Page,
    Paragraph,
    Section,
)
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import number, shown
from splw_eval.report.pages import service_use_months
from splw_eval.report.pages.result_tables import Lead, listed
from splw_eval.report.pages.titles import counted, notes
from splw_eval.report.sentences import TOO_FEW

PARTS = ("service_use", "service_use_contrast", "service_run_in", "service_use_months")
BEFORE_AFTER = ("n", "before", "after", "change", "conf_low", "conf_high")
BEHIND = (
    "n_out",
    "months_before",
    "before_low",
    "before_high",
    "months_after",
    "after_low",
    "after_high",
    "ratio",
    "ratio_low",
    "ratio_high",
    "df",
    "clusters",
    "interval",
)
CONTRAST = ("n", "estimate", "conf_low", "conf_high", "p_value", "clusters")
RUN_IN = (
    "n", "early", "late", "rise", "conf_low", "conf_high", "since", "since_low", "since_high"
)  # fmt: skip
SIGNED = frozenset({"change", "estimate", "rise", "since", "since_low", "since_high"})
REGRESSION = (
    "People who use services much one month use them less the next, by themselves: what is high "
    "falls back towards the usual (regression to the mean). A fall after people were found says "
    "nothing by itself of what the programme did."
)
ALONE = (
    "Nobody is there to compare with, so how much of a change would have come anyway is unknown."
)
FOUND_SO = (
    "The plan says that people were found because they used services much, so a fall was to be "
    "expected in every group. Read the difference between the groups, and not the fall."
)
HOW_FOUND = (
    "The plan does not say whether people were found because they used services much "
    "([service_use] found_by_use). If they were, a fall was to be expected in every group."
)
Found = tuple[Entry[Any], ...]


def page(evidence: Evidence) -> Page:
    """Return the page of use of services."""
    title = "Use of the practice and the hospital"
    result = evidence.of("service_use")
    found = tuple(entries(result))
    if not found:
        return Page(id="service-use", title=title, sections=notes(result))
    sections = (
        _before_and_after(evidence, found),
        *_compared(evidence),
        *_run_in(evidence),
        *service_use_months.monthly(evidence),
    )
    return Page(id="service-use", title=title, sections=sections)


def _banner(evidence: Evidence) -> Callout:
    rules, words = evidence.plan.service_use, [REGRESSION]
    if not evidence.plan.arms:
        words.append(ALONE)
    if evidence.plan.arms and rules.found_by_use:
        words.append(FOUND_SO)
    elif rules.found_by_use is None:
        words.append(HOW_FOUND)
    return Callout(title="A fall was to be expected", paragraphs=tuple(words))


def _before_and_after(evidence: Evidence, found: Found) -> Section:
    result, several = evidence.of("service_use"), bool(evidence.plan.arms)
    lead: Lead = (("Use", lambda row: row.what), *_group(several))
    table = listed(
        result,
        found,
        lead,
        BEFORE_AFTER,
        caption=f"Use before and after, {RATE}",
        anchor="service-use-table",
        signed=SIGNED | {"conf_low", "conf_high"},
    )
    behind = listed(
        result,
        found,
        lead,
        BEHIND,
        caption="Person-months, intervals, and how they were made",
        anchor="service-use-behind-table",
    )
    expected = not evidence.plan.arms or evidence.plan.service_use.found_by_use is not False
    first = found[0].row.what
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=_changed(e), lead=True) for e in found if e.row.what == first),
        *((_banner(evidence),) if expected else (Paragraph(text=REGRESSION),)),
        Paragraph(text=f"Every rate is {RATE}: 50 means one contact for every second person."),
        table,
        Fold(title="What stands behind these rates", file=behind.file, blocks=(behind,)),
        *counted(result),
    )
    return Section(id="service-use-rates", title="Before and after", blocks=blocks)


def _group(several: bool) -> Lead:
    return (("Group", lambda row: row.group),) if several else ()


def _changed(entry: Entry[Any]) -> str:
    row = entry.row
    what = f"{row.group}: {row.what[:1].lower()}{row.what[1:]}"
    if row.before is None or row.after is None:
        return f"{what}: {TOO_FEW}."
    both = f"from {_cell(entry, 'before')} to {_cell(entry, 'after')} {RATE}"
    if row.conf_low is None or row.conf_high is None:
        return f"{what} changed {both}. How sure that is cannot be told: no interval can be given."
    return (
        f"{what} changed {both}: a change of {_cell(entry, 'change', signed=True)}, 95% interval "
        f"{_interval(entry)}."
    )


def _cell(entry: Entry[Any], name: str, *, signed: bool = False) -> str:
    return shown(entry.cell(name, signed=signed))


def _interval(entry: Entry[Any]) -> str:
    low, high = (_cell(entry, name, signed=True) for name in ("conf_low", "conf_high"))
    return f"{low} to {high}"


def _compared(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("service_use_contrast")
    found = tuple(entries(result))
    if not evidence.plan.arms:
        return ()
    title = "Against the comparison"
    if not found:
        told = tuple(Paragraph(text=note.sentence()) for note in result.notes)
        return (Section(id="service-use-compared", title=title, blocks=told),)
    table = listed(
        result,
        found,
        (("Use", lambda row: row.what), *_pair(found), ("Method", lambda row: row.method)),
        CONTRAST,
        caption=f"Change of one group less change of the other, {RATE}",
        anchor="service-use-compared-table",
        signed=SIGNED | {"conf_low", "conf_high"},
    )
    firsts = {(e.row.compared, e.row.what): e for e in reversed(found)}
    lead = [e for (_, what), e in reversed(firsts.items()) if what == found[0].row.what]
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=_differed(entry), lead=True) for entry in lead),
        table,
        *counted(result),
    )
    return (Section(id="service-use-compared", title=title, blocks=blocks),)


def _pair(found: Found) -> Lead:
    several = len({e.row.compared for e in found}) > 1
    return (("Compared", lambda row: row.compared),) if several else ()


def _differed(entry: Entry[Any]) -> str:
    row = entry.row
    what = f"{row.compared}, {row.what[:1].lower()}{row.what[1:]}"
    if row.estimate is None:
        return f"{what}: {TOO_FEW}."
    said = f"{what}: a difference in changes of {_cell(entry, 'estimate', signed=True)} {RATE}"
    if row.conf_low is None or row.conf_high is None:
        return f"{said}. No interval can be given, so nothing can be said of chance."
    if row.conf_low <= 0 <= row.conf_high:
        low, high = (number(abs(end), 1) for end in (row.conf_low, row.conf_high))
        return (
            f"{said}, 95% interval {_interval(entry)}. The data fit no difference. They rule out "
            f"a fall by more than {low} and a rise by more than {high}."
        )
    side = "below" if row.conf_high < 0 else "above"
    return f"{said}, 95% interval {_interval(entry)}. All of it lies {side} no difference."


def _run_in(evidence: Evidence) -> tuple[Section, ...]:
    result = evidence.of("service_run_in")
    found = tuple(entries(result))
    if not found:
        return ()
    table = listed(
        result,
        found,
        (("Use", lambda row: row.what), *_group(bool(evidence.plan.arms))),
        RUN_IN,
        caption=f"The last 3 months before time zero beside the months before those, {RATE}",
        anchor="service-run-in-table",
        signed=SIGNED | {"conf_low", "conf_high"},
    )
    first = found[0].row.what
    blocks: tuple[Block, ...] = (
        *(Paragraph(text=_rose(e), lead=True) for e in found if e.row.what == first),
        table,
        *counted(result),
    )
    return (Section(id="service-run-in", title="The months before", blocks=blocks),)


def _rose(entry: Entry[Any]) -> str:
    row = entry.row
    what = f"{row.group}, {row.what[:1].lower()}{row.what[1:]}"
    if row.early is None or row.late is None:
        return f"{what}: {TOO_FEW}."
    said = (
        f"{what}: {_cell(entry, 'early')} {RATE} until 4 months before time zero, and "
        f"{_cell(entry, 'late')} in the last 3 months before it."
    )
    if row.conf_low is not None and row.conf_low > 0:
        said += " Use was at a high point when people were found, so a fall was to come by itself."
    if row.since is not None and row.since_low is not None and row.since_high is not None:
        said += (
            f" After time zero it is {_cell(entry, 'since', signed=True)} against the early "
            f"months, 95% interval {_cell(entry, 'since_low', signed=True)} to "
            f"{_cell(entry, 'since_high', signed=True)}."
        )
    return said
