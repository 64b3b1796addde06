"""Regressions with standard errors by practice, from a data frame."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.practices.clustered import fit_clustered
from splw_eval.stats.few_clusters.cluster_fit import KINDS, fit_clusters
from tests.unit.confounding.practices_made import people_of_fifteen

FRAME = people_of_fifteen()


def fitted(frame: pd.DataFrame = FRAME, **how: Any):
    asked: dict[str, Any] = {"outcome": "y", "fixed": "treated + x", "cluster": "practice"}
    return fit_clustered(frame, **{**asked, **how})


def test_golden_values_come_from_a_frame_too():
    table = fitted().coefficients
    assert list(table.columns) == [
        "term",
        "estimate",
        "std_error",
        "df",
        "statistic",
        "p_value",
        "conf_low",
        "conf_high",
        "n",
    ]
    assert list(table["term"]) == ["Intercept", "treated", "x"]
    np.testing.assert_allclose(table["std_error"], [0.19037272, 0.23817705, 0.23933368], atol=5e-9)
    np.testing.assert_allclose(table["df"], [12.03820787, 12.7369167, 13.79616959], atol=1e-7)
    error = fitted(vcov="CR3").coefficients["std_error"]
    np.testing.assert_allclose(error, [0.2013668288, 0.2563268268, 0.2487628852], atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_the_rule_of_errors_is_the_one_asked_for_and_is_named_with_its_df(kind):
    fit = fitted(vcov=kind, weights="w")
    X = np.column_stack([np.ones(300), FRAME["treated"], FRAME["x"]])
    same = fit_clusters(FRAME["y"], X, FRAME["practice"], weights=FRAME["w"], vcov=kind)
    np.testing.assert_allclose(fit.coefficients["std_error"], same.std_error, rtol=1e-9)
    assert fit.covariance.loc["treated", "x"] == pytest.approx(same.vcov[1, 2], rel=1e-8)
    assert kind in fit.method
    assert "weighted" in fit.method
    assert "Satterthwaite" in fit.df_rule
    assert any("taken as known" in note for note in fit.notes)


def test_the_order_of_rows_changes_nothing():
    mixed = FRAME.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(fitted(mixed).coefficients, fitted().coefficients, rtol=1e-9)


def test_rows_without_an_outcome_or_a_covariate_or_with_weight_zero_are_left_out_and_counted():
    frame = FRAME.copy()
    frame.loc[:9, "y"] = np.nan
    frame.loc[20:24, "x"] = np.nan
    frame.loc[40:42, "w"] = 0
    fit = fitted(frame, weights="w")
    same = fitted(frame.drop(index=[*range(10), *range(20, 25), *range(40, 43)]), weights="w")
    pd.testing.assert_frame_equal(fit.coefficients, same.coefficients, rtol=1e-9)
    assert fit.n == 282
    said = " ".join(fit.notes)
    assert "10 of 300 rows were left out: without an outcome" in said
    assert "5 of 300 rows were left out: with an outcome but without a covariate" in said
    assert "3 of 300 rows have weight 0" in said


def test_a_power_in_the_model_is_the_column_of_that_power():
    fit = fitted(fixed="treated + x + I(x^2)")
    same = fitted(FRAME.assign(square=FRAME["x"] ** 2), fixed="treated + x + square")
    assert list(fit.coefficients["term"]) == ["Intercept", "treated", "x", "I(x^2)"]
    columns = ["estimate", "std_error", "df"]
    np.testing.assert_allclose(fit.coefficients[columns], same.coefficients[columns], rtol=1e-8)


def test_without_an_intercept_each_group_has_a_level_of_its_own():
    fit = fitted(fixed="0 + arm")
    assert list(fit.coefficients["term"]) == ["arm[programme]", "arm[usual care]"]
    found = fit.contrast({"arm[programme]": 1, "arm[usual care]": -1}, label="difference")
    other = fitted(fixed="treated").coefficients.iloc[1]
    assert found.loc[0, "term"] == "difference"
    for column in ("estimate", "std_error", "df", "p_value", "conf_low"):
        assert found.loc[0, column] == pytest.approx(other[column], rel=1e-8)


def test_contrasts_and_joint_tests_are_those_of_the_fit():
    fit = fitted(fixed="treated + smoking + x")
    table = fit.wald()
    assert list(table["term"]) == ["treated", "smoking", "x"]
    assert list(table["df1"]) == [1, 2, 1]
    alone = fit.coefficients.set_index("term").loc["treated"]
    assert table.loc[0, "statistic"] == pytest.approx(alone["statistic"] ** 2, rel=1e-9)
    assert table.loc[0, "p_value"] == pytest.approx(alone["p_value"], rel=1e-7)
    both = fit.wald(["smoking[T.former]", "smoking[T.never]"])
    assert both.loc[0, "statistic"] == table.loc[1, "statistic"]
    assert both.loc[0, "term"] == "smoking[T.former], smoking[T.never]"


def test_practices_are_counted_by_arm_and_the_unadjusted_difference_stands_beside():
    fit = fitted(fixed="arm + x", arm="arm")
    assert fit.practices.to_dict("list") == {
        "arm": ["programme", "usual care"],
        "practices": [7, 8],
        "people": [140, 160],
        "largest_share": [1 / 7, 1 / 8],
    }
    assert fit.unadjusted is not None
    same = fitted(fixed="arm").coefficients
    pd.testing.assert_frame_equal(fit.unadjusted, same)
    assert "unadjusted" in str(fit)
    assert fitted(fixed="arm", arm="arm").unadjusted is None
    assert fitted(fixed="x", arm="arm").unadjusted is None


def test_few_practices_a_large_one_and_few_degrees_of_freedom_are_told():
    frame = FRAME[FRAME["practice"].isin([f"practice {each:02d}" for each in (4, 5, 6, 7, 8)])]
    frame = pd.concat([frame, *[frame[frame["practice"] == "practice 07"]] * 4])
    said = " ".join(fitted(frame, arm="treated").notes)
    assert '"1" has only 3 practices' in said
    assert '"0" has only 2 practices' in said
    assert "One practice holds 56% of the people" in said
    assert "fewer than 4 degrees of freedom" in said
    assert "There are only 5 practices" in " ".join(fitted(frame).notes)
    assert not [note for note in fitted().notes if "only" in note or "fewer" in note]


def test_a_coefficient_that_one_practice_fixes_is_named():
    frame = FRAME.assign(first=(FRAME["practice"] == "practice 00").astype(int))
    said = [note for note in fitted(frame, fixed="first + x").notes if "one practice" in note]
    assert said[0].startswith('Told by one practice alone: "first". ')
    assert not [note for note in fitted().notes if "alone" in note]


def test_coefficients_of_each_practice_have_no_error_and_a_note():
    fit = fitted(fixed="0 + C(level)", frame=FRAME.assign(level=FRAME["practice"]))
    assert fit.coefficients["conf_low"].isna().all()
    assert fit.coefficients["p_value"].isna().all()
    assert any("15 coefficients have no variation" in note for note in fit.notes)


def test_rounding_is_no_error_and_no_test():
    one = FRAME[FRAME["practice"].isin(["practice 06", "practice 07"])]
    same = FRAME.assign(y=0.1 + 2.0 * FRAME["treated"])
    for frame, fixed in ((one, "treated"), (same, "treated + x")):
        fit = fitted(frame, fixed=fixed)
        row = fit.coefficients.set_index("term").loc["treated"]
        assert row[["std_error", "statistic", "p_value", "conf_low", "conf_high"]].isna().all()
        assert any("no variation between practices, beyond rounding" in n for n in fit.notes)
        with pytest.raises(ComparisonError, match="SF10"):
            fit.wald("treated")
    with pytest.raises(ComparisonError, match="SF10 column y: the outcome does not vary"):
        fitted(FRAME.assign(y=np.where(FRAME["treated"] == 1, 0.1 + 0.2, 0.3)))
    far = fitted(FRAME.assign(y=FRAME["y"] + 1e9)).coefficients
    np.testing.assert_allclose(far["std_error"], fitted().coefficients["std_error"], rtol=1e-5)


def test_a_practice_that_holds_much_makes_limits_too_narrow_and_that_is_said():
    frame = pd.concat([FRAME, *[FRAME[FRAME["practice"] == "practice 07"]] * 9])
    (note,) = [note for note in fitted(frame).notes if "much hangs on it" in note]
    assert "limits are then too narrow" in note
    (wide,) = [note for note in fitted(frame, vcov="CR3").notes if "much hangs on it" in note]
    assert "too narrow" not in wide


def test_the_record_prints_in_80_columns_and_gives_its_table():
    fit = fitted(fixed="arm + x", arm="arm")
    assert max(map(len, str(fit).splitlines())) <= 80
    assert "15 practices, n 300" in repr(fit)
    copy = fit.to_frame()
    copy["estimate"] = 0.0
    assert fit.coefficients.loc[0, "estimate"] != 0


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"vcov": "HC3"}, 'SF01 vcov="HC3" is not known'),
        ({"conf_level": 95}, "SF01 conf_level"),
        ({"cluster": ""}, "SF01 cluster= names no column"),
        ({"cluster": None}, "SF01 cluster= names no column"),
        ({"weights": FRAME["w"]}, "SF01 weights= names no column"),
        ({"fixed": ["treated"]}, "SF01 fixed= is no formula"),
        ({"fixed": "treated +"}, "SF01.*cannot be understood"),
        ({"fixed": "age"}, "SF02 column age"),
        ({"arm": "group"}, "SF02 column group"),
        ({"measured_after": ["x"]}, "SF30 column x"),
        ({"weights": "w", "measured_after": ["w"]}, "SF30 column w"),
        ({"measured_after": ["nowhere"]}, "SF02 column nowhere"),
        ({"measured_after": None}, "SF01 measured_after="),
        ({"frame": [1, 2], "arm": "arm"}, "SF01 .*no pandas DataFrame"),
        ({"outcome": None}, "SF01 outcome= names no column"),
        ({"outcome": "arm"}, "SF03 column arm: must hold numbers"),
        ({"fixed": "treated + arm"}, r'SF10 .*"arm\[T.usual care\]" follows'),
        ({"fixed": "treated + I(treated^2)"}, r'SF10 .*"I\(treated\^2\)" follows'),
    ],
)
def test_what_cannot_be_fitted_is_refused_by_name(how, said):
    with pytest.raises(ComparisonError, match=said):
        fitted(**how)


@pytest.mark.parametrize(
    ("change", "how", "said"),
    [
        ({"practice": "one"}, {}, "SF08"),
        ({"y": 3.0}, {}, "SF10 .*does not vary"),
        ({"z": "a"}, {"fixed": "treated + z"}, 'SF10 "z" has one level only'),
        ({"z": 1.0}, {"fixed": "treated + z"}, 'SF10 "z" follows'),
        ({"w": -1.0}, {"weights": "w"}, "SF09"),
        ({"w": [1.0] * 20 + [0.0] * 280}, {"weights": "w", "fixed": "x"}, None),
        ({"w": [1.0] + [0.0] * 299}, {"weights": "w"}, "SF08 .*of 1 practice; .*SF10"),
        ({"x": [np.inf] + [0.0] * 299}, {}, "SF03 column x"),
        ({"practice": [None] + ["a", "b"] * 149 + ["a"]}, {}, "SF04"),
        ({"y": np.nan}, {}, "SF05"),
    ],
)
def test_data_that_cannot_be_fitted_are_refused_with_every_reason(change, how, said):
    frame = FRAME.assign(**change)
    if said is None:
        assert fitted(frame, **how).n == 20
        return
    with pytest.raises(ComparisonError) as told:
        fitted(frame, **how)
    assert told.match(f"(?s){said}")


def test_several_faults_are_told_at_once():
    with pytest.raises(ComparisonError) as told:
        fitted(vcov="HC3", conf_level=2, arm="group", measured_after=["x"])
    assert [found.code for found in told.value.findings] == ["SF01", "SF01", "SF30", "SF02"]


def test_terms_that_are_not_there_and_tests_of_too_many_are_refused():
    fit = fitted(fixed="treated + smoking")
    with pytest.raises(ComparisonError, match='no term "age"'):
        fit.contrast({"age": 1})
    with pytest.raises(ComparisonError, match='no term "age"'):
        fit.wald("age")
    with pytest.raises(ComparisonError, match="no term is named"):
        fit.contrast({})
    with pytest.raises(ComparisonError, match="finite numbers"):
        fit.contrast({"treated": np.nan})
    with pytest.raises(ComparisonError, match="SF01 a contrast is no number"):
        fit.contrast({"treated": "a"})
    with pytest.raises(ComparisonError, match="SF01 a contrast is no number"):
        fit.contrast(3)
    with pytest.raises(ComparisonError, match="SF01 terms= names no terms"):
        fit.wald(3)
    few = FRAME[FRAME["practice"].isin(["practice 06", "practice 07", "practice 08"])]
    with pytest.raises(ComparisonError, match="SF10"):
        fitted(few, fixed="smoking + x").wald(["smoking", "x"])
