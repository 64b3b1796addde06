"""Episodes with a day, an ending and a cause: engagement with the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import DataError
from splw_eval.core.findings import Finding, Severity
from splw_eval.core.plan import EpisodeRules
from splw_eval.data import Study
from splw_eval.retention.service.contact_log import Days
from splw_eval.retention.service.ended import Endings, end_episodes
from splw_eval.retention.service.practices import practice_codes
from splw_eval.retention.service.rules import CAUSES, in_words, rules_of
from splw_eval.retention.service.states import state_rows
from splw_eval.retention.service.told import counts_of, findings_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Episodes:
    """Engagement with the service: one row for each episode that is used.

    Attributes
    ----------
    frame : DataFrame
        In the order of the table of episodes: ``episode`` and ``person`` (as the files write
        them), ``cluster`` (code of the practice, missing where none is known), ``arm`` (label),
        ``link_worker`` (the first, empty where none is named), ``referral_date``, ``day`` (whole
        days from day 0 to the ending or the data cut), ``event`` (0 to 4), ``ending`` (word),
        ``first_contact_day`` (days from day 0; missing where nobody saw the person before the
        ending), ``contacts`` (attended, up to the ending; missing without a table of
        contacts), ``came_back``.
    causes : mapping of int to str
        What each `event` stands for; 0 is still engaged.
    rules : mapping of str to str
        Every rule in words.
    settings : EpisodeRules
        The same rules as they were asked.
    counts : mapping of str to int
        How many episodes each rule touched, and what was left out and why.
    findings : tuple of Finding
    arms_without_episodes : tuple of str
        Labels of arms of which no episode is used: these cannot be compared with others.
    study : Study
    endings : Endings
        Of every row of the table.
    """

    frame: pd.DataFrame
    causes: Mapping[int, str]
    rules: Mapping[str, str]
    settings: EpisodeRules
    counts: Mapping[str, int]
    findings: tuple[Finding, ...]
    arms_without_episodes: tuple[str, ...]
    study: Study = field(repr=False)
    endings: Endings = field(repr=False)

    def __len__(self) -> int:
        return len(self.frame)

    def __repr__(self) -> str:
        by_cause = ", ".join(f"{self.counts[name]:,} {name}" for name in self.causes.values())
        return f"Episodes({len(self):,}: {by_cause})"

    def rows_of_states(self) -> pd.DataFrame:
        """Each stay of an episode in a state.

        Returns
        -------
        DataFrame
            ``episode``, ``person``, ``cluster``, ``arm``, ``start``, ``stop``, ``state``
            ("referred", "engaged") and ``next_state`` ("engaged", or what `causes` calls the
            ending; empty where the stay was not over when last seen). A row covers the days
            after `start` up to and on `stop`; the first starts at -1, as day 0 counts.

        Notes
        -----
        Waiting for the first contact is a state and leaves nobody out, so no time is counted
        that somebody had to live through to be seen (immortal time). Whose ending fell on the
        day of the first contact goes straight from referred to that ending.
        """
        return state_rows(self.frame, self.causes)


def build_episodes(study: Study, rules: EpisodeRules | Mapping[str, Any] | None = None) -> Episodes:
    """Give each episode its day, its ending and its cause.

    Parameters
    ----------
    study : Study
        With a table of episodes; with a table of contacts, losing touch can be seen too.
    rules : EpisodeRules, mapping of str to object, or None
        None: those of the plan. A mapping changes the keys that it names.

    Returns
    -------
    Episodes
        Its `frame` goes into ``splw_eval.retention_curve(frame, time="day", event="event",
        by="arm", cluster="cluster")``.

    Raises
    ------
    DataError
        There is no table of episodes, it lacks a column that is needed, or no row can be used.
    PlanError
        The rules given do not hold together.

    Notes
    -----
    Days are whole days. An episode that is closed by the data cut ended on the day of its close,
    for the close reason's cause; one that lost touch before that ended on the day the rules say,
    as dropped out; any other is still open at the data cut. The rule looks at no later day than
    the one it dates (unless `lost_touch_dated` is "last_contact" or `returning` is "last"), so
    whoever is censored at the data cut was judged by the same knowledge. With "last" whoever is
    lost at an early cut may be un-lost at a later one, so recent entrants drop out more often by
    construction.

    A close reason without a day of close is an ending on an unknown day: such an episode is
    neither lost touch nor still engaged. It is left out, counted and told.

    Contacts before the referral, after the close and after the data cut are not used. A close
    reason that is empty or no word of the vocabulary gets a cause of its own.
    """
    kept = rules_of(study.plan.retention, rules)
    _check_tables(study)
    endings = end_episodes(study, kept)
    if not endings.used.any():
        raise DataError("No episode can be used.", findings_of(study, kept, endings))
    frame = _frame(study, kept, endings)
    arms = set(frame["arm"].unique())
    return Episodes(
        frame=frame,
        causes=dict(CAUSES),
        rules=in_words(
            kept,
            contact_log=endings.contacts is not None,
            data_cut=study.plan.data_cut is not None,
        ),
        settings=kept,
        counts=counts_of(study, endings, frame),
        findings=findings_of(study, kept, endings),
        arms_without_episodes=tuple(arm for arm in study.plan.groups if arm not in arms),
        study=study,
        endings=endings,
    )


def _check_tables(study: Study) -> None:
    table = study.tables.get("episodes")
    if table is None:
        problem = "no file holds episodes, and engagement with the service is read off them"
        remedy = (
            'Name a file with table = "episodes": person, referral_date, close_date and '
            "close_reason of each episode; and one of contacts, to see who lost touch."
        )
        _refuse(problem, remedy)
        return
    needed = ("episode", "person", "referral_date", "close_date", "close_reason")
    lacking = [name for name in needed if name not in table.columns]
    if lacking:
        problem = f"the table of episodes lacks: {', '.join(lacking)}"
        _refuse(problem, "Name the columns in [files.columns] of that file.")


def _refuse(problem: str, remedy: str) -> None:
    found = Finding(code="SR20", severity=Severity.ERROR, problem=problem, remedy=remedy)
    raise DataError("Episodes cannot be made of these files.", [found])


def _frame(study: Study, rules: EpisodeRules, endings: Endings) -> pd.DataFrame:
    import pandas as pd

    table, rows = study.tables["episodes"], np.flatnonzero(endings.used)
    by_contact = rules.time_zero == "first_contact"
    zero = (endings.first_contact if by_contact else endings.referral)[rows]
    seen = endings.contacted[rows]
    first = np.where(seen, endings.first_contact[rows] - zero, 0).astype(float)
    first[~seen] = np.nan
    return pd.DataFrame(
        {
            "episode": table.text("episode")[rows],
            "person": table.text("person")[rows],
            "cluster": practice_codes(study, endings.person[rows]),
            "arm": np.array(study.plan.groups, dtype=object)[
                study.people.arm[endings.person[rows]]
            ],
            "link_worker": _workers(study, endings)[rows],
            "referral_date": table.date("referral_date")[rows].astype("M8[s]"),
            "day": endings.end[rows] - zero,
            "event": endings.event[rows],
            "ending": endings.ending[rows],
            "first_contact_day": first,
            "contacts": _contacts(endings)[rows],
            "came_back": endings.came_back[rows],
        }
    )


def _workers(study: Study, endings: Endings) -> NDArray[Any]:
    """Link worker of the first attended contact, or of the table of people."""
    found = np.full(len(endings.used), "", dtype=object)
    people = study.tables.get("people")
    if people is not None and "link_worker" in people.columns:
        by_id = dict(zip(people.text("person"), people.text("link_worker"), strict=True))
        found = np.array(
            [by_id.get(name, "") for name in study.tables["episodes"].text("person")], dtype=object
        )
    held = endings.contacts
    if held is not None and len(held.workers):
        named = held.attended & (held.worker >= 0)
        episode, worker = held.episode[named], held.worker[named]
        place, at = np.unique(episode, return_index=True)
        found[place] = np.array(held.workers, dtype=object)[worker[at]]
    return found


def _contacts(endings: Endings) -> NDArray[np.float64] | Days:
    """Attended contacts of each episode up to its ending."""
    n, held = len(endings.used), endings.contacts
    if held is None:
        return np.full(n, np.nan)
    episode, day = held.where(held.attended)
    return np.bincount(episode[day <= endings.end[episode]], minlength=n)
