"""The page's part on the four studies told by change."""

from __future__ import annotations

from collections.abc import Sequence

from detected import Row, caseload_effect, mid_of, published, study
from drawn import bar, figure_of
from tables import by_pairs_table, pairs_table, pick

from splw_eval.report.blocks import Callout, Figure, Page, Paragraph, Section
from splw_eval.report.numbers import number


def one_group(rows: Sequence[Row]) -> Page:
    """What a change of one group takes."""
    n, started = study(75)["completed"], study(75)["started"]
    least = {one["outcome"]: one["detectable"] for one in pick(rows, "pilot")}
    pilot = (
        f"In the pilot [75] {n} of {started} people completed. With the spread and correlations "
        f"below, {n} people measured twice could detect a change of "
        f"{number(least['EQ-5D-5L'], 3)} in EQ-5D-5L or {number(least['SWEMWBS'], 1)} points of "
        "SWEMWBS (mental wellbeing). A pilot is there to see whether a trial can be done, and is "
        "not to be blamed for that."
    )
    workers = published()["workers"]
    caseload = (
        f"With {workers['caseload']} people a year for each link worker, and a likeness (ICC) of "
        f"{workers['icc']:g} between people of the same one, it takes "
        f"{number(caseload_effect(), 1)} times as many people as if all stood alone "
        "(the design effect). More people for each link worker then tell little more; more link "
        "workers do. Number of people: "
        f"{workers['caseload_source']}."
    )
    blocks = (
        Paragraph(text=pilot),
        Paragraph(
            text="Of [72], [73] and [74] it was not found how many people were measured twice. "
            "Whoever has the paper in hand can read off here what that number detects."
        ),
        _figure(rows),
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


def _figure(rows: Sequence[Row]) -> Figure:
    mid, workers = mid_of("EQ-5D-5L"), published()["workers"]
    assert mid is not None
    drawn = []
    for n in workers["pairs"]:
        found = pick(rows, "by pairs", outcome="EQ-5D-5L", people=n)
        is_pilot = n == study(75)["completed"]
        who = "The pilot, " if is_pilot else ""
        drawn.append(bar(f"{who}{n} people measured twice", found, is_pilot))
    return figure_of(
        "pairs",
        "The change in EQ-5D-5L that one group could detect",
        drawn,
        mid,
        "Change in EQ-5D-5L detected",
        "Left of the dashed line a change as small as the smallest important one, or a smaller "
        f"one, could be detected. A range runs from people who stand alone to {workers['people']} "
        f"of each link worker with a likeness (ICC) of {workers['icc']:g}.",
        "by-pairs-table",
    )
