"""Tables of the page, each from the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detected import Row, published, study

from splw_eval.report.blocks import Cell, Format, ReportTable
from splw_eval.report.numbers import number
from splw_eval.report.pages.titles import heads, text


def pick(rows: Sequence[Row], part: str, **of: Any) -> list[Row]:
    """Rows of one part that hold these values."""
    return [
        row for row in rows if row["part"] == part and all(row.get(k) == v for k, v in of.items())
    ]


def figure(value: float | None, decimals: int) -> Cell:
    """A cell of a number."""
    return Cell(value=value, format=Format.NUMBER, decimals=decimals)


def span(low: float, high: float, decimals: int) -> str:
    """An interval in words."""
    return f"{number(low, decimals)} to {number(high, decimals)}"


def studies_table(rows: Sequence[Row]) -> ReportTable:
    """The five studies and what each could have detected."""
    return ReportTable(
        id="studies-table",
        caption="The five studies with numbers, and what each could have detected",
        columns=heads(
            "Study", "Design", "Measured", "Detects (power 80%)", "Against the MID", row_heads=5
        ),
        rows=tuple(_study(rows, one) for one in published()["studies"]),
        footnotes=(
            "Numbers in square brackets are those of the review's list. Before and after: a "
            "change, which is not an effect of the programme.",
        ),
    )


def _study(rows: Sequence[Row], one: Any) -> tuple[Cell, ...]:
    name = f"[{one['ref']}] {one['name']}, {one['country']}"
    design = one["design"] + (f", {one['months']} months" if "months" in one else "")
    return (text(name), text(design), *map(text, _found(rows, one["ref"])))


def _found(rows: Sequence[Row], ref: int) -> tuple[str, str, str]:
    of = study(ref)
    if ref == 76:  # noqa: PLR2004 - the cluster trial
        z, t = (pick(rows, "interval", outcome="EQ-5D-5L", test=test)[0] for test in "zt")
        ends = sorted((z["detectable"], t["detectable"]))
        least = f"EQ-5D-5L: {span(*ends, 3)}, by its interval"
        return (
            f"{of['measured'][0]} of {of['recruited'][0]}, and {of['measured'][1]} of "
            f"{of['recruited'][1]}",
            least,
            f"Less than {z['mid']:g}: large enough for a difference of that size",
        )
    if "completed" in of:
        of_eq5d = pick(rows, "pilot", outcome="EQ-5D-5L")[0]
        return (
            f"{of['completed']} of {of['started']}",
            f"EQ-5D-5L: a change of {number(of_eq5d['detectable'], 2)}, on an assumed SD",
            "Far more than the MID: a pilot, not made to detect a change",
        )
    return ("Not found", "Cannot be worked out", "Cannot be said")


def interval_table(rows: Sequence[Row]) -> ReportTable:
    """The published intervals, with the standard errors behind them under both assumptions."""
    told = []
    for one in published()["intervals"]:
        d = one["decimals"]
        z, t = (pick(rows, "interval", outcome=one["outcome"], test=test)[0] for test in "zt")
        told.append(
            (
                text(one["outcome"]),
                text(f"{number(one['estimate'], d)} ({span(one['low'], one['high'], d)})"),
                figure(z["half_width"], d + 1),
                figure(z["std_error"], 4 if d > 2 else 3),  # noqa: PLR2004 - of an index
                figure(t["std_error"], 4 if d > 2 else 3),  # noqa: PLR2004
                figure(z["detectable"], d),
                figure(t["detectable"], d),
                figure(one.get("mid"), d if "mid" in one and d > 2 else 1),  # noqa: PLR2004
            )
        )
    return ReportTable(
        id="interval-table",
        caption="Glasgow [76]: published differences at 9 months, and what their intervals imply",
        columns=(
            *heads("Outcome", "Difference (95% interval)", row_heads=2),
            *heads(
                *("Half-width", "SE if z", "SE if t, 13 df"),
                *("Detects if z", "Detects if t", "MID"),
                row_heads=0,
            ),
        ),
        rows=tuple(told),
        row_heads=1,
        footnotes=(
            "SE: half the interval over 1.96, if it was made with the normal, or over 2.16, if "
            "with t and 15 practices less 2. Which it was is not found, so both are shown.",
            "Detects: the least true difference that a two-sided test at 5% finds with a chance "
            "of 80%. It rests on the width of the interval and not on where it lies.",
            *(f"MID of {one['outcome']}: {one['mid_source']}" for one in published()["intervals"]),
        ),
    )


def design_table(rows: Sequence[Row]) -> ReportTable:
    """What the layout of the cluster trial detects, by ICC and correlation."""
    plan = published()["glasgow"]
    return ReportTable(
        id="design-table",
        caption="Glasgow [76]: what 7 practices of 31 against 8 of 70 detect in EQ-5D-5L",
        columns=(
            *heads("ICC"),
            *heads("Correlation with the start", "SE", "Detects", "MID", row_heads=0),
        ),
        rows=tuple(
            (
                text(f"{row['icc']:g}"),
                figure(row["correlation"], 1),
                figure(row["std_error"], 4),
                figure(row["detectable"], 3),
                figure(row["mid"], 3),
            )
            for row in pick(rows, "design")
        ),
        footnotes=(
            f"SD {plan['sd']:g}: {plan['sd_source']}.",
            f"Variation of practices' sizes {plan['cv']:g}: {plan['cv_source']}.",
            f"ICC: {plan['icc_source']}.",
            f"Correlation: {plan['correlation_source']}. Its square is taken off the variance.",
            "t with 13 df; design effect 1 + ((CV² + 1) m - 1) ICC; m is of people measured.",
        ),
    )


def pairs_table(rows: Sequence[Row]) -> ReportTable:
    """People measured twice that a change of one group takes."""
    workers = published()["workers"]
    told = []
    for one in published()["change"]:
        for icc in (None, workers["icc"]):
            z, t = (
                pick(rows, "pairs", outcome=one["outcome"], icc=icc, test=test)[0] for test in "zt"
            )
            who = (
                "alone" if icc is None else f"{workers['people']} to each link worker, ICC {icc:g}"
            )
            told.append(
                (
                    text(f"{one['outcome']}, {one['target']:g}"),
                    text(who),
                    figure(z["unrounded"], 0),
                    figure(t["unrounded"], 0),
                    figure(t["pairs"], 0),
                )
            )
    return ReportTable(
        id="pairs-table",
        caption="One group: people measured at both times that a change takes",
        columns=(
            *heads("Change", "People", row_heads=2),
            *heads("By z, not rounded up", "By t, not rounded up", "To plan", row_heads=0),
        ),
        rows=tuple(told),
        row_heads=2,
        footnotes=(
            *(f"{one['outcome']}: {one['source']}." for one in published()["change"]),
            f"Link workers: {workers['source']}.",
            "To plan: by t, in whole people and whole link workers.",
        ),
    )


def by_pairs_table(rows: Sequence[Row]) -> ReportTable:
    """What a change of one group detects, by how many were measured twice."""
    told = []
    for n in published()["workers"]["pairs"]:
        cells: list[Cell] = [text(str(n))]
        for one in published()["change"]:
            for icc in (None, published()["workers"]["icc"]):
                found = pick(rows, "by pairs", outcome=one["outcome"], people=n, icc=icc)
                cells.append(figure(found[0]["detectable"] if found else None, one["decimals"]))
        told.append(tuple(cells))
    names = [
        f"{one['outcome']}, {who}"
        for one in published()["change"]
        for who in ("people alone", "by link worker")
    ]
    return ReportTable(
        id="by-pairs-table",
        caption="One group: the change that is detected, by how many people were measured twice",
        columns=heads("Measured twice", *names),
        rows=tuple(told),
        footnotes=("By link worker: not given for fewer than 4 of them, who carry no test.",),
    )


def trial_table(rows: Sequence[Row]) -> ReportTable:
    """Practices of each arm that would answer the question."""
    of = published()["trials"]
    return ReportTable(
        id="trial-table",
        caption="The trial that would answer the question: practices in each of two arms",
        columns=(
            *heads("Outcome and difference", "Lost", "ICC", row_heads=3),
            *heads(
                "Practices in each arm, not rounded", "To plan", "People recruited", row_heads=0
            ),
        ),
        rows=tuple(
            (
                text(f"{row['outcome']}, {row['mid']:g}"),
                text(f"{row['attrition']:.0%}"),
                text(f"{row['icc']:g}"),
                figure(row["unrounded"], 1),
                figure(row["clusters_arm"], 0),
                figure(row["people"], 0),
            )
            for row in pick(rows, "trial")
        ),
        row_heads=3,
        footnotes=(
            f"{of['size']} people recruited in each practice, sizes varying by a CV of "
            f"{of['cv']:g}; power {of['power']:g}, two-sided test at 5%, t with practices less 2 "
            "df.",
            *(
                f"{one['outcome']}: SD {one['sd']:g}, correlation with the start "
                f"{one['correlation']:g}."
                for one in published()["trial"]
            ),
            f"Lost: {of['attrition_source']}.",
            f"ICC: {of['icc_source']}.",
            "Losses shrink practices before the design effect is taken, not after.",
        ),
    )
