"""Profile intervals of the ICC and the cluster autocorrelation against lme4 (r/ratio_intervals.R).

The R program makes them from lme4's own deviance function, restricted and not. Of one wave and
clusters of one size the exact interval (Searle) stands beside.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from splw_eval.stats.mixed.cluster_effects import cluster_effects_of
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model
from splw_eval.stats.mixed.moments import gather_moments
from splw_eval.stats.mixed.profile import RatioInterval, intervals_of_ratios
from splw_eval.stats.mixed.ratios import AUTOCORRELATION, ratios_of
from splw_eval.stats.mixed.structures import structure_of

REFERENCE = json.loads((Path(__file__).parent / "ratio_intervals.json").read_text(encoding="utf-8"))
CASES = {case["id"]: case for case in REFERENCE["cases"]}
FITS = [(name, place) for name in CASES for place in (0, 1)]
# R searches without derivatives, to 1e-10 of an end and about 1e-8 of the deviance.
END = 1e-4
# The profile is no exact interval: with 15 clusters its ends lie this near to the exact ones.
EXACT = 0.02


def columns(case: dict[str, Any], arm: np.ndarray, wave: np.ndarray) -> np.ndarray:
    found = [np.ones(len(arm))]
    if "arm" in case["formula"]:
        found.append(arm)
    for w in range(1, wave.max() + 1):
        found += [(wave == w).astype(float), (wave == w) * arm]
    return np.column_stack(found)


def fitted(case: dict[str, Any], *, reml: bool) -> ModelFit:
    data = {name: np.array(cells) for name, cells in case["data"].items()}
    wave, cluster = data["wave"].astype(int), data["cluster"].astype(int) - 1
    waves, clusters = int(wave.max()) + 1, int(cluster.max()) + 1
    x = columns(case, data["arm"].astype(float), wave)
    moments = gather_moments(
        x,
        data["y"],
        person=data["person"].astype(int) - 1,
        wave=wave,
        cluster=cluster,
        waves=waves,
        clusters=clusters,
    )
    effect = "wave" if "cluster:wave" in case["formula"] else "intercept"
    model = CovarianceModel(
        structure=structure_of("compound_symmetry", waves),
        groups=1,
        clusters=cluster_effects_of(effect, waves),
        cluster_groups=(True,),
    )
    return fit_model(moments, model, reml=reml)


def intervals(fit: ModelFit) -> dict[str, RatioInterval]:
    waves = [str(wave) for wave in range(len(fit.model.clusters.effects))]
    ratios = ratios_of(fit.model, waves)
    found = intervals_of_ratios(fit, ratios)
    return {ratio.name: one for ratio, one in zip(ratios, found, strict=True)}


@pytest.mark.parametrize(("name", "place"), FITS)
def test_intervals_of_the_icc_are_those_of_lme4s_deviance(name, place):
    truth = CASES[name]["fits"][place]
    found = next(iter(intervals(fitted(CASES[name], reml=truth["reml"])).values()))
    assert found.converged
    assert found.estimate == pytest.approx(truth["estimate"], abs=1e-5)
    assert [found.low, found.high] == pytest.approx(truth["interval"], rel=END, abs=1e-7)
    assert found.at_lower_bound == (truth["interval"][0] == 0)


@pytest.mark.parametrize("place", [0, 1])
def test_intervals_of_the_autocorrelation_are_those_of_lme4s_deviance(place):
    truth = CASES["clusters by wave"]["fits"][place]
    fit = fitted(CASES["clusters by wave"], reml=truth["reml"])
    found = intervals(fit)[AUTOCORRELATION]
    assert found.estimate == pytest.approx(truth["autocorrelation"], abs=1e-5)
    assert [found.low, found.high] == pytest.approx(truth["autocorrelation_interval"], rel=END)


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name]["exact"]])
def test_intervals_lie_near_the_exact_ones_of_one_wave_and_clusters_of_one_size(name):
    found = intervals(fitted(CASES[name], reml=True))["ICC"]
    low, high = CASES[name]["exact"]
    assert [found.low, found.high] == pytest.approx([max(low, 0.0), high], abs=EXACT)
