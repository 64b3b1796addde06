"""Which measurement counts for which wave."""

from __future__ import annotations

import datetime as dt
import gc
from typing import Any

import pytest

from splw_eval.data import load_study
from tests.unit.given_study import Rows, edited, given_study, long_plan, plan_of
from tests.unit.loading import faults, loaded, only_fault, scores, warned

# Windows: baseline day -30 to 30, month_3 day 61 to 121, planned on day 91.
PLAN = long_plan(dated=True)
START = dt.date(2026, 1, 1)
PEOPLE: Rows = [["person", "referred"], ["p1", START]]


def day(days: int) -> dt.date:
    return START + dt.timedelta(days=days)


def measures(*rows: tuple[Any, ...]) -> Rows:
    """Rows of (day, score), or of (day or None, score, wave, person)."""
    table: Rows = [["person", "wave", "date", "phq"]]
    for when, score, *rest in rows:
        wave = rest[0] if rest else ""
        person = rest[1] if len(rest) > 1 else "p1"
        table.append([person, wave, "" if when is None else day(when), score])
    return table


def picked(folder, plan, *rows):
    return scores(loaded(folder, plan, people=PEOPLE, measures=measures(*rows)))["p1"]


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (-31, [None, None]),
        (-30, [9.0, None]),
        (30, [9.0, None]),
        (31, [None, None]),
        (60, [None, None]),
        (61, [None, 9.0]),
        (121, [None, 9.0]),
        (122, [None, None]),
    ],
)
def test_first_and_last_day_of_a_window_count(tmp_path, when, expected):
    assert picked(tmp_path, PLAN, (when, 9)) == expected


def test_measurements_outside_every_window_are_kept_counted_and_not_used(tmp_path):
    rows = measures((0, 10), (45, 8), (200, 7, "month_3"))
    study = loaded(tmp_path, PLAN, people=PEOPLE, measures=rows)
    assert scores(study) == {"p1": [10.0, None]}
    assert study.placed.wave.tolist() == [0, -1, -1]
    assert study.placed.measures.scores[:, 0].tolist() == [10.0, 8.0, 7.0]
    assert warned(study, "SW14").rows == (3, 4)


def test_the_date_decides_where_the_planned_wave_disagrees(tmp_path):
    rows = measures((5, 10, "month_3"))
    study = loaded(tmp_path, PLAN, people=PEOPLE, measures=rows)
    assert scores(study) == {"p1": [10.0, None]}
    assert warned(study, "SW22").rows == (2,)


@pytest.mark.parametrize(("pick", "expected"), [("nearest", 2.0), ("first", 1.0), ("last", 3.0)])
def test_the_plan_says_which_of_several_in_a_window_counts(tmp_path, pick, expected):
    plan = {**PLAN, "pick": pick}
    rows = [(70, 1), (95, 2), (110, 3)]
    assert picked(tmp_path, plan, *rows)[1] == expected
    assert picked(tmp_path, plan, *rows[::-1])[1] == expected
    study = loaded(tmp_path, plan, people=PEOPLE, measures=measures(*rows))
    assert len(warned(study, "SW15").rows) == 2
    assert f'pick = "{pick}"' in warned(study, "SW15").remedy


def test_of_two_equally_near_the_earlier_counts(tmp_path):
    assert picked(tmp_path, PLAN, (96, 2), (86, 1))[1] == 1.0
    assert picked(tmp_path, PLAN, (86, 1), (96, 2))[1] == 1.0


def test_a_missing_score_does_not_take_the_place_of_one_that_was_given(tmp_path):
    assert picked(tmp_path, PLAN, (91, ""), (110, 4))[1] == 4.0


def test_the_same_person_and_date_twice_is_a_fault(tmp_path):
    fault = only_fault(tmp_path, PLAN, people=PEOPLE, measures=measures((91, 1), (91, 1)))
    assert (fault.code, fault.rows) == ("SW09", (3,))


def test_without_a_date_the_planned_wave_counts(tmp_path):
    assert picked(tmp_path, PLAN, (None, 9, "month_3"), (0, 10)) == [10.0, 9.0]


