"""Rules of reporting standards about what was delivered, by whom and how much."""

from __future__ import annotations

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules.collecting import (
    CONTACTS,
    LEVELS,
    REFERRALS,
    SUPPORT,
    WORKERS,
)
from splw_eval.appraisal.checklists.rules.shown import (
    HIDDEN_REMEDY,
    called,
    listed,
    shows,
    verdict_on,
    why_none,
)
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, not_reported, reported

_ABOUT_WORKERS = ("role_title", "training", "qualification", "prior_background")
FULL = "Filled 80% or more"
_BELOW, _ABOUT = "Filled below 80%", "Filled about 80%"


def contacts_of_each(facts: Facts) -> Verdict:
    """How many contacts people had."""
    rows = [row for row in facts.rows("dose") if row.measure == "contacts attended"]
    return verdict_on(facts, "dose", rows, ("median",), f"Collect {CONTACTS}.")


def minutes_of_each(facts: Facts) -> Verdict:
    """How long people were seen, and whether minutes were written down often enough."""
    rows = [row for row in facts.rows("dose") if row.measure.startswith("minutes")]
    verdict = verdict_on(facts, "dose", rows, ("median",), f"Collect {CONTACTS}.")
    short = _verdicts(facts, "contacts").get("minutes") == _BELOW
    if verdict.remedy or not short:
        return verdict
    return reported(
        f"In the report: {called(facts, 'dose')}; minutes were written down for fewer than 80% "
        f"of contacts, as {called(facts, 'records')} says.",
        "dose",
        "records",
    )


def background_of_workers(facts: Facts) -> Verdict:
    """What link workers are, what they did before, and how they were trained."""
    held = _verdicts(facts, "link_workers")
    if not held:
        return not_reported(
            "There is no table of link workers, so nothing is told of who they are.",
            f"Collect {WORKERS}.",
            "records",
        )
    lacking = [column for column in _ABOUT_WORKERS if held.get(column) != FULL]
    if lacking:
        return not_reported(
            f"Not there, or filled below 80% or not surely above it: {listed(lacking)}.",
            f"Fill in {listed(lacking)} in link_workers.",
            "records",
        )
    return reported(
        f"In the report: {called(facts, 'records')}: {listed(_ABOUT_WORKERS)} are each filled "
        "to 80% or more. Figures of few link workers stay hidden.",
        "records",
    )


def planned_beside_done(facts: Facts) -> Verdict:
    """Support as the service declares it, beside what the contacts show."""
    kinds = {row.kind for row in facts.rows("levels")}
    if {"declared", "derived"} <= kinds:
        return reported(
            f"In the report: {called(facts, 'levels')}, as declared and as derived.", "levels"
        )
    known = why_none(facts, "levels") if not kinds else "Levels are told in one way only."
    return not_reported(
        known,
        f"Collect {LEVELS}.",
        "levels",
    )


def how_long_supported(facts: Facts) -> Verdict:
    """How long people stayed with the service."""
    rows = [row for row in facts.rows("stay") if row.what.startswith("Engagement")]
    if not rows:
        return not_reported(
            why_none(facts, "stay"),
            f"Collect {REFERRALS}.",
            "stay",
        )
    return verdict_on(facts, "stay", rows, ("mean_days",), f"Collect {REFERRALS}.")


def places_filled(facts: Facts) -> Verdict:
    """Where contacts were, as the log of contacts has it."""
    said = _verdicts(facts, "contacts").get("place")
    if said == FULL:
        return reported(
            f"In the report: {called(facts, 'records')}: place is filled to 80% or more.", "records"
        )
    if said is None and "place" in _verdicts(facts, "contacts"):
        return not_reported(
            "How many contacts have a place is hidden, as the log is so short.",
            HIDDEN_REMEDY,
            "records",
        )
    return not_reported(
        "The log of contacts has no place, or not surely for 80 in 100 contacts."
        if said
        else "No log of contacts has a place.",
        f"Collect {CONTACTS}.",
        "records",
    )


def records_filled(facts: Facts) -> Verdict:
    """How fully records were kept, column by column."""
    rows = facts.rows("records")
    if not rows:
        return not_reported(why_none(facts, "records"), f"Collect {CONTACTS}.", "records")
    short = listed(f"{row.table}.{row.column}" for row in rows if row.verdict == _BELOW)
    unsure = listed(f"{row.table}.{row.column}" for row in rows if row.verdict == _ABOUT)
    said = f" Below 80%: {short}." if short else ""
    said += f" About 80%: {unsure}." if unsure else ""
    return reported(
        f"In the report: {called(facts, 'records')}, column by column.{said}", "records"
    )


def _verdicts(facts: Facts, table: str) -> dict[str, str | None]:
    return {row.column: row.verdict for row in facts.rows("records") if row.table == table}


RULES = {
    "contacts_of_each": Rule(judge=contacts_of_each, collects=CONTACTS),
    "minutes_of_each": Rule(judge=minutes_of_each, collects=CONTACTS),
    "ways_of_contact": shows("modes", "contacts", "share", collects=CONTACTS),
    "background_of_workers": Rule(judge=background_of_workers, collects=WORKERS),
    "planned_beside_done": Rule(judge=planned_beside_done, collects=LEVELS),
    "places_filled": Rule(judge=places_filled, collects=CONTACTS),
    "records_filled": Rule(judge=records_filled, collects=CONTACTS),
    "how_long_supported": Rule(judge=how_long_supported, collects=REFERRALS),
    "parts_of_support": shows("components", "n", collects=SUPPORT),
    "answer_by_receipt": shows("engagement", "offered", "received", "estimate", collects=CONTACTS),
}
