"""Rules of reporting standards about estimates and analyses."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules.collecting import (
    CONFOUNDERS,
    PRACTICES,
    SCORES,
    SUBGROUPS,
)
from splw_eval.appraisal.checklists.rules.shown import (
    HIDDEN_REMEDY,
    called,
    headings,
    hidden,
    listed,
    of_primary,
    shows,
    told,
    verdict_on,
    why_none,
)
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)

_OTHER_ASSUMPTIONS = frozenset({"J2R", "CIR", "CR", "LMCF"})
_INTERACTION = ("interaction", "interaction_low", "interaction_high")
_CHANGED = ("n_better", "n_worse")
_NAME_MID = "State [outcomes.mid] with its source, or name a questionnaire of the catalogue."
_INTERVAL = ("estimate", "conf_low", "conf_high")


def answer_with_interval(facts: Facts) -> Verdict:
    """The main answer with its 95% interval."""
    key = main_key(facts)
    return verdict_on(facts, key, of_primary(facts, key), _INTERVAL, f"Collect {SCORES}.")


def each_outcome_answered(facts: Facts) -> Verdict:
    """Every outcome that the plan names has its answer and its interval."""
    key = main_key(facts)
    shown = {row.outcome for row in told(facts.rows(key), *_INTERVAL)}
    lacking = [o.label for o in facts.plan.outcomes if o.name not in shown]
    if not lacking:
        return reported(f"In the report: {called(facts, key)} has every outcome of the plan.", key)
    estimated = [row for row in told(facts.rows(key), "estimate") if row.outcome not in shown]
    if {row.outcome for row in estimated} >= _names(facts) - shown:
        return verdict_on(facts, key, estimated, _INTERVAL, f"Collect {SCORES}.")
    gone = [row for row in facts.rows(key) if row.outcome not in shown]
    if hidden(facts, key, gone, _INTERVAL) and {r.outcome for r in gone} >= _names(facts) - shown:
        return not_reported(
            f"{called(facts, key)} hides the estimate or its interval, as too few people are "
            f"behind it, of: {listed(lacking)}.",
            HIDDEN_REMEDY,
            key,
        )
    return not_reported(
        f"{called(facts, key)} shows no estimate with its interval of: {listed(lacking)}.",
        f"Collect {SCORES}; or say in [governance] deviations why an outcome was given up.",
        key,
    )


def _names(facts: Facts) -> set[str]:
    return {outcome.name for outcome in facts.plan.outcomes}


def unadjusted_and_adjusted(facts: Facts) -> Verdict:
    """The difference as it is, beside the one with confounders allowed for."""
    rows = facts.rows("adjusted")
    if not rows:
        return not_reported(why_none(facts, "adjusted"), f"Collect {CONFOUNDERS}.", "adjusted")
    shown = {row.method for row in told(rows, *_INTERVAL)}
    if not shown:
        return verdict_on(facts, "adjusted", rows, _INTERVAL, f"Collect {CONFOUNDERS}.")
    if "Unadjusted" in shown and len(shown) > 1:
        return reported(
            f"In the report: {called(facts, 'adjusted')}: {listed(sorted(shown))}.", "adjusted"
        )
    bare = [row for row in rows if row.method not in shown]
    if bare:
        return verdict_on(facts, "adjusted", bare, _INTERVAL, f"Collect {CONFOUNDERS}.")
    return not_reported(
        f"{called(facts, 'adjusted')} shows one of the two only: {listed(sorted(shown))}.",
        "List [[confounders]] with their columns; both then stand side by side.",
        "adjusted",
    )


def practices_allowed_for(facts: Facts) -> Verdict:
    """Intervals and tests go by practices, and not as if each person stood alone."""
    key = main_key(facts)
    rows = told(facts.rows(key), "estimate")
    if not rows:
        return verdict_on(facts, key, facts.rows(key), ("estimate",), f"Collect {SCORES}.")
    alone = [row for row in rows if row.clusters is None and not row.grouped_by]
    if alone:
        return not_reported(
            "Each person is counted as if practices did not matter.",
            f"Collect {PRACTICES}.",
            key,
        )
    ways = listed(sorted({f"{row.grouped_by}: {row.method}" for row in rows if row.method}))
    return reported(f"In the report: {called(facts, key)}, by {ways}.", key)


def icc_of_primary(facts: Facts) -> Verdict:
    """The ICC of the primary outcome, with how sure it is."""
    rows = [row for row in of_primary(facts, "ratios") if row.measure.startswith("ICC")]
    if not rows:
        return not_reported(
            f"{called(facts, 'ratios')} has no ICC of the primary outcome.",
            f"Collect {PRACTICES}.",
            "ratios",
        )
    return verdict_on(facts, "ratios", rows, _INTERVAL, f"Collect {PRACTICES}.")


def sensitivity_to_losses(facts: Facts) -> Verdict:
    """The answer under other assumptions about people who were lost."""
    held = {row.strategy for row in told(facts.rows("sensitivity"), "estimate")}
    others = sorted(held & _OTHER_ASSUMPTIONS)
    if others:
        return reported(
            f"In the report: {called(facts, 'sensitivity')}: {listed(others)}.", "sensitivity"
        )
    if told(facts.rows("tipping"), "estimate"):
        return reported(f"In the report: {called(facts, 'tipping')}.", "tipping")
    if hidden(facts, "sensitivity", facts.rows("sensitivity"), ("estimate",)):
        return not_reported(
            "What other assumptions come to is hidden, as too few people are behind it.",
            HIDDEN_REMEDY,
            "sensitivity",
            "tipping",
        )
    return not_reported(
        "The answer is given under one assumption about people who were lost.",
        "State strategies or deltas under [missing].",
        "sensitivity",
        "tipping",
    )


def subgroups_by_interaction(facts: Facts) -> Verdict:
    """Subgroups that were named beforehand, each by its interaction."""
    named = [subgroup.name for subgroup in facts.plan.subgroups]
    if not named:
        return not_applicable("The plan names no [[subgroups]], and nobody is told apart.")
    if not facts.read:
        return not_reported(facts.why_unread, f"Collect {SUBGROUPS}.")
    rows = facts.rows("subgroups")
    shown = {row.by for row in told(rows, *_INTERACTION)}
    lacking = [name for name in named if name not in shown]
    if not shown:
        return verdict_on(facts, "subgroups", rows, _INTERACTION, f"Collect {SCORES}.")
    said = f" No interaction is shown for: {listed(lacking)}." if lacking else ""
    return reported(
        f"In the report: {called(facts, 'subgroups')}, as the plan named them.{said}", "subgroups"
    )


def levels_of_subgroups(facts: Facts) -> Verdict:
    """Where numbers were cut into groups, and that it was said beforehand."""
    cut = [s.name for s in facts.plan.subgroups if s.cuts]
    if not cut:
        return not_applicable("No number was cut into groups.")
    return reported(f"study.toml, [[subgroups]] cuts: {listed(cut)}.", "subgroups")


def better_and_worse(facts: Facts) -> Verdict:
    """How many got better, and how many worse; a part that is hidden is named."""
    rows = facts.rows("responders")
    there = [name for name in _CHANGED if told(rows, name)]
    gone = [n for n in _CHANGED if n not in there and hidden(facts, "responders", rows, (n,))]
    if told(rows, *_CHANGED) or not (there and gone):
        return verdict_on(facts, "responders", rows, _CHANGED, _NAME_MID)
    return reported(
        f"In the report: {called(facts, 'responders')} shows: {headings(list(rows), there)}. "
        f"Hidden, as too few people are behind it: {headings(list(rows), gone)}.",
        "responders",
    )


def main_key(facts: Facts) -> str:
    """Return the key of the main answer: a difference of groups, or a change."""
    return "contrasts" if facts.plan.arms else "change"


RULES = {
    "answer_with_interval": Rule(judge=answer_with_interval, collects=SCORES),
    "each_outcome_answered": Rule(judge=each_outcome_answered, collects=SCORES),
    "unadjusted_and_adjusted": Rule(judge=unadjusted_and_adjusted, collects=CONFOUNDERS),
    "practices_allowed_for": Rule(judge=practices_allowed_for, collects=PRACTICES),
    "icc_of_primary": Rule(judge=icc_of_primary, collects=PRACTICES),
    "sensitivity_to_losses": Rule(judge=sensitivity_to_losses, collects=SCORES),
    "subgroups_by_interaction": Rule(judge=subgroups_by_interaction),
    "levels_of_subgroups": Rule(judge=levels_of_subgroups),
    "scores_over_time": shows("scores", "mean", "sd", collects=SCORES),
    "better_and_worse": Rule(judge=better_and_worse, collects=SCORES),
    "worse_counted": shows("responders", "n_worse", collects=SCORES, remedy=_NAME_MID),
}
