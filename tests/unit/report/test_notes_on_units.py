"""What stands under a table about numbers of practices and of link workers."""

from __future__ import annotations

import pytest

from splw_eval.core.provider_rows import WorkerRow
from splw_eval.core.result import Result
from splw_eval.core.rows import ChangeRow, FilledRow, SettingRow
from splw_eval.report.pages.titles import STAFF_NOTE, UNITS_NOTE, rules_of
from tests.unit.appraisal.standards.given_facts import a_result


def empty(row_type):
    return Result(key="k", title="", unit="", row_type=row_type, rows=())


def test_the_note_on_practices_says_nothing_of_link_workers():
    assert "ink worker" not in UNITS_NOTE


@pytest.mark.parametrize(
    ("row_type", "names", "notes"),
    [
        (ChangeRow, ("n", "clusters"), (UNITS_NOTE,)),
        (ChangeRow, ("n", "estimate"), ()),
        (SettingRow, ("people", "practices"), (UNITS_NOTE,)),
        (SettingRow, ("people", "link_workers"), (STAFF_NOTE,)),
        (SettingRow, ("practices", "link_workers"), (UNITS_NOTE, STAFF_NOTE)),
        (WorkerRow, ("workers", "practices", "people"), (UNITS_NOTE, STAFF_NOTE)),
        (FilledRow, ("records", "filled"), ()),
    ],
)
def test_a_table_has_the_notes_of_what_it_counts(row_type, names, notes):
    assert rules_of(empty(row_type), names) == notes


def test_clusters_that_are_link_workers_are_not_called_practices():
    rows = a_result("change", {"clusters": 5, "grouped_by": "link workers"})
    assert rules_of(rows, ("clusters",)) == ()
