"""The questions of who benefits, and of those who received the programme."""

from __future__ import annotations

from splw_eval.confounding.reported.dose import describe_dose_response
from splw_eval.confounding.reported.engagement import describe_engagement
from splw_eval.confounding.reported.subgroups import describe_subgroups
from splw_eval.core import confounding_rows
from splw_eval.data import Study
from splw_eval.evaluate.question import Question
from splw_eval.evaluate.retained import contacts


def two_groups(study: Study) -> str | None:
    """Need two groups."""
    return None if study.plan.arms else "There is one group, so there is nobody to compare with."


def named_subgroups(study: Study) -> str | None:
    """Need subgroups that the plan names."""
    if study.plan.subgroups or not study.plan.arms:
        return two_groups(study)
    return (
        "The plan names no subgroups, so nobody is told apart: those that are picked after the "
        "scores were seen are found by chance."
    )


def groups_and_contacts(study: Study) -> str | None:
    """Need two groups, and contacts."""
    return two_groups(study) or contacts(study)


RECEIVED: tuple[Question, ...] = (
    Question(
        key="subgroups",
        title="Whether the difference differs between people",
        row_type=confounding_rows.SubgroupRow,
        answer=describe_subgroups,
        needs=named_subgroups,
    ),
    Question(
        key="engagement",
        title="Those who received it",
        row_type=confounding_rows.EngagementRow,
        answer=describe_engagement,
        needs=groups_and_contacts,
    ),
    Question(
        key="dose_response",
        title="Scores by contacts attended",
        row_type=confounding_rows.DoseResponseRow,
        answer=describe_dose_response,
        needs=groups_and_contacts,
    ),
)
