"""Marginal models of made-up trials: what is estimated, what is said, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.errors import FitError
from splw_eval.models.checks import ModelError
from splw_eval.models.gee import fit_gee

ASKED: dict[str, Any] = {
    "outcome": "better",
    "fixed": "arm * C(month)",
    "person": "person",
    "cluster": "practice",
    "wave": "month",
}


def made(practices=10, people=8, seed=1):
    """Responders and bands of people in practices at three waves."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        [
            {"person": f"p{k}-{i}", "practice": f"k{k}", "arm": k % 2, "month": month, "at": k}
            for k in range(practices)
            for i in range(people + k % 3)
            for month in (3, 6, 12)
        ]
    )
    latent = (
        0.4 * frame["arm"]
        + rng.normal(0, 0.4, practices)[frame["at"]]
        + rng.logistic(size=len(frame))
    )
    frame["age"] = rng.normal(50, 10, practices * 40)[pd.factorize(frame["person"])[0]].round()
    frame["better"] = (latent > 0.3).astype(int)
    frame["band"] = np.digitize(latent, [-0.8, 0.6, 1.8])
    frame["visits"] = rng.poisson(np.exp(0.3 * latent.clip(-3, 3)))
    return frame


def words(fit):
    return " ".join(fit.notes)


def test_a_saturated_model_gives_back_the_shares_of_each_cell():
    frame = made()
    fit = fit_gee(frame, **ASKED, working="independence")
    table = fit.risks("arm")
    assert list(table.columns) == [
        "term", "arm", "month", "estimate", "std_error", "df", "statistic", "p_value",
        "conf_low", "conf_high", "n",
    ]  # fmt: skip
    shares = frame.groupby(["month", "arm"])["better"].mean()
    risks = table[table["term"] == "risk"]
    np.testing.assert_allclose(risks["estimate"], shares.to_numpy(), rtol=1e-8)
    difference = table[table["term"] == "risk difference"]["estimate"].to_numpy()
    ratio = table[table["term"] == "risk ratio"]["estimate"].to_numpy()
    apart = shares.unstack()
    np.testing.assert_allclose(difference, apart[1] - apart[0], rtol=1e-8)
    np.testing.assert_allclose(ratio, apart[1] / apart[0], rtol=1e-8)
    assert set(risks["month"]) == {3, 6, 12}


def test_intervals_of_risks_stay_between_0_and_1_and_hold_their_estimate():
    table = fit_gee(made(practices=6, people=3), **ASKED).risks("arm")
    assert (table["conf_low"] < table["estimate"]).all()
    assert (table["estimate"] < table["conf_high"]).all()
    risks = table[table["term"] == "risk"]
    assert risks["conf_low"].min() > 0
    assert risks["conf_high"].max() < 1
    ratios = table[table["term"] == "risk ratio"]
    middle = np.sqrt(ratios["conf_low"] * ratios["conf_high"])
    np.testing.assert_allclose(middle, ratios["estimate"], rtol=1e-10)
    assert risks["p_value"].isna().all()
    assert table[table["term"] != "risk"]["p_value"].between(0, 1).all()


def test_everybody_counts_once_however_many_rows_they_have():
    frame = made()
    seen = frame[~((frame["month"] > 3) & (frame["age"] > 50))]
    fit = fit_gee(seen, **(ASKED | {"fixed": "arm + C(month) + age"}))
    at_3 = fit.risks("arm", at={"month": 3}).set_index(["term", "arm"])["estimate"]
    people = seen.drop_duplicates("person")
    b = fit.coefficients.set_index("term")["estimate"]
    eta = b["Intercept"] + b["age"] * people["age"]
    assert at_3["risk", "0"] == pytest.approx(float((1 / (1 + np.exp(-eta))).mean()), rel=1e-10)


def test_swapping_the_arms_turns_the_difference_and_the_ratio_round():
    frame = made()
    one = fit_gee(frame, **ASKED).risks("arm")
    other = fit_gee(frame.assign(arm=1 - frame["arm"]), **ASKED).risks("arm")

    def of(table, term, column="estimate"):
        return table[table["term"] == term][column].to_numpy()

    np.testing.assert_allclose(
        of(one, "risk difference"), -of(other, "risk difference"), rtol=1e-6, atol=1e-9
    )
    np.testing.assert_allclose(of(one, "risk ratio"), 1 / of(other, "risk ratio"), rtol=1e-6)
    np.testing.assert_allclose(
        of(one, "risk ratio", "conf_low"), 1 / of(other, "risk ratio", "conf_high"), rtol=1e-5
    )


def test_names_and_order_of_rows_do_not_matter():
    frame = made()
    other = frame.sample(frac=1, random_state=3).assign(
        practice=lambda d: d["practice"].map({f"k{i}": f"z{(7 * i) % 10}" for i in range(10)})
    )
    one, two = fit_gee(frame, **ASKED).coefficients, fit_gee(other, **ASKED).coefficients
    pd.testing.assert_frame_equal(one, two, rtol=1e-5)


