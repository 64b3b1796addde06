"""Link workers who serve several practices, and practices with several link workers."""

from __future__ import annotations

import numpy as np

from splw_eval.core.result import Note, Result
from splw_eval.core.rows import WorkerRow
from splw_eval.data import Study
from splw_eval.describe.settings import FEWEST_WORKERS, PROPOSAL

ONE, SEVERAL, EVERY = "One practice", "Several practices", "Practices of any number"
_BY_CONTACTS = "Each person counts under every link worker who saw them, and their own practice."
_BY_PEOPLE = "Each person counts under their first link worker and their own practice."
_RULE = Note(
    text=f"No figure is about fewer than {FEWEST_WORKERS} link workers, who could be recognised; "
    f"this number is {PROPOSAL}."
)


def describe_workers(study: Study) -> Result[WorkerRow]:
    """Count link workers by how many practices their people come from.

    Parameters
    ----------
    study : Study
        Its people have a practice, and its contacts or people a link worker.

    Returns
    -------
    Result of WorkerRow
        Link workers of one and of several practices; all of them together where either
        would be about too few; no rows where there are too few of them at all.
    """
    found = study.worker_practices
    if found is None:
        return _result((), Note(text="No file names both the practice and the link worker."))
    _, place, served = np.unique(found.worker, return_inverse=True, return_counts=True)
    people = np.bincount(place, weights=found.people).astype(np.int64)
    if len(served) < FEWEST_WORKERS:
        return _result((), Note(text="There are too few link workers to show any figure of them."))
    several = served > 1
    if 0 < several.sum() < FEWEST_WORKERS or 0 < (~several).sum() < FEWEST_WORKERS:
        row = WorkerRow(practices=EVERY, people=int(people.sum()), workers=len(served))
        few = "How many serve one practice and how many several is not shown: too few of one kind."
        return _result((row,), Note(text=few), _RULE)
    return _result(
        tuple(
            WorkerRow(practices=name, people=int(people[who].sum()), workers=int(who.sum()))
            for name, who in ((ONE, ~several), (SEVERAL, several))
            if who.any()
        ),
        Note(text=_BY_CONTACTS if found.by_contacts else _BY_PEOPLE),
        _RULE,
    )


def _result(rows: tuple[WorkerRow, ...], *notes: Note) -> Result[WorkerRow]:
    return Result(
        key="workers",
        title="Link workers who serve several practices",
        unit="link workers",
        row_type=WorkerRow,
        rows=rows,
        notes=notes,
    )
