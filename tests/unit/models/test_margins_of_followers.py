"""Marginal means where some columns follow from others, and what cannot be compared."""

from __future__ import annotations

import time
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_gee, fit_mixed_model
from splw_eval.core.errors import FitError
from splw_eval.models.checks import ModelError
from splw_eval.models.margins import grid_of
from tests.unit.models.made import MONTHS, made_trial

ROLES = {
    "outcome": "score",
    "person": "person",
    "wave": "month",
    "cluster": "practice",
    "arm": "arm",
    "covariance": "compound_symmetry",
    "cluster_effect": "intercept",
}


def curved() -> pd.DataFrame:
    """Scores that bend, in the second arm more."""
    frame = made_trial()
    month, usual = frame["month"].to_numpy(dtype=float), frame["arm"] == "usual"
    frame["score"] += 0.05 * month * (18 - month) * (1 + usual) + 0.3 * usual
    return frame.assign(
        square=month**2,
        cube=month**3,
        post=(month >= 3).astype(float),
        season=np.where(month == 12, "winter", "summer"),
        treated=(usual & (month >= 3)).astype(float),
        usual=usual.astype(int),
    )


def fitted(fixed: str, frame: pd.DataFrame | None = None, **more):
    return fit_mixed_model(curved() if frame is None else frame, fixed=fixed, **{**ROLES, **more})


@pytest.mark.parametrize("what", ["difference", "change", "difference in change", "mean"])
def test_a_curve_through_all_waves_gives_the_contrasts_of_waves_as_categories(what):
    curve = fitted("arm * month + arm * square + arm * cube").contrast(what)
    waves = fitted("arm * C(month)").contrast(what)
    assert list(curve["term"]) == list(waves["term"])
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(curve[name], waves[name], rtol=1e-6)


def test_marginal_means_take_the_square_of_the_wave_that_they_are_at():
    fit = fitted("arm + month + square")
    beta = fit.coefficients.set_index("term")["estimate"]
    table = fit.marginal_means(["month"], at={"arm": "programme"})
    expected = [beta["Intercept"] + beta["month"] * t + beta["square"] * t**2 for t in MONTHS]
    np.testing.assert_allclose(table["estimate"], expected)
    alone = fit.marginal_means(["arm"], at={"month": 12})
    assert alone["estimate"].iloc[0] == pytest.approx(expected[2])


@pytest.mark.parametrize(("column", "at_12"), [("post", "post"), ("season", "season[T.winter]")])
def test_a_column_that_the_wave_settles_takes_its_value(column, at_12):
    fit = fitted(f"arm * month + arm * {column}")
    beta = fit.coefficients.set_index("term")["estimate"]
    at_start, at_twelve = fit.contrast(waves=[0, 12])["estimate"]
    assert at_start == pytest.approx(beta["arm[T.usual]"])
    assert at_twelve == pytest.approx(
        beta["arm[T.usual]"] + 12 * beta["arm[T.usual]:month"] + beta[f"arm[T.usual]:{at_12}"]
    )


def test_a_column_that_arm_and_wave_settle_together_takes_the_value_of_the_cell():
    fit = fitted("arm + C(month) + treated")
    beta = fit.coefficients.set_index("term")["estimate"]
    table = fit.contrast("difference")["estimate"]
    assert table.iloc[0] == pytest.approx(beta["arm[T.usual]"])
    np.testing.assert_allclose(table.iloc[1:], beta["arm[T.usual]"] + beta["treated"])
    np.testing.assert_allclose(fit.contrast("difference in change")["estimate"], beta["treated"])


def test_a_column_that_codes_the_arm_goes_with_it():
    fit = fitted("arm + month + usual:month")
    beta = fit.coefficients.set_index("term")["estimate"]
    expected = beta["arm[T.usual]"] + beta["usual:month"] * np.array(MONTHS)
    np.testing.assert_allclose(fit.contrast()["estimate"], expected)


def test_a_column_of_people_is_averaged_as_before_unless_it_is_given():
    frame = curved()
    frame["older"] = (frame["age"] > 0).astype(float)
    fit = fitted("arm * C(month) + age + older", frame)
    beta = fit.coefficients.set_index("term")["estimate"]
    used = frame.iloc[fit.design.rows]
    cell = fit.marginal_means(["month"], at={"arm": "programme", "age": 0.0})["estimate"]
    assert cell.iloc[0] == pytest.approx(beta["Intercept"] + beta["older"] * used["older"].mean())


