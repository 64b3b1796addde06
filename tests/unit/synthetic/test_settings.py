"""Programmes that cannot be are refused, with everything that is wrong."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval import synthetic
from splw_eval.core.errors import SplwError
from splw_eval.synthetic import usual_dropout


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seed": -1}, "seed must be"),
        ({"practices": (0, 3)}, "practices must be at least 1"),
        ({"people": (2, 70)}, "people must be 5 to"),
        ({"people": ((3, 4), 70)}, "2 sizes for 7 programme practices"),
        ({"people": ((3, 0, 1, 1, 1, 1, 1), 70)}, "at least 1 person"),
        ({"size_cv": 2}, "size_cv"),
        ({"icc": 0.7}, "icc must be"),
        ({"worker_icc": -0.1}, "worker_icc must be"),
        ({"cac": 1.1}, "cac must be 0 to 1"),
        ({"correlation": 0.9}, "not reliable enough"),
        ({"effect": {"swemwb": 0.2}}, "not swemwb"),
        ({"effect": 5}, "in SDs"),
        ({"waves": (3, 12)}, "begin with 0"),
        ({"waves": (0, 12, 3)}, "begin with 0"),
        ({"waves": (0,)}, "begin with 0"),
        ({"dropout": {"programme": (0.1, 0.2, 0.3)}}, "in the comparison arm"),
        ({"dropout": dict.fromkeys(("programme", "comparison"), (0.3, 0.2, 0.4))}, "must rise"),
        ({"dropout": dict.fromkeys(("programme", "comparison"), (0.01, 0.2, 0.4))}, "must rise"),
    ],
)
def test_what_cannot_be_is_refused(asked, said):
    with pytest.raises(SplwError, match=said):
        synthetic.programme(**({"seed": 1} | asked))


NAN = float("nan")


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        ("seed", "x", "a whole number, 0 or more"),
        ("seed", 1.5, "a whole number, 0 or more"),
        ("seed", None, "a whole number, 0 or more"),
        ("practices", 0, "two whole numbers of 1 or more"),
        ("practices", "a", "two whole numbers of 1 or more"),
        ("practices", (2.5, 2), "two whole numbers of 1 or more"),
        ("practices", (2, True), "two whole numbers of 1 or more"),
        ("people", (31,), "two, such as"),
        ("people", "ab", "two, such as"),
        ("people", (NAN, 70), "two, such as"),
        ("people", (31, (5.5, 6)), "two, such as"),
        ("size_cv", None, "a number, 0 to 1"),
        ("icc", "0.1", "a number, 0 or more and below 0.5"),
        ("icc", NAN, "a number, 0 or more and below 0.5"),
        ("worker_icc", NAN, "a number, 0 or more and below 0.5"),
        ("cac", float("inf"), "a number, 0 to 1"),
        ("correlation", NAN, "a number, 0 to 0.65"),
        ("intermittent", NAN, "a number, 0 or more and below 0.5"),
        ("never_start", [], "a number, 0 or more and below 0.5"),
        ("item_missing", NAN, "a number, 0 or more and below 0.5"),
        ("effect", NAN, "a number from -1 to 1"),
        ("effect", {"swemwbs": NAN}, "a number from -1 to 1"),
        ("effect", "large", "a number from -1 to 1"),
        ("dropout", 1.2, "a mapping of programme and comparison"),
        ("dropout", {}, "a mapping of programme and comparison"),
        ("dropout", {"programme": 0.2, "comparison": 0.1}, "a mapping of programme and comparison"),
        (
            "dropout",
            dict.fromkeys(("programme", "comparison"), (NAN,) * 3),
            "a mapping of programme and comparison",
        ),
        (
            "dropout",
            dict.fromkeys(("programme", "comparison", "other"), (0.1, 0.2, 0.3)),
            "a mapping of programme and comparison",
        ),
        ("waves", 3, "months such as"),
        ("waves", "03", "months such as"),
        ("waves", (0, NAN), "months such as"),
    ],
)
def test_an_argument_of_another_kind_is_named_with_what_is_allowed(name, value, allowed):
    with pytest.raises(SplwError) as refusal:
        synthetic.programme(**({"seed": 1} | {name: value}))
    assert f"{name} must be {allowed}" in str(refusal.value)


def test_arguments_of_another_kind_are_all_said_at_once():
    asked: dict[str, Any] = {"seed": "x", "practices": 0, "icc": None, "waves": None}
    with pytest.raises(SplwError) as refusal:
        synthetic.programme(**asked)
    assert str(refusal.value).count(" must be ") == 4


def test_an_effect_on_no_outcome_by_name_is_refused():
    asked: dict[str, Any] = {"effect": {1: 0.1}}
    with pytest.raises(SplwError, match="not 1"):
        synthetic.programme(seed=1, **asked)


def test_numbers_and_lists_of_numpy_are_as_good_as_pythons():
    small: dict[str, Any] = {"practices": (2, 2), "people": (8, 8), "waves": (0, 3)}
    of_numpy: dict[str, Any] = {name: np.array(value) for name, value in small.items()}
    of_numpy |= {"icc": np.float64(0.02), "seed": np.int64(3)}
    plain = synthetic.programme(seed=3, **small)
    made = synthetic.programme(**of_numpy)
    assert made.plan == plain.plan
    assert made.tables["measures"].equals(plain.tables["measures"])


def test_everything_that_is_wrong_is_said_at_once():
    with pytest.raises(SplwError) as refusal:
        synthetic.programme(seed=1, icc=2, size_cv=-1, waves=(1,))
    assert all(word in str(refusal.value) for word in ("icc", "size_cv", "waves"))


def test_usual_dropout_is_the_planning_rule():
    assert usual_dropout((0, 3, 12, 18))["programme"] == (0.2, 0.3, 0.5)
    assert usual_dropout((0, 9, 24))["programme"] == (0.267, 0.5)
    rising = usual_dropout((0, 1, 2, 6, 15, 40))["comparison"]
    assert list(rising) == sorted(rising)


def test_an_effect_left_out_is_the_usual_one_and_a_mapping_says_all():
    assert synthetic.programme(seed=1).truth.effect["swemwbs"] == 0.2
    said = synthetic.programme(seed=1, effect={"ucla3": 0.1}).truth
    assert said.effect["ucla3"] == 0.1
    assert said.effect["swemwbs"] == 0
    assert said.effect_in_points["swemwbs"] == (0, 0, 0)


def test_better_is_a_lower_score_where_the_instrument_runs_that_way():
    points = synthetic.programme(seed=1, effect=0.2).truth.effect_in_points
    assert {name for name, by_wave in points.items() if by_wave[0] < 0} == {
        "phq9",
        "ons4_anxiety",
        "ucla3",
    }
