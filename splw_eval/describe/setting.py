"""Where a study took place and when: practices, link workers and the months measured."""

from __future__ import annotations

import datetime as dt

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.result import Note, Result
from splw_eval.core.rows import SettingRow
from splw_eval.data import Study
from splw_eval.describe.settings import FEWEST_WORKERS


def describe_setting(study: Study) -> Result[SettingRow]:
    """Count practices and link workers, and name the first and the last month measured.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of SettingRow
        One row for the whole study. No day is given, and no number of link workers
        below the fewest that a figure may be about.
    """
    seen_by = study.worker_practices
    workers = _seen(study.people.link_worker if seen_by is None else seen_by.worker)
    first, last = _months(study)
    row = SettingRow(
        people=len(study.people),
        practices=_seen(study.people.cluster),
        link_workers=workers if workers is not None and workers >= FEWEST_WORKERS else None,
        first_month=first,
        last_month=last,
    )
    words = (
        "Practices and link workers are those named in the files beside people of the study. "
        "Months are those of the first and the last score that counts; days are not given."
    )
    return Result(
        key="setting",
        title="Where and when the study took place",
        unit="practices and link workers",
        row_type=SettingRow,
        rows=(row,),
        notes=(Note(text=words),),
    )


def _seen(codes: NDArray[np.int64] | None) -> int | None:
    """Count the practices or link workers; None where none is known."""
    if codes is None or not (codes >= 0).any():
        return None
    return len(np.unique(codes[codes >= 0]))


def _months(study: Study) -> tuple[str | None, str | None]:
    """Return the months of the first and the last score that counts."""
    dates = study.placed.measures.date[study.placed.counted.any(axis=1)]
    known = dates[~np.isnat(dates)]
    if not len(known):
        return None, None
    first, last = (day.astype("datetime64[D]").item() for day in (known.min(), known.max()))
    return _month(first), _month(last)


def _month(day: dt.date) -> str:
    return f"{day:%B %Y}"
