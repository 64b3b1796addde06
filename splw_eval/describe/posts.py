"""Posts of link workers: who was in post when, who left, and how many people they took on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.provider_rows import TurnoverRow, YearRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.data.checks.joins import index_of, positions
from splw_eval.describe.settings import FEWEST_WORKERS

Days = NDArray[np.datetime64]
_YEAR = 365.25
_MONTH = _YEAR / 12
_GUIDE = "200 to 250"
_NO_SPAN = "No day of a referral, contact or data cut is known, so nobody's time in post is."
_FEW = (
    f"Fewer than {FEWEST_WORKERS} link workers were in post, or the days of their posts are gone."
)
GUIDE = (
    "Role pages of primary care in England speak of 200 to 250 people a year for a full-time link "
    "worker, and of about 40 open at once. Only people of this study are counted here: who also "
    "sees others has more."
)
_COUNTED = (
    "Link workers whose first day or share of a full-time post is not known are left out, and so "
    "are people whom only they met."
)
_LESS = "Less than a year of full-time posts, or too few link workers."
GUIDE_SOURCE = (
    "Surrey Training Hub, and North East and North Cumbria primary-care role pages: 200 to 250 "
    "people a year; OpenActive, Numbers and measures: about 40 open at once"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posts:
    """Posts of all link workers of the table, in its order.

    Attributes
    ----------
    start, end : ndarray of datetime64[D], shape (workers,)
        NaT where not known, or not ended.
    since, until : datetime64[D] or None
        The span of the study: from its first referral or contact to its data cut, or last contact.
    during : ndarray of bool, shape (workers,)
        In post on any day of the span; everybody where no day is known.
    left : ndarray of bool, shape (workers,)
        Of those: who left by the end of it.
    """

    start: Days
    end: Days
    since: np.datetime64 | None
    until: np.datetime64 | None
    during: NDArray[np.bool_]
    left: NDArray[np.bool_]

    @property
    def known(self) -> bool:
        """Whether the span and the days of posts are known."""
        return self.since is not None and self.until is not None and bool(self.during.any())

    def told(self) -> tuple[NDArray[np.bool_], str]:
        """Whom figures of posts are about, shape (workers,), and how they are called.

        Those in post on the last day; where one or two left, all who were in post on any day, as
        the difference between the two would say how many.
        """
        if not self.known:
            return np.ones(len(self.start), dtype=bool), "of all link workers"
        if 0 < self.left.sum() < FEWEST_WORKERS:
            return self.during, "of all in post during the study"
        return self.during & ~self.left, "of those in post at the end"

    def months(self) -> NDArray[np.float64]:
        """Months in post up to the end of the span or of the post, shape (workers,)."""
        if self.until is None:
            return np.full(len(self.start), np.nan)
        over = np.isnat(self.end) | (self.end > self.until)
        days = (np.where(over, self.until, self.end) - self.start).astype("m8[D]")
        return np.where(np.isnat(days), np.nan, days.astype(np.float64) / _MONTH)


def posts_of(study: Study) -> Posts:
    """Give the posts of the table of link workers.

    Parameters
    ----------
    study : Study
        With a table of link workers.

    Returns
    -------
    Posts
    """
    table = study.tables["link_workers"]
    start, end = table.date("start_date"), table.date("end_date")
    since, until = _span(study)
    during = np.zeros(len(table), dtype=bool)
    if since is not None and until is not None:
        during = ~np.isnat(start) & (start <= until) & ~(end < since)
    left = during & (end <= until) if until is not None else during
    return Posts(start=start, end=end, since=since, until=until, during=during, left=left)


def _span(study: Study) -> tuple[np.datetime64 | None, np.datetime64 | None]:
    days = [
        study.tables[table].date(column)
        for table, column in (("episodes", "referral_date"), ("contacts", "date"))
        if table in study.tables
    ]
    cut = study.plan.data_cut
    every = np.concatenate([*days, np.empty(0, dtype="M8[D]")])
    every = every[~np.isnat(every)]
    last = np.datetime64(cut, "D") if cut is not None else every.max() if len(every) else None
    every = every if last is None else every[every <= last]
    return (every.min() if len(every) else None), last


def _month_of(day: np.datetime64) -> str:
    return f"{day.astype('datetime64[D]').item():%B %Y}"


def describe_turnover(study: Study) -> Result[TurnoverRow]:
    """Count link workers in post during the study, and those who left.

    Parameters
    ----------
    study : Study
        With a table of link workers.

    Returns
    -------
    Result of TurnoverRow
        No row where fewer than three were in post.
    """
    posts = posts_of(study)
    there = posts.during
    rows: tuple[TurnoverRow, ...] = ()
    if posts.since is not None and posts.until is not None and there.sum() >= FEWEST_WORKERS:
        left, ever = int(posts.left.sum()), int(there.sum())
        rows = (
            TurnoverRow(
                since=_month_of(posts.since),
                until=_month_of(posts.until),
                ever=ever,
                in_post=ever - left,
                left=left,
                share_left=left / ever,
            ),
        )
    told = (
        "Whoever was in post on any day from the first referral or contact to the end counts; "
        "who left by the end is counted, for whatever reason. Link workers without a first day are "
        "left out."
    )
    none = _NO_SPAN if posts.until is None or posts.since is None else _FEW
    return Result(
        key="turnover",
        title="Who came and who left",
        unit="link workers",
        row_type=TurnoverRow,
        rows=rows,
        notes=(Note(text=told if rows else none),),
    )


def describe_year(study: Study) -> Result[YearRow]:
    """Give the people met for each year of a full-time post, beside the guide numbers.

    Parameters
    ----------
    study : Study
        With tables of link workers, episodes and contacts.

    Returns
    -------
    Result of YearRow
        Nothing of fewer than three link workers, or of less than one year of a full-time post.
    """
    posts, table = posts_of(study), study.tables["link_workers"]
    there = posts.during & (table.number("fte") > 0)
    rows: tuple[YearRow, ...] = ()
    if there.sum() >= FEWEST_WORKERS and posts.since is not None and posts.until is not None:
        full = _post_years(posts, table.number("fte"), there)
        if full >= 1:
            people = _met(study, there)
            rows = (
                YearRow(
                    workers=int(there.sum()),
                    people=people,
                    post_years=full,
                    per_year=int(people / full + 0.5),
                    guide=_GUIDE,
                ),
            )
    words = (GUIDE, _COUNTED) if rows else (_LESS,)
    return Result(
        key="people_a_year",
        title="People a year of a full-time post",
        unit="people",
        row_type=YearRow,
        rows=rows,
        notes=tuple(Note(text=text) for text in words),
        sources=(GUIDE_SOURCE,) if rows else (),
    )


def _post_years(posts: Posts, fte: NDArray[np.float64], there: NDArray[np.bool_]) -> float:
    """Years within the span, each times the share of a full-time post."""
    since, until = posts.since, posts.until
    assert since is not None
    assert until is not None
    over = np.isnat(posts.end[there]) | (posts.end[there] > until)
    end = np.where(over, until, posts.end[there])
    begin = np.maximum(posts.start[there], since)
    return float(((end - begin).astype("m8[D]").astype(np.float64) / _YEAR * fte[there]).sum())


def _met(study: Study, there: NDArray[np.bool_]) -> int:
    """People with an attended contact by the data cut, with one of those whose posts count."""
    contacts, episodes = study.tables["contacts"], study.tables["episodes"]
    episode = positions(contacts.text("episode"), index_of(episodes.text("episode")))
    came = episode >= 0
    if "attended" in contacts.columns:
        came &= contacts.number("attended") == 1
    if study.plan.data_cut is not None:
        came &= ~(contacts.date("date") > np.datetime64(study.plan.data_cut, "D"))
    # A contact with somebody whose post counts for no time must not count for people either.
    names = contacts.text("link_worker")
    worker = positions(names, index_of(study.tables["link_workers"].text("link_worker")))
    came &= (names == "") | ((worker >= 0) & there[worker])
    person = positions(episodes.text("person"), study.people.index)[episode[came]]
    return len(np.unique(person[person >= 0]))
