"""Scores made from items: agreement with the catalogue, what is missing, totals beside them."""

from __future__ import annotations

from math import isnan, nan
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data import Study
from tests.unit.data.given_items import answers, items_plan, wellbeing, wide_plan
from tests.unit.given_study import PlanTable, long_plan
from tests.unit.loading import faults, loaded, only_fault, warned

SEVEN = (4, 3, 3, 4, 3, 3, 4)  # raw sum 24, metric score 21.54 by the authors' table
PHQ = wellbeing(instrument="phq9")


def first(study: Study, outcome: str = "wellbeing") -> list[float | None]:
    """Scores at baseline; None where there is none."""
    return [None if isnan(value) else value for value in study.scores[outcome][:, 0].tolist()]


def why(study: Study, outcome: str = "wellbeing") -> list[str]:
    """Reasons at baseline."""
    return [study.reason_names[code] for code in study.reasons[outcome][:, 0]]


def hads(name: str, score: str, **options: Any) -> PlanTable:
    role = "primary" if score == "A" else "secondary"
    held = wellbeing(name=name, label=name, instrument="hads", role=role, score=score)
    return held | {"options": options or {"coding": "scored"}}


# Scores.


def test_items_become_the_first_score_of_their_instrument(tmp_path):
    study = loaded(tmp_path, items_plan(), measures=answers(SEVEN, (1,) * 7, (5,) * 7))
    assert first(study) == [21.54, 7.0, 35.0]
    assert study.items["wellbeing"][0, 0].tolist() == list(SEVEN)


def test_two_outcomes_share_the_items_of_one_instrument(tmp_path):
    plan = items_plan(hads("anxiety", "A"), hads("low", "D"))
    study = loaded(tmp_path, plan, measures=answers((3, 0) * 7))
    assert first(study, "anxiety") == [21]
    assert first(study, "low") == [0]
    assert study.items["anxiety"][0, 0].tolist() == [3] * 7
    assert study.items["low"].shape == (1, 2, 7)


@pytest.mark.parametrize(("coding", "score"), [("scored", 21), ("agreement", 18), ("printed", 6)])
def test_the_stated_coding_decides_and_answers_stay_as_they_were_keyed(tmp_path, coding, score):
    plan = items_plan(hads("anxiety", "A", coding=coding))
    study = loaded(tmp_path, plan, measures=answers((3,) * 14))
    assert first(study, "anxiety") == [score]
    assert study.items["anxiety"][0, 0].tolist() == [3] * 7


def test_items_of_people_outside_the_rule_are_counted_once_for_each_score(tmp_path):
    plan = items_plan(hads("anxiety", "A"), hads("low", "D"))
    found = faults(tmp_path, plan, measures=answers((4, *[0] * 13)))
    assert [(f.code, f.column) for f in found] == [("SW110", "C (q1)")]


# Answers that cannot be.


def test_an_answer_outside_its_codes_stops_the_run_with_its_place_and_no_value(tmp_path):
    fault = only_fault(tmp_path, items_plan(), measures=answers(SEVEN, (4, 3, 77, 4, 3, 3, 4)))
    assert (fault.code, fault.column, fault.rows) == ("SW110", "E (q3)", (3,))
    assert fault.problem == "outside 1 to 5"
    assert "77" not in fault.sentence()
    assert 'out_of_range = "missing"' in fault.remedy


def test_answers_that_were_keyed_from_another_first_number_get_a_hint(tmp_path):
    rows = answers((0, 1, 2, 3, 4, 0, 1), (4, 3, 2, 1, 0, 0, 4))
    found = faults(tmp_path, items_plan(), measures=rows)
    assert {f.code for f in found} == {"SW110"}
    assert all("Keyed from 0 to 4 instead of 1 to 5?" in f.remedy for f in found)


def test_an_undeclared_missing_code_among_answers_gets_a_hint(tmp_path):
    fault = only_fault(tmp_path, items_plan(), measures=answers(SEVEN, (9, *SEVEN[1:])))
    assert "missing code: declare it" in fault.remedy


def test_answers_may_be_set_to_missing_and_are_counted(tmp_path):
    plan = items_plan(wellbeing(out_of_range="missing"))
    study = loaded(tmp_path, plan, measures=answers(SEVEN, (9, *SEVEN[1:]), (9,) * 7))
    assert first(study) == [21.54, None, None]
    assert why(study)[1:] == ["too few items answered", "out of range"]
    held = [f for f in study.findings if f.code == "SW111"]
    assert [f.rows for f in held] == [(3, 4), *[(4,)] * 6]
    assert all(f.severity is Severity.WARNING for f in held)


