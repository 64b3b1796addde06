"""Draws of whole practices, areas under curves and pooled rates agree with R."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.quality_years import quality_years
from splw_eval.stats.rates import pooled_rate
from splw_eval.stats.resampling.whole_practices import (
    PracticeSums,
    percentile_interval,
    ratio_draws,
    sums_by,
    widened_level,
)

R = json.loads((Path(__file__).parent / "whole_practices.json").read_text(encoding="utf-8"))
# The same closed formulas; R decomposes the design where we solve the normal equations.
REL = 1e-9
# R's integrate() stops once it believes it is this near.
OF_INTEGRATE = 1e-6

PRACTICE, COUNTS = np.array(R["practice"]), np.array(R["counts"])
UNITS = int(PRACTICE.max()) + 1


def of(name):
    return np.array(R[name], dtype=float)


def drawn(name):
    return np.array([row[place] for row in R["draws"] for place in [NAMES.index(name)]])


NAMES = ["ratio", "cost", "qaly"]


def test_years_in_full_health_agree_with_numerical_integration():
    values = np.column_stack([of("start"), of("middle"), of("end")])
    found = quality_years(values, of("months"), discount_rate=R["discount_rate"])
    assert found == pytest.approx(of("qaly"), rel=OF_INTEGRATE)


def test_the_ratio_of_every_draw_is_that_of_the_repeated_rows():
    cost, engaged = (sums_by(of(name), PRACTICE, UNITS) for name in ("cost", "engaged"))
    found = ratio_draws(cost, engaged, COUNTS)
    assert found == pytest.approx(drawn("ratio"), rel=REL)
    assert percentile_interval(found) == pytest.approx(tuple(R["interval"]), rel=REL)


@pytest.mark.parametrize(("name", "start"), [("cost", "before"), ("qaly", "start")])
def test_the_adjusted_difference_of_every_draw_is_that_of_a_new_regression(name, start):
    sums = PracticeSums.of(of(name), (of("arm"), of(start)), PRACTICE, UNITS)
    assert sums.coefficient(1, COUNTS) == pytest.approx(drawn(name), rel=REL)
    assert sums.coefficient(1)[0] == pytest.approx(R["all_once"][name], rel=REL)


def test_the_error_of_a_pooled_rate_is_the_cluster_robust_one_of_its_deviations():
    found, told = pooled_rate(of("events"), of("time")), R["rate"]
    fit = fit_clusters(found.rate + found.deviations, np.ones((len(PRACTICE), 1)), PRACTICE)
    assert found.rate == pytest.approx(told["estimate"], rel=REL)
    assert fit.std_error[0] == pytest.approx(told["std_error"], rel=REL)
    assert fit.df[0] == pytest.approx(told["df"], rel=REL)


@pytest.mark.parametrize(
    ("practices", "tail"), [(5, 0.0009541006), (10, 0.008550639), (20, 0.01588083)]
)
def test_percentiles_of_few_practices_are_those_that_the_package_resample_takes(practices, tail):
    """R: pnorm(sqrt(n / (n - 1)) * qt(0.025, n - 1)), as ExpandProbs of its package resample."""
    level = widened_level(practices, practices - 1)
    assert (1 - level) / 2 == pytest.approx(tail, rel=1e-6)
