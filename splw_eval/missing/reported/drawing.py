"""The model that missing scores are drawn from, by what the plan says and the scores carry."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.comparison.long_frame import Long
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.reported.disengaged import ENDED, Left
from splw_eval.missing.reported.known import Column, auxiliary_of

if TYPE_CHECKING:
    import pandas as pd

SCORE, PERSON, WAVE, ARM, PRACTICE = "score", "person", "wave", "arm", "practice"
IMPUTATIONS = 20
Held = dict[str, NDArray[np.float64] | NDArray[np.int64]]
# What an engine raises where data are too few or too alike; the report then goes on without.
UNFIT = (FitError, np.linalg.LinAlgError, ArithmeticError)
_WITHOUT = (
    "The columns that the plan names to help are not used: the scores of some group at some wave "
    "are too few to carry them."
)
_STRATA = "The scores do not carry the strata of the allocation, so they are left out here."


def draws_of(
    study: Study,
    long: Long,
    rows: NDArray[np.int64],
    strata: NDArray[np.int64] | None,
    left: Left | None,
) -> tuple[Draws, tuple[Note, ...]]:
    """Draw with strata and the plan's helping columns, or without what scores do not carry.

    Parameters
    ----------
    study : Study
    long : Long
    rows : ndarray of int, shape (n,)
        Positions of people.
    strata : ndarray of int, shape (n,), or None
    left : Left or None

    Returns
    -------
    draws : Draws
        Waves go by their places in ``long.waves``, people by their positions.
    notes : tuple of Note

    Raises
    ------
    FitError
        Scores do not carry the model even without any column.
    """
    known, said = auxiliary_of(study, rows)
    base = _frame(study, long, rows, left)
    *tries, last = _tries(known, strata, said)
    for columns, notes in tries:
        try:
            return _one(study, base, columns, len(long.waves)), notes
        except UNFIT:
            continue
    columns, notes = last
    return _one(study, base, columns, len(long.waves)), notes


def _tries(
    known: tuple[Column, ...], strata: NDArray[np.int64] | None, said: tuple[Note, ...]
) -> Iterator[tuple[tuple[Column, ...], tuple[Note, ...]]]:
    own: tuple[Column, ...] = ()
    if strata is not None:
        own = (("stratum", np.array([f"stratum {code}" for code in strata], dtype=object)),)
    if known:
        yield (*own, *known), said
    without = (Note(text=_WITHOUT),) if known else ()
    yield own, without
    if own:
        yield (), (*without, Note(text=_STRATA))


def _frame(study: Study, long: Long, rows: NDArray[np.int64], left: Left | None) -> Held:
    """Columns of one value for each person, but the scores, shape (n, waves)."""
    held: Held = {
        SCORE: long.scores[rows][:, list(long.waves)],
        PERSON: rows,
        ARM: long.arm[rows],
    }
    cluster = study.people.cluster
    if cluster is not None and _usable(cluster[rows]):
        held[PRACTICE] = cluster[rows]
    if left is not None and left.days is not None:
        held[ENDED] = left.days
    return held


def _usable(codes: NDArray[np.int64]) -> bool:
    """Whether practices can be told from each other, and from people."""
    sizes = np.unique(codes, return_counts=True)[1]
    return len(sizes) > 1 and int(sizes.max()) > 1


def _one(
    study: Study,
    held: Held,
    columns: tuple[Column, ...],
    waves: int,
) -> Draws:
    import pandas as pd

    missing = study.plan.missing
    n = len(held[PERSON])
    made = {name: np.repeat(values, waves) for name, values in held.items() if name != SCORE}
    made |= {name: np.repeat(values, waves) for name, values in columns}
    made |= {SCORE: held[SCORE].ravel(), WAVE: np.tile(np.arange(waves), n)}
    frame: pd.DataFrame = pd.DataFrame(made)
    return draw(
        frame,
        outcome=SCORE,
        person=PERSON,
        wave=WAVE,
        arm=ARM,
        cluster=PRACTICE if PRACTICE in held else None,
        covariates=[name for name, _ in columns],
        imputations=missing.imputations if missing else IMPUTATIONS,
        seed=study.plan.seed,
    )
