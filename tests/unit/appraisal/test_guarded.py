"""What the parts of a whole tell of a hidden one, and words on shares."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.appraisal.disclosure import PROFILES, mask_count, possible_counts
from splw_eval.core.plan import Plan
from splw_eval.core.quality_rows import AgreementRow, FloorRow, ReliableChangeRow
from splw_eval.core.result import Result
from splw_eval.core.rows import ResponderRow
from tests.unit.given_study import pre_post_plan

NHS = PROFILES["nhs"]
PLAN = Plan.model_validate(pre_post_plan(), strict=False)
EXACT = Plan.model_validate(
    pre_post_plan(disclosure={"profile": "public_data", "reason": "Made up"}), strict=False
)
AT: dict[str, Any] = {"outcome": "phq9", "wave": "month_3", "month": 3.0}
OF_ARM = AT | {"arm": "Everyone"}


def shares(n, **parts):
    found: dict[str, Any] = {f"n_{name}": count for name, count in parts.items()} | {"n": n}
    return found | {
        f"share_{name}": None if count is None else count / n for name, count in parts.items()
    }


def responders(better, same, worse):
    words: dict[str, Any] = {"mid": 5.0, "unit": "points", "kind": "anchor", "source": "by hand"}
    n = better + same + worse
    return ResponderRow(**OF_ARM, **words, **shares(n, better=better, same=same, worse=worse))


def change(recovered, improved, unchanged, deteriorated):
    n = (recovered or 0) + improved + unchanged + deteriorated
    parts: dict[str, Any] = {"recovered": recovered, "improved": improved}
    parts |= {"unchanged": unchanged, "deteriorated": deteriorated}
    rest: dict[str, Any] = {"n_start": 80, "reliability": 0.8, "threshold": 5.0, "cutoff": 9.0}
    said: dict[str, Any] = {"reliability_from": "by hand", "cutoff_from": "by hand"}
    return ReliableChangeRow(**OF_ARM, **said, **rest, **shares(n, **parts))


def floor(lowest, between, highest):
    n = lowest + between + highest
    ends: dict[str, Any] = {
        "lowest": 0.0,
        "highest": 27.0,
        "floor": "as counted",
        "ceiling": "as counted",
    }
    parts = {"lowest": lowest, "between": between, "highest": highest}
    return FloorRow(**OF_ARM, **ends, **shares(n, **parts))


def agreement(agree, differ):
    n = agree + differ
    found: dict[str, Any] = {"n": n, "n_agree": agree, "n_differ": differ, "share_agree": agree / n}
    return AgreementRow(**AT, **found, mean_difference=0.5, largest_difference=3.0)


def masked(row, plan=PLAN):
    result = mask(Result(key="k", title="t", unit="u", row_type=type(row), rows=(row,)), plan)
    return result.rows[0], {name for _, name in result.masked}


def possible(row, names):
    """All values from 1 to 7 that a hidden part can have, by the counts that are shown."""
    counts = [getattr(row, name) for name in names]
    whole = range(row.n - 2, row.n + 3)
    hidden = [i for i, count in enumerate(counts) if count is None]
    if len(hidden) != 1:
        return set(range(1, 8))
    spans = [(0,) if c == 0 else range(max(8, c - 2), c + 3) for c in counts if c is not None]
    sums = {sum(parts) for parts in product(*spans)}
    return {h for h in range(1, 8) if any(n - h in sums for n in whole)}


PARTS3 = ("n_better", "n_same", "n_worse")
PARTS4 = ("n_recovered", "n_improved", "n_unchanged", "n_deteriorated")


def test_no_total_and_other_parts_narrow_a_hidden_part_of_three():
    for better, same, worse in product(range(8, 45, 3), range(8, 61), range(1, 8)):
        row, _ = masked(responders(better, same, worse))
        assert possible(row, PARTS3) == set(range(1, 8)), (better, same, worse)


@pytest.mark.parametrize("make", [change, lambda *parts: floor(*parts[1:])])
def test_no_total_and_other_parts_narrow_a_hidden_part_of_a_quality_row(make):
    names = PARTS4 if make is change else ("n_lowest", "n_between", "n_highest")
    for recovered, improved, unchanged, few in product((0, 12), (9, 13), range(8, 61), range(1, 8)):
        row, _ = masked(make(recovered, improved, unchanged, few))
        assert possible(row, names) == set(range(1, 8)), (recovered, improved, unchanged, few)


def test_those_who_agree_do_not_tell_how_few_differ():
    for agree, differ in product(range(8, 121), range(1, 8)):
        row, _ = masked(agreement(agree, differ))
        assert possible(row, ("n_agree", "n_differ")) == set(range(1, 8)), (agree, differ)


def test_the_next_smallest_part_is_hidden_with_its_share_and_the_rest_stays():
    # About 60 in all, 35 and 20: the hidden one lies from 1 to 7 anyway.
    row, hidden = masked(responders(35, 20, 5))
    assert (row.n_better, row.n_same, row.n_worse) == (35, 20, None)
    # About 50 and 20 and 30 leave nobody over: only 1 to 6 would be possible.
    row, hidden = masked(responders(29, 20, 2))
    assert (row.n, row.n_better, row.n_same, row.n_worse) == (50, 30, None, None)
    assert {"n_same", "share_same", "n_worse", "share_worse"} <= hidden
    assert row.share_better == 30 / 50


def test_a_part_that_was_never_counted_is_no_part():
    row, _ = masked(change(None, 29, 20, 2))
    assert (row.n_recovered, row.n_improved, row.n_unchanged) == (None, 30, None)


def test_nothing_more_is_hidden_where_counts_are_exact():
    assert masked(responders(29, 20, 2), EXACT) == (responders(29, 20, 2), set())


@pytest.mark.parametrize("n", [*range(0, 1), *range(8, 60)])
def test_a_shown_count_stands_for_all_that_it_can_be(n):
    low, high = possible_counts(mask_count(n, NHS) or 0, NHS)
    assert low <= n <= high
    assert all(mask_count(m, NHS) == mask_count(n, NHS) for m in range(low, high + 1))


@pytest.mark.parametrize(
    ("lowest", "between", "said"),
    [
        (22, 123, "about 15%"),  # 20 of 145: from 18 of 147 to 22 of 143
        (21, 124, "about 15%"),
        (0, 100, "fewer than 15%"),
        (12, 300, "fewer than 15%"),
        (60, 60, "15% or more"),
    ],
)
def test_words_on_a_share_are_judged_from_what_is_shown(lowest, between, said):
    row, _ = masked(floor(lowest, between, 0))
    assert (row.floor, row.ceiling) == (said, "fewer than 15%")


def test_words_on_a_share_never_tell_more_than_the_counts_do():
    seen: dict[tuple[int | None, int | None], set[str | None]] = {}
    for lowest, between in product(range(8, 40), range(60, 160, 3)):
        row, _ = masked(floor(lowest, between, 0))
        seen.setdefault((row.n, row.n_lowest), set()).add(row.floor)
    assert all(len(said) == 1 for said in seen.values())


def test_a_word_on_a_hidden_count_is_hidden():
    row, hidden = masked(floor(3, 60, 37))
    assert (row.n_lowest, row.floor) == (None, None)
    assert "floor" in hidden
    assert masked(floor(3, 60, 37), EXACT)[0].floor == "fewer than 15%"
