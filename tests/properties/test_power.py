"""What must hold of power for any design: monotone, bounded, and never not a number."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nct

from splw_eval import power
from splw_eval.stats.power.noncentral import critical_value, power_of_test

SHIFTS = st.floats(0, 40)
FREEDOM = st.one_of(st.floats(1, 1e6), st.just(np.inf))
ALPHA = st.sampled_from([0.001, 0.01, 0.05, 0.1])
SLACK = 1e-6  # what SciPy's noncentral t and a quadrature of 200 nodes leave
CLUSTERS, SIZES = st.integers(4, 80), st.integers(2, 200)
ICCS, EFFECTS = st.floats(0.0, 0.5), st.floats(0.02, 1.5)


@settings(max_examples=300, deadline=None)
@given(SHIFTS, FREEDOM, ALPHA, st.sampled_from([1, 2]), st.sampled_from(["upper", "both"]))
def test_the_chance_to_reject_is_a_chance(shift, df, alpha, sides, tails):
    found = float(power_of_test(shift, df, alpha, sides=sides, tails=tails))
    assert 0 <= found <= 1


@settings(max_examples=200, deadline=None)
@given(SHIFTS, st.floats(0.01, 5), FREEDOM, ALPHA)
def test_a_larger_difference_is_found_no_less_often(shift, more, df, alpha):
    least, most = power_of_test([shift, shift + more], df, alpha)
    assert most >= least - SLACK


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 6), st.floats(1, 1e6), ALPHA)
def test_more_degrees_of_freedom_find_no_less(shift, df, alpha):
    few, many, normal = power_of_test(shift, np.array([df, 2 * df, np.inf]), alpha)
    assert few <= many + SLACK
    assert many <= normal + SLACK


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 8), st.floats(1, 500), ALPHA)
def test_the_chance_is_that_of_the_noncentral_t(shift, df, alpha):
    other = nct.sf(critical_value(df, alpha), df, shift)
    if np.isfinite(other):
        assert float(power_of_test(shift, df, alpha)) == pytest.approx(other, abs=SLACK)


def test_without_a_difference_half_of_the_level_is_in_the_upper_tail():
    for df in (1, 2.5, 13, 1e6, np.inf):
        assert float(power_of_test(0, df)) == pytest.approx(0.025, abs=1e-9)
        assert float(power_of_test(0, df, tails="both")) == pytest.approx(0.05, abs=1e-9)


def chance_of(**options):
    given_options = {"sd": 1.0, "icc": 0.05, "diff": 0.3, "clusters": 20, "size": 20} | options
    return float(power.solve(power.design("parallel", **given_options)).power)


@settings(max_examples=60, deadline=None)
@given(CLUSTERS, SIZES, ICCS, EFFECTS)
def test_power_rises_with_clusters_people_and_difference_and_falls_with_the_icc(k, m, rho, d):
    here = {"clusters": k, "size": m, "icc": rho, "diff": d}
    base = chance_of(**here)
    assert chance_of(**here | {"clusters": k + 2}) >= base - SLACK
    assert chance_of(**here | {"size": m + 5}) >= base - SLACK
    assert chance_of(**here | {"diff": d + 0.1}) >= base - SLACK
    assert chance_of(**here | {"icc": rho + 0.05}) <= base + SLACK


@settings(max_examples=40, deadline=None)
@given(CLUSTERS, SIZES, st.floats(0.005, 0.5), EFFECTS)
def test_no_number_of_people_passes_the_ceiling(k, m, rho, d):
    here = {"clusters": k, "icc": rho, "diff": d}
    ceiling = chance_of(**here, size=1e9)
    assert chance_of(**here, size=m) <= ceiling + SLACK


@settings(max_examples=40, deadline=None)
@given(st.floats(0.55, 0.95), SIZES, st.floats(0.0, 0.1), st.floats(0.1, 0.8))
def test_what_is_solved_for_has_the_power_that_was_asked_and_no_less_would_do(p, m, rho, d):
    design = power.design("parallel", power=p, size=m, icc=rho, diff=d, sd=1.0)
    answer = power.solve(design)
    assert float(answer.power) >= p - SLACK
    assert answer.clusters is not None
    clusters = float(answer.clusters)
    if clusters > 4:
        assert chance_of(clusters=clusters - 2, size=m, icc=rho, diff=d) < p + SLACK
