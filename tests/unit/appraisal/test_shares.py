"""Shares of one whole fit together, and tell no more than the rounded counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest

from splw_eval.appraisal import mask
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.people_rows import CategoryRow
from splw_eval.core.plan import Plan
from splw_eval.core.quality_rows import ReliableChangeRow
from splw_eval.core.result import Result
from splw_eval.core.rows import FunnelRow, ResponderRow, Row
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


def _row_of(row_type: type, people: int, parts: Sequence[int], name: str) -> Any:
    """Return a row with a share: `parts` of one share and its complement, or of several."""
    columns = columns_of(row_type)
    values: dict[str, Any] = dict.fromkeys(columns)
    values |= {n: "x" for n, c in columns.items() if c.role is Role.LABEL}
    shares = {n: c for n, c in columns.items() if c.role is Role.SHARE}
    for base in dict.fromkeys(c.base for c in shares.values()):
        values[base] = people
    for index, (field, column) in enumerate(shares.items()):
        count = parts[0] if column.complement else parts[index]
        values |= {column.numerator: count, field: count / people}
        if column.complement:
            values[column.complement] = people - count
    over = {n for c in shares.values() for n in c.parts_of}
    if over:
        values[next(n for n in columns if columns[n].role is Role.LABEL and n not in over)] = name
    return row_type(**values)


def _complete(row_type: type, parts: tuple[int, int, int]) -> list[Any]:
    """Return rows of one whole: three parts in one row, in three rows, or two in one row."""
    columns = columns_of(row_type)
    shares = [c for c in columns.values() if c.role is Role.SHARE]
    people = sum(parts)
    if shares[0].parts_of:
        return [_row_of(row_type, people, [n], str(i)) for i, n in enumerate(parts)]
    if shares[0].complement:
        return [_row_of(row_type, people, parts[:1], "")]
    return [_row_of(row_type, people, [*parts, 0], "")]


WITH_SHARES = [
    one for one in get_args(Row) if any(c.role is Role.SHARE for c in columns_of(one).values())
]


def test_every_row_type_with_shares_is_among_those_tried():
    names = {one.__name__ for one in WITH_SHARES}
    assert names >= {"CategoryRow", "LostCategoryRow", "ReasonRow", "FloorRow", "ModelPeopleRow"}
    assert names >= {"EngagementRow", "LossPatternRow"}
    assert len(names) == 25


@pytest.mark.parametrize("row_type", WITH_SHARES, ids=lambda one: one.__name__)
def test_the_parts_of_a_whole_add_up_in_every_row_type(row_type):
    names = [n for n, c in columns_of(row_type).items() if c.role is Role.SHARE]
    complement = columns_of(row_type)[names[0]].complement
    in_rows = bool(columns_of(row_type)[names[0]].parts_of)
    for parts in ((19, 23, 10), (13, 23, 27), (45, 145, 18), (98, 333, 52)):
        rows = masked(*_complete(row_type, parts)).rows
        if complement and not in_rows:
            row = rows[0]
            column = columns_of(row_type)[names[0]]
            shown = getattr(row, column.numerator), getattr(row, complement)
            assert getattr(row, names[0]) == pytest.approx(shown[0] / sum(shown))
            continue
        of = names[:1] if in_rows else names
        shares = [getattr(row, name) for row in rows for name in of]
        assert None not in shares, parts
        assert sum(shares) == pytest.approx(1)
        assert 99 <= sum(round(100 * share) for share in shares) <= 101


def test_those_not_known_are_no_part_of_those_known():
    unknown = replace(category("Not known", 12, 185), share=None, others=185)
    rows = masked(category("Yes", 43, 185), category("No", 142, 185), unknown).rows
    assert [row.people for row in rows] == [45, 140, 10]
    assert [row.share for row in rows] == [45 / 185, 140 / 185, None]
    rows = masked(category("Yes", 43, 186), category("No", 143, 186), unknown).rows
    assert [row.share for row in rows] == [45 / 190, 145 / 190, None]


def test_a_group_that_cannot_be_told_is_no_part():
    """Without a cut-off nobody is counted as recovered, and the other three are everybody."""
    row = _row_of(ReliableChangeRow, 163, [0, 23, 127, 13], "")
    found = masked(replace(row, n_recovered=None, share_recovered=None)).rows[0]
    shares = (found.share_improved, found.share_unchanged, found.share_deteriorated)
    assert shares == (25 / 165, 125 / 165, 15 / 165)
    assert found.share_recovered is None
