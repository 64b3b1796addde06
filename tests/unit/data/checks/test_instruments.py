"""Forms and scorings that are taken for each other."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data.checks.instruments import check, metric_only, raw_only
from tests.unit.data.given_tables import PEOPLE, found, only, plan_with
from tests.unit.given_study import outcome


def plan_of(instrument, limits, **changes):
    told = outcome(label="Score", instrument=instrument, range=limits, **changes)
    return plan_with(outcomes=[told])


def measures(*scores):
    """One record a score: each person's baseline, then month 3."""
    people = [["person", "referred"]]
    rows = [["person", "wave", "date", "phq"]]
    for i, score in enumerate(scores):
        people.append([f"p{i}", "2025-01-10"])
        rows.append([f"p{i}", "baseline", "2025-01-12", str(score)])
    return people, rows


def swemwbs(version, *scores):
    plan = plan_of("SWEMWBS", [7, 35], **({"version": version} if version else {}))
    return plan, *measures(*scores)


@pytest.mark.parametrize(
    ("version", "scores", "rows"),
    [
        ("metric score", (19.25, 20, 35), (3,)),
        ("metric score", (19.3, 20, 21), (4,)),
        ("metric score", (19.25, 19.3, 20), (4,)),
        ("raw score", (20, 21, 19.25), (4,)),
        (None, (19.25, 20.73, 20), (4,)),
        (None, (19.3, 20.7, 21), (4,)),
    ],
)
def test_raw_and_metric_scores_do_not_mix(version, scores, rows):
    warning = only(check, *swemwbs(version, *scores))
    assert (warning.code, warning.severity, warning.rows) == ("SW72", Severity.WARNING, rows)


@pytest.mark.parametrize(
    ("version", "scores"),
    [
        ("metric score", (19.25, 7, 35)),
        ("metric score", (19.3, 20, 25, 26)),  # 19.98, 25.03 and 26.02, to one decimal
        ("raw score", (20, 7, 35)),
        ("raw score", (19.83, 22.17)),  # one item was missing, and its share was put in
        (None, (20, 21)),
        (None, (19.25, 35)),
    ],
)
def test_one_kind_of_score_is_no_finding(version, scores):
    assert found(check, *swemwbs(version, *scores)) == {}


def test_the_ends_of_the_scale_are_both_kinds():
    scores = np.array([7.0, 35.0, np.nan])
    assert not raw_only(scores).any()
    assert not metric_only(scores).any()


@pytest.mark.parametrize(
    ("instrument", "limits"),
    [("SWEMWBS", [14, 70]), ("WEMWBS", [7, 35]), ("UCLA 3-item loneliness", [0, 9])],
)
def test_the_range_of_another_form_is_a_warning(instrument, limits):
    warning = only(check, plan_of(instrument, limits), *measures(20.73 if limits[1] > 9 else 5))
    assert (warning.code, warning.severity) == ("SW73", Severity.WARNING)


@pytest.mark.parametrize(
    ("instrument", "limits", "score"),
    [
        ("Short WEMWBS", [7, 35], 20.73),
        ("WEMWBS", [14, 70], 50),
        ("UCLA-3", [3, 9], 5),
        ("UCLA-3", [0, 6], 2),
        ("PHQ-9", [0, 27], 5),
        ("UCLA-20", [20, 80], 30),
    ],
)
def test_the_usual_range_is_no_finding(instrument, limits, score):
    assert found(check, plan_of(instrument, limits), *measures(*[score] * 25)) == {}


@pytest.mark.parametrize(
    ("instrument", "limits", "score"), [("WEMWBS", [14, 70], 22), ("UCLA-3", [0, 6], 4)]
)
def test_scores_that_all_fit_the_other_form_are_a_warning_where_there_are_enough(
    instrument, limits, score
):
    plan = plan_of(instrument, limits)
    assert only(check, plan, *measures(*[score] * 25)).code == "SW73"
    assert found(check, plan, *measures(*[score] * 5)) == {}


@pytest.mark.parametrize("instrument", ["who5", "WHO-5 index of this week"])
def test_raw_sums_where_per_cent_were_said_are_a_warning(instrument):
    plan = plan_of(instrument, [0, 100], direction="higher_is_better", step=1)
    warning = only(check, plan, *measures(*range(5, 26)))
    assert warning.code == "SW73"
    assert "0 to 25, as if they were the score raw of who5" in warning.problem
    assert found(check, plan, *measures(*range(0, 24, 4), *[20] * 20)) == {}  # per cent, and low
    assert found(check, plan, *measures(*range(5, 27))) == {}


def test_this_file_gives_people_and_measures_in_the_order_of_the_plan():
    assert measures(1)[0][0] == PEOPLE[0]
