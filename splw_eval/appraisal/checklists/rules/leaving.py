"""Rules about who left, and why (G9)."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.shown_counts import (
    ALWAYS,
    MAYBE,
    NEVER,
    UNKNOWN,
    bounds,
    falls_short,
    rest,
    total,
)
from splw_eval.appraisal.checklists.verdict import (
    Rule,
    Verdict,
    not_applicable,
    not_reported,
    reported,
)
from splw_eval.core.judging import Bounds
from splw_eval.core.plan.retention import LOST, PLANNED
from splw_eval.core.retention_rows import STAYED

KNOWN = 0.8
TABLE = "episodes"
COMPLETED, DROPPED = "completed as planned", "dropped out"
UNREAD = "reason not recorded"
NO_REASON = ("not known", "not recorded", "no reason")
_NO_EPISODES = "study.toml names no file of episodes."
_COLLECT = "episodes: person, referral_date, close_date, close_reason"


def close_reason_known(facts: Facts) -> Verdict:
    """Why it ended is known of 80 in 100 episodes that were closed."""
    if TABLE not in facts.tables():
        return not_reported(f"{_NO_EPISODES} So nobody's leaving is known.", f"Collect {_COLLECT}.")
    filled = {r.column: r for r in facts.rows("records") if r.table == TABLE}
    reason, close = filled.get("close_reason"), filled.get("close_date")
    if reason is None or close is None:
        return not_reported("How many were closed is not told.", f"Collect {_COLLECT}.", "records")
    verdict = _worst(
        [falls_short(bounds(facts, reason.filled), bounds(facts, close.filled), KNOWN)]
        + [falls_short(known, of, KNOWN) for known, of in _understood(facts)]
    )
    if close.filled == 0 and reason.filled == 0:
        return not_applicable("No episode was closed yet.")
    unknown = any(word in row.reason for row in facts.rows("endings") for word in NO_REASON)
    if verdict == ALWAYS:
        said = "The reason is empty, or no known word, for more than 20 in 100 closed episodes."
    elif verdict == MAYBE:
        said = "The shown counts leave open whether the reason is known of 80 in 100."
    else:
        apart = "; those not known are told apart" if unknown else ""
        return reported(
            f"The reason is known of 80 in 100 closed episodes or more{apart}.",
            *_held(facts, "records", "endings"),
        )
    return not_reported(
        said, "Record close_reason whenever an episode is closed.", "records", "endings"
    )


def _understood(facts: Facts) -> Iterator[tuple[Bounds, Bounds]]:
    """Of each group, closed episodes whose reason is one that is known, and all of them."""
    rows = facts.rows("endings")
    for group in dict.fromkeys(row.group for row in rows):
        own = [row for row in rows if row.group == group]
        unknown = total(bounds(facts, row.n) for row in own if UNREAD in row.kind)
        of = bounds(facts, own[0].ended)
        if UNKNOWN not in (unknown, of):
            yield rest(of, unknown), of


def _worst(said: list[str]) -> str:
    return next((word for word in (ALWAYS, MAYBE) if word in said), NEVER)


def completed_apart(facts: Facts) -> Verdict:
    """People who completed as planned and people who dropped out are not put together."""
    if TABLE not in facts.tables():
        return not_applicable(f"{_NO_EPISODES} So nobody is put together.")
    rules = facts.plan.retention
    moved = [word for word in PLANNED if word in rules.dropped_out]
    moved += [word for word in LOST if word in rules.completed]
    pooled = [
        row.group
        for row in facts.rows("standing")
        if not (hasattr(row, "completed") and hasattr(row, "dropped_out"))
    ]
    curves: dict[tuple[str, str], set[str]] = {}
    for row in facts.rows("staying"):
        curves.setdefault((row.what, row.group), set()).add(row.cause)
    engaged = [causes for (what, _), causes in curves.items() if "ngagement" in what]
    joined = [c for c in engaged if not {COMPLETED, DROPPED} & c and c - {STAYED}]
    if moved or pooled or joined:
        said = f": {', '.join(moved)}" if moved else ""
        return not_reported(
            f"Planned endings and drop-outs are counted together{said}.",
            "Leave planned endings in [retention] completed, and losses in dropped_out or "
            "other_ending.",
            *_held(facts, "staying", "standing"),
        )
    return reported(
        "Planned endings and drop-outs are told apart.",
        *_held(facts, "standing", "staying", "endings"),
    )


def curves_have_numbers(facts: Facts) -> Verdict:
    """Each curve of staying has the numbers still there and watched beside it."""
    drawn = dict.fromkeys((row.what, row.group) for row in facts.rows("staying"))
    if not drawn:
        return not_applicable("No curve of staying is drawn.")
    watched = {(row.what, row.group) for row in facts.rows("watched")}
    without = [f"{what}, {group}" for what, group in drawn if (what, group) not in watched]
    if without:
        return not_reported(
            f"Curves without the numbers still watched: {'; '.join(without)}.",
            "Show beneath each curve how many were still there and watched.",
            "staying",
        )
    return reported(
        "Each curve has the numbers still there and watched beneath it.", "staying", "watched"
    )


def _held(facts: Facts, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if facts.rows(key))


RULES = {
    "close_reason_known": Rule(judge=close_reason_known, collects=_COLLECT),
    "completed_apart": Rule(judge=completed_apart),
    "curves_have_numbers": Rule(
        judge=curves_have_numbers,
        collects=f"{_COLLECT}; or measures: person, wave, date",
    ),
}
