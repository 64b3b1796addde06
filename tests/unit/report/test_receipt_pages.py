"""Pages of who benefits and of those who received it: sentences that agree with the tables."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from splw_eval.appraisal import mask
from splw_eval.confounding.reported.dose import describe_dose_response
from splw_eval.confounding.reported.engagement import describe_engagement
from splw_eval.confounding.reported.subgroups import describe_subgroups
from splw_eval.core.confounding_rows import SubgroupRow
from splw_eval.core.plan.adjustment import Subgroup
from splw_eval.core.result import Note, Result
from splw_eval.evaluate.received import RECEIVED
from splw_eval.report.blocks import (
    Callout,
    FigureGroup,
    Fold,
    ListBlock,
    Page,
    Paragraph,
    ReportTable,
)
from splw_eval.report.evidence import gather
from splw_eval.report.pages import received, who_benefits
from tests.reports import given
from tests.unit.confounding.reported.given_receipt import (
    BY_AGE,
    BY_NUMBER,
    BY_SEX,
    compared,
    with_contacts,
)


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    folder = tmp_path_factory.mktemp("given")
    return with_contacts(compared(folder, subgroups=[BY_SEX, BY_AGE, BY_NUMBER]))


def evidence(study):
    """Results by hand, but those of receipt, which are of the study."""
    made: dict[str, Result[Any]] = {
        "subgroups": describe_subgroups(study),
        "engagement": describe_engagement(study),
        "dose_response": describe_dose_response(study),
    }
    held = given.results(study.plan) | {k: mask(r, study.plan) for k, r in made.items()}
    return gather(study.plan, held, given.PROVENANCE)


def blocks(page: Page, kind: type) -> list[Any]:
    found = [b for section in page.sections for b in section.blocks]
    inner = [b for fold in found if isinstance(fold, Fold) for b in fold.blocks]
    return [b for b in found + inner if isinstance(b, kind)]


def said(page: Page) -> str:
    held = [p.text for p in blocks(page, Paragraph)]
    held += [words for c in blocks(page, Callout) for words in c.paragraphs]
    return " ".join(held)


def row(**changes: Any) -> SubgroupRow:
    filled: dict[str, Any] = {
        "outcome": "phq9", "compared": "A – B", "when": "Month 3", "by": "Age", "level": "old",
        "against": "young", "n_programme": 50, "n_comparison": 50, "n_smaller": 50, "n_fewest": 50,
        "difference": 1.0, "conf_low": 0.5, "conf_high": 1.5, "interaction": 1.0,
        "interaction_low": 0.2, "interaction_high": 1.8, "df": 6.0, "clusters": 10,
    }  # fmt: skip
    return SubgroupRow(**filled | changes)


def with_rows(study, *rows: SubgroupRow) -> Page:
    result = Result(
        key="subgroups", title="T", unit="", row_type=SubgroupRow, rows=rows,
        notes=(Note(text="1 interaction was looked at, in 1 characteristic."),),
    )  # fmt: skip
    held = dict(evidence(study).held) | {"subgroups": mask(result, study.plan)}
    return who_benefits.page(gather(study.plan, held, given.PROVENANCE))


def test_every_figure_names_a_table_of_its_page_and_tells_its_numbers(study):
    for page in (who_benefits.page(evidence(study)), received.page(evidence(study))):
        tables = {t.id for t in blocks(page, ReportTable)}
        (group,) = blocks(page, FigureGroup)
        for figure in group.figures:
            assert figure.table_id in tables
            assert figure.caption in figure.description
            assert f"{figure.id}-title" in figure.svg


def test_an_interval_that_does_not_include_0_is_named_and_others_are_not(study):
    young = row(level="young", against="", interaction=None, interaction_low=None,
                interaction_high=None)  # fmt: skip
    words = said(with_rows(study, young, row(), row(level="older", interaction_low=-0.1)))
    assert "Of 2 interactions, the 95% interval of 1 does not include 0: Age, old" in words
    assert "older" not in words


def test_that_every_interval_includes_0_is_said_without_claiming_that_all_are_alike(study):
    words = said(with_rows(study, row(interaction_low=-1.0), row(by="Sex", interaction_low=-1.0)))
    assert "There are 2 interactions, and every 95% interval includes 0." in words
    assert "does not say that all benefit alike" in words


def test_a_level_of_few_people_is_not_drawn_and_its_interaction_is_hidden(study):
    page = with_rows(study, row(n_programme=5, n_smaller=5, n_fewest=5))
    assert not blocks(page, FigureGroup)
    assert "too few people are behind every interaction" in said(page)


def test_how_many_were_looked_at_stands_on_the_page_once(study):
    page = who_benefits.page(evidence(study))
    assert said(page).count("interactions were looked at") == 1


def test_both_pages_say_that_the_main_answer_is_that_of_page_one(study):
    for page in (who_benefits.page(evidence(study)), received.page(evidence(study))):
        assert said(page).count("the main answer is that of page one.") == 1
        assert "by practices" in said(page)


def test_tenths_of_deprivation_say_which_end_is_the_most_deprived(study):
    tenths = Subgroup(name="Deprivation", reason="Needs", column="imd_decile")
    held = evidence(study)
    told = replace(held, plan=held.plan.model_copy(update={"subgroups": (tenths,)}))
    (group,) = blocks(who_benefits.page(told), FigureGroup)
    assert "Deprivation is in tenths, 1 the most deprived." in group.figures[0].caption
    (group,) = blocks(who_benefits.page(held), FigureGroup)
    assert "tenths" not in group.figures[0].caption


def test_the_answer_gives_both_differences_and_what_the_second_rests_on(study):
    page, shown = received.page(evidence(study)), evidence(study).of("engagement").rows
    words = said(page)
    assert "exclusion restriction" in words
    for found in shown[:2]:
        assert f"{abs(found.estimate):.{study.plan.primary.decimals}f}" in words
    assert "lower is better" in words


def test_scores_by_contacts_stand_under_a_callout_that_they_are_no_effect(study):
    page = received.page(evidence(study))
    section = next(s for s in page.sections if s.id == "dose-response")
    assert isinstance(section.blocks[0], Callout)
    assert "Exploratory, and no effect" in section.blocks[0].paragraphs[0]


@pytest.mark.parametrize("design", ["pre_post", "controlled_cohort", "individual_trial"])
def test_a_study_without_contacts_or_subgroups_says_why_in_one_line(tmp_path, design):
    from tests.unit.given_study import plan_of
    from tests.unit.loading import loaded

    rows = [["person", "arm", "phq_0", "phq_3"]]
    rows += [[f"p{i}", ("link", "usual")[i % 2], "10", "9"] for i in range(40)]
    plan = plan_of(design)
    if design == "pre_post":
        rows = [[r[0], *r[2:]] for r in rows]
    study = loaded(tmp_path, plan, scores=rows)
    asked = {q.key: mask(q.ask(study), study.plan) for q in RECEIVED}
    assert not any(result.rows for result in asked.values())
    held = gather(study.plan, given.results(study.plan) | asked, given.PROVENANCE)
    for page in (who_benefits.page(held), received.page(held)):
        (section,) = page.sections
        (listed,) = section.blocks
        assert isinstance(listed, ListBlock)
        assert section.title == "Why there is nothing to show"
        assert len(listed.items) == 1
