"""Replicates of one design: sums over x once, and over the outcomes of each beside them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from splw_eval.stats.mixed.moments import Floats, Moments, Places, conditioned, gather_moments


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """A design whose outcomes are drawn many times.

    Attributes
    ----------
    moments : Moments
        With B = 1 and outcomes of zero, in orthonormal columns of x.
    x : ndarray, shape (rows, p)
        In the order given, in those columns.
    rows : tuple of ndarray of int, shape (people, waves seen)
        Of each pattern of waves, where its people's rows stand, cluster after cluster.
    begins : tuple of ndarray of int
        Of each pattern, where a cluster's people begin.
    clusters : tuple of ndarray of int
        Of each pattern, the clusters that begin there.
    """

    moments: Moments
    x: Floats
    rows: tuple[Places, ...]
    begins: tuple[Places, ...]
    clusters: tuple[Places, ...]


def lay_out(
    x: Floats,
    *,
    person: Places,
    wave: Places,
    cluster: Places,
    waves: int,
    clusters: int,
    group: Places | None = None,
    cluster_group: Places | None = None,
) -> Layout:
    """Prepare a design for outcomes that share it.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    person, wave, cluster, waves, clusters, group, cluster_group
        As `gather_moments` takes them; rows may stand in any order.

    Returns
    -------
    Layout

    Raises
    ------
    FitError
        There are too many waves, a person has two rows at one wave, or the columns of x are
        not of full rank.
    """
    width = x.shape[1] + 1
    empty = conditioned(
        gather_moments(
            x,
            np.zeros(len(x)),
            person=person,
            wave=wave,
            cluster=cluster,
            waves=waves,
            clusters=clusters,
            group=group,
            cluster_group=cluster_group,
            basis=np.eye(width),
        )
    )
    order = np.lexsort((wave, person))
    first = np.flatnonzero(np.diff(person[order], prepend=person[order[0]] - 1))
    code = np.add.reduceat(np.int64(1) << wave[order], first)
    own = np.zeros(len(first), np.int64) if group is None else group[order[first]]
    rows, begins, places = [], [], []
    for seen, of in zip(empty.seen, empty.group, strict=True):
        alike = (code == (seen @ (1 << np.arange(waves)))) & (own == of)
        start = first[alike]
        k = cluster[order[start]]
        by_cluster = np.argsort(k, kind="stable")
        start, k = start[by_cluster], k[by_cluster]
        begin = np.flatnonzero(np.diff(k, prepend=-1))
        rows.append(order[start[:, None] + np.arange(int(seen.sum()))])
        begins.append(begin)
        places.append(k[begin])
    return Layout(
        moments=empty,
        x=x @ empty.basis[:-1, :-1],
        rows=tuple(rows),
        begins=tuple(begins),
        clusters=tuple(places),
    )


def replicated_moments(layout: Layout, y: Floats) -> Moments:
    """Sum up the outcomes of B replicates; only what holds y is summed again.

    Parameters
    ----------
    layout : Layout
    y : ndarray, shape (rows, B)
        In the order of the rows of x.

    Returns
    -------
    Moments
        As `gather_moments` gives for each column of y, with a leading axis of length B. What
        least squares find in the mean of all replicates is taken off y, in the basis too.
    """
    empty, p, count = layout.moments, layout.x.shape[1], y.shape[1]
    common = layout.x.T @ y.mean(axis=1)  # the columns are orthonormal
    y = y - (layout.x @ common)[:, None]
    sums = np.repeat(empty.sums, count, axis=0)
    products = np.repeat(empty.products, count, axis=0)
    for j, rows in enumerate(layout.rows):
        people, m = rows.shape
        at = np.flatnonzero(empty.seen[j])
        own = y[rows]  # (people, waves seen, B)
        flat = own.reshape(people, m * count)
        crossed = (layout.x[rows].reshape(people, m * p).T @ flat).reshape(m, p, m, count)
        leading = np.ascontiguousarray(np.moveaxis(own, 2, 0))
        squared = np.swapaxes(leading, 1, 2) @ leading
        for a, b in np.ndindex(m, m):
            products[:, j, at[a], at[b], :p, p] = crossed[a, :, b].T
            products[:, j, at[b], at[a], p, :p] = crossed[a, :, b].T
            products[:, j, at[a], at[b], p, p] = squared[:, a, b]
        total = np.add.reduceat(flat, layout.begins[j], axis=0).reshape(-1, m, count)
        sums[:, layout.clusters[j][:, None], j, at, p] = np.moveaxis(total, 2, 0)
    basis = empty.basis.copy()
    basis[:p, p] = -empty.basis[:p, :p] @ common
    return replace(empty, sums=sums, products=products, basis=basis)
