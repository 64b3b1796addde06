"""Residuals of a fitted mixed model: from the means, from the practices, and made alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.row_covariances import (
    RowCovariances,
    cluster_predictions,
    marginal_residuals,
    row_covariances,
)
from splw_eval.models.variables import Floats
from splw_eval.stats.mixed.people import people_by_waves

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("marginal", "conditional", "scaled")


def residuals(fitted: FitRecord, kind: str) -> pd.DataFrame:
    """See `FittedMixedModel.residuals`."""
    import pandas as pd

    if kind not in KINDS:
        raise FitError(
            f'There are no "{kind}" residuals.', remedy=f"There are: {', '.join(KINDS)}."
        )
    design = fitted.design
    made: dict[str, Any] = {"row": design.rows}
    if design.wave is not None:
        made["wave"] = np.array(design.wave.levels, dtype=object)[design.wave.codes]
    made["value"] = _values(fitted, kind)
    return pd.DataFrame(made).infer_objects()


def _values(fitted: FitRecord, kind: str) -> Floats:
    values = marginal_residuals(fitted)
    if kind == "marginal":
        return values
    parts = row_covariances(fitted)
    wave = fitted.design.wave_codes
    b = cluster_predictions(fitted).b
    values = values - (parts.effects[wave] * b[parts.cluster]).sum(axis=1)
    return values if kind == "conditional" else _alike(fitted, parts, values)


def _alike(fitted: FitRecord, parts: RowCovariances, values: Floats) -> Floats:
    """Take each person's covariance away: L^-1 r with L L' = Sigma of the waves seen."""
    design = fitted.design
    found = np.empty_like(values)
    for people in people_by_waves(
        design.person.codes, design.wave_codes, design.waves, parts.group
    ):
        at = np.ix_(people.waves, people.waves)
        lower = np.linalg.cholesky(parts.sigma[people.group][at])
        found[people.rows] = np.linalg.solve(lower, values[people.rows].T).T
    return found
