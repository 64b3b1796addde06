"""The tables of the codebook: columns by declared type, keys, gaps."""

from __future__ import annotations

import time

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.codebook import LINKS, check_plan, codebook
from splw_eval.data.ledger import Ledger
from splw_eval.data.sheet import Sheet
from splw_eval.data.tables import Coverage, read_tables
from splw_eval.data.vocabulary import UNMAPPED, standard_vocabulary
from tests.unit.data.given_tables import (
    EPISODES,
    MEASURES,
    PEOPLE,
    added,
    plan_with,
    tables_of,
    valid,
)
from tests.unit.given_study import edited

CONTACTS = [
    ["contact", "episode", "date", "link_worker", "mode", "minutes", "attended"],
    ["c1", "e1", "2025-02-01", "w1", "Face-to-face", "45", "Yes"],
    ["c2", "e1", "2025-03-01", "w1", "tel", "", "0"],
    ["c3", "e2", "2025-02-01", "w2", "", "20.5", ""],
]
PLAN = plan_with("episodes", "contacts")
USE = plan_with("service_use")
USED = [["person", "month", "gp_contacts"], ["p1", "2025-01", "3"], ["p1", "2025-02", "4"]]


def contacts_of(rows, plan=PLAN):
    tables, findings = tables_of(plan, PEOPLE, MEASURES, EPISODES, rows)
    return tables["contacts"], [f for f in findings if f.file == "contacts.csv"]


def use_of(rows):
    tables, findings = tables_of(USE, PEOPLE, MEASURES, rows)
    return tables["service_use"], {f.code: f for f in findings if f.file == "service_use.csv"}


def with_cell(row, column, value):
    rows = [[*each] for each in CONTACTS]
    rows[row - 1][CONTACTS[0].index(column)] = value
    return rows


def test_columns_are_read_by_the_kind_that_the_codebook_declares():
    contacts, findings = contacts_of(CONTACTS)
    assert findings == []
    assert contacts.text("contact").tolist() == ["c1", "c2", "c3"]
    assert contacts.text("mode").tolist() == ["in person", "telephone", ""]
    np.testing.assert_array_equal(contacts.number("minutes"), [45, np.nan, 20.5])
    np.testing.assert_array_equal(contacts.number("attended"), [1, 0, np.nan])
    assert contacts.date("date")[0] == np.datetime64("2025-02-01")
    assert contacts.row.tolist() == [2, 3, 4]
    assert contacts.coverage == {"mode": Coverage(mapped=2, filled=2)}


def test_a_heading_of_the_file_own_is_found_through_the_plan():
    rows = [["contact", "Referral no", *CONTACTS[0][2:]], *CONTACTS[1:]]
    contacts, _ = contacts_of(rows, edited(PLAN, "files.3.columns.episode", "Referral no"))
    assert contacts.text("episode").tolist() == ["e1", "e1", "e2"]


def test_a_column_that_no_file_holds_is_missing_throughout():
    contacts, _ = contacts_of(CONTACTS)
    assert "place" not in contacts.columns
    assert contacts.text("place").tolist() == ["", "", ""]
    assert np.isnan(contacts.number("home_visit")).all()


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("attended", "perhaps", "neither yes nor no"),
        ("attended", "-1", "neither yes nor no"),
        ("minutes", "an hour", "not a number"),
    ],
)
def test_a_cell_of_another_kind_is_a_fault_without_its_value(column, value, problem):
    contacts, (fault,) = contacts_of(with_cell(3, column, value))
    assert (fault.severity, fault.code, fault.rows) == (Severity.ERROR, "SW04", (3,))
    assert problem in fault.problem
    assert value not in fault.sentence().replace("[files", "")
    assert np.isnan(contacts.number(column)[1])


def test_a_missing_code_in_a_yes_no_column_gets_its_own_remedy():
    _, (fault,) = contacts_of(with_cell(3, "attended", "n/a"))
    assert "[files.missing_codes]" in fault.remedy


