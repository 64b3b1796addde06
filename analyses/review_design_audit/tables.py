"""Tables of the page, each from the numbers; what counts stands first, for narrow screens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detected import Row, mid_of, published, study

from splw_eval.report.blocks import Cell, Format, ReportTable
from splw_eval.report.numbers import number
from splw_eval.report.pages.titles import heads, text

INDEX = 3  # decimals of EQ-5D-5L
ERROR = {2: 3, 3: 4}  # decimals of a standard error, by those of its outcome


def pick(rows: Sequence[Row], part: str, **of: Any) -> list[Row]:
    """Rows of one part that hold these values."""
    return [
        row for row in rows if row["part"] == part and all(row.get(k) == v for k, v in of.items())
    ]


def ends_of(rows: Sequence[Row]) -> tuple[float, float]:
    """The smallest and the largest difference that these could detect."""
    found = [row["detectable"] for row in rows]
    return min(found), max(found)


def figure(value: float | None, decimals: int) -> Cell:
    """A cell of a number."""
    return Cell(value=value, format=Format.NUMBER, decimals=decimals)


def span(low: float, high: float, decimals: int) -> str:
    """An interval in words; one number where both ends are shown alike."""
    ends = [number(one, decimals) for one in (low, high)]
    return " to ".join(dict.fromkeys(ends))


def studies_table(rows: Sequence[Row]) -> ReportTable:
    """The five studies and what each could have detected."""
    return ReportTable(
        id="studies-table",
        caption="The five studies with numbers, and what each could have detected",
        columns=heads("Study", "Could have detected", "Design", row_heads=3),
        rows=tuple(_study(rows, one) for one in published()["studies"]),
        footnotes=(
            "Numbers in square brackets are those of the review's list. Before and after: a "
            "change, which is not an effect of the programme.",
            *(f"[{one['ref']}] {one['source']}." for one in published()["studies"]),
        ),
    )


def _study(rows: Sequence[Row], one: Any) -> tuple[Cell, ...]:
    measured = _measured(one["ref"])
    months = f", {one['months']} months" if "months" in one else ""
    return (
        text(f"[{one['ref']}] {one['name']}, {one['country']}"),
        text(_found(rows, one["ref"])),
        text(f"{one['design']}{months}. Measured: {measured}"),
    )


def _measured(ref: int) -> str:
    of = study(ref)
    if "completed" in of:
        return f"{of['completed']} of {of['started']}"
    if "measured" not in of:
        return "not found"
    arms = [f"{got} of {all_}" for got, all_ in zip(of["measured"], of["recruited"], strict=True)]
    return f"{arms[0]} with link workers, and {arms[1]} without"


def _found(rows: Sequence[Row], ref: int) -> str:
    mid = mid_of("EQ-5D-5L")
    if ref == 76:  # noqa: PLR2004 - the cluster trial
        by_interval = span(*ends_of(pick(rows, "interval", outcome="EQ-5D-5L")), INDEX)
        by_layout = span(*ends_of(pick(rows, "design")), INDEX)
        return (
            f"In EQ-5D-5L {by_interval} by its interval, and {by_layout} by its layout. The "
            f"smallest important difference, {mid:g}, lies above the first, and inside the second"
        )
    if "completed" in study(ref):
        least = pick(rows, "pilot", outcome="EQ-5D-5L")[0]["detectable"]
        return (
            f"In EQ-5D-5L a change of {number(least, INDEX)}, far more than {mid:g}: a pilot, not "
            "made to detect one"
        )
    return "Cannot be said: no number was found"


def interval_table(rows: Sequence[Row]) -> ReportTable:
    """What the published intervals could detect."""
    told = []
    for one in published()["intervals"]:
        d = one["decimals"]
        found = pick(rows, "interval", outcome=one["outcome"])
        told.append(
            (
                text(one["outcome"]),
                text(span(*ends_of(found), d)),
                text(number(one["mid"], d) if "mid" in one else "None found"),
                text(f"{number(one['estimate'], d)} ({span(one['low'], one['high'], d)})"),
            )
        )
    return ReportTable(
        id="interval-table",
        caption="Glasgow [76], 9 months: what its published intervals could detect",
        columns=heads(
            *("Outcome", "Could have detected", "Smallest important"),
            "Published difference (95% interval)",
            row_heads=4,
        ),
        rows=tuple(told),
        footnotes=(
            "Could have detected: the least true difference that a two-sided test at 5% finds with "
            "8 chances in 10. It rests on the width of the interval and not on where it lies.",
            *_important(),
            "Intervals: Mercer and others 2019, Ann Fam Med 17:518, Table 3.",
        ),
    )


def _important() -> list[str]:
    """Where each smallest important difference comes from; the same is said once."""
    held: dict[str, list[str]] = {}
    for one in published()["intervals"]:
        held.setdefault(one["mid_source"], []).append(one["outcome"])
    return [
        f"Smallest important difference of {' and '.join(of)}: {source}."
        for source, of in held.items()
    ]


def errors_table(rows: Sequence[Row]) -> ReportTable:
    """The standard errors behind the published intervals, under both assumptions."""
    told = []
    for one in published()["intervals"]:
        d = one["decimals"]
        z, t = (pick(rows, "interval", outcome=one["outcome"], test=test)[0] for test in "zt")
        cells = [figure(x["std_error"], ERROR[d]) for x in (z, t)]
        cells += [figure(x["detectable"], d) for x in (z, t)]
        told.append((text(one["outcome"]), *cells, figure(z["half_width"], d + 1)))
    return ReportTable(
        id="errors-table",
        caption="Glasgow [76]: the standard errors (SE) behind the intervals, made either way",
        columns=heads(
            *("Outcome", "SE by the normal", "SE by t, 13 df"),
            *("Could detect, normal", "Could detect, t", "Half-width"),
        ),
        rows=tuple(told),
        footnotes=(
            "Half the interval over 1.96, if it was made by the normal, or over 2.16, if by t with "
            "15 practices less 2. Which it was is not found, so both are shown.",
        ),
    )


def design_table(rows: Sequence[Row]) -> ReportTable:
    """What the layout of the cluster trial detects, by ICC and correlation."""
    plan = published()["glasgow"]
    return ReportTable(
        id="design-table",
        caption="Glasgow [76]: what 7 practices of 31 people against 8 of 70 could detect in "
        f"EQ-5D-5L (smallest important: {number(mid_of('EQ-5D-5L') or 0.0, INDEX)})",
        columns=(
            *heads("ICC", "First score used", row_heads=2),
            *heads("Could detect", row_heads=0),
            *heads(f"{number(mid_of('EQ-5D-5L') or 0.0, INDEX)} or less", row_heads=1),
            *heads("Standard error", row_heads=0),
        ),
        rows=tuple(
            (
                text(f"{row['icc']:g}"),
                text("Yes" if row["correlation"] else "No"),
                figure(row["detectable"], INDEX),
                text("Yes" if row["detectable"] <= row["mid"] else "No"),
                figure(row["std_error"], INDEX + 1),
            )
            for row in pick(rows, "design")
        ),
        row_heads=2,
        footnotes=(
            f"Spread (standard deviation) {plan['sd']:g}: {plan['sd_source']}.",
            f"Variation of practices' sizes {plan['cv']:g}: {plan['cv_source']}.",
            f"Likeness within practices (ICC): {plan['icc_source']}.",
            "First score used, the one at the start, by its correlation: "
            f"{plan['correlation_source']}. Its square is taken off the variance.",
            "By t with 13 df; design effect 1 + ((CV² + 1) m - 1) ICC; m is people measured in "
            "each practice.",
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
            told.append(
                (
                    text(f"{one['outcome']}, {one['target']:g}"),
                    text("Alone" if icc is None else "By link worker"),
                    figure(t["pairs"], 0),
                    figure(t["unrounded"], 0),
                    figure(z["unrounded"], 0),
                )
            )
    return ReportTable(
        id="pairs-table",
        caption="One group: people to measure at both times, for a given change",
        columns=(
            *heads("Change", "People", row_heads=2),
            *heads("To plan", "By t, before rounding", "By the normal", row_heads=0),
        ),
        rows=tuple(told),
        row_heads=2,
        footnotes=(
            *(f"{one['outcome']}: {one['source']}." for one in published()["change"]),
            f"By link worker: {workers['people']} people of each, likeness (ICC) "
            f"{workers['icc']:g}: {workers['source']}.",
            "To plan: by t, in whole people and whole link workers.",
        ),
    )


def by_pairs_table(rows: Sequence[Row]) -> ReportTable:
    """What a change of one group detects, by how many were measured twice."""
    told = []
    for one in reversed(published()["change"]):
        for n in published()["workers"]["pairs"]:
            cells = []
            for icc in (None, published()["workers"]["icc"]):
                found = pick(rows, "by pairs", outcome=one["outcome"], people=n, icc=icc)
                cells.append(figure(found[0]["detectable"] if found else None, one["decimals"]))
            told.append((text(f"{one['outcome']}, {n}"), *cells))
    return ReportTable(
        id="by-pairs-table",
        caption="One group: the change that could be detected, by how many were measured twice",
        columns=heads("Outcome, measured twice", "Alone", "By link worker"),
        rows=tuple(told),
        footnotes=(
            "Alone: nobody is more like another for having the same link worker. By link worker: "
            "not given for fewer than 4 of them, who carry no test.",
        ),
    )


def trial_table(rows: Sequence[Row]) -> ReportTable:
    """Practices of each arm that would answer the question."""
    of = published()["trials"]
    lost = [one["share"] for one in of["lost"]]
    sizes = " or ".join(f"{one['target']:g} in {one['outcome']}" for one in published()["trial"])
    told = []
    for one in published()["trial"]:
        for icc in one["icc"]:
            found = [
                pick(rows, "trial", outcome=one["outcome"], icc=icc, attrition=share)
                for share in lost
            ]
            cells = (figure(row[0]["clusters_arm"] if row else None, 0) for row in found)
            told.append((text(f"{one['outcome']}, {icc:g}"), *cells))
    return ReportTable(
        id="trial-table",
        caption="The trial that would answer the question: practices in each of two arms, by the "
        f"share of people lost, to detect {sizes}",
        columns=(
            *heads("Outcome, ICC"),
            *heads(*(f"{share:.0%} lost" for share in lost), row_heads=0),
        ),
        rows=tuple(told),
        footnotes=(
            f"{of['size']} people recruited in each practice (a planning assumption of ours), so "
            f"{2 * of['size']} in all for each number of the table; "
            f"power {of['power']:g}, two-sided test at 5%, by t with practices less 2 df. Losses "
            "shrink practices before the design effect is taken, not after.",
            *(f"{one['outcome']}: {one['source']}." for one in published()["trial"]),
            *(f"Lost {one['share']:.0%}: {one['source']}." for one in of["lost"]),
            f"ICC, likeness of people of one practice or link worker: {of['icc_source']}.",
            f"Variation of practices' sizes {of['cv']:g}: {of['cv_source']}.",
        ),
    )
