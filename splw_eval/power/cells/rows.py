"""Rows of a design: alike clusters of one arm or sequence, their number and their sizes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Values
from splw_eval.power.precision import Array
from splw_eval.stats.power.size_nodes import size_nodes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rows:
    """Alike clusters.

    Attributes
    ----------
    sequence : ndarray of int, shape (rows,)
        Arm or sequence of each row.
    clusters : ndarray, shape (..., rows)
    sizes : ndarray, shape (..., rows, periods or 1)
    """

    sequence: NDArray[np.intp]
    clusters: Array
    sizes: Array


def clusters_of_sequences(v: Values, sequences: int) -> Array:
    """Clusters of each arm or sequence that are left at the end.

    Parameters
    ----------
    v : Values
    sequences : int

    Returns
    -------
    ndarray, shape (..., sequences)
    """
    if v.per_sequence is not None:
        found = v.per_sequence[..., None] * np.ones(sequences)
    elif v.clusters_arm is not None:
        found = np.asarray(v.clusters_arm, dtype=np.float64)
    else:
        found = v.clusters[..., None] * _shares(v, sequences)
    kept = np.asarray(1.0 if v.cluster_loss is None else 1 - v.cluster_loss)
    return np.asarray(found * kept[..., None])


def _shares(v: Values, sequences: int) -> Array:
    if v.allocation is None:
        return np.full(sequences, 1 / sequences)
    first = v.allocation / (1 + v.allocation)
    return np.stack([first, 1 - first], axis=-1)


def rows_of(v: Values, sequences: int, kept: Array | None = None) -> Rows:
    """Clusters in rows that are alike in arm or sequence, and in size.

    Parameters
    ----------
    v : Values
    sequences : int
    kept : ndarray, shape (sequences,), optional
        Share of the people who are left to be analysed.

    Returns
    -------
    Rows
    """
    counts = clusters_of_sequences(v, sequences)
    left = np.ones(sequences) if kept is None else kept
    if v.sizes is not None:
        return _listed(v, counts, left)
    size = np.asarray(v.size)[..., None] * np.ones(sequences)
    if v.size_control is not None:
        both = np.broadcast_arrays(v.size, v.size_control)
        size = np.stack(both, axis=-1)
    if v.cv is None:
        return Rows(sequence=np.arange(sequences), clusters=counts, sizes=(size * left)[..., None])
    nodes, shares = (one[..., None, :] for one in size_nodes(v.cv))
    sizes, clusters = (size * left)[..., None] * nodes, counts[..., None] * shares
    return Rows(
        sequence=np.repeat(np.arange(sequences), nodes.shape[-1]),
        clusters=clusters.reshape(*clusters.shape[:-2], -1),
        sizes=sizes.reshape(*sizes.shape[:-2], -1, 1),
    )


def _listed(v: Values, counts: Array, left: Array) -> Rows:
    """The sizes as listed: each cluster's own, or where their number is open, their spread."""
    sizes = listed_sizes(v)
    each, sequences = len(sizes), counts.shape[-1]
    whole = _recruited(v, sequences)
    if whole is not None and round(float(whole.sum())) == each:
        sequence = np.repeat(np.arange(sequences), np.round(whole).astype(int))
        if len(sequence) == each:
            clusters = counts[sequence] / whole[sequence]
            return Rows(sequence=sequence, clusters=clusters, sizes=sizes * left[sequence][:, None])
    sequence = np.repeat(np.arange(sequences), each)
    return Rows(
        sequence=sequence,
        clusters=np.repeat(counts / each, each, axis=-1),
        sizes=np.tile(sizes, (sequences, 1)) * left[sequence][:, None],
    )


def _recruited(v: Values, sequences: int) -> Array | None:
    """Clusters of each sequence before any is lost, of a single design."""
    found = clusters_of_sequences(v.changed(cluster_loss=None), sequences)
    return found if found.ndim == 1 else None


def listed_sizes(v: Values) -> Array:
    """Sizes as they were listed, shape (clusters, periods or 1)."""
    sizes = np.asarray(v.sizes, dtype=np.float64)
    return sizes[:, None] if sizes.ndim == 1 else sizes


def share_out(total: float, v: Values, names: tuple[str, ...]) -> Mapping[str, float]:
    """Clusters of each arm or sequence."""
    if v.per_sequence is not None and not np.isfinite(total):
        return dict.fromkeys(names, float(v.per_sequence))
    if v.clusters_arm is not None:
        shares = v.clusters_arm / np.sum(v.clusters_arm)
    else:
        shares = np.asarray(_shares(v, len(names)))
    return dict(zip(names, (float(total * one) for one in shares), strict=True))


def check_rows(v: Values, sequences: int, periods: int) -> Iterator[Finding]:
    """What counts and sizes contradict."""
    told = [name for name in ("clusters", "clusters_arm", "per_sequence") if name in v]
    if len(told) > 1:
        yield finding("SZ05", told[1], "is told twice", f"Leave --{told[0]} or this out.")
    if v.clusters_arm is not None and len(v.clusters_arm) != sequences:
        remedy = f"This design has {sequences}: give as many, in their order."
        yield finding("SZ05", "clusters_arm", f"has {len(v.clusters_arm)} numbers", remedy)
        return
    if v.sizes is None:
        return
    for name in ("size", "cv"):
        if name in v and v.solve != name:
            yield finding("SZ05", name, "is told by --sizes already", "Leave one of them out.")
    sizes = listed_sizes(v)
    if sizes.shape[-1] not in (1, periods):
        remedy = f"Give one number, or {periods}, one for each period, for each cluster."
        yield finding("SZ05", "sizes", f"has rows of {sizes.shape[-1]} numbers", remedy)
    if told:
        whole = _recruited(v, sequences)
        if whole is not None and round(float(whole.sum())) != len(sizes):
            problem = f"lists {len(sizes)} clusters; the design has {whole.sum():g}"
            yield finding("SZ05", "sizes", problem, "List each cluster once, arm by arm.")
