"""Which checklist is meant for which design."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from splw_eval.appraisal.checklists.profile import Profile
from splw_eval.appraisal.checklists.rules import RULES
from splw_eval.core.check_rows import Kind
from splw_eval.core.findings import Finding
from splw_eval.core.plan import CLUSTER_TRIALS, Plan
from splw_eval.core.plan.design import TRIALS

_ONE_OR_MORE = frozenset({"pre_post", "controlled_cohort"})
_NOT_BY_CHANCE = frozenset({"controlled_cohort", "cluster_trial_unlike_recruitment"})
_EVERY = TRIALS | _ONE_OR_MORE
_TOGETHER = (
    "People compared were recruited in another way than those referred, so CONSORT for trials of "
    "practices and TREND with ROBINS-I apply together."
)

# By checklist: designs, and whom it is for in words. In the order in which they are named.
_FOR: Mapping[str, tuple[frozenset[str], str]] = MappingProxyType(
    {
        "crosswalk": (_EVERY, "every study"),
        "consort_2010_cluster": (CLUSTER_TRIALS, "trials that allocated practices"),
        "consort_2025": (TRIALS, "trials in which chance decided"),
        "consort_pro": (TRIALS, "trials with questionnaires"),
        "strobe": (_ONE_OR_MORE, "before-and-after studies and cohorts"),
        "record": (_ONE_OR_MORE, "studies of records that a service keeps, beside strobe"),
        "trend": (_NOT_BY_CHANCE, "groups that were not formed by chance, or recruited unalike"),
        "robins_i": (_NOT_BY_CHANCE, "groups that were not formed by chance, or recruited unalike"),
        "tidier": (_EVERY, "every study: what link workers did"),
        "casp_cohort": (_ONE_OR_MORE, "what reviewers ask of cohorts"),
        "casp_rct": (TRIALS, "what reviewers ask of trials"),
        "casp_qualitative": (
            frozenset(),
            "interviews and groups, which this program does not hold",
        ),
    }
)


def meant_for(name: str) -> str:
    """Return whom a checklist is for, in words; empty where that is not known."""
    return _FOR.get(name, (frozenset(), ""))[1]


def fits(name: str, plan: Plan) -> bool:
    """Whether a checklist is meant for the design of a plan."""
    designs = _FOR.get(name, (_EVERY, ""))[0]
    if designs == _NOT_BY_CHANCE and _recruited_unalike(plan):
        return True
    return plan.design in designs


def fitting(plan: Plan) -> tuple[str, ...]:
    """Return the names of the checklists that are meant for the design of a plan."""
    return tuple(name for name in _FOR if fits(name, plan))


def applies_together(plan: Plan) -> str:
    """Return what must be said where two standards apply at once; empty elsewhere."""
    return _TOGETHER if plan.design in CLUSTER_TRIALS and _recruited_unalike(plan) else ""


def _recruited_unalike(plan: Plan) -> bool:
    if plan.design == "cluster_trial_unlike_recruitment":
        return True
    how = plan.comparison
    return plan.design in TRIALS and how is not None and how.comparators != "same_eligibility"


def waiting(profile: Profile, findings: Iterable[Finding]) -> frozenset[str]:
    """Return the checks that cannot be told while the files are refused.

    Parameters
    ----------
    profile : Profile
    findings : iterable of Finding
        What the loader found; some rules are decided by it alone.

    Returns
    -------
    frozenset of str
        Names of checks.
    """
    found = {finding.code for finding in findings}
    return frozenset(
        check.name
        for _, check in profile.checks()
        if check.kind is not Kind.HUMAN
        and check.rule
        and RULES[check.rule].collects
        and not found & set(RULES[check.rule].codes)
    )
