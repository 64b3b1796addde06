"""What an answer says of the mixed model that will be fitted, where that has another power."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power
from splw_eval.power.words.fitted import gap_in_words, is_short

UNLIKE = (4, 8, 15, 22, 41)
VISITS: dict[str, Any] = {
    **{"d": 0.38, "icc": 0.05, "clusters": 16, "size": 15, "iac": 0.6, "cac": 0.8},
    **{"visits": (0, 3, 6, 12), "baseline": "clda"},
}
ERROR = 0.005
SHORT: dict[str, Any] = {"d": 0.5, "icc": 0.02, "clusters_arm": (5, 5), "sizes": UNLIKE * 2}


def notes(kind: str, **options: Any) -> str:
    return "\n".join(power.solve(power.design(kind, **options)).notes)


def test_both_rules_are_told_where_they_part_by_over_two_points():
    told = notes("cohort", **VISITS)
    rules = power.solve(power.design("cohort", **VISITS)).by_rule
    for rule in ("k-2", "satterthwaite"):
        assert f"{float(rules[rule]):.3f} by" in told
    assert "came between the two (" in told
    assert "also below the first" in notes("cohort", **{**VISITS, "clusters": 12})
    assert "--df satterthwaite" in told


def test_rules_that_are_near_or_not_the_default_are_not_told():
    said = "by Satterthwaite's degrees of freedom"
    assert said not in notes("parallel", d=0.46, icc=0.05, clusters=16, size=20)
    assert said not in notes("cohort", **VISITS, df="satterthwaite")
    assert said not in notes("cohort", **VISITS, test="z")
    assert said not in notes("cohort", **{**VISITS, "clusters": 60, "d": 0.2})


def test_where_satterthwaite_has_fewer_it_is_said_that_less_will_be_found():
    told = notes(
        "baseline",
        **{"d": 0.38, "icc": 0.01, "clusters_arm": (6, 6), "size": 16, "iac": 0.5},
        **{"cac": 0.8, "sampling": "cohort", "baseline": "change", "cv": 0.7},
    )
    assert "it will find less than k-2 says" in told


def test_few_unlike_clusters_with_a_small_icc_are_sent_to_the_simulation():
    said = "often estimated as zero"
    assert said in notes("parallel", **SHORT)
    assert "--simulate" in notes("parallel", **SHORT)
    assert said in notes("parallel", d=0.5, icc=0.02, clusters=10, size=18, cv=0.6)
    assert said not in notes("parallel", **{**SHORT, "icc": 0.2})
    assert said not in notes("parallel", d=0.5, icc=0.02, clusters=10, size=18)
    assert said in notes("parallel", d=0.5, icc=0.01, clusters=10, size=18)
    assert said not in notes("parallel", d=0.5, icc=0.02, clusters=20, size=18, cv=0.6)
    assert said not in notes("parallel", **SHORT, test="z")


@pytest.mark.parametrize("level", [float("nan"), 1.1])
def test_no_rule_holds_where_the_level_is_large_or_not_known(level):
    assert not is_short(10, 0.6, level)


def test_the_icc_of_changes_counts_where_changes_are_analysed():
    group: dict[str, Any] = {"d": 0.32, "icc": 0.05, "clusters": 12, "size": 8, "iac": 0.5}
    assert "estimated as zero" in notes("pre-post", **group, cac=0.8)
    assert "estimated as zero" not in notes("pre-post", **group, cac=0.3)
    assert "estimated as zero" not in notes("pre-post", d=0.32, patients=60, iac=0.5)


def test_a_stepped_wedge_of_few_clusters_is_told_to_have_more():
    options = {"d": 0.4, "icc": 0.05, "clusters": 12, "steps": 4, "size": 10, "cac": 0.8}
    assert "more degrees of freedom than k-2" in notes("stepped-wedge", **options)


def test_grids_carry_no_such_note():
    told = notes("parallel", **{**SHORT, "icc": (0.01, 0.02)})
    assert "estimated as zero" not in told


def test_a_gap_of_over_two_points_is_told_with_its_direction():
    more, less = gap_in_words(0.8, 0.76, ERROR), gap_in_words(0.76, 0.8, ERROR)
    assert more is not None
    assert "4.0 points more than the trials" in more
    assert "would find less than planned" in more
    assert less is not None
    assert "4.0 points less" in less
    assert gap_in_words(0.8, 0.785, ERROR) is None
    assert gap_in_words(0.8, float("nan"), ERROR) is None


def test_a_gap_that_few_trials_show_is_not_taken_for_one():
    told = gap_in_words(0.8, 0.76, 0.03)
    assert told is not None
    assert "by chance" in told
