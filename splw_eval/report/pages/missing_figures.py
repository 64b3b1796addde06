"""Figures of missing follow-up: a line for each assumption, and where the conclusion changes."""

from __future__ import annotations

import math

from splw_eval.core.missing_rows import TippingRow
from splw_eval.report.blocks import Figure
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.figures.given import Interval, Yardstick
from splw_eval.report.figures.given_tipping import Border, Plane
from splw_eval.report.numbers import as_planned, number
from splw_eval.report.pages.comparison_figures import numbers
from splw_eval.report.pages.missing_sentences import AGAINST, FAVOUR, MAIN, Sensitivities, named

SHORT = {
    "Main answer": "Main answer",
    "Complete cases": "Only those measured",
    "MAR": "As people alike",
    "J2R": "Jump to comparison",
    "CIR": "Keep gain so far",
    "CR": "Comparison all along",
    "LMCF": "Stay where they left",
}


def assumptions(evidence: Evidence, found: Sensitivities, key: str, table: str) -> Figure | None:
    """Draw the answer under each assumption, against no difference and the MID."""
    from splw_eval.report.figures.contrasts import draw_contrasts

    outcome = evidence.plan.primary
    if not any(e.row.estimate is not None for e in found):
        return None
    rows = tuple(
        Interval(
            value=e.row.estimate,
            low=e.row.conf_low,
            high=e.row.conf_high,
            words=(f"{SHORT[e.row.strategy]}: {numbers(e.row, outcome)}",),
            first=e.row.strategy == MAIN,
        )
        for e in found
    )
    against = Yardstick(
        unit=outcome.unit,
        better=outcome.direction.partition("_")[0],
        mid=outcome.mid.value if outcome.mid else None,
        decimals=outcome.decimals,
    )
    title = f"{found[0].row.compared}: by what is assumed of people who were lost"
    mid = f" Dashed lines: the MID, {as_planned(outcome.mid.value)}." if outcome.mid else ""
    caption = "Bars are 95% intervals; the diamond is the main answer. The table says in full what "
    caption += f"each line assumes.{mid}"
    description = f"{' '.join(row.words[0] + '.' for row in rows)} {caption}"
    return Figure(
        id=key,
        svg=draw_contrasts(key, title, description, against, rows),
        title=title,
        description=description,
        caption=caption,
        table_id=table,
    )


def contour(
    evidence: Evidence, found: tuple[Entry[TippingRow], ...], key: str, table: str
) -> Figure | None:
    """Draw where the conclusion changes as people lost from either group did worse."""
    from splw_eval.report.figures.tipping import draw_tipping

    rows = [e.row for e in found if e.row.estimate is not None]
    borders = tuple(b for theirs in _steps(rows) if (b := _border(rows, theirs)) is not None)
    if len(borders) < 2:  # noqa: PLR2004 - one line makes no plane
        return None
    programme, comparison = named(rows[0].compared)
    outcome = evidence.plan.primary
    plane = Plane(
        programme=programme,
        comparison=comparison,
        steps=tuple(border.theirs for border in borders),
        borders=borders,
        unit=outcome.unit,
    )
    title = "What would be concluded, by how much worse people lost did"
    caption = (
        "To the right people lost from the programme's group did worse than people like them, to "
        "the left better; upwards people lost from the comparison did worse."
    )
    said = " ".join(_said(border, outcome.decimals) for border in (borders[0], borders[-1]))
    return Figure(
        id=key,
        svg=draw_tipping(key, title, f"{said} {caption}", plane),
        title=title,
        description=f"{said} {caption}",
        caption=caption,
        table_id=table,
    )


def _steps(rows: list[TippingRow]) -> list[float]:
    return sorted({row.delta_comparison for row in rows})


def _border(rows: list[TippingRow], theirs: float) -> Border | None:
    """Where the conclusion changes for one step of the comparison; the figure moves evenly."""
    own = sorted(
        (row for row in rows if row.delta_comparison == theirs), key=lambda r: r.delta_programme
    )
    if len(own) < 2 or own[0].delta_programme:  # noqa: PLR2004
        return None
    first, last = own[0], own[-1]
    fall = (first.estimate or 0.0) - (last.estimate or 0.0)
    none_at = (first.estimate or 0.0) * last.delta_programme / fall if fall else math.inf
    until = math.inf if first.conclusion == FAVOUR else -math.inf
    start = -math.inf if first.conclusion == AGAINST else math.inf
    return Border(
        theirs=theirs,
        better_until=until if first.better_until is None else first.better_until,
        none_at=none_at,
        worse_from=start if first.worse_from is None else first.worse_from,
    )


def _said(border: Border, decimals: int) -> str:
    parts = [
        f"{words} {number(value, decimals, signed=True)}"
        for words, value in (
            ("the whole interval is better up to", border.better_until),
            ("the figure is 0 at", border.none_at),
            ("the whole interval is worse from", border.worse_from),
        )
        if math.isfinite(value)
    ]
    where = ", ".join(parts) or "the conclusion changes nowhere"
    return f"Comparison worse by {number(border.theirs, decimals)}: {where}."
