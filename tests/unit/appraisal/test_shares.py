"""Shares of one whole fit together, and tell no more than the rounded counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.core.people_rows import CategoryRow
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.core.rows import FunnelRow, ResponderRow
from tests.unit.appraisal.test_disclosure import category, funnel, plan, responders

NHS: Plan = plan("nhs")
SHARES = ("share_better", "share_same", "share_worse")
COUNTS = ("n", "n_better", "n_same", "n_worse")


def masked(*rows: Any) -> Result[Any]:
    return mask(Result(key="k", title="t", unit="u", row_type=type(rows[0]), rows=tuple(rows)), NHS)


def every_group(largest: int = 70) -> Iterator[ResponderRow]:
    """Yield three parts of every group, in steps that meet every way of rounding."""
    for n in range(8, largest):
        for worse in range(n + 1):
            for same in range(0, n - worse + 1, 3):
                yield responders(n, n - same - worse, same, worse)


def test_three_shares_that_are_all_shown_make_one_whole():
    seen = 0
    for row in masked(*every_group()).rows:
        shares = [getattr(row, name) for name in SHARES]
        if None not in shares:
            seen += 1
            assert sum(shares) == pytest.approx(1), row
            assert 99 <= sum(round(100 * share) for share in shares) <= 101, row
    assert seen > 1000


def test_counts_that_add_up_to_less_or_more_give_shares_of_their_sum():
    row = masked(responders(52, 19, 23, 10)).rows[0]
    assert [getattr(row, name) for name in COUNTS] == [50, 20, 25, 10]
    assert [getattr(row, name) for name in SHARES] == [20 / 55, 25 / 55, 10 / 55]
    row = masked(responders(53, 27, 14, 12)).rows[0]
    assert [getattr(row, name) for name in COUNTS] == [55, 25, 15, 10]
    assert [getattr(row, name) for name in SHARES] == [25 / 50, 15 / 50, 10 / 50]


def test_shares_tell_no_more_than_the_counts_that_are_shown():
    """Groups of the same counts shown have the same shares, whoever is behind them."""
    told: dict[tuple[Any, ...], set[tuple[Any, ...]]] = {}
    for row in masked(*every_group()).rows:
        counts = tuple(getattr(row, name) for name in COUNTS)
        if None not in counts:
            told.setdefault(counts, set()).add(tuple(getattr(row, name) for name in SHARES))
    assert len(told) > 100
    assert {len(shares) for shares in told.values()} == {1}


def test_a_share_and_its_complement_make_one_whole():
    """What page one says of those not measured is one less the share of those who were."""
    for expected in range(8, 90):
        for missing in range(expected + 1):
            row = masked(funnel(0, expected - missing, missing)).rows[0]
            assert isinstance(row, FunnelRow)
            if row.share_measured is not None and row.missing is not None:
                assert row.measured is not None
                assert 1 - row.share_measured == pytest.approx(
                    row.missing / (row.measured + row.missing)
                )


def test_categories_over_several_rows_make_one_whole():
    rows = masked(*(category(name, n, 63) for name, n in (("a", 13), ("b", 23), ("c", 27)))).rows
    assert all(isinstance(row, CategoryRow) for row in rows)
    assert [row.people for row in rows] == [15, 25, 25]
    assert [row.share for row in rows] == [15 / 65, 25 / 65, 25 / 65]


def test_shares_that_are_not_all_of_a_whole_are_not_taken_for_it():
    # As the shares at the lowest and at the highest score: most people are at neither.
    row = masked(responders(100, 20, 0, 20)).rows[0]
    assert (row.share_better, row.share_worse) == (0.2, 0.2)
