"""Adjusted differences beside unadjusted ones."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.differences.adjusted import adjusted_difference
from splw_eval.confounding.likeness.weights import weights
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters

COVARIATES = ["age", "sex"]
WAYS = ("weighting", "entropy", "regression", "standardisation", "doubly_robust")


def frame(seed: int = 3, n: int = 450) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % 15
    arm = np.where(practice < 7, "programme", "comparison")
    age = 50 + 5 * (practice < 7) + 10 * rng.normal(size=n)
    sex = rng.choice(["f", "m"], n)
    score = 20 + 0.2 * age + 2.0 * (practice < 7) + rng.normal(size=15)[practice]
    score += 3 * rng.normal(size=n)
    data = {"practice": practice, "arm": arm, "age": age, "sex": sex, "score": score}
    return pd.DataFrame(data)


def compared(data: pd.DataFrame, **more):
    given = {
        "outcome": "score",
        "group": "arm",
        "covariates": COVARIATES,
        "reference": "comparison",
        "cluster": "practice",
    }
    return adjusted_difference(data, **(given | more))


def test_the_unadjusted_difference_always_stands_first():
    data = frame()
    for way in WAYS:
        found = compared(data, method=way)
        assert found.table["method"].iloc[0] == "unadjusted"
        means = data.groupby("arm")["score"].mean()
        assert found.unadjusted == pytest.approx(means["programme"] - means["comparison"])
        assert found.table["default"].sum() == 1
        assert not found.table["default"].iloc[0]


def test_weighting_compares_the_weighted_means():
    data = frame()
    w = weights(data, group="arm", covariates=COVARIATES, reference="comparison").weights
    means = [
        np.average(data.loc[data["arm"] == name, "score"], weights=w[data["arm"] == name])
        for name in ("comparison", "programme")
    ]
    assert compared(data).estimate == pytest.approx(means[1] - means[0])


def test_the_jackknife_makes_the_weights_anew_without_each_practice():
    data, found = frame(), compared(frame())
    without = [compared(data[data["practice"] != k]).estimate for k in range(15)]
    error = np.sqrt(14 / 15 * np.sum((np.array(without) - found.estimate) ** 2))
    told = found.table[found.table["default"]].iloc[0]
    assert told["std_error"] == pytest.approx(error)
    assert told["df"] == 13
    assert told["inference"].startswith("jackknife")


def test_beside_it_stands_the_error_of_known_weights():
    data, found = frame(), compared(frame())
    w = weights(data, group="arm", covariates=COVARIATES, reference="comparison").weights
    columns = np.column_stack([np.ones(len(data)), data["arm"] == "programme"]).astype(float)
    fit = fit_clusters(data["score"], columns, data["practice"], weights=w)
    told = found.table.iloc[2]
    assert told["inference"].startswith("CR2")
    given = [fit.coef[1], fit.std_error[1], fit.df[1]]
    assert told[["estimate", "std_error", "df"]].tolist() == pytest.approx(given)


def test_adjusting_takes_confounding_by_a_covariate_away():
    found = compared(frame(n=3000), method="all")
    adjusted = found.table[found.table["default"]]
    assert adjusted["method"].tolist() == list(WAYS)
    assert found.unadjusted - adjusted["estimate"].mean() == pytest.approx(1.0, abs=0.2)
    assert np.ptp(adjusted["estimate"]) < 0.2


def test_interactions_change_the_answer_for_the_treated_only_where_asked():
    data = frame()
    data["score"] += 0.3 * (data["arm"] == "programme") * (data["age"] - 50)
    plain = compared(data, method="standardisation").estimate
    named = compared(data, method="standardisation", interact=["age"]).estimate
    whole = compared(data, method="standardisation", interact=True).estimate
    others = compared(data, method="standardisation", interact=["age"], target="everybody")
    assert named == pytest.approx(whole, abs=0.15)
    assert named - others.estimate == pytest.approx(0.3 * 5 * 8 / 15, abs=0.2)
    assert abs(plain - named) > 0.01


def test_without_practices_the_reader_is_told_that_people_count_as_independent():
    found = compared(frame(), cluster=None, method="all")
    assert len(found.table) == 6
    assert found.practices is None
    assert any("No practices were named" in note for note in found.notes)
    assert "independent" in found.method


def test_rows_without_an_outcome_are_left_out_and_told():
    data = frame()
    data.loc[:9, "score"] = np.nan
    found = compared(data)
    assert found.n == 440
    assert (found.table["n"] == 440).all()
    assert any("10 of 450 rows were left out" in note for note in found.notes)


def test_it_is_called_an_adjusted_difference_and_no_effect():
    text = str(compared(frame(), method="all"))
    assert text.startswith("Adjusted difference in score, programme less comparison")
    assert "effect" not in text.lower().replace("effective", "")
    assert max(map(len, text.splitlines())) <= 80


def test_the_balance_is_that_of_the_weights():
    found = compared(frame(), target="overlap")
    assert found.balance.table["std_difference_after"].abs().max() < 1e-10
    regression = compared(frame(), method="regression")
    assert regression.balance.table["std_difference_after"].isna().all()


def test_few_practices_and_a_large_one_are_told():
    data = frame()
    data = data[data["practice"].isin([0, 1, 2, 7, 8, 9, 10])].copy()
    data.loc[data["practice"] == 8, "practice"] = 7
    found = compared(data, covariates=["age"], method="regression")
    assert any("only 3 practices" in note for note in found.notes)
    assert "28%" not in str(found)


def test_an_estimate_that_rests_on_one_practice_is_refused_plainly():
    data = frame()
    data["kind"] = np.where((data["practice"] == 0) & (np.arange(450) % 4 == 0), "x", "y")
    data.loc[(data["arm"] == "comparison") & (np.arange(450) % 4 == 1), "kind"] = "x"
    with pytest.raises(ComparisonError) as caught:
        compared(data, covariates=["age", "kind"])
    assert [found.code for found in caught.value.findings] == ["SF23"]
    assert "1 of the 15 practices" in str(caught.value)
    assert compared(data, covariates=["age", "kind"], method="regression").n == 450


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"method": "matching"}, ["SF01"]),
        ({"method": []}, ["SF01"]),
        ({"method": None}, ["SF01"]),
        ({"method": 3}, ["SF01"]),
        ({"outcome": "same"}, ["SF10"]),
        ({"outcome": "rounding"}, ["SF10"]),
        ({"covariates": ["age", "same"]}, ["SF10"]),
        ({"covariates": ["age", "word"]}, ["SF10"]),
        ({"interact": None}, ["SF01"]),
        ({"interact": 1}, ["SF01"]),
        ({"measured_after": None}, ["SF01"]),
        ({"measured_after": ["arm"]}, ["SF30"]),
        ({"measured_after": ["ages"]}, ["SF02"]),
        ({"covariates": ["age", "months"], "method": "regression"}, ["SF24"]),
        ({"conf_level": 95}, ["SF01"]),
        ({"interact": ["score"]}, ["SF01"]),
        ({"method": ["weighting", "entropy"], "target": "overlap"}, ["SF01"]),
        ({"outcome": "age"}, ["SF01"]),
        ({"measured_after": ["age"], "target": "some"}, ["SF01", "SF30"]),
    ],
)
def test_what_cannot_be_adjusted_is_refused(change, codes):
    data = frame()
    data["same"], data["months"], data["word"] = 1.0, 12 * data["age"], "a"
    data["rounding"] = np.where(data["arm"] == "programme", 0.1 + 0.2, 0.3)
    with pytest.raises(ComparisonError) as caught:
        compared(data, **change)
    assert [found.code for found in caught.value.findings] == codes


def split(treated: int, practices: int = 15) -> pd.DataFrame:
    data = frame()
    data["arm"] = np.where(data["practice"] < treated, "programme", "comparison")
    return data[data["practice"] < practices]


def test_a_group_of_few_practices_has_the_degrees_of_freedom_of_its_own_spread():
    few = compared(split(2), covariates=["age"], method=["weighting", "doubly_robust"])
    jackknifed = few.table[few.table["default"]]
    assert (jackknifed["df"] < 4).all()
    assert jackknifed["inference"].str.contains("Welch and Satterthwaite").all()
    summed = few.table[few.table["inference"].str.startswith("influences")]
    assert (summed["df"] < 13).all()
    assert summed["inference"].str.contains("Welch and Satterthwaite").all()
    assert "G - 2" not in str(few)


def test_a_covariate_of_practices_takes_a_degree_of_freedom():
    data = frame()
    data["deprivation"] = (data["practice"] * 7 % 15).astype(float)
    found = compared(data, covariates=["age", "deprivation"], method=["weighting", "doubly_robust"])
    told = found.table[~found.table["inference"].str.startswith("CR2")]
    assert told["df"].tolist() == [12, 12, 12]
    assert told["inference"].str.contains("practices less 3").all()


def test_an_outcome_that_the_group_makes_has_no_error_and_no_p_value():
    data = frame()
    data["score"] = 2.0 * (data["arm"] == "programme")
    for cluster in ("practice", None):
        found = compared(data, method="all", cluster=cluster)
        assert found.table["estimate"].tolist() == pytest.approx([2.0] * len(found.table))
        assert found.table[["std_error", "p_value", "conf_low"]].isna().all(axis=None)
        assert any("no standard error" in note for note in found.notes)


def test_all_ways_of_overlap_are_those_that_there_are():
    found = compared(frame(), method="all", target="overlap")
    assert "entropy" not in set(found.table["method"])
    assert any("no overlap weights" in note for note in found.notes)


def test_few_people_without_practices_are_told_that_limits_are_rough():
    few = compared(frame(n=90), cluster=None)
    many = compared(frame(n=450), cluster=None)
    assert any("rough with 90 people" in note for note in few.notes)
    assert not any("rough" in note for note in many.notes)
    assert any("vary as much" in note for note in many.notes)
    assert "equal variances" in many.table["inference"].iloc[0]


def test_covariates_may_be_an_index_and_interact_a_flag_of_numpy():
    data = frame()
    found = compared(data, covariates=data.columns[[2, 3]], interact=np.True_, method="all")
    listed = compared(data, interact=True, method="all")
    pd.testing.assert_frame_equal(found.table, listed.table)