@pytest.mark.parametrize("cell", ["2.5", "two"])
def test_an_answer_that_is_no_whole_number_stops_the_run(tmp_path, cell):
    fault = only_fault(tmp_path, items_plan(), measures=answers((cell, *SEVEN[1:])))
    assert (fault.code, fault.column, fault.rows) == ("SW04", "C (q1)", (2,))
    assert cell not in fault.sentence()


# What is missing.


def test_missing_codes_hold_for_items_and_give_the_reason(tmp_path):
    plan = items_plan(missing_codes={"*": {"9": "refused"}, "q1": {"8": "not asked"}})
    study = loaded(tmp_path, plan, measures=answers(SEVEN, (9,) * 7, (8, *[""] * 6), ("",) * 7))
    assert first(study) == [21.54, None, None, None]
    assert why(study) == ["", "refused", "not asked", "empty"]


def test_a_partly_answered_questionnaire_is_given_without_a_score(tmp_path):
    study = loaded(tmp_path, items_plan(), measures=answers(SEVEN, (*SEVEN[:6], "")))
    assert why(study) == ["", "too few items answered"]
    note = warned(study, "SW119")
    assert (note.severity, note.rows) == (Severity.NOTE, (3,))
    assert len(study.placed.measures) == 2
    assert np.isnan(study.items["wellbeing"][1]).all()


def test_scores_of_fewer_items_are_counted_in_a_note(tmp_path):
    rows = answers((1,) * 9, (*[1] * 8, ""), (*[1] * 6, "", "", ""))
    study = loaded(tmp_path, items_plan(PHQ), measures=rows)
    assert first(study) == [9, 9, None]
    note = warned(study, "SW118")
    assert (note.severity, note.rows) == (Severity.NOTE, (3,))
    assert isnan(study.items["wellbeing"][1, 0, 8])


def test_the_wave_of_a_wide_file_is_named_in_the_note(tmp_path):
    plan = wide_plan(swemwbs={"baseline": "b{item}", "month_3": "m{item}"})
    head = [f"{wave}{i}" for wave in "bm" for i in range(1, 8)]
    study = loaded(tmp_path, plan, scores=[["person", *head], ["p1", *SEVEN, *SEVEN[:6], ""]])
    assert "Wellbeing, 3 months" in warned(study, "SW119").problem


def test_reasons_that_a_statistics_file_keeps_stay_with_the_questionnaire(tmp_path):
    frame = pd.DataFrame({f"q{i}": [float(v), 9.0, 1.0] for i, v in enumerate(SEVEN, start=1)})
    frame.insert(0, "person", ["p1", "p2", "p3"])
    frame.insert(1, "wave", "baseline")
    items = list(frame.columns[2:])
    plan = items_plan(path="measures.sav")
    pyreadstat.write_sav(
        frame,
        tmp_path / "measures.sav",
        variable_value_labels={key: {1: "None", 5: "All", 9: "Refused"} for key in items},
        missing_ranges={key: [9] for key in items},
    )
    study = loaded(tmp_path, plan)
    assert first(study) == [21.54, None, 7.0]
    assert why(study)[1] == "Refused"


# Which record counts.


def dated(*rows: tuple[Any, ...]) -> tuple[PlanTable, dict[str, Any]]:
    """Plan and files of one person with several dated questionnaires."""
    plan = long_plan(dated=True)
    plan["files"][1] |= {"scores": {}, "items": {"swemwbs": "q{item}"}}
    plan["outcomes"] = [wellbeing()]
    plan["estimand"]["outcome"] = "wellbeing"
    head = ["person", "wave", "date", *(f"q{i}" for i in range(1, 8))]
    return plan, {
        "people": [["person", "referred"], ["p1", "2026-01-01"]],
        "measures": [head, *(["p1", "baseline", *row] for row in rows)],
    }


def test_the_nearest_questionnaire_that_has_a_score_counts(tmp_path):
    plan, files = dated(
        ("2026-01-01", *SEVEN[:6], ""), ("2026-01-05", *[1] * 7), ("2026-01-09", *[5] * 7)
    )
    study = loaded(tmp_path, plan, **files)
    assert first(study) == [7.0]
    assert study.items["wellbeing"][0, 0].tolist() == [1] * 7
    assert warned(study, "SW15").rows == (4,)


def test_two_scores_of_one_day_are_a_fault_and_a_partial_one_is_not(tmp_path):
    plan, files = dated(("2026-01-01", *SEVEN), ("2026-01-01", *SEVEN[:6], ""))
    assert first(loaded(tmp_path, plan, **files)) == [21.54]
    plan, files = dated(("2026-01-01", *SEVEN), ("2026-01-01", *SEVEN))
    assert only_fault(tmp_path, plan, **files).code == "SW09"


# Totals beside the items.


