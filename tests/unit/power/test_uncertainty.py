"""Expected power over an ICC, and assurance: priors, ranges, studies, refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import power
from splw_eval.power import DesignError
from splw_eval.stats.power.icc_uncertainty import beta_quantile, beta_shape
from tests.unit.models.whole import fit_of

TRIAL: dict[str, Any] = {"diff": 0.3, "sd": 1, "clusters": 24, "size": 20}
FITTED = pd.DataFrame(
    {
        "measure": ["ICC at wave 3 months", "ICC, mean of the waves", "cluster autocorrelation"],
        "estimate": [0.01, 0.03, 0.8],
        "conf_low": [0.0, 0.005, 0.2],
        "conf_high": [0.05, 0.09, 1.0],
        "clusters": [20, 20, 20],
        "method": ["profile likelihood"] * 3,
    }
)


def trial(**options):
    return power.design("parallel", **TRIAL, **options)


def code(call, **options):
    with pytest.raises(DesignError) as caught:
        call(**options)
    return [found.code for found in caught.value.findings]


@pytest.mark.parametrize(("mean", "sd"), [(0.05, 0.03), (0.01, 0.02), (0.1, 0.005)])
def test_it_is_the_mean_power_over_the_prior(mean, sd):
    found = power.expected_power(trial(icc=mean), icc_prior=(mean, sd))
    steps = (np.arange(20_000) + 0.5) / 20_000
    iccs = beta_quantile(*beta_shape(mean, sd), steps)
    mean_power = power.solve(trial(icc=iccs)).power.mean()
    assert float(found.power) == pytest.approx(float(mean_power), abs=1e-6)
    assert float(found.at_mean) == float(power.solve(trial(icc=mean)).power)


def test_a_prior_of_the_design_needs_no_icc_beside_it():
    found = power.expected_power(trial(icc_prior=[0.05, 0.03]))
    assert found.icc_mean == 0.05
    assert float(power.solve(found.design).power) == float(found.at_mean)
    assert float(found.at_upper) < float(found.power)


def test_a_range_is_answered_at_both_ends():
    found = power.expected_power(trial(icc_range=[0.01, 0.1]))
    ends = [float(power.solve(trial(icc=icc)).power) for icc in (0.01, 0.1)]
    assert [float(one) for one in found.at_limits] == pytest.approx(ends)
    assert ends[1] < float(found.power) < ends[0]


def test_a_known_icc_is_the_limit_of_a_narrow_prior():
    found = power.expected_power(trial(icc=0.05), icc_prior=(0.05, 1e-5))
    assert float(found.power) == pytest.approx(float(found.at_mean), abs=1e-6)


def test_the_icc_of_a_study_comes_with_its_upper_limit():
    study = {"estimate": 0.03, "size": 20, "clusters": 12}
    found = power.expected_power(trial(icc=0.03), icc_from=study)
    se = (2 * 0.97**2 * (1 + 19 * 0.03) ** 2 / (20 * 19 * 11)) ** 0.5
    assert found.icc_sd == pytest.approx(se)
    assert found.icc_upper == pytest.approx(0.03 + 0.8416212 * se)
    assert float(found.at_upper) == float(power.solve(trial(icc=found.icc_upper)).power)


def test_the_table_of_a_fitted_model_is_taken_as_it_stands():
    found = power.expected_power(trial(icc=0.05), icc_from=FITTED)
    assert found.icc_mean == 0.03
    assert found.icc_sd == pytest.approx(0.06 / 1.959964, rel=1e-6)
    assert "95% interval 0.005 to 0.09" in found.method
    other = power.expected_power(trial(icc=0.05), icc_from=FITTED, measure="ICC at wave 3 months")
    assert "ICC of 0.01" in other.method


def test_an_estimate_of_nought_still_leaves_something_to_fear():
    study = {"estimate": 0.0, "conf_low": 0.0, "conf_high": 0.06}
    found = power.expected_power(trial(icc=0.0), icc_from=study)
    assert found.icc_mean > 0.02
    assert float(found.power) < float(power.solve(trial(icc=0.0)).power)


def test_limits_are_named_and_those_of_a_study_are_its_own_interval():
    study = {"estimate": 0.0071, "conf_low": 0.0, "conf_high": 0.0432}
    found = power.expected_power(trial(icc=0.0071), icc_from=study)
    assert found.icc_limits == (0.0, 0.0432)
    assert found.icc_limits_are == "the study's 95% interval"
    assert found.icc_upper < found.icc_limits[1]
    told = " ".join(found.sentences)
    assert "from 0 to 0.0432, the study's 95% interval" in told
    assert "80% one-sided upper limit" in told
    sizes = {"estimate": 0.03, "size": 20, "clusters": 12}
    wide = power.expected_power(trial(icc=0.03), icc_from=sizes)
    assert wide.icc_limits[0] == 0
    assert wide.icc_limits[1] == pytest.approx(0.03 + 1.959964 * wide.icc_sd)


def test_an_icc_next_to_nought_prints_as_nought():
    found = power.expected_power(trial(icc_prior=[0.0071, 0.0184]))
    assert 0 < found.icc_limits[0] < 1e-6
    assert "with an ICC from 0 to 0.0212, between which 8 in 10" in found.sentences[1]
    assert "8 in 10 values lie below" in found.sentences[2]


def test_a_grid_of_designs_is_answered_one_by_one():
    clusters = np.array([12.0, 24.0, 36.0])
    given: dict[str, Any] = {"diff": 0.3, "sd": 1, "size": 20, "icc_prior": [0.05, 0.03]}
    whole = power.expected_power(power.design("parallel", clusters=clusters, **given)).power
    single = [
        float(power.expected_power(power.design("parallel", clusters=k, **given)).power)
        for k in clusters
    ]
    assert whole == pytest.approx(single)


def test_a_number_that_is_sought_is_solved_first():
    design = power.design("parallel", d=0.3, size=20, power=0.9, icc_prior=[0.05, 0.03])
    found = power.expected_power(design)
    assert found.clusters == 48
    assert found.to_dict()["clusters"] == 48
    assert found.table["power"].iloc[0] == float(found.power)


def test_what_is_no_distribution_is_refused():
    design = trial(icc=0.05)
    assert code(power.expected_power, design=design) == ["SZ02"]
    assert code(power.expected_power, design=design, icc_prior=(0.5, 0.6)) == ["SZ06"]
    assert code(power.expected_power, design=design, icc_range=(0.1, 0.01)) == ["SZ05"]
    assert code(power.expected_power, design=design, icc_from={"estimate": 0.1}) == ["SZ06"]
    both = {"icc_prior": (0.05, 0.01), "icc_range": (0.0, 0.1)}
    assert code(power.expected_power, design=design, **both) == ["SZ14"]
    people = power.design("individual", d=0.4, patients=100)
    assert code(power.expected_power, design=people, icc_prior=(0.05, 0.01)) == ["SZ02"]


def test_assurance_is_below_power_where_power_is_high():
    design = power.design("individual", d=0.5, patients=200)
    found = float(power.assurance(design, effect_sd=0.2))
    assert found < float(power.solve(design).power)
    assert float(power.assurance(design, effect_sd=1e-9)) == pytest.approx(
        float(power.solve(design).power)
    )


def test_assurance_is_the_same_for_a_difference_downwards():
    up, down = (power.design("individual", d=d, patients=90) for d in (0.5, -0.5))
    assert float(power.assurance(up, effect_sd=0.2)) == pytest.approx(
        float(power.assurance(down, effect_sd=0.2))
    )


def test_assurance_of_an_f_test_is_refused():
    design = power.design("multi-arm", d=0.5, arms=3, patients=150, adjust="omnibus")
    assert code(power.assurance, design=design, effect_sd=0.1) == ["SZ10"]


def test_a_fitted_mixed_model_is_taken_itself():
    fitted = fit_of("practices")
    found = power.expected_power(trial(icc=0.05), icc_from=fitted)
    table = fitted.icc.set_index("measure")
    told = table.loc["ICC, mean of the waves"]
    width = told["conf_high"] - told["estimate"]
    assert found.icc_upper == pytest.approx(told["estimate"] + 0.8416212 * width / 1.959964)
    assert 0 < float(found.at_upper) < float(found.at_limits[0])


def test_a_fitted_model_without_clusters_has_no_icc_to_take():
    class Fitted:
        icc = FITTED.iloc[:0]

    assert code(power.expected_power, design=trial(icc=0.05), icc_from=Fitted()) == ["SZ06"]


@pytest.mark.parametrize(
    ("given", "codes"),
    [
        ({"icc": 0.2, "icc_range": [0.01, 0.05]}, ["SZ14"]),
        ({"icc": 0.06, "icc_prior": [0.05, 0.03]}, ["SZ14"]),
        ({"sd_cluster": 0.2, "icc_range": [0.01, 0.05]}, ["SZ05"]),
        ({"icc_prior": [0.05, 0.03], "icc_range": [0.01, 0.05]}, ["SZ14"]),
    ],
)
def test_an_icc_that_contradicts_what_it_may_be_is_refused(given, codes):
    with pytest.raises(power.DesignError) as caught:
        power.design("parallel", d=0.3, clusters=30, size=20, **given)
    assert [one.code for one in caught.value.findings] == codes
    held = power.design("parallel", d=0.3, clusters=30, size=20, icc=0.05, icc_range=[0.01, 0.05])
    assert held.given["icc"] == 0.05


def test_it_is_said_that_the_comparison_arms_icc_does_not_vary():
    given: dict[str, Any] = {"d": 0.3, "clusters": 30, "size": 20, "icc_range": [0.01, 0.05]}
    both = power.expected_power(power.design("parallel", **given))
    one = power.expected_power(power.design("parallel", **given, icc_control=0.02))
    assert "programme's alone varies" in one.limits
    assert "programme's alone varies" not in both.limits
