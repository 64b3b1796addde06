"""Who is in the study, and what each file says of them."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.data import Study
from tests.unit.given_study import Rows, edited, long_plan, outcome, plan_of, pre_post_plan, wide
from tests.unit.loading import faults, loaded, only_fault, scores, warned

PLAN = pre_post_plan()
COHORT = plan_of("controlled_cohort")
LONG = long_plan()
PEOPLE = [
    ["person", "arm", "practice", "worker"],
    ["p1", "link", "x", "w"],
    ["p2", "usual", "y", ""],
]
MEASURES = [["person", "wave", "phq"], ["p1", "baseline", 10], ["p1", "month_3", 5]]


def codes(study: Study, role: str) -> list[int]:
    """Code of each person's practice or link worker."""
    return list(getattr(study.people, role))


def people_plan(**columns: str):
    """Give a cohort whose people file holds the arm and more."""
    plan = long_plan(
        design="controlled_cohort", arms=COHORT["arms"], time_zero=[{"event": "referral"}]
    )
    plan["files"][0]["columns"] |= {"arm": "arm"} | columns
    return plan


def test_wide_and_long_files_of_the_same_study_give_the_same_scores(tmp_path):
    from_wide = loaded(tmp_path, PLAN, scores=wide((10, 5), (12, None), (None, 7)))
    long = [["person", "wave", "phq"], ["p1", "baseline", 10], ["p1", "month_3", 5]]
    long += [["p2", "baseline", 12], ["p3", "month_3", 7], ["p3", "baseline", None]]
    only_measures = edited(LONG, "files.0", LONG["files"][1])
    only_measures["files"] = only_measures["files"][:1]
    from_long = loaded(tmp_path, only_measures, measures=long)
    assert scores(from_wide) == scores(from_long)
    assert from_wide.people.ids.tolist() == from_long.people.ids.tolist()
    assert np.array_equal(from_wide.due, from_long.due)


def test_the_people_file_decides_who_is_in_the_study(tmp_path):
    study = loaded(tmp_path, LONG, people=[["person"], ["p1"], ["never"]], measures=MEASURES)
    assert scores(study) == {"p1": [10.0, 5.0], "never": [None, None]}


def test_people_who_are_only_in_the_measures_are_a_fault(tmp_path):
    measures = [*MEASURES, ["p9", "baseline", 3]]
    fault = only_fault(tmp_path, LONG, people=[["person"], ["p1"]], measures=measures)
    assert (fault.code, fault.file, fault.rows) == ("SW12", "measures.csv", (4,))


def test_a_row_without_a_person_is_a_fault(tmp_path):
    rows = [*wide((10, 5)), ["", 22, 11]]
    fault = only_fault(tmp_path, PLAN, scores=rows)
    assert (fault.code, fault.rows) == ("SW08", (3,))
    assert "totals" in fault.remedy


def test_a_file_with_no_person_at_all_is_a_fault_and_no_crash(tmp_path):
    plan = edited(plan_of("cluster_trial"), "time_zero.0.column", "ref")
    rows: Rows = [["person", "arm", "practice", "ref", "phq_0", "phq_3"]]
    rows += [["", "link", "x", "2026-01-01", 10, 5]]
    assert [f.code for f in faults(tmp_path, plan, scores=rows)] == ["SW08"]


def test_a_declared_missing_code_is_no_person(tmp_path):
    plan = edited(PLAN, "files.0.missing_codes", {"*": {"-99": "x"}})
    assert only_fault(tmp_path, plan, scores=[*wide((10, 5)), [-99, 1, 2]]).code == "SW08"


def test_a_person_on_two_rows_of_a_wide_file_is_a_fault(tmp_path):
    rows = [*wide((10, 5), (11, 6)), ["p1", 10, 5], [" p1 ", 9, 9]]
    found = {f.code: f for f in faults(tmp_path, PLAN, scores=rows)}
    assert found["SW09"].rows == (4, 5)


def test_a_person_twice_in_the_people_file_is_a_fault(tmp_path):
    people = [["person"], ["p1"], ["p1"]]
    assert only_fault(tmp_path, LONG, people=people, measures=MEASURES).code == "SW09"


def test_pseudonyms_are_told_apart_by_every_letter(tmp_path):
    rows = [["person", "phq_0", "phq_3"], ["a", 1, 2], ["A", 3, 4], ["01", 5, 6], ["1", 7, 8]]
    assert len(scores(loaded(tmp_path, PLAN, scores=rows))) == 4


