"""No message may hold what a cell of the files holds."""

from __future__ import annotations

import pytest

from splw_eval.core.errors import SplwError
from splw_eval.data import load_study
from tests.unit.given_study import edited, given_study, long_plan, plan_of

CANARY = "Zq7Canary"
COLUMNS = ("person", "arm", "practice", "worker", "wave", "date", "referred", "phq")
PEOPLE_COLUMNS = ("person", "arm", "practice", "worker", "referred")
ROW = ("p1", "link", "x", "w", "month_3", "2026-04-01", "2026-01-01", "5")


def plan():
    """Give a plan that reads every kind of column."""
    cohort = plan_of("controlled_cohort")
    made = edited(long_plan(dated=True), "design", "controlled_cohort") | {"arms": cohort["arms"]}
    named = {"person": "person", "arm": "arm", "cluster": "practice", "link_worker": "worker"}
    made["files"][0]["columns"] = dict(named)
    made["files"][1]["columns"] |= named
    return made


def messages(folder, capsys, people, measures, made=None) -> str:
    """Everything that is said of a study: findings, their CSV file, standard error."""
    from splw_eval.cli.checking import run_check

    path = given_study(folder, made or plan(), people=people, measures=measures)
    findings = folder / "findings.csv"
    run_check(path, findings)
    said = capsys.readouterr()
    try:
        found = load_study(path).findings
        error = ""
    except SplwError as caught:
        found = getattr(caught, "findings", ())
        error = str(caught)
    assert found
    sentences = [finding.sentence() for finding in found]
    return "\n".join([said.err, said.out, findings.read_text("utf-8"), error, *sentences])


def tables(column: str, table: str):
    people = [list(PEOPLE_COLUMNS), [ROW[COLUMNS.index(c)] for c in PEOPLE_COLUMNS]]
    measures = [list(COLUMNS), list(ROW)]
    target, columns = (people, PEOPLE_COLUMNS) if table == "people" else (measures, COLUMNS)
    twin = list(target[1])
    twin[columns.index(column)] = CANARY
    target.append(twin)
    return people, measures


PLACES = [("people", c) for c in PEOPLE_COLUMNS] + [("measures", c) for c in COLUMNS]


@pytest.mark.parametrize(("table", "column"), PLACES)
def test_a_value_planted_in_any_column_is_in_no_message(tmp_path, capsys, table, column):
    people, measures = tables(column, table)
    assert CANARY not in messages(tmp_path, capsys, people, measures)


@pytest.mark.parametrize("near", ["month_4", "lnik", "2026-04-99", "50"])
def test_values_near_to_a_known_word_are_not_repeated_either(tmp_path, capsys, near):
    planted = f"{near}{CANARY}"
    people, measures = tables("wave", "measures")
    measures[2] = [planted] * len(COLUMNS)
    people.append([planted] * len(PEOPLE_COLUMNS))
    assert CANARY not in messages(tmp_path, capsys, people, measures)


@pytest.mark.parametrize("table", ["people", "measures"])
def test_a_first_row_that_is_no_heading_is_not_repeated(tmp_path, capsys, table):
    people, measures = tables("phq", "measures")
    target = people if table == "people" else measures
    target[0] = [f"{CANARY}{i}" for i in range(len(target[0]))]
    assert CANARY not in messages(tmp_path, capsys, people, measures)


def test_a_ragged_or_unclosed_row_is_not_repeated(tmp_path, capsys):
    people, _ = tables("person", "people")
    for row in (f"p1,{CANARY}\n", f'"{CANARY}\n', f'"{CANARY}"x,\n'):
        text = ",".join(COLUMNS) + "\n" + row
        assert CANARY not in messages(tmp_path, capsys, people[:2], text)


def test_text_that_cannot_be_decoded_is_not_repeated(tmp_path, capsys):
    people, _ = tables("person", "people")
    raw = (",".join(COLUMNS) + f"\n{CANARY}\xe9\n").encode("cp1252")
    assert CANARY not in messages(tmp_path, capsys, people[:2], raw)
