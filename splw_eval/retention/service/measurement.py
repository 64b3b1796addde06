"""Retention in measurement: who went on being measured, in every arm, from time zero."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import planned_day, suggestion, window
from splw_eval.data import Study
from splw_eval.data.checks.joins import positions
from splw_eval.retention.service.contact_log import NO_DAY, Days, Flags, whole_days
from splw_eval.retention.service.practices import practice_codes

if TYPE_CHECKING:
    import pandas as pd

CAUSES = {0: "measured when last due", 1: "lost to measurement", 2: "died"}
_DEATH = re.compile(r"\b(died|dead|death|deceased)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MeasurementRetention:
    """Retention in measurement: one row for each person measured at baseline.

    Attributes
    ----------
    frame : DataFrame
        In the order of the people: ``person``, ``cluster`` (code, missing where unknown),
        ``arm`` (label), ``month`` and ``day`` (planned time of the first wave missed for good,
        or of the last wave due), ``event`` (0 to 2), ``ending`` (word), ``waves_due`` and
        ``waves_measured`` (of follow-up, among those due), ``missed_between`` (missed a wave and
        was measured again).
    causes : mapping of int to str
    outcome : str
        What counts as measured.
    rules : mapping of str to str
        In words.
    counts : mapping of str to int
        Everybody in the study, those apart, and those of each ending.
    findings : tuple of Finding
    """

    frame: pd.DataFrame
    causes: Mapping[int, str]
    outcome: str
    rules: Mapping[str, str]
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        said = ", ".join(f"{self.counts[name]:,} {name}" for name in self.causes.values())
        return f"MeasurementRetention({len(self):,}: {said})"


def measurement_retention(study: Study, outcome: str | None = None) -> MeasurementRetention:
    """Give each person the time at which they were lost to measurement.

    Parameters
    ----------
    study : Study
    outcome : str, optional
        Name of an outcome of the plan; left out, a score of any outcome counts as measured.

    Returns
    -------
    MeasurementRetention
        Its `frame` goes into ``splw_eval.retention_curve(frame, time="month", event="event",
        by="arm")``, or with ``time="day"``.

    Raises
    ------
    DataError
        The plan has no such outcome, or nobody was measured at baseline.

    Notes
    -----
    The event falls on the planned time of the first wave that was due, was missed, and after
    which the person was never measured again. Whoever was measured again later is not lost;
    they are counted. A wave not yet due at the data cut is not missed; a score that is there
    counts, whether its wave was due or not. Whoever is not lost is seen up to the last wave due.
    Who has no score at baseline stands apart, as there is nothing to be retained in.

    Death is a cause of its own where it is known: from a reason given for the missing score
    of the wave missed, or from an episode closed as died before the end of that wave. It is
    dated to that wave, as nothing else is.

    This is another outcome than engagement with the service (`build_episodes`): people who leave
    the service may be measured, and people of a group without link workers are measured too.
    """
    measured = _measured(study, outcome)
    due = study.due | measured
    kept = measured[:, 0]
    if not kept.any():
        raise DataError("Nobody was measured at baseline.", [_nobody(study, kept)])
    last_seen = _last(measured)
    last_due = _last(due)
    lost = last_due > last_seen
    wave = np.where(lost, last_seen + 1, last_due)
    died = lost & _died(study, outcome, wave)
    event = np.where(lost, np.where(died, 2, 1), 0)
    frame = _frame(study, measured, due, wave, event, kept)
    return MeasurementRetention(
        frame=frame,
        causes=dict(CAUSES),
        outcome=_label(study, outcome),
        rules=_RULES,
        counts=_counts(frame, kept, measured),
        findings=(_nobody(study, kept),) if not kept.all() else (),
    )


_RULES = {
    "time zero": "Time counts from the time zero of the plan, in planned months.",
    "lost": "Lost: at the first wave that was due, was missed, and was followed by no score.",
    "missed between": "Who was measured again later is not lost.",
    "not due": "A wave not yet due at the data cut is not missed.",
    "baseline": "Who has no score at baseline stands apart.",
    "death": "Death is kept apart where it is known, at the wave that it kept from being measured.",
}


def _measured(study: Study, outcome: str | None) -> Flags:
    """Whether each person has a score at each wave, shape (people, waves)."""
    if outcome is None:
        every: Flags = np.any([~np.isnan(score) for score in study.scores.values()], axis=0)
        return every
    if outcome not in study.scores:
        problem = f'the plan has no outcome "{outcome}"{suggestion(outcome, study.scores)}'
        remedy = "Write the name that [[outcomes]] gives it."
        found = Finding(code="SR20", severity=Severity.ERROR, problem=problem, remedy=remedy)
        raise DataError("Nothing can be measured by that outcome.", [found])
    return ~np.isnan(study.scores[outcome])


def _label(study: Study, outcome: str | None) -> str:
    if outcome is None:
        return "a score of any outcome"
    return next(o.label for o in study.plan.outcomes if o.name == outcome)


def _last(waves: Flags) -> Days:
    """Position of the last wave of each person; -1 where there is none."""
    width = waves.shape[1]
    last = width - 1 - np.argmax(waves[:, ::-1], axis=1)
    return np.where(waves.any(axis=1), last, -1)


def _died(study: Study, outcome: str | None, wave: Days) -> Flags:
    """Whether death is known to have kept somebody from a wave."""
    rows = np.arange(len(wave))
    death = np.array([bool(_DEATH.search(word)) for word in study.reason_names])
    names = [outcome] if outcome else list(study.reasons)
    said: Flags = np.any([death[study.reasons[name][rows, wave]] for name in names], axis=0)
    zero, died = study.people.time_zero, _day_of_death(study)
    if zero is None or died is None:
        return said
    ends = np.array([(window(w) or (0, planned_day(w)))[1] for w in study.plan.waves])
    start = whole_days(zero)
    known: Flags = (died != NO_DAY) & (start != NO_DAY) & (died - start <= ends[wave])
    return said | known


def _day_of_death(study: Study) -> Days | None:
    """Day on which an episode of each person was closed as died; `NO_DAY` for the others."""
    table = study.tables.get("episodes")
    if table is None or not {"person", "close_reason", "close_date"} <= set(table.columns):
        return None
    person = positions(table.text("person"), study.people.index)
    day = whole_days(table.date("close_date"))
    rows = (table.text("close_reason") == "died") & (person >= 0) & (day != NO_DAY)
    found = np.full(len(study.people), NO_DAY, dtype=np.int64)
    found[person[rows]] = day[rows]
    return found


def _frame(
    study: Study, measured: Flags, due: Flags, wave: Days, event: Days, kept: Flags
) -> pd.DataFrame:
    import pandas as pd

    month = np.array([float(w.month) for w in study.plan.waves])
    day = np.array([planned_day(w) for w in study.plan.waves])
    last = _last(measured)
    earlier = np.arange(measured.shape[1])[None, :] < last[:, None]
    between = np.any(~measured & earlier, axis=1)
    groups: NDArray[Any] = np.array([*study.plan.groups, None], dtype=object)
    return pd.DataFrame(
        {
            "person": study.people.ids[kept],
            "cluster": practice_codes(study, np.flatnonzero(kept)),
            "arm": groups[study.people.arm[kept]],
            "month": month[wave[kept]],
            "day": day[wave[kept]],
            "event": event[kept],
            "ending": np.array(list(CAUSES.values()), dtype=object)[event[kept]],
            "waves_due": due[kept, 1:].sum(axis=1),
            "waves_measured": measured[kept, 1:].sum(axis=1),
            "missed_between": between[kept],
        }
    )


def _counts(frame: pd.DataFrame, kept: Flags, measured: Flags) -> dict[str, int]:
    by_cause = np.bincount(frame["event"], minlength=len(CAUSES))
    return {
        "people": len(kept),
        "not measured at baseline, measured later": int((~kept & measured.any(axis=1)).sum()),
        "never measured": int((~measured.any(axis=1)).sum()),
        "measured at baseline": len(frame),
        **{name: int(by_cause[code]) for code, name in CAUSES.items()},
        "missed a wave and measured again": int(frame["missed_between"].sum()),
        "no follow-up due yet": int((frame["waves_due"] == 0).sum()),
    }


def _nobody(study: Study, kept: Flags) -> Finding:
    return Finding(
        code="SR38",
        severity=Severity.WARNING if kept.any() else Severity.ERROR,
        problem=f"{int((~kept).sum())} of {len(study.people)} people have no score at baseline",
        remedy="They stand in no curve of measurement, and are counted apart.",
    )
