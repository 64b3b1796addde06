"""What a plan says of its columns, against the values that they hold."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.findings import Finding, Severity
from splw_eval.data.ledger import Ledger
from splw_eval.data.planned_fit import report_unfitting
from tests.unit.data.given_tables import valid
from tests.unit.data.test_planned_columns import CLUSTERS, MEASURES, PEOPLE, plan, strata
from tests.unit.loading import loaded, only_fault


def by(column: str, *cuts: float):
    return plan(subgroups=[{"name": "a", "reason": "x", "column": column, "cuts": list(cuts)}])


def told(plan_table, **values: Any) -> list[Finding]:
    ledger = Ledger()
    report_unfitting(valid(plan_table), {k: np.array(v) for k, v in values.items()}, ledger)
    return ledger.findings


def test_cut_points_of_words_are_an_error(tmp_path):
    fault = only_fault(tmp_path, by("sex", 65), people=PEOPLE, measures=MEASURES)
    assert (fault.code, fault.severity) == ("SW141", Severity.ERROR)
    assert fault.problem.startswith('[[subgroups]] 1: cut points are given for the column "sex"')
    assert "female" not in fault.problem


@pytest.mark.parametrize(
    "ages", [["18-64", "65+", ""], [40.0, 70.0, np.nan]], ids=["bands", "numbers"]
)
def test_cut_points_within_the_values_are_fine_and_beyond_them_leave_one_level(ages):
    assert told(by("age", 65), age=ages) == []
    (found,) = told(by("age", 650), age=ages)
    assert (found.code, found.severity) == ("SW142", Severity.WARNING)
    assert "one level" in found.problem


def test_a_column_of_which_nothing_is_known_is_not_judged():
    assert told(by("age", 65), age=["", ""]) == []


def test_strata_that_are_one_are_told_with_and_without_cut_points(tmp_path):
    held = strata("list_size")
    files = {"people": PEOPLE, "measures": MEASURES, "clusters": CLUSTERS}
    assert not [f for f in loaded(tmp_path, held, **files).findings if f.code == "SW142"]
    held["allocation"]["strata_columns"] = {"list_size": [90000]}
    (found,) = [f for f in loaded(tmp_path, held, **files).findings if f.code == "SW142"]
    assert "[allocation] strata_columns: the cut points of" in found.problem
    assert "one stratum" in found.problem
    held["allocation"]["strata_columns"] = {"list_size": []}
    (found,) = told(held, list_size=[8000.0, 8000.0])
    assert "the values of" in found.problem


def test_the_primary_outcome_as_a_confounder_is_told_to_be_there_anyway():
    (found,) = told(plan("phq9", "sex"), phq9=[1.0, 2.0], sex=["female", "male"])
    assert (found.code, found.severity) == ("SW143", Severity.NOTE)
    assert "allowed for anyway" in found.problem


@pytest.mark.parametrize(("values", "notes"), [([0.0, 1.0, np.nan], 1), ([0.0, 1.0, 2.0], 0)])
def test_yes_and_no_as_a_number_are_told_to_change_nothing(values, notes):
    held = plan("carer")
    held["confounders"][0]["kind"] = "number"
    assert len(told(held, carer=values)) == notes
