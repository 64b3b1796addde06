"""Rules of reporting standards about questionnaires."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.filled import own_words
from splw_eval.appraisal.checklists.rules.collecting import ANSWERS, NAMED, SCORES, SIZES
from splw_eval.appraisal.checklists.rules.shown import (
    called,
    listed,
    of_primary,
    shows,
    verdict_on,
    why_none,
)
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported
from splw_eval.core.card_rows import ImportantDifferenceRow


def questionnaires_described(facts: Facts) -> Verdict:
    """How each questionnaire is scored, how far it runs, and where that stands."""
    held = {row.outcome: row for row in facts.rows("instruments")}
    if not held:
        return not_reported(
            why_none(facts, "instruments"),
            "Name each questionnaire under [[outcomes]] instrument.",
            "instruments",
        )
    unknown = [o.label for o in facts.plan.outcomes if o.name in held and not held[o.name].sources]
    if unknown:
        return not_reported(
            f"No source of the scoring is given for: {listed(unknown)}.",
            "Name a questionnaire of the catalogue, or write your own in instruments/*.toml.",
            "instruments",
        )
    return reported(f"In the report: {called(facts, 'instruments')}, with sources.", "instruments")


def reliability_of_primary(facts: Facts) -> Verdict:
    """How well the items of the primary outcome agree among these people."""
    rows = of_primary(facts, "reliability")
    return verdict_on(facts, "reliability", rows, ("alpha",), f"Collect {ANSWERS}.")


def sizes_that_matter(facts: Facts) -> Verdict:
    """The size of change that counts for each outcome, or that none is established."""
    held = {row.outcome for row in facts.rows("important_differences") if _is_told(row)}
    lacking = [o.label for o in facts.plan.outcomes if o.name not in held]
    if not lacking:
        name = called(facts, "important_differences")
        return reported(
            f"{name}: each outcome has a size with its source, or is said to have none.",
            "important_differences",
        )
    return not_reported(
        f"No size of change that matters is told for: {listed(lacking)}.",
        "State [outcomes.mid] with its value and its source.",
        "important_differences",
    )


def _is_told(row: ImportantDifferenceRow) -> bool:
    """Whether a size has a source that is not a template's, or is said to have none."""
    return row.value is None or bool(own_words(row.source))


RULES = {
    "questionnaires_described": Rule(judge=questionnaires_described, collects=NAMED),
    "reliability_of_primary": Rule(judge=reliability_of_primary, collects=ANSWERS),
    "questionnaire_limits": shows(
        "floor_ceiling",
        "n_lowest",
        "n_highest",
        collects=SCORES,
    ),
    "sizes_that_matter": Rule(judge=sizes_that_matter, collects=SIZES),
}
