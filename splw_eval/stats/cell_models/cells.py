"""Sums of many trials whose columns are the same for everybody in a sequence at a visit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Codes = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Cells:
    """Sufficient statistics of B trials; the trials are the last axis, side by side in memory.

    Attributes
    ----------
    x : ndarray, shape (sequences, T, p)
        Columns of the fixed part at each visit.
    sequence : ndarray of int, shape (K,)
        Sequence of each cluster.
    group : ndarray of int, shape (K,)
        Group whose people have a covariance of their own.
    cluster_group : ndarray of int, shape (K,)
        Group of clusters whose effects have a covariance of their own.
    seen : ndarray of bool, shape (J, T)
        Patterns of visits.
    counts : ndarray, shape (K, J, B)
        People by cluster and pattern.
    sums : ndarray, shape (K, J, T, B)
        Sums of outcomes; zero at visits that are not seen.
    products : ndarray, shape (groups, J, T, T, B)
        Sums of y_a y_b over people.
    """

    x: Floats
    sequence: Codes
    group: Codes
    cluster_group: Codes
    seen: NDArray[np.bool_]
    counts: Floats
    sums: Floats
    products: Floats

    @property
    def trials(self) -> int:
        """How many there are, B."""
        return int(self.counts.shape[-1])

    @property
    def visits(self) -> int:
        """How many there are, T."""
        return int(self.seen.shape[1])

    @cached_property
    def measurements(self) -> Floats:
        """Measurements of each trial, shape (B,)."""
        found: Floats = np.einsum("kjb,jt->b", self.counts, self.seen.astype(float))
        return found

    @cached_property
    def by_group(self) -> tuple[Codes, ...]:
        """Clusters of each group of people."""
        return _places(self.group, len(self.products))

    @cached_property
    def by_sequence(self) -> tuple[Codes, ...]:
        """Clusters of each sequence."""
        return _places(self.sequence, len(self.x))

    @cached_property
    def crossed(self) -> Floats:
        """Each sequence's columns times themselves, shape (sequences, p p, T T)."""
        _, visits, p = self.x.shape
        both = np.einsum("stp,suq->spqtu", self.x, self.x)
        return np.asarray(both.reshape(-1, p * p, visits * visits))

    def trials_at(self, places: Codes) -> Cells:
        """Keep some trials."""
        if len(places) == self.trials:
            return self
        return replace(
            self,
            counts=self.counts[..., places],
            sums=self.sums[..., places],
            products=self.products[..., places],
        )

    def summed(self, of_clusters: Floats) -> Floats:
        """Sum over the clusters of each sequence: (..., K, B) becomes (sequences, ..., B)."""
        found: Floats = np.stack([of_clusters[..., k, :].sum(axis=-2) for k in self.by_sequence])
        return found

    def in_columns(self, of_sequences: Floats) -> Floats:
        """X' A X summed over sequences: (sequences, T, T, B) becomes (p, p, B)."""
        p, visits = self.x.shape[2], self.visits
        flat = of_sequences.reshape(len(self.x), visits * visits, -1)
        found: Floats = (self.crossed @ flat).sum(axis=0).reshape(p, p, -1)
        return found


def _places(codes: Codes, count: int) -> tuple[Codes, ...]:
    return tuple(np.flatnonzero(codes == each) for each in range(count))
