"""The audit of the review's studies: its worked examples, its page, and that both are current."""

from __future__ import annotations

import csv
import re
import sys
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "review_design_audit"
REVIEW = ROOT.parent / "shared" / "domain" / "review_studies.csv"
ROUNDING = 1e-6  # of a bisection, and of ten printed digits


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in ("detected", "tables", "page", "analyse"):
        sys.modules.pop(name, None)


def module(name: str) -> ModuleType:
    return import_module(name)


@cache
def all_rows() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = module("detected").rows()
    return rows


def part(name: str, **of: Any) -> list[dict[str, Any]]:
    def wanted(row: dict[str, Any]) -> bool:
        return row["part"] == name and all(row.get(k) == v for k, v in of.items())

    return [row for row in all_rows() if wanted(row)]


@pytest.mark.parametrize(
    ("outcome", "attrition", "clusters"),
    [
        ("EQ-5D-5L", 0.32, [14, 19, 24, 26]),
        ("EQ-5D-5L", 0.53, [18, 23, 28, 30]),
        ("SWEMWBS", 0.32, [7, 9, 12]),
    ],
)
def test_the_trial_takes_the_practices_of_the_worked_example(outcome, attrition, clusters):
    found = part("trial", outcome=outcome, attrition=attrition)
    assert [row["clusters_arm"] for row in found] == clusters


@pytest.mark.parametrize(
    ("outcome", "icc", "pairs"),
    [
        ("SWEMWBS", None, 56),
        ("SWEMWBS", 0.05, 137),
        ("EQ-5D-5L", None, 127),
        ("EQ-5D-5L", 0.05, 312),
    ],
)
def test_one_group_takes_the_pairs_of_the_worked_example_by_the_normal(outcome, icc, pairs):
    by_z, by_t = (part("pairs", outcome=outcome, icc=icc, test=test)[0] for test in "zt")
    assert round(by_z["unrounded"]) == pairs
    assert by_t["unrounded"] > by_z["unrounded"]
    assert by_t["pairs"] >= by_t["unrounded"]


@pytest.mark.parametrize(
    ("icc", "least", "most"), [(0.0, 0.053, 0.066), (0.01, 0.065, 0.081), (0.05, 0.099, 0.124)]
)
def test_the_layout_of_glasgow_detects_what_the_worked_example_says(icc, least, most):
    found = {row["correlation"]: row["detectable"] for row in part("design", icc=icc)}
    assert round(found[0.6], 3) == least
    assert round(found[0.0], 3) == most


def test_the_interval_gives_both_standard_errors_and_both_detect_less_than_the_mid():
    z, t = (part("interval", outcome="EQ-5D-5L", test=test)[0] for test in "zt")
    assert round(z["std_error"], 4) == 0.0186
    assert round(t["std_error"], 4) == 0.0169
    assert t["df"] == 13
    assert max(z["detectable"], t["detectable"]) < z["mid"] == 0.063


def test_a_caseload_of_a_year_has_a_design_effect_of_twelve():
    assert module("detected").caseload_effect() == pytest.approx(12.2, abs=1e-9)


def test_the_results_are_those_of_the_program():
    found = list(csv.DictReader(module("analyse").results().splitlines()))
    with (FOLDER / "results.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert len(kept) == len(found) > 40
    for row, now in zip(kept, found, strict=True):
        assert row.keys() == now.keys()
        for name, value in row.items():
            if re.fullmatch(r"-?[\d.]+(e-?\d+)?", value):
                assert float(value) == pytest.approx(float(now[name]), rel=ROUNDING), name
            else:
                assert value == now[name], name


def test_the_page_is_what_the_numbers_give():
    told = module("page").html(all_rows())
    kept = (FOLDER / "report.html").read_text(encoding="utf-8")
    # Lines of a drawing may differ with the version of what draws them; its words may not.
    assert _without_lines(kept) == _without_lines(told)
    assert kept.count("<svg") == told.count("<svg") == 2


def _without_lines(page: str) -> str:
    return re.sub(r"(</desc>).*?(</svg>)", r"\1\2", page, flags=re.DOTALL)


def test_the_page_asks_for_nothing_and_names_its_drawings():
    page = (FOLDER / "report.html").read_text(encoding="utf-8")
    assert not re.search(r"<(script|link|img|iframe)\b", page)
    assert "default-src 'none'" in page
    for title, description in re.findall(
        r"<title id[^>]*>(.*?)</title><desc[^>]*>(.*?)</desc>", page
    ):
        assert title
        assert "The MID is 0.063" in description
    assert "observed power" in page


def test_every_study_has_a_line_and_a_list_of_what_was_not_found():
    detected, page = module("detected"), (FOLDER / "report.html").read_text(encoding="utf-8")
    studies = detected.published()["studies"]
    assert [one["ref"] for one in studies] == [72, 73, 74, 75, 76]
    for one in studies:
        assert one["not_found"]
        assert one["source"]
        assert f'id="missing-{one["ref"]}"' in page


def test_the_five_are_the_reviews_studies_with_numbers():
    if not REVIEW.exists():
        pytest.skip("The review's table is not beside this folder.")
    with REVIEW.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["design"] in {"observational", "experimental"}
        ]
    held = {one["ref"]: one for one in module("detected").published()["studies"]}
    assert {int(row["ref"]) for row in rows} == set(held)
    for row in rows:
        assert held[int(row["ref"])]["country"] == row["country"]
        if row["follow_up_months"]:
            assert held[int(row["ref"])]["months"] == int(row["follow_up_months"])


def test_the_readme_prints_what_was_found():
    readme = " ".join((FOLDER / "README.md").read_text(encoding="utf-8").split())
    z, t = (part("interval", outcome="EQ-5D-5L", test=test)[0] for test in "zt")
    assert f"is {z['std_error']:.4f}; if with" in readme
    assert f"less 2), {t['std_error']:.4f}" in readme
    assert f"detects {t['detectable']:.3f} to {z['detectable']:.3f}" in readme
    for icc in (0.0, 0.01, 0.05):
        low, high = (row["detectable"] for row in part("design", icc=icc))
        assert f"{low:.3f} to {high:.3f}" in readme
    pilot = part("pilot", outcome="EQ-5D-5L")[0]
    assert f"a change of {pilot['detectable']:.2f} of EQ-5D-5L" in readme