def test_text_arms_and_yes_no_outcomes_give_the_same_as_numbers():
    frame = made()
    told = frame.assign(
        arm=frame["arm"].map({0: "a usual", 1: "b programme"}), better=frame["better"] == 1
    )
    one, two = fit_gee(frame, **ASKED).risks("arm"), fit_gee(told, **ASKED).risks("arm")
    np.testing.assert_allclose(one["estimate"], two["estimate"], rtol=1e-7)
    assert "b programme - a usual" in set(two["arm"])


def test_the_four_corrections_stand_side_by_side():
    fit = fit_gee(made(), **ASKED, correction="kauermann-carroll")
    side = fit.corrections.set_index(["correction", "term"])["std_error"]
    assert set(fit.corrections["correction"]) == {
        "mancl-derouen", "kauermann-carroll", "fay-graubard", "none",
    }  # fmt: skip
    arm = side.xs("arm", level="term")
    assert arm["mancl-derouen"] > arm["kauermann-carroll"] > arm["none"]
    chosen = fit.coefficients.set_index("term")["std_error"]
    assert chosen["arm"] == side["kauermann-carroll", "arm"]


@pytest.mark.parametrize(
    ("df", "expected"), [("clusters-parameters", 8.0), (5, 5.0), ("z", np.inf)]
)
def test_degrees_of_freedom_follow_their_rule(df, expected):
    # Ten practices less the intercept and the arm: waves and products vary within practices.
    assert set(fit_gee(made(), **ASKED, df=df).coefficients["df"]) == {expected}


def test_satterthwaite_df_go_by_contrast():
    found = fit_gee(made(), **ASKED, df="satterthwaite").coefficients["df"]
    assert found.nunique() > 1
    assert found.between(1, 10).all()


def test_without_a_cluster_people_are_the_units():
    fit = fit_gee(made(), **(ASKED | {"cluster": None}))
    assert fit.clusters == made()["person"].nunique()
    assert "units (person)" in words(fit)
    assert fit.working_correlation is not None


def test_ratios_are_exponentials_with_intervals_on_the_log_scale():
    fit = fit_gee(made(), **ASKED)
    one = fit.coefficients.set_index("term").loc["arm"]
    ratio = fit.ratios.set_index("term").loc["arm"]
    assert ratio["conf_low"] == pytest.approx(np.exp(one["conf_low"]), rel=1e-12)
    assert ratio["p_value"] == one["p_value"]
    assert "Intercept" not in set(fit.ratios["term"])


def test_bands_give_chances_that_add_up_and_one_odds_ratio():
    asked = ASKED | {"outcome": "band", "fixed": "arm + C(month)"}
    fit = fit_gee(made(), **asked, family="ordinal")
    table = fit.risks("arm")
    chances = table[table["term"] == "probability"]
    sums = chances.groupby(["month", "arm"])["estimate"].sum()
    np.testing.assert_allclose(sums, 1.0, rtol=1e-12)
    moved = table[table["term"] == "probability difference"].groupby("month")["estimate"].sum()
    np.testing.assert_allclose(moved, 0.0, atol=1e-12)
    common = table[table["term"] == "common odds ratio"]
    assert common["estimate"].nunique() == 1
    arm = fit.ratios.set_index("term").loc["arm", "estimate"]
    assert common["estimate"].iloc[0] == pytest.approx(arm, rel=1e-12)
    assert "Proportional odds are assumed" in words(fit)
    assert list(fit.coefficients["term"][:3]) == ["0|1", "1|2", "2|3"]


def test_bands_may_be_ordered_categories():
    frame = made()
    names = pd.CategoricalDtype(["none", "mild", "moderate", "severe"], ordered=True)
    told = frame.assign(band=pd.Categorical.from_codes(frame["band"], dtype=names))
    asked = ASKED | {"outcome": "band", "fixed": "arm"}
    one = fit_gee(frame, **asked, family="ordinal").coefficients
    two = fit_gee(told, **asked, family="ordinal").coefficients
    np.testing.assert_allclose(one["estimate"], two["estimate"], rtol=1e-12)
    assert two["term"][0] == "none|mild"


def test_counts_give_rates_and_their_ratio():
    table = fit_gee(made(), **(ASKED | {"outcome": "visits"}), family="count").risks("arm")
    assert set(table["term"]) == {"rate", "rate difference", "rate ratio"}


def test_rows_left_out_are_counted_and_their_limit_is_said():
    frame = made()
    frame["better"] = frame["better"].astype(float).mask(frame.index % 7 == 0)
    fit = fit_gee(frame, **ASKED)
    lost = int(frame["better"].isna().sum())
    assert f"{lost} rows of the frame are left out" in words(fit)
    assert "missing completely at random" in words(fit)
    assert len(fit.design.y) == len(frame) - lost


def test_few_practices_are_said_and_many_are_not():
    assert "fewer than about 40" in words(fit_gee(made(), **ASKED))
    assert "fewer than about 40" not in words(fit_gee(made(practices=44, people=2), **ASKED))


