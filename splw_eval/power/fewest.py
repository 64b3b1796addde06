"""The fewest clusters that carry a test: what was given, and what was solved for."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.findings import Finding
from splw_eval.power.checks import finding
from splw_eval.power.design import Kind, Values
from splw_eval.power.precision import Array

FEWEST = 4  # clusters
_SLACK = 1e-9  # of shares lost


def faults_of_few_clusters(kind: Kind, v: Values) -> Iterator[Finding]:
    """Clusters that are too few, as given or as left at the end.

    Parameters
    ----------
    kind : Kind
    v : Values

    Yields
    ------
    Finding
    """
    if v.force:
        return
    kept = 1.0 if v.cluster_loss is None else 1 - v.cluster_loss
    for count, option in (_counted(kind, v), (v.clusters_control, "clusters_control")):
        if count is None or not (np.asarray(count) * kept < FEWEST - _SLACK).any():
            continue
        left = "" if v.cluster_loss is None else " at the end"
        yield finding(
            "SZ08",
            option,
            f"fewer than {FEWEST} clusters{left} carry no test that can be relied on",
            "Plan more clusters; --force goes on all the same.",
        )


def _counted(kind: Kind, v: Values) -> tuple[Array | None, str]:
    """Clusters in all, None where they are sought or there are none, and what told of them."""
    if v.clusters_arm is not None:
        return np.asarray(np.sum(v.clusters_arm)), "clusters"
    if v.clusters is not None:
        return np.asarray(v.clusters), "clusters"
    if v.per_sequence is not None:
        return np.asarray(v.per_sequence * _sequences(kind, v)), "per_sequence"
    listed = v.sizes is not None and "power" not in v
    return (np.asarray(float(len(v.sizes))) if listed else None), "sizes"


def _sequences(kind: Kind, v: Values) -> float:
    try:
        return float(len(kind.arms(float("nan"), v)))
    except (TypeError, ValueError, IndexError):  # the design's own check tells of it
        return float("inf")


def no_fewer(v: Values, clusters: Array) -> Array:
    """Clusters that were solved for, raised to the fewest that carry a test.

    Parameters
    ----------
    v : Values
    clusters : ndarray

    Returns
    -------
    ndarray
        As they were with ``force``.
    """
    if v.force:
        return clusters
    kept = np.asarray(1.0 if v.cluster_loss is None else 1 - v.cluster_loss)
    return np.asarray(np.maximum(clusters, FEWEST / kept))
