"""The table of measures of a synthetic programme: a row for each questionnaire returned."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from splw_eval.core.plan import Wave, planned_day
from splw_eval.synthetic.answers import draw_answers
from splw_eval.synthetic.people import Cast, Columns, Days
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Flags, Numbers, Stream, Whole, Words

_TWICE = 0.008  # questionnaires that somebody filled in a second time
_LATE = 0.03  # follow-ups that came back far too late
_SUMS_WRONG = 0.006  # totals worked out by hand that are not the sum of the answers
_NO_NEXT = 180  # days to the next wave from which an answer may be far too late
_MODES = ("in person", "telephone", "self-completed on paper", "self-completed on line")
_MODE_WEIGHTS = ((50, 15, 30, 5), (6, 34, 38, 22))  # at baseline, and later


def wave_name(month: float) -> str:
    """Name of a wave in the plan and in the files."""
    return "baseline" if month == 0 else f"month_{month:g}".replace(".", "_")


def planned_days(its: Settings, zero: Days) -> Days:
    """Day planned for each wave of each person, shape (n, waves)."""
    days = [planned_day(Wave(name="wave", month=month)) for month in its.waves]
    planned: Days = zero[:, None] + np.array(days, dtype="m8[D]")
    return planned


def measure_table(
    its: Settings,
    cast: Cast,
    *,
    here: Flags,
    planned: Days,
    answers: Mapping[str, Numbers],
    traits: Mapping[str, Numbers],
) -> Columns:
    """Put the answers of those who answered into rows.

    Parameters
    ----------
    its : Settings
    cast : Cast
    here : ndarray of bool, shape (n, waves)
    planned : ndarray of datetime64[D], shape (n, waves)
    answers, traits : mapping of str to ndarray of float, shape (n, waves)
        By column, and by outcome.

    Returns
    -------
    dict of str to ndarray
        In the order of people and waves; a few stand twice, as happens.
    """
    stream = Stream(its.seed, "questionnaires")
    again = here & (np.arange(len(its.waves)) > 0) & stream.happens(_TWICE, *here.shape)
    second = draw_answers(its, {k: trait[again] for k, trait in traits.items()}, " again")
    place = np.concatenate([np.flatnonzero(here), np.flatnonzero(again)])
    order = np.argsort(place, kind="stable")
    given = {k: np.concatenate([a[here], second[k]])[order] for k, a in answers.items()}
    person, wave = np.divmod(place[order], len(its.waves))
    copy = np.concatenate([[False], place[order][1:] == place[order][:-1]])
    names = np.array([wave_name(month) for month in its.waves], dtype=object)
    return {
        "person": cast.columns["person"][person],
        "wave": names[wave],
        "date": _dates(stream, its, planned[person, wave], wave, copy),
        "version": np.full(len(person), "booklet A", dtype=object),
        **_how(stream, cast, person, wave),
        **given,
        "phq9_total": _summed(stream, given),
    }


def _dates(stream: Stream, its: Settings, planned: Days, wave: Whole, copy: Flags) -> Days:
    """Actual days: around time zero at baseline, and later mostly some weeks after the plan."""
    n = len(wave)
    months = [planned_day(Wave(name="wave", month=month)) for month in its.waves]
    room = np.diff([*months, months[-1] + _NO_NEXT])[wave]  # days to the next planned wave
    at_start = stream.whole(-7, 16, n)
    late = np.floor(stream.uniform(n) * stream.uniform(n) * 80).astype(np.int64) - 10
    # A short way to go leaves less room for delay.
    late = np.where(np.array(months)[wave] < _NO_NEXT, late // 2, late)
    late = np.minimum(late, room * 9 // 20)
    far = stream.happens(_LATE, n) & (room >= _NO_NEXT)
    late = np.where(far, stream.whole(95, 135, n), late)
    actual: Days = planned + np.where(wave == 0, at_start, late).astype("m8[D]")
    again, later = np.flatnonzero(copy), stream.whole(5, 20, n).astype("m8[D]")
    actual[again] = actual[again - 1] + later[again]
    return actual


def _how(stream: Stream, cast: Cast, person: Whole, wave: Whole) -> dict[str, Words]:
    """How each was answered, by whom, and in which language."""
    n = len(person)
    begin, later = (stream.picked(_MODES, weights, n) for weights in _MODE_WEIGHTS)
    mode = np.where(wave == 0, begin, later)
    helper = np.where((cast.arm[person] == 0) & (wave == 0), "with link worker", "interviewer")
    helped = np.isin(mode, ("in person", "telephone")) & stream.happens(0.6, n)
    by = np.where(helped, helper, np.where(stream.happens(0.02, n), "proxy", "person"))
    spoken = cast.columns["language"][person]
    return {
        "mode": mode.astype(object),
        "completed_by": by.astype(object),
        "language": np.where(spoken == "", "English", spoken).astype(object),
    }


def _summed(stream: Stream, given: Mapping[str, Numbers]) -> Numbers:
    """Totals of PHQ-9 as somebody worked them out by hand; a few are wrong by a little."""
    total = np.zeros(len(next(iter(given.values()))))
    for column in QUESTIONNAIRES["phq9"].items:
        total = total + given[column]
    off = np.where(stream.happens(0.5, len(total)), 1.0, -1.0)
    wrong = stream.happens(_SUMS_WRONG, len(total)) & (total > 0) & (total < 27)  # noqa: PLR2004
    return total + np.where(wrong, off, 0.0)
