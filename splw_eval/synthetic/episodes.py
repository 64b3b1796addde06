"""Referrals to the link workers of a synthetic programme, from offer to close."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.synthetic.link_workers import Staff
from splw_eval.synthetic.people import Cast, Columns, Days, emptied, numbered, yes_no
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Flags, Stream, Whole, Words

_ACCEPTED, _SEEN = 0.88, 0.93
_STOPS, _STOPS_AFTER_CHANGE = 0.2, 0.35
_OPEN = 0.03  # never closed in the files
_NEVER = np.datetime64("NaT", "D")
LEVELS = ("signposting", "light", "medium", "holistic")
# Fewest and most contacts meant at each level.
_MEANT = ((1, 2), (3, 5), (6, 11), (9, 17))
# Days from referral to the first contact, between the next few, and between later ones.
_GAPS, _WEEKLY = ((8, 42), (6, 16), (10, 35)), 4
_REASONS = (
    "loneliness",
    "low mood",
    "money",
    "housing",
    "long-term condition",
    "physical activity",
    "caring",
    "employment",
)
_WHY_STOPPED = {
    "lost contact": 34,
    "declined": 10,
    "moved": 8,
    "died": 4,
    "travel cost": 8,
    "remote contact": 6,
    "employment or caring": 11,
    "ill-health": 15,
    "other": 4,
}
_WHY_NEVER_SEEN = {"lost contact": 45, "referral delay": 35, "no place in service": 20}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episodes:
    """One episode for each person of the programme arm.

    Attributes
    ----------
    person : ndarray of int, shape (e,)
        Position in the cast.
    names : ndarray of str, shape (e,)
    seen : ndarray of bool, shape (e,)
        Whether a link worker ever saw the person.
    contacts : ndarray of int, shape (e,)
        How many contacts were made.
    days : ndarray of datetime64[D], shape (contacts,)
        Day of each contact, episode by episode.
    changed : ndarray of datetime64[D], shape (e,)
        Last day of a link worker who left while the support went on; NaT for none.
    died : ndarray of datetime64[D], shape (e,)
        Day of the close of those who died.
    columns : dict of str to ndarray
        The table of episodes.
    """

    person: Whole
    names: Words
    seen: Flags
    contacts: Whole
    days: Days
    changed: Days
    died: Days
    columns: Columns

    @property
    def of_contact(self) -> Whole:
        """Episode of each contact."""
        return np.repeat(np.arange(len(self.person)), self.contacts)


def make_episodes(its: Settings, cast: Cast, staff: Staff) -> Episodes:
    """Draw the episodes.

    Parameters
    ----------
    its : Settings
    cast : Cast
    staff : Staff

    Returns
    -------
    Episodes
        Nobody of the comparison arm has one: they were not referred.
    """
    person = np.flatnonzero(cast.arm == 0)
    n, stream = len(person), Stream(its.seed, "episodes")
    referred = cast.day[person] + stream.whole(0, 10, n).astype("m8[D]")
    accepted = stream.happens(_ACCEPTED, n)
    seen = accepted & stream.happens(_SEEN, n)
    level = np.searchsorted(np.array((0.06, 0.22, 0.62)), stream.uniform(n)).astype(np.int64)
    meant = np.where(seen, _meant(stream, level), 0)
    post = staff.of_person[person]
    days = _contact_days(stream, referred, meant, staff, post)
    made, changed, stopped = _stopped(stream, meant, days, staff, post)
    kept = _position(meant) < np.repeat(made, meant)
    days, starts = days[kept], np.concatenate([[0], np.cumsum(made)[:-1]])
    first, last = _first_and_last(days, starts, made)
    reason = _close_reason(stream, accepted, seen, stopped)
    closed = _close_date(stream, referred, last, accepted, seen)
    open_still = (reason != "declined") & stream.happens(_OPEN, n)
    names = numbered("synth-episode", n)
    columns: Columns = {
        "episode": names,
        "person": cast.columns["person"][person],
        "referral_date": referred,
        "source": stream.picked(
            (
                "general practitioner",
                "nurse",
                "other practice staff",
                "self",
                "social care",
                "hospital",
            ),
            (62, 12, 15, 6, 3, 2),
            n,
        ),
        "reason": _joined(stream, n),
        "accepted": yes_no(accepted),
        "first_contact_date": first,
        "close_date": np.where(open_still, _NEVER, closed),
        "close_reason": np.where(open_still, "", reason).astype(object),
        "offered_date": cast.day[person],
        "declared_level": emptied(
            stream, np.where(seen, np.array(LEVELS, dtype=object)[level], "").astype(object), 0.1
        ),
        "prior_episode": yes_no(stream.happens(0.12, n)),
    }
    return Episodes(
        person=person,
        names=names,
        seen=seen,
        contacts=made,
        days=days,
        changed=changed,
        died=np.where(reason == "died", closed, _NEVER),
        columns=columns,
    )


def _meant(stream: Stream, level: Whole) -> Whole:
    """Contacts meant at each person's level."""
    low, high = (np.array(limit, dtype=np.int64) for limit in zip(*_MEANT, strict=True))
    span = high[level] - low[level] + 1
    return low[level] + np.floor(stream.uniform(len(level)) * span).astype(np.int64)


