"""Rows (start, stop] of engaged people with causes of leaving that change over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding, Severity
from splw_eval.data import Study
from splw_eval.retention.checks import finding, refuse
from splw_eval.retention.service.engaged import SETTLED, WHO, Engaged, held_back
from splw_eval.retention.service.episodes import Episodes, build_episodes
from splw_eval.retention.service.exposures import share_remote, travel_cost, worker_changes
from splw_eval.retention.service.findings import plain, rows_of
from splw_eval.retention.service.read_columns import LONGEST, is_number, is_whole
from splw_eval.retention.service.states import BEFORE

if TYPE_CHECKING:
    import pandas as pd

EXPOSURES = (
    "worker_changed",
    "days_since_change",
    "share_remote",
    "days_to_first_contact",
    "travel_cost",
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CausesOverTime:
    """Stretches of days of engaged people, each with its causes as they stood before it.

    Attributes
    ----------
    frame : DataFrame
        One row for each stretch in which no cause changed, from the first contact on:
        ``episode``, ``person``, ``cluster``, ``arm``, ``start``, ``stop`` (days from the first
        contact, whatever day 0 of the episodes is; the row covers the days after `start` up to
        and on `stop`), ``event`` (cause of the ending in
        the last row of an episode, 0 in the others), ``worker_changed`` (1 or 0),
        ``days_since_change`` (0 where there was none), ``share_remote`` (0 to 1),
        ``days_to_first_contact`` (days waited from referral) and ``travel_cost`` (pounds).
        What is not known is missing.
    waiting : DataFrame
        One row for each episode up to its first contact, without these causes, in days from
        referral: ``start`` (-1), ``stop``, ``event`` (0 where the first contact came, or still
        waiting) and ``contacted``. Empty where days count from the first contact.
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
    shielded: bool = True,
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
    shielded : bool
        Where silence can end an episode, hold back what contacts and support tell by the days
        of that silence and 28 more (see Notes). False gives the causes as they were recorded,
        which is a record and nothing to fit a model of dropping out to.

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
    Rows begin at the first contact, or `lag_days` - 1 later, and count days from it: nobody can
    lose touch by silence until so many days after it, and counted from referral that shield
    would last longer for those who waited longer. The days before stand in `waiting`. Whoever
    ended by the day on which the rows would begin is counted.

    Losing touch is dated so many days after the last attended contact. In between nobody who is
    about to leave can be seen, and those who stay are: a cause taken from the records of these
    days would follow from staying or leaving. So what contacts and support tell is held back,
    for everybody alike, by the days of silence and 28 more, as whoever was just seen is not due on
    the next day. Until then it is as the first contact had it.

    That shields well where contacts come every few weeks or on irregular days. Where they keep a
    slower rhythm, the day of one contact still tells of the day of the next, and something
    remains: in made services in which nothing causes leaving, the ratio of `worker_changed` was
    about 1.15 with 30 to 60 days between contacts and 0.95 with 45 to 79. Holding back for longer
    gave between 0.78 and 1.13, so a ratio that near to 1 should not be read as an effect there.

    The link worker changed on the first day of an attended contact with another one than that
    of the first attended contact, or on the day after the last day in post of that first one, if
    earlier. The end of a post does not depend on the person, so it is not held back. A missed
    contact changes nothing: somebody who has left may well be called by another. The share of
    remote contacts leaves those of unknown mode out. The cost is `cost_to_client` of the last
    support that was recorded with a cost; of several on one day, the highest. Costs are what the
    person paid, of which travel is a part. Contacts of one day count in the order of mode and
    link worker, so that the order of the rows of the files makes no difference.

    Hazard ratios of these causes are associations: what changes over time may itself follow from
    how engaged somebody is.
    """
    refuse(_given(of))
    episodes = build_episodes(of) if isinstance(of, Study) else of
    lag = episodes.settings.lag_days if lag_days is None else lag_days
    refuse(_options(lag, last_contacts, split_days))
    lag = int(lag)
    log = episodes.endings.contacts is not None
    back = held_back(episodes.settings, contact_log=log) if shielded else 0
    engaged = Engaged(episodes, lag, back)
    start, place = engaged.cuts(split_days)
    frame, event = engaged.rows(start, place), episodes.frame["event"].to_numpy()
    last = np.append(place[1:] != place[:-1], [True])[: len(place)]
    frame["event"] = np.where(last, event[place], 0)
    by, told = engaged.known_by(start)
    changed, since = worker_changes(engaged.log, place, by, told)
    frame["worker_changed"], frame["days_since_change"] = changed, since
    frame["share_remote"] = share_remote(engaged.log, place, told, last_contacts)
    frame["days_to_first_contact"] = engaged.waited[place]
    frame["travel_cost"] = travel_cost(engaged.log, place, told)
    waiting = _waiting(episodes)
    return CausesOverTime(
        frame=frame,
        waiting=waiting,
        causes=episodes.causes,
        rules=_rules(lag, back, last_contacts, split_days),
        counts=_counts(episodes, engaged, frame, waiting),
        findings=(*episodes.findings, *_missing(frame), *_too_late(episodes, engaged)),
    )


def _given(of: Any) -> Iterator[Finding]:
    if not isinstance(of, Study | Episodes):
        problem = "the first argument is no Study, and no Episodes"
        yield finding("SR12", problem, "Give what load_study or build_episodes gave.")


def _options(lag: Any, last_contacts: Any, split_days: Any) -> Iterator[Finding]:
    if is_number(lag) and lag < 1:
        problem = "with a lag below 1 day a cause could be the consequence of the ending"
        yield finding("SR36", problem, "Give lag_days of 1 or more whole days.")
    elif not is_whole(lag, 1):
        problem = f"lag_days is no whole number from 1 to {LONGEST:,}"
        yield finding("SR12", problem, "Give lag_days of 1 or more whole days.")
    for name, value in (("last_contacts", last_contacts), ("split_days", split_days)):
        if not is_whole(value, 1) and not (name == "split_days" and value is None):
            problem = f"{name} is no whole number from 1 to {LONGEST:,}"
            yield finding("SR12", problem, "Give such a number.")


def _waiting(episodes: Episodes) -> pd.DataFrame:
    """One row for each episode, from day 0 to the first contact or the ending before it."""
    frame = episodes.frame
    first, day = frame["first_contact_day"].to_numpy(), frame["day"].to_numpy()
    seen, event = ~np.isnan(first), frame["event"].to_numpy()
    on_the_day = seen & (first >= day) & (event != 0)
    rows = frame[WHO].copy()
    rows["start"] = BEFORE
    rows["stop"] = np.where(seen, np.where(seen, first, 0), day).astype(np.int64)
    rows["event"] = np.where(seen & ~on_the_day, 0, event)
    rows["contacted"] = seen
    return rows.iloc[:0] if episodes.settings.time_zero == "first_contact" else rows


def _rules(lag: int, back: int, last_contacts: int, split_days: int | None) -> dict[str, str]:
    days = f"{lag} {'day' if lag == 1 else 'days'}"
    return {
        "rows": "Rows begin at the first contact and count days from it; days before it stand "
        "apart as waiting.",
        "lag": f"Each cause is taken as it stood {days} before the first day of its row.",
        "held back": "What contacts and support tell counts as soon as that."
        if not back
        else f"What contacts and support tell is taken as it stood {back} days earlier still, and "
        f"until then as the first contact had it: {back - SETTLED} days for the silence in which "
        f"nobody about to be lost can be seen, {SETTLED} for the rhythm of contacts. Where they "
        "come in a slower rhythm than that, a ratio can still lie somewhat off 1 for no cause.",
        "worker_changed": "Another link worker than the first had an attended contact, or the post "
        "of the first ended, which is not held back. Missed contacts change nothing.",
        "days_since_change": "Days since that change, 0 before it."
        + (f" Rows are cut every {split_days} days, so that it counts on." if split_days else ""),
        "share_remote": f"Share of remote ones among the last {last_contacts} attended contacts.",
        "days_to_first_contact": "Days from referral to the first contact.",
        "travel_cost": "What the person paid for the last support whose cost was recorded.",
    }


def _counts(
    episodes: Episodes, engaged: Engaged, frame: pd.DataFrame, waiting: pd.DataFrame
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


def _too_late(episodes: Episodes, engaged: Engaged) -> Iterator[Finding]:
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
