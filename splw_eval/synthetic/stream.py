"""Random numbers of one named part, the same on every machine."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Words = NDArray[np.object_]

_DOUBLE = 2.0**-53
_PARTS = 12  # uniform parts of 16 bits whose sum is near to a normal number
_MIDDLE = _PARTS / 2


class Stream:
    """Random numbers that depend on a seed and the name of a part, and on nothing else.

    Parameters
    ----------
    seed : int
    part : str
        Name of the part: another part more or less leaves the numbers of this one alone.

    Notes
    -----
    Made from the raw numbers of PCG64, which NumPy promises not to change, by whole numbers,
    ``+ - * /`` and comparisons alone. No logarithm or exponential is taken: their last digit
    differs between machines, and could turn an answer of 3 into a 4.
    """

    def __init__(self, seed: int, part: str) -> None:
        key = tuple(part.encode("utf-8"))
        self._bits = np.random.PCG64(np.random.SeedSequence(seed, spawn_key=key))

    def uniform(self, *shape: int) -> Numbers:
        """Numbers from 0 to 1, without 1."""
        raw = self._bits.random_raw(int(np.prod(shape, dtype=np.int64)))
        found: Numbers = (raw >> np.uint64(11)).astype(np.float64) * _DOUBLE
        return found.reshape(shape)

    def normal(self, *shape: int) -> Numbers:
        """Numbers of mean 0 and SD 1: sums of 12 uniform ones, so never beyond 6."""
        n = int(np.prod(shape, dtype=np.int64))
        parts = self._bits.random_raw(n * _PARTS // 4).view(np.uint16).reshape(n, _PARTS)
        total = parts.sum(axis=1, dtype=np.int64)  # whole numbers: any order gives the same
        found: Numbers = total / 65536.0 - _MIDDLE
        return found.reshape(shape)

    def whole(self, low: int, high: int, *shape: int) -> Whole:
        """Whole numbers from `low` to `high`, both included."""
        return low + np.floor(self.uniform(*shape) * (high - low + 1)).astype(np.int64)

    def happens(self, chance: ArrayLike, *shape: int) -> Flags:
        """Whether something of a given chance happens."""
        return self.uniform(*shape) < np.asarray(chance)

    def picked(self, words: Sequence[str], weights: Sequence[int], *shape: int) -> Words:
        """Words, each as often as its weight says; weights are whole numbers."""
        edges = np.cumsum(np.array(weights, dtype=np.int64))
        place = np.searchsorted(edges, self.whole(0, int(edges[-1]) - 1, *shape), side="right")
        return np.array(words, dtype=object)[place]

    def order(self, n: int) -> Whole:
        """Whole numbers below `n` in a random order."""
        return np.argsort(self._bits.random_raw(n), kind="stable").astype(np.int64)