def test_attributes_come_from_the_people_file(tmp_path):
    plan = people_plan(cluster="practice", link_worker="worker")
    study = loaded(tmp_path, plan, people=PEOPLE, measures=MEASURES)
    assert study.people.arm.tolist() == [0, 1]
    assert codes(study, "cluster") == [0, 1]
    assert codes(study, "link_worker") == [0, -1]
    assert study.people.time_zero is None


def test_an_unknown_arm_is_a_fault_that_lists_the_arms(tmp_path):
    rows = [["person", "arm", "phq_0", "phq_3"], ["p1", "link", 1, 2], ["p2", "Usual", 1, 2]]
    found = faults(tmp_path, COHORT, scores=rows)
    assert {f.code for f in found} == {"SW10"}
    assert found[0].rows == (3,)
    assert "link, usual" in found[0].remedy


def test_a_person_without_an_arm_is_a_fault(tmp_path):
    people = [*PEOPLE, ["p3", "", "x", "w"]]
    fault = only_fault(tmp_path, people_plan(), people=people, measures=MEASURES)
    assert fault.problem == "people with no arm that the plan knows"
    assert (fault.file, fault.column, fault.rows) == ("people.csv", "B (arm)", (4,))


def test_a_person_without_a_practice_is_a_fault(tmp_path):
    people = [*PEOPLE, ["p3", "link", "", "w"]]
    plan = people_plan(cluster="practice")
    fault = only_fault(tmp_path, plan, people=people, measures=MEASURES)
    assert fault.code == "SW17"
    assert (fault.file, fault.column, fault.rows) == ("people.csv", "C (practice)", (4,))


def test_a_person_in_two_arms_is_a_fault(tmp_path):
    plan = people_plan()
    plan["files"][1]["columns"]["arm"] = "group"
    measures = [["person", "wave", "group", "phq"], ["p1", "baseline", "usual", 10]]
    measures += [["p2", "baseline", "", 9]]
    fault = only_fault(tmp_path, plan, people=PEOPLE, measures=measures)
    assert (fault.code, fault.file, fault.rows) == ("SW11", "measures.csv", (2,))


@pytest.mark.parametrize(("role", "code"), [("cluster", "SW24"), ("link_worker", "SW27")])
def test_of_two_practices_or_workers_the_first_counts_and_it_is_warned(tmp_path, role, code):
    plan = edited(LONG, f"files.1.columns.{role}", "seen_by")
    measures = [
        ["person", "wave", "seen_by", "phq"],
        ["p1", "baseline", "b", 10],
        ["p2", "baseline", "a", 10],
        ["p1", "month_3", "a", 10],
    ]
    study = loaded(tmp_path, plan, people=[["person"], ["p1"], ["p2"]], measures=measures)
    assert codes(study, role) == [0, 1]
    assert warned(study, code).rows == (4,)


def test_the_word_of_the_people_file_on_a_practice_comes_first(tmp_path):
    plan = edited(people_plan(cluster="practice"), "files.1.columns.cluster", "seen_at")
    measures = [["person", "wave", "seen_at", "phq"], ["p1", "baseline", "y", 10]]
    plan["files"] = plan["files"][::-1]
    study = loaded(tmp_path, plan, people=PEOPLE, measures=measures)
    assert codes(study, "cluster") == [0, 1]
    assert warned(study, "SW24").file == "measures.csv"


def test_an_unknown_wave_is_a_fault_with_the_nearest_name(tmp_path):
    measures = [*MEASURES, ["p1", "month3", 4]]
    fault = only_fault(tmp_path, LONG, people=[["person"], ["p1"]], measures=measures)
    assert (fault.code, fault.rows) == ("SW13", (4,))
    assert 'did you mean "month_3"?' in fault.problem


def test_a_fault_that_two_outcomes_share_is_said_once(tmp_path):
    plan = edited(LONG, "files.1.scores", {"phq9": "phq", "gad7": "phq"})
    plan["outcomes"].append(outcome(name="gad7", label="Anxiety", role="secondary"))
    measures = [*MEASURES, ["p1", "month3", 4]]
    people = [["person"], ["p1"]]
    assert only_fault(tmp_path, plan, people=people, measures=measures).code == "SW13"


def test_an_empty_wave_without_a_date_is_a_fault(tmp_path):
    measures = [*MEASURES, ["p1", "", 4]]
    people = [["person"], ["p1"]]
    assert only_fault(tmp_path, LONG, people=people, measures=measures).rows == (4,)


def test_a_person_twice_at_one_wave_is_a_fault(tmp_path):
    measures = [*MEASURES, ["p1", "month_3", 5]]
    fault = only_fault(tmp_path, LONG, people=[["person"], ["p1"]], measures=measures)
    assert (fault.code, fault.rows) == ("SW09", (4,))


