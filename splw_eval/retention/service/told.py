"""What is told of episodes: how many each rule touched, and what cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.data.tables import Table
from splw_eval.retention.service.ended import Endings
from splw_eval.retention.service.rules import CAUSES

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
_NOTE, _WARNING = Severity.NOTE, Severity.WARNING
_RECORDED = len(CAUSES) - 1  # the cause of a close without a reason that is known


def counts_of(study: Study, endings: Endings, frame: pd.DataFrame) -> dict[str, int]:
    """Count what each rule touched.

    Parameters
    ----------
    study : Study
    endings : Endings
    frame : DataFrame
        One row for each episode that is used.

    Returns
    -------
    dict of str to int
        ``rows of the table of episodes`` are the sum of ``episodes`` and of everything that
        begins with ``left out``; ``episodes`` are the sum of the names of the causes.
    """
    counts = {"rows of the table of episodes": len(endings.used)}
    counts |= {f"left out: {why}": int(rows.sum()) for why, rows in endings.left_out.items()}
    counts |= {"episodes": len(frame), "people": int(frame["person"].nunique())}
    by_cause = np.bincount(frame["event"], minlength=len(CAUSES))
    counts |= {name: int(by_cause[code]) for code, name in CAUSES.items()}
    touched = {
        "lost touch by the rule": endings.by_rule,
        "lost touch by the rule, closed later as planned": _planned_later(endings),
        "came back after so many days without contact": endings.came_back,
        "ended with no contact before": ~endings.contacted & (endings.event > 0),
        "never contacted, still open": ~endings.contacted & (endings.event == 0),
        "closed after the data cut, still open at the cut": endings.late_close,
        "a close reason without a day, so not closed": endings.no_day_of_close,
        "close reason not recorded or not known": endings.closed_as == _RECORDED,
    }
    counts |= {name: int((rows & endings.used).sum()) for name, rows in touched.items()}
    return counts | _contact_counts(study, endings)


def _planned_later(endings: Endings) -> Flags:
    planned: Flags = endings.by_rule & (endings.closed_as == 1)
    return planned


def _contact_counts(study: Study, endings: Endings) -> dict[str, int]:
    table, held = study.tables.get("contacts"), endings.contacts
    if table is None or held is None:
        return {}
    used = endings.used[held.episode]
    counts = {"rows of the table of contacts": len(table)}
    left_out = {why: int(rows.sum()) for why, rows in held.left_out.items()}
    left_out["of no episode that is used"] += int((~used).sum())
    counts |= {f"contacts left out: {why}": n for why, n in left_out.items()}
    counts["contacts"] = int(used.sum())
    counts["contacts attended"] = int((held.attended & used).sum())
    counted = held.attended & used & (held.day <= endings.end[held.episode])
    counts["contacts attended up to the ending"] = int(counted.sum())
    unsaid = np.isnan(table.number("attended")) if "attended" in table.columns else np.zeros(1)
    counts["contacts with attended empty"] = int(unsaid.sum())
    return counts


def findings_of(study: Study, rules: EpisodeRules, endings: Endings) -> tuple[Finding, ...]:
    """Tell what stands behind the episodes.

    Parameters
    ----------
    study : Study
    rules : EpisodeRules
    endings : Endings

    Returns
    -------
    tuple of Finding
        Warnings and notes.
    """
    return (
        *_of_study(study, rules, endings),
        *_of_episodes(study, rules, endings),
        *_of_contacts(study, endings),
    )


def _of_study(study: Study, rules: EpisodeRules, endings: Endings) -> Iterator[Finding]:
    if rules.days_without_contact and endings.contacts is None:
        yield plain(
            "SR26",
            _WARNING,
            "losing touch cannot be seen: no file holds contacts, so only close reasons end an "
            "episode",
            'Name a file with table = "contacts", or set days_without_contact = 0.',
        )
    contacts = study.tables.get("contacts")
    if contacts is not None and "attended" not in contacts.columns:
        yield plain(
            "SR26",
            _WARNING,
            "no file says which contacts were attended, so every contact counts as attended",
            "Name the column attended in [files.columns].",
        )
    if study.plan.data_cut is None:
        yield plain(
            "SR28",
            _WARNING,
            "the plan names no data_cut: open episodes count up to the last day that any episode "
            "or contact records",
            "Set data_cut to the last day that the files cover.",
        )
    arms = set(study.people.arm[endings.person[endings.used]].tolist())
    without = [label for code, label in enumerate(study.plan.groups) if code not in arms]
    if without:
        yield plain(
            "SR31",
            _NOTE,
            f"no episode in: {', '.join(without)}",
            "Engagement with the service is not compared with such a group; retention in "
            "measurement can be.",
        )


def _of_episodes(study: Study, rules: EpisodeRules, endings: Endings) -> Iterator[Finding]:
    table, used = study.tables["episodes"], endings.used
    for why, rows in list(endings.left_out.items())[:4]:
        remedy = "Correct the row; it is in no figure of engagement."
        yield from rows_of(study, table, rows, ("SR22", _WARNING, f"an episode {why}", remedy))
    rows = used & (endings.closed_as == _RECORDED)
    problem = "a closed episode without a close reason that is known"
    remedy = f'It counts as "{CAUSES[_RECORDED]}"; fill the reason, or map its word.'
    yield from rows_of(study, table, rows, ("SR23", _WARNING, problem, remedy))
    problem = "an episode closed after the data cut"
    remedy = "It counts as still open at the cut; correct the date, or move data_cut."
    yield from rows_of(study, table, used & endings.late_close, ("SR24", _NOTE, problem, remedy))
    problem = "a close reason without a day of close"
    remedy = "It counts as not closed; fill the day."
    rows = used & endings.no_day_of_close
    yield from rows_of(study, table, rows, ("SR25", _WARNING, problem, remedy))
    yield from _of_rules(study, table, rules, endings)


def _of_rules(
    study: Study, table: Table, rules: EpisodeRules, endings: Endings
) -> Iterator[Finding]:
    used = endings.used
    rows = used & ~endings.contacted & (endings.event == 0)
    problem = "an episode that is open and was never contacted"
    remedy = 'It counts as still engaged; set before_first_contact = "silence" to end it.'
    yield from rows_of(study, table, rows, ("SR29", _NOTE, problem, remedy))
    problem = "an episode of somebody who was never contacted"
    remedy = "Counted from the first contact it has no day 0; it is left out and counted."
    rows = endings.left_out["never contacted"]
    yield from rows_of(study, table, rows, ("SR29", _WARNING, problem, remedy))
    days = rules.days_without_contact
    problem = f"{days} days without contact, and closed as planned after that"
    remedy = "It counts as dropped out; look whether episodes are closed long after the last visit."
    rows = used & _planned_later(endings)
    yield from rows_of(study, table, rows, ("SR30", _NOTE, problem, remedy))
    problem = f"a contact again after {days} days without one"
    ends = rules.returning == "first"
    remedy = "The episode ended before it." if ends else "The contact takes the silence back."
    rows = used & endings.came_back
    yield from rows_of(study, table, rows, ("SR30", _NOTE, problem, remedy))


def _of_contacts(study: Study, endings: Endings) -> Iterator[Finding]:
    table, held = study.tables.get("contacts"), endings.contacts
    if table is None or held is None:
        return
    for why, rows in list(held.left_out.items())[1:]:
        problem = f"a contact {why}, which is not used here"
        told = ("SR27", _NOTE, problem, "Check the dates of contact and episode.")
        yield from rows_of(study, table, rows, told)


def plain(code: str, severity: Severity, problem: str, remedy: str) -> Finding:
    """A finding that concerns no single row."""
    return Finding(code=code, severity=severity, problem=problem, remedy=remedy)


def rows_of(
    study: Study, table: Table, wrong: Flags, told: tuple[str, Severity, str, str]
) -> Iterator[Finding]:
    """A finding about rows of a table, for each file."""
    code, severity, problem, remedy = told
    for file in np.unique(table.file[wrong]):
        here = table.file == file
        yield Finding(
            code=code,
            severity=severity,
            problem=problem,
            remedy=remedy,
            file=study.plan.files[file].place,
            rows=tuple(int(row) for row in table.row[wrong & here]),
            of_rows=int(here.sum()),
        )
