"""Sums over people, pattern by pattern and cluster by cluster: one pass over the rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

Floats = NDArray[np.floating[Any]]
Places = NDArray[np.int64]
MOST_WAVES = 50  # a pattern of waves is a whole number, and its products take waves squared
_BLOCK = 65_536  # people in one block: their rows stay in the processor's cache
_RANK = 1e-11  # smallest eigenvalue of X'X with columns of length one; below, X lacks full rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sums over people that see the same waves, by cluster; they add up over parts of the data.

    With w = (x, y), P = p + 1 numbers a row, patterns of waves j and clusters k. A leading axis
    of length B holds replicates that share x, patterns and clusters; of one data set B is 1.

    Attributes
    ----------
    seen : ndarray of bool, shape (patterns, waves)
    group : ndarray of int, shape (patterns,)
        Group, such as the arm, whose people have a covariance of their own.
    counts : ndarray, shape (clusters, patterns)
        People, n_kj.
    sums : ndarray, shape (B, clusters, patterns, waves, P)
        s_kj: sum of w at each wave.
    products : ndarray, shape (B, patterns, waves, waves, P, P)
        A_j: sum of w_a w_b' over people, for each pair of waves.
    cluster_group : ndarray of int, shape (clusters,)
    basis : ndarray, shape (P, P)
        M of w = (x, y) M, in which everything above is written.
    rows : int
        Measurements.
    """

    seen: NDArray[np.bool_]
    group: Places
    counts: Floats
    sums: Floats
    products: Floats
    cluster_group: Places
    basis: Floats
    rows: int

    @property
    def people(self) -> int:
        """How many people have a row."""
        return int(self.counts.sum())


def gather_moments(
    x: Floats,
    y: Floats,
    *,
    person: Places,
    wave: Places,
    cluster: Places,
    waves: int,
    clusters: int,
    group: Places | None = None,
    cluster_group: Places | None = None,
    basis: Floats | None = None,
) -> Moments:
    """Sum up rows of x and y in one pass.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    y : ndarray, shape (rows,)
    person, wave, cluster : ndarray of int, shape (rows,)
        Codes from 0. Rows of a person stand together in order of waves, or are put so.
    waves, clusters : int
    group : ndarray of int, shape (rows,), optional
        Group of each row's person.
    cluster_group : ndarray of int, shape (clusters,), optional
    basis : ndarray, shape (P, P), optional
        As in `Moments`; by default `centred_basis` of these rows.

    Returns
    -------
    Moments
        With B = 1.

    Raises
    ------
    FitError
        There are no rows or no columns, a number is not finite, there are too many waves, or a
        person has two rows at one wave.
    """
    _refuse(x, y)
    if waves > MOST_WAVES:
        raise FitError(f"There are {waves} waves; at most {MOST_WAVES} can be fitted.")
    basis = centred_basis(x, y) if basis is None else basis
    w = np.column_stack([x, y]) @ basis
    key = person * np.int64(waves) + wave
    if (key[1:] < key[:-1]).any():
        order = np.argsort(key, kind="stable")
        w, key, cluster = w[order], key[order], cluster[order]
        group = None if group is None else group[order]
    if (key[1:] == key[:-1]).any():
        raise FitError("A person has two rows at one wave.")
    person, wave = np.divmod(key, waves)
    first = np.flatnonzero(np.concatenate([[True], person[1:] != person[:-1]]))
    code = np.add.reduceat(np.int64(1) << wave, first)
    if group is not None:
        code += group[first] << waves
    patterns, which = np.unique(code, return_inverse=True)
    seen = (patterns[:, None] >> np.arange(waves) & 1).astype(bool)
    empty = _empty(seen, patterns >> waves, clusters, w.shape[1], cluster_group, basis)
    for j in range(len(patterns)):
        _add_pattern(empty, j, w, first[which == j], cluster[first[which == j]])
    return replace(empty, rows=len(w))


def _refuse(x: Floats, y: Floats) -> None:
    if not x.size or not len(y):
        raise FitError("There are no rows, or no columns, to fit.")
    if not np.isfinite(np.vdot(x, x) + np.vdot(y, y)):
        raise FitError("A number in x or y is missing, infinite or too large.")


def centred_basis(x: Floats, y: Floats) -> Floats:
    """Basis in which every column but a constant one has the mean zero in these rows.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    y : ndarray, shape (rows,)

    Returns
    -------
    ndarray, shape (P, P)
        The unit matrix where no column is constant. Squares of numbers far from zero would
        lose the digits in which they differ.
    """
    width = x.shape[1] + 1
    basis = np.eye(width)
    constant = np.flatnonzero((x == x[:1]).all(axis=0) & (x[:1] != 0).all(axis=0))
    if len(constant):
        place = constant[0]
        means = np.append(x.mean(axis=0), y.mean()) / x[0, place]
        means[place] = 0.0
        basis[place] -= means
    return basis


