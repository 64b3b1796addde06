"""Words that the short reports share: shares both ways, whom they are of, headlines of figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import permutations
from typing import Any
from xml.sax.saxutils import escape

from splw_eval.core.result import Result
from splw_eval.report.blocks import Block, Fold, ReportTable
from splw_eval.report.blocks import Figure as Drawn
from splw_eval.report.evidence import Evidence, entries
from splw_eval.report.numbers import in_100, percent
from splw_eval.report.pages.titles import MASK_NOTE

NOT_SHOWN = "not shown (too few people)"


def both_ways(share: float) -> str:
    """Return a share as people in every 100, and per cent."""
    return f"{in_100(share)} ({percent(share)})"


def of_group(group: str, *, several: bool) -> str:
    """Return whom a sentence is about, where there are several groups."""
    return f"{group}: " if several else ""


def start(words: str) -> str:
    """Return words with a capital at the start."""
    return f"{words[:1].upper()}{words[1:]}"


def why_not(evidence: Evidence, key: str) -> str:
    """Return why there is nothing of a result, in its own words; empty where it says nothing."""
    held = evidence.held.get(key)
    return next((n.sentence() for n in held.notes), "") if held is not None else ""


def as_said(evidence: Evidence, words: str) -> str:
    """Return words in which a pair of groups is said as it is read aloud, and not with a dash."""
    labels = [arm.label for arm in evidence.plan.arms]
    for ours, theirs in permutations(labels, 2):
        words = words.replace(f"{ours} – {theirs}", f"{ours} compared with {theirs}")
    return words


def rows_of(evidence: Evidence, key: str) -> tuple[Any, ...]:
    """Return the entries of a result; none where this study has no such result."""
    held: Result[Any] | None = evidence.held.get(key)
    return () if held is None else tuple(entries(held))


def headlined(figure: Drawn, headline: str, table_id: str) -> Drawn:
    """Return a figure under a heading that says what is seen; its own title goes below it.

    Parameters
    ----------
    figure : Figure
    headline : str
    table_id : str
        Anchor of the table with its figures in this report.

    Returns
    -------
    Figure
    """
    old = f'-title">{escape(figure.title)}</title>'
    new = f'-title">{escape(headline)}</title>'
    return replace(
        figure,
        title=headline,
        svg=figure.svg.replace(old, new, 1),
        caption=f"{figure.title}. {figure.caption}",
        table_id=table_id,
    )


def folded(title: str, tables: Iterable[ReportTable]) -> tuple[Block, ...]:
    """Return tables closed, with the names of their files; nothing where there are none."""
    held = tuple(_explained(table) for table in tables)
    files = dict.fromkeys(table.file for table in held)
    return (Fold(title=title, file=", ".join(files), blocks=held),) if held else ()


def _explained(table: ReportTable) -> ReportTable:
    """Explain the sign of what is not shown below the table itself; these pages have no foot."""
    masked = any(cell.masked for row in table.rows for cell in row)
    return replace(table, footnotes=(*table.footnotes, MASK_NOTE)) if masked else table
