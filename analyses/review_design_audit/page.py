"""The page of the results: what each study could have detected, and the trial that is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detected import Row, caseload_effect, published, study
from tables import (
    by_pairs_table,
    design_table,
    interval_table,
    pairs_table,
    pick,
    span,
    studies_table,
    trial_table,
)

from splw_eval.report.blocks import (
    Callout,
    Figure,
    Item,
    ListBlock,
    Page,
    Paragraph,
    Report,
    Section,
)
from splw_eval.report.figures.detectable import Detected, draw_detectable
from splw_eval.report.html import render_html
from splw_eval.report.numbers import number

TITLE = "What five studies of link workers could have detected"
SUBTITLE = "A design audit of the review's studies with numbers, from what was published of them"
NEVER = (
    "Nothing here is observed power. Power worked out from the estimate that was found is the "
    "p-value in other words. What a design detects rests on how exact it is, never on its result."
)
MID = 0.063


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
        pages=(_answer(rows), _glasgow(rows), _one_group(rows), _missing(), _trial(rows)),
    )


def _answer(rows: Sequence[Row]) -> Page:
    of_trial = pick(rows, "interval", outcome="EQ-5D-5L")
    ends = span(*sorted(row["detectable"] for row in of_trial), 3)
    top = published()["intervals"][0]["high"]
    lead = (
        "Of the five, one could have found a difference of the size called important: the Glasgow "
        "trial of 7 practices against 8. By the width of its interval it detects "
        f"{ends} in EQ-5D-5L; the MID is {MID:g} (recalled; a twentieth of the range is 0.064). "
        f"Its interval ended at {top:g}, short of the MID: it tells against a benefit of that "
        "size, rather than leaving it open."
    )
    others = (
        "Of the other four, one is a pilot of 12 people, and for three no number was found from "
        "which it could be said. As far as was read, all four tell of change in those who were "
        "seen, and a change is not an effect."
    )
    blocks = (
        Paragraph(text=lead, lead=True),
        Paragraph(text=others),
        Callout(title="Never observed power", paragraphs=(NEVER,)),
        studies_table(rows),
    )
    return Page(
        id="answer",
        title="What each could have told",
        sections=(Section(id="answer-studies", title="The five studies", blocks=blocks),),
    )


def _glasgow(rows: Sequence[Row]) -> Page:
    of = study(76)
    z, t = (pick(rows, "interval", outcome="EQ-5D-5L", test=test)[0] for test in "zt")
    by_interval = Section(
        id="glasgow-interval",
        title="By the interval that was published",
        blocks=(
            Paragraph(
                text=f"The interval of EQ-5D-5L, {span(-0.028, 0.045, 3)}, is "
                f"{number(2 * z['half_width'], 3)} wide. Made with the normal (z) its standard "
                f"error is {number(z['std_error'], 4)}; made with t on 13 degrees of freedom it is "
                f"{number(t['std_error'], 4)}. Which was used was not found. Either way the trial "
                f"detects about {number(z['detectable'], 2)}."
            ),
            interval_table(rows),
        ),
    )
    by_design = Section(
        id="glasgow-design",
        title="By its design alone",
        blocks=(
            Paragraph(
                text="What such a layout detects before any result is seen depends on how alike "
                "people of one practice are, which was not found. The published interval is as "
                "narrow as a design with an ICC near 0 and the score at the start in the model."
            ),
            _figure_of_designs(rows),
            design_table(rows),
            Paragraph(text=of["note"]),
        ),
    )
    return Page(id="glasgow", title="The cluster trial [76]", sections=(by_interval, by_design))


def _figure_of_designs(rows: Sequence[Row]) -> Figure:
    held = [pick(rows, "interval", outcome="EQ-5D-5L")]
    names = ["[76] By its interval, z or t"]
    for icc in published()["glasgow"]["icc"]:
        held.append(pick(rows, "design", icc=icc))
        names.append(f"7 v 8 practices, ICC {icc:g}")
    drawn = [
        _detected(name, of, 3, first=not i)
        for i, (name, of) in enumerate(zip(names, held, strict=True))
    ]
    title = "What 7 practices against 8 detect in EQ-5D-5L"
    return _figure("designs", title, drawn, MID, "EQ-5D-5L", 3, "design-table")


def _detected(name: str, rows: Sequence[Row], decimals: int, *, first: bool = False) -> Detected:
    ends = [row["detectable"] for row in rows]
    low, high = min(ends), max(ends)
    said = number(low, decimals) if low == high else span(low, high, decimals)
    return Detected(words=f"{name}: {said}", low=low, high=high, first=first)


def _figure(
    key: str,
    title: str,
    drawn: Sequence[Detected],
    mid: float,
    unit: str,
    decimals: int,
    table: str,
) -> Figure:
    said = ". ".join(row.words for row in drawn)
    description = f"{said}. The MID is {number(mid, decimals)}."
    return Figure(
        id=f"{key}-figure",
        svg=draw_detectable(key, title, description, drawn, mid=mid, unit=unit, decimals=decimals),
        title=title,
        description=description,
        caption="Left of the dashed line a design detects a difference as small as the MID, or "
        "smaller. A range runs from the score at the start in the model to without it, or over "
        "both assumptions on the interval.",
        table_id=table,
    )


def _one_group(rows: Sequence[Row]) -> Page:
    n, started = study(75)["completed"], study(75)["started"]
    least = {one["outcome"]: one["detectable"] for one in pick(rows, "pilot")}
    words = (
        f"In the pilot [75] {n} of {started} people completed. On the SD and correlations below, "
        f"{n} people measured twice detect a change of {number(least['SWEMWBS'], 1)} points of "
        f"SWEMWBS or {number(least['EQ-5D-5L'], 2)} of EQ-5D-5L. A pilot is there to see whether "
        "a trial can be done, and is not to be blamed for that."
    )
    workers = published()["workers"]
    caseload = (
        f"A link worker with {workers['caseload']} people a year and an ICC of {workers['icc']:g} "
        f"has a design effect of {number(caseload_effect(), 1)}. More people for each link worker "
        "then tell little more; more link workers do. Caseload: "
        f"{workers['caseload_source']}."
    )
    blocks = (
        Paragraph(text=words),
        Paragraph(
            text="Of [72], [73] and [74] it was not found how many people were measured twice. "
            "Whoever has the paper in hand can read off here what that number detects."
        ),
        _figure_of_pairs(rows),
        by_pairs_table(rows),
        pairs_table(rows),
        Paragraph(text=caseload),
        Callout(
            title="A change is not an effect",
            paragraphs=(
                "These detect that scores changed. People are referred at their worst, and many "
                "get better by themselves; no number of people makes up for having nobody to "
                "compare with.",
            ),
        ),
    )
    section = Section(
        id="one-group-change", title="How many people, for which change", blocks=blocks
    )
    return Page(id="one-group", title="The four told by change", sections=(section,))


def _figure_of_pairs(rows: Sequence[Row]) -> Figure:
    drawn = []
    for n in published()["workers"]["pairs"]:
        found = pick(rows, "by pairs", outcome="EQ-5D-5L", people=n)
        who = "[75] " if n == study(75)["completed"] else ""
        drawn.append(_detected(f"{who}{n} people measured twice", found, 3, first=bool(who)))
    title = "The change in EQ-5D-5L that one group detects"
    made = _figure("pairs", title, drawn, MID, "EQ-5D-5L", 3, "by-pairs-table")
    caption = (
        "Left of the dashed line a change as small as the MID is detected, or a smaller one. A "
        "range runs from people who stand alone to 30 of each link worker with an ICC of 0.05."
    )
    return Figure(**{**_fields(made), "caption": caption})


def _fields(figure: Figure) -> dict[str, Any]:
    return {name: getattr(figure, name) for name in Figure.__slots__}


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


def _trial(rows: Sequence[Row]) -> Page:
    eq5d = pick(rows, "trial", outcome="EQ-5D-5L")
    least, most = (end(eq5d, key=lambda row: row["clusters_arm"]) for end in (min, max))
    words = (
        f"To find a difference of {least['mid']:g} in EQ-5D-5L, {least['clusters_arm']:.0f} to "
        f"{most['clusters_arm']:.0f} practices are needed in each arm with 30 people each: "
        f"{least['people']:,.0f} to {most['people']:,.0f} people. The ICC and the share lost "
        "decide, and neither is known of link workers. The next study ought to publish its own."
    )
    blocks = (
        Paragraph(text=words, lead=True),
        trial_table(rows),
        Callout(
            title="Before it is relied on",
            paragraphs=(
                "Correlations, variation of sizes and the MID of EQ-5D-5L were recalled, and the "
                "ICC of link workers is assumed. Plan with the ends of a range, and with your own "
                "data.",
            ),
        ),
    )
    section = Section(id="trial-size", title="How large it would be", blocks=blocks)
    return Page(id="trial", title="The trial that would answer the question", sections=(section,))
