"""Tables of a fair comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from splw_eval.report.blocks import ReportTable
from splw_eval.report.evidence import Evidence, entries
from splw_eval.report.pages.leaving import told_p
from splw_eval.report.pages.result_tables import Lead, listed

SIGNED = frozenset(
    {"estimate", "conf_low", "conf_high", "before", "after", "between_practices", "difference"}
)
ADJUSTED = ("estimate", "conf_low", "conf_high", "n")
ADJUSTED_DETAIL = ("std_error", "df", "n_smaller", "clusters", "interval")
BALANCE = ("before", "after", "chance_limit", "ratio_before", "ratio_after", "between_practices")
BALANCE_PEOPLE = ("n", "n_fewest", "clusters")
WEIGHTS = ("n", "effective", "heaviest", "share_heaviest", "one_practice", "clusters")
TESTS = ("estimate", "conf_low", "conf_high", "df", "allocations", "clusters")
CHANGES = ("estimate", "conf_low", "conf_high", "std_error", "df", "n")
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
    return listed(
        result,
        entries(result),
        (*several, *lead),
        tuple(_used(evidence, key, names)),
        caption=caption,
        anchor=f"{key}-table{suffix}",
        places=lambda _row: evidence.plan.primary.decimals,
        signed=SIGNED,
    )


def _used(evidence: Evidence, key: str, names: Iterable[str]) -> list[str]:
    hidden = {name for _, name in evidence.of(key).masked}
    rows = evidence.of(key).rows
    return [n for n in names if n in hidden or any(getattr(row, n) is not None for row in rows)]


def by_method(*, p: bool = False) -> Lead:
    """Return the heading of the method, and its p where wanted."""
    method: Lead = (("By", lambda row: row.method),)
    return (*method, ("p", lambda row: told_p(row.p_value))) if p else method


def tests_lead(rows: Sequence[Any]) -> Lead:
    """Return the headings of a test: its name, its p, and the smallest there could be."""
    strata: Lead = (("Within strata of", lambda row: row.within),)
    several = len({row.within for row in rows}) > 1
    return (
        ("Test", lambda row: row.method),
        ("p", lambda row: told_p(row.p_value)),
        ("Smallest p there could be", lambda row: told_p(row.smallest_p)),
        *(strata if several else ()),
    )
