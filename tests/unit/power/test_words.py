"""What an answer says of itself: conventions, assumptions, notes, and lines for a terminal."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power
from splw_eval.power.words.conventions import LABELS
from splw_eval.power.words.shown import decimals, number
from splw_eval.power.words.told import told

PLAIN: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "clusters": 24, "size": 20}


def answer(kind: str = "parallel", sources=None, **options):
    return power.solve(power.design(kind, sources=sources, **(options or PLAIN)))


def test_every_convention_in_which_tools_differ_is_named():
    named = answer().conventions
    needed = {
        *("sd", "tails", "test", "sides", "df_rule", "icc_scale", "rounding", "attrition"),
        *("formula", "alpha", "cluster_sizes"),
    }
    assert needed <= set(named)
    assert set(named) <= set(LABELS)
    assert named["sd"].startswith("total")
    assert "before the design effect" in answer(**PLAIN, dropout=0.2).conventions["attrition"]


def test_a_convention_changes_with_the_option_that_sets_it():
    said = answer(**PLAIN, test="z", tails="both", cv=0.65, cv_method="breukelen").conventions
    assert said["test"].startswith("z")
    assert said["df_rule"] == "z"
    assert said["tails"].startswith("both")
    assert said["cluster_sizes"].startswith("breukelen")
    assert answer(**PLAIN, sides=1).conventions["tails"].startswith("one-sided")


def test_assumptions_have_their_sources_and_those_without_are_told():
    one = answer(sources={"icc": "17 UK trials"}, **PLAIN)
    table = one.assumptions.set_index("input")
    assert table.loc["--icc", "source"] == "17 UK trials"
    assert table.loc["--sd", "source"] == ""
    (note,) = [note for note in one.notes if note.startswith("No source")]
    assert "--sd" in note
    assert "--icc" not in note


def test_what_was_left_out_and_so_assumed_is_told():
    notes = " ".join(answer().notes)
    assert "--dropout was not given: nobody is lost." in notes
    assert "--cv was not given" in notes
    assert "--dropout was not given" not in " ".join(answer(**PLAIN, dropout=0.2).notes)


def test_few_clusters_get_every_rule_side_by_side_and_many_do_not():
    few = answer()
    (note,) = [note for note in few.notes if "fewer than 40" in note]
    for rule, found in few.by_rule.items():
        assert f"{rule} {decimals(found)}" in note
    many = answer(**{**PLAIN, "clusters": 60})
    assert not [note for note in many.notes if "fewer than 40" in note]


def test_the_ceiling_of_few_clusters_is_told_and_cannot_be_passed():
    one = answer(**{**PLAIN, "clusters": 10})
    (note,) = [note for note in one.notes if "cannot exceed power" in note]
    ceiling = float(note.split("cannot exceed power ")[1][:5])
    crowded = answer(**{**PLAIN, "clusters": 10, "size": 1e6})
    assert float(crowded.power) <= ceiling + 5e-4
    assert ceiling - float(crowded.power) < 5e-3


def test_a_change_in_one_group_is_never_called_an_effect():
    said = " ".join(answer("pre-post", diff=1.5, sd=4, iac=0.5, patients=60).notes)
    assert "not an effect of the programme" in said


def test_arms_that_do_not_come_out_whole_are_told():
    notes = " ".join(answer(**{**PLAIN, "clusters": 15}).notes)
    assert "--clusters-arm" in notes
    assert "whole numbers" not in " ".join(answer().notes)


def test_a_one_sided_test_is_remarked_upon():
    assert any("harm" in note for note in answer(**PLAIN, sides=1).notes)


@pytest.mark.parametrize("width", [40, 60, 88, 120])
def test_no_line_is_wider_than_the_terminal(width):
    lines = told(answer(**PLAIN, cv=0.65, dropout=0.2), width).splitlines()
    assert max(map(len, lines)) <= width


def test_the_representation_begins_with_the_answer_in_one_sentence():
    first = " ".join(repr(answer()).split("\n\n")[0].split())
    assert "24 clusters (12 in each arm) of 20 people" in first
    assert "0.614" in first
    asked: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "power": 0.8, "size": 20}
    sought = " ".join(repr(answer(**asked)).split("\n\n")[0].split())
    assert "38 clusters (19 in each arm)" in sought
    assert "36.04 clusters before rounding" in sought


def test_a_grid_is_told_by_its_ends():
    said = repr(answer(**{**PLAIN, "icc": [0.01, 0.05, 0.1]}))
    assert "a grid of 3 designs" in said
    assert "0.454 to 0.821" in said


def test_numbers_are_shown_without_needless_decimals_and_no_power_as_1():
    assert number(1234.0) == "1,234"
    assert number(0.05) == "0.05"
    assert decimals(0.99996) == "above 0.999"
    assert decimals(float("nan")) == "-"


def test_the_important_difference_is_held_against_what_can_be_found():
    asked: dict[str, Any] = {"sd": 4.9, "icc": 0.03, "size": 30, "clusters": 20, "power": 0.8}
    one = answer(sources={"instrument": "swemwbs"}, **asked)
    (note,) = [note for note in one.notes if "important difference" in note]
    assert "larger than" in note
    none = answer(sources={"instrument": "ons4"}, **asked)
    assert any("No important difference is agreed" in note for note in none.notes)


def test_what_holds_over_time_is_told_where_it_was_left_out():
    wedge = {"steps": 4, "per_sequence": 3, "size": 20, "diff": 0.3, "sd": 1, "icc": 0.05}
    notes = " ".join(answer("stepped-wedge", **wedge).notes)
    for words in (
        "--cac was not given: it is 1",
        "--sampling was not given: other people",
        "--periods was not given: there are 5",
    ):
        assert words in notes
    said = answer("stepped-wedge", **wedge, cac=0.8, sampling="cross-section", periods=6).notes
    assert not any("--cac was" in note or "--sampling was" in note for note in said)
    assert not any("--cac was" in note for note in answer().notes)


@pytest.mark.parametrize(("diff", "than"), [(1.03, "could be missed"), (2, "The plan is for 2")])
def test_a_difference_that_matters_and_could_be_missed_is_told_beside_the_plan(diff, than):
    asked: dict[str, Any] = {"sd": 4.9, "icc": 0.03, "size": 30, "clusters": 40, "diff": diff}
    notes = " ".join(answer(sources={"instrument": "swemwbs"}, **asked).notes)
    assert than in notes
    assert "power asked" not in notes
    assert "with power 0.8" in notes


def test_a_difference_that_is_found_exactly_is_called_as_large():
    found = answer(sd=4.9, icc=0.03, size=30, clusters=40, power=0.8)
    exact = power.solve(
        power.design(
            "parallel",
            sources={"instrument": "swemwbs"},
            **{"sd": 4.9 * 1.03 / float(found.mde), "icc": 0.03, "size": 30, "clusters": 40},
            power=0.8,
        )
    )
    assert any("is as large as the important difference" in note for note in exact.notes)


def test_a_power_that_was_asked_and_not_solved_for_is_told():
    (note,) = [n for n in answer(**PLAIN, power=0.9).notes if "was asked" in n]
    assert "is not reached (0.614)" in note
    (note,) = [n for n in answer(**PLAIN, power=0.5).notes if "was asked" in n]
    assert "it is reached" in note
    assert not any("was asked" in n for n in answer().notes)


def test_numbers_of_a_questionnaire_that_are_not_used_are_told():
    shares: dict[str, Any] = {"p0": 0.4, "p1": 0.5, "icc": 0.05, "clusters": 30, "size": 20}
    notes = answer(sources={"instrument": "swemwbs"}, **shares).notes
    assert any("SWEMWBS were not used" in note for note in notes)


def test_a_partly_nested_trial_names_the_people_of_the_other_arm_and_the_best_ratio():
    nested: dict[str, Any] = {"d": 0.3, "icc": 0.04, "clusters": 12, "size": 25, "allocation": 0.5}
    text = " ".join(repr(answer("partially-nested", **nested)).split())
    assert "600 people in no cluster" in text
    assert "Best ratio: 0.714" in text


def test_loss_and_unlike_sizes_are_named_as_the_design_takes_them():
    followed: dict[str, Any] = {"visits": [0, 6], "iac": 0.5, **PLAIN, "cv": 0.5, "dropout": 0.2}
    said = answer("cohort", **followed).conventions
    assert said["attrition"].startswith("by visit")
    assert said["cluster_sizes"].startswith("spread")
    assert answer(**PLAIN, cv=0.5).conventions["cluster_sizes"].startswith("eldridge")


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("cohort", {"visits": [0, 6, 12], "iac": 0.5}),
        ("crossover", {}),
        ("stepped-wedge", {"steps": 4}),
        ("did", {}),
        ("baseline", {}),
        ("matrix", {"matrix": [[0, 1], [0, 0]]}),
    ],
)
def test_clusters_taken_not_to_change_are_told_with_what_a_usual_figure_gives(kind, options):
    given = {"d": 0.3, "icc": 0.05, "size": 20, "clusters": 16, **options}
    found = power.solve(power.design(kind, **given))
    usual = power.solve(power.design(kind, **given, cac=0.8))
    told = [note for note in found.notes if note.startswith("--cac 0.8")]
    assert len(told) == 1
    assert f"power {float(usual.power):.3f}, and not {float(found.power):.3f}" in told[0]
    assert any(note.startswith("--cac was not given: it is 1") for note in found.notes)
    said = power.solve(power.design(kind, **given, cac=1))
    assert not any(note.startswith("--cac") for note in said.notes)


def test_of_a_number_that_is_sought_a_usual_cac_gives_another():
    given: dict[str, Any] = {
        "d": 0.3,
        "sd": 1,
        "sd_cluster": 0.2,
        "size": 20,
        "steps": 4,
        "power": 0.8,
    }
    found = power.solve(power.design("stepped-wedge", **given))
    usual = power.solve(power.design("stepped-wedge", **given, cac=0.8))
    told = " ".join(found.notes)
    assert f"clusters in all {float(usual.unrounded):.4g} before rounding" in told


def test_drawn_trials_say_that_clusters_were_taken_not_to_change():
    given: dict[str, Any] = {
        "diff": 0.3,
        "sd": 1,
        "icc": 0.05,
        "size": 20,
        "clusters": 16,
        "iac": 0.5,
    }
    said = "--cac was not given"
    either: tuple[tuple[dict[str, Any], bool], ...] = (({}, True), ({"cac": 1}, False))
    for more, is_said in either:
        found = power.simulate(power.design("did", **given, **more), 10)
        assert any(note.startswith(said) for note in found.notes) is is_said
