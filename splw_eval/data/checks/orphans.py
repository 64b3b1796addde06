"""Rows that belong to no episode or person of the study."""

from __future__ import annotations

from splw_eval.core.findings import Severity
from splw_eval.data.checks.joins import episode_of, person_of
from splw_eval.data.checks.telling import tell, tell_plainly
from splw_eval.data.loaded import Loaded

_OF_EPISODES = ("contacts", "support")
_OF_PEOPLE = ("episodes", "service_use")


def check(loaded: Loaded) -> None:
    """Report contacts and support without an episode, episodes and use without a person."""
    for name in _OF_EPISODES:
        table = loaded.tables.get(name)
        if table is None or "episode" not in table.columns:
            continue
        if "episodes" not in loaded.tables:
            problem = f"the table {name} belongs to episodes, and no file holds episodes"
            remedy = 'Add a file with table = "episodes" to the plan.'
            tell_plainly(loaded, (Severity.ERROR, "SW60", problem, remedy))
            continue
        problem = "rows with no episode, or with one that the table of episodes does not hold"
        remedy = "Add the episode there, or correct its number."
        wrong = episode_of(loaded, table) < 0
        tell(loaded, table, "episode", wrong, (Severity.ERROR, "SW60", problem, remedy))
    for name in _OF_PEOPLE:
        table = loaded.tables.get(name)
        if table is not None and "person" in table.columns:
            problem = "rows with no person, or with one who is not in the study"
            remedy = "Add the person to the people file, or correct the pseudonym."
            wrong = person_of(loaded, table) < 0
            tell(loaded, table, "person", wrong, (Severity.ERROR, "SW60", problem, remedy))
