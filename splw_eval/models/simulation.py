"""Outcomes drawn from a fitted mixed model on its own rows."""

from __future__ import annotations

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.row_covariances import row_covariances
from splw_eval.models.variables import Floats
from splw_eval.stats.mixed.drawing import draw_outcomes
from splw_eval.stats.mixed.people import people_by_waves


def simulate(
    fitted: FitRecord,
    draws: int,
    *,
    seed: int | np.random.Generator,
    include_uncertainty: bool,
) -> Floats:
    """See `FittedMixedModel.simulate`."""
    if draws < 1:
        raise FitError(f"draws is {draws}.", remedy="Ask for at least 1.")
    rng = np.random.default_rng(seed)
    design, parts = fitted.design, row_covariances(fitted)
    own = draw_outcomes(
        people_by_waves(design.person.codes, design.wave_codes, design.waves, parts.group),
        sigma=parts.sigma,
        g=parts.g,
        effects=parts.effects,
        cluster=parts.cluster,
        wave=design.wave_codes,
        cluster_group=parts.cluster_group,
        draws=draws,
        rng=rng,
    )
    beta = fitted.fit.beta[0][:, None]
    if include_uncertainty:
        lower = np.linalg.cholesky(fitted.fit.phi[0])
        beta = beta + lower @ rng.standard_normal((len(beta), draws))
    drawn: Floats = design.x @ beta + own
    return drawn
