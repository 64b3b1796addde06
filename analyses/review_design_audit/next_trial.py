"""The page's part on the trial that would answer the question."""

from __future__ import annotations

from collections.abc import Sequence

from detected import Row, published, study
from tables import pick, trial_table

from splw_eval.report.blocks import Callout, Page, Paragraph, Section


def trial(rows: Sequence[Row]) -> Page:
    """How large a trial would have to be."""
    blocks = (
        Paragraph(text=size(rows), lead=True),
        Paragraph(text=_decides()),
        trial_table(rows),
        Paragraph(text=beside_the_program(rows)),
        Callout(
            title="Before it is relied on",
            paragraphs=(
                "The likeness of people of one link worker, the correlation with the start and "
                "the variation of sizes are planning assumptions of ours, and the smallest "
                "important difference of EQ-5D-5L was recalled. Plan with the ends of a range, and "
                "with your own data.",
            ),
        ),
    )
    section = Section(id="trial-size", title="How large it would be", blocks=blocks)
    return Page(id="trial", title="The trial that would answer the question", sections=(section,))


def size(rows: Sequence[Row]) -> str:
    """The answer, over the whole table."""
    eq5d = pick(rows, "trial", outcome="EQ-5D-5L")
    least, most = (end(eq5d, key=lambda row: row["clusters_arm"]) for end in (min, max))
    return (
        f"To detect a difference of {least['mid']:g} in EQ-5D-5L, {least['clusters_arm']:.0f} to "
        f"{most['clusters_arm']:.0f} practices are needed in each arm with 30 people each: "
        f"{least['people']:,.0f} to {most['people']:,.0f} people."
    )


def _decides() -> str:
    """What the size hangs on, with what is known of it."""
    lost = [f"{one['share']:.0%}" for one in published()["trials"]["lost"]]
    of = study(76)
    found = [f"{got} of {all_}" for got, all_ in zip(of["measured"], of["recruited"], strict=True)]
    return (
        "Two numbers decide. How alike people of one link worker are (ICC) was found nowhere. How "
        f"many are lost is known of single studies, which differ: {lost[0]} in Glasgow by 9 months "
        f"({found[0]} were measured with link workers, and {found[1]} without), {lost[1]} in "
        f"SPRING_NE by 12 and {lost[2]} in Queensland by 18. The next study ought to publish both."
    )


def beside_the_program(rows: Sequence[Row]) -> str:
    """Why a plan by `splw-eval power --instrument SWEMWBS` comes out otherwise."""
    cautious, middle = (pick(rows, f"trial, {which}")[0] for which in ("cautious", "middle"))
    here = pick(rows, "trial", outcome="SWEMWBS", **{n: cautious[n] for n in ("icc", "attrition")})
    sd = next(one["sd"] for one in published()["trial"] if one["outcome"] == "SWEMWBS")
    return (
        f"For SWEMWBS the table has {here[0]['clusters_arm']:.0f} practices in each arm for a "
        f"difference of {here[0]['mid']:.1f} points and a standard deviation of {sd:.1f} (ICC "
        f"{cautious['icc']:g}, {cautious['attrition']:.0%} lost). Left to itself, splw-eval power "
        f"--instrument SWEMWBS takes a cautious end of both, {cautious['mid']:g} points and "
        f"{cautious['sd']:g}: that takes {cautious['clusters_arm']:.0f}. The middle of what was "
        f"published, {middle['mid']:.1f} points and {middle['sd']:.1f}, takes "
        f"{middle['clusters_arm']:.0f} (Shah and others 2018, Health Qual Life Outcomes 16:239: 1 "
        "to 3 points, 3.9 to 4.9). Say which difference matters before asking how many."
    )
