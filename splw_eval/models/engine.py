"""A checked specification and a frame to the engine: design, clusters, sums, fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from splw_eval.models.checks import check_frame, refuse
from splw_eval.models.design import Design, design_of
from splw_eval.models.engine_clusters import clusters_with_effects, engine_clusters
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.formula import parse_formula
from splw_eval.models.identified import check_arms, check_design
from splw_eval.models.names import check_names
from splw_eval.models.specification import Specification
from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.structures import structure_of

if TYPE_CHECKING:
    import pandas as pd


def fit_record(frame: pd.DataFrame, spec: Specification) -> FitRecord:
    """Fit a model whose options were checked.

    Parameters
    ----------
    frame : DataFrame
    spec : Specification

    Returns
    -------
    FitRecord

    Raises
    ------
    ModelError
        The data cannot be used.
    """
    formula = parse_formula(spec.fixed)
    where = _rows_with_clusters(frame, spec)
    outcome = check_frame(frame, formula, spec.roles, cluster_where=where)
    constrained = spec.baseline == "constrained"
    design = design_of(frame, formula, spec.roles, outcome, constrained=constrained)
    refuse(list(check_names(design.part)))
    refuse(check_arms(design, spec.cluster_effect_in))
    clusters = clusters_with_effects(design, spec)
    refuse(check_design(design, covariance=spec.covariance, clusters=clusters))
    return FitRecord(spec=spec, design=design, fit=fit_design(design, spec))


def _rows_with_clusters(frame: pd.DataFrame, spec: Specification) -> np.ndarray | None:
    if spec.cluster_effect_in is None or spec.roles.arm not in frame.columns:
        return None
    return frame[spec.roles.arm].isin(spec.cluster_effect_in).to_numpy()


def fit_design(design: Design, spec: Specification) -> ModelFit:
    """Run the engine.

    Parameters
    ----------
    design : Design
    spec : Specification

    Returns
    -------
    ModelFit
    """
    clusters = engine_clusters(design, spec)
    by_arm = design.arm if spec.by_arm else None
    moments = gather_moments(
        design.x,
        design.y,
        person=design.person.codes,
        wave=design.wave_codes,
        cluster=clusters.codes,
        waves=design.waves,
        clusters=len(clusters.group),
        group=by_arm.codes if by_arm else None,
        cluster_group=clusters.group,
    )
    model = CovarianceModel(
        structure=structure_of(spec.covariance, design.waves, design.times()),
        groups=by_arm.count if by_arm else 1,
        clusters=cluster_effects_of(spec.cluster_effect, design.waves),
        cluster_groups=clusters.have_effects,
    )
    return fit_model(moments, model, reml=spec.reml)
