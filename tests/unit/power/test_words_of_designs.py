"""What an answer and its paragraph say where a design is not as the others are."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power
from splw_eval.power.kinds import kind_of
from splw_eval.power.options import OPTIONS
from splw_eval.power.planning_numbers import filled
from splw_eval.power.words.meanings import OF_DESIGN
from splw_eval.power.words.sentence import sentence
from splw_eval.power.words.shown import number

PLAIN: dict[str, Any] = {"diff": 0.3, "sd": 1, "icc": 0.05, "clusters": 24, "size": 20}
NESTED: dict[str, Any] = {"diff": 0.4, "sd": 1, "icc": 0.05, "clusters": 12, "size": 15}
BOTH: dict[str, Any] = {"clusters_control": 10, "size_control": 8, "icc_control": 0.02}
RATES: dict[str, Any] = {"rate0": 2, "rate1": 1.6, "person_time": 1, "icc": 0.2, "icc_scale": "k"}
ARMS: dict[str, Any] = {"sd": 1, "icc": 0.02, "clusters": 18, "size": 20}
LISTED = [[10.0], [20.0], [30.0]] * 8


def solved(kind: str = "parallel", sources: Any = None, **options: Any) -> Any:
    return power.solve(power.design(kind, sources=sources, **options))


def text_of(kind: str = "parallel", sources: Any = None, **options: Any) -> Any:
    return power.protocol(solved(kind, sources, **options))


def test_every_meaning_of_a_design_is_of_an_option_that_it_takes():
    for kind, name in OF_DESIGN:
        assert name in kind_of(kind).takes
        assert OF_DESIGN[kind, name] != OPTIONS[name].meaning


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("stepped-wedge", {**PLAIN, "steps": 4, "cac": 0.8, "cv": 0.5}),
        ("partially-nested", {**NESTED, "visits": [0, 6], "iac": 0.5, "controls": 180, "cv": 0.5}),
    ],
)
def test_sizes_that_are_averaged_over_are_never_called_eldridges_or_cautious(kind, options):
    found = solved(kind, **options)
    notes = " ".join(found.notes)
    assert found.conventions["cluster_sizes"].startswith("spread")
    assert "which is cautious" not in notes
    assert "gamma distribution" in notes
    assert "gamma distribution" in text_of(kind, **options).items["equal or unequal"]


def test_sizes_that_enter_by_their_spread_are_not_said_to_be_used_as_they_are():
    given = {**PLAIN, "size": None, "sizes": LISTED}
    told = text_of(**given, cv_method="eldridge").items["equal or unequal"]
    assert "actual" not in told
    assert "coefficient of variation, 0.408" in told
    assert any("cautious" in note for note in solved(**given, cv_method="eldridge").notes)
    assert "actual sizes were used" in text_of(**given).items["equal or unequal"]
    assert not any("coefficient" in note for note in solved(**given).notes)


def test_clusters_of_the_comparison_arm_are_told_with_their_people_and_correlation():
    text = text_of("partially-nested", **NESTED, **BOTH)
    assert "12 clusters in the programme arm and 10 in the comparison arm" in text.items["clusters"]
    assert "8 in each of the comparison arm" in text.items["size"]
    assert "0.02 [say where the ICC of the comparison arm" in text.items["ICC"]
    assert "left as it is in what follows" in text.items["ICC"]
    line = sentence(solved("partially-nested", **NESTED, **BOTH))
    assert "in the programme arm and 10 clusters of 8 people in the other" in line
    assert "ICC 0.05 and 0.02 in the comparison arm" in line


def test_people_of_a_comparison_arm_without_clusters_are_told():
    text = text_of("partially-nested", **NESTED, controls=180)
    assert "180 in the comparison arm, in no cluster" in text.items["size"]
    assert "all in the programme arm" in text.items["clusters"]


def test_the_ceiling_of_a_partly_nested_trial_is_one_that_no_controls_pass():
    few = {**NESTED, "clusters": 6}
    (note,) = [n for n in solved("partially-nested", **few, controls=60).notes if "exceed" in n]
    assert "and in the comparison arm" in note
    ceiling = float(note.split("exceed power ")[1][:5])
    for controls in (20, 60, 200, 1000, 1e5):
        crowded = solved("partially-nested", **{**few, "size": 1e7}, controls=controls)
        assert float(crowded.power) <= ceiling + 1e-3


def test_a_coefficient_of_variation_is_never_called_a_correlation():
    given = {**RATES, "clusters": 24, "size": 20}
    text, found = text_of(**given), solved(**given)
    assert text.items["ICC"].startswith("The coefficient of variation between clusters")
    assert "with a k of 0.1" in text.items["ICC"]
    for said in (text.paragraph, sentence(found), *found.notes, *found.assumptions["meaning"]):
        assert "ICC" not in said
        assert "correlation" not in said


def test_an_uncertain_coefficient_of_variation_is_not_called_a_correlation_either():
    given = {**RATES, "clusters": 24, "size": 20, "icc_range": [0.1, 0.3]}
    told = power.expected_power(power.design("parallel", **given)).sentences
    assert "Power with a k from 0.1 to 0.3" in told[1]
    assert not any("ICC" in one for one in told[:3])


def test_a_latent_correlation_is_told_as_one():
    given: dict[str, Any] = {"p0": 0.4, "p1": 0.3, "icc": 0.05, "clusters": 24, "size": 20}
    latent = text_of(**given, icc_scale="logit").items["ICC"]
    assert "on the latent scale of log odds is taken to be 0.05" in latent
    assert "latent" not in text_of(**given).paragraph


@pytest.mark.parametrize(("icc", "ends"), [(0, (0.01, 0.05)), (0.6, (0.3, 0.8))])
def test_what_hangs_on_an_icc_is_told_within_what_one_can_be(icc, ends):
    told = text_of(**{**PLAIN, "icc": icc}).items["ICC"]
    assert "out of reach" not in told
    for one in ends:
        found = float(solved(**{**PLAIN, "icc": one}).power)
        assert f"{found:.3f} with an ICC of {one:g}" in told


def test_an_sd_between_clusters_is_told_with_what_hangs_on_it():
    given: dict[str, Any] = {"p0": 0.4, "p1": 0.3, "clusters": 24, "size": 20}
    told = text_of(**given, sd_cluster=0.1).items["SD between clusters"]
    twice = float(solved(**given, sd_cluster=0.2).power)
    assert "is taken to be 0.1" in told
    assert f"{twice:.3f} with an SD of 0.2" in told


@pytest.mark.parametrize(
    ("kind", "options", "words"),
    [
        ("tte", {"hr": 0.7, "rate0": 0.1, "patients": 400, "duration": 24, "accrual": 6}, "24"),
        ("tte", {"hr": 0.7, "rate0": 0.1, "patients": 400, "duration": 24, "accrual": 6}, "6"),
        ("stepped-wedge", {**PLAIN, "steps": 4, "cac": 0.8, "decay": True}, "fade with time"),
        ("stepped-wedge", {**PLAIN, "steps": 4, "sd_treatment": 0.13, "cac": 0.8}, "0.13"),
        ("cohort", {**PLAIN, "visits": [0, 6], "iac": 0.53, "cac": 0.87}, "0.53"),
        ("cohort", {**PLAIN, "visits": [0, 6], "iac": 0.53, "cac": 0.87}, "0.87"),
        ("pre-post", {"diff": 0.1, "discordant": 0.33, "patients": 200}, "0.33"),
    ],
)
def test_no_input_that_the_power_hangs_on_is_left_out_of_the_paragraph(kind, options, words):
    assert words in text_of(kind, **options).paragraph


def test_loss_in_the_comparison_arm_alone_is_not_denied():
    found = solved(**PLAIN, dropout_control=0.2)
    said = " ".join(found.notes)
    assert "nobody is lost" not in f"{said} {found.conventions['attrition']}"
    assert "--dropout was not given: nobody of the programme arm is lost." in said
    meanings = found.assumptions.set_index("input")["meaning"]
    assert "comparison arm" in meanings["--dropout-control"]
    assert "No allowance" not in text_of(**PLAIN, dropout_control=0.2).items["attrition"]


@pytest.mark.parametrize(
    ("adjust", "power_words", "test_words"),
    [
        ("dunnett", "Dunnett's two-sided test, at the 5% level for all 2", "Dunnett's test with"),
        ("bonferroni", "a two-sided test at the 2.5% level", "a t test with 15 degrees"),
        ("none", "which is not shared", "a t test with 15 degrees"),
    ],
)
def test_of_several_arms_the_test_is_named_and_whose_power_it_is(adjust, power_words, test_words):
    text = text_of("multi-arm", **ARMS, diff=0.4, arms=3, adjust=adjust)
    assert "each of the 2 comparisons, by itself" in text.items["power"]
    assert power_words in text.items["power"]
    assert test_words in text.items["method"]


def test_one_test_of_all_arms_is_an_f_test():
    text = text_of("multi-arm", **ARMS, means=[0.4, 0.2, 0], adjust="omnibus")
    assert "arms with means of 0.4, 0.2, 0" in text.items["power"]
    assert "an F test of all arms" in text.items["power"]
    assert "an F test with 2 and 15 degrees of freedom" in text.items["method"]
    line = sentence(solved("multi-arm", **ARMS, means=[0.4, 0.2, 0], adjust="omnibus"))
    assert line.endswith("F test of all arms at 5%.")
    each = sentence(solved("multi-arm", **ARMS, means=[0.4, 0.2, 0]))
    assert "a difference of 0.2" in each


def test_one_group_before_and_after_has_no_arms_and_no_effect():
    shares: dict[str, Any] = {"p0": 0.4, "p1": 0.3, "iac": 0.5, "patients": 100}
    means: dict[str, Any] = {"diff": 0.3, "sd_change": 1, "icc": 0.05, "clusters": 12, "size": 20}
    for options in (shares, means):
        whole = repr(solved("pre-post", **options))
        head = whole.split("To know")[0]
        assert "SE of the change" in head
        for word in ("SE of the effect", "arm.", "arms", "comparison arm", "Smallest difference"):
            assert word not in head
        paragraph = text_of("pre-post", **options).paragraph
        assert "programme arm" not in paragraph
        assert "comparison arm" not in paragraph


def test_an_important_difference_is_told_with_what_is_known_of_it():
    asked: dict[str, Any] = {"icc": 0.05, "clusters": 24, "size": 20}
    options, sources = filled(kind_of("parallel"), "swemwbs", asked, {})
    told = text_of(sources=sources, **options).items["effect"]
    assert "This is the minimal important difference" not in told
    assert "taken as the minimal important difference" in told
    assert "no study asked people what mattered to them" in told
    other = text_of(sources=sources, **{**options, "diff": 2}).items["effect"]
    assert "no study asked people what mattered to them" in other


def test_a_number_that_is_whole_but_for_its_last_bits_is_shown_as_whole():
    assert number(1199.9999999999998) == "1,200"
    assert number(0.04) == "0.04"
