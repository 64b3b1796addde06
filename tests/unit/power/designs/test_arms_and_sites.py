"""Slopes, several arms and sites: limits, sharing of the level, and refusals."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from splw_eval import power
from splw_eval.power import DesignError

LINES = {"visits": [0, 6, 12, 18], "sd_intercept": 8, "sd_slope": 0.3, "sd_residual": 6}
ARMS = {"means": [74, 80, 86], "sd": 73**0.5, "icc": 9 / 73, "clusters": 15}


def solved(kind, **options):
    return power.solve(power.design(kind, **options))


def codes(kind, **options):
    with pytest.raises(DesignError) as caught:
        power.design(kind, **options)
    return [found.code for found in caught.value.findings]


def test_clusters_without_slopes_of_their_own_leave_the_trial_of_people():
    alike = {"clusters": 16, "size": 10, "sd_cluster_slope": 0}
    clustered = solved("slopes", diff=-4, **alike, **LINES, test="z")
    people = solved("slopes", diff=-4, patients=160, **LINES, test="z")
    assert float(clustered.power) == pytest.approx(float(people.power))


def test_a_difference_at_the_end_is_that_of_slopes_times_the_time():
    end = solved("slopes", diff=-4, patients=160, **LINES)
    slope = solved("slopes", slope_diff=-4 / 18, patients=160, **LINES)
    assert float(end.power) == pytest.approx(float(slope.power))
    assert float(end.mde) == pytest.approx(18 * float(slope.mde), rel=1e-6)


def test_listed_sizes_of_one_size_are_that_size():
    given = {"diff": -4, "sd_cluster_slope": 0.1, **LINES}
    listed = solved("slopes", sizes=[10] * 16, clusters_arm=[8, 8], **given)
    plain = solved("slopes", size=10, clusters=16, **given)
    assert float(listed.power) == pytest.approx(float(plain.power))
    assert float(listed.df) == 14


def test_clusters_of_one_arm_alone_have_df_between_theirs_and_all():
    given = {"diff": -4, "sd_cluster_slope": 0.1, "clusters": 8, "size": 20, **LINES}
    found = solved("slopes", controls=160, **given)
    assert 7 < float(found.df) < 8 + 160 - 2
    assert float(found.precision.df["j-1"]) == 7


@pytest.mark.parametrize(
    ("given", "sought"),
    [({}, "patients"), ({"size": 20}, "clusters"), ({"clusters": 20}, "size")],
)
def test_what_is_sought_follows_from_what_is_told(given, sought):
    alike = {"sd_cluster_slope": 0} if given else {}
    assert solved("slopes", diff=-4, power=0.8, **alike, **given, **LINES).sought == sought


def test_slopes_of_clusters_without_a_variance_between_them_are_refused():
    given = {"diff": 0.4, "sd": 1, "iac": 0.5, "visits": [0, 6, 12], "size": 20}
    assert codes("slopes", clusters=12, **given) == ["SZ02"]
    level = solved("slopes", clusters=12, sd_cluster=0.3, **given)
    assert any("--sd-cluster-slope was not given" in note for note in level.notes)


def test_slopes_without_a_spread_are_refused():
    assert codes("slopes", diff=1, visits=[0, 1], patients=90) == ["SZ02"]
    assert codes("slopes", diff=1, visits=[0, 1], patients=90, clusters=8, **{
        "sd_residual": 1, "size": 4}) == ["SZ05"]  # fmt: skip


def test_an_f_test_of_arms_needs_few_people_where_another_program_asks_for_21():
    found = solved("multi-arm", **ARMS, power=0.8, adjust="omnibus")
    assert found.sought == "size"
    assert float(found.unrounded) == pytest.approx(3.2334, abs=1e-4)


def test_dunnetts_share_of_the_level_lies_between_bonferronis_and_the_whole():
    by = {how: float(solved("multi-arm", d=0.5, arms=4, patients=240, adjust=how).power)
          for how in ("bonferroni", "dunnett", "none")}  # fmt: skip
    assert by["bonferroni"] < by["dunnett"] < by["none"]


def test_an_f_of_two_arms_would_be_the_square_of_a_t():
    from splw_eval.stats.power.several import power_of_f

    t = solved("individual", d=0.5, patients=100, tails="both")
    found = power_of_f(t.precision.effect**2 / t.precision.variance, 1, 98, 0.05)
    assert float(found) == pytest.approx(float(t.power), rel=1e-9)


def test_two_arms_are_sent_to_their_own_design():
    assert codes("multi-arm", d=0.5, arms=2, patients=100) == ["SZ05"]


def test_no_share_of_the_level_is_that_of_two_of_the_arms():
    two = solved("individual", d=0.5, patients=100, test="z")
    three = solved("multi-arm", d=0.5, arms=3, patients=150, adjust="none", test="z")
    assert float(three.power) == pytest.approx(float(two.power))


def test_sites_with_unlike_effects_cannot_be_made_up_for_by_people():
    given = {"d": 0.4, "clusters": 10, "icc": 0.05}
    assert float(solved("multisite", **given, size=1e7).power) == pytest.approx(1)
    assert float(solved("multisite", **given, sd_treatment=0.4, size=1e7).power) < 0.85


def test_a_spread_that_leaves_nothing_within_sites_is_refused():
    given = {"d": 0.4, "clusters": 10, "icc": 0.5, "size": 10}
    assert codes("multisite", **given, sd_treatment=1.5) == ["SZ09"]


def test_grids_of_slopes_are_as_one_by_one():
    grid = np.array([0.0, 0.1, 0.3])
    given = {**LINES, "diff": -4, "clusters": 16, "size": 20, "dropout": 0.3}
    whole = solved("slopes", sd_cluster_slope=grid, **given).power
    single = [float(solved("slopes", sd_cluster_slope=g, **given).power) for g in grid]
    assert whole == pytest.approx(single, rel=1e-12)


def test_arms_of_unlike_spread_are_no_matter_for_a_test_of_one_variance():
    given = {"diff": 0.5, "sd": 1.0, "sd_control": 2.0, "arms": 3, "patients": 300}
    assert codes("multi-arm", **given) == ["SZ05"]
    assert codes("multi-arm", **given, adjust="omnibus") == ["SZ05"]
    found = solved("multi-arm", **given, adjust="bonferroni")
    parts = np.array([1 / 100, 4 / 100])
    df = parts.sum() ** 2 / (parts**2 / 99).sum()
    cut = stats.t.ppf(1 - 0.05 / 4, df)
    own = stats.nct.sf(cut, df, 0.5 / np.sqrt(parts.sum()))
    assert float(found.power) == pytest.approx(own, abs=1e-9)
    assert "its own variance" in found.asked.kind.model(found.asked.values)


def test_a_comparison_of_proportions_is_not_said_to_rest_on_one_variance():
    values = power.design("multi-arm", p0=0.4, p1=0.25, arms=3, patients=300).values
    said = power.design("multi-arm", p0=0.4, p1=0.25, arms=3, patients=300).kind.model(values)
    assert "one residual variance" not in said
    assert "each arm with its own variance" in said
