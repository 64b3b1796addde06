"""Adjusted differences without each practice in turn, by the short way where there is one."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.weighting.laid_out import LaidOut, chances_without, gram
from splw_eval.stats.weighting.propensity import Target

Array = NDArray[np.float64]

_STEPS = 15
_BALANCED = 1e-11  # in standard deviations of uncorrelated columns
_THIN = 1e-8
_STEEP = 300.0


class WithoutEach:
    """Two groups of people, from whom each practice is taken in turn.

    Every estimate is None where a practice cannot be taken away by the short way: all is to be
    made anew then, which also tells why nothing can be estimated.

    Parameters
    ----------
    laid : LaidOut
    target : {"treated", "everybody", "overlap"}
    """

    def __init__(self, laid: LaidOut, target: Target) -> None:
        self._laid, self._target = laid, target
        self._chances: list[Array | None] | None = None
        self._coefficients: list[Array | None] | None = None

    def estimates(self, way: str) -> list[float | None]:
        """Differences of one way of adjusting.

        Parameters
        ----------
        way : {"weighting", "entropy", "standardisation", "doubly_robust"}

        Returns
        -------
        list of (float or None)
            Without each practice.
        """
        one = {
            "weighting": self._weighted,
            "standardisation": self._standardised,
            "doubly_robust": self._doubly_robust,
        }
        if way == "entropy":
            return self._balanced()
        return [one[way](place) for place in range(len(self._laid.spans))]

    def _weighted(self, place: int) -> float | None:
        w = self._weights(place)
        return None if w is None else self._apart(w)

    def _standardised(self, place: int) -> float | None:
        beta, h = self._beta(place), self._share(place)
        return None if beta is None or h is None else self._gain(h, beta)

    def _doubly_robust(self, place: int) -> float | None:
        laid, beta, h, w = self._laid, self._beta(place), self._share(place), self._weights(place)
        if beta is None or h is None or w is None:
            return None
        w[: laid.reference] *= -1
        mended = float(w @ laid.y - (w @ laid.basis) @ beta)
        return self._gain(h, beta) + mended / float(h.sum())

    def _balanced(self) -> list[float | None]:
        """By entropy balancing; from the slopes that everybody's weights have."""
        laid = self._laid
        halves = (slice(0, laid.reference), slice(laid.reference, len(laid.y)))
        columns, n = laid.chances[:, 1:], np.ones(len(laid.y))
        empty = slice(0, 0)
        whole = [self._entropy(columns, half, empty, self._goal(columns, empty)) for half in halves]
        found: list[float | None] = []
        for own in laid.spans:
            w, goal = n.copy(), self._goal(columns, own)
            w[own] = 0.0
            usable = True
            for half, start in zip(halves, whole, strict=True):
                if half.start and self._target == "treated":
                    continue
                made = None
                if start is not None:
                    made = self._entropy(columns, half, own, goal, start[0])
                usable = usable and made is not None
                if made is not None:
                    w[half] = made[1]
            found.append(self._apart(w) if usable else None)
        return found

    def _goal(self, columns: Array, own: slice) -> Array:
        """Means that the columns are to have without a practice."""
        counted = np.ones(len(columns))
        if self._target == "treated":
            counted[: self._laid.reference] = 0.0
        counted[own] = 0.0
        return np.asarray(counted @ columns / counted.sum())

    def _entropy(
        self, columns: Array, half: slice, own: slice, goal: Array, start: Array | None = None
    ) -> tuple[Array, Array] | None:
        rows = columns[half]
        beta = np.zeros(rows.shape[1]) if start is None else start
        inside = slice(max(own.start - half.start, 0), max(own.stop - half.start, 0))
        for _ in range(_STEPS):
            eta = rows @ beta
            if not np.abs(eta).max(initial=0.0) <= _STEEP:
                return None
            w = np.exp(eta)
            w[inside] = 0.0
            w /= w.sum()
            mean = w @ rows
            spread = gram(rows, w) - np.outer(mean, mean)
            if len(beta) and np.linalg.eigvalsh(spread)[0] <= _THIN:
                return None
            if np.abs(mean - goal).max(initial=0.0) <= _BALANCED:
                return beta, w
            beta = beta - np.linalg.solve(spread, mean - goal)
        return None

    def _weights(self, place: int) -> Array | None:
        """Propensity weights without a practice, 0 for its people."""
        beta = self._slopes(place)
        if beta is None:
            return None
        laid = self._laid
        odds = np.exp(laid.chances @ beta)
        of_reference, of_treated = odds[: laid.reference], odds[laid.reference :]
        if self._target == "treated":
            halves = (of_reference, np.ones_like(of_treated))
        elif self._target == "everybody":
            halves = (1 + of_reference, 1 + 1 / of_treated)
        else:
            halves = (of_reference / (1 + of_reference), 1 / (1 + of_treated))
        whole = np.concatenate(halves)
        whole[laid.spans[place]] = 0.0
        return whole

    def _share(self, place: int) -> Array | None:
        """How much each person counts in the population of the target."""
        if self._target == "treated":
            h = self._laid.treated
        elif self._target == "everybody":
            h = np.ones(len(self._laid.y))
        else:
            beta = self._slopes(place)
            if beta is None:
                return None
            chance = 1 / (1 + np.exp(-(self._laid.chances @ beta)))
            h = chance * (1 - chance)
        h[self._laid.spans[place]] = 0.0
        return np.asarray(h)

    def _slopes(self, place: int) -> Array | None:
        if self._chances is None:
            self._chances = chances_without(self._laid)
        return self._chances[place]

    def _beta(self, place: int) -> Array | None:
        """Coefficients of the outcome's model without a practice."""
        if self._coefficients is None:
            self._coefficients = list(self._fitted())
        return self._coefficients[place]

    def _fitted(self) -> list[Array | None]:
        basis, y = self._laid.basis, self._laid.y
        found: list[Array | None] = []
        squares, products = len(y) * np.eye(basis.shape[1]), y @ basis
        for own in self._laid.spans:
            rest = squares - basis[own].T @ basis[own]
            thin = np.linalg.eigvalsh(rest)[0] <= _THIN * len(y)
            left = products - y[own] @ basis[own]
            found.append(None if thin else np.asarray(np.linalg.solve(rest, left)))
        return found

    def _gain(self, h: Array, beta: Array) -> float:
        """What the group adds on average over a population."""
        total = float(h.sum())
        each = np.concatenate([[total], h @ self._laid.apart])
        return float(each @ self._laid.gain @ beta) / total

    def _apart(self, w: Array) -> float:
        """Difference of weighted means."""
        at, y = self._laid.reference, self._laid.y
        return float(w[at:] @ y[at:] / w[at:].sum() - w[:at] @ y[:at] / w[:at].sum())
