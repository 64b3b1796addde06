"""Changes of people in clusters, and people allocated within sites, beside whole matrices."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.paired import (
    variance_of_clustered_change,
    variances_of_paired_proportions,
)
from splw_eval.stats.power.sites import variance_within_sites


def test_the_change_of_a_clusters_people_has_the_variance_of_all_its_scores():
    m, rho, cac, iac = 7, 0.06, 0.7, 0.5
    over_time = np.array([[1, cac], [cac, 1]])
    own = np.array([[1, iac], [iac, 1]])
    sd = np.diag([2.0, 3.0])
    shared = np.kron(np.ones((m, m)), sd @ over_time @ sd * rho)
    whole = shared + np.kron(np.eye(m), sd @ own @ sd * (1 - rho))
    weights = np.tile([-1 / m, 1 / m], m)
    found, widened = variance_of_clustered_change(
        2.0, 3.0, size=m, cv=0.0, icc=rho, cac=cac, iac=iac
    )
    assert float(found) == pytest.approx(weights @ whole @ weights)
    change = np.array([-1, 1]) @ (sd @ (rho * over_time + (1 - rho) * own) @ sd) @ [-1, 1]
    assert float(widened) == pytest.approx(float(found) * m / change)


def test_answers_that_only_change_one_way_leave_the_variance_of_one_proportion():
    alternative, null = variances_of_paired_proportions(0.2, 0.2)
    assert float(alternative) == pytest.approx(0.2 * 0.8)
    assert float(null) == 0.2


def test_sites_with_one_effect_leave_the_variance_of_two_means():
    found = variance_within_sites(sites=10, size=12, within=4.0, effects=0.0, ratio=2.0)
    assert float(found) == pytest.approx(4.0 * (1 / 80 + 1 / 40))


def test_effects_that_differ_between_sites_do_not_wear_off_with_more_people():
    found = variance_within_sites(sites=10, size=1e12, within=4.0, effects=0.5, ratio=1.0)
    assert float(found) == pytest.approx(0.05)
