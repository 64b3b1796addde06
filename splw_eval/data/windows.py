"""Which measurement counts for which wave: dates decide where there are dates."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Severity
from splw_eval.core.plan import Plan, planned_day, window
from splw_eval.data.attributes import Codes
from splw_eval.data.ledger import Ledger
from splw_eval.data.measures import Measures
from splw_eval.data.people import People


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Questionnaires with the wave that each counts for.

    Attributes
    ----------
    measures : Measures
    day : ndarray of float, shape (n,)
        Days from time zero; NaN where a date is missing.
    wave : ndarray of int, shape (n,)
        Position in ``plan.waves``; -1 outside every window or not datable.
    counted : ndarray of bool, shape (n, outcomes)
        Whether each score is the one that counts for its person, outcome and wave.
    """

    measures: Measures
    day: NDArray[np.float64]
    wave: Codes
    counted: NDArray[np.bool_]


def place_measures(plan: Plan, people: People, measures: Measures, ledger: Ledger) -> Placed:
    """Give every measurement its wave, and choose one for each person and wave.

    Parameters
    ----------
    plan : Plan
        Its windows and its `pick`.
    people : People
    measures : Measures
    ledger : Ledger
        Gets measurements outside every window, undatable, double or at odds
        with their planned wave.

    Returns
    -------
    Placed
    """
    day = _days(people, measures)
    wave = _waves(plan, measures, day, ledger)
    _report_identical(plan, measures, wave, ledger)
    _report_after_cut(plan, measures, ledger)
    counted = _picked(plan, measures, day, wave)
    placed = Placed(measures=measures, day=day, wave=wave, counted=counted)
    _report_several(plan, placed, ledger)
    return placed


def _days(people: People, measures: Measures) -> NDArray[np.float64]:
    if people.time_zero is None:
        return np.full(len(measures), np.nan)
    gap = measures.date - people.time_zero[measures.person]
    day: NDArray[np.float64] = gap.view(np.int64).astype(np.float64)
    day[np.isnat(gap)] = np.nan
    return day


def _waves(plan: Plan, measures: Measures, day: NDArray[np.float64], ledger: Ledger) -> Codes:
    """Wave by date where there is one, by the file's own word otherwise."""
    by_day = np.full(len(measures), -1, dtype=np.int64)
    for code, planned in enumerate(plan.waves):
        days = window(planned)
        if days is not None:
            by_day[(day >= days[0]) & (day <= days[1])] = code
    dated, given = ~np.isnan(day), measures.given.any(axis=1)
    wave = np.where(dated, by_day, measures.planned)
    odd = given & dated & (by_day >= 0) & (measures.planned >= 0) & (by_day != measures.planned)
    warn = Severity.WARNING
    _report(
        plan,
        measures,
        given & dated & (by_day < 0),
        ledger,
        (
            warn,
            "SW14",
            "measurements outside every window",
            "They are kept and counted here, and no analysis by wave uses them.",
        ),
    )
    _report(
        plan,
        measures,
        odd,
        ledger,
        (
            warn,
            "SW22",
            "measurements whose date falls in another wave's window",
            "The date decides; check the dates and the windows.",
        ),
    )
    _report(
        plan,
        measures,
        given & ~dated & (wave < 0),
        ledger,
        (
            warn,
            "SW16",
            "measurements with no date, or of people with no date of time zero",
            "No wave can be given to them: fill the dates.",
        ),
    )
    return wave


def _report(
    plan: Plan,
    measures: Measures,
    which: NDArray[np.bool_],
    ledger: Ledger,
    told: tuple[Severity, str, str, str],
) -> None:
    severity, code, problem, remedy = told
    for file in np.unique(measures.file[which]):
        here = which & (measures.file == file)
        rows = np.unique(measures.row[here])
        ledger.add(severity, code, problem, remedy, file=plan.files[file].path, rows=rows)


