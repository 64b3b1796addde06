"""Fits without each practice in turn, all at once from sums by moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.cox.newton import Maximum
from splw_eval.stats.cox.tied_terms import TiedTerms, Ties, tied_terms

Array = NDArray[np.float64]
Codes = NDArray[np.intp]

_ROUNDS = 5
_NEAR = 1e-20  # squared standard errors from the maximum
_MOVING, _NO_INFORMATION = 0.1, 1e-10  # as Newton's method of all rows has them
_FAR = 1.0  # of a linear predictor from that of all rows; beyond it the search is left to others
_LEFT = 1e-20  # of the squared way, what the last step may leave
_TOGETHER = 1 << 10  # rows whose products stay in the processor's cache
_CELLS = 8_000_000  # of all sums held at once, 8 bytes each
_MOST, _FEWEST = 16, 4  # practices left out together
_ROWS_EACH = 8  # rows of a place, on average, from which sums by place are the quicker way


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ordered:
    """Rows in the order of their places among the moments."""

    order: Codes
    bounds: Codes  # of the places among the ordered rows
    practice: Codes
    risk: Array


def fits_without_each(
    whole: Maximum, practice: NDArray[np.intp], clusters: int, ties: Ties
) -> Array:
    """Coefficients without each practice, by Newton's method from those of all rows.

    Parameters
    ----------
    whole : Maximum
        Of all rows.
    practice : ndarray of int, shape (rows,)
        Practice of each row of ``whole.at``.
    clusters : int
    ties : {"efron", "breslow"}

    Returns
    -------
    ndarray, shape (clusters, p)
        NaN where a practice needs a search with more care: the fit may have no maximum, or
        lies far off; and throughout where rows are few for the moments there are.

    Notes
    -----
    Sums of the risks, of the columns and of their products over the rows of a place, for all
    practices left out at once, are one product of matrices. They give the score and the
    information without any practice, so each fit is as exact as one of its own.
    """
    rows, p = whole.at.rows, whole.at.x.shape[1]
    found = np.full((clusters, p), np.nan)
    places = 2 * len(rows.time)
    together = min(_MOST, _CELLS // (places * (1 + p + p * (p + 1) // 2)), clusters)
    if len(rows.kept) < _ROWS_EACH * places or together < min(_FEWEST, clusters):
        return found
    search = _Search(whole, practice, clusters, ties)
    for low in range(0, clusters, together):
        for g, beta in search.found(np.arange(low, min(low + together, clusters))):
            found[g] = beta
    return found


class _Search:
    """Newton's method without each of some practices."""

    def __init__(self, whole: Maximum, practice: Codes, clusters: int, ties: Ties) -> None:
        self.whole, self.ties = whole, ties
        rows, x = whole.at.rows, whole.at.x
        moments, p = len(rows.time), x.shape[1]
        self.ended = _ordered(rows.ending, 2 * moments, practice, whole.at.risk)
        self.began = None
        if rows.delayed:
            self.began = _ordered(rows.first, moments, practice, whole.at.risk)
        died = np.flatnonzero(rows.event)
        key = practice[died] * moments + rows.last[died] - 1
        shape, size = (clusters, moments), clusters * moments
        self.deaths = np.bincount(key, minlength=size).reshape(shape)
        self.died = np.bincount(key, rows.weights[died], size).reshape(shape)
        weights, own = rows.weights[died], practice[died]
        of_events = [np.bincount(own, weights * x[died, j], clusters) for j in range(p)]
        self.of_events = np.column_stack(of_events)
        self.widest = np.array([max(column.max(), -column.min()) for column in x.T])
        self.pairs = np.triu_indices(p)

    def found(self, practices: Codes) -> Iterator[tuple[int, Array]]:
        """Each practice whose fit is found, and its coefficients."""
        beta = {int(g): self.whole.beta for g in practices}
        way: dict[int, list[float]] = {int(g): [] for g in practices}
        for _ in range(_ROUNDS):
            if not beta:
                return
            left = np.array(list(beta))
            moved = np.array([beta[int(g)] for g in left]) - self.whole.beta
            at_risk, dying, farthest = self._sums(left, moved)
            for k, g in enumerate(left.tolist()):
                here = beta.pop(g)
                move, squared = self._move(g, at_risk[:, :, k], dying[:, :, k], not way[g])
                if move is None or farthest[k] > _FAR:
                    continue
                way[g].append(squared)
                if not _arrived(way[g]):
                    beta[g] = here + move
                elif np.abs(move) @ self.widest <= _MOVING:
                    yield g, here + move

    def _sums(self, practices: Codes, moved: Array) -> tuple[Array, Array, Array]:
        """Sums of those at risk and of the tied events, shape (moments, columns, practices)."""
        ended, farthest = self._by_place(self.ended, practices, moved)
        both = ended.reshape(-1, 2, *ended.shape[1:])
        joined = both[:, 0] + both[:, 1]
        if self.began is not None:
            joined[:-1] -= self._by_place(self.began, practices, moved)[0][1:]
        return np.cumsum(joined[::-1], axis=0)[::-1], both[:, 1], farthest

    def _by_place(self, rows: _Ordered, practices: Codes, moved: Array) -> tuple[Array, Array]:
        """Sums over the rows of each place of 1, the columns and their products."""
        p = len(self.widest)
        summed = np.zeros((len(rows.bounds) - 1, 1 + p + len(self.pairs[0]), len(practices)))
        farthest = np.zeros(len(practices))
        # The column that leaves each practice out; -1 where none of these does.
        column = np.full(len(self.deaths), -1)
        column[practices] = np.arange(len(practices))
        for low in range(0, len(rows.order), _TOGETHER):
            high = min(low + _TOGETHER, len(rows.order))
            values = self._products(rows.order[low:high])
            risk = np.repeat(rows.risk[low:high, None], len(practices), axis=1)
            if moved.any():
                change = moved @ values[1 : 1 + p]
                farthest = np.maximum(farthest, np.maximum(change.max(axis=1), -change.min(axis=1)))
                risk *= np.exp(np.minimum(change, _FAR, out=change), out=change).T
            own = column[rows.practice[low:high]]
            out = np.flatnonzero(own >= 0)
            risk[out, own[out]] = 0.0
            start = int(np.searchsorted(rows.bounds, low, side="right")) - 1
            stop = int(np.searchsorted(rows.bounds, high, side="left"))
            cuts = np.clip(rows.bounds[start : stop + 1] - low, 0, high - low).tolist()
            for place, (a, b) in enumerate(pairwise(cuts), start):
                if a < b:
                    summed[place] += values[:, a:b] @ risk[a:b]
        return summed, farthest

    def _products(self, rows: Codes) -> Array:
        """1, the columns and their products of some rows, each contiguous."""
        p = len(self.widest)
        values = np.ones((1 + p + len(self.pairs[0]), len(rows)))
        values[1 : 1 + p] = self.whole.at.x[rows].T
        at = 1 + p
        for j in range(p):  # in the order of the upper triangle
            np.multiply(values[1 + j], values[1 + j : 1 + p], out=values[at : at + p - j])
            at += p - j
        return values

    def _move(
        self, g: int, at_risk: Array, dying: Array, begins: bool
    ) -> tuple[Array | None, float]:
        """Newton's step without a practice, and its length in squared standard errors."""
        rows = self.whole.at.rows
        deaths = rows.deaths - self.deaths[g]
        some = np.flatnonzero(deaths)
        if not some.size:
            return None, np.nan
        weight = (self.died.sum(axis=0) - self.died[g])[some] / deaths[some]
        part = replace(rows, deaths=deaths[some], mean_weight=weight)
        at_risk, dying = at_risk[some], dying[some]
        terms = tied_terms(part, at_risk[:, 0], dying[:, 0], self.ties)
        if not (terms.below > 0).all():
            return None, np.nan
        passed, information = self._slopes(terms, at_risk[:, 1:], dying[:, 1:])
        score = self.of_events.sum(axis=0) - self.of_events[g] - passed
        values = np.linalg.eigvalsh((information + information.T) / 2)
        if values[0] <= (_NO_INFORMATION * values[-1] if begins else 0.0):
            return None, np.nan
        move = np.asarray(np.linalg.solve(information, score), dtype=float)
        return move, float(score @ move)

    def _slopes(self, terms: TiedTerms, at_risk: Array, dying: Array) -> tuple[Array, Array]:
        """What the score takes off the columns of the events, and the information."""
        p = len(self.widest)
        once = terms.weight / terms.below
        step, taken = (np.add.reduceat(some, terms.starts) for some in (once, once * terms.share))
        once /= terms.below
        square = [np.add.reduceat(once, terms.starts)[:, None]]
        for _ in range(2):
            once *= terms.share
            square.append(np.add.reduceat(once, terms.starts)[:, None])
        net = at_risk.T @ step - dying.T @ taken
        s1, d1 = at_risk[:, :p], dying[:, :p]
        information = np.empty((p, p))
        information[self.pairs] = net[p:]
        information.T[self.pairs] = net[p:]
        information -= s1.T @ (s1 * square[0] - d1 * square[1])
        information += d1.T @ (s1 * square[1] - d1 * square[2])
        return net[:p], information


def _arrived(way: list[float]) -> bool:
    """Whether the step to come is the last: near, or what it leaves will be next to nothing.

    Newton's steps shrink with the square of the one before.
    """
    if way[-1] <= _NEAR:
        return True
    return len(way) > 1 and way[-1] ** 3 <= _LEFT * way[-2] ** 2 * way[0]


def _ordered(places: Codes, count: int, practice: Codes, risk: Array) -> _Ordered:
    narrow = np.uint16 if count <= np.iinfo(np.uint16).max else np.int64
    order = np.argsort(places.astype(narrow), kind="stable")
    bounds = np.concatenate([[0], np.cumsum(np.bincount(places, minlength=count))])
    return _Ordered(
        order=order, bounds=bounds.astype(np.intp), practice=practice[order], risk=risk[order]
    )
