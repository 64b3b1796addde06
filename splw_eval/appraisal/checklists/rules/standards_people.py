"""Rules of reporting standards about who took part."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules.collecting import CONDITIONS, CONFOUNDERS, PEOPLE, SCORES
from splw_eval.appraisal.checklists.rules.shown import (
    HIDDEN_REMEDY,
    called,
    hidden,
    listed,
    shows,
    told,
    verdict_on,
    why_none,
)
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported

_NEEDED = {"Age": "age_band", "Sex": "sex"}
_WANTED = {
    "Ethnic group": "ethnicity",
    "Deprivation, in fifths": "imd_decile and imd_version",
    "Long-term conditions": "ltc_physical and ltc_mental",
}


def who_took_part(facts: Facts) -> Verdict:
    """Age, sex, deprivation, ethnic group and illness of those who came, by group."""
    rows = facts.rows("characteristics")
    if not rows:
        return not_reported(
            why_none(facts, "characteristics"), f"Collect {PEOPLE}.", "characteristics"
        )
    shown = {row.characteristic for row in told(rows, "people")}
    needed = [column for name, column in _NEEDED.items() if name not in shown]
    wanted = [column for name, column in _WANTED.items() if name not in shown]
    few = [name for name in _NEEDED if name not in shown and _hidden_of(facts, name)]
    if few:
        return not_reported(
            f"{called(facts, 'characteristics')} is there; hidden in it, as too few people are "
            f"behind them: {listed(few)}.",
            HIDDEN_REMEDY,
            "characteristics",
        )
    if needed:
        return not_reported(
            f"{called(facts, 'characteristics')} does not show: {listed(needed)}.",
            f"Collect {listed([*needed, *wanted])} in people.",
            "characteristics",
        )
    lacking = f" Not shown there: {listed(wanted)}." if wanted else ""
    return reported(
        f"In the report: {called(facts, 'characteristics')}.{lacking}", "characteristics"
    )


def _hidden_of(facts: Facts, name: str) -> bool:
    rows = [row for row in facts.rows("characteristics") if row.characteristic == name]
    return hidden(facts, "characteristics", rows, ("people",))


def missing_in_each_variable(facts: Facts) -> Verdict:
    """Of how many people each characteristic and each first score is not known."""
    people, scores = facts.rows("characteristics"), facts.rows("baseline")
    if not people:
        return not_reported(
            why_none(facts, "characteristics"), f"Collect {PEOPLE}.", "characteristics"
        )
    if not scores:
        return not_reported(why_none(facts, "baseline"), f"Collect {SCORES}.", "baseline")
    if not told(people, "known") or not told(scores, "known"):
        return not_reported(
            "The numbers of those of whom something is known are hidden.",
            HIDDEN_REMEDY,
            "characteristics",
            "baseline",
        )
    return reported(
        f"In the report: {called(facts, 'characteristics')} and {called(facts, 'baseline')} "
        "give how many are known of, line by line.",
        "characteristics",
        "baseline",
    )


def groups_at_start(facts: Facts) -> Verdict:
    """How alike the groups were at the start, characteristic by characteristic."""
    if not facts.read and facts.plan.confounders:
        return not_reported(facts.why_unread, f"Collect {CONFOUNDERS}.")
    rows = told(facts.rows("balance"), "before")
    named = {confounder.name for confounder in facts.plan.confounders}
    if not rows and facts.rows("balance"):
        return verdict_on(facts, "balance", facts.rows("balance"), ("before",), HIDDEN_REMEDY)
    if not rows:
        return not_reported(
            why_none(facts, "balance") if named else "The plan names no confounders.",
            "List [[confounders]] with their columns, as they were before time zero.",
            "balance",
        )
    lacking = sorted(named - {row.characteristic for row in rows})
    said = f" Not there: {listed(lacking)}." if lacking else ""
    return reported(
        f"In the report: {called(facts, 'balance')}, before and after adjusting.{said}", "balance"
    )


RULES = {
    "who_took_part": Rule(judge=who_took_part, collects=PEOPLE),
    "illness_of_people": shows("quantities", "mean", collects=CONDITIONS),
    "scores_at_start": shows("baseline", "mean", "sd", collects=SCORES),
    "missing_in_each_variable": Rule(judge=missing_in_each_variable, collects=PEOPLE),
    "groups_at_start": Rule(judge=groups_at_start),
}
