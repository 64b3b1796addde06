"""Which column says that a referral reached a stage, and what it says of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.retention.delivery.purposes import ASSESSING, PLANNING, UNKNOWN_WORD, purposes
from splw_eval.retention.delivery.service_log import ServiceLog

NO, UNKNOWN, YES = 0, 1, 2
"""What the records say of one referral at one stage; NO may still become YES while it is open."""

STAGES = (
    "referred", "accepted", "contacted", "assessed", "planned", "linked", "attended", "completed",
)  # fmt: skip
DISCOVERING, ARRANGING = "discovering what matters", "arranging support"
LINKING = ("refer", "accompany", "direct help")
"""Levels of arranging support from which on somebody was linked: more than a signpost."""

Said = NDArray[np.int8]
Which = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of the funnel, as the records say it.

    Attributes
    ----------
    name, from_column : str
        `from_column` says in words which columns count, and how.
    said : ndarray of int, shape (n,), or None
        `YES`, `NO` or `UNKNOWN` for each referral; None where no file can say.
    reason : str
        Why nobody can say; empty where somebody can.
    """

    name: str
    from_column: str
    said: Said | None
    reason: str = ""


def stages(log: ServiceLog, completed: Collection[str]) -> tuple[Stage, ...]:
    """Give every stage, in the order of `STAGES`.

    Parameters
    ----------
    log : ServiceLog
    completed : collection of str
        Close reasons that are a planned ending.

    Returns
    -------
    tuple of Stage
    """
    seen = _Contacts.of(log)
    return (
        _referred(log),
        _accepted(log),
        _contacted(log, seen),
        assessed(log, seen),
        planned(log, seen),
        linked(log),
        _attended(log),
        _completed(log, completed),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Contacts:
    """What contacts that took place were for; None where no file can say."""

    held: Which | None
    purpose: NDArray[np.int64] | None

    @classmethod
    def of(cls, log: ServiceLog) -> _Contacts:
        """Look at the contacts of a log."""
        table = log.contacts
        if table is None or log.episodes is None:
            return cls(held=None, purpose=None)
        kept = "purpose" in table.columns
        return cls(held=log.attended(), purpose=purposes(table.text("purpose")) if kept else None)

    def said(self, log: ServiceLog, bit: int) -> Said | None:
        """Whether any contact that took place was for something."""
        if self.held is None or self.purpose is None:
            return None
        yes = log.times(self.held & ((self.purpose & bit) > 0)) > 0
        open_word = log.times(self.held & ((self.purpose & UNKNOWN_WORD) > 0)) > 0
        return _said(yes, open_word)


def _said(yes: Which, unknown: Which) -> Said:
    return np.where(yes, YES, np.where(unknown, UNKNOWN, NO)).astype(np.int8)


def _either(first: Said | None, second: Said | None) -> Said | None:
    """What two sources say: yes of one is yes, and not known of one is not no."""
    if first is None or second is None:
        return second if first is None else first
    return np.maximum(first, second)


def _referred(log: ServiceLog) -> Stage:
    words = "episodes: a row is a referral"
    if log.episodes is None:
        return Stage(name="referred", from_column=words, said=None, reason="no table of episodes")
    every = np.full(len(log), YES, dtype=np.int8)
    return Stage(name="referred", from_column=words, said=every)


def _accepted(log: ServiceLog) -> Stage:
    words = "episodes.accepted: yes"
    if log.episodes is None or not log.kept(log.episodes, "accepted"):
        return _unrecorded("accepted", words, "no file holds episodes.accepted")
    cells = log.episodes.number("accepted")[log.chosen]
    return Stage(name="accepted", from_column=words, said=_said(cells == 1, np.isnan(cells)))


def _contacted(log: ServiceLog, seen: _Contacts) -> Stage:
    words = "episodes.first_contact_date is filled, or a row of contacts with attended: yes"
    dated = None
    if log.kept(log.episodes, "first_contact_date"):
        filled = ~np.isnat(log.day("first_contact_date"))
        dated = _said(filled, np.zeros(len(log), dtype=bool))
    logged = None
    if seen.held is not None and log.contacts is not None:
        unsaid = (log.contact_of >= 0) & ~seen.held
        unsaid &= np.isnan(log.contacts.number("attended"))
        logged = _said(log.times(seen.held) > 0, log.times(unsaid) > 0)
    said = _either(dated, logged)
    if said is None:
        return _unrecorded("contacted", words, "no file holds a first contact or contacts")
    return Stage(name="contacted", from_column=words, said=said)


def assessed(log: ServiceLog, seen: _Contacts | None = None) -> Stage:
    """Whether it was found out with the person what matters to them."""
    seen = seen or _Contacts.of(log)
    words = (
        "contacts.purpose: a first conversation or an assessment, attended; or support.category: "
        f"{DISCOVERING}"
    )
    by_support = None
    if log.episodes is not None and log.support is not None and log.kept(log.support, "category"):
        category = log.support.text("category")
        by_support = _of_rows(log, category == DISCOVERING, _no_word(category))
    said = _either(seen.said(log, ASSESSING), by_support)
    if said is None:
        return _unrecorded("assessed", words, "no file holds contacts.purpose or support.category")
    return Stage(name="assessed", from_column=words, said=said)


def planned(log: ServiceLog, seen: _Contacts | None = None) -> Stage:
    """Whether a plan was made with the person."""
    words = "contacts.purpose: planning or setting goals, attended"
    said = (seen or _Contacts.of(log)).said(log, PLANNING)
    if said is None:
        return _unrecorded("planned", words, "no file holds contacts.purpose")
    return Stage(name="planned", from_column=words, said=said)


def linked(log: ServiceLog) -> Stage:
    """Whether the link worker did more than point to somewhere."""
    words = f"support.category: {ARRANGING}, at support.level {', '.join(LINKING)}"
    table = log.support
    if log.episodes is None or table is None or not {"category", "level"} <= set(table.columns):
        return _unrecorded("linked", words, "no file holds support.category and support.level")
    category, level = table.text("category"), table.text("level")
    arranging, enough = category == ARRANGING, np.isin(level, LINKING)
    open_word = _no_word(category) | (arranging & _no_word(level))
    said = _of_rows(log, arranging & enough, open_word)
    return Stage(name="linked", from_column=words, said=said)


def _attended(log: ServiceLog) -> Stage:
    words = "support.activity_attended: yes, or support.sessions_attended above 0"
    table = log.support
    if (
        log.episodes is None
        or table is None
        or not {"activity_attended", "sessions_attended"} & set(table.columns)
    ):
        reason = "no file holds support.activity_attended or support.sessions_attended"
        return _unrecorded("attended", words, reason)
    went, times = table.number("activity_attended"), table.number("sessions_attended")
    # Only what was arranged can be attended; of a talk, an empty cell says nothing.
    arranged = table.text("category") == ARRANGING if "category" in table.columns else True
    unsaid = np.isnan(went) & np.isnan(times) & arranged
    said = _of_rows(log, (went == 1) | (times > 0), np.asarray(unsaid))
    return Stage(name="attended", from_column=words, said=said)


def _completed(log: ServiceLog, completed: Collection[str]) -> Stage:
    words = f"episodes.close_reason: {', '.join(completed)}"
    if log.episodes is None or not log.kept(log.episodes, "close_reason"):
        return _unrecorded("completed", words, "no file holds episodes.close_reason")
    reason = log.close_reason()
    unsaid = (reason == UNMAPPED) | ((reason == "") & ~np.isnat(log.day("close_date")))
    said = _said(np.isin(reason, list(completed)), unsaid)
    return Stage(name="completed", from_column=words, said=said)


def _of_rows(log: ServiceLog, yes: Which, unknown: Which) -> Said:
    """What the rows of support say of each referral."""
    here = log.support_of >= 0
    return _said(_any(log, yes & here), _any(log, unknown & here))


def _any(log: ServiceLog, rows: Which) -> Which:
    found = np.zeros(len(log), dtype=bool)
    found[log.support_of[rows]] = True
    return found


def _no_word(cells: NDArray[Any]) -> Which:
    return np.asarray((cells == "") | (cells == UNMAPPED))


def _unrecorded(name: str, words: str, reason: str) -> Stage:
    return Stage(name=name, from_column=words, said=None, reason=reason)


# What must have come before, in words: nobody can be met who did not take up the offer, nor
# go to what was arranged without that it was arranged. A talk and a plan can be left out, and
# a planned ending can come without an activity: those are "skipped".
_AFTER_CONTACT = ("assessed", "planned", "linked", "attended", "completed")
IMPLIED_BY: Mapping[str, tuple[str, ...]] = {
    "accepted": ("contacted", *_AFTER_CONTACT),
    "contacted": _AFTER_CONTACT,
    "linked": ("attended",),
}
