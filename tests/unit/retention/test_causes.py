"""Causes of leaving that change over time: small services by hand, and weekly employment."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.findings import Severity
from splw_eval.data import load_study
from splw_eval.retention.checks import RetentionError
from splw_eval.retention.hazards.cox import fit_cox
from splw_eval.retention.service.causes import EXPOSURES, time_varying_causes
from splw_eval.retention.service.episodes import build_episodes
from splw_eval.retention.service.periods import person_period_rows
from splw_eval.retention.service.row_checks import check_rows
from tests.unit.retention.given_service import contact, episode, service, support, worker

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT.parent / "shared" / "reference" / "data"
ROSSI = json.loads(
    (ROOT / "tests" / "reference" / "rossi_time_varying.json").read_text(encoding="utf-8")
)["results"]
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason=f"The data are not at {DATA}.")
DAYS = ["start", "stop", "event"]


def left(day=100, reason="travel cost"):
    return [episode(1, close_date=day, close_reason=reason)]


def rows_of(study, *columns, **options):
    """Days of each row, and some of its causes; None where one is missing."""
    frame = time_varying_causes(study, **options).frame[[*DAYS, *columns]]
    return [[None if x != x else x for x in row] for row in frame.to_numpy().tolist()]  # noqa: PLR0124


def test_rows_begin_at_the_first_contact_and_are_cut_the_day_after_each(base):
    contacts = [contact(1, 10), contact(1, 30, mode="telephone"), contact(1, 60, mode="video")]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "share_remote", "days_to_first_contact") == [
        [10, 30, 0, 0, 10],
        [30, 60, 0, 0.5, 10],
        [60, 100, 2, pytest.approx(2 / 3), 10],
    ]


def test_the_share_looks_back_on_the_last_contacts_only_and_leaves_unknown_modes_out(base):
    modes = ("telephone", "in person", "other", "video", "group")
    contacts = [contact(1, 10 + 5 * i, mode=m) for i, m in enumerate(modes)]
    study = service(base, episodes=left(), contacts=contacts)
    shares = [row[-1] for row in rows_of(study, "share_remote", last_contacts=2)]
    assert shares == [1, 0.5, 0, 1, 0.5]
    strange = service(base, episodes=left(), contacts=[contact(1, 10, mode="")])
    found = time_varying_causes(strange)
    assert found.frame["share_remote"].isna().tolist() == [True]
    assert found.counts["rows without share_remote"] == 1
    assert "share_remote is not known in 1 of 1 rows" in {
        f.problem.partition(";")[0] for f in found.findings
    }


def test_a_contact_that_was_not_attended_is_no_contact_of_the_share(base):
    missed = contact(1, 20, mode="telephone", attended=0.0)
    study = service(base, episodes=left(), contacts=[contact(1, 10), missed])
    assert rows_of(study, "share_remote") == [[10, 100, 2, 0]]


def test_another_link_worker_is_a_change_from_the_next_day_on(base):
    contacts = [contact(1, 10), contact(1, 40, link_worker="w2"), contact(1, 70)]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "worker_changed", "days_since_change") == [
        [10, 40, 0, 0, 0],
        [40, 70, 0, 1, 0],
        [70, 100, 2, 1, 30],
    ]


def test_a_link_worker_who_left_is_a_change_that_nobody_has_to_live_to_see(base):
    study = service(
        base,
        episodes=left(),
        contacts=[contact(1, 10)],
        link_workers=[worker("w1", 49), worker("w2")],
    )
    assert rows_of(study, "worker_changed") == [[10, 50, 0, 0], [50, 100, 2, 1]]


def test_a_missed_contact_with_another_link_worker_is_a_change(base):
    missed = contact(1, 40, link_worker="w2", attended=0.0)
    study = service(base, episodes=left(), contacts=[contact(1, 10), missed])
    assert rows_of(study, "worker_changed") == [[10, 40, 0, 0], [40, 100, 2, 1]]


def test_two_link_workers_on_the_first_day_are_no_change(base):
    contacts = [contact(1, 10, link_worker=w) for w in ("w2", "w1")]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "worker_changed") == [[10, 100, 2, 0]]


def test_where_no_link_worker_is_named_a_change_is_not_known(base):
    study = service(base, episodes=left(), contacts=[contact(1, 10, link_worker="")])
    assert rows_of(study, "worker_changed", "days_since_change") == [[10, 100, 2, None, None]]


def test_the_cost_is_that_of_the_last_support_and_missing_before_any(base):
    study = service(
        base,
        episodes=left(),
        contacts=[contact(1, 10)],
        support=[support(1, 50, 4), support(1, 20, 2.5), support(1, 20, 1), support(1, 30, np.nan)],
    )
    assert rows_of(study, "travel_cost") == [
        [10, 20, 0, None],
        [20, 50, 0, 2.5],
        [50, 100, 2, 4],
    ]


def test_a_longer_lag_moves_every_cause_and_the_first_row(base):
    contacts = [contact(1, 10), contact(1, 30, mode="telephone")]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "share_remote", lag_days=8) == [[17, 37, 0, 0], [37, 100, 2, 0.5]]
    short = service(base, episodes=left(15), contacts=contacts[:1])
    found = time_varying_causes(short, lag_days=8)
    assert len(found.frame) == 0
    assert found.counts["over by the day on which rows begin"] == 1


def test_what_is_recorded_on_the_day_of_the_ending_explains_nothing_and_is_told(base):
    study = service(
        base,
        episodes=left(),
        contacts=[contact(1, 10), contact(1, 100, mode="telephone", link_worker="w2")],
        support=[support(1, 100, 9)],
    )
    found = time_varying_causes(study)
    assert rows_of(study, "share_remote", "worker_changed", "travel_cost") == [
        [10, 100, 2, 0, 0, None]
    ]
    late = [f for f in found.findings if f.code == "SR36"]
    assert [(f.severity, f.rows, f.of_rows) for f in late] == [
        (Severity.NOTE, (3,), 2),
        (Severity.NOTE, (2,), 1),
    ]


@pytest.mark.parametrize("lag", [0, -1, 0.5])
def test_a_lag_below_a_day_is_refused(base, lag):
    study = service(base, episodes=left(), contacts=[contact(1, 10)])
    with pytest.raises(RetentionError, match="SR36 with a lag below 1 day"):
        time_varying_causes(study, lag_days=lag)


def test_every_option_that_cannot_be_used_is_told_at_once(base):
    study = service(base, episodes=left(), contacts=[contact(1, 10)])
    with pytest.raises(RetentionError) as caught:
        time_varying_causes(study, lag_days=0, last_contacts=0, split_days=-1)
    assert [f.code for f in caught.value.findings] == ["SR36", "SR12", "SR12"]


def test_waiting_stands_apart_with_its_own_endings(base):
    study = service(
        base,
        cut=90,
        episodes=[
            *left(60),
            episode(2, close_date=9, close_reason="referral delay"),
            episode(3),
            episode(4, close_date=5, close_reason="moved"),
        ],
        contacts=[contact(1, 20), contact(4, 5)],
    )
    found = time_varying_causes(study)
    columns = ["episode", *DAYS, "contacted"]
    assert found.waiting[columns].to_numpy().tolist() == [
        ["e1", -1, 20, 0, True],
        ["e2", -1, 9, 2, False],
        ["e3", -1, 90, 0, False],
        ["e4", -1, 5, 3, True],
    ]
    assert found.frame["episode"].tolist() == ["e1"]
    assert found.counts["never contacted before the ending"] == 2
    assert found.counts["over by the day on which rows begin"] == 1


def test_counted_from_the_first_contact_the_wait_is_still_a_cause(base):
    study = service(base, episodes=left(), contacts=[contact(1, 10)])
    episodes = build_episodes(study, {"time_zero": "first_contact"})
    found = time_varying_causes(episodes)
    assert found.frame[[*DAYS, "days_to_first_contact"]].to_numpy().tolist() == [[0, 90, 2, 10]]
    assert found.waiting.empty


def test_without_contacts_there_is_still_the_wait(base):
    study = service(base, episodes=[left()[0] | {"first_contact_date": 7}])
    assert rows_of(study, "days_to_first_contact", "share_remote", "worker_changed") == [
        [7, 100, 2, 7, None, None]
    ]


def test_where_nobody_was_contacted_there_are_no_rows(base):
    found = time_varying_causes(service(base, episodes=left()))
    assert found.frame.empty
    assert set(EXPOSURES) <= set(found.frame.columns)
    assert len(found.waiting) == 1


@pytest.fixture(scope="module")
def example():
    return load_study(ROOT / "analyses" / "example_programme" / "study.toml")


@pytest.fixture(scope="module")
def causes(example):
    return time_varying_causes(example)


def by_hand(example, row, lag=1, last=3):
    """Causes of one row, looked up contact by contact."""
    contacts, episodes = example.tables["contacts"], example.tables["episodes"]
    at = list(episodes.text("episode")).index(row["episode"])
    zero, close = episodes.date("referral_date")[at], episodes.date("close_date")[at]
    mine = contacts.text("episode") == row["episode"]
    day = (contacts.date("date") - zero).astype(int)
    mine &= ~(contacts.date("date") > close)
    known = mine & (day <= row["start"] + 1 - lag)
    attended = known & (contacts.number("attended") == 1)
    modes = contacts.text("mode")[attended][np.argsort(day[attended], kind="stable")][-last:]
    held = [m in {"telephone", "video", "text message", "email", "letter"} for m in modes if m]
    workers = contacts.text("link_worker")
    first = workers[attended][np.argmin(day[attended])]
    staff = example.tables["link_workers"]
    end = staff.date("end_date")[list(staff.text("link_worker")).index(first)]
    gone = bool((end - zero).astype(int) + 1 <= row["start"] + 1 - lag) and not np.isnat(end)
    return np.mean(held) if held else np.nan, float(gone or (workers[known] != first).any())


def test_rows_of_the_example_are_those_looked_up_one_by_one(example, causes):
    shared = causes.frame.groupby("episode").size()
    assert shared.max() > 5
    sample = causes.frame.iloc[:: max(len(causes.frame) // 150, 1)]
    assert sample["worker_changed"].sum() > 3
    for _, row in sample.iterrows():
        share, changed = by_hand(example, row)
        assert row["share_remote"] == pytest.approx(share, nan_ok=True)
        assert row["worker_changed"] == changed


def test_rows_of_the_example_reconcile_with_its_episodes(example, causes):
    episodes, counts = build_episodes(example), causes.counts
    assert check_rows(causes.frame, "episode", "start", "stop", "event") == ()
    assert counts["episodes"] == len(episodes) == counts["rows of waiting"]
    apart = counts["never contacted before the ending"]
    apart += counts["over by the day on which rows begin"]
    assert counts["episodes"] == counts["episodes in the rows"] + apart
    assert causes.frame["episode"].nunique() == counts["episodes in the rows"]
    waited = (causes.waiting["event"] != 0).sum()
    assert counts["endings in the rows"] + waited == counts["endings"]
    last = causes.frame.groupby("episode")["stop"].max()
    days = episodes.frame.set_index("episode")["day"]
    assert (last == days.loc[last.index]).all()


COVARIATES = ["worker_changed", "share_remote", "days_to_first_contact"]


def hazards(frame):
    fitted = fit_cox(
        frame,
        start="start",
        time="stop",
        event="event",
        cause=2,
        covariates=COVARIATES,
        cluster="cluster",
        vcov="sandwich",
    )
    return fitted.coefficients["estimate"].to_numpy()


def test_cutting_rows_more_often_changes_no_hazard_ratio(example, causes):
    finer = time_varying_causes(example, split_days=7)
    assert len(finer.frame) > 2 * len(causes.frame)
    np.testing.assert_allclose(hazards(finer.frame), hazards(causes.frame), rtol=1e-8)
    since = finer.frame["days_since_change"]
    assert since.max() > causes.frame["days_since_change"].max() - 7
    assert since[finer.frame["worker_changed"] == 0].eq(0).all()


def test_the_order_of_rows_in_the_files_changes_nothing(base):
    random = np.random.default_rng(8)
    modes, contacts = ("telephone", "in person", "other"), []
    for i, day, mode, who, came in random.integers(0, (4, 90, 3, 2, 2), (80, 5)):
        made = contact(int(i) + 1, int(day), mode=modes[mode], link_worker=f"w{who}")
        contacts.append(made | {"attended": float(came)})
    episodes = [episode(i, close_date=95, close_reason="moved") for i in range(1, 5)]
    costs = [support(1, 20, 3), support(1, 20, 1), support(2, 40, 5)]
    one = service(base, episodes=episodes, contacts=contacts, support=costs)
    other = service(base, episodes=episodes, contacts=contacts[::-1], support=costs[::-1])
    pd.testing.assert_frame_equal(time_varying_causes(one).frame, time_varying_causes(other).frame)


# Rows that somebody made.


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


@needs_data
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
        (weeks(("a", 3, 1, 5, 6, 7)), {"lag": -1}, "SR12"),
        (weeks(("a", 3, 1, 5, 6, 7)), {"exposures": {"work": ["w1", "w4"]}}, "SR01"),
        (weeks(("a", 3, 1, 5, 6, 7)).assign(start=1), {}, "SR12"),
    ],
)
def test_a_wide_table_that_cannot_be_cut_is_refused(frame, options, code):
    with pytest.raises(RetentionError) as caught:
        periods(frame, **options)
    assert [f.code for f in caught.value.findings] == [code]
