"""Programmes that cannot be are refused, with everything that is wrong."""

from __future__ import annotations

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
