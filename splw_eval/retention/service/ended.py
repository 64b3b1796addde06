"""How and when each episode of the table ended, and which of them cannot be used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.data.checks.joins import positions
from splw_eval.data.parse import each
from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.retention.service.contact_log import (
    NO_DAY,
    Contacts,
    Days,
    Flags,
    read_contacts,
    whole_days,
)
from splw_eval.retention.service.rules import LOST_TOUCH, NOT_KNOWN, NOT_RECORDED, STILL_OPEN
from splw_eval.retention.service.silence import NEVER, find_silences

_DROPPED_OUT = 2
NO_DAY_OF_END = "ended, day not recorded"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Endings:
    """Every row of the table of episodes; days are those since 1970-01-01.

    Attributes
    ----------
    used : ndarray of bool, shape (episodes,)
    left_out : dict of str to ndarray of bool, shape (episodes,)
        Episodes that are not used, each under the first reason that holds.
    person : ndarray of int, shape (episodes,)
        Position in People; -1 where there is none.
    referral, first_contact, end : ndarray of int, shape (episodes,)
        `NO_DAY` where there is none; the end is that by the rules, or the data cut.
    event : ndarray of int, shape (episodes,)
        0 still open, 1 planned, 2 dropped out, 3 another reason, 4 not recorded.
    ending : ndarray of str, shape (episodes,)
        Close reason, or "lost touch", "still open", "not recorded".
    by_rule, came_back, late_close : ndarray of bool, shape (episodes,)
        Lost touch by days without contact; a contact after such a silence; closed after the
        data cut.
    closed_as : ndarray of int, shape (episodes,)
        Code of the close reason of those closed by the data cut; 0 for the others.
    planned_undated : ndarray of bool, shape (episodes,)
        A planned close reason without a day of close.
    contacts : Contacts or None
    """

    used: Flags
    left_out: dict[str, Flags]
    person: Days
    referral: Days
    first_contact: Days
    end: Days
    event: Days
    ending: NDArray[Any]
    by_rule: Flags
    came_back: Flags
    late_close: Flags
    closed_as: Days
    planned_undated: Flags
    contacts: Contacts | None

    @property
    def contacted(self) -> Flags:
        """Whether anybody saw the person before the ending, or on its day."""
        seen: Flags = (self.first_contact != NO_DAY) & (self.first_contact <= self.end)
        return seen


def end_episodes(study: Study, rules: EpisodeRules) -> Endings:
    """Apply the rules to every row of the table of episodes.

    Parameters
    ----------
    study : Study
        With a table of episodes.
    rules : EpisodeRules

    Returns
    -------
    Endings
    """
    table, cut = study.tables["episodes"], last_day(study)
    referral, close = (whole_days(table.date(name)) for name in ("referral_date", "close_date"))
    person = positions(table.text("person"), study.people.index)
    left_out = _not_placed(study, person, referral, close, cut)
    closed = (close != NO_DAY) & (close <= cut)
    ends = np.where(closed, close, cut)
    begins = np.where(np.logical_or.reduce(list(left_out.values())), NO_DAY, referral)
    contacts = read_contacts(study, begins, ends, cut)
    # A first contact that only the table of episodes knows was a contact all the same.
    said = whole_days(table.date("first_contact_date"))
    said = np.where((begins != NO_DAY) & (said >= begins) & (said <= ends), said, NO_DAY)
    first = _first(contacts, said)
    lost, came_back = np.full(len(table), NEVER), np.zeros(len(table), dtype=bool)
    if rules.days_without_contact and contacts is not None:
        episode, day = _attended(contacts, said)
        until = np.where(closed, close - 1, cut)
        start = np.where(begins == NO_DAY, cut + 1, referral)
        found = find_silences(rules, episode=episode, day=day, begins=start, until=until)
        lost, came_back = found.met, found.came_back
    by_rule = lost != NEVER
    reason = table.text("close_reason")
    cause = each(reason, rules.cause_of, np.int64)
    undated = (close == NO_DAY) & (reason != "")
    _leave_out_by_rules(rules, left_out, person, referral, first, undated)
    return Endings(
        used=~np.logical_or.reduce(list(left_out.values())),
        left_out=left_out,
        person=person,
        referral=referral,
        first_contact=first,
        end=np.where(by_rule, lost, ends),
        event=np.where(by_rule, _DROPPED_OUT, np.where(closed, cause, 0)),
        ending=np.where(by_rule, LOST_TOUCH, np.where(closed, _word(reason), STILL_OPEN)),
        by_rule=by_rule,
        came_back=came_back,
        late_close=(close != NO_DAY) & (close > cut),
        closed_as=np.where(closed, cause, 0),
        planned_undated=undated & (cause == 1),
        contacts=contacts,
    )


def last_day(study: Study) -> int:
    """Last day covered: the data cut, or the last day of any episode or contact."""
    if study.plan.data_cut is not None:
        return int(np.datetime64(study.plan.data_cut, "D").astype(np.int64))
    tables = [study.tables[name] for name in ("episodes", "contacts") if name in study.tables]
    days = [whole_days(c) for t in tables for c in t.columns.values() if c.dtype.kind == "M"]
    return max((int(d.max()) for d in days if len(d)), default=NO_DAY)


def _not_placed(
    study: Study, person: Days, referral: Days, close: Days, cut: int
) -> dict[str, Flags]:
    arm = np.append(study.people.arm, -1)[person]
    wrong = {
        "of nobody in the study": arm < 0,
        "without a day of referral": referral == NO_DAY,
        "referred after the data cut": referral > cut,
        "closed before the referral": (close != NO_DAY) & (close < referral),
    }
    before = np.zeros(len(person), dtype=bool)
    for why, rows in wrong.items():
        wrong[why] = rows & ~before
        before |= rows
    return wrong


def _leave_out_by_rules(
    rules: EpisodeRules,
    left_out: dict[str, Flags],
    person: Days,
    referral: Days,
    first: Days,
    undated: Flags,
) -> None:
    before = np.logical_or.reduce(list(left_out.values()))
    later = np.zeros(len(person), dtype=bool)
    if rules.which_episode == "first":
        rows = np.flatnonzero(~before)
        order = rows[np.lexsort((referral[rows], person[rows]))]  # ties stay in the file's order
        later[order[1:][person[order][1:] == person[order][:-1]]] = True
    left_out["a later episode of the same person"] = later
    # Only after the first is chosen: a later episode does not take the place of such a one.
    left_out[NO_DAY_OF_END] = undated = undated & ~before & ~later
    never = np.zeros(len(person), dtype=bool)
    if rules.time_zero == "first_contact":
        never = (first == NO_DAY) & ~before & ~later & ~undated
    left_out["never contacted"] = never


def _first(contacts: Contacts | None, said: Days) -> Days:
    """Day of the first attended contact, or what the table of episodes says, if earlier."""
    first = np.where(said == NO_DAY, NEVER, said)
    if contacts is not None:
        episode, day = contacts.where(contacts.attended)
        np.minimum.at(first, episode, day)
    return np.where(first == NEVER, NO_DAY, first)


def _attended(contacts: Contacts, said: Days) -> tuple[Days, Days]:
    """Episode and day of attended contacts, with the first contact of the table of episodes."""
    episode, day = contacts.where(contacts.attended)
    more = np.flatnonzero(said != NO_DAY)
    episode, day = np.concatenate([episode, more]), np.concatenate([day, said[more]])
    order = np.lexsort((day, episode))
    return episode[order], day[order]


def _word(reason: NDArray[Any]) -> NDArray[Any]:
    words = {"": NOT_RECORDED, UNMAPPED: NOT_KNOWN}
    return each(reason, lambda term: words.get(term, term), object)
