"""Link workers of a synthetic programme, and who sees whom on which day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.synthetic.people import (
    ALLOCATED,
    OPENED,
    Cast,
    Columns,
    Days,
    emptied,
    numbered,
    practice_sizes,
)
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Stream, Whole, Words

_PEOPLE_A_POST = 60
_FEWEST_SHARING = 4  # programme practices from which two link workers serve two practices each
_NEVER = np.datetime64("NaT", "D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Posts, and who holds each.

    Attributes
    ----------
    names : ndarray of str, shape (workers,)
    first, second : ndarray of int, shape (posts,)
        Link worker who holds a post, and who comes after; the same where nobody leaves.
    leaves, comes : ndarray of datetime64[D], shape (posts,)
        Last day of the first and first day of the second; NaT where nobody leaves.
    of_person : ndarray of int, shape (n,)
        Post that sees each person; -1 in the comparison arm.
    """

    names: Words
    first: Whole
    second: Whole
    leaves: Days
    comes: Days
    of_person: Whole

    def seeing(self, post: Whole, day: Days) -> Whole:
        """Link worker who holds a post on a day."""
        return np.where(day > self.leaves[post], self.second[post], self.first[post])


def make_staff(its: Settings, cast: Cast) -> Staff:
    """Give every programme practice a link worker, and every person one of them.

    Parameters
    ----------
    its : Settings
    cast : Cast

    Returns
    -------
    Staff
        Two link workers serve two practices each, where there are at least four (one
        where there are two or three); of the other posts, every other changes hands.
    """
    of_practice, shared = _posts(its)
    posts = 1 + max(max(held) for held in of_practice)
    stream = Stream(its.seed, "link workers who leave")
    changes = np.array([p >= shared and (p - shared) % 2 == 0 for p in range(posts)])
    leaves = OPENED + stream.whole(120, 390, posts).astype("m8[D]")
    comes = leaves + stream.whole(1, 45, posts).astype("m8[D]")
    first = np.arange(posts)
    second = np.where(changes, posts + np.cumsum(changes) - 1, first)
    return Staff(
        names=numbered("synth-worker", posts + int(changes.sum()), digits=2),
        first=first,
        second=second,
        leaves=np.where(changes, leaves, _NEVER),
        comes=np.where(changes, comes, _NEVER),
        of_person=_post_of_each(its, cast, of_practice),
    )


def _posts(its: Settings) -> tuple[list[list[int]], int]:
    """Posts of each programme practice, and how many are shared by two practices."""
    practices, sizes = its.practices[0], practice_sizes(its)[0]
    shared = 2 if practices >= _FEWEST_SHARING else practices // 2
    of_practice, new = [], shared
    for practice, size in enumerate(sizes):
        held = [practice // 2] if practice < 2 * shared else []
        more = max(1 - len(held), int(size) // _PEOPLE_A_POST)
        of_practice.append([*held, *range(new, new + more)])
        new += more
    return of_practice, shared


def _post_of_each(its: Settings, cast: Cast, of_practice: list[list[int]]) -> Whole:
    stream = Stream(its.seed, "link worker of each person")
    most = max(map(len, of_practice))
    table = np.array([held * most for held in of_practice], dtype=object)
    count = np.array([*map(len, of_practice), *[1] * its.practices[1]])
    drawn = np.floor(stream.uniform(len(cast)) * count[cast.practice]).astype(np.int64)
    post = np.full(len(cast), -1, dtype=np.int64)
    for person in np.flatnonzero(cast.arm == 0):
        post[person] = table[cast.practice[person]][drawn[person]]
    return post


def worker_table(its: Settings, staff: Staff) -> Columns:
    """Table of link workers."""
    n, stream = len(staff.names), Stream(its.seed, "table of link workers")
    start = ALLOCATED - stream.whole(30, 900, n).astype("m8[D]")
    end = np.full(n, _NEVER)
    gone = staff.second != staff.first
    end[staff.first[gone]] = staff.leaves[gone]
    start[staff.second[gone]] = staff.comes[gone]
    training = ("introductory course", "introductory course;coaching", "in-house induction")
    return {
        "link_worker": staff.names,
        "role_title": np.full(n, "social prescribing link worker", dtype=object),
        "fte": stream.whole(3, 5, n) / 5,
        "start_date": start,
        "end_date": end,
        "employer_type": stream.picked(
            ("voluntary organisation", "primary care network", "gp federation"), (5, 4, 1), n
        ),
        "age_band": stream.picked(("25-34", "35-44", "45-54", "55-64"), (3, 3, 3, 2), n),
        "sex": stream.picked(("female", "male"), (4, 1), n),
        "ethnicity": emptied(stream, np.full(n, "White", dtype=object), 0.2),
        "qualification": stream.picked(
            ("first degree", "master's degree", "neither"), (43, 24, 33), n
        ),
        "prior_background": stream.picked(
            ("voluntary sector", "social care", "health care", "housing", "community work"),
            (4, 2, 2, 1, 2),
            n,
        ),
        "training": stream.picked(training, (5, 3, 2), n),
        "supervision_hours": stream.whole(2, 8, n) / 2,
        "caseload": np.where(np.isnat(end), stream.whole(28, 55, n), np.nan),
        "band": stream.picked(("band 4", "band 5"), (1, 3), n),
    }
