"""Partly nested trials: limits, both arms clustered, visits and refusals."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import power

PLAIN = {"d": 0.35, "icc": 0.05, "clusters": 12, "size": 20, "controls": 240}
VISITS = {"visits": [0, 3, 12, 18], "dropout": [0, 0.15, 0.2, 0.25], "iac": 0.6}


def solved(kind="partially-nested", **options):
    return power.solve(power.design(kind, **options))


@pytest.mark.parametrize("name", ["clusters", "size", "controls"])
def test_the_number_found_has_the_power_asked(name):
    found = solved(**{**PLAIN, name: None, "power": 0.8})
    assert found.sought == name
    assert float(found.power) >= 0.8
    again = solved(**{**PLAIN, name: float(found.unrounded)})
    assert float(again.power) == pytest.approx(0.8, abs=1e-8)


def test_without_correlation_the_variance_is_that_of_single_people():
    found = solved(**{**PLAIN, "icc": 0.0})
    assert float(found.precision.variance) == pytest.approx(2 / 240, rel=1e-12)


def test_like_clusters_in_both_arms_are_a_parallel_trial():
    both = solved(**{**PLAIN, "controls": None, "clusters_control": 12})
    parallel = solved("parallel", d=0.35, icc=0.05, clusters=24, size=20)
    assert float(both.precision.variance) == pytest.approx(float(parallel.precision.variance))
    assert float(both.df) == pytest.approx(22)


def test_the_degrees_of_freedom_lie_between_those_of_link_workers_and_of_everybody():
    found = solved(**PLAIN)
    assert 11 < float(found.df) < 11 + 239
    assert float(found.by_rule["j-1"]) < float(found.power) < float(found.by_rule["z"])


def test_controls_may_be_a_share_of_the_people_in_clusters():
    shared = solved(**{**PLAIN, "controls": None, "allocation": 2})
    assert float(shared.precision.parts["controls"]) == 120


def test_the_best_ratio_needs_the_fewest_people():
    ratio = float(solved(**PLAIN).precision.parts["best_ratio"])

    def people(allocation):
        given = {**PLAIN, "controls": None, "clusters": None, "allocation": allocation}
        found = solved(**given, power=0.8, test="z")
        return float(found.unrounded) * 20 * (1 + 1 / allocation)

    assert people(1 / ratio) < min(people(0.8 / ratio), people(1.25 / ratio))


def test_one_visit_without_a_start_is_no_visit_at_all():
    given = {**PLAIN, "dropout": 0.25}
    once = {**given, "visits": [0, 12], "dropout": [0, 0.25], "iac": 0.5, "baseline": "none"}
    assert float(solved(**once).precision.variance) == pytest.approx(
        float(solved(**given).precision.variance), rel=1e-10
    )
    assert float(solved(**once).df) == pytest.approx(float(solved(**given).df), rel=1e-10)


def test_a_start_helps_and_more_so_the_more_scores_go_together():
    without = float(solved(**PLAIN, **VISITS, baseline="none").power)
    some = float(solved(**PLAIN, **VISITS).power)
    more = float(solved(**PLAIN, **{**VISITS, "iac": 0.8}).power)
    assert without < some < more


def test_the_mean_of_visits_gains_from_link_workers_who_change():
    steady = float(solved(**PLAIN, **VISITS, contrast="mean").power)
    changing = float(solved(**PLAIN, **VISITS, contrast="mean", cac=0.5).power)
    last = [float(solved(**PLAIN, **VISITS, cac=one).precision.variance) for one in (1.0, 0.5)]
    assert changing > steady
    assert last[0] == pytest.approx(last[1], rel=1e-9)


def test_visits_on_a_grid_are_the_same_as_one_by_one():
    iccs = np.array([0.01, 0.05, 0.1])
    whole = solved(**{**PLAIN, "icc": iccs}, **VISITS, cv=0.4).power
    each = [float(solved(**{**PLAIN, "icc": one}, **VISITS, cv=0.4).power) for one in iccs]
    np.testing.assert_allclose(whole, each, rtol=1e-12)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({**PLAIN, "allocation": 1}, "more than once"),
        ({**PLAIN, "icc_control": 0.02}, "both arms"),
        ({**PLAIN, "iac": 0.5}, "--visits: is missing"),
        ({**PLAIN, "visits": [0, 3, 12]}, "--iac: is missing"),
        ({**PLAIN, **VISITS, "dropout": [0, 0.3, 0.2, 0.4]}, "retention rises"),
        ({**PLAIN, **VISITS, "dropout": [0, 0.3]}, "another length"),
        ({**PLAIN, **VISITS, "baseline": "change"}, "not of this design"),
        ({**PLAIN, "d": None, "p0": 0.5, "p1": 0.6, **VISITS}, "means only"),
        ({**PLAIN, "controls": None}, "--controls or --allocation"),
    ],
)
def test_what_contradicts_itself_is_refused_in_words(options, words):
    with pytest.raises(power.DesignError, match=words):
        power.design("partially-nested", **options)
