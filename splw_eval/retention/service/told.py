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
from splw_eval.retention.service.cover import incomplete, no_data_cut, not_logged
from splw_eval.retention.service.ended import NO_DAY_OF_END, Endings
from splw_eval.retention.service.findings import plain, rows_of
from splw_eval.retention.service.rules import CAUSES

if TYPE_CHECKING:
    import pandas as pd

Flags = NDArray[np.bool_]
_NOTE, _WARNING = Severity.NOTE, Severity.WARNING
_RECORDED = len(CAUSES) - 1  # the cause of a close without a reason that is known
_LATER = {
    1: "closed later as planned",
    3: "ended later for another reason, such as death",
    _RECORDED: "closed later without a reason that is known",
}


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
        **{f"lost touch by the rule, {_LATER[c]}": _later(endings, c) for c in _LATER},
        "came back after so many days without contact": endings.came_back,
        "ended with no contact before": ~endings.contacted & (endings.event > 0),
        "never contacted, still open": ~endings.contacted & (endings.event == 0),
        "closed after the data cut, still open at the cut": endings.late_close,
        "close reason not recorded or not known": endings.closed_as == _RECORDED,
    }
    counts |= {name: int((rows & endings.used).sum()) for name, rows in touched.items()}
    undated = endings.planned_undated & endings.left_out[NO_DAY_OF_END]
    counts[f"{NO_DAY_OF_END}, with a planned reason"] = int(undated.sum())
    return counts | _contact_counts(study, endings)


def _later(endings: Endings, cause: int) -> Flags:
    """Episodes lost by the rule that were closed later for a cause."""
    closed: Flags = endings.by_rule & (endings.closed_as == cause)
    return closed


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
    yield from no_data_cut(study)
    if rules.days_without_contact:
        yield from incomplete(study, endings)
        yield from not_logged(study, rules, endings)
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
    problem = "a close reason without a day of close: ended, day not recorded"
    remedy = "It is in no curve, as neither ended nor still engaged would be true; fill close_date."
    rows = endings.left_out[NO_DAY_OF_END]
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
    remedy = "It counts as dropped out; look whether episodes are closed long after the last visit."
    for cause, words in _LATER.items():
        problem = f"{days} days without contact, and {words}"
        rows = used & _later(endings, cause)
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
