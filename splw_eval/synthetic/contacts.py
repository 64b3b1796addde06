"""Contacts with link workers in a synthetic programme, and the support that was given."""

from __future__ import annotations

import numpy as np

from splw_eval.synthetic.episodes import Episodes
from splw_eval.synthetic.link_workers import Staff
from splw_eval.synthetic.people import Cast, Columns, emptied, numbered, yes_no
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Flags, Numbers, Stream, Words

_NOT_RECORDED = 0.18  # minutes of contacts that took place
_ATTENDED, _UNSAID = 0.83, 0.06
# Rows of support by the studies in which the review found each of its four components.
_CATEGORIES = {
    "discovering what matters": 13,
    "arranging support": 16,
    "therapeutic relationship": 13,
    "practical arrangements": 15,
}


def contact_table(its: Settings, cast: Cast, staff: Staff, episodes: Episodes) -> Columns:
    """Table of contacts; what nobody wrote down is empty."""
    each, days = episodes.of_contact, episodes.days
    n, stream = len(each), Stream(its.seed, "contacts")
    opening = np.concatenate([[True], each[1:] != each[:-1]])[:n]
    mode = stream.picked(
        ("in person", "telephone", "video", "text message", "email"), (46, 38, 5, 8, 3), n
    )
    mode = np.where(opening & (mode != "telephone"), "in person", mode).astype(object)
    came = opening | stream.happens(_ATTENDED, n)
    unsaid = ~opening & stream.happens(_UNSAID, n)
    place = _places(stream, mode)
    purpose = stream.picked(
        ("planning", "review", "listening", "practical help", "going along", "arranging"),
        (16, 24, 24, 16, 8, 12),
        n,
    )
    post = staff.of_person[episodes.person[each]]
    need = cast.columns["interpreter"][episodes.person[each]] == "yes"
    return {
        "contact": numbered("synth-contact", n),
        "episode": episodes.names[each],
        "date": days,
        "link_worker": staff.names[staff.seeing(post, days)],
        "mode": emptied(stream, mode, 0.02),
        "minutes": _minutes(stream, mode, opening, came),
        "attended": np.where(unsaid, "", yes_no(came)).astype(object),
        "place": emptied(stream, place, 0.08),
        "purpose": np.where(opening, "first conversation", purpose).astype(object),
        "home_visit": yes_no(place == "home"),
        "accompanied": yes_no((purpose == "going along") & ~opening & (mode == "in person")),
        "interpreter": yes_no(need & stream.happens(0.8, n)),
    }


def _places(stream: Stream, mode: Words) -> Words:
    met = stream.picked(
        ("practice", "home", "community venue", "activity", "outdoors"),
        (42, 20, 25, 8, 5),
        len(mode),
    )
    return np.where(mode == "in person", met, "remote").astype(object)


def _minutes(stream: Stream, mode: Words, opening: Flags, came: Flags) -> Numbers:
    """Minutes in fives; empty where nobody came or nobody wrote them down."""
    n = len(mode)
    long = 5 * stream.whole(5, 12, n)
    short = 5 * stream.whole(1, 6, n)
    written = np.isin(mode, ("text message", "email"))
    minutes = np.where(
        opening, 5 * stream.whole(6, 12, n), np.where(mode == "in person", long, short)
    )
    minutes = np.where(written, 5, minutes).astype(np.float64)
    return np.where(came & ~stream.happens(_NOT_RECORDED, n), minutes, np.nan)


def support_table(its: Settings, episodes: Episodes) -> Columns:
    """Table of support: some rows for each episode, each on a day of one of its contacts."""
    stream = Stream(its.seed, "support")
    most = np.minimum(episodes.contacts, 6)
    rows = np.where(most > 0, 1 + np.floor(stream.uniform(len(most)) * most), 0).astype(np.int64)
    each = np.repeat(np.arange(len(rows)), rows)
    n, starts = len(each), np.cumsum(episodes.contacts) - episodes.contacts
    within = np.floor(stream.uniform(n) * episodes.contacts[each]).astype(np.int64)
    category = stream.picked(tuple(_CATEGORIES), tuple(_CATEGORIES.values()), n)
    level = _levels(stream, category)
    arranged = (category == "arranging support") & (level != "signpost")
    went = arranged & stream.happens(0.62, n)
    sessions = np.where(arranged, np.where(went, stream.whole(1, 12, n), 0), np.nan)
    wait = np.where(arranged, 7 * stream.whole(0, 9, n), np.nan)
    cost = np.where(stream.happens(0.6, n), 0.0, stream.whole(2, 16, n) / 2)
    return {
        "episode": episodes.names[each],
        "category": category,
        "date": episodes.days[starts[each] + within] if n else episodes.days,
        "level": level,
        "activity_attended": np.where(arranged, emptied(stream, yes_no(went), 0.2), "").astype(
            object
        ),
        "sessions_attended": emptied(stream, sessions, 0.2),
        "wait_days": emptied(stream, wait, 0.15),
        "cost_to_client": emptied(stream, np.where(arranged, cost, np.nan), 0.15),
    }


def _levels(stream: Stream, category: Words) -> Words:
    """How far the link worker went along, as befits each kind of support."""
    n = len(category)
    arranged = stream.picked(("signpost", "refer", "accompany"), (35, 50, 15), n)
    return np.where(category == "arranging support", arranged, "direct help").astype(object)
