"""Results as files that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest

from splw_eval.report import tables
from tests.reports import given


def rows_of(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", "\\|x"])
def test_text_that_a_spreadsheet_would_run_is_marked_as_text(text):
    assert tables.guarded(text) == "'" + text


@pytest.mark.parametrize("value", [-1.5, 0, -3, None, "plain", "a=1"])
def test_numbers_and_plain_text_are_left_alone(value):
    assert tables.guarded(value) is value


def test_a_table_has_a_byte_order_mark_field_names_and_negative_numbers():
    result = given.results(given.plan())["change"]
    result = replace(result, rows=tuple(replace(r, estimate=-2.125) for r in result.rows))
    content = tables.results_csv(result)
    assert content.startswith(b"\xef\xbb\xbfoutcome,arm,wave,month,n,")
    assert {row["estimate"] for row in rows_of(content)} == {"-2.125"}


def test_a_table_of_made_up_people_says_so_in_every_row():
    result = given.results(given.plan())["change"]
    plain, stamped = (rows_of(tables.results_csv(result, synthetic=s)) for s in (False, True))
    assert {row.pop("synthetic") for row in stamped} == {"synthetic"}
    assert stamped == plain
    empty = tables.results_csv(replace(result, rows=()), synthetic=True)
    assert empty.decode("utf-8-sig").rstrip().endswith(",synthetic")


def test_a_masked_cell_is_a_star_and_an_absent_one_is_empty():
    where = {"wave": "w2"}
    found = given.masked(given.results(given.plan()), "change", "n", "estimate", where=where)
    found = given.changed(found, "change", where={"wave": "w1"}, conf_low=None)
    first, second = rows_of(tables.results_csv(found["change"]))
    assert (first["conf_low"], second["n"], second["estimate"]) == ("", "*", "*")


def test_the_json_holds_every_result_in_a_settled_order():
    results = given.results(given.plan())
    content = tables.results_json(results.values())
    found = json.loads(content)
    assert list(found["results"]) == sorted(results)
    assert content == tables.results_json(reversed(given.results(given.plan()).values()))
