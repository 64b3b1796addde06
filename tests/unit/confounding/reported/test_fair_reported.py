"""A fair comparison as results: unadjusted and adjusted always both, by what the design allows."""

from __future__ import annotations

import math

import pytest

from splw_eval.confounding import (
    adjusted_difference,
    difference_in_differences,
    permutation_test,
)
from splw_eval.confounding.reported.asked import ONE_GROUP, asked_of
from splw_eval.confounding.reported.changes import REGRESSED, START, START_ALIKE
from splw_eval.confounding.reported.practices import BY_CHANCE, CR2, CR3, PERMUTED, WILD
from splw_eval.confounding.reported.told import refused
from splw_eval.core.confounding_rows import LIMIT, POINT
from splw_eval.core.errors import FitError
from splw_eval.evaluate.fair import FAIR
from tests.unit.confounding.reported.given_fair import EFFECT, fair_study
from tests.unit.retention.given_reported import measured

ANSWERS = {question.key: question.answer for question in FAIR}
describe_adjusted, describe_balance = ANSWERS["adjusted"], ANSWERS["balance"]
describe_weighting, describe_changes = ANSWERS["weighting"], ANSWERS["differences"]
describe_practice_tests, describe_e_values = ANSWERS["practice_tests"], ANSWERS["e_values"]


@pytest.fixture(scope="module")
def cohort(tmp_path_factory):
    return fair_study(tmp_path_factory.mktemp("cohort"))


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    return fair_study(tmp_path_factory.mktemp("trial"), "cluster_trial", shift=0.0)


def _words(result):
    return " ".join(note.sentence() for note in result.notes)


def test_unadjusted_stands_beside_adjusted_and_adjusting_finds_what_was_put_in(cohort):
    rows = describe_adjusted(cohort).rows
    assert [row.method for row in rows] == [
        "Unadjusted",
        "Weighting",
        "Doubly robust",
        "Regression",
    ]
    by = {row.method: row.estimate for row in rows}
    assert by["Unadjusted"] > EFFECT + 0.8
    for way in ("Weighting", "Doubly robust", "Regression"):
        assert abs(by[way] - EFFECT) < 0.8, way


def test_adjusted_rows_are_those_of_the_public_function(cohort):
    (asked,) = asked_of(cohort)
    own = adjusted_difference(
        asked.frame,
        outcome="outcome",
        group="group",
        covariates=asked.covariates,
        cluster="practice",
        reference=0,
    )
    row = describe_adjusted(cohort).rows[1]
    assert math.isclose(row.estimate, own.estimate, rel_tol=1e-12)
    assert row.n == own.n == len(asked.usable)


def test_the_default_is_weighting_in_a_cohort_and_regression_in_a_trial(cohort, trial):
    for study, way in ((cohort, "Weighting"), (trial, "Regression")):
        found = describe_adjusted(study)
        assert [row.method for row in found.rows if row.default == "yes"] == [way]


def test_the_plan_chooses_the_weights_and_whom_they_stand_for(tmp_path):
    study = fair_study(tmp_path, adjustment={"target": "overlap"})
    row = describe_adjusted(study).rows[1]
    assert "might be of" in row.population
    last = describe_balance(study).rows
    assert max(abs(row.after) for row in last) < 1e-8  # overlap weights balance means exactly


def test_entropy_balancing_is_the_method_where_the_plan_says_so(tmp_path):
    study = fair_study(tmp_path, adjustment={"method": "entropy"})
    assert describe_adjusted(study).rows[1].method == "Entropy balancing"
    assert describe_weighting(study).rows[0].method == "entropy"


def test_balance_is_told_before_and_after_with_the_scale_of_chance(cohort):
    found = describe_balance(cohort)
    by = {row.characteristic: row for row in found.rows}
    assert set(by) == {"Score at the start", "Conditions", "Carer"}
    conditions = by["Conditions"]
    assert conditions.before > 1
    assert abs(conditions.after) < abs(conditions.before) / 4
    assert 0 < conditions.chance_limit < 1
    assert by["Carer"].level == "yes"
    assert by["Carer"].ratio_before is None


def test_fewest_of_a_level_is_the_smallest_of_both_groups(cohort):
    (asked,) = asked_of(cohort)
    row = next(r for r in describe_balance(cohort).rows if r.characteristic == "Carer")
    carers = asked.frame[asked.frame["confounder_2"] == "yes"].groupby("group").size()
    assert row.n_fewest == carers.min()


