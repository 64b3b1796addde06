"""Tables of a fair comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from splw_eval.report.blocks import Cell, ReportTable
from splw_eval.report.evidence import Evidence, entries
from splw_eval.report.pages.leaving import told_p
from splw_eval.report.pages.result_tables import Lead, listed

SIGNED = frozenset(
    {"estimate", "conf_low", "conf_high", "before", "after", "between_practices", "difference"}
)
ADJUSTED = ("estimate", "conf_low", "conf_high", "p_value", "n")
ADJUSTED_DETAIL = ("std_error", "df", "n_smaller", "clusters", "interval")
BALANCE = ("before", "after", "chance_limit", "ratio_before", "ratio_after", "between_practices")
BALANCE_PEOPLE = ("n", "n_fewest", "clusters")
WEIGHTS = ("n", "effective", "heaviest", "share_heaviest", "one_practice", "clusters")
TESTS = (
    "estimate",
    "conf_low",
    "conf_high",
    "p_value",
    "smallest_p",
    "df",
    "allocations",
    "clusters",
)
P_VALUES = frozenset({"p_value", "smallest_p"})
CHANGES = ("estimate", "conf_low", "conf_high", "p_value", "std_error", "df", "n")
E_VALUES = ("difference", "risk_ratio", "e_value")


def table(
    evidence: Evidence,
    key: str,
    lead: Lead,
    names: Sequence[str],
    caption: str,
    *,
    suffix: str = "",
) -> ReportTable:
    """Return all rows of one result, with the groups compared where there are several pairs.

    Parameters
    ----------
    evidence : Evidence
    key : str
    lead : tuple of (str, callable)
    names : sequence of str
        Fields; those that no row has are left out.
    caption, suffix : str

    Returns
    -------
    ReportTable
    """
    result = evidence.of(key)
    pairs = len({getattr(row, "compared", "") for row in result.rows}) > 1
    several: Lead = (("Compared", lambda row: row.compared),) if pairs else ()
    used = tuple(_used(evidence, key, names))
    found = listed(
        result,
        entries(result),
        (*several, *lead),
        used,
        caption=caption,
        anchor=f"{key}-table{suffix}",
        places=lambda _row: evidence.plan.primary.decimals,
        signed=SIGNED,
    )
    return _with_p(found, used, len(several) + len(lead))


def _used(evidence: Evidence, key: str, names: Iterable[str]) -> list[str]:
    hidden = {name for _, name in evidence.of(key).masked}
    rows = evidence.of(key).rows
    return [n for n in names if n in hidden or any(getattr(row, n) is not None for row in rows)]


def _with_p(found: ReportTable, names: Sequence[str], first: int) -> ReportTable:
    """Print p-values as everywhere: never 0."""
    places = {first + i for i, name in enumerate(names) if name in P_VALUES}
    rows = tuple(
        tuple(_p(cell) if i in places else cell for i, cell in enumerate(row)) for row in found.rows
    )
    return replace(found, rows=rows)


def _p(cell: Cell) -> Cell:
    known = isinstance(cell.value, float) and not cell.masked
    return Cell(value=told_p(float(cell.value or 0.0))) if known else cell


def by_method() -> Lead:
    """Return the heading of the method."""
    return (("By", lambda row: row.method),)


def tests_lead(rows: Sequence[Any]) -> Lead:
    """Return the headings of a test: its name, and its strata where they are not the same."""
    strata: Lead = (("Within strata of", lambda row: row.within),)
    several = len({row.within for row in rows}) > 1
    return (
        ("Test", lambda row: row.method),
        *(strata if several else ()),
    )