def _empty(
    seen: NDArray[np.bool_],
    group: Places,
    clusters: int,
    width: int,
    cluster_group: Places | None,
    basis: Floats | None,
) -> Moments:
    patterns, waves = seen.shape
    return Moments(
        seen=seen,
        group=group,
        counts=np.zeros((clusters, patterns)),
        sums=np.zeros((1, clusters, patterns, waves, width)),
        products=np.zeros((1, patterns, waves, waves, width, width)),
        cluster_group=np.zeros(clusters, np.int64) if cluster_group is None else cluster_group,
        basis=np.eye(width) if basis is None else basis,
        rows=0,
    )


def _add_pattern(into: Moments, j: int, w: Floats, first: Places, cluster: Places) -> None:
    """Add the people of one pattern, whose rows start at `first`."""
    at, width = np.flatnonzero(into.seen[j]), w.shape[1]
    m = len(at)
    if (cluster[1:] < cluster[:-1]).any():
        order = np.argsort(cluster, kind="stable")
        first, cluster = first[order], cluster[order]
    for start in range(0, len(first), _BLOCK):
        k = cluster[start : start + _BLOCK]
        rows = first[start : start + _BLOCK, None] + np.arange(m)
        block = w[rows].reshape(len(rows), m * width)
        pairs = (block.T @ block).reshape(m, width, m, width).transpose(0, 2, 1, 3)
        into.products[0, j][np.ix_(at, at)] += pairs
        begins = np.flatnonzero(np.concatenate([[True], k[1:] != k[:-1]]))
        total = np.add.reduceat(block, begins, axis=0).reshape(len(begins), m, width)
        into.sums[0, k[begins, None], j, at] += total
        into.counts[k[begins], j] += np.diff(begins, append=len(k))


def add_moments(parts: Sequence[Moments]) -> Moments:
    """Add the sums of parts of the data; no person may stand in two of them.

    Parameters
    ----------
    parts : sequence of Moments
        Written in the same basis, with the same waves and clusters.

    Returns
    -------
    Moments

    Raises
    ------
    FitError
        The parts are written in different bases.
    """
    if any(not np.array_equal(part.basis, parts[0].basis) for part in parts):
        raise FitError("Parts that are added must be written in one basis.")
    keys = sorted({key for part in parts for key in _keys(part)})
    place = {key: j for j, key in enumerate(keys)}
    one = parts[0]
    seen = np.array([key[1] for key in keys], dtype=bool)
    group = np.array([key[0] for key in keys], dtype=np.int64)
    clusters, width = len(one.counts), one.sums.shape[-1]
    total = _empty(seen, group, clusters, width, one.cluster_group, one.basis)
    for part in parts:
        at = [place[key] for key in _keys(part)]
        total.counts[:, at] += part.counts
        total.sums[:, :, at] += part.sums
        total.products[:, at] += part.products
    return replace(total, rows=sum(part.rows for part in parts))


def _keys(part: Moments) -> list[tuple[int, tuple[bool, ...]]]:
    return [
        (int(group), tuple(seen.tolist()))
        for group, seen in zip(part.group, part.seen, strict=True)
    ]


def in_basis(moments: Moments, change: Floats) -> Moments:
    """Write moments in another basis: w becomes w `change`.

    Parameters
    ----------
    moments : Moments
    change : ndarray, shape (P, P)

    Returns
    -------
    Moments
    """
    return replace(
        moments,
        sums=moments.sums @ change,
        products=change.T @ moments.products @ change,
        basis=moments.basis @ change,
    )


def conditioned(moments: Moments) -> Moments:
    """Write moments with orthonormal columns of x and y as what they leave over.

    Parameters
    ----------
    moments : Moments
        With B = 1.

    Returns
    -------
    Moments
        Sums of squares then differ little in size, and none is the difference of large ones.

    Raises
    ------
    FitError
        The columns of x are not of full rank.
    """
    total = np.einsum("jaaxy->xy", moments.products[0])
    size = np.sqrt(np.diag(total))
    if (size[:-1] == 0).any():
        raise FitError("A column of the fixed part is zero everywhere.")
    size[-1] = 1.0
    xx = (total / np.outer(size, size))[:-1, :-1]
    if np.linalg.eigvalsh(xx)[0] < _RANK:
        raise FitError("The columns of the fixed part are not of full rank.")
    root = np.linalg.cholesky(xx)
    p = len(xx)
    change = np.zeros((p + 1, p + 1))
    change[:p, :p] = np.linalg.solve(root, np.diag(1 / size[:-1])).T
    change[:p, p] = -change[:p, :p] @ (change[:p, :p].T @ total[:p, p])
    change[p, p] = 1.0
    return in_basis(moments, change)
