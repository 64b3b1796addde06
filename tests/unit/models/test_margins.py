"""Marginal means and contrasts against simpler reckonings of the same."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import fit_mixed_model
from tests.unit.models.made import MONTHS, TRIAL, made_trial


@pytest.fixture(scope="module")
def fitted():
    return fit_mixed_model(made_trial(), **TRIAL)


def test_without_missing_scores_marginal_means_of_a_balanced_design_are_means():
    frame = made_trial(practices=6, size=10, lost=0.0)
    frame = frame[~frame["person"].str.contains(r"-1[01]$")]
    table = fit_mixed_model(frame, **TRIAL).marginal_means()
    means = frame.groupby(["arm", "month"])["score"].mean()
    for row in table.itertuples():
        assert row.estimate == pytest.approx(means[row.arm, row.month])


def test_n_of_a_cell_is_its_people_with_an_outcome(fitted):
    counts = made_trial().dropna().groupby(["arm", "month"])["person"].nunique()
    for row in fitted.marginal_means().itertuples():
        assert row.n == counts[row.arm, row.month]


def test_contrasts_are_differences_of_marginal_means(fitted):
    means = fitted.marginal_means().set_index(["arm", "month"])["estimate"]
    gap = means["usual"] - means["programme"]
    np.testing.assert_allclose(fitted.contrast("difference")["estimate"], gap)
    np.testing.assert_allclose(
        fitted.contrast("difference in change")["estimate"], gap.iloc[1:] - gap.iloc[0]
    )
    later = gap.iloc[1:].mean()
    assert fitted.contrast("mean")["estimate"].item() == pytest.approx(later)
    assert fitted.contrast("mean change")["estimate"].item() == pytest.approx(later - gap.iloc[0])
    slope = np.polyfit(MONTHS, gap, 1)[0]
    assert fitted.contrast("difference in slope")["estimate"].item() == pytest.approx(slope)


def test_changes_and_slopes_are_given_for_each_arm(fitted):
    change = fitted.contrast("change", waves=[18])
    assert list(change["term"]) == ["programme, change from 0 to 18", "usual, change from 0 to 18"]
    assert len(fitted.contrast("slope")) == 2


def test_a_contrast_of_ones_own_is_the_coefficient(fitted):
    row = fitted.coefficients.iloc[-1]
    mine = fitted.contrast({row["term"]: 1.0}).iloc[0]
    for name in ("estimate", "std_error", "df", "p_value"):
        assert mine[name] == row[name]


def test_the_interval_is_the_estimate_and_t_times_its_error(fitted):
    from scipy import stats

    table = fitted.contrast()
    half = stats.t.ppf(0.975, table["df"]) * table["std_error"]
    np.testing.assert_allclose(table["conf_high"] - table["estimate"], half)
    np.testing.assert_allclose(
        table["p_value"], 2 * stats.t.sf(abs(table["statistic"]), table["df"])
    )


def test_a_test_of_one_coefficient_is_the_square_of_its_t(fitted):
    one = fitted.test("arm").iloc[0]
    row = fitted.coefficients.set_index("term").loc["arm[T.usual]"]
    assert one["statistic"] == pytest.approx(row["statistic"] ** 2)
    assert one["p_value"] == pytest.approx(row["p_value"])
    assert list(fitted.test()["df1"]) == [1, 3, 3]


def test_numbers_stand_at_their_mean_and_categories_weigh_the_same_or_as_seen():
    frame = made_trial().assign(sex=lambda f: np.where(f["age"] > 0.7, "f", "m"))
    fitted = fit_mixed_model(frame, **{**TRIAL, "fixed": "arm + C(month) + age + sex"})
    beta = fitted.coefficients.set_index("term")["estimate"]
    used = frame.loc[fitted.design.rows]
    expected = beta["Intercept"] + beta["age"] * used["age"].mean()
    cell = fitted.marginal_means(["month"], at={"arm": "programme", "sex": "f"})
    assert cell["estimate"].iloc[0] == pytest.approx(expected)
    equal = fitted.marginal_means(["month"], at={"arm": "programme"})
    assert equal["estimate"].iloc[0] == pytest.approx(expected + beta["sex[T.m]"] / 2)
    seen = fitted.marginal_means(["month"], at={"arm": "programme"}, weights="observed")
    share = (used["sex"] == "m").mean()
    assert seen["estimate"].iloc[0] == pytest.approx(expected + beta["sex[T.m]"] * share)


def test_a_wave_that_is_a_number_gives_a_line():
    fitted = fit_mixed_model(
        made_trial(),
        **{**TRIAL, "fixed": "arm * month", "covariance": "intercept_slope"},
    )
    slope = fitted.contrast("difference in slope").iloc[0]
    own = fitted.coefficients.set_index("term").loc["arm[T.usual]:month"]
    for name in ("estimate", "std_error", "df"):
        assert slope[name] == pytest.approx(own[name])
