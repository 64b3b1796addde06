"""Clusters as the engine takes them: people without effects of clusters stand together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.models.design import Design, Labelled
from splw_eval.models.specification import Specification
from splw_eval.models.variables import Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineClusters:
    """Codes of clusters, and their groups.

    Attributes
    ----------
    codes : ndarray of int, shape (rows,)
    group : ndarray of int, shape (clusters,)
    have_effects : tuple of bool
        Of each group of clusters.
    """

    codes: Codes
    group: Codes
    have_effects: tuple[bool, ...]


def engine_clusters(design: Design, spec: Specification) -> EngineClusters:
    """Give clusters their codes and groups.

    Parameters
    ----------
    design : Design
    spec : Specification

    Returns
    -------
    EngineClusters
        One group where all clusters have effects. Where some arms have none, a second group
        holds their people as one; with a covariance by arm each arm is a group.
    """
    cluster, arm = design.cluster, design.arm
    if cluster is None or spec.cluster_effect == "none":
        codes = np.zeros(len(design.y), dtype=np.int64)
        return EngineClusters(codes=codes, group=np.zeros(1, dtype=np.int64), have_effects=(False,))
    if spec.cluster_effect_in is None or arm is None:
        group = np.zeros(cluster.count, dtype=np.int64)
        return EngineClusters(codes=cluster.codes, group=group, have_effects=(True,))
    return _in_some_arms(cluster, arm, spec)


def _in_some_arms(cluster: Labelled, arm: Labelled, spec: Specification) -> EngineClusters:
    with_effects = tuple(level in (spec.cluster_effect_in or ()) for level in arm.levels)
    inside = np.array(with_effects)[arm.codes]
    groups = arm.codes if spec.by_arm else np.where(inside, 0, 1)
    # A cluster with people of two arms counts in each; people without effects make one cluster.
    key = np.where(inside, cluster.codes + 1, 0) * np.int64(arm.count + 1) + groups
    kept, codes = np.unique(key, return_inverse=True)
    return EngineClusters(
        codes=codes.astype(np.int64),
        group=np.mod(kept, arm.count + 1),
        have_effects=with_effects if spec.by_arm else (True, False),
    )