def _report_after_cut(plan: Plan, measures: Measures, ledger: Ledger) -> None:
    if plan.data_cut is None:
        return
    _report(
        plan,
        measures,
        measures.date > np.datetime64(plan.data_cut, "D"),
        ledger,
        (
            Severity.WARNING,
            "SW29",
            "measurements dated after the data cut",
            "They are used; correct the dates, or move data_cut.",
        ),
    )


def _ordered(key: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """Order of a key, and whether each in that order equals the one before."""
    # Stable sorting is linear where a file is sorted already, as most are.
    order = np.argsort(key, kind="stable")
    same = np.zeros(len(order), dtype=bool)
    same[1:] = key[order][1:] == key[order][:-1]
    return order, same


def _report_identical(plan: Plan, measures: Measures, wave: Codes, ledger: Ledger) -> None:
    """Report the same person, outcome and date twice, or wave where nothing is dated."""
    undated = np.isnat(measures.date)
    when = np.where(undated, wave, measures.date.view(np.int64))
    usable = np.flatnonzero(~undated | (wave >= 0))
    # A day is less than 2^23 in size (9999-12-31), a wave less than that.
    key = (measures.person * 2 + undated) * 2**24 + when
    order, same = _ordered(key[usable])
    if not same.any():
        return
    group = np.cumsum(~same)
    again = np.zeros(len(measures), dtype=bool)
    given = measures.given[usable[order]]
    for outcome in range(given.shape[1]):
        held = np.flatnonzero(given[:, outcome])
        first = np.ones(len(held), dtype=bool)
        first[1:] = group[held][1:] != group[held][:-1]
        again[usable[order[held[~first]]]] = True
    _report(
        plan,
        measures,
        again,
        ledger,
        (
            Severity.ERROR,
            "SW09",
            "a second score for the same person and the same wave or date",
            "Keep one, or give each its date.",
        ),
    )


def _picked(
    plan: Plan, measures: Measures, day: NDArray[np.float64], wave: Codes
) -> NDArray[np.bool_]:
    """One score for each person, outcome and wave, by the plan's `pick`."""
    counted = measures.given & (wave >= 0)[:, None]
    place = measures.person * len(plan.waves) + wave
    order, same = _ordered(np.where(wave >= 0, place, -1 - np.arange(len(wave))))
    shared = same | np.concatenate([same[1:], np.zeros(min(len(same), 1), dtype=bool)])
    several = order[shared]  # only where an occasion has company is there anything to pick
    if not len(several):
        return counted
    date, rank = _ranks(plan, measures, day, wave, several)
    order = several[np.lexsort((date, rank, place[several]))]
    for outcome in range(counted.shape[1]):
        held = order[counted[order, outcome]]
        later = np.zeros(len(held), dtype=bool)
        later[1:] = place[held][1:] == place[held][:-1]
        counted[held[later], outcome] = False
    return counted


def _ranks(
    plan: Plan, measures: Measures, day: NDArray[np.float64], wave: Codes, some: Codes
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Date and rank of some records; what can be ranked comes first."""
    target = np.array([planned_day(w) for w in plan.waves], dtype=float)[wave[some]]
    undated = np.isnat(measures.date[some])
    date = np.where(undated, np.inf, measures.date[some].astype(np.int64).astype(float))
    ranks = {"nearest": np.abs(day[some] - target), "first": date, "last": -date}
    rank = ranks[plan.pick or "first"]
    return date, np.where(undated | np.isnan(rank), np.inf, rank)


def _report_several(plan: Plan, placed: Placed, ledger: Ledger) -> None:
    if plan.pick is None:  # nothing is dated: a second score was reported as an error
        return
    left = (placed.wave >= 0) & (placed.measures.given & ~placed.counted).any(axis=1)
    _report(
        plan,
        placed.measures,
        left,
        ledger,
        (
            Severity.WARNING,
            "SW15",
            "a further measurement in a window that already has one",
            f'The {plan.pick} one counts, as pick = "{plan.pick}" says, and a dated one before '
            "an undated one; these were not used.",
        ),
    )