def beside(*rows: tuple[Any, ...]) -> tuple[PlanTable, Any]:
    """Plan and file with a column of totals beside the items."""
    return items_plan(scores={"wellbeing": "total"}), answers(*rows, also=("total",))


def test_a_total_that_agrees_is_kept_and_said_nothing_about(tmp_path):
    plan, rows = beside((*SEVEN, 21.54), ((1,) * 7 + (7,)))
    study = loaded(tmp_path, plan, measures=rows)
    assert study.supplied["wellbeing"][:, 0].tolist() == [21.54, 7]
    assert [f for f in study.findings if f.code == "SW117"] == []


def test_a_total_printed_with_fewer_decimals_agrees(tmp_path):
    plan, rows = beside((*SEVEN, 21.5), ((2,) * 7 + (15.3,)))
    assert "SW117" not in {f.code for f in loaded(tmp_path, plan, measures=rows).findings}
    plan, rows = beside((*SEVEN, 21.5), ((2,) * 7 + (15.2,)))
    assert warned(loaded(tmp_path, plan, measures=rows), "SW117").rows == (3,)


def test_a_total_that_differs_is_a_warning_and_the_items_count(tmp_path):
    plan, rows = beside((*SEVEN, 21.54), (*SEVEN, 23.21))
    study = loaded(tmp_path, plan, measures=rows)
    warning = warned(study, "SW117")
    assert (warning.severity, warning.rows) == (Severity.WARNING, (3,))
    assert warning.column == "J (total)"
    assert "23.21" not in warning.sentence()
    assert first(study) == [21.54, 21.54]
    assert study.supplied["wellbeing"][1, 0] == 23.21


def test_raw_sums_beside_the_items_are_called_so(tmp_path):
    plan, rows = beside((*SEVEN, 24), ((2,) * 7 + (14,)))
    assert (
        'They are the score "raw" of the same'
        in warned(loaded(tmp_path, plan, measures=rows), "SW117").remedy
    )


def test_a_total_alone_is_not_used_beside_items(tmp_path):
    plan, rows = beside((*SEVEN, 21.54), (*SEVEN[:6], "", 21.54))
    study = loaded(tmp_path, plan, measures=rows)
    assert first(study) == [21.54, None]
    assert warned(study, "SW121").rows == (3,)


def test_a_total_out_of_range_is_compared_and_does_not_stop_the_run(tmp_path):
    plan, rows = beside((*SEVEN, 240), (*SEVEN, 21.54))
    assert warned(loaded(tmp_path, plan, measures=rows), "SW117").rows == (2,)


def test_a_wave_with_totals_only_uses_them(tmp_path):
    plan = wide_plan(swemwbs={"baseline": "b{item}"})
    plan["files"][0]["scores"] = {"wellbeing": {"month_3": "later"}}
    head = [*(f"b{i}" for i in range(1, 8)), "later"]
    study = loaded(tmp_path, plan, scores=[["person", *head], ["p1", *SEVEN, 30.7]])
    assert study.scores["wellbeing"].tolist() == [[21.54, 30.7]]
    np.testing.assert_array_equal(study.items["wellbeing"][0], [list(SEVEN), [nan] * 7])
    assert study.supplied == {}


# What the scoring asks of each person.


@pytest.mark.parametrize("where", ["measures", "people"])
def test_a_work_item_that_does_not_apply_is_said_row_by_row(tmp_path, where):
    told = {"work_not_applicable": {"column": "retired"}}
    plan = items_plan(wellbeing(instrument="wsas", options=told))
    rows, people = answers((8, 1, 1, 1, 1), (8, 1, 1, 1, 1)), [["person"], ["p1"], ["p2"]]
    for table, values in ((rows, ("yes", "no")), (people, ("Yes", "No"))):
        if (table is rows) is (where == "measures"):
            for row, value in zip(table, ("retired", *values), strict=True):
                row.append(value)
    plan["files"].append({"table": "people", "path": "people.csv"})
    study = loaded(tmp_path, plan, measures=rows, people=people)
    assert first(study) == [4, 12]


def test_a_work_item_that_may_or_may_not_apply_is_a_fault(tmp_path):
    told = {"work_not_applicable": {"column": "retired"}}
    plan = items_plan(wellbeing(instrument="wsas", options=told))
    rows = answers((8, 1, 1, 1, 1, "no"), (8, 1, 1, 1, 1, ""), also=("retired",))
    fault = only_fault(tmp_path, plan, measures=rows)
    assert (fault.code, fault.rows) == ("SI08", (3,))
    assert "work_not_applicable of wsas is neither true nor false" in fault.problem


