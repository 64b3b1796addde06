"""Groups that cannot be compared: nobody in one, too few practices, a practice in two."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.models.variables import level_codes, level_label
from splw_eval.retention.checks import finding, is_missing, may_name, where
from splw_eval.retention.columns import TimeRows

if TYPE_CHECKING:
    import pandas as pd

_FEWEST = 2  # practices of a group, below which its own error cannot be seen
_LONGEST = 100_000  # days, some 270 years
_NO_EPISODES = (
    "Compare groups that both have episodes. People who were never referred cannot stay or "
    "leave: what both have is retention in measurement."
)


def check_episodes(frame: pd.DataFrame, by: str, time: str, event: str) -> Iterator[Finding]:
    """Groups without any episode: nobody in them has a time and an ending.

    Parameters
    ----------
    frame : DataFrame
    by, time, event : str

    Yields
    ------
    Finding
    """
    if any((frame.columns == name).sum() != 1 for name in (by, time, event)):
        return
    codes, levels = level_codes(frame[by])
    seen = frame[time].notna().to_numpy() & frame[event].notna().to_numpy()
    sizes = np.bincount(codes[codes >= 0], minlength=len(levels))
    there = np.bincount(codes[(codes >= 0) & seen], minlength=len(levels)) > 0
    without = [level for level, some in zip(levels, there, strict=True) if not some]
    yield from _without_episodes([level_label(x) for x in without], sizes.tolist(), by)


def _without_episodes(names: Sequence[str], sizes: Sequence[int], by: str) -> Iterator[Finding]:
    if names and not may_name(sizes):
        count = f"{len(names)} group has" if len(names) == 1 else f"{len(names)} groups have"
        problem = f"{count} no episode, so no retention"
        yield finding("SR10", problem, _NO_EPISODES, column=by)
        return
    for name in names:
        problem = f'the group "{name}" has no episode, so it has no retention'
        yield finding("SR10", problem, _NO_EPISODES, column=by)


def check_arms(rows: TimeRows, reference: Any, by: str, cluster: str | None) -> Iterator[Finding]:
    """Everything that keeps the groups from being compared.

    Parameters
    ----------
    rows : TimeRows
    reference : object
    by : str
    cluster : str or None

    Yields
    ------
    Finding
    """
    group = rows.group
    assert group is not None
    sizes = np.bincount(group.codes, minlength=group.count).tolist()
    yield from _without_episodes([level_label(x) for x in group.nobody], sizes, by)
    if group.count < 2 and not group.nobody:  # noqa: PLR2004 - a comparison is of two
        yield finding("SR10", "there is one group only", _NO_EPISODES, column=by)
    # More than a few are not arms, and may be practices or people.
    names = f" They are: {', '.join(group.names)}." if may_name(sizes) else ""
    if reference is None and group.count > 2:  # noqa: PLR2004
        problem = f"there are {group.count} groups, and none is said to be compared with"
        yield finding("SR12", problem, f"Name one of them: reference=.{names}", column=by)
    elif reference is not None and is_missing(reference):
        problem = "reference= is missing (NaN or NA), which is no group"
        yield finding("SR12", problem, f"Name one of the groups.{names}", column=by)
    elif reference is not None and reference_place(rows, reference) is None:
        problem = "reference= names no group that there is"
        yield finding("SR12", problem, f"Name one of the groups.{names}", column=by)
    if not (rows.event > 0).any():
        problem = "everybody was still engaged when last seen, so there is nothing to compare"
        yield finding("SR14", problem, "Say how many were followed, and for how long.")
    if rows.cluster is not None and cluster is not None:
        yield from _practices(rows, cluster)


def _practices(rows: TimeRows, cluster: str) -> Iterator[Finding]:
    group, practice = rows.group, rows.cluster
    assert group is not None
    assert practice is not None
    there = np.zeros((practice.count, group.count), dtype=bool)
    there[practice.codes, group.codes] = True
    several = there.sum(axis=1) > 1
    yield from where(
        "SR11",
        several[practice.codes],
        f"{int(several.sum())} practices have people in several groups",
        "Give each practice one group, the one it was allocated to; groups of people within "
        "practices need another method.",
        column=cluster,
    )
    remedy = "Compare groups of two practices or more; more are needed for any certainty."
    alone = [n for n, own in zip(group.names, there.T, strict=True) if own.sum() < _FEWEST]
    if alone and not may_name(np.bincount(group.codes).tolist()):
        count = f"{len(alone)} group has" if len(alone) == 1 else f"{len(alone)} groups have"
        problem = f"{count} one practice, which cannot be told from the group"
        yield finding("SR07", problem, remedy, column=cluster)
        return
    for name in alone:
        problem = f'the group "{name}" has one practice, which cannot be told from the group'
        yield finding("SR07", problem, remedy, column=cluster)


def check_whole_days(rows: TimeRows, horizon: Any, time: str) -> Iterator[Finding]:
    """Parts of days, which the comparison by practice does not count.

    Parameters
    ----------
    rows : TimeRows
    horizon : float
    time : str

    Yields
    ------
    Finding
    """
    if rows.cluster is None or not isinstance(horizon, int | float | np.number):
        return
    remedy = "Round them down to whole days."
    parts = rows.time != np.floor(rows.time)
    yield from where(
        "SR02", parts, "parts of days, where whole days are counted", remedy, column=time
    )
    if np.isfinite(horizon) and horizon != np.floor(horizon):
        yield finding("SR09", "the horizon is no whole number of days", "Give for example 365.")
    if horizon > _LONGEST:
        problem = f"the horizon is more than {_LONGEST:,} days"
        yield finding("SR09", problem, "Give times and horizon in days.")


def reference_place(rows: TimeRows, reference: Any) -> int | None:
    """Place of the group that others are compared with; None where there is none such.

    Parameters
    ----------
    rows : TimeRows
    reference : object
        A level, or its text.

    Returns
    -------
    int or None
    """
    assert rows.group is not None
    if is_missing(reference) or not isinstance(reference, Hashable):
        return None
    for place, (level, name) in enumerate(zip(rows.group.levels, rows.group.names, strict=True)):
        if level == reference or name == str(reference):
            return place
    return None


def cause_code(causes: Mapping[int, str], cause: Any) -> int | None:
    """Code of a cause given by its code or by its name; None where there is none such.

    Parameters
    ----------
    causes : mapping of int to str
    cause : object

    Returns
    -------
    int or None
    """
    if is_missing(cause) or not isinstance(cause, Hashable):
        return None
    for code, name in causes.items():
        if not isinstance(cause, bool) and cause in (code, name):
            return code
    return None
