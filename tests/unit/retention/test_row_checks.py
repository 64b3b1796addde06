"""Rows (start, stop] that somebody made, looked over; and weekly employment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.errors import FitError
from splw_eval.core.findings import Severity
from splw_eval.retention.checks import RetentionError
from splw_eval.retention.hazards.cox import fit_cox
from splw_eval.retention.service.periods import person_period_rows
from splw_eval.retention.service.row_checks import check_rows

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "analyses" / "recidivism"
ROSSI = json.loads(
    (ROOT / "tests" / "reference" / "rossi_time_varying.json").read_text(encoding="utf-8")
)["results"]


def made(*rows, **columns):
    frame = pd.DataFrame(rows, columns=["who", "start", "stop", "event"])
    return frame.assign(**columns)


def found_in(frame, **options):
    findings = check_rows(frame, "who", "start", "stop", "event", **options)
    return [(f.code, f.rows) for f in findings]


GOOD = (("a", 0, 5, 0), ("b", 2, 9, 1), ("a", 5, 8, 1))


def test_good_rows_in_any_order_are_left_alone():
    assert found_in(made(*GOOD)) == []
    assert found_in(made(*GOOD[::-1])) == []


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ((("a", 5, 5, 0), ("b", 9, 2, 1)), [("SR08", (1, 2))]),
        ((("a", 4, 8, 0), ("a", 0, 5, 0)), [("SR17", (1,))]),
        ((("a", 0, 5, 0), ("a", 0, 5, 0)), [("SR17", (2,))]),
        ((("a", 0, 20, 0), ("a", 2, 4, 0), ("a", 6, 9, 0)), [("SR17", (2, 3))]),
        ((("a", 0, 5, 0), ("a", 7, 8, 1)), [("SR34", (2,))]),
        ((("a", 0, 5, 1), ("a", 5, 8, 0)), [("SR35", (1,))]),
        ((("a", 0, np.nan, 1), (None, 5, 8, 0)), [("SR04", (2,)), ("SR04", (1,))]),
    ],
    ids=["no length", "overlap", "twice", "one inside", "gap", "ending before", "missing"],
)
def test_what_is_wrong_with_rows_is_found_with_its_rows(rows, expected):
    assert found_in(made(*rows)) == expected


def test_a_gap_is_a_warning_and_the_rest_are_errors():
    (gap,) = check_rows(made(("a", 0, 5, 0), ("a", 7, 8, 1)), "who", "start", "stop")
    assert gap.severity is Severity.WARNING
    (short,) = check_rows(made(("a", 5, 5, 0)), "who", "start", "stop")
    assert short.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ((0, 2, 5), []),
        ((1, 2, 5), [("SR36", (1,))]),
        ((0, 9, 5), [("SR36", (2,))]),
        ((0, 2, 10), [("SR36", (3,))]),
        ((np.nan, 2, 5), []),
    ],
    ids=["in time", "too late for the row", "on the day", "after", "missing"],
)
def test_a_cause_measured_too_late_is_found(measured, expected):
    frame = made(*GOOD, seen=measured)
    assert found_in(frame, measured={"mode": "seen"}) == expected


def test_a_longer_lag_asks_for_earlier_measurement():
    frame = made(("a", 4, 9, 1), seen=[3])
    assert found_in(frame, measured={"mode": "seen"}, lag=1) == []
    assert found_in(frame, measured={"mode": "seen"}, lag=2) == []
    assert found_in(frame, measured={"mode": "seen"}, lag=3) == [("SR36", (1,))]
    assert found_in(frame, measured={"mode": "seen"}, lag=0) == [("SR36", ())]


@pytest.mark.parametrize(
    "rows",
    [
        [(0, 0.1), (0.1, 0.7)],
        [(0, 0.3), (0.3, 0.9), (0.1 + 0.2 + 0.6, 3)],
        [(0, 0.7), (0.7, 0.9), (0.3 * 3, 1)],
        [(0, 1e6 + 0.1), (1e6 + 0.1, 1e6 + 0.3)],
    ],
)
def test_fractions_of_days_that_touch_neither_overlap_nor_leave_a_gap(rows):
    people = [(who, *days, 0) for who in "abcdefgh" for days in rows]
    assert found_in(made(*people)) == []
    apart = [(who, a + 1e-6 * (a > 0), b, 0) for who in "ab" for a, b in rows]
    assert {code for code, _ in found_in(made(*apart))} == {"SR34"}


@pytest.mark.parametrize(
    ("column", "cells", "expected"),
    [
        ("event", ["no", "no", "yes"], [("SR02", (1, 2, 3))]),
        ("event", [0, -1, 1], [("SR05", (2,))]),
        ("event", [0, 2.5, 1], [("SR05", (2,))]),
        ("event", [False, False, True], []),
        ("start", [-4, 0, 5], [("SR03", (1,))]),
        ("start", [-1, 0, 5], []),
        ("start", pd.to_datetime(["2024-01-01"] * 3), [("SR02", ())]),
        ("stop", pd.to_timedelta([5, 9, 8], unit="D"), [("SR02", ())]),
        ("stop", ["5", "9", "8"], [("SR02", ())]),
    ],
)
def test_columns_are_read_as_for_a_model(column, cells, expected):
    rows = (("a", 0, 5, 0), ("b", 2, 9, 0), ("a", 5, 8, 1))
    found = found_in(made(*rows).assign(**{column: cells}))
    assert found == expected


def test_days_of_measurement_are_no_dates():
    seen = np.array(["2024-01-01", "NaT", "NaT"], dtype="M8[s]")
    assert found_in(made(*GOOD, seen=seen), measured={"mode": "seen"}) == [("SR02", ())]


@pytest.mark.parametrize("lag", [np.nan, "1", True, None])
def test_a_lag_that_is_no_number_is_told(lag):
    assert found_in(made(*GOOD), lag=lag) == [("SR36", ())]


def test_what_is_no_frame_is_refused():
    nothing: Any = None
    with pytest.raises(FitError, match="must be a pandas DataFrame"):
        check_rows(nothing, "who", "start", "stop")
    with pytest.raises(FitError, match="must be a pandas DataFrame"):
        person_period_rows(nothing, id="id", time="week", event="left", exposures={})


def test_columns_that_are_not_there_are_named_together():
    findings = check_rows(made(*GOOD), "id", "from", "stop")
    assert [(f.code, f.column) for f in findings] == [("SR01", "id"), ("SR01", "from")]


# Weekly employment.

WEEKS = {"employed": [f"emp{k}" for k in range(1, 53)]}


@pytest.fixture(scope="module")
def rossi():
    people = pd.read_csv(DATA / "rossi.csv").drop(columns="educ")
    for week in WEEKS["employed"]:
        people[week] = people[week].eq("yes").astype(float)
    yes = {"race": "black", "mar": "married"}
    for name in ("fin", "race", "wexp", "mar", "paro"):
        people[name] = people[name].eq(yes.get(name, "yes")).astype(float)
    return people


@pytest.mark.parametrize(("result", "lag"), [("employed", 0), ("lagged", 1)])
def test_weekly_employment_agrees_with_coxph(rossi, result, lag):
    rows = person_period_rows(rossi, id="id", time="week", event="arrest", exposures=WEEKS, lag=lag)
    assert rows.counts["rows"] == ROSSI["person_weeks"] - lag * len(rossi)
    assert check_rows(rows.frame, "id", "start", "stop", "event") == ()
    fitted = fit_cox(
        rows.frame,
        start="start",
        time="stop",
        event="event",
        covariates=["fin", "age", "race", "wexp", "mar", "paro", "prio", "employed"],
        id="id",
    )
    table = ROSSI[result].values()
    found = fitted.coefficients
    np.testing.assert_allclose(found["estimate"], [r["coef"] for r in table], rtol=1e-6)
    np.testing.assert_allclose(found["std_error"], [r["se(coef)"] for r in table], rtol=1e-6)
    assert [f.code for f in rows.findings] == (["SR36"] if lag == 0 else [])


def weeks(*rows):
    return pd.DataFrame(rows, columns=["id", "week", "left", "w1", "w2", "w3"])


def periods(frame, **options):
    asked = {"exposures": {"work": ["w1", "w2", "w3"]}} | options
    return person_period_rows(frame, id="id", time="week", event="left", **asked)


def test_each_row_holds_what_was_one_period_before():
    frame = weeks(("a", 3, 1, 5, 6, 7), ("b", 2, 0, 8, 9, np.nan), ("c", 1, 1, 4, np.nan, np.nan))
    rows = periods(frame)
    assert rows.frame.to_numpy().tolist() == [
        ["a", 1, 2, 0, 5],
        ["a", 2, 3, 1, 6],
        ["b", 1, 2, 0, 8],
    ]
    assert rows.counts["people who left before the rows begin"] == 1
    assert (rows.counts["endings"], rows.counts["endings in the rows"]) == (2, 1)


@pytest.mark.parametrize(
    ("frame", "options", "code"),
    [
        (weeks(("a", 3, 1, 5, 6, 7), ("a", 2, 0, 8, 9, 1)), {}, "SR12"),
        (weeks(("a", 0, 1, 5, 6, 7)), {}, "SR02"),
        (weeks(("a", 2.5, 1, 5, 6, 7)), {}, "SR02"),
        (weeks(("a", 5, 1, 5, 6, 7)), {}, "SR02"),
        (weeks(("a", 3, np.nan, 5, 6, 7)), {}, "SR04"),
        (weeks(("a", 3, "no", 5, 6, 7)), {}, "SR02"),
        (weeks(("a", 3, -1, 5, 6, 7)), {}, "SR05"),
        (weeks(("a", 3, 2.5, 5, 6, 7)), {}, "SR05"),
        (weeks(("a", pd.Timestamp("2024-01-01"), 1, 5, 6, 7)), {}, "SR02"),
        (weeks(("a", 3, 1, 5, 6, 7)), {"lag": -1}, "SR12"),
        (weeks(("a", 3, 1, 5, 6, 7)), {"lag": np.nan}, "SR12"),
        (weeks(("a", 3, 1, 5, 6, 7)), {"lag": "1"}, "SR12"),
        (weeks(("a", 3, 1, 5, 6, 7)), {"lag": True}, "SR12"),
        (weeks(("a", 3, 1, 5, 6, 7)), {"exposures": {"work": ["w1", "w4"]}}, "SR01"),
        (weeks(("a", 3, 1, 5, 6, 7)).assign(start=1), {}, "SR12"),
    ],
)
def test_a_wide_table_that_cannot_be_cut_is_refused(frame, options, code):
    with pytest.raises(RetentionError) as caught:
        periods(frame, **options)
    assert [f.code for f in caught.value.findings] == [code]
