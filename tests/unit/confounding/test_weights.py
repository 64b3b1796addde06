"""Weights for a named population from a frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.likeness.weights import weights

TARGETS = ("treated", "overlap", "everybody")


def frame(seed: int = 2, n: int = 300) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % 15
    arm = (practice < 7).astype(int)
    data = {
        "practice": practice,
        "arm": arm,
        "age": 50 + 4 * arm + 10 * rng.normal(size=n),
        "sex": rng.choice(["f", "m"], n),
    }
    return pd.DataFrame(data, index=[f"row {i}" for i in range(n)])


def made(data: pd.DataFrame, **more):
    given: dict[str, Any] = {"group": "arm", "covariates": ["age", "sex"], "reference": 0}
    return weights(data, **(given | more))


def means(data: pd.DataFrame, w: pd.Series):
    return [
        float(np.average(data.loc[data["arm"] == k, "age"], weights=w[data["arm"] == k]))
        for k in (0, 1)
    ]


def test_weights_stand_in_the_order_of_the_frame_with_its_index():
    data = frame()
    data.loc["row 3", "age"] = np.nan
    found = made(data)
    assert found.weights.index.equals(data.index)
    assert found.weights.isna().sum() == 1
    assert np.isnan(found.weights["row 3"])
    assert np.isnan(found.propensity["row 3"])
    assert found.n == 299
    assert list(found.to_frame()) == ["weight", "propensity"]


def test_people_like_the_treated_are_the_default():
    data = frame()
    found = made(data)
    assert (found.weights[data["arm"] == 1] == 1).all()
    odds = found.propensity / (1 - found.propensity)
    pd.testing.assert_series_equal(
        found.weights[data["arm"] == 0], odds[data["arm"] == 0], check_names=False
    )
    assert found.target == "people like those of 1"


@pytest.mark.parametrize(("target", "method"), [("treated", "entropy"), ("overlap", "propensity")])
def test_entropy_and_overlap_weights_balance_means_exactly(target, method):
    data = frame()
    found = means(data, made(data, target=target, method=method).weights)
    assert abs(found[0] - found[1]) < 1e-9


def test_stabilised_weights_lie_around_one_and_compare_alike():
    data = frame()
    plain, other = (made(data, target="everybody", stabilised=s) for s in (False, True))
    assert other.weights.mean() == pytest.approx(1.0, abs=0.05)
    assert plain.weights.mean() == pytest.approx(2.0, abs=0.1)
    assert means(data, other.weights) == pytest.approx(means(data, plain.weights))
    assert other.effective_size == pytest.approx(plain.effective_size)


def test_turning_the_groups_round_turns_the_chances_and_the_target():
    data = frame()
    one, other = made(data), made(data, reference=1)
    assert (one.propensity + other.propensity).to_numpy() == pytest.approx(np.ones(300))
    assert other.target == "people like those of 0"


@pytest.mark.parametrize("target", TARGETS)
def test_effective_sizes_are_at_most_the_people(target):
    found = made(frame(), target=target, cluster="practice")
    assert (found.table["effective_size"] <= found.table["n"] + 1e-9).all()
    assert found.table["practices"].tolist() == [8, 7]
    assert (found.table["effective_practices"] <= found.table["practices"]).all()
    assert "15 practices" in str(found).replace("\n", " ")


def test_a_single_weight_that_holds_much_is_told():
    data = frame()
    data["age"] += 12 * data["arm"]
    data.loc["row 0", "age"] = 25.0
    found = made(data, target="everybody")
    assert found.table["largest_share"].max() > 0.05
    assert any("far from even" in note for note in found.notes)


def test_a_category_of_one_group_only_is_refused_by_its_column():
    data = frame()
    data["kind"] = np.where((data["arm"] == 1) & (np.arange(300) % 3 == 0), "rare", "usual")
    with pytest.raises(ComparisonError) as caught:
        made(data, covariates=["age", "kind"])
    told = caught.value.findings
    assert [(found.code, found.column) for found in told] == [("SF21", "kind")]
    assert "rare" not in str(caught.value)


def test_a_covariate_that_sets_the_groups_apart_is_refused_by_its_column():
    data = frame()
    data["age"] += 200 * data["arm"]
    with pytest.raises(ComparisonError) as caught:
        made(data)
    assert [(found.code, found.column) for found in caught.value.findings] == [("SF21", "age")]


@pytest.mark.parametrize("method", ["propensity", "entropy"])
def test_covariates_that_tell_the_groups_apart_together_are_refused(method):
    data = frame()
    rng = np.random.default_rng(9)
    data["age"] = rng.normal(size=300)
    data["other"] = data["age"] + np.where(data["arm"] == 1, 0.5, -0.5)
    with pytest.raises(ComparisonError) as caught:
        made(data, covariates=["age", "other"], method=method)
    assert [found.code for found in caught.value.findings] == ["SF22"]
    assert '"age" and "other" together' in str(caught.value)


def test_covariates_that_tell_the_groups_apart_are_named_and_no_others():
    data = frame()
    data["edge"] = np.where(np.arange(300) % 2, 0.0, np.where(data["arm"] == 1, 1.0, -1.0))
    with pytest.raises(ComparisonError) as caught:
        made(data, covariates=["age", "sex", "edge"])
    (found,) = caught.value.findings
    assert (found.code, found.column) == ("SF22", "edge")


def test_effective_sizes_go_by_the_groups_own_labels_and_by_their_text():
    found = made(frame())
    assert list(found.effective_size) == [0, 1]
    assert found.effective_size["0"] == found.effective_size[0]
    assert [found.effective_size[k] for k in (0, 1)] == found.table["effective_size"].tolist()
    assert f"{found.effective_size[1]:.1f} 1 effective people" in repr(found)
    with pytest.raises(KeyError):
        found.effective_size["2"]
    named = frame()
    named["arm"] = named["arm"].map({0: "usual", 1: "new"})
    assert list(made(named, reference="usual").effective_size) == ["usual", "new"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"target": "overlap", "method": "entropy"}, "SF01"),
        ({"target": "treated", "stabilised": True}, "SF01"),
        ({"target": "all"}, "SF01"),
        ({"method": "matching"}, "SF01"),
        ({"measured_after": ["sex"]}, "SF30"),
        ({"measured_after": ["arm"]}, "SF30"),
        ({"measured_after": ["sexes"]}, "SF02"),
        ({"measured_after": None}, "SF01"),
        ({"covariates": ["age", "same"]}, "SF10"),
        ({"covariates": ["age", "arm"]}, "SF01"),
        ({"covariates": ["age", "months"]}, "SF24"),
    ],
)
def test_what_cannot_be_weighted_is_refused(change, code):
    data = frame()
    data["months"], data["same"] = 12 * data["age"], "a"
    with pytest.raises(ComparisonError) as caught:
        made(data, **change)
    assert [found.code for found in caught.value.findings] == [code]


def test_the_text_fits_80_columns_and_tells_whom_the_answer_is_about():
    found = made(frame(), cluster="practice")
    text = str(found)
    assert max(map(len, text.splitlines())) <= 80
    assert text.startswith("Weights for people like those of 1 (300 people)")
    assert "people like those of 1" in repr(found)


def test_coefficients_have_the_columns_of_the_house():
    found = made(frame())
    columns = ["term", "estimate", "std_error", "df", "statistic", "p_value"]
    columns += ["conf_low", "conf_high", "n"]
    assert list(found.coefficients) == columns
    assert found.coefficients["term"].tolist() == ["Intercept", "age", "sex[T.m]"]
    entropy = made(frame(), method="entropy")
    assert entropy.coefficients["std_error"].isna().all()
    assert entropy.propensity.isna().all()


def test_few_people_are_told_that_limits_of_coefficients_are_rough():
    assert any("rough with 90 people" in note for note in made(frame(n=90)).notes)
    assert not any("rough" in note for note in made(frame()).notes)
