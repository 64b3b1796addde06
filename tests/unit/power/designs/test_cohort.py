"""Cluster trials with visits, and people lost on the way."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.solving import chance

ROUNDING = 1e-9
LOST = [0, 0.15, 0.2, 0.25]
BASIC: dict[str, Any] = {
    "visits": [0, 3, 12, 18],
    "size": 20,
    "icc": 0.05,
    "cac": 0.8,
    "iac": 0.6,
    "d": 0.3,
    "sd": 1.0,
}


def solved(**options):
    return power.solve(power.design("cohort", **{**BASIC, **options}))


def by_every_score(v, contrast, arms, lost, *, rho=0.05, r=0.8, a=0.6, m=20):
    """The covariance of each score of a cluster, and the design of all of them."""
    visits = len(v)
    same = np.eye(visits)
    own, shared = (1 - rho) * ((1 - a) * same + a), rho * ((1 - r) * same + r)
    leavers = np.round(np.diff(np.append(lost, 1.0)) * m).astype(int)
    last = np.repeat(np.arange(1, visits + 1), leavers)
    at = np.concatenate([np.arange(one) for one in last])
    who = np.repeat(np.arange(m), last)
    whole = shared[np.ix_(at, at)] + own[np.ix_(at, at)] * (who[:, None] == who)
    information = 0
    for k, treated in zip(arms, (1.0, 0.0), strict=True):
        z = np.hstack([same, treated * same[:, 1:]])[at]
        information = information + k * z.T @ np.linalg.inv(whole) @ z
    wide = np.concatenate([np.zeros(visits), contrast])
    return wide @ np.linalg.inv(information) @ wide


@pytest.mark.parametrize(
    ("contrast", "weights"),
    [
        ("last", [0, 0, 1]),
        ("mean", [1 / 3, 1 / 3, 1 / 3]),
        ("auc", [12 / 36, 15 / 36, 6 / 36]),
    ],
)
def test_it_is_worked_out_as_from_every_score(contrast, weights):
    found = solved(clusters_arm=[7, 8], dropout=LOST, contrast=contrast)
    expected = by_every_score(BASIC["visits"], np.array(weights), (7, 8), LOST)
    assert float(found.std_error) ** 2 == pytest.approx(expected, rel=ROUNDING)


def test_a_line_is_surer_than_its_last_visit_alone():
    line = solved(clusters=16, dropout=LOST, contrast="slope")
    assert float(line.std_error) < float(solved(clusters=16, dropout=LOST).std_error)


@pytest.mark.parametrize("baseline", ["none", "change", "lda", "ancova", "clda"])
def test_two_visits_are_the_design_with_a_baseline(baseline):
    one = solved(clusters=16, visits=[0, 12], baseline=baseline)
    options = {name: BASIC[name] for name in BASIC if name != "visits"}
    two = power.solve(power.design("baseline", clusters=16, baseline=baseline, **options))
    assert float(one.power) == pytest.approx(float(two.power), rel=ROUNDING)


def test_dropout_costs_less_than_leaving_people_out():
    """What those lost have said before stands for some of what they would have said."""
    kept = solved(clusters=16, dropout=LOST)
    out = solved(clusters=16, size=15)
    none = solved(clusters=16)
    assert float(none.std_error) < float(kept.std_error) < float(out.std_error)


def test_one_share_is_lost_evenly_over_the_time():
    one = solved(clusters=16, dropout=0.3)
    each = solved(clusters=16, dropout=[0, 0.05, 0.2, 0.3])
    assert float(one.std_error) == pytest.approx(float(each.std_error), rel=ROUNDING)


def test_the_analysis_adjusted_leaves_out_those_never_seen_again():
    clda = solved(clusters=16, dropout=LOST)
    ancova = solved(clusters=16, dropout=LOST, baseline="ancova")
    assert float(ancova.std_error) > float(clda.std_error)


def test_without_clusters_the_correlation_with_the_start_is_what_counts():
    found = solved(clusters=16, icc=0.0, visits=[0, 12], test="z")
    assert float(found.std_error) ** 2 == pytest.approx(2 * (1 - 0.36) / 160, rel=ROUNDING)


def test_listed_sizes_are_each_clusters_own():
    sizes = [10.0, 20.0, 30.0, 12.0, 18.0]
    found = solved(clusters_arm=[3, 2], size=None, sizes=sizes)
    # With 3 in one arm and 2 in the other, moving the large cluster matters.
    other = solved(clusters_arm=[3, 2], size=None, sizes=[10.0, 20.0, 12.0, 30.0, 18.0])
    assert float(found.std_error) != float(other.std_error)
    assert float(found.precision.parts["patients"]) == 90
    alike = solved(clusters_arm=[3, 2], size=None, sizes=[20.0] * 5)
    plain = solved(clusters_arm=[3, 2])
    assert float(alike.std_error) == pytest.approx(float(plain.std_error), rel=ROUNDING)


def test_a_spread_of_sizes_costs_power():
    assert float(solved(clusters=16, cv=0.65).power) < float(solved(clusters=16).power)


def test_proportions_may_be_followed_too():
    found = solved(clusters=16, d=None, sd=None, p0=0.3, p1=0.3 + 1e-9, icc=0.0, visits=[0, 12])
    assert float(found.std_error) ** 2 == pytest.approx(
        0.21 * 2 * (1 - 0.36) / 160, rel=1e-6
    )  # the arms' variances differ by the least


@pytest.mark.parametrize("option", ["clusters", "size", "d", "iac"])
def test_power_rises_with(option):
    grid = {"clusters": [8, 12, 40], "size": [5, 20, 80], "d": [0.1, 0.2, 0.4]}
    values = np.array(grid.get(option, [0.2, 0.5, 0.8]), dtype=float)
    found = solved(**{"clusters": 16, "dropout": LOST, option: values}).power
    assert (np.diff(found) > 0).all()


def test_power_falls_with_the_icc():
    found = solved(clusters=16, dropout=LOST, icc=np.array([0.0, 0.02, 0.1, 0.3])).power
    assert (np.diff(found) < 0).all()


def test_a_grid_is_each_of_its_points():
    icc, size = np.array([0.0, 0.05, 0.2]), np.array([10.0, 20.0, 40.0])
    options = {"clusters": 16, "dropout": LOST, "decay": True, "decay_unit": 12, "cv": 0.5}
    found = solved(**options, icc=icc, size=size).power
    alone = [
        float(solved(**options, icc=one, size=other).power)
        for one, other in zip(icc, size, strict=True)
    ]
    assert found == pytest.approx(alone, rel=ROUNDING)


def test_people_sought_give_the_power_asked():
    found = solved(clusters=24, size=None, power=0.8, dropout=LOST)
    back = solved(clusters=24, size=float(found.unrounded), dropout=LOST)
    assert float(back.power) == pytest.approx(0.8, abs=1e-7)


def test_more_people_cannot_make_up_for_too_few_clusters():
    with pytest.raises(power.InfeasibleError, match="8 clusters cannot exceed power"):
        solved(clusters=8, size=None, power=0.9, icc=0.1, d=0.2)


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        ({"dropout": [0, 0.2, 0.1, 0.3]}, "SZ07", "--dropout"),
        ({"dropout": [0, 0.2]}, "SZ05", "--dropout"),
        ({"dropout": LOST, "dropout_control": [0, 0.3, 0.2, 0.4]}, "SZ07", "--dropout-control"),
        ({"visits": [0]}, "SZ05", "--visits"),
        ({"visits": [0, 12, 3, 18]}, "SZ05", "--visits"),
        ({"cac": -0.5}, "SZ09", "--cac"),
        ({"iac": -0.5}, "SZ09", "--iac"),
        ({"iac": 1.0}, "SZ09", "--iac"),
        ({"icc": 1.0}, "SZ06", "--icc"),
        ({"icc": -0.3}, "SZ06", "--icc"),
        ({"icc": None, "sd_cluster": 1.0}, "SZ06", "--sd-cluster"),
        ({"iac": None}, "SZ02", "--iac"),
        ({"sampling": "cross-section"}, "SZ05", "--sampling"),
        ({"clusters": None, "clusters_arm": [4, 4, 4]}, "SZ05", "--clusters-arm"),
        ({"visits": [0, 12], "baseline": "none", "contrast": "slope"}, "SZ05", "--contrast"),
        ({"baseline": "ancova", "intermittent": True}, "SZ05", "--intermittent"),
    ],
)
def test_what_contradicts_itself_is_refused(options, code, words):
    with pytest.raises(power.DesignError) as error:
        solved(**{"clusters": 16, **options})
    assert code in {one.code for one in error.value.findings}
    assert words in " ".join(str(one) for one in error.value.findings)


def test_people_who_come_back_may_be_seen_more_later():
    found = solved(clusters=16, dropout=[0, 0.4, 0.2, 0.1], intermittent=True)
    none = solved(clusters=16, dropout=[0, 0.4, 0.4, 0.4])
    assert float(found.std_error) < float(none.std_error)


@pytest.mark.parametrize("option", ["clusters", "icc"])
def test_a_grid_of_a_thousand_designs_is_worked_out_at_once(option):
    grid = {"clusters": np.linspace(8, 60, 1000), "icc": np.linspace(0.001, 0.2, 1000)}
    given = {**BASIC, "clusters": 16, "dropout": LOST, option: grid[option]}
    design = power.design("cohort", **given)
    found = chance(design.values, design.kind.precision(design.values))
    assert found.shape == (1000,)
    assert np.isfinite(found).all()
