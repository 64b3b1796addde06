"""Words of cause and effect are found, and words that only look like them are not."""

from __future__ import annotations

import pytest

from splw_eval.appraisal import appraise
from splw_eval.appraisal.checklists.rules.wording import FLAGGED, UNCONTROLLED, claims
from splw_eval.core.check_rows import Status
from splw_eval.core.plan import Plan
from tests.unit.appraisal.checklists import given_audit as given


@pytest.mark.parametrize(
    "text",
    [
        "The effect of link workers on loneliness",
        "Effects on wellbeing",
        "Is social prescribing effective?",
        "Effectiveness of the programme",
        "Cost-effectiveness of link workers",
        "Impact evaluation",
        "How the service impacted people",
        "Attendances reduced by a fifth",
        "Link workers reduce isolation, and so reduces cost",
        "Do link workers reduce isolation?",
        "Do link workers improve wellbeing?",
        "Reduction in GP visits",
        "Reduced loneliness",
        "Wellbeing improved by link workers",
        "The programme improves lives",
        "Improving health",
        "What caused the change",
        "A causal study",
        "Gains due to the programme",
        "Better thanks to a link worker",
        "It led to fewer visits",
        "It results in fewer visits",
        "Preventing admissions",
        "Change attributable to the service",
        "Making a difference",
        "What difference it makes: it makes a difference",
        "Loneliness was lowered by 2 points",
    ],
)
def test_a_claim_of_cause_and_effect_is_found(text: str) -> None:
    assert claims(text), text


@pytest.mark.parametrize(
    "text",
    [
        "Mean change in wellbeing after six months",
        "Share of people who improved, and who got worse",
        "Scores fell",
        "People who improve, and people who do not",
        "People with reduced mobility",
        "Side effects of drugs",
        "A mixed-effects model with random effects",
        "Standardised effect size",
        "With effect from April",
        "Measures due to start in May",
        "All-cause admissions",
        "Cause of death",
        "Because nobody was compared",
        "Prevention service in Anytown",
        "This is not an effect of the programme",
        "No effect can be claimed",
        "A change that cannot be called an effect",
        "Quality improvement project",
        "Outcomes of people referred",
        "Improvement in scores",
        "Changed, never reduced by anything",
    ],
)
def test_words_that_only_look_like_it_are_left_alone(text: str) -> None:
    assert not claims(text), claims(text)


def test_a_denial_does_not_reach_into_the_next_sentence() -> None:
    assert claims("There was no comparison. The effect was large")


def pre_post(**changes: str) -> Plan:
    held = given.plan_table()
    for key in ("arms", "allocation", "comparison"):
        del held[key]
    held["missing"].pop("strategies")
    held |= {"design": "pre_post", "title": changes.get("title", held["title"])}
    held["estimand"] |= {k: v for k, v in changes.items() if k == "summary"}
    held["outcomes"][0] |= {k: v for k, v in changes.items() if k == "label"}
    return Plan.model_validate(held, strict=False)


@pytest.mark.parametrize("where", ["title", "summary", "label"])
def test_the_title_the_labels_and_the_estimand_are_all_read(where: str) -> None:
    plan = pre_post(**{where: "The effect of link workers"})
    row = next(r for r in appraise(plan, {}).rows if r.check == "words_fit_the_design")
    assert row.status == Status.NOT_REPORTED
    assert "effect" in row.evidence


def test_a_plan_that_speaks_of_change_passes() -> None:
    plan = pre_post(summary="Mean change from the start")
    row = next(r for r in appraise(plan, {}).rows if r.check == "words_fit_the_design")
    assert row.status == Status.REPORTED


@pytest.mark.parametrize(
    "source",
    [
        "Pre-post study in one service",
        "pre/post",
        "Before and after study",
        "before-after",
        "Single-group evaluation",
        "One arm only",
        "No control group",
        "without a comparison group",
        "Within-group change",
        "An uncontrolled evaluation",
    ],
)
def test_a_source_without_a_comparison_is_known_by_its_words(source: str) -> None:
    assert UNCONTROLLED.search(source)
    assert not FLAGGED.search(source)


@pytest.mark.parametrize("source", ["Randomised trial", "Matched cohort", "Controlled before 2019"])
def test_a_source_with_a_comparison_is_not_taken_for_one_without(source: str) -> None:
    assert not UNCONTROLLED.search(source)
