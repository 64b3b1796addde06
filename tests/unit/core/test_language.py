"""Which designs may speak of an effect."""

from __future__ import annotations

import pytest

from splw_eval.core.plan import Plan, language_of
from tests.unit.given_study import comparison, plan_of

ALIKE = comparison()
LATE = comparison(recruited="after_allocation")


def language(design: str, **changes):
    return language_of(Plan.model_validate(plan_of(design, **changes), strict=False))


CAUSAL = [
    ("individual_trial", ALIKE),
    ("cluster_trial", ALIKE),
    ("cluster_trial", LATE | {"blind": True}),
]


@pytest.mark.parametrize(("design", "found"), CAUSAL)
def test_chance_and_the_same_recruitment_allow_a_causal_verb(design, found):
    said = language(design, comparison=found)
    assert said.causal
    assert said.verb == "improved or worsened by"
    assert said.recruitment == ""


LIMITED = [
    ("controlled_cohort", None, "were not formed by chance"),
    ("controlled_cohort", ALIKE, "were not formed by chance"),
    ("individual_trial", None, "is not stated"),
    ("cluster_trial", None, "is not stated"),
    ("cluster_trial", comparison(comparators="sample"), "was a sample of other people"),
    ("cluster_trial", comparison(comparators="other"), "was recruited in another way"),
    ("cluster_trial", LATE, "by staff who may already have known the group"),
    ("cluster_trial", LATE | {"blind": False}, "by staff who already knew the group"),
    ("cluster_trial_unlike_recruitment", ALIKE, "was found in another way"),
    ("cluster_trial_unlike_recruitment", comparison(comparators="sample"), "was a sample of other"),
]


@pytest.mark.parametrize(("design", "found", "words"), LIMITED)
def test_any_other_way_of_finding_people_takes_the_causal_verb_away(design, found, words):
    said = language(design, **({"comparison": found} if found else {}))
    assert not said.causal
    assert said.verb == "was associated with"
    assert words in said.recruitment


def test_before_and_after_says_only_that_scores_changed():
    said = language("pre_post")
    assert not said.causal
    assert said.verb == "changed"
    assert "we cannot say the service caused this" in said.caution


@pytest.mark.parametrize("design", ["controlled_cohort", "cluster_trial", "individual_trial"])
def test_a_change_within_a_group_is_never_called_an_effect(design):
    assert "is not an effect of the programme" in language(design, comparison=ALIKE).caution
