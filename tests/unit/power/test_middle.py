"""The note on what the middle of published numbers gives."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power
from splw_eval.power.kinds import kind_of
from splw_eval.power.planning_numbers import filled
from splw_eval.power.words.middle import middle_note

ASKED: dict[str, Any] = {"icc": 0.03, "size": 30, "dropout": 0.32, "power": 0.8}


def planned(instrument: str, kind: str = "parallel", **changes: Any) -> power.Answer:
    given = {name: one for name, one in {**ASKED, **changes}.items() if one is not None}
    options, sources = filled(kind_of(kind), instrument, given, {})
    return power.solve(power.design(kind, sources=sources, **options))


def test_cautious_ends_are_named_with_what_the_middle_gives():
    answer = planned("SWEMWBS")
    (note,) = middle_note(answer)
    middle = power.solve(power.design("parallel", diff=2, sd=4.4, **ASKED))
    assert "SD 4.9 of 3.9 to 4.9, difference 1.03 of 1 to 3" in note
    assert f"are {float(middle.unrounded):.3g} before rounding" in note
    assert f"not {float(answer.unrounded):.3g}" in note
    assert note in answer.notes


def test_a_range_too_narrow_to_matter_is_not_told():
    (note,) = middle_note(planned("EQ5D"))
    assert "SD 0.27 of 0.19 to 0.27." in note
    assert "difference" not in note


@pytest.mark.parametrize("changes", [{"sd": 4.0, "diff": 1.5}, {"sd": 4.9, "diff": 1.03}])
def test_what_the_planner_gave_is_not_said_to_come_from_the_questionnaire(changes):
    assert not list(middle_note(planned("SWEMWBS", **changes)))


def test_of_a_power_the_middle_has_its_own():
    (note,) = middle_note(planned("SWEMWBS", power=None, clusters=30))
    given = {**ASKED, "power": None, "clusters": 30}
    asked = {name: one for name, one in given.items() if one is not None}
    middle = power.solve(power.design("parallel", diff=2, sd=4.4, **asked))
    assert f"the power is {float(middle.power):.3f}" in note
