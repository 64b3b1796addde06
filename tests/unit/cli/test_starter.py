"""The folder that `new` makes: templates, codebook, vocabulary and a plan that takes them in."""

from __future__ import annotations

import csv
import tomllib

import pytest

from splw_eval.cli.starter import write_starter
from splw_eval.core.plan import Plan, read_plan
from splw_eval.data.codebook import check_plan, codebook, codebook_text
from splw_eval.data.ledger import Ledger
from splw_eval.data.vocabulary import read_vocabulary, vocabulary_text

TABLES = tuple(codebook())


@pytest.fixture
def folder(tmp_path):
    write_starter(tmp_path / "study")
    return tmp_path / "study"


def headings(folder, table):
    with (folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.reader(file)
    return row


def plan_of_everything(folder):
    """Text of the starter's plan with every commented table and word taken in."""
    lines = (folder / "study.toml").read_text(encoding="utf-8").splitlines()
    first = next(i for i, line in enumerate(lines) if line.startswith("# Take in each further"))
    last = next(i for i, line in enumerate(lines) if line.startswith("# From when waves"))
    taken = [
        line.removeprefix("# ")
        for line in lines[first:last]
        if line.startswith("# ") and not line.startswith(("# Take", "# Words"))
    ]
    return "\n".join([*lines[:first], *taken, *lines[last:]])


def test_there_is_a_template_for_each_of_the_eight_tables(folder):
    assert len(TABLES) == 8
    assert {f"{table}.csv" for table in TABLES} <= {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("table", TABLES)
def test_a_template_holds_what_must_and_should_be_kept(folder, table):
    asked = [c.name for c in codebook()[table].values() if c.level in {"must", "should"}]
    held = headings(folder, table)
    assert held[: len(asked)] == asked
    assert len(held) == len(set(held))


def test_the_codebook_and_the_vocabulary_are_those_of_the_package(folder):
    assert (folder / "codebook.csv").read_text(encoding="utf-8") == codebook_text()
    assert (folder / "vocabulary.toml").read_text(encoding="utf-8") == vocabulary_text()


def test_the_plan_names_people_and_measures_and_offers_the_rest(folder):
    source = read_plan(folder / "study.toml")
    assert [file.table for file in source.plan.files] == ["people", "measures"]
    assert check_plan(source.plan) == ()


def test_the_plan_still_holds_with_every_table_taken_in(folder):
    text = plan_of_everything(folder)
    assert tomllib.loads(text)["vocabulary"]["terms"] == {"mode": {"drop-in": "in person"}}
    (folder / "study.toml").write_text(text, encoding="utf-8")
    plan: Plan = read_plan(folder / "study.toml").plan
    assert {file.table for file in plan.files} == set(TABLES)
    assert check_plan(plan) == ()
    ledger = Ledger()
    assert "drop in" in read_vocabulary(plan, folder, ledger).words["mode"]
    assert ledger.findings == []
