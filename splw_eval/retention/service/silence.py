"""The day on which touch was lost: so many days without an attended contact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import EpisodeRules

Days = NDArray[np.int64]
Flags = NDArray[np.bool_]

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Silences:
    """When the rule was met, and who came back.

    Attributes
    ----------
    met : ndarray of int, shape (episodes,)
        Day on which touch counts as lost, as the rules date it; `NEVER` where it was not.
    came_back : ndarray of bool, shape (episodes,)
        Whether an attended contact followed a silence of that length.
    """

    met: Days
    came_back: Flags


def find_silences(
    rules: EpisodeRules, *, episode: Days, day: Days, begins: Days, until: Days
) -> Silences:
    """Look for the silences that mean that touch was lost.

    Parameters
    ----------
    rules : EpisodeRules
        `days_without_contact` is above 0.
    episode, day : ndarray of int, shape (contacts,)
        Of each attended contact, in the order of episode and day.
    begins : ndarray of int, shape (episodes,)
        Day of referral.
    until : ndarray of int, shape (episodes,)
        Last day on which the rule can be met: the day before the close, or the data cut.

    Returns
    -------
    Silences

    Notes
    -----
    After a contact on day d the rule is met on day d + `days_without_contact` where no attended
    contact came up to and on that day. A contact on that day itself, or a close on it, comes
    before it. What is not over by the data cut is not met.

    With `returning` "last" the answer depends on days after the silence: whoever is lost at an
    early data cut may be un-lost at a later one. Those who entered late have had less time to
    come back, so more of them count as lost, by construction.
    """
    n = len(begins)
    if rules.before_first_contact == "silence" and rules.time_zero == "referral":
        episode = np.concatenate([np.arange(n), episode])
        day = np.concatenate([begins, day])
        order = np.lexsort((day, episode))
        episode, day = episode[order], day[order]
    followed = np.zeros(len(day), dtype=bool)
    followed[:-1] = episode[1:] == episode[:-1]
    last = until[episode]
    last[:-1][followed[:-1]] = day[1:][followed[:-1]] - 1
    reached = day + rules.days_without_contact
    met = reached <= last
    came_back = np.zeros(n, dtype=bool)
    came_back[episode[met & followed]] = True
    ends = met if rules.returning == "first" else met & ~followed
    when = day if rules.lost_touch_dated == "last_contact" else reached
    lost = np.full(n, NEVER, dtype=np.int64)
    np.minimum.at(lost, episode[ends], when[ends])
    return Silences(met=lost, came_back=came_back)
