"""Fits of several designs, and their covariance as one whole matrix, as the textbooks write it."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from splw_eval import FittedMixedModel, fit_mixed_model
from tests.unit.models.made import TRIAL, made_trial

Floats = np.ndarray[Any, Any]
DESIGNS = (
    "practices",
    "variance of zero",
    "compound symmetry",
    "people alone",
    "by arm",
    "in one arm",
    "in one arm, by arm",
    "one mean at the start",
    "no arm",
    "one wave",
    "waves of text",
    "months as numbers",
    "practices of one person",
)


def frame_of(name: str) -> pd.DataFrame:
    """Rows of a design."""
    if name == "variance of zero":
        return made_trial(practices=6, seed=8, spread=0.0)
    few = name.startswith("in one arm")
    frame = made_trial(practices=10 if few else 6, size=5 if few else 7, seed=3, spread=0.7)
    if name.startswith("in one arm"):
        return frame.assign(practice=frame["practice"].where(frame["arm"] == "programme"))
    if name == "one wave":
        return frame[frame["month"] == 3]
    if name == "waves of text":
        return frame.assign(month="month " + frame["month"].astype(str).str.zfill(2))
    if name == "practices of one person":
        alone = frame[frame["practice"].isin(["practice 0", "practice 1"])]
        single = alone["person"].isin(["p0-0", "p1-0"])
        return pd.concat([alone[single], frame.drop(alone.index)], ignore_index=True)
    return frame


OPTIONS: dict[str, dict[str, Any]] = {
    "practices": {"fixed": "arm * C(month) + age"},
    "compound symmetry": {"covariance": "compound_symmetry", "cluster_effect": "intercept"},
    "people alone": {"cluster": None},
    "by arm": {"by_arm": True, "covariance": "ar1"},
    "in one arm": {"cluster_effect_in": ["programme"]},
    "in one arm, by arm": {
        "cluster_effect_in": ["programme"],
        "by_arm": True,
        "covariance": "compound_symmetry",
        "cluster_effect": "intercept",
    },
    "one mean at the start": {"allocation": "randomised", "recruited": "blind"},
    "no arm": {"fixed": "C(month)", "arm": None, "covariance": "ante_dependence"},
    "one wave": {"fixed": "arm + age", "wave": None},
    "months as numbers": {"fixed": "arm * month", "covariance": "intercept_slope"},
}


@cache
def fit_of(name: str, **more: Any) -> FittedMixedModel:
    """A design's fit; each is made once."""
    return fit_mixed_model(frame_of(name), **{**TRIAL, **OPTIONS.get(name, {}), **more})


def matrices(fitted: FittedMixedModel) -> tuple[Floats, Floats]:
    """Sigma of each group and C G C' of each group of clusters."""
    sigma, g = fitted.fit.model.matrices(fitted.fit.fit.theta)
    effects = fitted.fit.model.clusters.effects
    return sigma[0], effects @ g[0] @ effects.T


def shared_rows(fitted: FittedMixedModel, name: str) -> Floats:
    """Whether two rows share effects of a cluster."""
    design = fitted.design
    if design.cluster is None:
        return np.zeros((len(design.y), len(design.y)), dtype=bool)
    codes = design.cluster.codes
    inside = codes >= 0
    return (codes[:, None] == codes) & inside[:, None] & inside


def whole(fitted: FittedMixedModel, name: str) -> Floats:
    """V of all rows."""
    design = fitted.design
    sigma, effects = matrices(fitted)
    group = design.arm.codes if fitted.spec.by_arm and design.arm else np.zeros_like(design.rows)
    wave, person = design.wave_codes, design.person.codes
    at = (wave[:, None], wave)
    place = np.flatnonzero(np.abs(effects).sum(axis=(1, 2)) > 0)
    shared = effects[place[0]] if len(place) else np.zeros_like(sigma[0])
    v = np.where(person[:, None] == person, sigma[group][np.arange(len(group))[:, None], *at], 0.0)
    return v + np.where(shared_rows(fitted, name), shared[at], 0.0)
