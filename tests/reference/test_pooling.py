"""Pooled estimates beside R's mice, and beside the arithmetic of Barnard and Rubin."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from splw_eval.missing.pooling.pool import pool
from splw_eval.stats.pooling import pool_estimates

GIVEN = json.loads((Path(__file__).parent / "pooling_exact.json").read_text())["results"]
ROUNDING = 1e-12


def test_pooling_agrees_with_mice():
    found = pool_estimates(GIVEN["Q"], GIVEN["U"], df_complete=GIVEN["n"] - GIVEN["k"])
    said = {
        "qbar": found.estimate, "ubar": found.within, "b": found.between, "t": found.total,
        "df_barnard_rubin": found.df, "r": found.relative_increase,
        "fmi": found.missing_information,
    }  # fmt: skip
    for name, value in said.items():
        assert value[0] == pytest.approx(GIVEN[name], rel=ROUNDING), name


def test_five_estimates_worked_by_hand_are_pooled_so():
    # Q, U, 15 rows and 2 coefficients: 13 complete-data degrees of freedom.
    found = pool_estimates(
        [1.2, 1.5, 0.9, 1.1, 1.6], [0.25, 0.30, 0.22, 0.27, 0.29], df_complete=15 - 2
    )
    assert found.estimate[0] == pytest.approx(1.26, rel=ROUNDING)
    assert found.total[0] == pytest.approx(0.3656, rel=ROUNDING)
    assert found.df[0] == pytest.approx(7.174428698, rel=1e-9)  # ten figures were given


def test_the_pooled_table_agrees_with_mice_too():
    found = pool(GIVEN["Q"], GIVEN["U"], df_complete=GIVEN["n"] - GIVEN["k"])
    assert found.estimate == pytest.approx(GIVEN["qbar"], rel=ROUNDING)
    assert found.total_variance == pytest.approx(GIVEN["t"], rel=ROUNDING)
    assert found.df == pytest.approx(GIVEN["df_barnard_rubin"], rel=ROUNDING)
    assert found.table["fraction_missing"][0] == pytest.approx(GIVEN["fmi"], rel=ROUNDING)
    assert found.table["relative_increase"][0] == pytest.approx(GIVEN["r"], rel=ROUNDING)
