"""The questions that a study may answer, and what each needs of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from splw_eval.data import Study
from splw_eval.describe import describe_important_differences

GAPS = {
    "G1": "Who was measured, when, and after what wait, stays unclear",
    "G2": "Other reasons for a difference cannot be ruled out",
    "G3": "How scores stand beside those of others, and how exact they are, stays open",
    "G4": "Whether the study was large enough stays open",
    "G5": "Words may mean something else here than elsewhere",
    "G6": "Who the link workers were stays unknown",
    "G7": "How much support people had, and of what kind, stays unknown",
    "G8": "Who the people were, and whether it was fair, stays vague",
    "G9": "Why people left can only be told as a story",
    "change": "Whether people's scores changed stays open",
    "matters": "Whether a change is large enough to matter stays open",
    "lost": "Whether people who were lost would change the answer stays open",
    "alike": "Whether the difference is alike for all kinds of people stays open",
    "use": "Whether use of the practice and the hospital changed stays open",
    "cost": "What it costs, and so whether it is worth its cost, stays open",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One question and what answers it.

    Attributes
    ----------
    question : str
        As a commissioner asks it.
    needs : tuple of str
        All of them: a table (``contacts``), a column (``contacts.minutes``), several of
        which one is enough (``people.ethnicity|people.imd_decile``), or a fact of the
        study by its name in `FACTS`.
    gap : str
        Key of `GAPS`: what stays open without it.
    """

    question: str
    needs: tuple[str, ...]
    gap: str


def _served(study: Study) -> bool:
    return study.people.cluster is not None and study.people.link_worker is not None


def _repeated(study: Study) -> bool:
    later = study.scores[study.plan.primary.name][:, 1:]
    return bool((~np.isnan(later)).any())


# What no table shows by itself: how it is called, and whether a study has it.
FACTS: dict[str, tuple[str, Callable[[Study], bool]]] = {
    "arms": ("a comparison group ([[arms]] in the plan)", lambda s: bool(s.plan.arms)),
    "two_practices": (
        "two practices or more in each group (with one, what is due to the practice and what is "
        "due to the programme cannot be told apart)",
        lambda s: not s.people.arms_of_one_cluster(),
    ),
    "mid": (
        "a MID with its source ([[outcomes]] in the plan)",
        lambda s: any(row.value for row in describe_important_differences(s).rows),
    ),
    "items": (
        "the answers to single items ([files.items] in the plan)",
        lambda s: bool(s.items),
    ),
    "catalogue": (
        "a questionnaire of the catalogue ([[outcomes]] in the plan)",
        lambda s: any(instrument is not None for instrument in s.instruments.values()),
    ),
    "scores_later": ("scores of the primary outcome after the start", _repeated),
    "dates": ("dates of measurement", lambda s: s.dated),
    "time_zero": (
        "a date of time zero ([[time_zero]] in the plan)",
        lambda s: s.people.time_zero is not None,
    ),
    "both_groups": ("the practice and the link worker of each person", _served),
    "sample_size": (
        "the basis of the sample size ([sample_size] in the plan)",
        lambda s: s.plan.sample_size is not None and bool(s.plan.sample_size.model_fields_set),
    ),
    "confounders": (
        "a list of confounders ([[confounders]] in the plan)",
        lambda s: bool(s.plan.confounders),
    ),
    "measured_confounders": (
        "a confounder that was measured ([[confounders]] column in the plan)",
        lambda s: any(confounder.column for confounder in s.plan.confounders),
    ),
    "missing_data": (
        "what is assumed of missing scores ([missing] in the plan)",
        lambda s: s.plan.missing is not None,
    ),
    "prices": (
        "the user's own prices ([costs] in the plan)",
        lambda s: s.plan.costs is not None,
    ),
    "by_chance": (
        "groups that chance put together ([allocation] in the plan)",
        lambda s: s.plan.allocation is not None and s.plan.allocation.randomised,
    ),
    "subgroups": (
        "subgroups chosen beforehand ([[subgroups]] in the plan)",
        lambda s: bool(s.plan.subgroups),
    ),
}
_FAIR = "people.ethnicity|people.imd_decile"
_MINUTES = ("contacts.date", "contacts.minutes", "contacts.mode", "contacts.attended")

