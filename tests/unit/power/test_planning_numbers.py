"""Published numbers for planning: found by any name, used only where nothing else was given."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.instruments import read_catalogue
from splw_eval.power import DesignError, PlanningNumbers, numbers_for
from splw_eval.power.kinds import kind_of
from splw_eval.power.planning_numbers import filled, names

PARALLEL = kind_of("parallel")


def held_of(name: str) -> PlanningNumbers:
    held = numbers_for(name)
    assert held is not None
    return held


@pytest.mark.parametrize("word", ["SWEMWBS", "swemwbs", "EQ5D", "EQ-5D-5L", "ONS4", "ons_4"])
def test_a_questionnaire_is_found_by_any_of_its_names(word):
    assert numbers_for(word) is not None


def test_every_name_is_one_of_the_catalogue():
    catalogue = set(read_catalogue())
    for name in names():
        assert name in catalogue or held_of("eq5d_5l_england_2018").name == name


def test_every_number_has_a_source_and_says_whether_it_was_checked():
    for name in names():
        held = held_of(name)
        for one in (held.sd, held.sd_change, held.mid, held.icc):
            if one is not None:
                assert one.source
                assert one.status in {"checked", "recalled", "worked out"}
                low, high = one.low, one.high
                assert low is None or high is None or low <= one.value <= high
        assert held.mid is not None or held.why_no_mid


def test_what_was_not_given_is_filled_in_with_its_source():
    given, sources = filled(PARALLEL, "EQ-5D", {"icc": 0.01, "size": 30, "power": 0.8}, {})
    assert given["sd"] == 0.27
    assert given["diff"] == 0.063
    assert "checked" in sources["sd"]
    assert "recalled" in sources["diff"]
    assert sources["instrument"] == "eq5d"


def test_what_was_given_stands():
    given, sources = filled(PARALLEL, "EQ-5D", {"sd": 0.2, "diff": 0.05, "size": 30}, {})
    assert (given["sd"], given["diff"]) == (0.2, 0.05)
    assert set(sources) == {"instrument"}


def test_where_the_difference_is_sought_none_is_filled_in():
    asked: dict[str, Any] = {"clusters": 15, "size": 30, "icc": 0.01, "power": 0.8}
    given, _ = filled(PARALLEL, "EQ-5D", asked, {})
    assert "diff" not in given
    assert filled(PARALLEL, "EQ-5D", {**asked, "diff": "mid"}, {})[0]["diff"] == 0.063


def test_change_in_one_group_takes_the_sd_of_change():
    given, _ = filled(kind_of("pre-post"), "UCLA-3", {"diff": 0.5, "patients": 60}, {})
    assert given["sd_change"] == 1.69
    assert "sd" not in given


def test_a_difference_that_nobody_agreed_on_is_refused_and_not_made_up():
    with pytest.raises(DesignError, match=r"SZ02 --diff.*ONS4"):
        filled(PARALLEL, "ONS4", {"clusters": 20, "size": 30, "icc": 0.02}, {})


def test_a_questionnaire_of_which_nothing_is_known_is_refused_with_those_there_are():
    with pytest.raises(DesignError, match=r"SZ03.*--instrument.*swemwbs"):
        filled(PARALLEL, "unheard", {}, {})
