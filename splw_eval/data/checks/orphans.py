"""Rows that belong to no episode or person of the study."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.data.checks.joins import Places, episode_of, person_of
from splw_eval.data.checks.telling import tell, tell_plainly
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import distinct
from splw_eval.data.pseudonyms import rows_left_out, what_to_do
from splw_eval.data.tables import Table

_OF_EPISODES = ("contacts", "support")
_OF_PEOPLE = ("episodes", "service_use")


def check(loaded: Loaded) -> None:
    """Report contacts and support without an episode, episodes and use without a person.

    It runs also where other faults stand, and says nothing of what only follows from one: of
    keys on rows that could not be read, or of a table without its key.
    """
    for name in _OF_EPISODES:
        table = loaded.tables.get(name)
        if table is not None and "episode" in table.columns:
            _of_episodes(loaded, table)
    for name in _OF_PEOPLE:
        table = loaded.tables.get(name)
        if table is not None and "person" in table.columns:
            problem = "rows with no person, or with one who is not in the study"
            remedy = "Add the person to the people file, or correct the pseudonym."
            of = "people" if "people" in loaded.tables else "measures"
            place, known = person_of(loaded, table), loaded.people.index
            _report(loaded, table, "person", place, known, of, (problem, remedy))


def _of_episodes(loaded: Loaded, table: Table) -> None:
    episodes = loaded.tables.get("episodes")
    if episodes is None:
        problem = f"the table {table.name} belongs to episodes, and no file holds episodes"
        remedy = 'Add a file with table = "episodes" to the plan.'
        tell_plainly(loaded, (Severity.ERROR, "SW60", problem, remedy))
    elif "episode" in episodes.columns:
        problem = "rows with no episode, or with one that the table of episodes does not hold"
        remedy = "Add the episode there, or correct its number."
        place, known = episode_of(loaded, table), set(episodes.text("episode"))
        _report(loaded, table, "episode", place, known, "episodes", (problem, remedy))


def _report(
    loaded: Loaded,
    table: Table,
    column: str,
    place: Places,
    known: Iterable[str],
    of_table: str,
    told: tuple[str, str],
) -> None:
    """Report rows whose key is of no row of another table, empty ones too."""
    wrong = place < 0
    if not wrong.any():
        return
    problem, remedy = told
    cells = table.text(column)
    values, _ = distinct(cells[wrong])
    lost = rows_left_out(loaded.sheets, of_table, loaded.ledger)
    unknown = {value for value in values if value}
    said = what_to_do(unknown, known, f"the table {of_table}", remedy, lost)
    if said is None:  # rows left out may hold them all; an empty key is at fault anyhow
        wrong, said = wrong & (cells == ""), remedy
    tell(loaded, table, column, np.asarray(wrong), (Severity.ERROR, "SW60", problem, said))
