"""Words of other programs and slips of the hand, and the remedies that answer them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import (
    check_rows,
    compare_retention,
    cumulative_incidence,
    extrapolate_retention,
    fit_cox,
    person_period_rows,
    retention_curve,
)
from splw_eval.core.errors import FitError
from splw_eval.retention.checks import RetentionError

CALLS: dict[str, Any] = {
    "curve": (retention_curve, {}),
    "incidence": (cumulative_incidence, {}),
    "comparison": (compare_retention, {"by": "arm", "horizon": 20, "reference": "a"}),
    "cox": (fit_cox, {"covariates": "age"}),
    "extrapolated": (extrapolate_retention, {"family": "weibull", "covariates": "age"}),
}
ONE_MEANS_CENSORED = (
    "No row has event 0, so nobody counts as still engaged when last seen; in some programs 1 "
    "means censored: recode it to 0."
)


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(4)
    n = 240
    return pd.DataFrame(
        {
            "day": rng.integers(1, 60, n),
            "ending": rng.integers(0, 3, n),
            "as_in_r": rng.integers(1, 3, n),
            "words": rng.choice(["yes", "no"], n),
            "kept_as_text": rng.integers(0, 2, n).astype(str),
            "arm": rng.choice(["a", "b"], n),
            "age": rng.normal(size=n).round(3),
            "one": "same",
        }
    )


def asked(frame: pd.DataFrame, call: str, **options: Any) -> Any:
    function, usual = CALLS[call]
    return function(frame, **{"time": "day", "event": "ending", **usual, **options})


@pytest.mark.parametrize("call", [call for call in CALLS if call != "extrapolated"])
def test_causes_turned_round_are_refused_with_the_right_form_and_without_their_words(frame, call):
    with pytest.raises(RetentionError) as told:
        asked(frame, call, causes={"went away": 1})
    assert [f.code for f in told.value.findings] == ["SR12"]
    assert "turned round" in str(told.value)
    assert 'causes={1: "completed", 2: "dropped out"}' in str(told.value)
    assert "went away" not in str(told.value)


@pytest.mark.parametrize("call", CALLS)
def test_codes_without_any_zero_are_told(frame, call):
    assert ONE_MEANS_CENSORED in asked(frame, call, event="as_in_r").notes
    assert not any("event 0" in note for note in asked(frame, call).notes)


@pytest.mark.parametrize("call", ["curve", "comparison", "cox"])
def test_everybody_leaving_for_one_cause_is_no_slip(frame, call):
    everybody = asked(frame.assign(ending=1), call)
    assert not any("event 0" in note for note in everybody.notes)


def test_rows_left_out_are_not_said_to_lack_event_0(frame):
    gaps = frame.assign(age=frame["age"].where(frame["ending"] > 0))
    notes = asked(gaps, "cox").notes
    assert any(note.startswith("No row that is used has event 0") for note in notes)


@pytest.mark.parametrize("call", CALLS)
def test_words_for_endings_are_answered_with_a_map_that_works(frame, call):
    with pytest.raises(RetentionError) as told:
        asked(frame, call, event="words")
    remedy = told.value.findings[0].remedy
    assert 'frame["event"] = frame["words"].map({"still engaged": 0, "completed": 1' in remedy
    assert '.map({"no": 0, "yes": 1})' in remedy
    frame["event"] = frame["words"].map({"no": 0, "yes": 1})
    assert asked(frame, call, event="event").notes


def test_numbers_kept_as_text_are_answered_with_how_to_read_them(frame):
    with pytest.raises(RetentionError, match="to_numeric"):
        asked(frame, "curve", event="kept_as_text")


@pytest.mark.parametrize("call", ["cox", "extrapolated"])
@pytest.mark.parametrize("covariates", [["age", "one"], "age + one", "age * one"])
def test_a_covariate_of_one_level_is_named_as_having_no_ratio(frame, covariates, call):
    notes = asked(frame, call, covariates=covariates).notes
    assert '"one" has one level among the rows used, so it has no ratio.' in notes
    assert not any(note.startswith("Levels are compared") for note in notes)


def test_a_level_that_only_rows_left_out_hold_does_not_count(frame):
    two = frame.assign(one=np.where(frame.index < 9, "other", "same"))
    two.loc[two.index < 9, "age"] = np.nan
    notes = asked(two, "cox", covariates=["age", "one"]).notes
    assert any('"one" has one level' in note for note in notes)


@pytest.mark.parametrize("covariates", [["one"], "C(one)"])
def test_nothing_but_one_level_is_refused(frame, covariates):
    with pytest.raises(RetentionError, match='SR13 "one" has one level among the rows used'):
        asked(frame, "cox", covariates=covariates)


@pytest.mark.parametrize(
    ("covariates", "remedy"),
    [
        ("age + strata(arm)", 'strata="site"'),
        ("age + cluster(arm)", 'cluster="practice"'),
        ("age + factor(arm)", "Write C\\(name\\).*pd.Categorical\\(.*categories=\\["),
        ("C(arm, Treatment('b'))", "pd.Categorical\\(.*categories=\\["),
        (["age", "C(arm, Treatment('b'))"], "pd.Categorical\\(.*categories=\\["),
        ("C(arm, reference=1)", "pd.Categorical\\(.*categories=\\["),
        ("log(age)", "np.log"),
        ("arm + I(age*10)", "Make a column first"),
        ("Surv(day, ending) ~ age", "time= and event="),
    ],
)
def test_formulas_of_other_programs_are_answered_with_how_it_is_written_here(
    frame, covariates, remedy
):
    with pytest.raises(FitError) as told:
        asked(frame, "cox", covariates=covariates)
    assert told.match(remedy)
    assert str(told.value).count("pd.Categorical") <= 1


def test_a_plain_slip_in_a_formula_gets_no_remedy_of_another_program(frame):
    with pytest.raises(FitError) as told:
        asked(frame, "cox", covariates="age +")
    assert told.value.remedy.startswith("It may hold")


def test_the_reference_level_named_in_the_remedy_is_the_one_compared_with(frame):
    frame["arm"] = pd.Categorical(frame["arm"], categories=["b", "a"])
    fit = asked(frame, "cox", covariates="arm")
    assert any('"arm" with "b"' in note for note in fit.notes)


def test_words_of_options_are_known_in_any_case(frame):
    large = asked(frame, "cox", ties="Breslow", vcov="Model", kind="Cause-specific")
    small = asked(frame, "cox", ties="breslow", vcov="model")
    assert "Breslow's ties" in str(large)
    assert str(large) == str(small)
    assert large.vcov == "model"
    with pytest.raises(RetentionError, match='ties="exact" is not known'):
        asked(frame, "cox", ties="Exact")


WIDE = pd.DataFrame({"id": [1, 2], "week": [2, 1], "left": [True, False], "dose": [1, 2]})
WIDE["dose_2"] = [3, 4]


def periods(exposures: Any, event: str = "left") -> Any:
    return person_period_rows(WIDE, id="id", time="week", event=event, exposures=exposures, lag=0)


@pytest.mark.parametrize(
    "exposures",
    [["dose"], "dose", None, {"d": "dose"}, {"d": 5}, {"d": []}, {"d": [["dose"]]}, {"d": None}],
)
def test_exposures_that_are_no_lists_are_refused_with_the_right_form(exposures):
    with pytest.raises(RetentionError) as told:
        periods(exposures)
    assert [f.code for f in told.value.findings] == ["SR12"]
    assert 'exposures={"dose": ["dose_1", "dose_2"]}' in str(told.value)


@pytest.mark.parametrize("kind", [list, tuple, pd.Index, np.array])
def test_any_list_of_columns_will_do(kind):
    made = periods({"d": kind(["dose", "dose_2"])}).frame
    assert made["d"].tolist() == [1, 3, 2]
    assert made["event"].tolist() == [0, 1, 0]


def test_endings_may_be_true_and_false_and_not_words():
    words = WIDE.assign(left=["yes", "no"], start=0)
    assert check_rows(WIDE.assign(start=0), "id", "start", "week", "left") == ()
    found = check_rows(words, "id", "start", "week", "left")
    assert [f.code for f in found] == ["SR02"]
    assert ".map(" in found[0].remedy


def test_causes_measured_are_named_in_a_mapping():
    found = check_rows(WIDE.assign(start=0), "id", "start", "week", measured=["dose"])  # type: ignore[arg-type]
    assert [f.code for f in found] == ["SR12"]
    assert "measured={" in found[0].remedy
