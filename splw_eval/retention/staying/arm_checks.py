"""Groups that cannot be compared: nobody in one, too few practices, a practice in two."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.models.variables import level_codes, level_label
from splw_eval.retention.checks import finding, where
from splw_eval.retention.columns import TimeRows

if TYPE_CHECKING:
    import pandas as pd

_FEWEST = 2  # practices of a group, below which its own error cannot be seen
_FEW = 5  # groups
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
    for place, level in enumerate(levels):
        if not seen[codes == place].any():
            problem = f'the group "{level_label(level)}" has no episode, so it has no retention'
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
    for level in group.nobody:
        problem = f'the group "{level_label(level)}" has no episode, so it has no retention'
        yield finding("SR10", problem, _NO_EPISODES, column=by)
    if group.count < 2 and not group.nobody:  # noqa: PLR2004 - a comparison is of two
        yield finding("SR10", "there is one group only", _NO_EPISODES, column=by)
    # More than a few are not arms, and may be practices or people.
    names = f" They are: {', '.join(group.names)}." if group.count <= _FEW else ""
    if reference is None and group.count > 2:  # noqa: PLR2004
        problem = f"there are {group.count} groups, and none is said to be compared with"
        yield finding("SR12", problem, f"Name one of them: reference=.{names}", column=by)
    if reference is not None and reference_place(rows, reference) is None:
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
    for place, name in enumerate(group.names):
        if there[:, place].sum() < _FEWEST:
            yield finding(
                "SR07",
                f'the group "{name}" has one practice, which cannot be told from the group',
                "Compare groups of two practices or more; more are needed for any certainty.",
                column=cluster,
            )


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
    for place, (level, name) in enumerate(zip(rows.group.levels, rows.group.names, strict=True)):
        if reference is not None and (level == reference or name == str(reference)):
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
    for code, name in causes.items():
        if not isinstance(cause, bool) and cause in (code, name):
            return code
    return None