def test_a_dated_measurement_comes_before_an_undated_one_and_it_is_said(tmp_path):
    rows = measures((None, 9, "month_3"), (100, 4, "month_3"))
    study = loaded(tmp_path, PLAN, people=PEOPLE, measures=rows)
    assert scores(study)["p1"][1] == 4.0
    assert warned(study, "SW15").rows == (2,)


def test_without_a_date_and_without_a_wave_nothing_can_be_placed(tmp_path):
    study = loaded(tmp_path, PLAN, people=PEOPLE, measures=measures((0, 10), (None, 9)))
    assert scores(study) == {"p1": [10.0, None]}
    assert warned(study, "SW16").rows == (3,)


def test_people_without_a_time_zero_are_placed_by_their_planned_wave(tmp_path):
    people = [*PEOPLE, ["p2", ""]]
    rows = measures((0, 10), (300, 8, "month_3", "p2"), (5, 7, "", "p2"))
    study = loaded(tmp_path, PLAN, people=people, measures=rows)
    assert scores(study) == {"p1": [10.0, None], "p2": [None, 8.0]}
    assert warned(study, "SW16").rows == (4,)


def test_two_dates_of_one_planned_wave_without_time_zero_are_said(tmp_path):
    people = [["person", "referred"], ["p1", ""]]
    rows = [(20, 8, "baseline"), (2, 9, "baseline")]
    for order in (rows, rows[::-1]):
        study = loaded(tmp_path, PLAN, people=people, measures=measures(*order))
        assert scores(study)["p1"][0] == 9.0  # the earlier, in whatever order the rows stand
        assert len(warned(study, "SW15").rows) == 1


@pytest.mark.parametrize("cell", ["31/01/2026", "2026-02-30", "soon", "2026-13-01"])
def test_a_date_written_otherwise_is_a_fault(tmp_path, cell):
    table = [*measures((0, 10)), ["p1", "month_3", cell, 5]]
    fault = only_fault(tmp_path, PLAN, people=PEOPLE, measures=table)
    assert (fault.code, fault.rows) == ("SW04", (3,))
    assert "date_format" in fault.remedy


def test_a_day_number_of_excel_gets_its_own_remedy(tmp_path):
    table = [*measures((0, 10)), ["p1", "month_3", "46000", 5]]
    fault = only_fault(tmp_path, PLAN, people=PEOPLE, measures=table)
    assert (fault.code, fault.rows) == ("SW04", (3,))
    assert "serial" in fault.remedy


def test_a_column_of_time_zero_that_no_file_has_is_a_fault(tmp_path):
    people = [["person", "refered"], ["p1", START]]
    fault = only_fault(tmp_path, PLAN, people=people, measures=measures((0, 10)))
    assert 'did you mean "refered"?' in fault.problem


def test_a_column_of_time_zero_that_stands_twice_is_a_fault(tmp_path):
    people = [["person", "referred", "referred"], ["p1", START, day(40)]]
    assert only_fault(tmp_path, PLAN, people=people, measures=measures((0, 1))).code == "SW07"


def test_a_second_date_of_time_zero_is_a_fault(tmp_path):
    table: Rows = [["person", "wave", "date", "phq", "referred"]]
    table += [["p1", "", day(0), 10, START], ["p1", "", day(91), 5, day(1)]]
    found = faults(tmp_path, PLAN, people=PEOPLE, measures=table)
    assert [(f.code, f.rows) for f in found] == [("SW26", (3,))]


def test_each_arm_counts_from_its_own_column(tmp_path):
    arms = plan_of("controlled_cohort")["arms"]
    plan = {
        **edited(PLAN, "files.0.columns.arm", "arm"),
        "design": "controlled_cohort",
        "arms": arms,
        "time_zero": [
            {"event": "referral", "arm": "link", "column": "referred"},
            {"event": "index_date", "arm": "usual", "column": "indexed"},
        ],
    }
    people: Rows = [["person", "arm", "referred", "indexed"]]
    people += [["p1", "link", START, ""], ["p2", "usual", START, day(91)]]
    rows = measures((91, 5), (91, 7, "", "p2"))
    study = loaded(tmp_path, plan, people=people, measures=rows)
    assert scores(study) == {"p1": [None, 5.0], "p2": [7.0, None]}


