"""People first, then clusters: the order in which some papers round."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splw_eval.power.design import Design
from splw_eval.power.precision import Array
from splw_eval.power.solving import rounded_up, solve_number


def people_without_clusters(design: Design, *, whole: bool = False) -> Array:
    """People to be analysed, in all, that would do if they came in no clusters.

    Parameters
    ----------
    design : Design
        A parallel cluster trial, with the power that is asked.
    whole : bool
        Up to whole people in each arm.

    Returns
    -------
    ndarray
        By the test of the design; with the normal it is Hemming's ``n_I`` of both arms.

    Raises
    ------
    InfeasibleError

    Sources
    -------
    Hemming et al. 2011, BMC Med Res Methodol 11:102.
    """
    gone = (
        *("size", "size_control", "sizes", "cv", "icc", "icc_control", "clusters", "solve"),
        *("clusters_arm", "dropout", "dropout_control", "cluster_loss", "sd_cluster", "rounding"),
    )
    ratio = _ratio(design)
    kept = {name: value for name, value in design.given.items() if name not in gone}
    alone = replace(design, given={**kept, "size": 1.0, "icc": 0.0, "allocation": ratio})
    total = solve_number(alone, "clusters")
    if not whole:
        return total
    arms = total * ratio / (1 + ratio), total / (1 + ratio)
    up = np.vectorize(rounded_up, otypes=[float])
    return np.asarray(up(arms[0]) + up(arms[1]), dtype=np.float64)


def clusters_of_whole_people(design: Design) -> Array:
    """Clusters in all, of people who were rounded up before the design effect.

    Parameters
    ----------
    design : Design
        A parallel cluster trial whose arms have clusters of one size.

    Returns
    -------
    ndarray
    """
    tried = design.values.changed(clusters=np.asarray(1e6), clusters_arm=None)
    parts = design.kind.precision(tried).parts
    people = people_without_clusters(design, whole=True) * parts["design_effect"]
    return np.asarray(people / (parts["patients_analysed"] / 1e6), dtype=np.float64)


def _ratio(design: Design) -> float:
    values = design.values
    if values.clusters_arm is not None:
        return float(values.clusters_arm[0] / values.clusters_arm[1])
    return 1.0 if values.allocation is None else float(values.allocation)
