"""Rows (start, stop] of engaged people with causes of leaving that change over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from splw_eval.core.findings import Finding, Severity
from splw_eval.data import Study
from splw_eval.retention.checks import finding, refuse
from splw_eval.retention.service.contact_log import Days, Flags
from splw_eval.retention.service.episodes import Episodes, build_episodes
from splw_eval.retention.service.exposures import (
    Log,
    read_log,
    share_remote,
    travel_cost,
    worker_changes,
)
from splw_eval.retention.service.states import BEFORE
from splw_eval.retention.service.told import plain, rows_of

if TYPE_CHECKING:
    import pandas as pd

EXPOSURES = (
    "worker_changed",
    "days_since_change",
    "share_remote",
    "days_to_first_contact",
    "travel_cost",
)
_WHO = ["episode", "person", "cluster", "arm"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CausesOverTime:
    """Stretches of days of engaged people, each with its causes as they stood before it.

    Attributes
    ----------
    frame : DataFrame
        One row for each stretch in which no cause changed, from the first contact on:
        ``episode``, ``person``, ``cluster``, ``arm``, ``start``, ``stop`` (days from day 0; the
        row covers the days after `start` up to and on `stop`), ``event`` (cause of the ending in
        the last row of an episode, 0 in the others), ``worker_changed`` (1 or 0),
        ``days_since_change`` (0 where there was none), ``share_remote`` (0 to 1),
        ``days_to_first_contact`` (days waited from referral) and ``travel_cost`` (pounds).
        What is not known is missing.
    waiting : DataFrame
        One row for each episode up to its first contact, without these causes: ``start`` (-1),
        ``stop``, ``event`` (0 where the first contact came, or still waiting) and ``contacted``.
        Empty where days count from the first contact.
    causes : mapping of int to str
    rules : mapping of str to str
        How each cause is made, in words.
    counts : mapping of str to int
    findings : tuple of Finding
    """

    frame: pd.DataFrame
    waiting: pd.DataFrame
    causes: Mapping[int, str]
    rules: Mapping[str, str]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        n, endings = self.counts["episodes in the rows"], self.counts["endings in the rows"]
        return f"CausesOverTime({len(self.frame):,} rows of {n:,} episodes, {endings:,} endings)"


def time_varying_causes(
    of: Study | Episodes,
    *,
    lag_days: int | None = None,
    last_contacts: int = 3,
    split_days: int | None = None,
) -> CausesOverTime:
    """Cut each episode where a cause of leaving changes, and give each cause as it was before.

    Parameters
    ----------
    of : Study or Episodes
        A study is given the rules of its plan.
    lag_days : int, optional
        Days between the day on which a cause is known and the first day of its row, 1 or more.
        Left out: that of the rules.
    last_contacts : int
        How many attended contacts the share of remote ones looks back on.
    split_days : int, optional
        Cut the rows at least every so many days, so that `days_since_change` goes on counting.

    Returns
    -------
    CausesOverTime
        Its `frame` goes into ``splw_eval.fit_cox(frame, start="start", time="stop", event=...,
        cluster="cluster")``. Rows with a missing cause are for the reader to leave out or fill.

    Raises
    ------
    RetentionError
        An option cannot be used; a lag below 1 would let a cause be the consequence of what it
        is to explain.
    DataError
        No episode can be built; see `build_episodes`.

    Notes
    -----
    Rows begin at the first contact, as none of these causes exists before it (delayed entry), or
    `lag_days` - 1 later; a person who has waited is not taken for one who stayed. The days
    before stand in `waiting`. Whoever ended by the day on which the rows would begin is counted.

    The link worker changed on the first day of a contact, attended or not, with another one than
    that of the first attended contact, or on the day after the last day in post of that first
    one, if earlier: whoever leaves because of the change never meets the new one. The share of
    remote contacts leaves those of unknown mode out. The cost is `cost_to_client` of the last
    support that was recorded with a cost; of several on one day, the highest. Costs are what the
    person paid, of which travel is a part. Contacts of one day count in the order of mode and
    link worker, so that the order of the rows of the files makes no difference.

    Hazard ratios of these causes are associations: what changes over time may itself follow from
    how engaged somebody is.
    """
    episodes = build_episodes(of) if isinstance(of, Study) else of
    lag = episodes.settings.lag_days if lag_days is None else lag_days
    refuse(_options(lag, last_contacts, split_days))
    engaged = _Engaged(episodes, lag)
    start, place = engaged.cuts(split_days)
    frame, event = engaged.rows(start, place), episodes.frame["event"].to_numpy()
    last = np.append(place[1:] != place[:-1], [True])[: len(place)]
    frame["event"] = np.where(last, event[place], 0)
    by = start + 1 - lag
    frame["worker_changed"], frame["days_since_change"] = worker_changes(engaged.log, place, by)
    frame["share_remote"] = share_remote(engaged.log, place, by, last_contacts)
    frame["days_to_first_contact"] = engaged.waited[place].astype(float)
    frame["travel_cost"] = travel_cost(engaged.log, place, by)
    waiting = _waiting(episodes)
    return CausesOverTime(
        frame=frame,
        waiting=waiting,
        causes=episodes.causes,
        rules=_rules(lag, last_contacts, split_days),
        counts=_counts(episodes, engaged, frame, waiting),
        findings=(*episodes.findings, *_missing(frame), *_too_late(episodes, engaged)),
    )


class _Engaged:
    """The episodes from the day on which their rows begin."""

    def __init__(self, episodes: Episodes, lag: int) -> None:
        endings, self.frame, self.lag = episodes.endings, episodes.frame, lag
        used = np.flatnonzero(endings.used)
        by_contact = episodes.settings.time_zero == "first_contact"
        zero = (endings.first_contact if by_contact else endings.referral)[used]
        self.log: Log = read_log(episodes.study, endings.contacts, used, zero)
        first = self.frame["first_contact_day"].to_numpy()
        self.seen: Flags = ~np.isnan(first)
        self.entry: Days = np.where(self.seen, first, 0).astype(np.int64) + lag - 1
        self.waited: Days = endings.first_contact[used] - endings.referral[used]
        self.end: Days = self.frame["day"].to_numpy()
        self.held: Flags = self.seen & (self.entry < self.end)

    def cuts(self, split_days: int | None) -> tuple[Days, Days]:
        """Start and episode of each row, in the order of episode and day."""
        begin = np.flatnonzero(self.held)
        found = [(begin, self.entry[begin])]
        found += [(place, day + self.lag - 1) for place, day in self.log.days()]
        if split_days is not None:
            times = np.where(self.held, (self.end - self.entry - 1) // split_days, 0)
            place = np.repeat(np.arange(len(times)), times)
            step = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times) + 1
            found.append((place, self.entry[place] + step * split_days))
        place, day = (np.concatenate([pair[i] for pair in found]) for i in (0, 1))
        inside = self.held[place] & (day >= self.entry[place]) & (day < self.end[place])
        place, day = place[inside], day[inside]
        span = int(self.end.max(initial=0)) + 1
        key = np.unique(place * span + day)
        return key % span, key // span

    def rows(self, start: Days, place: Days) -> pd.DataFrame:
        """Whose row it is, and its days."""
        rows = self.frame[_WHO].iloc[place].reset_index(drop=True)
        rows["start"] = start
        stop, follows = self.end[place], place[1:] == place[:-1]
        stop[:-1][follows] = start[1:][follows]
        rows["stop"] = stop
        return rows


def _options(lag: int, last_contacts: int, split_days: int | None) -> Iterator[Finding]:
    if lag != int(lag) or lag < 1:
        problem = "with a lag below 1 day a cause could be the consequence of the ending"
        yield finding("SR36", problem, "Give lag_days of 1 or more whole days.")
    for name, value in (("last_contacts", last_contacts), ("split_days", split_days)):
        if value is not None and (value != int(value) or value < 1):
            yield finding("SR12", f"{name} is no whole number of 1 or more", "Give such a number.")


def _waiting(episodes: Episodes) -> pd.DataFrame:
    """One row for each episode, from day 0 to the first contact or the ending before it."""
    frame = episodes.frame
    first, day = frame["first_contact_day"].to_numpy(), frame["day"].to_numpy()
    seen, event = ~np.isnan(first), frame["event"].to_numpy()
    on_the_day = seen & (first >= day) & (event != 0)
    rows = frame[_WHO].copy()
    rows["start"] = BEFORE
    rows["stop"] = np.where(seen, np.where(seen, first, 0), day).astype(np.int64)
    rows["event"] = np.where(seen & ~on_the_day, 0, event)
    rows["contacted"] = seen
    return rows.iloc[:0] if episodes.settings.time_zero == "first_contact" else rows


def _rules(lag: int, last_contacts: int, split_days: int | None) -> dict[str, str]:
    days = f"{lag} {'day' if lag == 1 else 'days'}"
    return {
        "rows": "Rows begin at the first contact; days before it stand apart as waiting.",
        "lag": f"Each cause is taken as it stood {days} before the first day of its row.",
        "worker_changed": "Another link worker than the first was in contact, or the first left.",
        "days_since_change": "Days since that change, 0 before it."
        + (f" Rows are cut every {split_days} days, so that it counts on." if split_days else ""),
        "share_remote": f"Share of remote ones among the last {last_contacts} attended contacts.",
        "days_to_first_contact": "Days from referral to the first contact.",
        "travel_cost": "What the person paid for the last support whose cost was recorded.",
    }


def _counts(
    episodes: Episodes, engaged: _Engaged, frame: pd.DataFrame, waiting: pd.DataFrame
) -> dict[str, int]:
    late = engaged.seen & ~engaged.held
    counts = {
        "episodes": len(episodes),
        "never contacted before the ending": int((~engaged.seen).sum()),
        "over by the day on which rows begin": int(late.sum()),
        "episodes in the rows": int(engaged.held.sum()),
        "rows": len(frame),
        "endings": int((episodes.frame["event"] != 0).sum()),
        "endings in the rows": int((frame["event"] != 0).sum()),
        "rows of waiting": len(waiting),
    }
    return counts | {f"rows without {name}": int(frame[name].isna().sum()) for name in EXPOSURES}


def _missing(frame: pd.DataFrame) -> Iterator[Finding]:
    for name in EXPOSURES:
        wrong = int(frame[name].isna().sum())
        if wrong:
            people = (
                frame["episode"].nunique() - frame.loc[frame[name].notna(), "episode"].nunique()
            )
            problem = (
                f"{name} is not known in {wrong:,} of {len(frame):,} rows; of {people:,} episodes "
                "it is never known"
            )
            remedy = "Such rows stay missing; a model leaves them out."
            yield plain("SR37", Severity.WARNING, problem, remedy)


def _too_late(episodes: Episodes, engaged: _Engaged) -> Iterator[Finding]:
    """Tell of records of the day of an ending, or later, which explain nothing."""
    study, contacts = episodes.study, episodes.endings.contacts
    remedy = "They are not used: a cause must come before what it is to explain."
    if contacts is not None:
        over = episodes.endings.used & (episodes.endings.event > 0)
        late = over[contacts.episode] & (contacts.day >= episodes.endings.end[contacts.episode])
        table = study.tables["contacts"]
        wrong = np.zeros(len(table), dtype=bool)
        wrong[contacts.row[late]] = True
        problem = "a contact on or after the day of the ending"
        yield from rows_of(study, table, wrong, ("SR36", Severity.NOTE, problem, remedy))
    if "support" in study.tables:
        table, costs = study.tables["support"], engaged.log.costs
        ended = episodes.frame["event"].to_numpy() > 0
        late = ended[costs.place] & (costs.day >= engaged.end[costs.place])
        wrong = np.zeros(len(table), dtype=bool)
        wrong[engaged.log.cost_row[late]] = True
        problem = "a cost of support on or after the day of the ending"
        yield from rows_of(study, table, wrong, ("SR36", Severity.NOTE, problem, remedy))