RULES: tuple[Rule, ...] = (
    Rule(question="Who was measured, and who is missing?", needs=(), gap="G1"),
    Rule(question="Did people's scores change?", needs=("scores_later",), gap="change"),
    Rule(
        question="How many got better or worse by an amount that matters?",
        needs=("scores_later", "mid"),
        gap="matters",
    ),
    Rule(
        question="How do scores stand beside those of other people?",
        needs=("catalogue",),
        gap="G3",
    ),
    Rule(
        question="Do the questionnaires' items agree, and how exact is one person's score?",
        needs=("items",),
        gap="G3",
    ),
    Rule(question="Were those lost unlike those who stayed?", needs=("scores_later",), gap="lost"),
    Rule(
        question="How long after referral were people measured?",
        needs=("dates", "time_zero"),
        gap="G1",
    ),
    Rule(
        question="How long did people wait for the first contact?",
        needs=("time_zero", "episodes.first_contact_date"),
        gap="G1",
    ),
    Rule(
        question="Who came?",
        needs=("people.age_band|people.sex|people.ethnicity|people.imd_decile",),
        gap="G8",
    ),
    Rule(
        question="How ill were they?",
        needs=("people.ltc_physical", "people.ltc_mental"),
        gap="G8",
    ),
    Rule(
        question="Did the programme make a difference, against a comparison?",
        needs=("arms", "scores_later", "two_practices"),
        gap="G2",
    ),
    Rule(
        question="Is the difference still there once confounders are allowed for?",
        needs=("arms", "scores_later", "confounders", "measured_confounders", "two_practices"),
        gap="G2",
    ),
    Rule(
        question="Does the answer hold if people who were lost did worse than those seen?",
        needs=("arms", "scores_later", "missing_data", "two_practices"),
        gap="lost",
    ),
    Rule(
        question="What did the programme change for those who received it?",
        needs=("arms", "scores_later", "by_chance", "contacts.attended", "two_practices"),
        gap="G2",
    ),
    Rule(
        question="Do people with more contacts fare better?",
        needs=("scores_later", "contacts.attended"),
        gap="G7",
    ),
    Rule(
        question="Is the difference another one for some people than for others?",
        needs=("arms", "scores_later", "subgroups", "two_practices"),
        gap="alike",
    ),
    Rule(question="Was the study large enough?", needs=("sample_size",), gap="G4"),
    Rule(
        question="Is it fair: does it reach everybody and work for everybody?",
        needs=(_FAIR, "scores_later"),
        gap="G8",
    ),
    Rule(
        question="Do people stay with the service, and why do they leave?",
        needs=("episodes.referral_date", "episodes.close_date", "episodes.close_reason"),
        gap="G9",
    ),
    Rule(question="How completely was support recorded?", needs=("contacts",), gap="G7"),
    Rule(question="How much support was given, and how?", needs=_MINUTES, gap="G7"),
    Rule(
        question="Which kinds of support were given?",
        needs=("support.category", "support.level"),
        gap="G7",
    ),
    Rule(
        question="Who gave the support?",
        needs=("link_workers.role_title", "link_workers.fte", "link_workers.training"),
        gap="G6",
    ),
    Rule(question="Do link workers serve several practices?", needs=("both_groups",), gap="G6"),
    Rule(
        question="How much were the practice and the hospital used, before and after?",
        needs=("service_use.gp_contacts", "time_zero"),
        gap="use",
    ),
    Rule(
        question="Did use of the practice and the hospital change, against a comparison?",
        needs=("service_use.gp_contacts", "time_zero", "arms", "two_practices"),
        gap="use",
    ),
    Rule(question="What does it cost?", needs=("prices",), gap="cost"),
)
