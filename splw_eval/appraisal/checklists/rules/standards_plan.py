"""Rules of reporting standards that the plan alone decides."""

from __future__ import annotations

import re

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import is_filled, own_words
from splw_eval.appraisal.checklists.rules.collecting import FILES
from splw_eval.appraisal.checklists.rules.shown import called, listed
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    needs_author,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.plan.design import CLUSTER_TRIALS
from splw_eval.core.plan.sample_size import PlannedDropout, SampleSize, Sourced

_CODED = frozenset({"episodes", "contacts", "support", "link_workers"})
_SIZE = ("target_difference", "sd", "power")
_SIZE_OF_CLUSTERS = ("icc", "cluster_size_cv")
_PLANNER = "splw-eval power works them out, and its protocol says them in words"


def size_explained(facts: Facts) -> Verdict:
    """What the planned size rests on: difference, spread, power and losses."""
    return _sized(facts, _SIZE)


def size_of_clusters_explained(facts: Facts) -> Verdict:
    """The same, with practices: how many, how large, how unequal, and how alike inside."""
    return _sized(facts, (*_SIZE, *_SIZE_OF_CLUSTERS), clusters=True)


def _sized(facts: Facts, needed: tuple[str, ...], *, clusters: bool = False) -> Verdict:
    size = facts.plan.sample_size
    if size is None:
        return not_reported(
            "The plan has no [sample_size], so nothing says why the study is as large as it is.",
            f"Fill in [sample_size] with a source for each figure; {_PLANNER}.",
        )
    lacking = [name for name in needed if getattr(size, name) is None]
    if size.attrition is None and size.dropout is None:
        lacking.append("attrition or dropout")
    if size.people is None and size.all_clusters is None:
        lacking.append("people or clusters")
    if clusters and size.all_clusters is None:
        lacking.append("clusters")
    lacking += [f"source of {name}" for name in type(size).model_fields if _unsourced(size, name)]
    if clusters and size.size is None and size.people is None:
        lacking.append("size, people in each practice")
    if lacking:
        return not_reported(
            f"[sample_size] does not say: {listed(lacking)}.",
            f"Fill them in, each with its source; {_PLANNER}.",
        )
    return reported("study.toml, [sample_size]: each figure with its source.")


def _unsourced(size: SampleSize, name: str) -> bool:
    held = getattr(size, name)
    return isinstance(held, Sourced | PlannedDropout) and not own_words(held.source)


def planned_before_data(facts: Facts) -> Verdict:
    """The plan was fixed before anybody who chose the analysis saw outcome data."""
    dated, seen = facts.plan.dated, facts.plan.data_seen
    if dated is None:
        return not_reported("The plan has no date.", "State dated, the day the plan was fixed.")
    if seen is None and facts.planned:
        return reported("study.toml, dated; no data have been seen yet.")
    if seen is None:
        return not_reported(
            "The plan has a date; it does not say when outcome data were first seen.",
            "State data_seen.",
        )
    if dated > seen:
        return not_reported(
            "The plan is dated after outcome data were seen.",
            "Say in the report which analyses were chosen after the data were seen.",
        )
    return reported("study.toml: the plan is dated before outcome data were seen.")


def way_of_allocating(facts: Facts) -> Verdict:
    """How chance was put to work, and within which strata."""
    held = facts.plan.allocation
    if held is None or held.method in {None, "not_stated"}:
        return not_reported(
            "How groups were allocated is not stated.", "State [allocation] method."
        )
    named = [name for name in held.strata if own_words(name)]
    strata = f", within {listed(named)}" if named else ""
    return reported(f"study.toml, [allocation]: {held.method}{strata}.")


