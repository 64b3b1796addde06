"""Clusters as the engine takes them: people without effects of clusters stand together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.models.design import Design, Labelled
from splw_eval.models.specification import Specification
from splw_eval.models.variables import MISSING, Codes


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


def clusters_with_effects(design: Design, spec: Specification) -> Labelled | None:
    """Clusters that have effects: those that guards, counts and notes are about.

    Parameters
    ----------
    design : Design
    spec : Specification

    Returns
    -------
    Labelled or None
        Rows of arms without effects have none, whatever code stands there; None where no
        cluster has effects.
    """
    cluster, arm = design.cluster, design.arm
    if cluster is None or spec.cluster_effect == "none":
        return None
    if spec.cluster_effect_in is None or arm is None:
        return cluster
    codes = np.where(_inside(arm, spec)[arm.codes], cluster.codes, MISSING)
    kept, places = np.unique(codes[codes >= 0], return_inverse=True)
    new = np.full(len(codes), MISSING, dtype=np.int64)
    new[codes >= 0] = places
    return Labelled(codes=new, levels=tuple(cluster.levels[place] for place in kept))


def _inside(arm: Labelled, spec: Specification) -> np.ndarray:
    """Whether each arm's clusters have effects."""
    return np.array([level in (spec.cluster_effect_in or ()) for level in arm.levels])


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
    with_effects = _inside(arm, spec)
    inside = with_effects[arm.codes]
    groups = arm.codes if spec.by_arm else np.where(inside, 0, 1)
    # A cluster with people of two arms counts in each; people without effects make one cluster.
    key = np.where(inside, cluster.codes + 1, 0) * np.int64(arm.count + 1) + groups
    kept, codes = np.unique(key, return_inverse=True)
    return EngineClusters(
        codes=codes.astype(np.int64),
        group=np.mod(kept, arm.count + 1),
        have_effects=tuple(map(bool, with_effects)) if spec.by_arm else (True, False),
    )