def test_a_column_that_no_file_has_is_a_fault(tmp_path):
    told = {"work_not_applicable": {"column": "retird"}}
    plan = items_plan(wellbeing(instrument="wsas", options=told))
    fault = only_fault(tmp_path, plan, measures=answers((8, 1, 1, 1, 1, 0), also=("retired",)))
    assert fault.code == "SW02"
    assert 'did you mean "retired"?' in fault.problem


def test_codes_with_a_meaning_of_their_own_count_as_the_catalogue_says(tmp_path):
    plan = items_plan(wellbeing(instrument="mtbq10", options={"does_not_apply": [9]}))
    study = loaded(tmp_path, plan, measures=answers((9, *[4] * 9)))
    assert first(study) == [90]
    assert study.items["wellbeing"][0, 0].tolist() == [0, *[4] * 9]


def dsu_plan(table: str) -> PlanTable:
    told = {"age": {"column": "age"}, "sex": {"column": "sex"}, "table": table}
    outcome = wellbeing(instrument="eq5d_5l_dsu_uk", options=told)
    columns = {item: f"q{i}" for i, item in enumerate(("MO", "SC", "UA", "PD", "AD"), start=1)}
    return items_plan(outcome, items={"eq5d_5l_dsu_uk": columns})


def test_a_table_of_values_may_not_lie_outside_the_folder(tmp_path):
    fault = only_fault(tmp_path, dsu_plan("../values.csv"), measures=answers((1,) * 5))
    assert (fault.code, fault.file) == ("SW21", "../values.csv")


def test_age_and_sex_may_stand_with_the_people(tmp_path):
    plan = dsu_plan("values.csv")
    plan["files"].append({"table": "people", "path": "people.csv"})
    people = [["person", "age", "sex"], ["p1", 20, "Female"], ["p2", 70, "male"], ["p3", 70, ""]]
    (tmp_path / "values.csv").write_text(by_band(), encoding="utf-8")
    study = loaded(tmp_path, plan, people=people, measures=answers(*[(1,) * 5] * 3))
    assert first(study) == [0.5, 0.25, None]
    assert "values.csv" in study.file_digests


def by_band() -> str:
    """A table of values in which only the column decides: young women 0.5, all others 0.25."""
    sexes, bands = ("male", "female"), ("18_34", "35_44", "45_54", "55_64", "65plus")
    head = [f"{sex}_{band}" for sex in sexes for band in bands]
    row = ["0.5" if name == "female_18_34" else "0.25" for name in head]
    states = ("".join(str(1 + i // 5**place % 5) for place in range(5)) for i in range(5**5))
    return "\n".join([",".join(["state", *head]), *(",".join([s, *row]) for s in states)]) + "\n"


def test_a_table_that_cannot_be_used_is_a_fault_among_the_others(tmp_path):
    plan = dsu_plan("values.csv")
    rows = answers((1, 1, 1, 1, 1, 40, "male"), also=("age", "sex"))
    fault = only_fault(tmp_path, plan, measures=rows)
    assert (fault.code, fault.file) == ("SI10", "values.csv")


@pytest.mark.parametrize("cell", [200, "somebody"])
def test_what_a_scoring_asks_of_a_person_is_checked_too(tmp_path, cell):
    column = "age" if cell == 200 else "sex"
    given = {"age": 40, "sex": "male"} | {column: cell}
    (tmp_path / "values.csv").write_text(by_band(), encoding="utf-8")
    rows = answers((1, 1, 1, 1, 1, *given.values()), also=("age", "sex"))
    fault = only_fault(tmp_path, dsu_plan("values.csv"), measures=rows)
    assert fault.code == ("SW110" if cell == 200 else "SW04")
    assert str(cell) not in fault.sentence()


# Checks that know ready-made scores only.


def test_both_forms_scored_from_one_questionnaire_are_not_taken_for_each_other(tmp_path):
    name = "wemwbs_to_swemwbs"
    long = wellbeing(instrument=name, score="wemwbs")
    short = {"name": "short", "label": "Short", "score": "swemwbs_metric", "role": "secondary"}
    rows = answers(*[(1 + i % 5, 2, 3, 4, 5, *[3] * 9) for i in range(25)])
    study = loaded(tmp_path, items_plan(long, long | short), measures=rows)
    assert {f.code for f in study.findings} & {"SW72", "SW73"} == set()
    assert (study.plan.outcomes[0].range, study.plan.outcomes[1].range) == ((14, 70), (7, 35))


def test_a_total_that_is_only_compared_gets_no_hint_about_keying(tmp_path):
    plan = items_plan(
        wellbeing(instrument="ucla3", out_of_range="missing"), scores={"wellbeing": "total"}
    )
    rows = answers((1, 1, 1, 0), (3, 3, 3, 6), also=("total",))
    codes = {f.code for f in loaded(tmp_path, plan, measures=rows).findings}
    assert "SW117" in codes
    assert "SW74" not in codes
