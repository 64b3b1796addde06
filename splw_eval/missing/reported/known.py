"""What is known of people at the start, as columns that help to tell a missing score."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.result import Note
from splw_eval.data import Study

REST = "any other, or not known"
FEWEST = 15  # people of a level, and people of whom a number is not known, below which it is joined
_JOINED = (
    "A column that helps to fill in scores: levels of few people are taken together, and a number "
    "that is not known stands at its mean, with a sign that it is not known."
)
Column = tuple[str, NDArray[Any]]


def auxiliary_of(
    study: Study, rows: NDArray[np.int64]
) -> tuple[tuple[Column, ...], tuple[Note, ...]]:
    """Give the plan's helping columns without gaps.

    Parameters
    ----------
    study : Study
    rows : ndarray of int, shape (n,)
        Positions of people.

    Returns
    -------
    columns : tuple of (str, ndarray of shape (n,))
        Under names in plain letters; those that are the same for all are left out.
    notes : tuple of Note
    """
    missing, primary = study.plan.missing, study.plan.primary.name
    found: list[Column] = []
    mended = False
    for place, name in enumerate(missing.auxiliary if missing else (), start=1):
        values = study.planned.get(name)
        if values is None or name == primary:  # the start of the outcome is a wave of its own
            continue
        made, changed = _complete(values[rows], f"helps_{place}")
        found += made
        mended |= changed
    return tuple(found), (Note(text=_JOINED),) if mended else ()


def _complete(values: NDArray[Any], name: str) -> tuple[list[Column], bool]:
    if values.dtype.kind != "f":
        words, changed = joined(values)
        return ([(name, words)] if len(set(words)) > 1 else []), changed
    lost = np.isnan(values)
    if lost.all() or len(np.unique(values[~lost])) == 1:
        return [], False
    column = np.where(lost, values[~lost].mean(), values)
    also = [(f"{name}_not_known", lost.astype(float))] if lost.sum() >= FEWEST else []
    return [(name, column), *also], bool(lost.any())


def joined(values: NDArray[Any], fewest: int = FEWEST) -> tuple[NDArray[Any], bool]:
    """Take levels of few people together.

    Parameters
    ----------
    values : ndarray of str, shape (n,)
        Nothing where it is not known.
    fewest : int

    Returns
    -------
    values : ndarray of str, shape (n,)
        No level of fewer people is left, but where all together are as few.
    changed : bool
    """
    words, at, times = np.unique(values.astype(str), return_inverse=True, return_counts=True)
    rare = (times < fewest) | (words == "")
    if not rare.any():
        return words[at].astype(object), False
    common = np.flatnonzero(~rare)
    if times[rare].sum() < fewest and len(common):
        rare[common[times[common].argmin()]] = True
    return np.where(rare, REST, words)[at].astype(object), True
