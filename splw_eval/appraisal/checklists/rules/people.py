"""Rules about who the people were (G8)."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.found import said
from splw_eval.appraisal.checklists.known import known_of
from splw_eval.appraisal.checklists.shown_counts import ALWAYS, MAYBE, falls_short
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)

KNOWN = 0.8
SEVERAL_VERSIONS, LACKING = "SW75", "SW50"
UNSTATED = (
    "the version of the index is not stated",
    "version of the index the tenths come from is not stated",
)
_FAIR = {
    "ethnicity": ("ethnic group", "ethnic", "ethnicity"),
    "imd_decile": ("deprivation", "imd"),
}


def conditions_counted(facts: Facts) -> Verdict:
    """Physical and mental-health conditions are counted apart, not only called several."""
    counted = [c for c in ("ltc_physical", "ltc_mental") if any(_some(facts, c))]
    if len(counted) < 2:  # noqa: PLR2004
        return not_reported(
            "Physical and mental-health conditions are not both counted.",
            "Count both for each person: people, ltc_physical and ltc_mental.",
            *_held(facts, "quantities", "characteristics"),
        )
    return reported(
        "Physical and mental-health conditions are counted apart.",
        *_held(facts, "quantities", "characteristics"),
    )


def _some(facts: Facts, column: str) -> tuple[bool, ...]:
    return tuple(known[1] > 0 for known, _ in known_of(facts, column))


def ethnicity_and_deprivation_known(facts: Facts) -> Verdict:
    """Ethnic group and deprivation are known of 80 in 100, or the plan says what is done."""
    short, unsure = [], []
    for column, (title, *others) in _FAIR.items():
        if facts.plan_says(title, *others):
            continue
        verdicts = [falls_short(known, of, KNOWN) for known, of in known_of(facts, column)]
        if ALWAYS in verdicts or not verdicts:
            short.append(f"{title} ({'not known of 80 in 100' if verdicts else 'not collected'})")
        elif MAYBE in verdicts:
            unsure.append(title)
    faults = [*short, *(f"{title} (the shown counts leave it open)" for title in unsure)]
    if faults:
        return not_reported(
            f"In a group: {'; '.join(faults)}.",
            "Collect them at referral; or say in study.toml, [missing], how people of whom they "
            "are not known are dealt with.",
            *_held(facts, "characteristics"),
        )
    return reported(
        "Ethnic group and deprivation are known of 80 in 100 or more of each group, or the plan "
        "says what is done.",
        *_held(facts, "characteristics"),
    )


def deprivation_version(facts: Facts) -> Verdict:
    """Deprivation comes from one index, and the files say which."""
    mixed = facts.told(SEVERAL_VERSIONS)
    if mixed:
        return not_reported(
            said(mixed),
            "Give all deciles from one version of the index.",
            *_held(facts, "findings"),
        )
    if facts.refused:
        return not_reported(
            facts.why_unread,
            "Correct what splw-eval check lists; then run it again.",
        )
    absent = [f for f in facts.told(LACKING) if "imd_version" in f.problem]
    if absent:
        return not_reported(
            said(tuple(absent)),
            "State which index the deciles come from: people, imd_version.",
            *_held(facts, "findings"),
        )
    if any(words in facts.notes("reach") for words in UNSTATED):
        return not_reported(
            "Of some people, or of all, it is not stated which index their decile comes from.",
            "State which index the deciles come from: people, imd_version, in every row.",
            "reach",
        )
    if not any(_some(facts, "imd_decile")):
        return not_applicable("No deprivation is shown, so no index is mixed.")
    return reported("Deprivation comes from one version of the index.", "characteristics")


def _held(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "conditions_counted": Rule(
        judge=conditions_counted, collects="people: ltc_physical, ltc_mental"
    ),
    "ethnicity_and_deprivation_known": Rule(
        judge=ethnicity_and_deprivation_known, collects="people: ethnicity, imd_decile"
    ),
    "deprivation_version": Rule(
        judge=deprivation_version,
        collects="people: imd_decile, imd_version",
        codes=(SEVERAL_VERSIONS,),
    ),
}
