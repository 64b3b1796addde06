"""The page: what evidence there is, how it was found, and which gap each study leaves open."""

from __future__ import annotations

from drawn import evidence_map, gap_map, quantitative, selection
from evidence import COMPONENTS, DESIGNS, STATUSES, facts, followed, gaps, screened, studies

from splw_eval.report.blocks import (
    Block,
    Cell,
    Format,
    Item,
    ListBlock,
    Page,
    Paragraph,
    Report,
    ReportTable,
    Section,
)
from splw_eval.report.html import render_html
from splw_eval.report.pages.titles import heads, text

TITLE = "What is known of link workers for people with physical and mental long-term conditions"
SUBTITLE = "An evidence map of the 18 studies of one integrative review"


def html() -> str:
    """The page as the files give it."""
    return render_html(report())


def report() -> Report:
    """The description of the page."""
    return Report(
        title=TITLE,
        subtitle=SUBTITLE,
        stamp="",
        synthetic=False,
        software="Written by analyses/review_evidence/analyse.py.",
        pages=(_map(), _gaps(), _search()),
    )


def lead() -> str:
    """The answer in three sentences."""
    with_numbers = quantitative()
    compared = [study for study in with_numbers if "cluster" in study.detail]
    return (
        f"Of {len(studies())} studies, {len(with_numbers)} have numbers, and "
        f"{len(compared)} of these compared practices with link workers and practices without. "
        f"The follow-up that the review names runs from "
        f"{min(s.months for s in with_numbers if s.months)} to "
        f"{max(s.months for s in with_numbers if s.months)} months. What link workers do is told "
        "well; whether it helps, for whom, and how much of it was given, is not known from these."
    )


def _map() -> Page:
    components = facts()["components"]
    asked = Paragraph(
        text="The review found four parts of support. How many studies speak of each: "
        + "; ".join(
            f"{components[part]['label'][:1].lower()}{components[part]['label'][1:]}, "
            f"{components[part]['studies']} of {len(studies())}"
            for part in COMPONENTS
        )
        + ". That a study speaks of a part does not say that the part works."
    )
    blocks: tuple[Block, ...] = (Paragraph(text=lead(), lead=True), asked, evidence_map())
    return Page(
        id="answer",
        title="What evidence there is",
        sections=(
            Section(id="map", title="The studies", blocks=blocks),
            Section(id="map-list", title="The same as a table", blocks=(_studies_table(),)),
        ),
    )


def _studies_table() -> ReportTable:
    components = facts()["components"]
    return ReportTable(
        id="map-table",
        caption="The 18 studies",
        columns=heads(
            "Study", *(components[p]["label"] for p in COMPONENTS), "Months", "Design", row_heads=7
        ),
        rows=tuple(
            (
                text(f"[{study.ref}] {study.country}, {study.programme}"),
                *(text("yes" if part in study.has else "no") for part in COMPONENTS),
                Cell(value=followed(study), format=Format.WHOLE),
                text(f"{DESIGNS[study.design]}: {study.detail}"),
            )
            for study in studies()
        ),
        footnotes=(
            "Months of follow-up are those that the review names; those of [76] are from its own "
            "paper (Mercer and others 2019).",
        ),
    )


def _gaps() -> Page:
    names = facts()["gaps"]
    key = ListBlock(
        items=tuple(
            Item(text=f"{words}.", term=f"{status}: ") for status, words in STATUSES.items()
        )
    )
    said = Paragraph(
        text="The review names ten gaps, most of them of the studies together and not one by one. "
        "What is said here of a single study rests on what was found of it, and full papers could "
        "mostly not be read: not found is not the same as not reported.",
    )
    lead_words = Paragraph(
        text="Each of the five studies with numbers leaves most of the gaps open, and none closes "
        "one in full.",
        lead=True,
    )
    first = Section(id="gaps-map", title="Gap by gap", blocks=(lead_words, gap_map(), said, key))
    table = ReportTable(
        id="gaps-table",
        caption="Why each gap counts as open or partly closed",
        columns=heads("Study and gap", "How it stands", "Why", row_heads=3),
        rows=tuple(
            (text(f"[{gap.ref}] {gap.gap}: {names[gap.gap]}"), text(gap.status), text(gap.why))
            for gap in gaps()
            if gap.status != "said"
        ),
        footnotes=tuple(
            f"[{one['ref']}] {one['name']}. {one['inferred']}."
            for one in facts()["studies"]
            if one["inferred"]
        ),
    )
    return Page(
        id="gaps",
        title="Which gap each study with numbers leaves open",
        sections=(first, Section(id="gaps-why", title="Why", blocks=(table,))),
    )


def _search() -> Page:
    search = facts()["search"]
    left = screened(search) - search["databases_full_text"]
    rows = (
        ("Records found", search["databases"], search["grey"]),
        ("Duplicates left out", search["duplicates"], None),
        ("Titles and abstracts read", screened(search), search["grey"]),
        ("Left out there", left, search["grey"] - search["grey_full_text"]),
        ("Full texts read", search["databases_full_text"], search["grey_full_text"]),
        (
            "Left out there ",
            search["databases_full_text"] - search["databases_included"],
            search["grey_full_text"] - search["grey_included"],
        ),
        ("Eligible", search["databases_included"], search["grey_included"]),
    )
    table = ReportTable(
        id="selection-table",
        caption="Records at each stage",
        columns=heads("Stage", "Databases", "Grey literature"),
        rows=tuple(
            (text(stage.strip()), Cell(value=one, format=Format.WHOLE),
             Cell(value=other, format=Format.WHOLE))
            for stage, one, other in rows
        ),
        footnotes=(
            "What was left out of titles and abstracts, and of full texts, is the difference of "
            "the numbers that the review prints. It does not say how records of grey literature "
            "were looked at.",
            f"Searched in {facts()['review']['searched']}.",
        ),
    )  # fmt: skip
    return Page(
        id="search",
        title="How the studies were found",
        sections=(
            Section(id="search-flow", title="From records to studies", blocks=(selection(), table)),
        ),
    )
