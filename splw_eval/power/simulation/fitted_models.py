"""The mixed model that is fitted to drawn trials."""

from __future__ import annotations

import numpy as np

from splw_eval.stats.cell_models.cells import Floats
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.structures import Structure, linear_in, structure_of

_MOST_FREE = 5  # visits, up to which an unstructured covariance is asked for


def fitted_model(
    visits: int,
    *,
    people: str,
    clusters: str,
    groups: int = 1,
    cluster_groups: tuple[bool, ...] = (True,),
) -> CovarianceModel:
    """A covariance model of people and clusters.

    Parameters
    ----------
    visits : int
    people : str
        ``independent``, where other people are seen at each visit, or a structure.
    clusters : str
        ``none``, ``intercept``, ``wave`` or ``decay``.
    groups : int
        Groups of people.
    cluster_groups : tuple of bool
        Whether clusters of each group have effects.

    Returns
    -------
    CovarianceModel
    """
    structure = _independent(visits) if people == "independent" else structure_of(people, visits)
    return CovarianceModel(
        structure=structure,
        groups=groups,
        clusters=cluster_effects_of(clusters, visits),
        cluster_groups=cluster_groups if clusters != "none" else (False,),
    )


def usual_model(
    times: Floats, *, cohort: bool, cac: float, decay: bool, iac_decay: bool
) -> tuple[CovarianceModel, tuple[str, ...]]:
    """The model that goes with correlations over time, and what is to be said of it."""
    visits, said = len(times), []
    even = visits < 3 or np.allclose(np.diff(times), times[1] - times[0])  # noqa: PLR2004
    clusters = "intercept" if cac == 1 or visits == 1 else "decay" if decay and even else "wave"
    people = "independent"
    if cohort:
        people = "compound_symmetry"
        if iac_decay and visits > 2:  # noqa: PLR2004
            people = "ar1" if even else "unstructured" if visits <= _MOST_FREE else "toeplitz"
    if decay and not even:
        said.append(
            "Visits are not evenly spaced: clusters' correlations are drawn to fade with time, and "
            "fitted as alike between all visits."
        )
    return fitted_model(visits, people=people, clusters=clusters), tuple(said)


def _independent(visits: int) -> Structure:
    """One variance for all visits, and no covariance."""
    return Structure(
        name="independent",
        parameters=("variance of residual",),
        covariance=linear_in(np.eye(visits)[None]),
        begin=lambda v: np.array([np.diag(v).mean()]),
        lowest=np.array([-np.inf]),
        linear=True,
    )
