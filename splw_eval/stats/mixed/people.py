"""People who see the same waves, side by side: their rows as arrays of one shape."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.mixed.moments import Places


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """People of one group who see the same waves.

    Attributes
    ----------
    waves : ndarray of int, shape (m,)
        Waves seen, in order.
    group : int
    rows : ndarray of int, shape (people, m)
        Where their rows stand.
    """

    waves: Places
    group: int
    rows: Places


def people_by_waves(
    person: Places, wave: Places, waves: int, group: Places | None = None
) -> list[People]:
    """Put people who see the same waves together.

    Parameters
    ----------
    person, wave : ndarray of int, shape (rows,)
        Codes from 0, in any order of rows; one row for each person and wave.
    waves : int
    group : ndarray of int, shape (rows,), optional
        Group of each row's person.

    Returns
    -------
    list of People
        Every row stands in exactly one of them.
    """
    order = np.lexsort((wave, person))
    sorted_person = person[order]
    first = np.flatnonzero(np.append(True, sorted_person[1:] != sorted_person[:-1]))
    code = np.add.reduceat(np.int64(1) << wave[order], first)
    if group is not None:
        code += group[order[first]] << waves
    patterns, which = np.unique(code, return_inverse=True)
    found = []
    for place, pattern in enumerate(patterns.tolist()):
        seen = np.flatnonzero(pattern >> np.arange(waves) & 1)
        start = first[which == place]
        rows = order[start[:, None] + np.arange(len(seen))]
        found.append(People(waves=seen, group=pattern >> waves, rows=rows))
    return found
