"""Curves of retention by counting, against R's survival and cmprsk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.survival.curves import survival_curve
from splw_eval.stats.survival.day_counts import count_days
from splw_eval.stats.survival.incidence import cumulative_incidence
from splw_eval.stats.survival.restricted_mean import restricted_mean, time_lost

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "reference"
needs_data = pytest.mark.skipif(not SHARED.is_dir(), reason=f"The data are not at {SHARED}.")
R = json.loads((HERE / "day_counts.json").read_text(encoding="utf-8"))
DAYS = R["days"]
# The same closed formulas, so only rounding may differ; more of it where influences are summed.
SAME, REL = 1e-12, 1e-11


@pytest.fixture(scope="module")
def made():
    i = np.arange(300)
    cause = (i**2 + i // 7) % 3
    return {"day": 1 + 37 * i % 97, "cause": cause, "cluster": i % 15, "causes": 2}


@pytest.fixture(scope="module")
def weights():
    return 0.5 + (11 * np.arange(300) % 7) / 7


def close(found, expected):
    np.testing.assert_allclose(found, expected, rtol=REL)


def test_the_share_still_engaged_and_its_errors_agree_with_r(made):
    curve = survival_curve(count_days(**made))
    close(curve.estimate[DAYS], R["survival"])
    close(curve.std_error[DAYS], R["greenwood"])
    close(curve.robust_std_error[DAYS], R["survival_practice"])
    close([curve.conf_low[20], curve.conf_high[20]], R["limits_day_20"])


def test_the_weighted_share_and_its_practice_error_agree_with_r(made, weights):
    curve = survival_curve(count_days(**made, weights=weights))
    close(curve.estimate[DAYS], R["weighted_survival"])
    close(curve.robust_std_error[DAYS], R["weighted_practice"])


def test_the_shares_by_cause_and_their_errors_agree_with_r(made):
    found = cumulative_incidence(count_days(**made))
    close(found.estimate[:, DAYS], R["incidence"])
    close(found.std_error[:, DAYS], R["incidence_error"])
    close(found.robust_std_error[:, DAYS], R["incidence_practice"])


def test_the_mean_days_engaged_agree_with_r(made):
    found = restricted_mean(count_days(**made), 80)
    close([found.estimate[0], found.std_error[0]], R["restricted_mean_80"])
    close(found.robust_std_error[0], R["restricted_mean_80_practice"])


def test_the_days_lost_to_each_cause_agree_with_r(made):
    found = time_lost(count_days(**made), 80)
    close(found.estimate, R["time_lost_80"])
    close(found.robust_std_error, R["time_lost_80_practice"])


def rows(name):
    with (SHARED / "data" / f"{name}.csv").open(encoding="utf-8") as file:
        lines = [line.rstrip("\n").split(",") for line in file]
    names = [name.strip('"') for name in lines[0]]
    return [dict(zip(names, line, strict=True)) for line in lines[1:]]


def outside(name):
    return json.loads((SHARED / "results" / f"{name}.json").read_text(encoding="utf-8"))["results"]


def curve_of(people, time, event):
    day = np.array([int(person[time]) for person in people])
    cause = np.array([int(person[event]) for person in people])
    return survival_curve(count_days(day, cause, causes=1))


@needs_data
@pytest.mark.parametrize(
    ("name", "data", "group", "time", "event"),
    [
        ("pharmacosmoking", "pharmacosmoking", "grp", "ttr", "relapse"),
        ("addicts_retention", "addicts", "clinic", "survt", "status"),
    ],
)
def test_the_curves_of_published_data_agree_with_r(name, data, group, time, event):
    people, expected = rows(data), outside(name)["km"]
    for label in {row["strata"] for row in expected}:
        members = [one for one in people if one[group] == label.split("=")[1]]
        curve = curve_of(members, time, event)
        for row in (row for row in expected if row["strata"] == label):
            at = row["time"]
            assert curve.estimate[at] == pytest.approx(row["surv"], rel=SAME)
            if "se" in row:
                assert curve.std_error[at] == pytest.approx(row["se"], rel=SAME)


@needs_data
def test_the_median_stay_of_published_data_agrees_with_r():
    people, expected = rows("addicts"), outside("addicts_retention")["median"]
    for clinic in ("1", "2"):
        curve = curve_of([one for one in people if one["clinic"] == clinic], "survt", "status")
        below = np.flatnonzero(curve.estimate <= 0.5)
        assert (int(below[0]) if below.size else None) == expected[f"clinic{clinic}"]


@needs_data
def test_competing_causes_of_published_data_agree_with_r():
    people, expected = rows("judges"), outside("judges_competing_risks")
    tenure = np.array([int(one["tenure"]) for one in people])
    cause = np.array([int(one["dead"]) + 2 * int(one["retired"]) for one in people])
    found = cumulative_incidence(count_days(tenure, cause, causes=2))
    np.testing.assert_allclose(
        found.estimate[:, expected["times"]], expected["cif"]["est"], rtol=SAME
    )
    retired = survival_curve(count_days(tenure, (cause == 2).astype(int), causes=1))
    np.testing.assert_allclose(
        1 - retired.estimate[expected["times"]], expected["one_minus_km_retired"], rtol=SAME
    )
