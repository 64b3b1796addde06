"""Link workers and practices: who is in no table, and who works for several practices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.core.findings import Severity
from splw_eval.data.checks.joins import Places, episode_of, index_of, person_of, positions
from splw_eval.data.checks.telling import tell, tell_plainly
from splw_eval.data.loaded import Loaded
from splw_eval.data.parse import distinct
from splw_eval.data.sheet import Told

_SEVERAL: Told = (
    Severity.WARNING,
    "SW70",
    "people whose link worker serves several practices",
    "Link workers are not treated as part of one practice; people of one practice and "
    "people of one link worker are two different groupings.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticeByWorker:
    """How many people each link worker sees of each practice; only pairs that occur.

    Attributes
    ----------
    practice : ndarray of int, shape (pairs,)
        Code as in ``people.cluster``.
    worker : ndarray of int, shape (pairs,)
        Number of the link worker, from 0; a number is all that is kept of them.
    people : ndarray of int, shape (pairs,)
        People, each counted once for each pair.
    by_contacts : bool
        Whether the contacts say who saw whom; otherwise each person has one link worker.
    """

    practice: Places
    worker: Places
    people: Places
    by_contacts: bool

    @property
    def workers_of_several(self) -> int:
        """How many link workers see people of more than one practice."""
        return int((np.unique(self.worker, return_counts=True)[1] > 1).sum())


def practice_by_worker(loaded: Loaded) -> PracticeByWorker | None:
    """Count people by practice and link worker.

    Parameters
    ----------
    loaded : Loaded
        Link workers are those of the contacts; without contacts, the first of each person.

    Returns
    -------
    PracticeByWorker or None
        None where no file holds practices, or none holds link workers.
    """
    found = _pairs(loaded)
    if found is None or loaded.people.cluster is None:
        return None
    person, worker, by_contacts = found
    return count_pairs(loaded.people.cluster, person, worker, by_contacts=by_contacts)


def count_pairs(
    cluster: Places, person: Places, worker: Places, *, by_contacts: bool
) -> PracticeByWorker:
    """Count people of each practice and link worker.

    Parameters
    ----------
    cluster : ndarray of int, shape (people,)
        Practice of each person, as in ``people.cluster``.
    person, worker : ndarray of int, shape (n,)
        Who was seen, and by whom; a pair may occur again.
    by_contacts : bool
        As in `PracticeByWorker`.

    Returns
    -------
    PracticeByWorker
        Without people of no known practice.
    """
    kept, width = cluster[person] >= 0, 1 + int(worker.max(initial=0))
    # One number for each pair: sorting numbers is far quicker than sorting pairs.
    pairs = np.unique(person[kept] * width + worker[kept])
    cells, people = np.unique(cluster[pairs // width] * width + pairs % width, return_counts=True)
    return PracticeByWorker(
        practice=cells // width, worker=cells % width, people=people, by_contacts=by_contacts
    )


def _pairs(loaded: Loaded) -> tuple[Places, Places, bool] | None:
    """Person and link worker of every contact; without contacts, of every person."""
    contacts, episodes = loaded.tables.get("contacts"), loaded.tables.get("episodes")
    if contacts is not None and episodes is not None and "link_worker" in contacts.columns:
        person = np.append(person_of(loaded, episodes), -1)[episode_of(loaded, contacts)]
        name = contacts.text("link_worker")
        worker, usable = distinct(name)[1], (person >= 0) & (name != "")
        return person[usable], worker[usable], True
    if loaded.people.link_worker is None:
        return None
    held = np.flatnonzero(loaded.people.link_worker >= 0)
    return held, loaded.people.link_worker[held], False


def check(loaded: Loaded) -> None:
    """Report link workers and practices without a row, and who serves several practices."""
    for column, table in (("link_worker", "link_workers"), ("cluster", "clusters")):
        for name in ("people", "contacts"):
            _without_row(loaded, name, column, table)
    _several_practices(loaded)


def _without_row(loaded: Loaded, name: str, column: str, of_table: str) -> None:
    table, known = loaded.tables.get(name), loaded.tables.get(of_table)
    if table is None or known is None or not {column} <= set(table.columns) & set(known.columns):
        return
    cells = table.text(column)
    wrong = (positions(cells, index_of(known.text(column))) < 0) & (cells != "")
    problem = f"not in the table of {of_table.replace('_', ' ')}"
    remedy = "Add a row there, or correct the code."
    tell(loaded, table, column, wrong, (Severity.WARNING, "SW61", problem, remedy))


def _several_practices(loaded: Loaded) -> None:
    table, found = loaded.tables.get("people"), practice_by_worker(loaded)
    pairs = _pairs(loaded)
    if found is None or pairs is None or not found.workers_of_several:
        return
    if table is None:
        tell_plainly(loaded, _SEVERAL)
        return
    person, worker, _ = pairs
    number, times = np.unique(found.worker, return_counts=True)
    served = np.zeros(len(loaded.people) + 1, dtype=bool)
    served[person[np.isin(worker, number[times > 1])]] = True
    wrong = served[person_of(loaded, table)]
    column = "link_worker" if "link_worker" in table.columns else "person"
    tell(loaded, table, column, wrong, _SEVERAL)
