"""Where support was given, and how much of it beside what was planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan.declared import PlannedSupport
from splw_eval.core.planned_rows import PlacedRow, PlannedRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.data.parse import distinct
from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.retention.delivery.log_tables import spread
from splw_eval.retention.delivery.per_person import outside
from splw_eval.retention.delivery.service_log import ServiceLog, service_log
from splw_eval.retention.reported.told import by_arm, named
from splw_eval.retention.service.rules import rules_of

NOT_RECORDED = "not recorded"
NOT_STATED = "not stated"
_WEEK = 7
_MOST = 0.01  # of a minute or week: rounding of a mean is no difference
_PLACES = (
    "Attended contacts alone. A contact by telephone or on line has no place but where the file "
    "gives one."
)
_PLANNED = (
    "People with an attended contact whose referral was over by the data cut; where no file says "
    "which are over, everybody with an attended contact.",
    "Minutes are the mean of those contacts of a person that have minutes. Weeks run from the "
    "first attended contact to the last; one contact is 0 weeks.",
    "As planned: not fewer than the plan says, and not more; of weeks, not more.",
)
Values = NDArray[np.float64]
Which = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measure:
    name: str
    unit: str
    among: str
    values: Values
    low: float | None
    high: float | None

    @property
    def planned(self) -> str:
        if self.high is None:
            return NOT_STATED
        return f"{self.low:g} to {self.high:g}" if self.low else f"up to {self.high:g}"


def describe_places(study: Study) -> Result[PlacedRow]:
    """Count attended contacts by where they were.

    Parameters
    ----------
    study : Study
        With tables of episodes and contacts.

    Returns
    -------
    Result of PlacedRow
        Of each group, the most frequent first; empty cells are told as not recorded. No rows
        where no file holds the place.
    """
    log = _log(study)
    rows = tuple(_places(study, log))
    none = "No file says where contacts were: contacts.place is not kept."
    return Result(
        key="places",
        title="Where support was given",
        unit="contacts",
        row_type=PlacedRow,
        rows=rows,
        notes=(Note(text=_PLACES if rows else none),),
    )


def _log(study: Study) -> ServiceLog:
    held = rules_of(study.plan.retention, None)
    return service_log(study, which_episode=held.which_episode, by=by_arm(study))


def _places(study: Study, log: ServiceLog) -> Iterator[PlacedRow]:
    table = log.contacts
    if table is None or "place" not in table.columns:
        return
    attended = np.flatnonzero(log.attended())
    words, code = distinct(table.text("place"))
    names = [NOT_RECORDED if not w else "other words" if w == UNMAPPED else w for w in words]
    code, of = code[attended], log.contact_of[attended]
    for group, referrals in log.by_group():
        mine = np.isin(of, referrals)
        total, times = int(mine.sum()), np.bincount(code[mine], minlength=len(names))
        for place in np.argsort(-times, kind="stable"):
            if not times[place]:
                continue
            n = int(times[place])
            yield PlacedRow(
                group=named(study, group),
                place=names[place],
                people=len(np.unique(of[mine & (code == place)])),
                contacts=n,
                of_contacts=total,
                others=total - n,
                share=n / total,
            )


def describe_planned(study: Study) -> Result[PlannedRow]:
    """Set contacts, minutes and weeks of each person beside what the plan says of them.

    Parameters
    ----------
    study : Study
        With tables of episodes and contacts; [tidier.planned] of its plan has the numbers.

    Returns
    -------
    Result of PlannedRow
        For each group with contacts. Without planned numbers the spread alone.
    """
    log = _log(study)
    tidier = study.plan.tidier
    planned = tidier.planned if tidier is not None else None
    every = _measures(log, planned or PlannedSupport())
    rows = tuple(
        _row(named(study, group), one, one.values[referrals])
        for group, referrals in log.by_group()
        for one in every
    )
    rows = tuple(row for row in rows if row.known)
    return Result(
        key="planned",
        title="Planned and delivered",
        unit="as each row says",
        row_type=PlannedRow,
        rows=rows,
        notes=tuple(Note(text=words) for words in _PLANNED),
    )


def _measures(log: ServiceLog, planned: PlannedSupport) -> tuple[_Measure, ...]:
    if log.contacts is None or log.episodes is None:
        return ()
    attended, closed = log.attended(), log.closed()
    times = log.times(attended).astype(np.float64)
    over = (times > 0) & (closed if closed is not None else True)
    among = "people with a contact" if closed is None else "people with a contact, referral over"
    minutes = log.contacts.number("minutes")
    timed = attended & ~np.isnan(minutes)
    with_minutes = log.times(timed)
    added = np.bincount(log.contact_of[timed], weights=minutes[timed], minlength=len(log))
    per_contact = np.where(with_minutes > 0, added / np.maximum(with_minutes, 1), np.nan)
    told = (
        ("contacts attended", "contacts", among, times, planned.contacts),
        ("minutes of a contact", "minutes", f"{among}, with minutes", per_contact, planned.minutes),
        ("first to last contact", "weeks", f"{among} and day", _weeks(log), planned.span),
    )
    return tuple(
        _Measure(
            name=name,
            unit=unit,
            among=whom,
            values=np.where(over, values, np.nan),
            low=None if ends is None else ends[0],
            high=None if ends is None else ends[1],
        )
        for name, unit, whom, values, ends in told
    )


def _weeks(log: ServiceLog) -> Values:
    """Weeks from the first to the last attended contact within the referral, shape (n,)."""
    out = np.logical_or.reduce(list(outside(log).values()))
    kept = np.flatnonzero(log.attended() & ~out)
    of, day = log.contact_of[kept], log.contact_days()[kept].astype(np.int64)
    ends = np.iinfo(np.int64)
    first, last = np.full(len(log), ends.max), np.full(len(log), ends.min)
    np.minimum.at(first, of, day)
    np.maximum.at(last, of, day)
    there = first <= last
    return np.where(there, np.where(there, last - np.where(there, first, 0), 0) / _WEEK, np.nan)


def _row(group: str, one: _Measure, values: Values) -> PlannedRow:
    found = spread(values)
    known = values[~np.isnan(values)]
    parts = _parts(one, known)
    shares = tuple(None if n is None else n / len(known) for n in parts)
    return PlannedRow(
        group=group,
        measure=one.name,
        unit=one.unit,
        planned=one.planned,
        among=one.among,
        known=found["known"],
        lower=found["lower"],
        median=found["median"],
        upper=found["upper"],
        fewer=parts[0],
        within=parts[1],
        more=parts[2],
        share_fewer=shares[0],
        share_within=shares[1],
        share_more=shares[2],
    )


def _parts(one: _Measure, known: Values) -> tuple[int | None, int | None, int | None]:
    """People with less, as much and more than planned; nobody has less than nothing."""
    if one.high is None or not len(known):
        return None, None, None
    more = int((known > one.high + _MOST).sum())
    if not one.low:
        return None, len(known) - more, more
    fewer = int((known < one.low - _MOST).sum())
    return fewer, len(known) - fewer - more, more
