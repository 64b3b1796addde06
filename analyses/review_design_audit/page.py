"""The page of the results: what each study could have detected, and the trial that is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from cluster_trial import glasgow
from detected import Row, mid_of, published
from glossary import COULD, NEVER, words
from next_trial import trial
from one_group import one_group
from tables import ends_of, pick, span, studies_table

from splw_eval.report.blocks import (
    Callout,
    Item,
    ListBlock,
    Page,
    Paragraph,
    Report,
    Section,
)
from splw_eval.report.html import render_html

TITLE = "What five studies of link workers could have detected"
SUBTITLE = "A design audit of the review's studies with numbers, from what was published of them"


def html(rows: Sequence[Row]) -> str:
    """The page as the numbers give it."""
    return render_html(report(rows))


def report(rows: Sequence[Row]) -> Report:
    """The description of the page."""
    return Report(
        title=TITLE,
        subtitle=SUBTITLE,
        stamp="",
        synthetic=False,
        software="Written by analyses/review_design_audit/analyse.py.",
        pages=(_answer(rows), glasgow(rows), one_group(rows), _missing(), trial(rows)),
    )


def lead(rows: Sequence[Row]) -> str:
    """The answer, over the whole range of the tables behind it."""
    mid = mid_of("EQ-5D-5L")
    return (
        "Of the five, only the Glasgow trial may have been large enough to find the smallest "
        f"important difference in health-related quality of life (EQ-5D-5L), {mid:g}. It could "
        f"have detected {span(*ends_of(pick(rows, 'interval', outcome='EQ-5D-5L')), 3)} by the "
        "interval it published, but "
        f"{span(*ends_of(pick(rows, 'design')), 3)} by its layout of 7 practices against 8: by "
        "that way of reckoning it may as well have been too small. It was quasi-experimental: "
        "chance decided which practices had link workers, but people with them had been referred, "
        "and people without were drawn from lists."
    )


def settled(rows: Sequence[Row]) -> str:
    """What would decide between the two, and what the interval says meanwhile."""
    mid, designs = mid_of("EQ-5D-5L"), pick(rows, "design")
    assert mid is not None
    small = sum(row["detectable"] < mid for row in designs)
    top = published()["intervals"][0]["high"]
    return (
        "Which of the two holds depends on how alike people of one practice were, which was not "
        f"published. Of {len(designs)} cases worked out for the layout, {small} comes below "
        f"{mid:g}, and the largest is {max(row['detectable'] for row in designs) / mid:.1f} times "
        f"as much. If the published interval is right, its upper end, {top:g}, speaks against a "
        f"benefit of {mid:g}, as far as the two groups were alike."
    )


def _answer(rows: Sequence[Row]) -> Page:
    others = (
        "Of the other four, one is a pilot of 12 people, and for three no number was found from "
        "which it could be said. As far as was read, all four tell of change in those who were "
        "seen, and a change is not an effect."
    )
    studies = (
        Paragraph(text=COULD),
        Paragraph(text=lead(rows), lead=True),
        Paragraph(text=settled(rows)),
        Paragraph(text=others),
        studies_table(rows),
        Callout(title="Never observed power", paragraphs=(NEVER,)),
    )
    return Page(
        id="answer",
        title="What each could have detected",
        sections=(
            Section(id="answer-studies", title="The five studies", blocks=studies),
            Section(id="answer-words", title="Words on this page", blocks=(words(),)),
        ),
    )


def _missing() -> Page:
    review = published()["review"]
    of_studies = tuple(
        Section(
            id=f"missing-{one['ref']}",
            title=f"[{one['ref']}] {one['name']}",
            blocks=(
                ListBlock(items=tuple(Item(text=words) for words in one["not_found"])),
                Paragraph(text=f"Read: {one['source']}.{_inferred(one)}"),
            ),
        )
        for one in published()["studies"]
    )
    first = Section(
        id="missing-how",
        title="How this was looked for",
        blocks=(
            Paragraph(
                text="Abstracts and tables were searched; full papers could mostly not be read. "
                "Not found is not the same as not reported. The review says of them: "
                f"{review['says']}."
            ),
        ),
    )
    return Page(
        id="missing", title="What was not found, for each study", sections=(first, *of_studies)
    )


def _inferred(one: Any) -> str:
    said = " That it is the study of that number was inferred, and stated nowhere that was read."
    return said if one["status"] == "inferred" else ""
