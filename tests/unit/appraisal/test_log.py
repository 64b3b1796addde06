"""The log of what is not shown says what, why and how often, and no number of people."""

from __future__ import annotations

from collections import Counter
from typing import Any

from splw_eval.appraisal import disclose
from splw_eval.core.columns import Role, columns_of
from splw_eval.core.masking_rows import EVERY_COLUMN, EVERY_TABLE, MaskingRow, Why
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result
from splw_eval.core.rows import SettingRow
from tests.unit.given_study import pre_post_plan
from tests.unit.retention.given_reported import measured, served
from tests.unit.retention.reckoning import ASKED

PLAN = Plan.model_validate(pre_post_plan(), strict=False)


def told(folder: Any) -> dict[str, Result[Any]]:
    study = served(measured(folder, 30, 40, seed=3), 30, seed=3)
    return disclose({key: ask(study) for key, ask in ASKED.items()}, study.plan)


def test_every_star_is_in_the_log_once(tmp_path):
    results = told(tmp_path)
    log = results.pop("masking").rows
    listed = Counter[str]()
    for row in log:
        if row.column != EVERY_COLUMN:
            listed[row.result] += row.cells
    stars = {held.title: len(held.masked) for held in results.values() if held.masked}
    assert dict(listed) == stars
    every = sum(row.cells for row in log if row.result == EVERY_TABLE)
    assert every == sum(stars.values()) > 50


def test_the_log_holds_no_number_of_people(tmp_path):
    log = told(tmp_path)["masking"]
    assert {c.role for c in columns_of(MaskingRow).values()} == {Role.LABEL}
    assert log.disclosure is not None
    assert log.masked == frozenset()


def test_each_reason_is_one_that_has_words(tmp_path):
    whys = {row.why for row in told(tmp_path)["masking"].rows}
    assert whys <= set(Why)
    assert {Why.FEW, Why.RESTS} <= whys


def test_the_log_does_not_say_which_of_the_hidden_numbers_are_small(tmp_path):
    results = told(tmp_path)
    of = {held.title: columns_of(held.row_type) for held in results.values()}
    for row in results["masking"].rows:
        found = [c for c in of.get(row.result, {}).values() if c.title == row.column]
        if len(found) == 1 and found[0].role is Role.COUNT:
            assert row.why in {Why.FEW, Why.WORKERS, Why.JOINED}


def test_a_table_without_a_star_is_not_listed():
    row = SettingRow(people=100, practices=9, link_workers=5, first_month="a", last_month="b")
    exact = Result(key="setting", title="Where", unit="u", row_type=SettingRow, rows=(row,))
    assert disclose({"setting": exact}, PLAN)["masking"].rows == ()


def test_what_rests_on_few_people_is_told_from_the_few_themselves():
    row = SettingRow(people=5, practices=3, link_workers=3, first_month="a", last_month="b")
    exact = Result(key="setting", title="Where", unit="u", row_type=SettingRow, rows=(row,))
    rows = disclose({"setting": exact}, PLAN)["masking"].rows
    own = {row.column: row.why for row in rows if row.column != EVERY_COLUMN}
    assert own["People in the study"] == Why.FEW
    assert own["Practices"] == Why.RESTS
