"""Figures of a fair comparison: balance, and the difference by each method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from splw_eval.core.confounding_rows import AdjustedRow, BalanceRow
from splw_eval.core.plan import Outcome
from splw_eval.report import fair_sentences as words
from splw_eval.report.blocks import Figure
from splw_eval.report.evidence import Evidence
from splw_eval.report.figures.given import Interval, Yardstick
from splw_eval.report.figures.given_balance import Balanced
from splw_eval.report.numbers import as_planned, number
from splw_eval.report.pages.comparison_figures import numbers
from splw_eval.report.sentences import TOO_FEW

# Beside the adjusted rows, of which the regression has CR2: sign in the method, and short name.
_TESTS = (
    ("ermut", "Practices permuted"),
    ("Wild", "Wild bootstrap"),
    ("CR3", "Regression with CR3"),
)
GRID = " With fewer than 100 people in a level, to the nearest 0.05, which hides how many they are."
_EXACT_FROM = 100  # people
_ROOM = 0.16  # of the scale, which the word MID needs on either side
_CHANGE = "Change, doubly robust"


def love_plot(evidence: Evidence, pair: str, place: int) -> Figure | None:
    """Draw differences at the start before and after weighting; none where none may be shown."""
    from splw_eval.report.figures.love_plot import draw_love_plot

    rows: list[BalanceRow] = [e.row for e in words.of(evidence, "balance", pair)]
    if not any(row.before is not None for row in rows):
        return None
    drawn = tuple(
        Balanced(label=words.named(row), before=row.before, after=row.after, limit=row.chance_limit)
        for row in rows
    )
    key = f"balance-{place}-figure"
    title = "How alike the groups were at the start"
    caption = (
        "Differences, programme less comparison, in standard deviations. Chance makes 19 of 20 "
        "circles fall on their grey band."
    )
    caption += GRID if _coarse(evidence, rows) else ""
    said = " ".join(_said(row) for row in drawn)
    return Figure(
        id=key,
        svg=draw_love_plot(key, title, f"{said} {caption}", drawn),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id="balance-table",
    )


def _coarse(evidence: Evidence, rows: Sequence[BalanceRow]) -> bool:
    """Whether masking puts any difference that is shown on a grid."""
    shown = [row.n_fewest for row in rows if row.before is not None]
    return not evidence.exact and any(n is None or n < _EXACT_FROM for n in shown)


def _said(row: Balanced) -> str:
    if row.before is None:
        return f"{row.label}: {TOO_FEW}."
    told = f"{row.label}: {number(row.before, 2, signed=True)} before"
    if row.after is not None:
        told += f", {number(row.after, 2, signed=True)} after"
    return f"{told}{'' if row.limit is None else f'; by chance up to {number(row.limit, 2)}'}."


def by_method(evidence: Evidence, pair: str, place: int) -> Figure | None:
    """Draw the difference by each method against none and the MID."""
    from splw_eval.report.figures.contrasts import draw_contrasts

    outcome = evidence.plan.primary
    rows = tuple(_intervals(evidence, pair))
    if not any(row.value is not None for row in rows):
        return None
    key = f"adjusted-{place}-figure"
    against = _yardstick(outcome, rows)
    title = f"{outcome.label}: the difference by each method"
    mid = (
        f" Dashed lines: the MID, {as_planned(against.mid)} {outcome.unit}." if against.mid else ""
    )
    caption = f"Bars are 95% intervals; the diamond is by the method of this design.{mid}"
    said = " ".join(f"{' '.join(row.words)}." for row in rows)
    return Figure(
        id=key,
        svg=draw_contrasts(key, title, f"{said} {caption}", against, rows),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id="adjusted-table",
    )


def _yardstick(outcome: Outcome, rows: Sequence[Interval]) -> Yardstick:
    """What differences are held against; no MID where the scale leaves its words no room."""
    against = Yardstick(
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
        mid=outcome.mid.value if outcome.mid else None,
        decimals=outcome.decimals,
    )
    low, high = against.ends(rows)
    crowded = against.mid is not None and against.mid < _ROOM * (high - low)
    return replace(against, mid=None) if crowded else against


def _intervals(evidence: Evidence, pair: str) -> Iterator[Interval]:
    outcome = evidence.plan.primary
    for entry in words.of(evidence, "adjusted", pair):
        row: AdjustedRow = entry.row
        yield _interval(row.method, row, numbers(row, outcome), first=row.default == "yes")
    for test in (e.row for e in words.of(evidence, "practice_tests", pair)):
        if not test.method.endswith("unadjusted"):
            for name in (short for sign, short in _TESTS if sign in test.method):
                yield _interval(name, test, numbers(test, outcome))
    for change in (e.row for e in words.of(evidence, "differences", pair)):
        if "doubly robust" in change.method:
            yield _interval(_CHANGE, change, numbers(change, outcome))


def _interval(name: str, row: Any, told: str, *, first: bool = False) -> Interval:
    return Interval(
        value=row.estimate,
        low=row.conf_low,
        high=row.conf_high,
        words=(f"{name}: {told}",),
        first=first,
    )
