"""Rules of reporting standards about who was counted, followed and lost."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules.collecting import DATES, PRACTICES, REFERRALS, SCORES
from splw_eval.appraisal.checklists.rules.shown import (
    ALL_HIDDEN,
    HIDDEN_REMEDY,
    called,
    hidden,
    listed,
    of_primary,
    shows,
    told,
    verdict_on,
)
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported
from splw_eval.core.rows import ReasonRow

# What the files say of themselves where nobody wrote down why.
_NO_REASON = frozenset({"no questionnaire", "empty", "too few items answered"})


def numbers_at_each_wave(facts: Facts) -> Verdict:
    """How many were due, measured and missing, by group and wave."""
    rows = of_primary(facts, "flow")
    verdict = verdict_on(facts, "flow", rows, ("expected", "measured"), f"Collect {SCORES}.")
    few = [row.wave for row in rows if row.measured is None]
    if verdict.remedy or not few:
        return verdict
    titles = [wave.title for wave in facts.plan.waves if wave.name in few]
    return reported(
        f"In the report: {called(facts, 'flow')}; hidden in a group at: {listed(titles)}.", "flow"
    )


def flow_is_drawn(facts: Facts) -> Verdict:
    """A drawing of how many were left at each wave."""
    rows = of_primary(facts, "flow")
    verdict = verdict_on(facts, "flow", rows, ("expected",), f"Collect {SCORES}.")
    return verdict if verdict.remedy else reported(f"Figure under {called(facts, 'flow')}.", "flow")


def reasons_for_losses(facts: Facts) -> Verdict:
    """Why people of each group were lost, and not only that their questionnaire is missing."""
    endings = facts.rows("endings")
    known = {row.group for row in told(endings, "n")}
    known |= {row.arm for row in told(facts.rows("reasons"), "people") if not _only_missing(row)}
    lacking = [group for group in facts.plan.groups if group not in known]
    keys = tuple(key for key in ("endings", "reasons") if facts.rows(key))
    if not lacking:
        names = listed(called(facts, key) for key in keys)
        return reported(f"In the report: {names}, reason by reason.", *keys)
    if not known and hidden(facts, "endings", endings, ("n",)):
        return not_reported(f"{called(facts, 'endings')} {ALL_HIDDEN}.", HIDDEN_REMEDY, *keys)
    of_whom = f" of {listed(lacking)}" if facts.plan.arms else ""
    where = f": {listed(called(facts, key) for key in keys)}" if keys else ""
    return not_reported(
        f"Why people{of_whom} were lost is not told, or only that something is missing{where}.",
        f"Collect {REFERRALS}; and write codes for why a questionnaire is missing, each with what "
        "it means under [files.missing_codes].",
        *(keys or ("endings",)),
    )


def _only_missing(row: ReasonRow) -> bool:
    """Whether a reason says no more than that there is no answer."""
    return row.reason.casefold() in _NO_REASON


def people_in_each_analysis(facts: Facts) -> Verdict:
    """How many people stand behind the main answer and every other."""
    key = _main(facts)
    rows = facts.rows(key)
    verdict = verdict_on(facts, key, rows, ("n",), f"Collect {SCORES}.")
    few = listed(_labels(facts, {row.outcome for row in rows if row.n is None}))
    if verdict.remedy or not few:
        return verdict
    return reported(
        f"In the report: {called(facts, key)}; some numbers are hidden for: {few}.", key
    )


def practices_at_each_wave(facts: Facts) -> Verdict:
    """How many practices of each group were left at each wave."""
    rows = facts.rows("loss_practices")
    return verdict_on(facts, "loss_practices", rows, ("clusters",), f"Collect {PRACTICES}.")


def _main(facts: Facts) -> str:
    return "contrasts" if facts.plan.arms else "change"


def _labels(facts: Facts, names: set[str]) -> list[str]:
    return [outcome.label for outcome in facts.plan.outcomes if outcome.name in names]


RULES = {
    "numbers_at_each_wave": Rule(judge=numbers_at_each_wave, collects=SCORES),
    "flow_is_drawn": Rule(judge=flow_is_drawn, collects=SCORES),
    "numbers_at_each_stage": shows("uptake", "referred", "passed", collects=REFERRALS),
    "reasons_for_losses": Rule(judge=reasons_for_losses, collects=REFERRALS),
    "people_in_each_analysis": Rule(judge=people_in_each_analysis, collects=SCORES),
    "practices_at_each_wave": Rule(judge=practices_at_each_wave, collects=PRACTICES),
    "losses_by_practice": shows("loss_practices", "lower", "median", "upper", collects=PRACTICES),
    "time_followed": shows("days", "known", "median", collects=DATES),
    "months_of_the_study": shows("setting", "first_month", "last_month", collects=DATES),
    "practices_of_the_study": shows("setting", "practices", collects=PRACTICES),
    "lost_beside_kept": shows(
        "lost_scores",
        "mean_retained",
        "mean_lost",
        collects=SCORES,
    ),
    "staying_drawn": shows("staying", "estimate", collects=REFERRALS),
}
