"""What a hazard model is asked: covariates, strata, causes, days, and plain refusals."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import extrapolate_retention, fit_cox
from splw_eval.core.errors import FitError
from splw_eval.retention.checks import RetentionError

ASKED: dict[str, Any] = {"time": "day", "event": "ending"}


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(1)
    n = 240
    return pd.DataFrame(
        {
            "day": rng.integers(1, 60, n),
            "ending": rng.integers(0, 2, n),
            "age": rng.normal(size=n).round(3),
            "mode": rng.choice(["phone", "visit"], n),
            "half": np.arange(n) % 2,
        }
    )


def cox(frame: pd.DataFrame, **options: Any) -> Any:
    return fit_cox(frame, **{**ASKED, "covariates": "age", **options})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"covariates": None}, "covariates= is no list"),
        ({"covariates": 5}, "covariates= is no list"),
        ({"covariates": [["age"]]}, "covariates= is no list"),
        ({"cause": {1}}, "cause= is no code"),
        ({"cause": [[1]]}, "cause= is no code"),
        ({"cause": None}, "cause= is no code"),
        ({"strata": 5}, "strata= is no name"),
        ({"strata": [None]}, "strata= has None"),
        ({"kind": "subdistribution", "ties": "breslow"}, "takes no ties="),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(frame, options, words):
    with pytest.raises(RetentionError, match=words):
        cox(frame, **options)


def test_arrays_of_names_and_codes_are_lists_too(frame):
    fit = cox(frame, covariates=np.array(["age"]), cause=np.array([1]), strata=pd.Index(["mode"]))
    assert fit.n == 240


def test_empty_cells_of_strata_are_told_as_strata(frame):
    frame.loc[3, "mode"] = None
    with pytest.raises(RetentionError, match="stratum") as caught:
        cox(frame, strata="mode")
    assert "row 4" in str(caught.value)
    assert "cluster" not in str(caught.value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("function", [fit_cox, extrapolate_retention])
def test_a_word_in_a_column_of_numbers_is_told_by_its_row_and_never_by_its_value(frame, function):
    frame["age"] = frame["age"].astype(object)
    frame.loc[3, "age"] = "Jane Doe"
    with pytest.raises(RetentionError, match="1 of 240 rows") as caught:
        function(frame, **ASKED, covariates="age")
    assert "row 4" in str(caught.value)
    assert "Jane" not in str(caught.value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("covariates", ["who", "C(who)"])
def test_names_of_people_are_no_category_and_are_not_repeated(frame, covariates):
    frame["who"] = [f"Person {place:04d}" for place in range(240)]
    with pytest.raises(RetentionError, match="240 different values") as caught:
        cox(frame, covariates=covariates)
    assert "Person" not in str(caught.value)


def test_a_category_of_few_levels_passes_and_one_of_many_must_be_meant(frame):
    frame["area"] = [f"area {place % 9}" for place in range(240)]
    assert len(cox(frame, covariates="area").coefficients) == 8
    frame["town"] = [f"town {place % 22}" for place in range(240)]
    with pytest.raises(RetentionError, match=r"write C\(town\)"):
        cox(frame, covariates="town")
    assert len(cox(frame, covariates="C(town)").coefficients) == 21


def test_an_ending_on_day_0_counts_where_its_row_starts_at_minus_1(frame):
    zero = frame.assign(day=frame["day"] - 1, start=-1)
    fit = cox(zero, start="start")
    assert fit.events == frame["ending"].sum()
    assert (zero.query("ending == 1")["day"] == 0).any()
    assert fit.coefficients["estimate"].iloc[0] == pytest.approx(
        cox(frame).coefficients["estimate"].iloc[0]
    )
    with pytest.raises(RetentionError, match="let its row start at -1"):
        cox(zero.assign(start=0), start="start")
    with pytest.raises(RetentionError, match="starts below -1"):
        cox(zero.assign(start=-2), start="start")


def test_strata_whose_joined_names_are_equal_stay_apart(frame):
    first = frame["half"] == 0
    frame.loc[first, "day"] *= 3
    frame["a"] = np.where(first, "p", "p, q")
    frame["b"] = np.where(first, "q, r", "r")
    frame["one"] = pd.Series([1 if half else "1" for half in frame["half"]], dtype=object)
    new = pd.DataFrame({"age": [0.0]})
    right = cox(frame, strata="half").predict_retention(new, [20, 50])
    found = cox(frame, strata=["a", "b"]).predict_retention(new, [20, 50])
    assert found["stratum"].tolist() == ['"p", "q, r"'] * 2 + ['"p, q", "r"'] * 2
    assert found["estimate"].tolist() == right["estimate"].tolist()
    other = cox(frame, strata="one")
    assert sorted(set(other.baseline["stratum"])) == ['"1"', "1"]
    ours = sorted(other.predict_retention(new, 20)["estimate"])
    assert ours == pytest.approx(sorted(right["estimate"].iloc[::2]))


def test_a_stratum_that_nobody_left_keeps_1_and_is_told(frame):
    frame.loc[frame["mode"] == "phone", "ending"] = 0
    fit = cox(frame, strata="mode")
    row = fit.baseline.query("stratum == 'phone'").iloc[0]
    last = frame.loc[frame["mode"] == "phone", "day"].max()
    assert (row["day"], row["survival"], row["cumulative_hazard"]) == (last, 1.0, 0.0)
    found = fit.predict_retention(pd.DataFrame({"age": [0.0]}), [0, 20])
    assert found.query("stratum == 'phone'")["estimate"].tolist() == [1.0, 1.0]
    assert any("Nobody left in 1 of 2 strata" in note for note in fit.notes)


def test_limits_before_anybody_left_are_1_as_in_r(frame):
    found = cox(frame).predict_retention(pd.DataFrame({"age": [0.0]}), 0).iloc[0]
    assert found[["estimate", "conf_low", "conf_high"]].tolist() == [1.0, 1.0, 1.0]


def test_the_level_that_others_are_compared_with_is_told(frame):
    assert 'Levels are compared: "mode" with "phone".' in cox(frame, covariates="mode").notes


def test_what_is_foretold_of_infinite_or_no_rows_is_refused(frame):
    fit, curve = cox(frame), extrapolate_retention(frame, **ASKED, covariates="age")
    wild = pd.DataFrame({"age": [0.0, np.inf]})
    with pytest.raises(FitError, match="row 2"):
        fit.predict_retention(wild)
    with pytest.raises(FitError, match="infinite"):
        curve.predict(5, wild)
    for function in (fit.predict_retention, lambda rows: curve.predict(5, rows)):
        with pytest.raises(FitError, match="DataFrame"):
            function([1.0])


@pytest.mark.parametrize("family", ["weibull", "lognormal", "loglogistic"])
def test_a_curve_of_days_with_a_level_that_nobody_left_is_refused(frame, family):
    frame.loc[frame["half"] == 1, "ending"] = 0
    with pytest.raises(RetentionError, match='"half" has no finite effect'):
        extrapolate_retention(frame, **ASKED, covariates=["age", "half"], family=family)


def test_a_curve_of_days_is_found_wherever_a_column_lies(frame):
    near = frame.assign(age=5 * (frame["age"] * 4).round())
    ours = [
        extrapolate_retention(rows, **ASKED, covariates="age", family="lognormal").coefficients
        for rows in (near, near.assign(age=near["age"] + 2000.0))
    ]
    for name in ("estimate", "std_error"):
        assert ours[1][name].iloc[1] == pytest.approx(ours[0][name].iloc[1], rel=1e-4)


def test_a_curve_of_days_looks_for_endings_among_the_rows_it_keeps(frame):
    frame["age"] = frame["age"].where(frame["ending"] == 0)
    with pytest.raises(RetentionError, match="among rows with all covariates, nobody left"):
        extrapolate_retention(frame, **ASKED, covariates="age")