def _position(times: Whole) -> Whole:
    """0, 1, 2, ... within each episode."""
    starts = np.cumsum(times) - times
    return np.arange(int(times.sum())) - np.repeat(starts, times)


def _contact_days(stream: Stream, referred: Days, meant: Whole, staff: Staff, post: Whole) -> Days:
    """Days of all contacts meant; nobody is seen between two link workers."""
    position, each = _position(meant), np.repeat(np.arange(len(meant)), meant)
    n = len(position)
    first, soon, later = (stream.whole(low, high, n) for low, high in _GAPS)
    gap = np.where(position == 0, first, np.where(position < _WEEKLY, soon, later))
    total = np.cumsum(gap)
    before = np.concatenate([[0], total])[np.cumsum(meant) - meant]
    days = referred[each] + (total - before[each]).astype("m8[D]")
    held = post[each]
    away = (staff.comes - staff.leaves)[held]
    moved: Days = np.where(days > staff.leaves[held], days + away, days)
    return moved


def _stopped(
    stream: Stream, meant: Whole, days: Days, staff: Staff, post: Whole
) -> tuple[Whole, Days, Words]:
    """Contacts made, day of a change of link worker, and why the support stopped early."""
    n = len(meant)
    each = np.repeat(np.arange(n), meant)
    before = np.bincount(each[~(days > staff.leaves[post[each]])], minlength=n)
    changes = (before > 0) & (before < meant)
    by_change = changes & stream.happens(_STOPS_AFTER_CHANGE, n)
    by_other = ~by_change & (meant > 1) & stream.happens(_STOPS, n)
    some = 1 + np.floor(stream.uniform(n) * np.maximum(meant - 1, 1)).astype(np.int64)
    made = np.where(by_change, before, np.where(by_other, some, meant))
    changes &= by_change | (made > before)
    why = stream.picked(tuple(_WHY_STOPPED), tuple(_WHY_STOPPED.values()), n)
    why = np.where(by_change, "change of link worker", np.where(by_other, why, "")).astype(object)
    return made, np.where(changes, staff.leaves[post], _NEVER), why


def _first_and_last(days: Days, starts: Whole, made: Whole) -> tuple[Days, Days]:
    if not len(days):
        return np.full(len(made), _NEVER), np.full(len(made), _NEVER)
    some = made > 0
    first = np.where(some, days[np.minimum(starts, len(days) - 1)], _NEVER)
    return first, np.where(some, days[np.maximum(starts + made - 1, 0)], _NEVER)


def _close_reason(stream: Stream, accepted: Flags, seen: Flags, stopped: Words) -> Words:
    n = len(accepted)
    good = stream.picked(("planned completion", "goals met"), (6, 4), n)
    never = stream.picked(tuple(_WHY_NEVER_SEEN), tuple(_WHY_NEVER_SEEN.values()), n)
    reason = np.where(stopped != "", stopped, good)
    reason = np.where(seen, reason, never)
    return np.where(accepted, reason, "declined").astype(object)


def _close_date(stream: Stream, referred: Days, last: Days, accepted: Flags, seen: Flags) -> Days:
    """Some weeks after the last contact; a few were closed too early, as happens."""
    n = len(referred)
    after = stream.whole(5, 40, n)
    after = np.where(stream.happens(0.01, n), -2, after)
    unseen = referred + np.where(accepted, 60 + after, after).astype("m8[D]")
    closed: Days = np.where(seen, last + after.astype("m8[D]"), np.maximum(unseen, referred))
    return closed


def _joined(stream: Stream, n: int) -> Words:
    """One to three reasons for referral, parted by semicolons."""
    first, second = stream.whole(0, 7, n), stream.whole(1, 7, n)
    many = np.searchsorted(np.array((0.45, 0.85)), stream.uniform(n))
    rows = zip(first.tolist(), second.tolist(), many.tolist(), strict=True)
    return np.array([";".join(_some_reasons(*row)) for row in rows], dtype=object)


def _some_reasons(first: int, step: int, more: int) -> list[str]:
    places = [first, (first + step) % 8, (first + step // 2 + 4) % 8]
    return list(dict.fromkeys(_REASONS[place] for place in places[: more + 1]))
