"""Designs of people: t tests, baselines, dropout, several arms, one group; and their refusals."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power import DesignError

SEARCH = 1e-6  # bisection


def solved(kind, **options):
    return power.solve(power.design(kind, **options))


def codes(kind, **options):
    with pytest.raises(DesignError) as caught:
        power.design(kind, **options)
    return [found.code for found in caught.value.findings]


def test_half_a_standard_deviation_asks_for_64_people_an_arm():
    found = solved("individual", d=0.5, power=0.8)
    assert found.arms == {"programme": 64, "comparison": 64}
    assert float(found.unrounded) == pytest.approx(2 * 63.76576, abs=1e-4)  # R, power.t.test


def test_a_baseline_takes_its_squared_correlation_off_the_variance():
    plain = solved("individual", d=0.4, patients=100).precision
    ancova = solved("individual", d=0.4, patients=100, baseline="ancova", iac=0.6).precision
    change = solved("individual", d=0.4, patients=100, baseline="change", iac=0.6).precision
    assert float(ancova.variance / plain.variance) == pytest.approx(1 - 0.6**2)
    assert float(change.variance / plain.variance) == pytest.approx(2 * (1 - 0.6))
    assert [*ancova.df] == ["n-3", "n-2"]
    assert float(ancova.df["n-3"]) == 97


def test_with_one_score_each_people_who_leave_are_gone_altogether():
    kept = solved("individual", d=0.4, patients=80)
    lost = solved("individual", d=0.4, patients=100, dropout=0.2)
    assert float(lost.power) == pytest.approx(float(kept.power))
    assert float(lost.df) == 78


def test_with_several_visits_they_are_not():
    given = {"d": 0.4, "patients": 100, "visits": [0, 3, 12, 18], "iac": 0.7, "baseline": "clda"}
    whole = solved("individual", **given).precision
    found = solved("individual", **given, dropout=[0, 0.15, 0.2, 0.25]).precision
    assert 1 < float(found.variance / whole.variance) < 1 / 0.75
    assert float(found.parts["dropout_inflation"]) == pytest.approx(
        float(found.variance / whole.variance)
    )


def test_one_share_lost_at_the_end_grows_evenly_with_time():
    given = {"d": 0.4, "patients": 100, "visits": [0, 6, 12], "iac": 0.7}
    one = solved("individual", **given, dropout=0.3)
    listed = solved("individual", **given, dropout=[0, 0.15, 0.3])
    assert float(one.power) == float(listed.power)


def test_two_for_one_is_rounded_up_arm_by_arm():
    found = solved("individual", d=0.5, power=0.8, allocation=2)
    assert found.arms == {"programme": 96, "comparison": 48}
    assert float(found.power) >= 0.8
    assert float(found.patients) == 144


def test_unlike_spreads_are_tested_as_welch_does():
    found = solved("individual", diff=1, sd=3, sd_control=1, patients_arm=[20, 40])
    u1, u0 = 9 / 20, 1 / 40
    assert float(found.df) == pytest.approx((u1 + u0) ** 2 / (u1**2 / 19 + u0**2 / 39))


def test_proportions_are_tested_by_the_normal():
    found = solved("individual", p0=0.3, p1=0.2, power=0.8, variance="pooled")
    assert float(found.unrounded) / 2 == pytest.approx(293.1513, abs=1e-4)  # R, power.prop.test
    assert np.isinf(found.df)


def test_a_correlation_without_use_is_refused():
    assert codes("individual", d=0.4, patients=100, iac=0.5) == ["SZ05"]


def test_what_is_wrong_with_visits_is_told_at_once():
    given = {"d": 0.4, "patients": 90, "visits": [0, 3, 3], "dropout": [0, 0.3, 0.2], "iac": 0.5}
    assert codes("individual", **given) == ["SZ05", "SZ07"]


def test_correlations_of_no_people_are_refused():
    R = [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1]]
    given = {"d": 0.4, "patients": 90, "visits": [0, 3, 12], "correlations": R}
    assert codes("individual", **given) == ["SZ09"]


def test_a_change_of_one_group_carries_that_it_is_no_effect():
    for given in ({"sd_change": 1.0}, {"sd": 1.0, "iac": 0.5}):
        found = solved("pre-post", diff=0.3, patients=50, **given)
        assert any("not an effect of the programme" in note for note in found.notes)
    assert float(found.power) == pytest.approx(
        float(solved("pre-post", diff=0.3, patients=50, sd_change=1.0).power)
    )


def test_clusters_that_do_not_change_leave_the_paired_t_but_for_its_df():
    shared = solved("pre-post", d=0.3, clusters=10, size=20, icc=0.0, cac=0.5, iac=0.5, test="z")
    alone = solved("pre-post", d=0.3, patients=200, iac=0.5, test="z")
    assert float(shared.power) == pytest.approx(float(alone.power))
    assert "k-1" in shared.precision.df


def test_link_workers_are_solved_for_where_their_people_are_told():
    found = solved("pre-post", d=0.25, size=25, icc=0.05, cac=0.7, iac=0.5, power=0.8)
    assert found.sought == "clusters"
    assert found.arms == {"link workers": 11}


def test_what_a_clustered_change_needs_is_asked_for():
    assert codes("pre-post", d=0.3, clusters=10, size=20, icc=0.05, iac=0.5) == ["SZ02"]


def test_mcnemars_test_asks_for_connors_number():
    found = solved("pre-post", p0=0.2, p1=0.35, discordant=0.3, power=0.8, test="z")
    z, half = 1.9599639845, 0.8416212336
    number = (z * 0.3**0.5 + half * (0.3 - 0.15**2) ** 0.5) ** 2 / 0.15**2
    assert float(found.unrounded) == pytest.approx(number, rel=SEARCH)


def test_a_grid_is_as_one_by_one():
    grid = np.array([40.0, 90.0, 200.0])
    given = {"d": 0.4, "visits": [0, 3, 12], "iac": 0.6, "baseline": "clda", "dropout": 0.2}
    whole = solved("individual", patients=grid, **given).power
    single = [float(solved("individual", patients=n, **given).power) for n in grid]
    assert whole == pytest.approx(single, rel=1e-12)
    assert (np.diff(whole) > 0).all()
