"""The columns of a frame of days and endings, read and checked together."""

from __future__ import annotations

import json
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Finding
from splw_eval.models.variables import level_label
from splw_eval.retention.asked_columns import Asked, ColumnReader, is_code
from splw_eval.retention.checks import finding, refuse
from splw_eval.retention.labels import Labels

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

_SPARE = 1 << 16  # a table of codes may be so much longer than the column


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TimeRows:
    """Rows of days and endings, found usable.

    Attributes
    ----------
    time : ndarray, shape (n,)
        Days, 0 or more.
    event : ndarray of int, shape (n,)
        0 for still engaged, else the code of the cause.
    start, weights : ndarray, shape (n,), or None
    group, cluster, person, stratum : Labels or None
        Groups that nobody belongs to are among the levels where pandas' categories name them.
    causes : mapping of int to str
        Name of every cause, in the order of the codes: those declared, or those found.
    """

    time: Floats
    event: Codes
    start: Floats | None
    weights: Floats | None
    group: Labels | None
    cluster: Labels | None
    person: Labels | None
    stratum: Labels | None
    causes: Mapping[int, str] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Rows."""
        return len(self.time)


def read_rows(frame: pd.DataFrame, asked: Asked, *, more: Sequence[Finding] = ()) -> TimeRows:
    """Read the columns of a frame.

    Parameters
    ----------
    frame : DataFrame
    asked : Asked
    more : sequence of Finding
        Of the options, to be told with those of the columns.

    Returns
    -------
    TimeRows

    Raises
    ------
    RetentionError
        With everything found wrong, each with its column and its rows counted from 1.
    """
    check_kind(frame)
    check_names(asked)
    reader = ColumnReader(frame, asked)
    found = [*more, *reader.missing_columns(), *check_causes(asked.causes)]
    time, event = reader.times(), reader.events()
    start, weights = reader.starts(time), reader.weights()
    labels = {role: reader.labels(role, name) for role, name in asked.labelled.items()}
    refuse([*found, *reader.found])
    assert time is not None
    assert event is not None
    strata = [label for role, label in labels.items() if role.startswith("stratum") and label]
    return TimeRows(
        time=time,
        event=event,
        start=start,
        weights=weights,
        group=labels.get("group"),
        cluster=labels.get("practice"),
        person=labels.get("person"),
        stratum=_crossed(strata),
        causes=_named_causes(event, asked.causes),
    )


def check_kind(frame: Any) -> None:
    """Refuse what is no data frame.

    Raises
    ------
    FitError
        It is something else.
    """
    import pandas as pd

    if not isinstance(frame, pd.DataFrame):
        raise FitError(
            "The first argument must be a pandas DataFrame.",
            remedy="Read a file with pandas.read_csv, or make one with pandas.DataFrame.",
        )


def check_names(asked: Asked) -> None:
    """Refuse what can be no name of a column, such as a list of names.

    Raises
    ------
    FitError
        For the first of them.
    """
    for role in ("time", "event", "by", "cluster", "start", "weights", "person", "strata"):
        if not isinstance(getattr(asked, role), Hashable):
            remedy = f'Write for example {role}="column".'
            raise FitError(f"{role}= must be the name of one column.", remedy=remedy)
        if role in ("time", "event") and getattr(asked, role) is None:
            remedy = f'Write for example {role}="column".'
            raise FitError(f"{role}= is needed: the name of one column.", remedy=remedy)


def check_causes(causes: Any) -> Iterator[Finding]:
    """Names of causes that are no mapping of whole numbers to words; 0 is still engaged.

    Yields
    ------
    Finding
    """
    remedy = 'Write for example causes={1: "completed", 2: "dropped out"}.'
    if causes is None:
        return
    if not isinstance(causes, Mapping) or not causes:
        yield finding("SR12", "causes= gives no names by code", remedy)
        return
    if any(is_code(name) for name in causes.values()) and not any(map(is_code, causes)):
        problem = "causes= is turned round: the code comes first, then its name"
        yield finding("SR12", problem, remedy)
        return
    if not all(map(is_code, causes)) or min(causes) < 0 or max(causes) < 1:
        yield finding("SR12", "causes= has a code that is no whole number from 0", remedy)
    if any(not isinstance(name, str) or not name.strip() for name in causes.values()):
        yield finding("SR12", "causes= gives a code no name", remedy)
    elif len(set(causes.values())) < len(causes):
        yield finding("SR12", "causes= gives two codes one name", "Give each a name of its own.")


def nobody_engaged(event: Codes, rows: str = "row") -> Iterator[str]:
    """That no row has event 0 where there are several codes: 1 may be meant for censored.

    Parameters
    ----------
    event : ndarray of int, shape (rows,)
    rows : str
        What is said to have no event 0.

    Yields
    ------
    str
    """
    if event.size and event.min() > 0 and event.max() > event.min():
        yield (
            f"No {rows} has event 0, so nobody counts as still engaged when last seen; in some "
            "programs 1 means censored: recode it to 0."
        )


def _named_causes(event: Codes, causes: Mapping[int, str] | None) -> Mapping[int, str]:
    if causes is not None:
        return {int(code): str(causes[code]) for code in sorted(causes) if code > 0}
    few = event.size and event.max() <= len(event) + _SPARE
    there = np.flatnonzero(np.bincount(event)) if few else np.unique(event)
    return {int(code): f"cause {int(code)}" for code in there if code > 0}


def _crossed(labels: list[Labels]) -> Labels | None:
    """One label for each combination of strata that occurs."""
    if not labels:
        return None
    joined = labels[0].codes
    for other in labels[1:]:
        joined = joined * len(other.levels) + other.codes
    found, codes = np.unique(joined, return_inverse=True)
    rows = [int(np.flatnonzero(joined == place)[0]) for place in found]
    parts = [[label.levels[label.codes[row]] for label in labels] for row in rows]
    names = [", ".join(level_label(level) for level in levels) for levels in parts]
    several = len(labels) > 1 and any(", " in level_label(one) for each in parts for one in each)
    if several or len(set(names)) < len(names):
        # Quotes tell "1" from 1, and "p, q" from "p" and "q".
        names = [", ".join(_quoted(level) for level in levels) for levels in parts]
    return Labels(codes=codes.astype(np.int64), levels=tuple(names))


def _quoted(level: Any) -> str:
    return json.dumps(level, ensure_ascii=False) if isinstance(level, str) else level_label(level)
