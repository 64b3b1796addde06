"""The committed synthetic programme is what the program draws, and is checked without error."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from splw_eval import synthetic
from splw_eval.core.findings import Severity
from splw_eval.core.plan.shape import PlanShape
from splw_eval.data import load_study

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "analyses" / "example_programme"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
SEED = int(README.partition("programme(seed=")[2].partition(")")[0])


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    return synthetic.programme(seed=SEED).write(tmp_path_factory.mktemp("drawn") / "new").parent


@pytest.fixture(scope="module")
def study():
    return load_study(FOLDER / "study.toml")


def test_the_same_files_are_there(drawn):
    committed = {path.name for path in FOLDER.iterdir()} - {"README.md"}
    assert {path.name for path in drawn.iterdir()} == committed


@pytest.mark.parametrize(
    "name", sorted(path.name for path in FOLDER.iterdir() if path.name != "README.md")
)
def test_every_file_is_drawn_again_byte_for_byte(drawn, name):
    assert (drawn / name).read_bytes() == (FOLDER / name).read_bytes()


def test_every_page_will_say_that_it_is_synthetic(study):
    assert study.plan.synthetic
    assert "synthetic" in study.plan.title


def test_the_findings_are_those_that_the_readme_explains(study):
    explained = set(re.findall(r"SW\d+", README.partition("## What `check` finds")[2]))
    assert {finding.code for finding in study.findings} == explained
    assert Severity.ERROR not in {finding.severity for finding in study.findings}


def test_the_readme_counts_the_rows(study):
    for name, rows in re.findall(r"`(\w+\.csv)` \| ([\d,]+) \|", README):
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            assert sum(1 for _ in csv.reader(file)) - 1 == int(rows.replace(",", "")), name


def test_it_uses_every_section_of_a_plan(study):
    given = study.plan.model_fields_set
    # Nothing is stated twice: whatever it says of groups of files stands in one of them. Prices
    # are the user's own: none is shipped, not even a made-up one.
    assert set(PlanShape.model_fields) - given == {"costs"}


def test_the_readme_tells_the_truth():
    truth = synthetic.programme(seed=SEED).truth
    effect, points = truth.effect, truth.effect_in_points
    assert f"{effect['swemwbs']:g} SD: {points['swemwbs'][0]:.2f} points at 3 months" in README
    assert f"{points['swemwbs'][1]:.2f} at 12 and 18" in README
    assert f"{-points['ons4_anxiety'][0]:.2f} points lower" in README
    assert truth.settings.icc == 0.02
    assert truth.settings.dropout["programme"] == (0.2, 0.3, 0.5)
    assert truth.settings.dropout["comparison"] == (0.07, 0.13, 0.2)


def test_the_files_are_small_enough_to_keep():
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 2_000_000
