"""Episodes from their first contact on, cut where something may change a cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import EpisodeRules
from splw_eval.retention.service.contact_log import Days, Flags
from splw_eval.retention.service.episodes import Episodes
from splw_eval.retention.service.exposures import Log, read_log

if TYPE_CHECKING:
    import pandas as pd

WHO = ["episode", "person", "cluster", "arm"]
SETTLED = 28
"""Days beyond the silence: whoever was just seen is not due on the next day. Where contacts keep a
rhythm slower than this, the day of one still tells of the day of the next; holding back longer
moves what remains about without mending it (docs/methods/retention.md has the sizes)."""


def held_back(rules: EpisodeRules, *, contact_log: bool) -> int:
    """Days by which what contacts and support tell is held back, beside the lag.

    Parameters
    ----------
    rules : EpisodeRules
    contact_log : bool
        Whether there is a table of contacts.

    Returns
    -------
    int
        0 where nobody can lose touch by silence.
    """
    if not rules.days_without_contact or not contact_log:
        return 0
    dated_later = rules.lost_touch_dated == "rule_met"
    return SETTLED + (rules.days_without_contact if dated_later else 0)


class Engaged:
    """The episodes from the day on which their rows begin; day 0 is that of the first contact.

    Attributes
    ----------
    log : Log
    seen, held : ndarray of bool, shape (episodes,)
        Contacted before the ending; with rows.
    waited : ndarray, shape (episodes,)
        Days from referral to the first contact.
    end : ndarray of int, shape (episodes,)
        Day of the ending or of the data cut, from the first contact.
    """

    def __init__(self, episodes: Episodes, lag: int, held_back: int) -> None:
        endings, self.frame = episodes.endings, episodes.frame
        used = np.flatnonzero(endings.used)
        first = self.frame["first_contact_day"].to_numpy()
        self.lag, self.held_back = lag, held_back
        self.seen: Flags = ~np.isnan(first)
        zero = np.where(self.seen, endings.first_contact[used], endings.referral[used])
        self.log: Log = read_log(episodes.study, endings.contacts, used, zero)
        self.waited: NDArray[np.float64] = np.where(
            self.seen, zero - endings.referral[used], np.nan
        )
        self.end: Days = endings.end[used] - zero
        self.held: Flags = self.seen & (lag - 1 < self.end)

    def cuts(self, split_days: int | None) -> tuple[Days, Days]:
        """Start and episode of each row, in the order of episode and day."""
        begin, entry = np.flatnonzero(self.held), self.lag - 1
        found = [(begin, np.full(len(begin), entry))]
        found += [(place, day + entry + self.held_back) for place, day in self.log.recorded()]
        found += [(place, day + entry) for place, day in self.log.posts()]
        if split_days is not None:
            times = np.where(self.held, (self.end - entry - 1) // split_days, 0)
            place = np.repeat(np.arange(len(times)), times)
            step = np.arange(len(place)) - np.repeat(np.cumsum(times) - times, times) + 1
            found.append((place, entry + step * split_days))
        place, day = (np.concatenate([pair[i] for pair in found]) for i in (0, 1))
        inside = self.held[place] & (day >= entry) & (day < self.end[place])
        place, day = place[inside], day[inside]
        span = int(self.end.max(initial=0)) + 1
        key = np.unique(place * span + day)
        return key % span, key // span

    def known_by(self, start: Days) -> tuple[Days, Days]:
        """Last day of which a row may know the posts, and what was recorded of the person.

        What the first contact itself told was known of everybody when the rows begin.
        """
        by = start + 1 - self.lag
        return by, np.maximum(by - self.held_back, 0)

    def rows(self, start: Days, place: Days) -> pd.DataFrame:
        """Whose row it is, and its days."""
        rows = self.frame[WHO].iloc[place].reset_index(drop=True)
        rows["start"] = start
        stop, follows = self.end[place], place[1:] == place[:-1]
        stop[:-1][follows] = start[1:][follows]
        rows["stop"] = stop
        return rows