def test_a_cell_without_rows_is_told_by_the_wave_or_refused():
    frame = curved()
    empty = (frame["arm"] == "usual") & (frame["month"] == 18)
    by_wave = fitted("arm * month + square", frame[~empty])
    beta = by_wave.coefficients.set_index("term")["estimate"]
    assert by_wave.contrast(waves=[18])["estimate"].item() == pytest.approx(
        beta["arm[T.usual]"] + 18 * beta["arm[T.usual]:month"]
    )
    by_cell = fitted("arm + C(month) + treated", frame[~empty])
    assert by_cell.contrast(waves=[3, 12])["estimate"].notna().all()
    assert len(by_cell.at_boundary) >= 0
    for ask in (by_cell.contrast, by_cell.marginal_means):
        with pytest.raises(FitError, match='column "treated" follows'):
            ask()


def test_risks_at_a_wave_take_the_columns_that_the_wave_settles():
    frame = curved()
    frame["good"] = (made_trial()["score"] > 0).astype(float).where(frame["score"].notna())
    asked: dict[str, Any] = {
        "outcome": "good",
        "person": "person",
        "wave": "month",
        "cluster": "practice",
    }
    asked |= {"family": "binary", "working": "independence"}
    curve = fit_gee(frame, fixed="arm * month + arm * square + arm * cube", **asked).risks("arm")
    waves = fit_gee(frame, fixed="arm * C(month)", **asked).risks("arm")
    np.testing.assert_allclose(curve["estimate"], waves["estimate"], rtol=1e-5)


def three_arms() -> pd.DataFrame:
    frame = made_trial()
    return frame.assign(arm=frame["practice"].str[-1].astype(int) % 3)


@pytest.mark.parametrize("what", ["difference", "difference in change", "mean", "mean change"])
def test_arms_that_were_fitted_as_a_dose_are_not_compared_as_arms(what):
    fit = fitted("arm * C(month)", three_arms())
    with pytest.raises(FitError, match="fitted as a dose") as error:
        fit.contrast(what)
    assert error.value.remedy == "Write C(arm)."
    assert len(fit.marginal_means()) == 3 * len(MONTHS)
    assert len(fit.at_boundary) >= 0
    assert len(fitted("C(arm) * C(month)", three_arms()).contrast("difference")) == 8


def test_risks_of_arms_that_were_fitted_as_a_dose_are_refused():
    frame = three_arms().dropna()
    frame["good"] = (frame["score"] > 0).astype(float)
    asked: dict[str, Any] = {
        "outcome": "good",
        "person": "person",
        "cluster": "practice",
        "wave": "month",
    }
    with pytest.raises(FitError, match="fitted as a dose"):
        fit_gee(frame, fixed="arm", family="binary", **asked).risks("arm")
    fit = fit_gee(frame, fixed="C(arm)", family="binary", **asked)
    assert fit.risks("arm")["estimate"].notna().all()


@pytest.mark.parametrize(
    ("name", "fixed"),
    [
        ("Intercept", "arm + Intercept"),
        ("age:month", "arm + age * month + `age:month`"),
        ("C(month)", "arm + C(month) + `C(month)`"),
        ("arm[T.usual]", "arm + `arm[T.usual]`"),
    ],
)
def test_a_column_with_the_name_of_another_term_is_named(name, fixed):
    frame = made_trial()
    frame[name] = np.random.default_rng(3).normal(size=len(frame))
    with pytest.raises(ModelError) as error:
        fitted(fixed, frame)
    found = [(one.code, one.column) for one in error.value.findings]
    assert found == [("SM12", name)]
    assert error.value.findings[0].remedy == "Rename the column."


def test_an_odd_name_that_no_other_term_has_is_fine():
    frame = made_trial().rename(columns={"age": "a:b"})
    assert "a:b" in list(fitted("arm + `a:b`", frame).coefficients["term"])


def test_levels_that_are_written_alike_are_named():
    frame = made_trial()
    kind: list[object] = [(1, "1", 2)[place % 3] for place in range(len(frame))]
    frame["kind"] = pd.Series(kind, dtype=object)
    with pytest.raises(ModelError) as error:
        fitted("arm + C(kind)", frame)
    assert [(one.code, one.column) for one in error.value.findings] == [("SM02", "kind")]


