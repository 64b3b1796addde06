"""Link workers by how many practices they serve, and practices by their link workers."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.result import Note, Result
from splw_eval.core.rows import WorkerRow
from splw_eval.data import Study
from splw_eval.data.checks.workers import PracticeByWorker
from splw_eval.describe.settings import FEWEST_WORKERS, PROPOSAL

EVERY = "All link workers and their practices"
SERVE = (
    "Link workers of one practice",
    "Link workers of two practices",
    "Link workers of three or more practices",
    "Link workers of several practices",
)
HAVE = (
    "Practices with one link worker",
    "Practices with two link workers",
    "Practices with three or more link workers",
    "Practices with several link workers",
)
_NO_SERVE = (
    "How many link workers serve one practice and how many several is not shown: too few of one "
    "kind."
)
_NO_HAVE = (
    "How many practices have one link worker and how many several is not shown: too few link "
    "workers in practices of one kind."
)
_BY_CONTACTS = "Each person counts under every link worker who saw them, and their own practice."
_BY_PEOPLE = "Each person counts under their first link worker and their own practice."
_RULE = (
    f"No figure is about fewer than {FEWEST_WORKERS} link workers, who could be recognised; "
    f"this number is {PROPOSAL}. Practices of which no link worker is known are left out."
)
_NOT_ASSUMED = (
    "Do not take link workers for part of one practice, nor practices for part of one link "
    "worker: nothing here says that they are."
)
# Whether some serve several practices, and whether some practices have several of them.
_NESTING = {
    (True, True): "Some link workers serve several practices, and some practices have several "
    "link workers. Neither is part of the other, and no figure takes them so.",
    (True, False): "Some link workers serve several practices, and each practice has one link "
    "worker. No link worker is taken for part of one practice.",
    (False, True): "In these files each link worker serves one practice, and some practices have "
    "several. This is what was recorded; it is not assumed anywhere.",
    (False, False): "In these files each link worker serves one practice and each practice has "
    "one link worker, so what is due to either cannot be told apart.",
}
Counts = NDArray[np.int64]
Which = NDArray[np.bool_]


def describe_workers(study: Study) -> Result[WorkerRow]:
    """Count link workers by practices served, and practices by link workers.

    Parameters
    ----------
    study : Study
        Its people have a practice, and its contacts or people a link worker.

    Returns
    -------
    Result of WorkerRow
        All together; then link workers of one, two and more practices, and practices with
        one, two and more link workers. Two and more are put together where one of the rows
        would be about too few link workers, and left out where that is not enough. No rows
        where there are too few of them at all. What is known of nesting is said in words.
    """
    found = study.worker_practices
    if found is None:
        unknown = "No file names both the practice and the link worker. "
        return _result((), Note(text=unknown + _NOT_ASSUMED))
    served, had = _times(found.worker), _times(found.practice)
    every = np.ones(len(found.worker), dtype=bool)
    if len(np.unique(found.worker)) < FEWEST_WORKERS:
        few = "There are too few link workers to show any figure of them. "
        return _result((), Note(text=few + _NOT_ASSUMED))
    of_workers = tuple(
        WorkerRow(group=name, workers=workers, practices=None, people=people)
        for name, workers, _, people in _by_number(found, served, SERVE)
    )
    of_practices = tuple(  # without link workers: some may stand in several rows
        WorkerRow(group=name, workers=None, practices=practices, people=people)
        for name, _, practices, people in _by_number(found, had, HAVE)
    )
    notes = [
        _NESTING[bool((served > 1).any()), bool((had > 1).any())],
        *(() if of_workers else (_NO_SERVE,)),
        *(() if of_practices else (_NO_HAVE,)),
        _BY_CONTACTS if found.by_contacts else _BY_PEOPLE,
        _RULE,
    ]
    workers, practices, people = _counted(found, every)
    all_of_them = WorkerRow(group=EVERY, workers=workers, practices=practices, people=people)
    rows = (all_of_them, *of_workers, *of_practices)
    return _result(rows, *(Note(text=words) for words in notes))


def _times(codes: Counts) -> Counts:
    """How often the code of each pair occurs among the pairs."""
    _, place, times = np.unique(codes, return_inverse=True, return_counts=True)
    return times[place].astype(np.int64)


def _by_number(
    found: PracticeByWorker, number: Counts, names: tuple[str, str, str, str]
) -> Iterator[tuple[str, int, int, int]]:
    """Name and counts of one, two and more, as finely as the fewest link workers allow."""
    one, two, more, several = names
    finest = ((one, number == 1), (two, number == 2), (more, number > 2))  # noqa: PLR2004
    for kinds in (finest, ((one, number == 1), (several, number > 1))):
        counts = [(name, *_counted(found, which)) for name, which in kinds if which.any()]
        if all(workers >= FEWEST_WORKERS for _, workers, _, _ in counts):
            yield from counts
            return


def _counted(found: PracticeByWorker, which: Which) -> tuple[int, int, int]:
    """Link workers, practices and people of some pairs."""
    workers, practices = np.unique(found.worker[which]), np.unique(found.practice[which])
    return len(workers), len(practices), int(found.people[which].sum())


def _result(rows: tuple[WorkerRow, ...], *notes: Note) -> Result[WorkerRow]:
    return Result(
        key="workers",
        title="Link workers who serve several practices",
        unit="link workers",
        row_type=WorkerRow,
        rows=rows,
        notes=notes,
    )
