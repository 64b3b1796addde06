"""Published and recomputed cases of planning, each by its own conventions and tolerance."""

from __future__ import annotations

import json
import re
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).with_name("power")
PAGE = Path(__file__).parents[2] / "docs" / "methods" / "power.md"
LINES = (FOLDER / "power_cases.jsonl").read_text(encoding="utf-8").splitlines()
CASES = {case["id"]: case for case in map(json.loads, filter(None, LINES))}
USED = [name for name, case in CASES.items() if case["use_as_test"]]
HOMES = ("cluster_cases", "people_cases", "outcome_cases")
ERRORS = {  # what a case notes of another tool: words that the page must have
    "powertools": r"`irgtt\.cont`.*cross term",
    "clusterPower": r"`cpa\.ma\.normal`",
    "SteppedPower": r"SteppedPower.*central",
    "longpower": r"`hu\.mackey\.thomas`",
    "CRTSize": r"`n4means`",
}


def _mappings():
    found: dict[str, Any] = {}
    for home in HOMES:
        spec = spec_from_file_location(f"power_{home}", FOLDER / f"{home}.py")
        assert spec is not None
        assert spec.loader is not None
        module = module_from_spec(spec)
        sys.modules[spec.name] = module  # dataclasses look their module up
        spec.loader.exec_module(module)
        found |= module.CASES
    return found


MAPPINGS = _mappings()


def _off(found, expected, tolerance):
    """How far a value is from what is expected, beyond what the case allows."""
    allowed = tolerance.get("abs", 0.0) + tolerance.get("rel", 0.0) * abs(expected)
    return abs(found - expected) - allowed


@pytest.mark.parametrize("name", USED)
def test_a_case_comes_out_within_its_tolerance(name):
    case = CASES[name]
    assert case["design"] in MAPPINGS, f"no mapping for {case['design']}"
    found = MAPPINGS[case["design"]](case)
    missing = sorted(case["expected"].keys() - found.keys())
    assert not missing, f"not computed: {missing}"
    # 1e-12 on top: a tolerance of 0 still leaves the last digits of a float.
    wrong = {
        key: (found[key], expected)
        for key, expected in case["expected"].items()
        if not _off(found[key], expected, case["tolerance"]) <= 1e-12 * max(1.0, abs(expected))
    }
    assert not wrong


def test_every_design_of_the_file_has_a_mapping():
    assert {case["design"] for case in CASES.values()} <= MAPPINGS.keys()


def test_the_file_holds_what_it_is_said_to():
    assert len(CASES) == len([line for line in LINES if line]) == 84
    assert len(USED) >= 80


@pytest.mark.parametrize("tool", ERRORS)
def test_the_errors_of_other_tools_are_told_on_the_page_of_methods(tool):
    page = PAGE.read_text(encoding="utf-8")
    assert re.search(ERRORS[tool], page), f"{tool} is not on {PAGE.name}"


def test_whatever_a_case_says_not_to_match_is_told_on_the_page_of_methods():
    page = PAGE.read_text(encoding="utf-8")
    warned = [case for case in CASES.values() if "do not match" in case.get("note", "").lower()]
    assert warned
    for case in warned:
        tool = case["note"].split()[0]
        assert f"| {tool} " in page, f"{case['id']} warns of {tool}"
