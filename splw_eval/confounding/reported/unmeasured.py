"""How strong something unmeasured would have to be, for the report."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from splw_eval.confounding.differences.e_value import e_value
from splw_eval.confounding.reported.adjusted import adjusted_of
from splw_eval.confounding.reported.asked import Asked, comparable
from splw_eval.confounding.reported.told import result_of
from splw_eval.core.confounding_rows import LIMIT, POINT, AdjustedRow, EValueRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.people_frame import AFTER, GROUP
from splw_eval.stats.e_value import ratio_of_difference

_NOT_NEEDED = (
    "No E-value is given: chance decided the groups and people were found alike, so what was not "
    "measured differs between them by chance only, which the interval allows for."
)
_READING = (
    "The adjusted difference by the method of this design, divided by the standard deviation of "
    "the outcome within groups (d), is turned into about a ratio of risks, exp(0.91 d). The "
    "E-value is the smallest such ratio that something unmeasured would need both with the group "
    "and with the outcome, beyond all that was adjusted for, to explain the difference away.",
    "The ratio supposes an outcome cut in two near its middle, so read the E-value as a rough "
    "size. It says nothing of missing scores or of error of measurement, and a large one does not "
    "show that there is nothing unmeasured.",
)
_SOURCES = ("VanderWeele & Ding 2017, Ann Intern Med 167:268",)


def describe_e_values(study: Study) -> Result[EValueRow]:
    """Give the E-values of the adjusted difference and of the limit nearer to none.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of EValueRow
        None where chance decided the groups; a note says so.
    """
    rows: list[EValueRow] = []
    notes: list[Note | str] = []
    for asked in comparable(study, notes):
        if asked.pair.randomised:
            notes.append(_NOT_NEEDED)
            continue
        found, _ = adjusted_of(asked, study.plan.primary.name)
        default = next((row for row in found if row.default == "yes"), None)
        if default is None:
            notes.append(
                "No E-value is given, as the method of this design gave no adjusted difference."
            )
        else:
            rows += _rows(asked, default)
    if rows:
        notes += _READING
    return result_of(
        "e_values", "What would explain it away", EValueRow, rows, notes, _SOURCES, "ratio"
    )


def _rows(asked: Asked, row: AdjustedRow) -> Iterator[EValueRow]:
    spread = _within(asked)
    if row.estimate is None or not spread > 0:
        return
    point = row.estimate / spread
    yield _row(asked, row, POINT, point, point)
    if row.conf_low is None or row.conf_high is None:
        return
    nearer = (row.conf_low if row.estimate > 0 else row.conf_high) / spread
    yield _row(asked, row, LIMIT, nearer, point)


def _row(asked: Asked, row: AdjustedRow, of: str, size: float, point: float) -> EValueRow:
    ratio = ratio_of_difference(size)
    both = e_value(ratio_of_difference(point), limit=ratio)
    return EValueRow(
        outcome=row.outcome,
        compared=row.compared,
        of=of,
        n_smaller=asked.smaller,
        difference=size,
        risk_ratio=ratio,
        e_value=both[1],
    )


def _within(asked: Asked) -> float:
    """Standard deviation of the outcome within groups."""
    people = asked.usable
    parts = [people.loc[people[GROUP] == g, AFTER].to_numpy() for g in (0, 1)]
    total = sum(float(((x - x.mean()) ** 2).sum()) for x in parts)
    return math.sqrt(total / max(len(people) - 2, 1)) if all(map(np.size, parts)) else math.nan