def test_a_person_twice_at_one_wave_with_one_score_is_no_fault(tmp_path):
    measures = [*MEASURES, ["p1", "month_3", ""]]
    study = loaded(tmp_path, LONG, people=[["person"], ["p1"]], measures=measures)
    assert scores(study) == {"p1": [10.0, 5.0]}


def test_a_wave_without_any_score_is_warned_of(tmp_path):
    study = loaded(tmp_path, PLAN, scores=wide((10, None), (12, None)))
    assert "no score at 3 months" in warned(study, "SW25").problem


def test_faults_of_several_files_come_at_once(tmp_path):
    found = faults(tmp_path, LONG, people=[["who"], ["p1"]], measures=[["person"], ["p1"]])
    assert {f.file for f in found} == {"people.csv", "measures.csv"}
    assert len(found) == 3


def test_digests_of_every_file_are_kept(tmp_path):
    study = loaded(tmp_path, LONG, people=[["person"], ["p1"]], measures=MEASURES)
    assert set(study.file_digests) == {"people.csv", "measures.csv"}
    assert all(len(digest) == 64 for digest in study.file_digests.values())


DATED = long_plan(dated=True)
DATES: Rows = [["person", "wave", "date", "phq"], ["p1", "baseline", "2025-01-12", 10]]
DATES += [["p1", "month_3", "2025-04-12", 5]]


def test_people_without_a_date_of_time_zero_are_named_by_their_rows(tmp_path):
    people = [["person", "referred"], ["p1", "2025-01-10"], ["p2", ""], ["p3", ""]]
    found = warned(loaded(tmp_path, DATED, people=people, measures=DATES), "SW84")
    assert (found.file, found.column, found.rows) == ("people.csv", "B (referred)", (3, 4))


def test_people_who_stand_only_in_another_file_are_named_there(tmp_path):
    people = [["person"], ["p1"], ["p2"]]
    measures = [[*DATES[0], "referred"], *([*row, "2025-01-10"] for row in DATES[1:])]
    found = warned(loaded(tmp_path, DATED, people=people, measures=measures), "SW84")
    assert (found.file, found.column, found.rows) == ("people.csv", "", (3,))


def test_a_person_twice_in_a_people_file_gets_a_remedy_that_fits_and_the_first_row(tmp_path):
    people = [["person"], ["p1"], ["p2"], ["p1"]]
    fault = only_fault(tmp_path, LONG, people=people, measures=MEASURES)
    assert (fault.code, fault.rows) == ("SW09", (4,))
    assert "the first row is 2" in fault.problem
    assert "layout" not in fault.remedy


@pytest.mark.parametrize(
    ("known", "written", "word"),
    [
        ("0071", "71", "zeros in front"),
        ("1001", "1001.0", ".0 at the end"),
        ("s1001", "S1001", "capitals"),
        ("s-1001", "s1001", "spaces and marks"),
        ("\u00e91", "e\u03011", "accents"),
    ],
)
def test_pseudonyms_that_differ_in_how_they_are_written_are_told(tmp_path, known, written, word):
    measures = [["person", "wave", "phq"], [written, "baseline", 10]]
    fault = only_fault(tmp_path, LONG, people=[["person"], [known]], measures=measures)
    assert fault.code == "SW12"
    assert word in fault.remedy
    assert known not in fault.sentence()


def test_people_whose_row_could_not_be_read_are_not_called_unknown(tmp_path):
    ragged = "person\np1\np9,stray\n"
    measures = [*MEASURES, ["p9", "baseline", 3]]
    assert only_fault(tmp_path, LONG, people=ragged, measures=measures).code == "SW05"


def test_more_unknown_people_than_rows_left_out_are(tmp_path):
    ragged = "person\np1\np9,stray\n"
    measures = [*MEASURES, ["p8", "baseline", 3], ["p9", "baseline", 3]]
    found = {f.code: f for f in faults(tmp_path, LONG, people=ragged, measures=measures)}
    assert set(found) == {"SW05", "SW12"}
    assert found["SW12"].remedy.startswith("Rows of the people file were left out")


def test_whoever_is_in_no_file_is_found_in_all_tables_at_once(tmp_path):
    plan = edited(LONG, "files", [*LONG["files"], {"table": "service_use", "path": "use.csv"}])
    use = [["person", "month"], ["p7", "2025-01"]]
    measures = [*MEASURES, ["p9", "baseline", 3]]
    found = faults(tmp_path, plan, people=[["person"], ["p1"]], measures=measures, use=use)
    assert [(f.code, f.file) for f in found] == [("SW12", "measures.csv"), ("SW60", "use.csv")]