def test_a_bad_time_zero_is_said_once_for_all_arms(tmp_path):
    plan = plan_of("controlled_cohort", time_zero=[{"event": "referral", "column": "ref"}])
    rows: Rows = [["person", "arm", "ref", "phq_0", "phq_3"]]
    rows += [["p1", "link", "soon", 1, 2], ["p2", "usual", "2026-01-01", 1, 2]]
    fault = only_fault(tmp_path, plan, scores=rows)
    assert (fault.code, fault.rows) == ("SW04", (2,))


@pytest.mark.parametrize(
    ("cut", "due"), [(120, [True, False]), (121, [True, True]), (29, [False, False])]
)
def test_a_wave_is_due_when_its_last_day_has_passed(tmp_path, cut, due):
    plan = {**PLAN, "data_cut": day(cut)}
    study = loaded(tmp_path, plan, people=PEOPLE, measures=measures((0, 10)))
    assert study.due.tolist() == [due]


def test_without_a_time_zero_nobody_is_not_yet_due(tmp_path):
    plan = {**PLAN, "data_cut": day(1)}
    people = [["person", "referred"], ["p1", ""]]
    rows = measures((None, 10, "baseline"))
    assert loaded(tmp_path, plan, people=people, measures=rows).due.all()


def test_a_wide_file_with_a_date_for_each_wave_is_placed_by_date(tmp_path):
    plan = edited(PLAN, "files.1", long_plan()["files"][1])
    plan["files"] = [
        plan["files"][0],
        {
            "table": "measures",
            "path": "scores.csv",
            "columns": {"person": "person"},
            "scores": {"phq9": {"baseline": "phq_0", "month_3": "phq_3"}},
            "dates": {"baseline": "date_0", "month_3": "date_3"},
        },
    ]
    rows = [["person", "phq_0", "date_0", "phq_3", "date_3"], ["p1", 10, day(3), 5, day(200)]]
    study = loaded(tmp_path, plan, people=PEOPLE, scores=rows)
    assert scores(study) == {"p1": [10.0, None]}
    assert study.dated
    assert warned(study, "SW14").file == "scores.csv"


def test_a_study_without_dates_says_so(tmp_path):
    plan = long_plan()
    table: Rows = [["person", "wave", "phq"], ["p1", "baseline", 3]]
    study = loaded(tmp_path, plan, people=[["person"], ["p1"]], measures=table)
    assert not study.dated
    assert "No actual dates" in warned(study, "SW20").problem


def test_reading_tells_what_it_reads(tmp_path):
    told: list[str] = []
    path = given_study(tmp_path, PLAN, people=PEOPLE, measures=measures((0, 10)))
    load_study(path, progress=told.append)
    assert told[:2] == ["Reading people.csv", "Reading measures.csv"]
    assert told[2:] == ["Looking for identifiers", "Checking"]


def test_dates_after_the_data_cut_are_said_and_used(tmp_path):
    plan = {**PLAN, "data_cut": day(80)}
    study = loaded(tmp_path, plan, people=PEOPLE, measures=measures((0, 10), (91, 4)))
    assert warned(study, "SW29").rows == (3,)
    assert scores(study) == {"p1": [10.0, 4.0]}


def test_dates_without_a_time_zero_are_not_called_absent(tmp_path):
    people: Rows = [["person", "referred"], ["p1", ""]]
    study = loaded(tmp_path, PLAN, people=people, measures=measures((0, 10, "baseline")))
    assert study.dated
    assert "SW20" not in {finding.code for finding in study.findings}


def test_the_collector_is_left_as_it_was(tmp_path):
    study = given_study(tmp_path, PLAN, people=PEOPLE, measures=measures((0, 10)))
    for was_on in (False, True):
        (gc.enable if was_on else gc.disable)()
        load_study(study)
        assert gc.isenabled() is was_on