def restrictions_of_allocating(facts: Facts) -> Verdict:
    """What the allocation was stratified or matched by."""
    held = facts.plan.allocation
    if held is None or held.method in {None, "not_stated"}:
        return not_reported(
            "How groups were allocated is not stated.", "State [allocation] method and strata."
        )
    if held.method == "simple":
        return reported("study.toml, [allocation]: simple, without strata.")
    named = listed(name for name in held.strata if own_words(name))
    if named or held.strata_columns:
        return reported(f"study.toml, [allocation] strata: {named or 'by column'}.")
    return not_reported(
        f"The allocation was {held.method}; by what is not stated.", "State [allocation] strata."
    )


def confounders_stated(facts: Facts) -> Verdict:
    """What else may explain a difference, each with its reason, measured or not."""
    held = facts.plan.confounders
    if not held:
        return not_reported(
            "The plan names no confounders.",
            "List [[confounders]], each with its reason, also those that were not measured.",
        )
    if not is_filled(facts.plan, "confounders"):
        return not_reported(
            "Some of [[confounders]] have no name or reason of their own yet.",
            "Write name and reason of each; take out those that are only a template.",
        )
    without = [confounder.name for confounder in held if confounder.column is None]
    said = f" Named as not measured: {listed(without)}." if without else ""
    return reported(f"study.toml, [[confounders]]: {listed(c.name for c in held)}.{said}")


def words_versioned(facts: Facts) -> Verdict:
    """Which list of words and codes the records were read by."""
    if not facts.tables() & _CODED:
        return not_applicable("No table of records with coded words is there.")
    held = facts.plan.vocabulary
    if held is not None and own_words(held.version):
        return reported("study.toml, [vocabulary] version.")
    return not_reported(
        "Which words and codes the records were read by is not stated.",
        "State [vocabulary] version, and publish the list beside the report.",
    )


def cleaning_told(facts: Facts) -> Verdict:
    """What was found in the files, and what was done about it."""
    return reported(
        f"In the report: {called(facts, 'findings')}: what was found, set to missing or left out.",
        "findings",
    )


def title_says_random(facts: Facts) -> Verdict:
    """The title says that chance decided."""
    if re.search(r"\brandom", own_words(facts.plan.title), re.IGNORECASE):
        return reported("study.toml, title.")
    return needs_author(
        "The title in study.toml does not say it.",
        "Say in the title that groups were formed at random.",
    )


def title_says_practices(facts: Facts) -> Verdict:
    """The title says that chance decided by practice."""
    title = own_words(facts.plan.title)
    if re.search(r"\bcluster", title, re.IGNORECASE) and re.search(r"\brandom", title, re.I):
        return reported("study.toml, title.")
    return needs_author(
        "The title in study.toml does not say both.",
        "Say in the title that it is a cluster randomised trial.",
    )


def unit_of_allocation(facts: Facts) -> Verdict:
    """Whether people or practices were put into groups."""
    plan = facts.plan
    if plan.design == "pre_post":
        return not_applicable("There is one group, and nobody was put into groups.")
    if plan.design in CLUSTER_TRIALS:
        return reported("study.toml, design: practices were allocated.")
    if plan.design == "individual_trial":
        return reported("study.toml, design: people were allocated one by one.")
    return needs_author(
        "The plan says that groups were not formed by chance; it does not say of which units.",
        "Say whether people, practices or areas were put into groups, and by whom.",
    )


RULES = {
    "size_explained": Rule(judge=size_explained),
    "size_of_clusters_explained": Rule(judge=size_of_clusters_explained),
    "planned_before_data": Rule(judge=planned_before_data),
    "way_of_allocating": Rule(judge=way_of_allocating),
    "restrictions_of_allocating": Rule(judge=restrictions_of_allocating),
    "confounders_stated": Rule(judge=confounders_stated),
    "words_versioned": Rule(judge=words_versioned),
    "cleaning_told": Rule(judge=cleaning_told, collects=FILES),
    "title_says_random": Rule(judge=title_says_random),
    "title_says_practices": Rule(judge=title_says_practices),
    "unit_of_allocation": Rule(judge=unit_of_allocation),
}
