"""Stepped wedges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.solving import chance

ROUNDING = 1e-9
BASIC: dict[str, Any] = {"steps": 4, "size": 20, "icc": 0.05, "cac": 0.8, "diff": 0.3, "sd": 1.0}
WEDGE = [[0, 1, 1, 1, 1], [0, 0, 1, 1, 1], [0, 0, 0, 1, 1], [0, 0, 0, 0, 1]]


def solved(**options):
    return power.solve(power.design("stepped-wedge", **{**BASIC, **options}))


def test_it_is_the_matrix_of_its_steps():
    options = {name: value for name, value in BASIC.items() if name != "steps"}
    other = power.solve(power.design("matrix", matrix=WEDGE, per_sequence=3, **options))
    found = solved(per_sequence=3)
    assert float(found.power) == pytest.approx(float(other.power), rel=ROUNDING)
    assert found.arms == {f"sequence {one}": 3.0 for one in (1, 2, 3, 4)}


def test_clusters_come_in_whole_sequences():
    found = solved(power=0.8)
    assert float(found.clusters) % 4 == 0
    assert float(found.clusters) - 4 < float(found.unrounded) <= float(found.clusters)
    assert float(found.power) >= 0.8


def test_clusters_sought_give_the_power_asked():
    found = solved(power=0.8, size=15)
    back = solved(clusters=float(found.unrounded), size=15)
    assert float(back.power) == pytest.approx(0.8, abs=1e-7)


def test_later_periods_with_the_programme_everywhere_help_by_telling_clusters_apart():
    assert float(solved(clusters=12, periods=7).std_error) < float(solved(clusters=12).std_error)


@pytest.mark.parametrize(
    ("option", "rising"), [("clusters", True), ("size", True), ("diff", True), ("cac", True)]
)
def test_power_moves_one_way(option, rising):
    grid = {"clusters": [8, 12, 40], "size": [5, 20, 80], "diff": [0.1, 0.2, 0.4]}
    values = np.array(grid.get(option, [0.2, 0.6, 1.0]), dtype=float)
    found = solved(**{"clusters": 12, option: values}).power
    assert (np.diff(found) > 0).all() == rising


def test_a_grid_is_each_of_its_points():
    icc = np.array([0.0, 0.02, 0.1])
    options = {"clusters": 12, "iac": 0.4, "sd_treatment": 0.1, "treatment_correlation": 0.3}
    found = solved(icc=icc, **options).power
    alone = [float(solved(icc=one, **options).power) for one in icc]
    assert found == pytest.approx(alone, rel=ROUNDING)


def test_sizes_listed_alike_are_the_size():
    one = solved(clusters=12)
    two = solved(clusters=12, size=None, sizes=np.full((12, 5), 20.0))
    assert float(one.std_error) == pytest.approx(float(two.std_error), rel=ROUNDING)


def test_unequal_sizes_cost_little():
    one, two = solved(clusters=12), solved(clusters=12, cv=0.65)
    assert 1.0 < float(two.std_error) / float(one.std_error) < 1.1


def test_effects_all_alike_by_exposure_are_the_effect_at_its_dearest():
    plain, mean = solved(clusters=12), solved(clusters=12, exposure_weights=[0.25] * 4)
    assert float(mean.std_error) > float(plain.std_error)
    assert float(mean.precision.df["between-within"]) == 12 - 5 - 4


def test_proportions_have_the_variance_at_their_mean_or_each_its_own():
    options = {"sd": None, "diff": None, "p0": 0.3, "p1": 0.4, "clusters": 12, "test": "z"}
    pooled = solved(**options)
    as_means = solved(clusters=12, diff=0.1, sd=(0.35 * 0.65) ** 0.5, test="z")
    assert float(pooled.power) == pytest.approx(float(as_means.power), rel=ROUNDING)
    assert float(solved(**options, variance="unpooled").power) != float(pooled.power)


def test_rates_on_their_own_scale_vary_as_counts_do():
    options = {"sd": None, "diff": None, "rate0": 1.5, "rr": 0.8, "clusters": 12}
    found = solved(**options, overdispersion=2.0)
    as_means = solved(clusters=12, diff=-0.3, sd=(2 * 1.35) ** 0.5)
    assert float(found.power) == pytest.approx(float(as_means.power), rel=ROUNDING)


@pytest.mark.parametrize("link", ["log", "logit"])
def test_links_use_the_null_for_the_test_and_the_alternative_for_its_power(link):
    base = {"rate0": 1.5, "rr": 0.8} if link == "log" else {"p0": 0.3, "or_": 0.7}
    options = {"sd": None, "diff": None, "icc": None, "sd_cluster": 0.3, "link": link}
    found = solved(clusters=12, **options, **base)
    assert float(found.precision.null_variance) != float(found.precision.variance)
    assert float(found.precision.effect) == pytest.approx(np.log(0.8 if link == "log" else 0.7))
    steady = solved(clusters=12, **options, **base, time_effects=[0.0] * 4)
    assert float(steady.power) == pytest.approx(float(found.power), rel=ROUNDING)
    rising = solved(clusters=12, **options, **base, time_effects=[0.2])
    assert float(rising.power) > float(found.power)


def test_the_icc_of_a_link_is_told_on_a_scale():
    options = {"sd": None, "diff": None, "p0": 0.3, "or_": 0.7, "link": "logit", "clusters": 12}
    with pytest.raises(power.DesignError, match="--icc-scale"):
        solved(**options)
    one = solved(**options, icc_scale="proportion")
    two = solved(**{**options, "icc": None, "sd_cluster": (0.05 / 0.21) ** 0.5})
    assert float(one.power) == pytest.approx(float(two.power), rel=ROUNDING)


def test_a_detectable_difference_has_the_power_asked():
    found = solved(clusters=12, diff=None, power=0.9)
    back = solved(clusters=12, diff=float(found.unrounded))
    assert float(back.power) == pytest.approx(0.9, abs=1e-8)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"steps": 1}, "--steps"),
        ({"steps": 2.5}, "--steps"),
        ({"periods": 4}, "--periods"),
        ({"clusters": None, "clusters_arm": [3, 3]}, "--clusters-arm"),
        ({"p0": 0.3}, "--sd"),
        ({"diff": None, "sd": None, "p1": 0.3}, "--p0"),
        ({"time_effects": [0.1]}, "--time-effects"),
    ],
)
def test_what_contradicts_itself_is_refused(options, words):
    with pytest.raises(power.DesignError) as error:
        solved(**{"clusters": 12, **options})
    assert words in " ".join(str(one) for one in error.value.findings)


@pytest.mark.parametrize("option", ["clusters", "icc"])
def test_a_grid_of_a_thousand_designs_is_worked_out_at_once(option):
    grid = {"clusters": np.linspace(8, 60, 1000), "icc": np.linspace(0.001, 0.2, 1000)}
    design = power.design("stepped-wedge", **{**BASIC, "clusters": 12, option: grid[option]})
    found = chance(design.values, design.kind.precision(design.values))
    assert found.shape == (1000,)
    assert np.isfinite(found).all()