def test_a_cell_that_the_model_bridges_is_said():
    frame = made()
    frame.loc[(frame["arm"] == 1) & (frame["month"] == 6), "better"] = 0
    fit = fit_gee(frame, **(ASKED | {"fixed": "arm + C(month)"}))
    assert "In 1 of 6 cells of arm by month" in words(fit)


def test_a_correlation_that_cannot_hold_gives_way_to_independence_with_a_note():
    # Every practice has the same share of responders: a strongly negative correlation.
    frame = made(people=8)
    frame = frame[frame["month"] == 3].copy()
    frame["better"] = frame.groupby("practice").cumcount() % 2
    frame["better"] = frame["better"].where(frame.index % 20 != 0, 0)
    asked = ASKED | {"fixed": "arm", "wave": None}
    fit = fit_gee(frame, **asked)
    assert fit.working_correlation is None
    assert "Working independence was used" in words(fit)
    independent = fit_gee(frame, **asked, working="independence")
    np.testing.assert_allclose(
        fit.coefficients["std_error"], independent.coefficients["std_error"], rtol=1e-9
    )


def none_in(frame, arm, month):
    return frame.assign(
        better=frame["better"].where(~((frame["arm"] == arm) & (frame["month"] == month)), 0)
    )


REFUSED: dict[str, Any] = {
    "a number that is neither 0 nor 1": (
        made().assign(better=lambda d: d["better"].where(d.index != 4, 2)),
        {},
        r"SM02 column better: cells are neither 0 nor 1.*in 1 of 267 rows \(row 5\)",
    ),
    "digits kept as text": (made().assign(better=lambda d: d["better"].astype(str)), {}, "SM02"),
    "no event at all": (made().assign(better=0), {}, "SM10.*have no event"),
    "an event in all rows": (made().assign(better=1), {}, "SM10.*have an event"),
    "a cell without an event": (
        none_in(made(), 1, 6), {}, r'"arm:C\(month\)\[T\.6\]".*1 of 6 cells of arm by month',
    ),
    "three practices": (made(practices=3), {}, "SM06.*only 3 practices"),
    "an arm of one practice": (
        made().assign(arm=lambda d: (d["practice"] == "k4").astype(int)),
        {"fixed": "arm"},
        'SM06.*one practice alone decides "arm"',
    ),
    "as many coefficients as practices": (
        made(practices=4), {"fixed": "C(practice)"}, "SM06.*one practice alone decides",
    ),
    "a column that follows from another": (
        made().assign(other=lambda d: 2 * d["arm"]), {"fixed": "arm + other"}, "SM09",
    ),
    "no such column": (made(), {"outcome": "worse"}, "SM01"),
    "two rows of a wave": (pd.concat([made(), made().iloc[[3]]]), {}, "SM04"),
    "moved": (
        made().assign(practice=lambda d: d["practice"].where(d.index != 1, "k9")), {}, "SM05",
    ),
    "text bands": (
        made().assign(band=lambda d: "b" + d["band"].astype(str)),
        {"outcome": "band", "family": "ordinal"},
        "SM02.*no order of its own",
    ),
    "two bands": (made(), {"family": "ordinal"}, 'SM10.*only 2 bands.*family="binary"'),
    "a score for bands": (made(), {"outcome": "age", "family": "ordinal"}, "SM02.*too many"),
    "bands that one arm never leaves": (
        made().assign(band=lambda d: d["band"].where(d["arm"] == 0, 3)),
        {"outcome": "band", "family": "ordinal", "fixed": "arm"},
        'SM10.*"arm".*common odds ratio',
    ),
    "negative counts": (
        made().assign(visits=-1), {"outcome": "visits", "family": "count"}, "SM02.*whole number",
    ),
    "an arm without visits": (
        made().assign(visits=lambda d: d["visits"].where(d["arm"] == 0, 0)),
        {"outcome": "visits", "family": "count", "fixed": "arm"},
        'SM10.*"arm".*rate ratio',
    ),
    "unknown words": (
        made(), {"correction": "hc3", "working": "ar1", "df": "kr", "conf_level": 95},
        "SM12.*correction.*working.*df.*conf_level",
    ),
    "exchangeable bands": (
        made(), {"outcome": "band", "family": "ordinal", "working": "exchangeable"}, "SM12",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_fitted_is_refused_in_plain_words(name):
    frame, options, match = REFUSED[name]
    with pytest.raises(ModelError, match=match) as caught:
        fit_gee(frame, **(ASKED | options))
    assert "p4-" not in str(caught.value)
    assert all(found.remedy for found in caught.value.findings)


@pytest.mark.parametrize(
    ("arm", "at", "match"),
    [
        ("age", None, '"age" is not in the fixed part'),
        ("arm", {"month": 9}, '"month" has no such level.*3, 6, 12'),
        ("arm", {"arm": 1}, "cannot be held as well"),
        ("arm", {"sex": 1}, '"sex" is not in the fixed part'),
    ],
)
def test_risks_of_what_is_not_in_the_model_are_refused(arm, at, match):
    with pytest.raises(FitError, match=match):
        fit_gee(made(), **ASKED).risks(arm, at=at)