def test_a_whole_number_has_no_fraction():
    use, faults = use_of([USED[0], ["p1", "2025-01", "3.5"], ["p1", "2025-02", "4.0"]])
    assert (faults["SW04"].problem, faults["SW04"].rows) == ("not a whole number", (2,))
    np.testing.assert_array_equal(use.number("gp_contacts"), [np.nan, 4])


@pytest.mark.parametrize("written", ["2025-01", "2025-01-01", "2025-01-17"])
def test_a_month_is_its_first_day(written):
    use, faults = use_of([USED[0], ["p1", written, "3"]])
    assert use.date("month").tolist() == [np.datetime64("2025-01-01").item()]
    assert "SW04" not in faults


@pytest.mark.parametrize("written", ["2025-13", "January"])
def test_what_is_no_month_is_a_fault(written):
    assert use_of([USED[0], ["p1", written, "3"]])[1]["SW04"].rows == (2,)


def test_months_and_days_may_be_mixed_and_only_what_is_neither_is_a_fault():
    used = [*USED, ["p1", "2025-03-01", "1"], ["p1", "soon", "2"], ["p2", "soon", "2"]]
    used.append(["p1", "later", "0"])
    tables, findings = tables_of(USE, PEOPLE, MEASURES, used)
    assert tables["service_use"].date("month")[:3].astype(str).tolist() == [
        "2025-01-01",
        "2025-02-01",
        "2025-03-01",
    ]
    (fault,) = [f for f in findings if f.severity is Severity.ERROR]
    assert (fault.code, fault.rows) == ("SW04", (5, 6, 7))


def test_a_person_has_one_row_a_month():
    assert use_of([*USED, ["p1", "2025-02", "9"]])[1]["SW53"].rows == (4,)
    assert "SW53" not in use_of([*USED, ["p2", "2025-02", "9"]])[1]


@pytest.mark.parametrize(("value", "code"), [("", "SW52"), ("c1", "SW53")])
def test_a_key_is_filled_and_stands_once(value, code):
    _, (fault,) = contacts_of(with_cell(3, "contact", value))
    assert (fault.severity, fault.code, fault.rows) == (Severity.ERROR, code, (3,))
    assert fault.column == "A (contact)"


def test_files_of_one_table_stand_below_each_other_and_share_their_keys():
    plan = plan_with("episodes", "contacts")
    plan["files"].append({"table": "contacts", "path": "more.csv"})
    more = [["contact", "episode", "place"], ["c9", "e2", "library"], ["c1", "e2", ""]]
    tables, findings = tables_of(plan, PEOPLE, MEASURES, EPISODES, CONTACTS, more)
    contacts = tables["contacts"]
    assert contacts.file.tolist() == [3, 3, 3, 4, 4]
    assert contacts.text("place").tolist() == ["", "", "", "community venue", ""]
    assert np.isnat(contacts.date("date")[3:]).all()
    assert [(f.file, f.rows) for f in findings if f.code == "SW53"] == [("more.csv", (3,))]


def test_words_that_nobody_declared_are_counted_and_never_repeated():
    contacts, (warning,) = contacts_of(with_cell(2, "mode", "met Mrs Smith at home"))
    assert (warning.severity, warning.code, warning.rows) == (Severity.WARNING, "SW59", (2,))
    assert "Smith" not in warning.sentence()
    assert contacts.text("mode").tolist() == [UNMAPPED, "telephone", ""]
    assert contacts.coverage["mode"] == Coverage(mapped=1, filled=2)


def test_columns_that_must_be_kept_are_one_warning_a_table():
    rows = [[row[0], row[1]] for row in CONTACTS]
    _, (warning,) = contacts_of(rows)
    assert (warning.severity, warning.code) == (Severity.WARNING, "SW50")
    for column in ("date", "link_worker", "mode", "minutes", "attended"):
        assert column in warning.problem
    assert "place" not in warning.problem