def test_confounders_that_were_not_measured_are_named(cohort):
    for result in (describe_adjusted(cohort), describe_balance(cohort)):
        assert "Motivation" in _words(result)


def test_effective_sizes_are_at_most_the_people_there(cohort):
    rows = describe_weighting(cohort).rows
    assert len(rows) == 2
    for row in rows:
        assert row.effective <= row.n
        assert row.heaviest == math.ceil(row.n / 10)
    assert rows[1].effective == rows[1].n  # those the weights stand for count once each


def test_permutation_is_called_randomisation_only_where_chance_allocated(cohort, trial):
    first = describe_practice_tests(trial)
    assert first.rows[0].method == BY_CHANCE
    second = describe_practice_tests(cohort)
    assert second.rows[0].method == PERMUTED
    assert "exchangeability" in _words(second)
    assert "exchangeability" not in _words(first)


def test_every_rule_for_few_practices_stands_there_with_the_smallest_p(trial):
    rows = {row.method: row for row in describe_practice_tests(trial).rows}
    assert {BY_CHANCE, WILD, CR2, CR3} < set(rows)
    assert rows[BY_CHANCE].allocations == math.comb(12, 6)
    assert math.isclose(rows[BY_CHANCE].smallest_p, 2 / math.comb(12, 6))
    assert rows[WILD].allocations == 2**12
    cr2, cr3 = rows[CR2], rows[CR3]
    assert cr2.estimate == cr3.estimate
    assert cr3.conf_high - cr3.conf_low > cr2.conf_high - cr2.conf_low
    assert cr2.df < 12


def test_the_permutation_is_that_of_the_public_function(trial):
    (asked,) = asked_of(trial)
    own = permutation_test(
        asked.frame,
        outcome="outcome",
        group="group",
        cluster="practice",
        covariates=asked.covariates,
        randomised=True,
        reference=0,
    )
    row = describe_practice_tests(trial).rows[0]
    assert (row.p_value, row.conf_low, row.conf_high) == (own.p_value, own.conf_low, own.conf_high)


def test_practices_permute_within_the_strata_of_the_plan(tmp_path):
    allocation = {
        "randomised": True,
        "method": "stratified",
        "strata": ["who cares"],
        "strata_columns": {"carer": []},
    }
    study = fair_study(tmp_path, "individual_trial", practices=0, allocation=allocation, shift=0.0)
    (asked,) = asked_of(study)
    assert asked.stratum == "stratum"
    assert "C(stratum)" in asked.formula()


def test_two_practices_in_each_group_give_no_ends_and_say_so(tmp_path):
    study = fair_study(tmp_path, "cluster_trial", practices=4, shift=0.0)
    found = describe_practice_tests(study)
    row = found.rows[0]
    assert row.smallest_p > 0.05
    assert row.conf_low is None
    assert "smallest p" in _words(found)


def test_one_practice_in_a_group_compares_nothing(tmp_path):
    study = fair_study(tmp_path, practices=2)
    for question in FAIR:
        found = question.ask(study)
        assert found.rows == ()
        assert "one practice only" in _words(found)


def test_people_of_both_groups_in_one_practice_are_said_to_count_as_independent(tmp_path):
    study = fair_study(tmp_path, spanning=True)
    assert all(row.clusters is None for row in describe_adjusted(study).rows)
    assert "people of both groups" in _words(describe_balance(study))
    assert describe_practice_tests(study).rows == ()


def test_without_practices_there_are_adjusted_rows_and_no_tests_by_practices(tmp_path):
    study = fair_study(tmp_path, "individual_trial", practices=0, shift=0.0)
    assert len(describe_adjusted(study).rows) == 4
    found = describe_practice_tests(study)
    assert found.rows == ()
    assert "no file names" in _words(found)


def test_changes_stand_beside_scores_given_the_start(cohort):
    found = describe_changes(cohort)
    by = {row.method: row for row in found.rows}
    assert len(by) == 6
    assert by[START].conf_low is None
    plain = by["Difference in changes, unadjusted"]
    after = describe_adjusted(cohort).rows[0]
    assert math.isclose(plain.estimate, after.estimate - by[START].estimate, rel_tol=1e-9)
    assert "Lord's paradox" in _words(found)


