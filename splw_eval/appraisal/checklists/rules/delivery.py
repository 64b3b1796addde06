"""Rules about contacts and support (G7)."""

from __future__ import annotations

import re

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.found import passes_without
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.check_rows import Status

TABLE = "contacts"
OUT_OF_ORDER, EMPTY, UNKEPT = ("SW66",), "SW67", "SR44"
WARNED = ("too empty to be summarised", "minutes are added over the contacts that have them")
NOT_AN_EFFECT = re.compile(
    r"\b(?:exploratory|no effect|not an effect|not the effect)\b", re.IGNORECASE
)
_EFFECT = re.compile(r"\beffects? of\b", re.IGNORECASE)
_LOG = "contacts: contact, episode, date, link_worker, mode, minutes, attended"
_NO_LOG = "study.toml names no file of contacts."
BELOW, NOT_KEPT = "Filled below", "Not kept"


def contact_log(facts: Facts) -> Verdict:
    """There is a log of contacts."""
    if TABLE not in facts.tables():
        return not_reported(_NO_LOG, f"Keep a log of contacts. {_LOG}.")
    return reported("study.toml names a file of contacts.", *_held(facts, "records", "dose"))


def minutes_and_mode_complete(facts: Facts) -> Verdict:
    """Minutes and mode are filled for 80 in 100 contacts, or are not summarised unsaid."""
    if TABLE not in facts.tables():
        return not_applicable(f"{_NO_LOG} So nothing is summarised.")
    said = {r.column: r.verdict or "" for r in facts.rows("records") if r.table == TABLE}
    empty = [c for c in ("minutes", "mode") if said.get(c, NOT_KEPT).startswith((BELOW, NOT_KEPT))]
    unsure = [c for c in ("minutes", "mode") if c not in empty and not said[c].endswith("or more")]
    if unsure:
        return not_reported(
            "What is shown leaves open whether 80 in 100 contacts have it: "
            f"{' and '.join(unsure)}.",
            "Record both for every contact.",
            "records",
        )
    if not empty:
        return reported("Minutes and mode are filled for 80 in 100 contacts or more.", "records")
    named = " and ".join(empty)
    warned = any(words in facts.notes("records", "dose", "modes") for words in WARNED)
    summed = _summarised(facts, empty)
    if summed and not warned:
        return not_reported(
            f"Filled for fewer than 80 in 100 contacts and summarised without a warning: {named}.",
            "Say beside the summary how many contacts it rests on; record both for every contact.",
            "records",
            *summed,
        )
    return Verdict(
        status=Status.REPORTED,
        evidence=f"Filled for fewer than 80 in 100 contacts: {named}; the report says so beside "
        "what is made of them.",
        remedy=f"Record {named} for every contact.",
        results=("records", *summed),
    )


def _summarised(facts: Facts, empty: list[str]) -> tuple[str, ...]:
    keys = []
    if "minutes" in empty and any(
        row.measure.startswith("minutes") and row.median is not None for row in facts.rows("dose")
    ):
        keys.append("dose")
    if any(row.median is not None or "mode" in empty for row in facts.rows("modes")):
        keys.append("modes")
    return tuple(keys)


def attended_missing_not_attended(facts: Facts) -> Verdict:
    """A contact of which nobody said that it took place does not count as attended."""
    if TABLE not in facts.tables():
        return not_applicable(_NO_LOG)
    if facts.plan.retention.attended_missing != "not attended":
        return not_reported(
            "[retention] attended_missing takes contacts without a word for attended.",
            'Set attended_missing = "not attended".',
        )
    if facts.found(UNKEPT) or any(
        (row.table, row.column, row.verdict) == (TABLE, "attended", NOT_KEPT)
        for row in facts.rows("records")
    ):
        return not_reported(
            "No file says which contacts took place (contacts.attended), so every one that was "
            "logged counts.",
            "Record attended, yes or no, for every contact.",
            *_held(facts, "records", "dose"),
        )
    some = f" Some are empty ({EMPTY}); they are counted apart." if facts.found(EMPTY) else ""
    return reported(
        f"An empty attended counts as not attended ([retention] attended_missing).{some}",
        *_held(facts, "dose"),
    )


def contacts_in_order(facts: Facts) -> Verdict:
    """No contact lies before its referral or after the close of its episode."""
    if TABLE not in facts.tables():
        return not_applicable(_NO_LOG)
    return passes_without(
        facts,
        OUT_OF_ORDER,
        "Check these dates, and whether episodes were closed too early or contacts stand with "
        "the wrong episode.",
        "No contact lies before its referral or after its close.",
        "dose",
    )


def dose_not_effect(facts: Facts) -> Verdict:
    """Scores by contacts are not shown as what contacts brought about."""
    held = facts.results.get("dose_response")
    if held is None or not held.rows:
        return not_applicable("No scores by number of contacts are shown.")
    words = " ".join([held.title, *(c for c in facts.notes("dose_response").split(". "))])
    if _EFFECT.search(held.title) or not NOT_AN_EFFECT.search(words):
        return not_reported(
            "Scores by number of contacts are shown without saying that they are no effect.",
            "Call them exploratory: nobody was allocated a number of contacts.",
            "dose_response",
        )
    return reported("Scores by number of contacts are called exploratory.", "dose_response")


def _held(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "contact_log": Rule(judge=contact_log),
    "minutes_and_mode_complete": Rule(judge=minutes_and_mode_complete, collects=_LOG),
    "attended_missing_not_attended": Rule(judge=attended_missing_not_attended),
    "contacts_in_order": Rule(
        judge=contacts_in_order,
        collects=f"{_LOG}; episodes: referral_date, close_date",
        codes=OUT_OF_ORDER,
    ),
    "dose_not_effect": Rule(judge=dose_not_effect),
}
