"""Worked cases of every instrument: answers in, scores out, as programs and manuals give them."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import splw_eval
from splw_eval.core.errors import DataError

HERE = Path(__file__).parent / "instruments"
SHARED = Path(__file__).resolve().parents[2].parent / "shared"
DSU = SHARED / "domain" / "tables" / "eq5d_5l_to_3l_dsu_uk.csv"
LINES = (HERE / "instrument_cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = [json.loads(line) for line in LINES]
SINGLE = {
    "icecap_o": "index",
    "icecap_a": "index",
    "eq_vas": "score",
    "brs": "mean",
    "core10": "score",
    "ltcq8": "percentage",
    "ltcq20": "percentage",
    "mtbq10": "global",
}
# Cases are printed with up to 6 decimals; prorated scores repeat without end.
SIX_DECIMALS = 5e-7
# The DSU table is met in its cases with 3 decimals, and holds 6.
THREE_DECIMALS = 5e-4


def named(case: dict[str, Any]) -> str:
    return f"{CASES.index(case) + 1}-{case['instrument']}"


def of(*, verified: bool) -> list[dict[str, Any]]:
    apart = {"eq5d_5l_dsu_uk"} | (set() if verified else {"icecap_a"})
    return [c for c in CASES if c["verified"] is verified and c["instrument"] not in apart]


def frame_of(case: dict[str, Any]) -> pd.DataFrame:
    """One row with the answers of a case under their keys."""
    held = case["items"]
    if isinstance(held, dict) and "items" in held:
        held = {**by_number(held["items"]), **{k: v for k, v in held.items() if k != "items"}}
    if isinstance(held, list):
        held = by_number(held)
    return pd.DataFrame({key: [value] for key, value in held.items()})


def by_number(answers: list[float | None]) -> dict[str, float | None]:
    return {str(place): answer for place, answer in enumerate(answers, start=1)}


def options_of(case: dict[str, Any]) -> dict[str, Any]:
    """The options that a case speaks of, as the scoring takes them."""
    options = {}
    if case["instrument"] == "hads":
        options["coding"] = case["coding"].split()[0].removesuffix(":")
        options["rule"] = case.get("rule", "half")
    if case["instrument"] == "core10":
        options["coding"] = "frequency"
    return options


def expected_of(case: dict[str, Any]) -> dict[str, Any]:
    """Column of the output -> what it should hold."""
    name, expected = case["instrument"], case["expected"]
    if not isinstance(expected, dict):
        single = "index" if name.startswith("eq5d") else SINGLE.get(name, "total")
        return dict.fromkeys(("mean", "sum"), None) if name == "gse" else {single: expected}
    return expected


def check(case: dict[str, Any], tolerance: float = SIX_DECIMALS, **options: Any) -> None:
    frame = frame_of(case)
    options = {**options_of(case), **options}
    if case["expected"] == "error":
        with pytest.raises(DataError):
            splw_eval.score(frame, instrument=case["instrument"], **options)
        return
    row = splw_eval.score(frame, instrument=case["instrument"], **options).iloc[0]
    for column, value in expected_of(case).items():
        agree(row[column], value, column, tolerance)


def agree(found: Any, expected: Any, column: str, tolerance: float) -> None:
    if expected is None:
        assert pd.isna(found), column
    elif isinstance(expected, str | bool):
        assert found == expected, column
    else:
        assert math.isclose(found, expected, rel_tol=0, abs_tol=tolerance), column


@pytest.mark.parametrize("case", of(verified=True), ids=named)
def test_a_case_that_was_checked_comes_out(case):
    check(case)


@pytest.mark.parametrize("case", of(verified=False), ids=named)
def test_a_case_that_is_only_recalled_comes_out_by_the_rule_that_we_recall(case):
    check(case)


@pytest.mark.skipif(not DSU.is_file(), reason=f"the DSU table is not part of the project: {DSU}")
@pytest.mark.parametrize(
    "case", [c for c in CASES if c["instrument"] == "eq5d_5l_dsu_uk"], ids=named
)
def test_a_case_of_the_dsu_mapping_comes_out_of_the_table(case):
    check(case, THREE_DECIMALS, table=DSU)


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if c["instrument"] == "icecap_a" and not c["verified"]],
    ids=named,
)
def test_a_profile_between_the_ends_of_icecap_a_has_no_shipped_value(case):
    with pytest.raises(DataError, match="not confirmed at its source"):
        splw_eval.score(frame_of(case), instrument="icecap_a")


def test_the_unrounded_crosswalk_is_that_of_the_cases():
    held = [case for case in CASES if "unrounded" in case]
    assert len(held) == 11
    for case in held:
        check({**case, "expected": case["unrounded"]}, tolerance=5.1e-10, rounding="none")


def test_every_instrument_of_the_cases_is_in_the_catalogue():
    known = set(splw_eval.instruments()["name"])
    assert {case["instrument"] for case in CASES} - known == set()


def test_the_reference_of_wsas_without_work_is_out_of_32():
    (case,) = [c for c in CASES if c.get("maximum")]
    row = splw_eval.score(frame_of(case), instrument="wsas").iloc[0]
    assert row["total"] == case["expected"] <= case["maximum"]


# Values of every level, against the tables that the papers print.

FACTS = json.loads((HERE / "value_sets.json").read_text())


def test_every_raw_score_of_swemwbs_has_its_metric_score():
    metric = FACTS["swemwbs_metric"]
    rows = []
    for raw in range(7, 36):
        whole, over = divmod(raw, 7)
        rows.append([whole + (place < over) for place in range(7)])
    frame = pd.DataFrame(rows, columns=[str(item) for item in range(1, 8)])
    scored = splw_eval.score(frame, instrument="swemwbs")
    assert scored["raw"].tolist() == list(range(7, 36))
    assert scored["metric"].tolist() == pytest.approx([metric[str(raw)] for raw in range(7, 36)])


def test_every_level_of_icecap_o_has_its_value():
    values = FACTS["icecap_o"]
    for attribute, levels in values.items():
        for level, value in enumerate(levels, start=1):
            frame = pd.DataFrame({name: [4] for name in values} | {attribute: [level]})
            found = splw_eval.score(frame, instrument="icecap_o")["index"].iloc[0]
            assert found == pytest.approx(1 - levels[3] + value, abs=1e-12), (attribute, level)


@pytest.mark.skipif(not SHARED.is_dir(), reason=f"no shared pages in {SHARED}")
def test_the_copied_cases_are_still_those_of_the_pages():
    source = SHARED / "reference" / "instrument_cases.jsonl"
    assert source.read_text(encoding="utf-8").splitlines() == LINES


@pytest.mark.skipif(not DSU.is_file(), reason=f"the DSU table is not part of the project: {DSU}")
def test_the_dsu_mapping_is_the_table_in_every_cell():
    ages = {"18_34": 25, "35_44": 44, "45_54": 45, "55_64": 64, "65plus": 100}
    with DSU.open(encoding="utf-8", newline="") as file:
        held = list(csv.DictReader(file))
    for sex in ("male", "female"):
        for band, age in ages.items():
            frame = pd.DataFrame(
                [list(row["state"]) for row in held], columns=["MO", "SC", "UA", "PD", "AD"]
            ).astype(int)
            scored = splw_eval.score(
                frame.assign(age=age, sex=sex), instrument="eq5d_5l_dsu_uk", table=DSU
            )
            expected = [float(row[f"{sex}_{band}"]) for row in held]
            assert scored["index"].tolist() == pytest.approx(expected, abs=1e-12), (sex, band)
