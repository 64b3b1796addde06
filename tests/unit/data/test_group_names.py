"""Names of practices and link workers that would make groups that do not exist."""

from __future__ import annotations

import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.spelling import MOST_NAMES, rarer_spellings
from tests.unit.given_study import edited, long_plan
from tests.unit.loading import loaded, only_fault, warned

PLAN = edited(
    edited(long_plan(), "files.0.columns.cluster", "practice"),
    "files.0.columns.link_worker",
    "worker",
)
MEASURES = [["person", "wave", "phq"], ["p1", "baseline", 10], ["p1", "month_3", 5]]


def people(*practices, workers=()):
    """Rows of a people file with these practices, one a person."""
    workers = workers or ["w"] * len(practices)
    rows = zip(practices, workers, strict=True)
    return [["person", "practice", "worker"], *([f"p{i}", *r] for i, r in enumerate(rows, 1))]


@pytest.mark.parametrize("cell", ["n/a", "N/A", "unknown", "-", "--", "?", "#N/A", "-99", "TBC"])
def test_a_practice_that_looks_like_a_missing_code_is_a_fault(tmp_path, cell):
    fault = only_fault(tmp_path, PLAN, people=people("Elm", cell, "Elm"), measures=MEASURES)
    assert (fault.code, fault.column, fault.rows) == ("SW82", "B (practice)", (3,))
    assert "[files.missing_codes]" in fault.remedy
    assert cell not in fault.problem.split()


def test_a_link_worker_that_looks_like_a_missing_code_is_a_fault_until_declared(tmp_path):
    rows = people("a", "b", "b", workers=("w", "n/a", "n/a"))
    fault = only_fault(tmp_path, PLAN, people=rows, measures=MEASURES)
    assert (fault.code, fault.column, fault.rows) == ("SW82", "C (worker)", (3, 4))
    plan = edited(PLAN, "files.0.missing_codes", {"*": {"n/a": "no link worker"}})
    worker = loaded(tmp_path, plan, people=rows, measures=MEASURES).people.link_worker
    assert worker is not None
    assert worker.tolist() == [0, -1, -1]


def test_an_arm_that_looks_like_a_missing_code_is_said_so(tmp_path):
    arms = [{"value": "link", "label": "L", "role": "programme"}]
    arms += [{"value": "usual", "label": "U", "role": "comparison"}]
    plan = edited(long_plan(design="controlled_cohort", arms=arms), "files.0.columns.arm", "arm")
    rows = [["person", "arm"], ["p1", "link"], ["p2", "usual"], ["p3", "unknown"]]
    fault = only_fault(tmp_path, plan, people=rows, measures=MEASURES)
    assert (fault.code, fault.rows) == ("SW10", (4,))
    assert "[files.missing_codes]" in fault.remedy


def test_a_second_spelling_of_a_practice_is_a_warning_with_its_rows(tmp_path):
    rows = people("Oak Road Surgery", "Oak Rd Surgery", "Oak Road Surgery", "Elm Road Surgery")
    found = warned(loaded(tmp_path, PLAN, people=rows, measures=MEASURES), "SW83")
    assert (found.severity, found.column, found.rows) == (Severity.WARNING, "B (practice)", (3,))
    assert "Oak" not in found.sentence()


def test_spellings_are_compared_across_files(tmp_path):
    plan = edited(PLAN, "files.0.columns.cluster", "practice")
    plan["files"] += [{"table": "clusters", "path": "clusters.csv"}]
    clusters = [["cluster"], ["Elm"], ["ELM "]]
    study = loaded(
        tmp_path, plan, people=people("Elm", "Elm"), measures=MEASURES, clusters=clusters
    )
    assert [f.file for f in study.findings if f.code == "SW83"] == ["clusters.csv"]


@pytest.mark.parametrize(
    ("often", "rare"),
    [
        ("Oak Road", "Oak Rd."),
        ("Oak Road", " oak  road"),
        ("St Mary's", "Saint Marys"),
        ("St Mary's", "St. Mary\u2019s"),
        ("High Street", "High St"),
        ("Elm Medical Centre", "Elm MC"),
        ("Patel & Partners", "Patel and Partners"),
        ("LW1", "lw-1"),
        ("P01", "P1"),
        ("Caf\u00e9", "Cafe"),
        ("The Limes", "Limes"),
        ("Riverside", "Riversde"),
        ("Riverside", "Rivreside"),
        ("Northgate Surgery", "Northgate Surgrey"),
        ("Elm Road Surgery", "Elm Raod Surgery"),
        ("Elm Surgery", "Elm Surgey"),
        ("Hillcrest House", "Hillcrest's House"),
    ],
)
def test_two_spellings_of_one_name_are_told_and_the_rarer_is_named(often, rare):
    assert rarer_spellings({rare: 2, often: 9}) == {rare}
    assert rarer_spellings({often: 1, rare: 1}) == {rare}


@pytest.mark.parametrize(
    "names",
    [
        ("Practice 1", "Practice 2"),
        ("Practice 1", "Practice 11"),
        ("Practice A", "Practice B"),
        ("Oak Road", "Elm Road"),
        ("Hill Road Surgery", "Mill Road Surgery"),
        ("Milton", "Hilton"),
        ("Marton", "Marston"),
        ("Northgate", "Southgate"),
        ("1.1", "11"),
        ("1.05", "1.5"),
        ("Elm Road", "Elm Street"),
        ("Elm Surgery", "Elm Practice"),
        ("LW1", "LW2", "LW10"),
        ("W1000001", "W1000002"),
        ("A", "B"),
        ("", "-"),
    ],
)
def test_two_names_are_not_taken_for_one(names):
    assert rarer_spellings(dict.fromkeys(names, 3)) == set()


def test_a_column_of_too_many_names_is_left_alone():
    names = {f"w{i}": 1 for i in range(MOST_NAMES)}
    assert rarer_spellings(names | {"W1": 1}) == set()
