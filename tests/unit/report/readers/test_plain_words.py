"""The public's words: what the design allows, and no more, in short sentences."""

from __future__ import annotations

import pytest

from splw_eval.report.evidence import gather
from splw_eval.report.readers import plain, plain_words
from splw_eval.report.readers.plain_words import MAY_CAUSE, NOT_CAUSE
from splw_eval.report.running_text import running_text
from tests.reports import given


def evidence(plan, held=None):
    return gather(plan, held or given.modelled(plan), given.PROVENANCE)


def found(plan, **changes) -> str:
    return " ".join(plain_words.found(evidence(plan, given.modelled(plan, **changes))))


@pytest.mark.parametrize(
    ("design", "cause"),
    [
        ("individual_trial", MAY_CAUSE),
        ("cluster_trial", plain_words.MAY_CAUSE_PRACTICE),
        ("controlled_cohort", NOT_CAUSE),
        ("cluster_trial_unlike_recruitment", NOT_CAUSE),
    ],
)
def test_only_a_fair_toss_lets_the_service_be_the_likely_cause(design, cause):
    assert plain_words.cause(evidence(given.plan(design))) == cause


def test_one_group_has_nobody_to_be_set_beside():
    assert "no other group" in plain_words.cause(evidence(given.plan()))


def test_a_gap_that_may_be_chance_is_said_with_what_it_rules_out():
    assert found(given.plan("cluster_trial")) == (
        "At 6 months, people with Link worker programme scored 1.0 points higher than people with "
        "Usual care. That is better. But this gap may be down to chance. There may be no true gap "
        "at all. A gap of more than 2.2 points for the better does not fit what we saw. Nor does "
        "one of more than 0.2 points for the worse."
    )


def test_a_gap_beyond_chance_is_told_with_both_ends():
    said = found(given.plan("cluster_trial"), includes_none="no", conf_low=0.4)
    assert "Chance alone would not often do this." in said
    assert (
        "A gap of less than 0.4 points, or more than 2.2 points, does not fit what we saw." in said
    )


def test_a_gap_for_the_worse_is_called_worse():
    said = found(
        given.plan("cluster_trial"),
        estimate=-1.0,
        conf_low=-1.8,
        conf_high=-0.2,
        includes_none="no",
    )
    assert "1.0 points lower" in said
    assert "That is worse." in said
    assert "less than 0.2 points, or more than 1.8 points," in said


def test_groups_that_chance_did_not_make_are_told_by_how_far_they_moved():
    assert "had moved 1.0 points higher than scores with Usual care" in found(
        given.plan("controlled_cohort")
    )


def test_one_group_is_told_by_its_change_from_the_start():
    said = " ".join(plain_words.found(evidence(given.plan())))
    assert said.startswith("At 6 months, people scored 2.5 points higher than at the start.")


def test_masked_figures_are_said_to_be_of_too_few_people():
    plan = given.plan()
    held = given.modelled(plan)
    at = {"wave": "w2"}
    held = given.masked(held, "change", "n", "estimate", "conf_low", "conf_high", where=at)
    held = given.masked(held, "flow", "measured", "missing", "share_measured", where=at)
    names = ("n", "n_better", "n_same", "n_worse", "share_better", "share_same", "share_worse")
    held = given.masked(held, "responders", *names, where=at)
    told = evidence(plan, held)
    text = " ".join(running_text((plain.page(told), plain.people(told))))
    assert "There were too few people to show this." in text
    assert "None" not in text
    assert "*" in text  # the sign of the table is explained below it


def test_no_short_form_stands_unexplained_in_our_own_words():
    for design in given.DESIGNS:
        plan = given.plan(design)
        text = " ".join(plain_words.groups(plan)) + " ".join(plain_words.MEANS)
        for word in ("MID", "SD", "CI", "n =", "95%", "mean", "interval"):
            assert word not in text


def test_exact_numbers_are_never_said_to_be_hidden():
    plan = given.plan(disclosure={"profile": "public_data", "reason": "nobody is in it"})
    from dataclasses import replace

    exact = replace(given.NHS, profile="public_data", reason="nobody is in it")
    said = " ".join(plain_words.safe(evidence(plan, given.results(plan, exact))))
    assert "hide" not in said
    assert "shown just as they are" in said
