"""Scores of one block of rows: small enough to stay in the processor's cache."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.instruments.own_tables import AGES, band_of
from splw_eval.instruments.recipes import Codes, Recipe

ROWS = 32_768  # a column of these stays in the processor's cache while it is checked and added
MOST_ROWS = 2 * ROWS  # of columns of one or two bytes
COPIED = 4_096  # rows of a table that are turned into columns at a time, for the same reason
Array = NDArray[Any]
Mask = NDArray[np.bool_]
Kept = tuple[Array, Array]  # sums and scores of a block
_SMALL = (np.int8, np.int16, np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of one block.

    Attributes
    ----------
    parts : list of ndarray, shape (m,)
        By item; NaN is unanswered.
    missing : list of ndarray of bool or None
        Where an item is unanswered; None where everybody answered.
    skipped : list of ndarray of bool or None
        Where an item does not count; None where it counts for everybody.
    """

    parts: list[Array]
    missing: list[Mask | None]
    skipped: list[Mask | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """Where the scores of one block go, each of shape (m,)."""

    values: NDArray[np.float64]
    answered: NDArray[np.signedinteger[Any]]
    prorated: Mask


@dataclass(slots=True)
class Buffers:
    """Arrays that every block uses again."""

    whole: NDArray[np.float64] = field(default_factory=lambda: np.empty(MOST_ROWS))
    same: Mask = field(default_factory=lambda: np.empty(MOST_ROWS, dtype=np.bool_))
    index: NDArray[np.intp] = field(default_factory=lambda: np.empty(MOST_ROWS, dtype=np.intp))
    sums: dict[Any, Array] = field(default_factory=dict)

    def of(self, dtype: Any, which: str) -> Array:
        """Return a buffer of a type, made when it is first needed."""
        return self.sums.setdefault((np.dtype(dtype), which), np.empty(MOST_ROWS, dtype=dtype))


def examine(part: Array, codes: Codes, whole: bool, buffers: Buffers) -> tuple[bool, Mask | None]:
    """Whether all answers of an item in a block may be, and which are missing.

    Parameters
    ----------
    part : ndarray, shape (m,)
    codes : (float, float)
        Lowest and highest answer.
    whole : bool
        Whether answers are whole numbers.
    buffers : Buffers

    Returns
    -------
    tuple of (bool, ndarray of bool or None)
    """
    low, high = codes
    if part.dtype.kind != "f":
        return bool(part.min() >= low and part.max() <= high), None
    if np.fmin.reduce(part) < low or np.fmax.reduce(part) > high:
        return False, None
    m, same = len(part), buffers.same[: len(part)]
    against = np.rint(part, out=buffers.of(part.dtype, "whole")[:m]) if whole else part
    held = np.count_nonzero(np.equal(against, part, out=same))
    if held == m:
        return True, None
    missing = np.isnan(part)  # a new array: it is kept until the block is done
    return held + np.count_nonzero(missing) == m, missing


def score_block(
    recipe: Recipe, answers: Answers, out: Out, kept: dict[str, Kept], buffers: Buffers
) -> None:
    """Score one block; what other scores start from is put into `kept`."""
    if recipe.of:
        total, values = kept[recipe.of]
        _start_from(recipe, values if recipe.table is None else total, out, buffers)
        return
    missing = [answers.missing[i] for i in recipe.items]
    all_count = not recipe.person and all(answers.skipped[i] is None for i in recipe.items)
    is_whole = all(mask is None for mask in missing)
    if all_count and (is_whole or (recipe.needs_all and not recipe.counted)):
        total = _straight(recipe, [answers.parts[i] for i in recipe.items], out, buffers)
        out.answered[:] = len(missing)
        for mask in missing:
            if mask is not None:
                np.subtract(out.answered, mask.view(np.int8), out=out.answered)
    else:
        total = _partial(recipe, answers, out)
    # A level starts from the score itself, a table from the sum of whole answers.
    kept[recipe.name] = total, out.values


def _straight(recipe: Recipe, parts: Sequence[Array], out: Out, buffers: Buffers) -> Array:
    """Score a block that needs no filling: every item is answered, or NaN runs through."""
    m = len(parts[0])
    dtype = _sum_type(recipe, parts)
    into = out.values if dtype == np.float64 and recipe.table is None else None
    total = into if into is not None else buffers.of(dtype, recipe.name)[:m]
    _add_up(recipe, parts, total, buffers.of(dtype, "term")[:m])
    if recipe.table is not None:
        _look_up(recipe, total, out.values, buffers)
    elif recipe.factor is not None:
        np.multiply(total, recipe.factor, out=out.values)
        np.divide(out.values, len(parts), out=out.values)
    elif total is not out.values:
        out.values[:] = total
    return total


def _sum_type(recipe: Recipe, parts: Sequence[Array]) -> Any:
    """Smallest type that holds every partial sum: small numbers are added quicker."""
    if any(part.dtype.kind == "f" for part in parts):
        return np.dtype(np.float64)
    small = next((t for t in _SMALL if recipe.sums_to <= np.iinfo(t).max), np.int64)
    return np.result_type(small, *(part.dtype for part in parts))


def _add_up(recipe: Recipe, parts: Sequence[Array], total: Array, term: Array) -> None:
    dtype = total.dtype.type
    if recipe.counted:
        total.fill(0)
        for part, codes in zip(parts, recipe.counted, strict=True):
            for code in codes:
                np.add(total, part == code, out=total)
        return
    if len(parts) > 1 and recipe.weights[:2] == (1.0, 1.0):
        np.add(parts[0], parts[1], out=total, dtype=dtype)
        rest = 2
    else:
        total.fill(0)
        rest = 0
    for part, weight in zip(parts[rest:], recipe.weights[rest:], strict=True):
        if weight == 1:
            np.add(total, part, out=total, dtype=dtype)
        elif weight == -1:
            np.subtract(total, part, out=total, dtype=dtype)
        else:
            np.multiply(part, dtype(weight), out=term, dtype=dtype)
            np.add(total, term, out=total)
    constant = sum(recipe.constants)
    if constant:
        np.add(total, dtype(constant), out=total)


def _look_up(recipe: Recipe, total: Array, out: NDArray[np.float64], buffers: Buffers) -> None:
    """Look sums up; a missing one is looked up at 0, where the table holds NaN."""
    assert recipe.table is not None
    index = buffers.index[: len(total)]
    if total.dtype.kind == "f":
        places = buffers.of(total.dtype, "places")[: len(total)]
        np.subtract(total, recipe.first, out=places) if recipe.first else np.copyto(places, total)
        np.copyto(index, np.fmax(places, 0, out=places), casting="unsafe")
    else:
        np.copyto(index, total, casting="unsafe")
        if recipe.first:
            np.subtract(index, int(recipe.first), out=index)
    np.take(recipe.table, index, out=out, mode="clip")  # all lie inside; "raise" would copy


def _partial(recipe: Recipe, answers: Answers, out: Out) -> Array:
    """Score a block in which items are missing, or do not count for some."""
    m = len(out.values)
    total = np.zeros(m)
    unanswered, left_out = np.zeros(m, dtype=np.int16), np.zeros(m, dtype=np.int16)
    for j, i in enumerate(recipe.items):
        term = _term(recipe, j, answers.parts[i])
        missing, skipped = answers.missing[i], answers.skipped[i]
        if missing is not None:
            term[missing] = 0
            unanswered += missing if skipped is None else missing & ~skipped
        if skipped is not None:
            term[skipped] = 0
            left_out += skipped
        total += term
    counting = len(recipe.items) - left_out
    answered = counting - unanswered
    enough = (answered >= np.minimum(recipe.fewest, counting)) & (answered > 0)
    total[~enough] = np.nan
    out.answered[:] = answered
    if recipe.table is not None:
        out.values[:] = _of_table(recipe, answers, total)
        return total
    short = (answered < counting) & (recipe.fill == "mean")
    if recipe.factor is not None:
        out.values[:] = total * recipe.factor / np.maximum(answered, 1)
    else:
        full = total * counting / np.maximum(answered, 1)
        out.values[:] = np.where(short, full, total)
    np.logical_and(short, enough, out=out.prorated)
    return total


def _term(recipe: Recipe, j: int, part: Array) -> NDArray[np.float64]:
    if recipe.counted:
        return np.isin(part, recipe.counted[j]).astype(np.float64)
    # Half-precision numbers would round the number of a profile.
    term: NDArray[np.float64] = np.multiply(part, recipe.weights[j], dtype=np.float64)
    term += recipe.constants[j]
    return term


def _of_table(recipe: Recipe, answers: Answers, total: Array) -> NDArray[np.float64]:
    assert recipe.table is not None
    if recipe.person:
        age, sex = (answers.parts[i].astype(np.float64) for i in recipe.person)
        total = total + (sex - 1) * len(AGES) + band_of(age)
    return np.asarray(recipe.table[np.nan_to_num(total).astype(np.intp)])


def _start_from(recipe: Recipe, total: Array, out: Out, buffers: Buffers) -> None:
    """Score what starts from another score of the same block."""
    if recipe.table is None:
        level = 1.0 + np.searchsorted(recipe.above, total, side="left")
        out.values[:] = np.where(total != total, np.nan, level)  # noqa: PLR0124 - NaN alone
        return
    _look_up(recipe, total, out.values, buffers)
