"""The report put together: its pages in reading order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from splw_eval.report.blocks import Page, Report
from splw_eval.report.evidence import Evidence
from splw_eval.report.pages import (
    answer,
    change,
    comparison,
    days,
    delivered,
    fair,
    findings_page,
    flow,
    gaps,
    lost,
    methods,
    missing_follow_up,
    plan_page,
    questionnaires,
    received,
    records,
    reliable_change,
    responders,
    scores,
    staying,
    support,
    who_benefits,
    who_came,
)
from splw_eval.report.pages.titles import DESIGNS, foot

PAGES: tuple[Callable[[Evidence], Page], ...] = (
    answer.page,
    comparison.page,
    fair.page,
    who_benefits.page,
    flow.page,
    who_came.page,
    lost.page,
    missing_follow_up.page,
    gaps.page,
    staying.page,
    delivered.page,
    received.page,
    days.page,
    scores.page,
    change.page,
    responders.page,
    reliable_change.page,
    questionnaires.page,
    records.page,
    support.page,
    findings_page.page,
    plan_page.page,
    methods.page,
)


def describe_report(evidence: Evidence) -> Report:
    """Return the whole report as an immutable description.

    Parameters
    ----------
    evidence : Evidence
        The plan and its masked results.

    Returns
    -------
    Report
        What every renderer reads.
    """
    versions = evidence.provenance.versions
    return Report(
        title=evidence.plan.title,
        subtitle=DESIGNS[evidence.plan.design],
        stamp=evidence.stamp,
        synthetic=evidence.plan.synthetic,
        software=", ".join(f"{name} {version}" for name, version in sorted(versions.items())),
        pages=tuple(_with_foot(page(evidence)) for page in PAGES),
    )


def _with_foot(page: Page) -> Page:
    return replace(page, foot=foot(page.sections))
