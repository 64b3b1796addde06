"""Contacts, minutes, gaps and kinds of contact of each referral, and their spread."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.data.tables import Table
from splw_eval.retention.delivery.log_tables import frame, spread
from splw_eval.retention.delivery.service_log import ServiceLog, codes_of

if TYPE_CHECKING:
    import pandas as pd

MODES = (
    "in person", "telephone", "video", "text message", "email", "letter", "group",
    "self-completed on line", "self-completed on paper", "other",
)  # fmt: skip
REMOTE = ("telephone", "video", "text message", "email", "letter")
TOGETHER = ("in person", "group")
"""Modes that are neither count in no share of remote contacts."""

Values = NDArray[np.float64]
Which = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One number of each referral.

    Attributes
    ----------
    name, unit, of : str
        `of` says in words which referrals have a number.
    values : ndarray of float, shape (n,)
        NaN where a referral has none.
    """

    name: str
    unit: str
    of: str
    values: Values


def measures(log: ServiceLog) -> list[Measure]:
    """Work out every number of each referral.

    Parameters
    ----------
    log : ServiceLog
        With contacts and episodes.

    Returns
    -------
    list of Measure
        Nothing is imputed: a cell that is empty counts for no number.
    """
    table = log.contacts
    if table is None or log.episodes is None:
        return []
    attended, here = log.attended(), log.contact_of >= 0
    times = log.times(attended).astype(np.float64)
    said = table.number("attended")
    told = [
        Measure(
            name="contacts attended",
            unit="contacts",
            of="every referral",
            values=times,
        ),
        Measure(
            name="contacts attended, if any",
            unit="contacts",
            of="referrals with an attended contact",
            values=np.where(times > 0, times, np.nan),
        ),
    ]
    if "attended" in table.columns:
        missed, unsaid = log.times(here & (said == 0)), log.times(here & np.isnan(said))
        of = "referrals with any contact logged"
        logged = log.times(here) > 0
        for name, count in (("no-shows", missed), ("contacts with attended empty", unsaid)):
            values = np.where(logged, count, np.nan)
            told.append(Measure(name=name, unit="contacts", of=of, values=values))
    return [*told, *_minutes(log, table, attended), *_days(log), *_kinds(log, table, attended)]


def _minutes(log: ServiceLog, table: Table, attended: Which) -> Iterator[Measure]:
    minutes = table.number("minutes")
    timed = attended & ~np.isnan(minutes)
    n, with_minutes = log.times(attended), log.times(timed)
    total = np.bincount(log.contact_of[timed], weights=minutes[timed], minlength=len(log))
    yield Measure(
        name="minutes logged",
        unit="minutes",
        of="referrals with an attended contact that has minutes; contacts without add nothing",
        values=np.where(with_minutes > 0, total, np.nan),
    )
    yield Measure(
        name="minutes, where every attended contact has them",
        unit="minutes",
        of="referrals with minutes for all of their attended contacts",
        values=np.where((n > 0) & (n == with_minutes), total, np.nan),
    )
    yield Measure(
        name="attended contacts without minutes",
        unit="contacts",
        of="referrals with an attended contact",
        values=np.where(n > 0, n - with_minutes, np.nan),
    )


def outside(log: ServiceLog) -> dict[str, Which]:
    """Contacts dated before the referral, after the close, or not at all, by what it is."""
    day = log.contact_days()
    before = log.contact_of >= 0
    referred = np.append(log.day("referral_date"), np.datetime64("NaT"))[log.contact_of]
    closed = np.append(log.day("close_date"), np.datetime64("NaT"))[log.contact_of]
    return {
        "contacts dated before the referral": before & (day < referred),
        "contacts dated after the close": before & (day > closed),
        "contacts without a date": before & np.isnat(day),
    }


