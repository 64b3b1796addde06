"""Highest possible scores where an item does not apply: kept by person and wave, and compared."""

from __future__ import annotations

import numpy as np

from tests.unit.data.given_items import items_plan, wellbeing
from tests.unit.given_study import Rows
from tests.unit.loading import loaded

RETIRED = {"work_not_applicable": {"column": "retired"}}
HEAD = ["person", "wave", "retired", *(f"q{k}" for k in range(1, 6))]


def plan(**changes):
    return items_plan(wellbeing(instrument="wsas", label="WSAS", options=RETIRED), **changes)


def rows(*people):
    """Rows of people who answer 4 to items 2 to 5, by what they say of work at two waves."""
    found: Rows = [list(HEAD)]
    for i, works in enumerate(people):
        for wave, work in zip(("baseline", "month_3"), works, strict=True):
            found.append([f"p{i}", wave, "yes" if work is None else "no", work, 4, 4, 4, 4])
    return found


def test_the_highest_possible_score_stands_beside_each_score(tmp_path):
    study = loaded(tmp_path, plan(), measures=rows((8, None), (4, 4), (None, None)))
    assert study.maximum["wellbeing"].tolist() == [[40, 32], [40, 40], [32, 32]]
    assert study.scores["wellbeing"].tolist() == [[24, 16], [20, 20], [16, 16]]


def test_there_is_nothing_beside_scores_that_are_all_out_of_the_same(tmp_path):
    study = loaded(tmp_path, plan(), measures=rows((8, 2), (4, 4)))
    assert study.maximum == {}
    assert [f for f in study.findings if f.code == "SW139"] == []


def test_later_scores_out_of_another_maximum_are_reported_by_row(tmp_path):
    study = loaded(tmp_path, plan(), measures=rows((8, None), (4, 4), (None, 3)))
    (found,) = [f for f in study.findings if f.code == "SW139"]
    assert [int(row) for row in found.rows] == [3, 7]
    assert "WSAS" in found.problem
    assert "no change is counted" in found.remedy


def test_ready_made_totals_have_the_maximum_that_the_plan_tells_of(tmp_path):
    ready = plan()
    ready["files"][0] |= {"items": {}, "scores": {"wellbeing": "total"}}
    head = ["person", "wave", "retired", "total"]
    cells = [["p1", "baseline", "no", 24], ["p1", "month_3", "yes", 16]]
    study = loaded(tmp_path, ready, measures=[head, *cells])
    assert study.maximum["wellbeing"].tolist() == [[40, 32]]


def test_a_wave_without_a_score_has_no_maximum(tmp_path):
    given = rows((8, None), (4, 4))[:-1]
    study = loaded(tmp_path, plan(), measures=given)
    assert np.isnan(study.maximum["wellbeing"][1, 1])
