"""Rules about waves and actual dates (G1)."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.shown_counts import ALWAYS, MAYBE, NEVER, bounds, falls_short
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported

NO_DATES, DATED = "SW20", 0.8


def actual_dates(facts: Facts) -> Verdict:
    """Days on which people were measured are there for every wave of every group."""
    remedy = "Keep the date of every questionnaire and of time zero, and name them in study.toml."
    if facts.found(NO_DATES):
        return not_reported(f"No actual dates were kept ({NO_DATES}).", remedy, "findings")
    shown = {(row.event, row.arm): row.known for row in facts.rows("days")}
    due = {(row.wave, row.arm) for row in facts.rows("flow") if row.expected != 0}
    lacking = [
        f"{wave.title}, {arm}"
        for wave in facts.plan.follow_up
        for arm in facts.plan.groups
        if (wave.name, arm) in due and shown.get((wave.title, arm), 0) == 0
    ]
    if lacking:
        return not_reported(f"No dates for: {'; '.join(lacking)}.", remedy, "days")
    judged = {(row.wave, row.arm): _dated(facts, row.wave, row.arm) for row in facts.rows("flow")}
    for verdict, said in (
        (ALWAYS, "Fewer than 80 in 100 measurements have a date"),
        (MAYBE, "What is shown leaves open whether 80 in 100 measurements have a date"),
    ):
        places = [
            f"{wave.title}, {arm}"
            for wave in facts.plan.follow_up
            for arm in facts.plan.groups
            if judged.get((wave.name, arm)) == verdict
        ]
        if places:
            return not_reported(f"{said}: {'; '.join(places)}.", remedy, "days", "flow")
    return reported("Days from time zero to each wave are told for every group.", "days")


def _dated(facts: Facts, wave: str, arm: str) -> str:
    """Whether fewer than 80 in 100 of those measured have a date; a hidden count says nothing."""
    title = facts.title_of(wave) if any(w.name == wave for w in facts.plan.waves) else wave
    known = [r.known for r in facts.rows("days") if (r.event, r.arm) == (title, arm)]
    held = [r.measured for r in facts.rows("flow") if (r.wave, r.arm) == (wave, arm)]
    measured = [n for n in held if n is not None]
    if not known or known[0] is None or not measured:
        return NEVER
    return falls_short(bounds(facts, known[0]), bounds(facts, max(measured)), DATED)


def waves_have_windows(facts: Facts) -> Verdict:
    """Every wave after the start says which days count for it."""
    without = [wave.name for wave in facts.plan.follow_up if wave.window_days is None]
    if without:
        return not_reported(
            f"No window is stated for: {', '.join(without)}.",
            "State window_days under each of [[waves]], such as [-30, 60].",
        )
    return reported("Stated in study.toml: [[waves]] window_days.")


RULES = {
    "actual_dates": Rule(
        judge=actual_dates,
        collects="measures: person, wave, date; and the date of time zero of each person",
        codes=(NO_DATES,),
    ),
    "waves_have_windows": Rule(judge=waves_have_windows),
}
