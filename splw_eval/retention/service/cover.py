"""What the files cover: their last day where no cut is named, and contacts that are incomplete."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.data.checks.joins import index_of, positions
from splw_eval.data.tables import Table
from splw_eval.retention.service.contact_log import NO_DAY, whole_days
from splw_eval.retention.service.ended import Endings, last_day
from splw_eval.retention.service.findings import plain, rows_of

Flags = NDArray[np.bool_]

_WARNING = Severity.WARNING
_NEAR = 30  # days before the last one, in which records should be many
_FAR = 90  # days without any record before those, which a mistyped year would explain
_SHARE = 0.05  # of contacts, above which losing touch may be made by the records
INCOMPLETE = "are incomplete"
STOPS = "the log of contacts stops"
PLANNED_LATER = "were closed later as planned"
NOT_LOGGED = "have no attended contact in the log"
"""Words of the problems of SR26, by which the report knows them."""

_WITHOUT_THE_RULE = "until then show the curve with days_without_contact = 0 too."
_OUT_OF_RANGE = ("before the referral", "after the data cut", "after the close")


def no_data_cut(study: Study) -> Iterator[Finding]:
    """Say which day ends open episodes where the plan names none, and whether it can be.

    Parameters
    ----------
    study : Study

    Yields
    ------
    Finding
        The day, how many episodes and contacts have a date near it; then rows of dates that
        lie after the data were first seen, or far beyond all others.
    """
    if study.plan.data_cut is not None:
        return
    last, tables = last_day(study), _dated(study)
    if last == NO_DAY:
        return
    near: dict[str, Flags] = {
        name: np.any(days > last - _NEAR, axis=0) for name, (_, days) in tables.items()
    }
    counted = ", ".join(f"{name}: {int(rows.sum()):,}" for name, rows in near.items())
    yield plain(
        "SR28",
        _WARNING,
        "the plan names no data_cut: open episodes count up to the last day that any episode or "
        f"contact records, {np.datetime64(last, 'D')}; with a date within {_NEAR} days of it are "
        f"{counted}",
        "Set data_cut to the last day that the files cover.",
    )
    before = [int(days[days <= last - _NEAR].max(initial=NO_DAY)) for _, days in tables.values()]
    gap = last - _NEAR - max(before)
    seen = study.plan.data_seen
    limit = None if seen is None else int(np.datetime64(seen, "D").astype(np.int64))
    for name, (table, days) in tables.items():
        if max(before) != NO_DAY and gap > _FAR:
            problem = f"a date more than {_FAR} days beyond every other date of the files"
            yield from rows_of(study, table, near[name], ("SR28", _WARNING, problem, _TYPED))
        if limit is not None:
            problem = "a date after the data were first seen (data_seen)"
            rows: Flags = np.any(days > limit, axis=0)
            yield from rows_of(study, table, rows, ("SR28", _WARNING, problem, _TYPED))


_TYPED = (
    "Look for a mistyped year: open episodes count up to the last date. Correct it, or set "
    "data_cut."
)


def _dated(study: Study) -> dict[str, tuple[Table, NDArray[np.int64]]]:
    """Tables of episodes and contacts with their days, shape (columns, rows)."""
    found = {}
    for name in ("episodes", "contacts"):
        table = study.tables.get(name)
        if table is None or not len(table):
            continue
        days = [whole_days(c) for c in table.columns.values() if c.dtype.kind == "M"]
        if days:
            found[name] = (table, np.array(days))
    return found


def incomplete(study: Study, endings: Endings) -> Iterator[Finding]:
    """Say where contacts are so incomplete that losing touch may be made by the records.

    Parameters
    ----------
    study : Study
    endings : Endings

    Yields
    ------
    Finding
        Where more than 5 % of the contacts have an empty `attended`, no day, or a day out of
        range; each contact counts once.
    """
    table, held = study.tables.get("contacts"), endings.contacts
    if table is None or held is None or not len(table):
        return
    empty = np.zeros(len(table), dtype=bool)
    if "attended" in table.columns:
        empty = np.isnan(table.number("attended"))
    undated: Flags = whole_days(table.date("date")) == NO_DAY
    out: Flags = np.logical_or.reduce([held.left_out[why] for why in _OUT_OF_RANGE])
    any_of = int((empty | undated | out).sum())
    if any_of <= _SHARE * len(table):
        return
    yield plain(
        "SR26",
        _WARNING,
        f"{any_of:,} of {len(table):,} contacts ({any_of / len(table):.0%}) {INCOMPLETE}: "
        f"attended is empty in {int(empty.sum()):,}, the day in {int(undated.sum()):,}, and "
        f"{int(out.sum()):,} lie outside their episode; none of them is taken for contact, so "
        "losing touch by the rule can be made by the records",
        f"Fill attended and the days; {_WITHOUT_THE_RULE}",
    )


def not_logged(study: Study, rules: EpisodeRules, endings: Endings) -> Iterator[Finding]:
    """Say where contacts seem to be missing from the log, so that losing touch is made by it.

    Parameters
    ----------
    study : Study
    rules : EpisodeRules
        `days_without_contact` is above 0.
    endings : Endings

    Yields
    ------
    Finding
        The log stops long before the data do, while 5 % or more of the episodes go on; more
        than 5 % of the episodes lost touch by the rule and were closed as planned later; more
        than 5 % of those with a day of first contact have no attended contact.
    """
    if "contacts" not in study.tables or not endings.used.any():
        return
    yield from _stops(study, rules, endings)
    n, of = int((endings.by_rule & (endings.closed_as == 1))[endings.used].sum()), _used(endings)
    if n > _SHARE * of:
        yield plain(
            "SR26",
            _WARNING,
            f"{n:,} of {of:,} episodes ({n / of:.0%}) count as dropped out after "
            f"{rules.days_without_contact} days without contact and {PLANNED_LATER}; contacts "
            "that are missing from the log would make planned endings into losses of touch",
            "Look whether their last contacts are in the log, and whether episodes are closed "
            f"long after the last visit; {_WITHOUT_THE_RULE}",
        )
    yield from _never_in_the_log(study, endings)


def _used(endings: Endings) -> int:
    return int(endings.used.sum())


def _stops(study: Study, rules: EpisodeRules, endings: Endings) -> Iterator[Finding]:
    """The last contact lies further before the last day covered than the rule's silence."""
    covered, days = last_day(study), whole_days(study.tables["contacts"].date("date"))
    last = int(days[days <= covered].max(initial=NO_DAY))
    if last == NO_DAY or covered - last <= rules.days_without_contact:
        return
    close = whole_days(study.tables["episodes"].date("close_date"))
    n, of = int(((close == NO_DAY) | (close > last))[endings.used].sum()), _used(endings)
    if n < _SHARE * of:
        return
    yield plain(
        "SR26",
        _WARNING,
        f"{STOPS} on {np.datetime64(last, 'D')}, {covered - last:,} days before the last day "
        f"covered, while {n:,} of {of:,} episodes ({n / of:.0%}) are still open or were closed "
        "after it; their contacts since then, if there were any, are not seen, so losing touch "
        "by the rule can be made by the log",
        "Give the contacts up to the data cut, or set data_cut to the last day that the log "
        f"covers; {_WITHOUT_THE_RULE}",
    )


def _never_in_the_log(study: Study, endings: Endings) -> Iterator[Finding]:
    """Episodes with a day of first contact of which the log has no attended contact."""
    episodes, contacts = study.tables["episodes"], study.tables["contacts"]
    first = whole_days(episodes.date("first_contact_date"))
    seen = endings.used & (first != NO_DAY) & (first <= last_day(study))
    place = positions(contacts.text("episode"), index_of(episodes.text("episode")))
    came = place >= 0
    if "attended" in contacts.columns:
        came &= contacts.number("attended") == 1
    logged = np.zeros(len(seen), dtype=bool)
    logged[place[came]] = True
    n, of = int((seen & ~logged).sum()), int(seen.sum())
    if n <= _SHARE * of:
        return
    yield plain(
        "SR26",
        _WARNING,
        f"{n:,} of {of:,} episodes with a first_contact_date ({n / of:.0%}) {NOT_LOGGED}; they "
        "lose touch by the rule so many days after that date, whatever came later",
        "Give the contacts of all episodes, and look whether their identifiers are those of the "
        f"episodes; {_WITHOUT_THE_RULE}",
    )
