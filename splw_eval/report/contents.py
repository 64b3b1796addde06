"""The report put together: the pages of each reader, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from splw_eval.core.errors import OutputError
from splw_eval.report.blocks import Page, Report
from splw_eval.report.evidence import Evidence
from splw_eval.report.pages import (
    answer,
    audit,
    change,
    comparison,
    costs,
    days,
    delivered,
    fair,
    findings_page,
    flow,
    gaps,
    glossary,
    lost,
    masking,
    methods,
    missing_follow_up,
    not_shown,
    plan_page,
    providers,
    questionnaires,
    reach,
    received,
    records,
    reliable_change,
    responders,
    scores,
    service_use,
    sizing,
    staying,
    support,
    tidier,
    who_benefits,
    who_came,
)
from splw_eval.report.pages.said_once import said_once
from splw_eval.report.pages.titles import DESIGNS, foot
from splw_eval.report.readers import commissioner, plain

EVERYTHING, BRIEF, PLAIN = "evaluator", "commissioner", "public"
Making = Callable[[Evidence], Page]
# What the contents name above the pages, each with its pages in reading order.
PARTS: Mapping[str, tuple[Making, ...]] = {
    "The answer": (answer.page,),
    "The comparison": (
        comparison.page,
        fair.page,
        missing_follow_up.page,
        received.page,
        who_benefits.page,
    ),
    "The people": (flow.page, who_came.page, reach.page, lost.page, gaps.page),
    "The service": (
        staying.page,
        delivered.page,
        tidier.page,
        providers.page,
        service_use.page,
        costs.page,
    ),
    "The measurements": (
        days.page,
        scores.page,
        change.page,
        responders.page,
        reliable_change.page,
        questionnaires.page,
    ),
    "The data and their limits": (
        records.page,
        findings_page.page,
        masking.page,
        support.page,
        sizing.page,
    ),
    "About this report": (audit.page, plan_page.page, methods.page),
}
PAGES: tuple[Making, ...] = tuple(page for pages in PARTS.values() for page in pages)


COMMISSIONER: tuple[Making, ...] = (
    commissioner.first,
    commissioner.reach,
    commissioner.outcome,
    commissioner.next_time,
)
PUBLIC: tuple[Making, ...] = (plain.page, plain.people)
READERS: Mapping[str, tuple[Making, ...]] = {
    BRIEF: COMMISSIONER,
    EVERYTHING: PAGES,
    PLAIN: PUBLIC,
}


def describe_report(evidence: Evidence, reader: str = EVERYTHING) -> Report:
    """Return the whole report as an immutable description.

    Parameters
    ----------
    evidence : Evidence
        The plan and its masked results.
    reader : {"commissioner", "evaluator", "public"}
        For whom it is: an answer on few pages, everything, or plain words for everybody.

    Returns
    -------
    Report
        What every renderer reads.

    Raises
    ------
    OutputError
        There is no such reader.
    """
    if reader not in READERS:
        raise OutputError(
            f'There is no report for "{reader}".',
            where="report",
            remedy=f"Choose one of: {', '.join(READERS)}.",
        )
    if reader == EVERYTHING:
        pages = _everything(evidence)
    else:
        pages = tuple(page(evidence) for page in READERS[reader])
    if reader == BRIEF:
        pages = (*pages[:-1], commissioner.with_words(evidence, pages))
    versions = evidence.provenance.versions
    return Report(
        title=evidence.plan.title,
        subtitle=plain.SUBTITLE if reader == PLAIN else DESIGNS[evidence.plan.design],
        stamp=evidence.stamp,
        synthetic=evidence.plan.synthetic,
        software=", ".join(f"{name} {version}" for name, version in sorted(versions.items())),
        pages=pages,
        reader=reader,
    )


def _everything(evidence: Evidence) -> tuple[Page, ...]:
    """Return the pages of the evaluator: those with nothing to show as one, and the words used."""
    made = [
        said_once(replace(page, part=part, foot=foot(page.sections)))
        for part, pages in PARTS.items()
        for page in (making(evidence) for making in pages)
    ]
    nothing = not_shown.page(made)
    pages = [page for page in made if not not_shown.is_empty(page)]
    *pages, methods_page = pages
    if nothing is not None:
        place = next(i for i, page in enumerate(pages) if page.part == methods_page.part)
        pages.insert(place, replace(nothing, part=pages[place - 1].part))
    words = glossary.page(evidence, (*pages, methods_page))
    return (*pages, replace(words, part=methods_page.part), methods_page)