def test_changes_by_regression_part_from_ancova_by_what_closes_of_the_gap(cohort):
    (asked,) = asked_of(cohort)
    by = {row.method: row for row in describe_changes(cohort).rows}
    own = difference_in_differences(
        asked.usable,
        outcome="outcome",
        baseline="start",
        group="group",
        covariates=[name for name in asked.covariates if name != "start"],
        cluster=asked.cluster,
        reference=0,
    )
    closed = (1 - own.slope) * by[START_ALIKE].estimate
    ancova = by["Difference given the score at the start (ANCOVA)"].estimate
    assert math.isclose(ancova - by[REGRESSED].estimate, closed, rel_tol=1e-8)
    assert by[REGRESSED].conf_low < by[REGRESSED].estimate < by[REGRESSED].conf_high


def test_without_practices_no_note_of_balance_or_changes_speaks_of_them(tmp_path):
    study = fair_study(tmp_path, "individual_trial", practices=0, shift=0.0)
    for found in (describe_balance(study), describe_changes(study), describe_adjusted(study)):
        assert found.rows
        assert "practices" not in _words(found)
        assert "independent" in _words(found)


def test_e_values_are_of_the_adjusted_difference_and_its_nearer_limit(cohort):
    rows = {row.of: row for row in describe_e_values(cohort).rows}
    point = rows[POINT]
    default = next(row for row in describe_adjusted(cohort).rows if row.default == "yes")
    assert math.isclose(point.risk_ratio, math.exp(0.91 * point.difference), rel_tol=1e-12)
    ratio = point.risk_ratio
    assert math.isclose(point.e_value, ratio + math.sqrt(ratio * (ratio - 1)), rel_tol=1e-12)
    assert rows[LIMIT].e_value < point.e_value
    share = rows[LIMIT].difference / point.difference
    assert math.isclose(share, default.conf_low / default.estimate, rel_tol=1e-9)


def test_a_trial_of_people_found_alike_needs_no_e_value(trial):
    found = describe_e_values(trial)
    assert found.rows == ()
    assert "chance decided" in _words(found)


def test_one_group_has_nothing_to_adjust(tmp_path):
    study = fair_study(tmp_path, "pre_post", practices=0)
    for question in FAIR:
        found = question.ask(study)
        assert found.rows == ()
        assert _words(found) == ONE_GROUP


def test_rare_levels_are_joined_and_rare_unknowns_left_out(tmp_path):
    study = fair_study(tmp_path)
    carer = study.planned["carer"].copy()
    carer[:3] = ""
    study.planned["carer"][:] = carer
    (asked,) = asked_of(study)
    assert asked.frame["confounder_2"].isna().sum() == 3
    assert any("not known are left out" in words for words in asked.notes)


def test_a_method_that_is_refused_says_why_and_nothing_takes_its_place(cohort, monkeypatch):
    real = adjusted_difference

    def refuse(frame, **how):
        if how["method"] == "weighting":
            raise FitError("No weights can be made.")
        return real(frame, **how)

    monkeypatch.setattr("splw_eval.confounding.reported.adjusted.adjusted_difference", refuse)
    found = describe_adjusted(cohort)
    assert [row.method for row in found.rows] == ["Unadjusted", "Doubly robust", "Regression"]
    assert not [row for row in found.rows if row.default == "yes"]
    assert "Weighting: No weights can be made." in _words(found)
    assert describe_e_values(cohort).rows == ()


def test_no_note_counts_people(cohort, trial):
    for study in (cohort, trial):
        people = {str(len(study.people)), str(len(asked_of(study)[0].usable))}
        for question in FAIR:
            words = _words(question.ask(study)).replace(",", "").split()
            assert not people & set(words)


def test_scores_that_are_all_alike_give_a_reason_in_words_for_a_reader(tmp_path):
    study = measured(tmp_path, 60, 60)
    for question in FAIR:
        found = question.ask(study)
        assert found.rows == ()
        assert _words(found) == "Everybody has the same score, so there is nothing to compare."


def test_a_refusal_tells_its_problem_and_neither_names_of_options_nor_counts():
    plain = refused("Weighting", FitError("No weights can be made.", remedy="Use covariates=."))
    assert [note.text for note in plain] == ["Weighting: No weights can be made."]
    (counted,) = refused("Weighting", FitError("It rests on 3 of the practices."))
    assert counted.text == "Weighting: too little in these data carries it."
