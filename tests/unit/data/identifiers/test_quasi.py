"""Advice on small groups: how many people share what is known of them."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from splw_eval.core.findings import Severity
from splw_eval.data.checks.quasi import check_quasi, group_sizes
from splw_eval.data.ledger import Ledger
from splw_eval.data.tables import Table


def findings(**columns: Any):
    """Findings about a people table of these columns."""
    n = len(next(iter(columns.values())))
    cells = {
        name: np.array(c, dtype=float if isinstance(c[0], float) else object)
        for name, c in columns.items()
    }
    rows = np.arange(2, n + 2)
    table = Table(name="people", columns=cells, file=np.zeros(n, dtype=np.int64), row=rows)
    sheet = SimpleNamespace(spec=SimpleNamespace(place="people.csv"))
    ledger: Any = Ledger()
    loaded: Any = SimpleNamespace(tables={"people": table}, sheets=[sheet], ledger=ledger)
    check_quasi(loaded)
    return ledger.findings


def test_people_who_share_their_description_with_few_are_noted_as_advice():
    (finding,) = findings(
        sex=["f", "m"] * 50, age_band=["45-54"] * 88 + ["90+", "85-89", "80-84"] * 4
    )
    assert (finding.code, finding.severity) == ("SW107", Severity.NOTE)
    assert "12% of people share age_band, sex" in finding.problem
    assert findings(sex=["f", "m"] * 50, age_band=["45-54"] * 100) == []


def test_the_column_to_group_is_named():
    bands = [f"{2 * i}-{2 * i + 1}" for i in range(40)]
    (finding,) = findings(sex=["f", "m"] * 40, age_band=bands * 2)
    assert finding.severity is Severity.NOTE
    assert "100%" in finding.problem or "nearly all" in finding.problem
    assert "Coarser groups of age_band help most (without it: none)" in finding.remedy
    assert finding.rows == ()


def test_the_arm_counts_and_columns_that_never_differ_do_not():
    alone = ["link"] * 60 + ["usual"] * 3
    (finding,) = findings(arm=alone, sex=["f", "m"] * 31 + ["m"], ethnicity=["White"] * 63)
    assert "arm, sex" in finding.problem
    assert "ethnicity" not in finding.problem


def test_no_number_of_people_from_one_to_seven_is_given():
    arms = ["link"] * 197 + ["usual"] * 3
    (finding,) = findings(arm=arms, imd_decile=[1.0, 2.0] * 100)
    assert "under 4%" in finding.problem
    assert " 3 " not in finding.problem
    assert "1.5%" not in finding.problem


def test_missing_values_are_a_group_of_their_own():
    decile = [float("nan")] * 3 + [1.0] * 97
    (finding,) = findings(imd_decile=decile, sex=["f"] * 50 + ["m"] * 50)
    assert "Coarser groups of imd_decile" in finding.remedy


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=40))
def test_groups_are_counted_as_by_hand(rows):
    columns = [np.array(column, dtype=np.int64) for column in zip(*rows, strict=True)]
    assert group_sizes(columns).tolist() == [rows.count(row) for row in rows]


def test_so_many_columns_that_their_product_overflows_are_counted_all_the_same():
    columns = [np.array([0, 0, 2**20, 2**20 - 1]) for _ in range(5)]
    assert group_sizes(columns).tolist() == [2, 2, 1, 1]


def test_a_million_people_are_counted_in_seconds():
    rng = np.random.default_rng(1)
    started = time.perf_counter()
    group_sizes([rng.integers(0, k, 1_000_000) for k in (2, 400, 10, 5, 6, 10)])
    assert time.perf_counter() - started < 5