def test_an_arm_with_the_name_of_a_column_of_the_answer_is_refused_in_words():
    frame = made_trial().rename(columns={"arm": "estimate"})
    fit = fitted("estimate * C(month)", frame, arm="estimate")
    with pytest.raises(FitError, match='column of the answer is called "estimate"'):
        fit.marginal_means()
    assert len(fit.contrast()) == len(MONTHS)


@pytest.mark.parametrize(
    ("by", "at", "match"),
    [
        (["arm"], {"arm": "usual"}, "asked for twice"),
        (["arm", "arm"], None, "asked for twice"),
        ("arm", None, "must be a list"),
        (["arm"], {"age": "old-secret"}, "holds numbers"),
        (["arm"], {"age": float("nan")}, "holds numbers"),
        (["month"], {"arm": ["usual"]}, "no level"),
    ],
)
def test_what_marginal_means_cannot_be_asked_is_refused_without_the_value(by, at, match):
    fit = fitted("arm * C(month) + age")
    with pytest.raises(FitError, match=match) as error:
        fit.marginal_means(by, at=at)
    assert "secret" not in str(error.value) + error.value.remedy


@pytest.mark.parametrize(
    ("what", "more", "match"),
    [
        ("difference", {"waves": 1}, "must be a list"),
        ("difference", {"waves": "12"}, "must be a list"),
        ("difference", {"at": {"month": 3}}, "asked for twice"),
        ({}, {}, "not all of them 0"),
        ({"Intercept": 0.0}, {}, "not all of them 0"),
        ({"Intercept": float("nan")}, {}, "not all of them 0"),
    ],
)
def test_contrasts_of_nothing_are_refused(what, more, match):
    with pytest.raises(FitError, match=match):
        fitted("arm * C(month)").contrast(what, **more)


def test_a_term_may_be_written_in_any_order():
    fit = fitted("arm * C(month)")
    pd.testing.assert_frame_equal(fit.test("C(month):arm"), fit.test("arm:C(month)"))
    with pytest.raises(FitError, match="no term"):
        fit.test("arm * C(month)")
    with pytest.raises(FitError, match="no term"):
        fit.test("arm:")


def many_categories() -> pd.DataFrame:
    frame, rng = made_trial(size=30), np.random.default_rng(8)
    people = frame["person"].unique()
    for name, levels in zip("fghjkl", (2, 6, 5, 9, 6, 4), strict=True):
        of_person = dict(zip(people, rng.integers(0, levels, len(people)), strict=True))
        frame[name] = [f"{name}{of_person[person]}" for person in frame["person"]]
    return frame


@pytest.mark.parametrize("weights", ["equal", "observed"])
@pytest.mark.parametrize("baseline", [None, "constrained"])
def test_means_by_column_are_those_over_every_combination(weights, baseline):
    frame = many_categories()
    more = {"baseline": baseline, "allocation": "randomised", "recruited": "before allocation"}
    fit = fitted("arm * C(month) * f + f * h + age:f", frame, **(more if baseline else {}))
    design = fit.design
    for by, at in ((("arm", "month"), {}), (("f",), {"month": 12}), (("h",), {})):
        made = grid_of(design, by, at=at, weights=weights)
        for cell, row in zip(made.cells, made.rows, strict=True):
            known = {**at, **dict(zip(by, cell, strict=True))}
            np.testing.assert_allclose(row, over_all(design, known, weights), atol=1e-12)


def over_all(design, known, weights):
    """Mean over every combination of the categories that are not known."""
    levels = {f.name: v.levels for f, v in design.part.variables.items() if v.levels}
    codes = {f.name: design.columns[f].astype(int) for f in design.columns if f.name in levels}
    total = np.zeros(len(design.names))
    for some in product(*(range(len(v)) if n not in known else [None] for n, v in levels.items())):
        weight, places = 1.0, dict(zip(levels, some, strict=True))
        for name, place in places.items():
            if place is None:
                places[name] = levels[name].index(known[name])
            elif weights == "equal":
                weight /= len(levels[name])
            else:
                weight *= (codes[name] == place).mean()
        row = {
            f: np.array([places[f.name] if f.name in levels else design.columns[f].mean()])
            for f in design.columns
        }
        total += weight * design.part.matrix(row, 1)[0]
    return total


def test_many_categories_are_averaged_quickly():
    fit = fitted("arm * C(month) + f + g + h + j + k + l", many_categories())
    started = time.perf_counter()
    fit.marginal_means(weights="observed", by=["arm", "month"])
    grid_of(fit.design, ("arm", "month"), at={})
    assert time.perf_counter() - started < 2
