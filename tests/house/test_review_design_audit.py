"""The audit of the review's studies: its worked examples, its page, and that both are current."""

from __future__ import annotations

import csv
import re
import sys
from functools import cache
from html import unescape
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from splw_eval import power

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "review_design_audit"
REVIEW = ROOT.parent / "shared" / "domain" / "review_studies.csv"
MODULES = (
    *("detected", "tables", "drawn", "glossary", "cluster_trial", "one_group", "next_trial"),
    *("page", "analyse"),
)
ROUNDING = 1e-6  # of a bisection, and of ten printed digits


@pytest.fixture(autouse=True)
def folder_is_found(monkeypatch):
    monkeypatch.syspath_prepend(str(FOLDER))
    yield
    for name in MODULES:
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
        assert "The smallest important difference is 0.063" in description
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
    assert f"a change of {pilot['detectable']:.3f} of EQ-5D-5L" in readme


def words_of(page: str) -> str:
    """What a reader reads: neither markup nor drawings."""
    bare = re.sub(r"<(style|svg)\b.*?</\1>", " ", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def page_words() -> str:
    return words_of((FOLDER / "report.html").read_text(encoding="utf-8"))


def test_the_answer_says_the_whole_range_of_its_table_and_that_it_straddles_the_mid():
    page, found = module("page"), part("design")
    low, high = (end(row["detectable"] for row in found) for end in (min, max))
    assert low < 0.063 < high
    lead = page.lead(all_rows())
    assert f"{low:.3f} to {high:.3f} by its layout" in lead
    assert "may have been large enough" in lead
    assert "may as well have been too small" in lead
    below = sum(row["detectable"] < 0.063 for row in found)
    assert f"Of {len(found)} cases worked out for the layout, {below} comes below 0.063" in (
        page.settled(all_rows())
    )


def test_what_could_have_detected_means_comes_first_and_quasi_experimental_with_the_result():
    words = page_words()
    meaning = words.index("A study could have detected a difference of a given size if")
    lead = words.index("Of the five, only the Glasgow trial")
    assert meaning < lead < words.index("Could have detected Design")
    assert "quasi-experimental" in words[lead : words.index("Of the other four")]


@pytest.mark.parametrize(
    "said",
    [
        "minimal important difference, MID",
        "intra-cluster correlation, ICC",
        "standard deviation, SD",
        "coefficient of variation, CV",
        "Standard error (SE)",
        "degrees of freedom (df)",
        "EuroQol, 5 dimensions, 5 levels",
        "Short Warwick-Edinburgh Mental Wellbeing Scale",
        "ICEpop capability measure",
        "Hospital Anxiety and Depression Scale",
    ],
)
def test_each_abbreviation_is_spelled_out(said):
    assert page_words().count(said) == 1


def test_no_number_rests_on_hearsay():
    words = page_words()
    for hearsay in ("training hubs", "Often quoted", "Recalled: ", "Baselines of UK", "assumed"):
        assert hearsay not in words
    for source in ("PMC6511117", "BMC Med Res Methodol 2020", "Moffatt and others 2023"):
        assert source in words
    sources = [
        value
        for group in (["glasgow"], ["change", "trial", "intervals"])
        for table in group
        for one in as_list(module("detected").published()[table])
        for name, value in one.items()
        if name.endswith("source") and value != "None was found"
    ]
    assert len(sources) >= 10
    for source in sources:
        assert re.search(r"\b(19|20)\d\d\b|PMC\d+|planning assumption", source), source


def as_list(held: Any) -> list[Any]:
    return held if isinstance(held, list) else [held]


def test_losses_are_those_of_named_studies_and_glasgows_own_are_among_them():
    detected, words = module("detected"), page_words()
    lost = detected.published()["trials"]["lost"]
    of = detected.study(76)
    assert round(1 - of["measured"][0] / of["recruited"][0], 2) == lost[0]["share"] == 0.26
    for one in lost:
        assert f"Lost {one['share']:.0%}: {one['source']}" in words
        got, whole = map(int, re.findall(r"(\d+) of (\d+)", one["source"])[0])
        assert round(1 - got / whole, 2) == one["share"]
    assert "neither is known" not in words


def test_index_scores_have_three_decimals_in_words_tables_and_drawings():
    words = page_words()
    pilot = part("pilot", outcome="EQ-5D-5L")[0]["detectable"]
    assert words.count(f"{pilot:.3f}") >= 3
    assert not re.search(rf"\b{pilot:.2f}\b(?!\d)", words)


def test_why_a_plan_by_the_program_comes_out_otherwise_is_said():
    said = module("next_trial").beside_the_program(all_rows())
    (cautious,), (middle,) = part("trial, cautious"), part("trial, middle")
    held = power.numbers_for("SWEMWBS")
    assert held is not None
    assert held.sd is not None
    assert held.mid is not None
    assert (cautious["sd"], cautious["mid"]) == (held.sd.value, held.mid.value)
    assert "has 9 practices" in said
    assert f"that takes {cautious['clusters_arm']:.0f}" in said
    assert f"takes {middle['clusters_arm']:.0f} (" in said
    assert said in page_words()


def test_in_a_narrow_table_what_could_be_detected_comes_before_all_other_numbers():
    tables = module("tables")
    for table, place in (
        (tables.studies_table(all_rows()), 1),
        (tables.interval_table(all_rows()), 1),
        (tables.design_table(all_rows()), 2),
    ):
        assert "detect" in table.columns[place].title.lower()
        assert table.columns[place].title.startswith("Could")
    assert len(tables.trial_table(all_rows()).columns) <= 4
    assert len(tables.by_pairs_table(all_rows()).columns) <= 3
