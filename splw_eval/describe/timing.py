"""How long after time zero people were met and measured."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Wave, planned_day, window
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import DaysRow
from splw_eval.data import Study
from splw_eval.describe.who_came import summarised

FIRST_CONTACT = "First contact"


def describe_days(study: Study) -> Result[DaysRow]:
    """Summarise the days from time zero to the first contact and to each measurement.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of DaysRow
        One row for each event and arm; none where no dates were kept.
    """
    rows = tuple(_rows(study)) if study.people.time_zero is not None else ()
    said = ["Only people with both dates are in a row. Negative days are before time zero."]
    if not rows:
        said = ["No file holds the date of time zero together with a date of what came after it."]
    elif any(row.event == FIRST_CONTACT for row in rows):
        said.append("First contact: with a link worker, the earliest of all episodes of a person.")
    return Result(
        key="days",
        title="When people were met and measured",
        unit="days",
        row_type=DaysRow,
        rows=rows,
        notes=tuple(Note(text=words) for words in said),
    )


def _rows(study: Study) -> Iterator[DaysRow]:
    events = [
        *([(FIRST_CONTACT, "", _first_contact(study))] if _has_contact_dates(study) else []),
        *(
            (wave.title, _planned(wave), _measured(study, code))
            for code, wave in enumerate(study.plan.waves)
        ),
    ]
    for event, planned, days in events:
        if not np.isnan(days).all():
            for code, arm in enumerate(study.plan.groups):
                summary = summarised(days[study.people.arm == code])
                kept = {k: summary[k] for k in ("known", "lower", "median", "upper")}
                yield DaysRow(event=event, arm=arm, planned=planned, **kept)


def _planned(wave: Wave) -> str:
    days = window(wave)
    return f"Day {planned_day(wave)}" + (f" ({days[0]} to {days[1]})" if days else "")


def _measured(study: Study, wave: int) -> NDArray[np.float64]:
    """Day of each person's first score that counts for a wave; NaN without one."""
    placed, days = study.placed, np.full(len(study.people), np.inf)
    here = placed.counted.any(axis=1) & (placed.wave == wave) & ~np.isnan(placed.day)
    np.minimum.at(days, placed.measures.person[here], placed.day[here])
    return np.where(np.isinf(days), np.nan, days)


def _has_contact_dates(study: Study) -> bool:
    episodes = study.tables.get("episodes")
    return episodes is not None and "first_contact_date" in episodes.columns


def _first_contact(study: Study) -> NDArray[np.float64]:
    """Day of each person's first contact; NaN where either date is not known."""
    episodes, zero = study.tables["episodes"], study.people.time_zero
    if zero is None:
        return np.full(len(study.people), np.nan)
    index = {person: i for i, person in enumerate(study.people.ids)}
    person = np.array([index.get(p, -1) for p in episodes.text("person")], dtype=np.int64)
    date = episodes.date("first_contact_date")
    here = (person >= 0) & ~np.isnat(date)
    days = np.full(len(study.people), np.inf)
    gap = date[here] - zero[person[here]]
    known = ~np.isnat(gap)
    np.minimum.at(days, person[here][known], gap[known].astype("m8[D]").astype(np.float64))
    return np.where(np.isinf(days), np.nan, days)
