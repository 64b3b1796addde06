"""Frames that retention cannot be read from: every reason at once, by column and row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import (
    compare_retention,
    cumulative_incidence,
    extrapolate_retention,
    fit_cox,
    retention_curve,
)
from splw_eval.core.errors import FitError
from splw_eval.retention.checks import RetentionError
from splw_eval.retention.codes import RETENTION_CODES

ROW = 4  # called row 5 in messages
SEEN = [False, False, False, True, True, True]


def people() -> pd.DataFrame:
    i = np.arange(120)
    return pd.DataFrame(
        {
            "person": [f"person {n}" for n in i],
            "day": (1 + (37 * i) % 97).astype(float),
            "ending": ((i**2 + i // 7) % 3).astype(float),
            "practice": [f"practice {n % 6}" for n in i],
            "arm": np.where(i % 6 < 3, "usual", "link worker"),
            "age": (53.0 * i) % 101,
            "weight": 1.0,
            "start": 0.0,
        }
    )


def changed(column: str, value: Any, rows: Any = ROW) -> pd.DataFrame:
    frame = people()
    frame[column] = frame[column].astype(object)
    frame.loc[rows, column] = value
    return frame if isinstance(value, str) else frame.infer_objects()


def curve(frame: Any, **options: Any) -> Any:
    return retention_curve(frame, **{"time": "day", "event": "ending", **options})


def causes(frame: Any, **options: Any) -> Any:
    return cumulative_incidence(frame, **{"time": "day", "event": "ending", **options})


def compare(frame: Any, **options: Any) -> Any:
    asked = {"time": "day", "event": "ending", "by": "arm", "cluster": "practice", "horizon": 60}
    return compare_retention(frame, **{**asked, "reference": "usual", **options})


def cox(frame: Any, **options: Any) -> Any:
    asked = {"time": "day", "event": "ending", "covariates": ["arm", "age"]}
    return fit_cox(frame, **{**asked, **options})


def extrapolate(frame: Any, **options: Any) -> Any:
    return extrapolate_retention(frame, **{"time": "day", "event": "ending", **options})


unreferred = people().assign(
    day=lambda f: f["day"].where(f["arm"] == "link worker"),
    ending=lambda f: f["ending"].where(f["arm"] == "link worker"),
)
in_categories = people().assign(
    arm=pd.Categorical(["usual"] * 120, categories=["usual", "link worker"])
)
cut = pd.concat([people().head(3), people().head(3).assign(start=40.0, day=50.0)])
cut = cut.assign(ending=[1, 0, 0, 0, 1, 1], day=[45.0, 40.0, 40.0, 50.0, 50.0, 50.0])

CASES: dict[str, tuple[Callable[..., Any], pd.DataFrame, dict[str, Any], str, str]] = {
    "no such column": (curve, people(), {"time": "dya"}, "SR01", "dya"),
    "two of a name": (
        curve,
        pd.concat([people(), people()[["day"]]], axis=1),
        {},
        "SR01",
        "2 columns",
    ),
    "dates": (curve, people().assign(day=pd.Timestamp("2024-01-01")), {}, "SR02", "dates"),
    "text": (curve, changed("day", "soon"), {}, "SR02", "row 5"),
    "text endings": (curve, people().assign(ending="left"), {}, "SR02", "0 for still engaged"),
    "yes and no as days": (curve, people().assign(day=True), {}, "SR02", "yes and no"),
    "infinite": (curve, changed("day", np.inf), {}, "SR02", "row 5"),
    "before the referral": (curve, changed("day", -1.0), {}, "SR03", "row 5"),
    "no day": (curve, changed("day", np.nan), {}, "SR04", "row 5"),
    "no ending": (causes, changed("ending", np.nan), {}, "SR04", "row 5"),
    "no group": (curve, changed("arm", None), {"by": "arm"}, "SR04", "group"),
    "no practice": (curve, changed("practice", None), {"cluster": "practice"}, "SR04", "practice"),
    "half an ending": (causes, changed("ending", 1.5), {}, "SR05", "row 5"),
    "an ending below 0": (causes, changed("ending", -9.0), {}, "SR05", "row 5"),
    "a code for missing": (causes, changed("ending", 999.0), {}, "SR05", "missing"),
    "not declared": (causes, people(), {"causes": {1: "completed"}}, "SR05", "does not declare"),
    "nobody": (curve, people().iloc[:0], {}, "SR06", "no rows"),
    "one practice": (
        curve,
        people().assign(practice="a"),
        {"cluster": "practice"},
        "SR07",
        "one practice",
    ),
    "one practice in an arm": (
        compare,
        people().query("practice != 'practice 1' and practice != 'practice 2'"),
        {},
        "SR07",
        '"usual"',
    ),
    "two practices for a jackknife": (
        cox,
        people().query("practice in ('practice 0', 'practice 5')"),
        {"cluster": "practice"},
        "SR07",
        "at least 3",
    ),
    "stops before it starts": (cox, changed("start", 99.0), {"start": "start"}, "SR08", "row 5"),
    "no length": (cox, changed("day", 0.0), {"start": "start"}, "SR08", "row 5"),
    "horizon 0": (curve, people(), {"horizon": 0}, "SR09", "above 0"),
    "horizon beyond": (
        curve,
        people().assign(ending=0.0),
        {"horizon": 500},
        "SR09",
        "at most 98",
    ),
    "never referred": (compare, unreferred, {}, "SR10", '"usual" has no episode'),
    "an arm of nobody": (compare, in_categories, {}, "SR10", '"link worker" has no episode'),
    "one arm": (compare, people().assign(arm="usual"), {}, "SR10", "one group"),
    "in two arms": (compare, changed("arm", "link worker", [0, 6]), {}, "SR11", "rows 1, 7, 13"),
    "a scale": (curve, people(), {"conf_type": "logit"}, "SR12", "log-log"),
    "a level": (causes, people(), {"conf_level": 95}, "SR12", "0.95"),
    "three arms": (compare, people(), {"by": "practice", "cluster": None}, "SR12", "reference="),
    "no such reference": (compare, people(), {"reference": "other"}, "SR12", "usual"),
    "a missing reference": (compare, people(), {"reference": pd.NA}, "SR12", "is missing"),
    "a list as reference": (compare, people(), {"reference": ["usual"]}, "SR12", "names no group"),
    "a cause of nobody": (
        compare,
        people(),
        {"causes": {1: "a", 2: "b", 3: "c"}, "cause": 3},
        "SR14",
        "nobody left for the cause",
    ),
    "a missing cause": (compare, people(), {"cause": pd.NA}, "SR12", "no cause"),
    "a cause after the horizon": (
        compare,
        people().assign(ending=lambda f: (f["ending"] > 0) * (1.0 + (f["day"] >= 60))),
        {"cause": 2},
        "SR14",
        "before the horizon",
    ),
    "all on one day": (
        compare,
        people().assign(day=7.0, ending=1.0),
        {},
        "SR14",
        "everybody left on one day",
    ),
    "practices all alike": (
        compare,
        pd.concat(
            [
                people()
                .query("practice == 'practice 0'")
                .assign(practice=f"p{i}", arm="usual" if i < 2 else "new")
                for i in range(4)
            ],
            ignore_index=True,
        ),
        {},
        "SR10",
        "no practice differs",
    ),
    "a blank practice": (curve, changed("practice", ""), {"cluster": "practice"}, "SR04", "row 5"),
    "a practice of spaces": (
        compare,
        changed("practice", "  ").astype({"practice": "category"}),
        {},
        "SR04",
        "row 5",
    ),
    "times too large": (curve, changed("day", 1e19), {}, "SR02", "2**53"),
    "a cause without a name": (causes, people(), {"causes": {1: "a", 2: None}}, "SR12", "no name"),
    "seed of text": (compare, people(), {"seed": "a"}, "SR12", "seed= is no whole number"),
    "no seed": (compare, people(), {"seed": None}, "SR12", "seed= is no whole number"),
    "a seed below 0": (compare, people(), {"seed": -1}, "SR12", "seed= is no whole number"),
    "no draws": (compare, people(), {"draws": 0}, "SR12", "draws= is no whole number from 1"),
    "half a draw": (compare, people(), {"draws": 2.5}, "SR12", "draws= is no whole number from 1"),
    "allocations of numbers": (
        compare,
        people(),
        {"allocations": np.eye(6, dtype=int)},
        "SR12",
        "else than True and False",
    ),
    "allocations of other practices": (
        compare,
        people(),
        {"allocations": [[True, False]]},
        "SR12",
        "no table",
    ),
    "ragged allocations": (
        compare,
        people(),
        {"allocations": [[True, False], [True]]},
        "SR12",
        "no table",
    ),
    "an allocation twice": (
        compare,
        people(),
        {"allocations": [SEEN, [not s for s in SEEN], SEEN]},
        "SR12",
        "row 3",
    ),
    "other sizes": (
        compare,
        people(),
        {"allocations": [SEEN, [True] * 4 + [False] * 2]},
        "SR12",
        "other numbers of practices in the groups than were seen in 1 of 2 rows (row 2)",
    ),
    "not the one seen": (
        compare,
        people(),
        {"allocations": [[not s for s in SEEN]]},
        "SR12",
        "the allocation that was seen is not in",
    ),
    "two columns of one practice": (
        compare,
        people(),
        {"allocations": pd.DataFrame([SEEN], columns=["practice 0"] * 6)},
        "SR12",
        "have one name",
    ),
    "no such error": (cox, people(), {"vcov": "cr2"}, "SR12", "jackknife"),
    "jackknife of nothing": (cox, people(), {"vcov": "jackknife"}, "SR12", "cluster="),
    "weights in Fine and Gray": (
        cox,
        people(),
        {"kind": "subdistribution", "weights": "weight"},
        "SR12",
        "weights=",
    ),
    "the day explains the day": (cox, people(), {"covariates": ["day"]}, "SR12", "to explain"),
    "twice the same": (
        cox,
        people().assign(old=lambda f: 2 * f["age"]),
        {"covariates": "age + old"},
        "SR13",
        '"old"',
    ),
    "constant": (cox, people().assign(age=1.0), {}, "SR13", '"age"'),
    "foretells": (
        cox,
        people().assign(age=lambda f: (f["ending"] == 1) * 1.0, ending=lambda f: f["ending"] % 2),
        {"covariates": ["age"]},
        "SR13",
        '"age"',
    ),
    "nobody left": (cox, people().assign(ending=0.0), {}, "SR14", "nobody left"),
    "nobody left for it": (cox, people(), {"cause": 7}, "SR14", "1 (cause 1), 2 (cause 2)"),
    "no cause": (causes, people().assign(ending=0.0), {}, "SR14", "causes="),
    "day 0": (extrapolate, changed("day", 0.0), {}, "SR15", "row 5"),
    "no weight": (curve, changed("weight", 0.0), {"weights": "weight"}, "SR16", "row 5"),
    "overlap": (
        cox,
        cut.reset_index(drop=True),
        {"start": "start", "id": "person", "covariates": ["age"]},
        "SR17",
        "row 4",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_each_fault_has_its_code_its_place_and_its_remedy(name: str) -> None:
    function, frame, options, code, words = CASES[name]
    with pytest.raises(RetentionError) as caught:
        function(frame, **options)
    assert code in {found.code for found in caught.value.findings}
    assert words in str(caught.value)
    assert all(found.remedy for found in caught.value.findings)


def test_every_code_of_these_functions_is_tried_here() -> None:
    tried = {code for _, _, _, code, _ in CASES.values()}
    assert tried == {code for code in RETENTION_CODES if code < "SR20"}


def test_no_message_names_a_person_a_practice_or_a_value() -> None:
    for function, frame, options, _, _ in CASES.values():
        with pytest.raises(RetentionError) as caught:
            function(frame, **options)
        text = str(caught.value)
        assert "soon" not in text
        assert "practice 3" not in text
        assert "999" not in text
        assert "person 4" not in text


def test_all_faults_are_told_at_once() -> None:
    frame = changed("day", -3.0)
    frame.loc[7, "ending"] = 1.5
    frame.loc[9, "arm"] = None
    frame["practice"] = "only"
    with pytest.raises(RetentionError) as caught:
        curve(frame, by="arm", cluster="practice", horizon=-1, weights="missing", conf_level=2)
    codes = [found.code for found in caught.value.findings]
    assert sorted(codes) == ["SR01", "SR03", "SR04", "SR05", "SR07", "SR09", "SR12"]


def test_something_else_than_a_frame_is_refused_in_words() -> None:
    with pytest.raises(FitError, match="DataFrame"):
        curve([1, 2, 3])
    with pytest.raises(FitError, match="time= must be the name"):
        curve(people(), time=["day"])


def test_a_column_of_people_in_place_of_practices_is_refused_before_memory_runs_out() -> None:
    many = pd.DataFrame({"day": np.arange(20_000) % 3_000, "ending": 1, "who": np.arange(20_000)})
    with pytest.raises(RetentionError, match="Is it a column of people"):
        curve(many, cluster="who")


def test_levels_that_may_be_people_are_not_named() -> None:
    frame = people()
    frame.loc[ROW, "day"] = np.nan
    cases: list[tuple[Callable[..., Any], pd.DataFrame, dict[str, Any]]] = [
        (compare, frame, {"by": "person", "cluster": None, "reference": None}),
        (compare, people(), {"by": "person", "reference": None}),
        (compare, people(), {"by": "person", "cluster": "person", "reference": None}),
        (curve, people().assign(ending=0.0), {"by": "person", "horizon": 500}),
        (curve, people().iloc[:4].assign(ending=0.0), {"by": "person", "horizon": 500}),
    ]
    for function, given, options in cases:
        with pytest.raises(RetentionError) as caught:
            function(given, **options)
        assert "person " not in str(caught.value).replace("column person", "")
    few = people().iloc[:4]
    for found in (curve(few, by="person"), curve(few, by="person", cluster="practice")):
        assert not any('"person' in note for note in found.notes)
        assert any(" groups" in note for note in found.notes)


def test_a_column_that_is_needed_may_not_be_none() -> None:
    for name in ("time", "event"):
        with pytest.raises(FitError, match=f"{name}= is needed"):
            curve(people(), **{name: None})
    with pytest.raises(FitError, match="by= is needed"):
        compare(people(), by=None)


def test_a_horizon_must_be_declared_for_a_comparison() -> None:
    with pytest.raises(RetentionError, match="no horizon"):
        compare(people(), horizon=None)


def test_practices_are_compared_on_whole_days() -> None:
    with pytest.raises(RetentionError, match="parts of days"):
        compare(changed("day", 3.5))
    with pytest.raises(RetentionError, match="whole number"):
        compare(people(), horizon=59.5)