def _days(log: ServiceLog) -> Iterator[Measure]:
    """Days to the first contact, and between contacts; only contacts within the referral."""
    out = np.logical_or.reduce(list(outside(log).values()))
    kept = np.flatnonzero(log.attended() & ~out)
    of, day = log.contact_of[kept], log.contact_days()[kept].astype(np.int64)
    first = np.full(len(log), np.iinfo(np.int64).max)
    np.minimum.at(first, of, day)
    recorded = log.day("first_contact_date")
    referred = log.day("referral_date")
    usable = ~np.isnat(recorded) & ~(recorded < referred)
    first[usable] = np.minimum(first[usable], recorded[usable].astype(np.int64))
    known = (first != np.iinfo(np.int64).max) & ~np.isnat(referred)
    yield Measure(
        name="days from referral to first contact",
        unit="days",
        of="referrals with a contact on or after the day of referral",
        values=np.where(known, first - referred.astype(np.int64), np.nan),
    )
    middle, longest = gaps(of, day, len(log))
    words = "referrals with two or more attended contacts with a date"
    yield Measure(name="days between contacts, middle gap", unit="days", of=words, values=middle)
    yield Measure(name="days between contacts, longest gap", unit="days", of=words, values=longest)


def gaps(of: NDArray[np.int64], day: NDArray[np.int64], n: int) -> tuple[Values, Values]:
    """Median and longest gap between the contacts of each referral.

    Parameters
    ----------
    of : ndarray of int, shape (contacts,)
        Referral of each contact, from 0 to n - 1.
    day : ndarray of int, shape (contacts,)
    n : int

    Returns
    -------
    tuple of ndarray of float, shape (n,)
        NaN for a referral with fewer than two contacts. Two contacts on one day are 0 apart.
    """
    middle, longest = np.full(n, np.nan), np.full(n, np.nan)
    if len(of) < 2:  # noqa: PLR2004
        return middle, longest
    first, span = int(day.min()), int(day.max() - day.min()) + 1
    ordered = np.sort(of * span + (day - first))
    owner = ordered // span
    same = owner[1:] == owner[:-1]
    gap, owner = np.diff(ordered)[same], owner[1:][same]
    ranked = np.sort(owner * span + gap)  # gaps of one referral, the shortest first
    owner, gap = ranked // span, ranked % span
    starts = np.flatnonzero(np.append(True, owner[1:] != owner[:-1])[: len(owner)])
    each = np.diff(starts, append=len(owner))
    held = owner[starts]
    middle[held] = (gap[starts + (each - 1) // 2] + gap[starts + each // 2]) / 2
    longest[held] = gap[starts + each - 1]
    return middle, longest


def _kinds(log: ServiceLog, table: Table, attended: Which) -> Iterator[Measure]:
    if "mode" in table.columns:
        mode = codes_of(table, "mode", MODES)
        remote = attended & np.isin(mode, [MODES.index(word) for word in REMOTE])
        together = attended & np.isin(mode, [MODES.index(word) for word in TOGETHER])
        known, far = log.times(remote | together), log.times(remote)
        yield Measure(
            name="share of attended contacts that were remote",
            unit="share",
            of="referrals with an attended contact of a known mode",
            values=np.where(known > 0, far / np.maximum(known, 1), np.nan),
        )
    for column, name in (("home_visit", "home visits"), ("accompanied", "times accompanied")):
        if column in table.columns:
            cells = table.number(column)
            said = log.times(attended & ~np.isnan(cells))
            yes = log.times(attended & (cells == 1))
            yield Measure(
                name=name,
                unit="contacts",
                of=f"referrals with an attended contact that has {column}",
                values=np.where(said > 0, yes, np.nan),
            )


def per_person(log: ServiceLog) -> pd.DataFrame:
    """Summarise every number of each referral, by group.

    Parameters
    ----------
    log : ServiceLog

    Returns
    -------
    DataFrame
        group, measure, unit, of, referrals, known, none, mean, lower, median, upper, highest.
        Each figure rests on `known` of `referrals`; `none` of them are 0.
    """
    rows: list[dict[str, Any]] = []
    every = measures(log)
    for group, here in log.by_group():
        for one in every:
            row = {"group": group, "measure": one.name, "unit": one.unit, "of": one.of}
            rows.append(row | {"referrals": len(here)} | spread(one.values[here]))
    columns = "group measure unit of referrals known none mean lower median upper highest"
    return frame(rows, columns)
