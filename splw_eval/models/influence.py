"""What an estimate becomes when one practice is left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.contrasts import ContrastRows, contrast_rows
from splw_eval.models.design import Design, Labelled
from splw_eval.models.engine_clusters import clusters_with_effects
from splw_eval.models.estimates import errors_and_df, estimates
from splw_eval.models.fit_record import FitRecord
from splw_eval.models.row_covariances import RowCovariances, row_covariances
from splw_eval.models.variables import Codes
from splw_eval.stats.mixed.leave_out import fit_without
from splw_eval.stats.mixed.moments import gather_moments

if TYPE_CHECKING:
    import pandas as pd

_KEPT = ("term", "estimate", "std_error", "df", "conf_low", "conf_high")


def influence(
    fitted: FitRecord,
    what: str | Mapping[str, float],
    *,
    waves: Sequence[Any] | None,
    at: Mapping[str, Any] | None,
) -> pd.DataFrame:
    """See `FittedMixedModel.influence`."""
    import pandas as pd

    design = fitted.design
    if design.cluster is None:
        raise FitError(
            "One practice at a time is left out, and the model names no practices.",
            remedy='Give their column when the model is fitted: cluster="...".',
        )
    made = contrast_rows(design, what, waves=waves, at=at)
    whole = made.rows @ fitted.fit.beta[0]
    error, _ = errors_and_df(fitted, made.rows)
    parts = row_covariances(fitted)
    units = clusters_with_effects(design, fitted.spec) or design.cluster
    tables = [_without(fitted, parts, units, place, made) for place in range(units.count)]
    for table in tables:
        table["change"] = (table["estimate"] - whole) / np.where(error > 0, error, np.nan)
    found = pd.concat(tables, ignore_index=True)
    return found[["left_out", "people", *_KEPT, "change", "note"]]


def _without(
    fitted: FitRecord, parts: RowCovariances, units: Labelled, place: int, made: ContrastRows
) -> pd.DataFrame:
    """Estimate the contrasts without one practice."""
    import pandas as pd

    design = fitted.design
    out = units.codes == place
    people = len(np.unique(design.person.codes[out]))
    try:
        table = estimates(_fitted_without(fitted, parts, out), made.rows, made.labels, 0)
        table["note"] = ""
    except FitError as error:
        table = pd.DataFrame(dict.fromkeys(_KEPT, np.nan), index=range(len(made.labels)))
        table["term"] = list(made.labels)
        table["note"] = f"cannot be estimated without it: {error.message}"
    table["left_out"] = pd.Series([units.levels[place]] * len(table), dtype="object")
    table["people"] = people
    return table


def _fitted_without(fitted: FitRecord, parts: RowCovariances, out: np.ndarray) -> FitRecord:
    design, moments = fitted.design, fitted.fit.moments
    part = gather_moments(
        design.x[out],
        design.y[out],
        person=design.person.codes[out],
        wave=design.wave_codes[out],
        cluster=parts.cluster[out],
        waves=design.waves,
        clusters=len(parts.cluster_group),
        group=parts.group[out],
        cluster_group=parts.cluster_group,
        basis=moments.basis,
    )
    return FitRecord(
        spec=fitted.spec, design=_less(design, ~out), fit=fit_without(fitted.fit, part)
    )


def _less(design: Design, kept: np.ndarray) -> Design:
    """Keep some rows, and of people and clusters those that have any."""
    return replace(
        design,
        x=design.x[kept],
        y=design.y[kept],
        person=_fewer(design.person, kept),
        wave=None if design.wave is None else replace(design.wave, codes=design.wave.codes[kept]),
        cluster=None if design.cluster is None else _fewer(design.cluster, kept),
        arm=None if design.arm is None else replace(design.arm, codes=design.arm.codes[kept]),
        rows=design.rows[kept],
        first=None,
    )


def _fewer(labels: Labelled, kept: np.ndarray) -> Labelled:
    codes = labels.codes[kept]
    there = np.bincount(codes[codes >= 0], minlength=labels.count) > 0
    new: Codes = np.where(codes >= 0, (np.cumsum(there) - 1)[codes], codes)
    levels = tuple(level for level, has in zip(labels.levels, there, strict=True) if has)
    return Labelled(codes=new, levels=levels)