def test_a_table_that_joins_nothing_is_a_fault():
    _, found = contacts_of([[row[0], *row[2:]] for row in CONTACTS])
    assert [(f.severity, f.code) for f in found] == [(Severity.ERROR, "SW55")]


def test_the_allocation_of_practices_is_asked_for_only_where_there_are_arms():
    clusters = [["cluster", "ods_code", "pcn_code", "list_size"], ["x", "A1", "U1", "9000"]]
    _, findings = tables_of(plan_with("clusters"), PEOPLE, MEASURES, clusters)
    assert [f for f in findings if f.file == "clusters.csv"] == []


def test_measures_keep_their_descriptive_columns():
    tables, _ = tables_of(plan_with(), PEOPLE, added(MEASURES, "mode", "post", "", "zoom"))
    assert tables["measures"].text("mode").tolist() == ["letter", "", "video"]
    assert set(tables["measures"].columns) == {"mode"}


def test_a_heading_of_the_codebook_that_stands_twice_is_a_fault():
    rows = [[*row, row[-2]] for row in CONTACTS]
    assert [f.code for f in contacts_of(rows)[1]] == ["SW07"]


def test_value_labels_of_a_file_that_keeps_types_are_words_of_the_vocabulary():
    plan = valid(PLAN)
    sheet = Sheet(
        spec=plan.files[3],
        header=("contact", "episode", "mode", "attended"),
        cells={
            "contact": np.array(["c1", "c2"], dtype=object),
            "episode": np.array(["e1", "e1"], dtype=object),
            "mode": np.array([1.0, 2.0]),
            "attended": np.array([1.0, np.nan]),
        },
        labels={"mode": {1.0: "Telephone", 2.0: "Video call"}},
        rows=np.array([2, 3]),
    )
    table = read_tables(plan, [sheet], standard_vocabulary(), Ledger())["contacts"]
    assert table.text("mode").tolist() == ["telephone", "video"]
    np.testing.assert_array_equal(table.number("attended"), [1, np.nan])


def test_a_column_that_the_codebook_does_not_have_is_found_before_files_are_read():
    plan = edited(edited(PLAN, "files.3.columns.minuts", "m"), "files.0.columns.agee", "a")
    findings = check_plan(valid(plan))
    assert [(f.code, f.severity, f.file) for f in findings] == [
        ("SW51", Severity.ERROR, "people.csv"),
        ("SW51", Severity.ERROR, "contacts.csv"),
    ]
    assert 'did you mean "minutes"' in findings[1].problem
    assert check_plan(valid(PLAN)) == ()


def test_the_codebook_is_whole():
    known = standard_vocabulary().terms
    kinds = {"key", "text", "term", "band", "yes_no", "number", "whole", "date"}
    for table, columns in codebook().items():
        assert set(LINKS.get(table, ())) <= set(columns)
        for column in columns.values():
            assert column.kind in kinds, column.name
            assert column.level in {"must", "should", "may"}, column.name
            assert (column.vocabulary in known) is (column.kind == "term"), column.name
            assert column.meaning, column.name


@pytest.mark.slow
def test_a_million_contacts_are_read_in_seconds():
    plan, n = valid(PLAN), 1_000_000
    number = np.arange(n)
    columns = {
        "contact": np.array([f"c{i}" for i in number], dtype=object),
        "episode": np.array([f"e{i}" for i in number // 5], dtype=object),
        "date": np.array(["2025-02-01", "2025-03-01"], dtype=object)[number % 2],
        "mode": np.array(["phone", "in person"], dtype=object)[number % 2],
        "minutes": np.array(["30", "45"], dtype=object)[number % 2],
        "attended": np.array(["yes", "no"], dtype=object)[number % 2],
    }
    sheet = Sheet(spec=plan.files[3], header=tuple(columns), cells=columns, rows=number + 2)
    start = time.process_time()
    read_tables(plan, [sheet], standard_vocabulary(), Ledger())
    assert time.process_time() - start < 15
