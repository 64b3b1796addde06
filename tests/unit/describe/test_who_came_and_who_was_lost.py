"""Who came and who was lost, against counts done by hand."""

from __future__ import annotations

import pytest

from splw_eval.describe import (
    describe_baseline,
    describe_characteristics,
    describe_lost_characteristics,
    describe_lost_scores,
    describe_quantities,
)
from splw_eval.stats.standardised import categorical_difference, standardised_difference
from tests.unit.describe.given_tables import table, with_tables
from tests.unit.given_study import pre_post_plan, wide
from tests.unit.loading import loaded

PLAN = pre_post_plan()


@pytest.fixture
def study(tmp_path):
    """Six people, of whom p5 and p6 are lost; the people file has another order."""
    rows = wide((10, 5), (12, 7), (9, 4), (8, 6), (20, None), (24, None))
    people = table(
        "people",
        person=["p6", "p5", "p4", "p3", "p2", "p1"],
        age_band=["5-9", "10-14", "5-9", "10-14", "10-14", ""],
        sex=["male", "male", "female", "female", "female", "female"],
        imd_decile=[1, 2, 3, 10, None, 9],
        ltc_physical=[1, 0, 2, 0, 4, None],
        ltc_mental=[1, 1, 0, 0, 0, 0],
        carer=[1, 0, None, 0, 0, 0],
    )
    return with_tables(loaded(tmp_path, PLAN, scores=rows), people)


def counts(result, characteristic):
    rows = [r for r in result.rows if r.characteristic == characteristic]
    return {r.category: r.people for r in rows}


def test_bands_stand_in_their_natural_order_and_what_is_not_known_comes_last(study):
    found = counts(describe_characteristics(study), "Age")
    assert list(found.items()) == [("5-9", 2), ("10-14", 3), ("Not known", 1)]


def test_shares_are_of_those_of_whom_it_is_known(study):
    rows = [r for r in describe_characteristics(study).rows if r.characteristic == "Age"]
    assert [(r.share, r.known, r.others) for r in rows] == [(0.4, 5, 3), (0.6, 5, 2), (None, 5, 5)]


def test_deprivation_is_counted_in_fifths(study):
    found = counts(describe_characteristics(study), "Deprivation, in fifths")
    assert list(found.values()) == [2, 1, 0, 0, 2, 1]


def test_physical_and_mental_conditions_are_counted_together(study):
    assert counts(describe_characteristics(study), "Long-term conditions") == {
        "Physical and mental": 1,
        "Physical only": 2,
        "Mental only": 1,
        "Neither": 1,
        "Not known": 1,
    }


def test_a_column_that_is_not_there_has_no_rows(study):
    assert counts(describe_characteristics(study), "Ethnic group") == {}


def test_more_words_than_a_table_can_hold_are_counted_together(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide(*[(10, 5)] * 30))
    people = table(
        "people",
        person=[f"p{i}" for i in range(1, 31)],
        employment=[f"free text {i}" for i in range(30)],
    )
    found = counts(describe_characteristics(with_tables(plain, people)), "Main activity")
    assert len(found) == 21
    assert found["Other words"] == 10


def test_a_word_that_says_nothing_is_not_known(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide((10, 5), (9, 4)))
    people = table("people", person=["p1", "p2"], ethnicity=["not known", "white"])
    found = counts(describe_characteristics(with_tables(plain, people)), "Ethnic group")
    assert found == {"White": 1, "Not known": 1}


def test_who_would_not_say_is_another_group_than_those_of_whom_nobody_knows(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide((10, 5), (9, 4), (8, 3)))
    people = table(
        "people", person=["p1", "p2", "p3"], ethnicity=["not stated", "white", "not known"]
    )
    found = counts(describe_characteristics(with_tables(plain, people)), "Ethnic group")
    assert found == {"White": 1, "Not stated": 1, "Not known": 1}


def test_numbers_have_their_mean_sd_and_quartiles(study):
    row = describe_quantities(study).rows[0]
    assert (row.known, row.missing, row.mean, row.median) == (5, 1, 1.4, 1.0)
    assert (row.lower, row.upper) == (0.0, 2.0)
    assert row.sd == pytest.approx((11.2 / 4) ** 0.5, rel=1e-12)


def test_everybody_with_a_score_at_the_start_is_in_the_baseline(study):
    (row,) = describe_baseline(study).rows
    assert (row.known, row.missing) == (6, 0)
    assert row.mean == pytest.approx(83 / 6, rel=1e-12)


def test_those_lost_are_compared_by_their_score_at_the_start(study):
    (row,) = describe_lost_scores(study).rows
    assert (row.wave, row.retained, row.lost, row.fewer) == ("month_3", 4, 2, 2)
    assert (row.mean_retained, row.mean_lost) == (9.75, 22.0)
    assert row.difference == standardised_difference([10, 12, 9, 8], [20, 24])


def test_those_lost_are_compared_by_each_characteristic(study):
    rows = [r for r in describe_lost_characteristics(study).rows if r.characteristic == "Sex"]
    assert [(r.category, r.retained, r.lost) for r in rows] == [("Female", 4, 0), ("Male", 0, 2)]
    rows = [r for r in describe_lost_characteristics(study).rows if r.characteristic == "Age"]
    assert {r.difference for r in rows} == {categorical_difference([1, 2], [1, 1])}


def test_a_wave_at_which_few_were_lost_is_compared_only_if_the_contrast_asks(tmp_path):
    plan = pre_post_plan()
    plan["waves"].append({"name": "month_6", "month": 6})
    plan["files"][0]["scores"]["phq9"]["month_6"] = "phq_6"
    heading = ("phq_0", "phq_3", "phq_6")
    for lost, waves in ((1, ["month_3"]), (2, ["month_3", "month_6"])):
        late = [None] * lost + [3] * (20 - lost)
        rows = wide(*[(10, 5, x) for x in late], heading=heading)
        found = describe_lost_scores(loaded(tmp_path, plan, scores=rows)).rows
        assert [row.wave for row in found] == waves


def test_without_a_people_file_there_is_nothing_but_scores(tmp_path):
    plain = loaded(tmp_path, PLAN, scores=wide((10, 5)))
    assert describe_characteristics(plain).rows == ()
    assert describe_quantities(plain).rows == ()
    assert len(describe_baseline(plain).rows) == 1
