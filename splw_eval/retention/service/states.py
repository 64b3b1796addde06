"""Episodes as stays in states: referred, engaged, and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

REFERRED, ENGAGED, NOT_OVER = "referred", "engaged", ""
BEFORE = -1  # a row covers the days after its start, and day 0 counts


def state_rows(frame: pd.DataFrame, causes: Mapping[int, str]) -> pd.DataFrame:
    """Cut each episode at its first contact.

    Parameters
    ----------
    frame : DataFrame
        Of `Episodes`.
    causes : mapping of int to str
        Word of each code of an ending; 0 is still engaged.

    Returns
    -------
    DataFrame
        As `Episodes.rows_of_states` says, in the order of the episodes.
    """
    import pandas as pd

    first, day = frame["first_contact_day"].to_numpy(), frame["day"].to_numpy()
    event = frame["event"].to_numpy()
    seen = ~np.isnan(first)
    contact = np.where(seen, first, 0).astype(np.int64)
    # Seen on the day of the ending: no day is left on which the person was engaged. Whoever is
    # still open moves on that day, and is seen in the new state from the next.
    straight = seen & (contact >= day) & (event != 0)
    moves = seen & ~straight
    stays = moves & (day > contact)
    ended = np.array([NOT_OVER, *(causes[code] for code in sorted(causes) if code)], dtype=object)
    ending = ended[event]
    position = np.concatenate([np.arange(len(frame)), np.flatnonzero(stays)])
    later = np.arange(len(position)) >= len(frame)
    rows = frame.iloc[position][["episode", "person", "cluster", "arm"]].reset_index(drop=True)
    rows["start"] = np.where(later, contact[position], BEFORE)
    rows["stop"] = np.where(~later & moves[position], contact[position], day[position])
    rows["state"] = np.where(later, ENGAGED, REFERRED).astype(object)
    rows["next_state"] = np.where(~later & moves[position], ENGAGED, ending[position])
    order = np.lexsort((later, position))
    return pd.DataFrame(rows.iloc[order].reset_index(drop=True))
