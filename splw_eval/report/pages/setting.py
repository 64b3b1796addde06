"""The context that page one gives: whom it is about, where, and when."""

from __future__ import annotations

from splw_eval.core.rows import ChangeRow, FunnelRow, SettingRow
from splw_eval.report.blocks import Block, Paragraph
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import whole
from splw_eval.report.sentences import TOO_FEW


def setting(evidence: Evidence) -> tuple[Block, ...]:
    """Return the line of context, with what is known of it."""
    population = evidence.plan.estimand.population.rstrip(".")
    parts = [f"About: {population}."]
    for entry in entries(evidence.of("setting")):
        parts += [words for words in (_where(entry.row), _when(entry.row)) if words]
    return (Paragraph(text=" ".join(parts)),)


def _where(row: SettingRow) -> str:
    """Count practices and link workers, where they may be told."""
    named = (("practice", row.practices), ("link worker", row.link_workers))
    said = [f"{whole(n)} {word if n == 1 else word + 's'}" for word, n in named if n]
    return f"{' and '.join(said)}." if said else ""


def _when(row: SettingRow) -> str:
    """Give the months; a day would tell more than a reader needs."""
    if row.first_month is None or row.last_month is None:
        return ""
    if row.first_month == row.last_month:
        return f"Measured in {row.first_month}."
    return f"Measured from {row.first_month} to {row.last_month}."


def count(
    value: int | None,
    entry: Entry[FunnelRow] | Entry[ChangeRow] | None,
    name: str,
    *,
    few: str = TOO_FEW,
) -> str:
    """Return a number of people in digits, or in words why there is none."""
    if entry is not None and name in entry.masked:
        return few
    return "an unknown number of" if value is None else whole(value)
