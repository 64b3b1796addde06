"""Causes of leaving that change over time: small services by hand, and the example."""

from __future__ import annotations

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
from splw_eval.retention.service.row_checks import check_rows
from tests.unit.retention.given_service import contact, episode, service, support, worker

ROOT = Path(__file__).resolve().parents[3]
DAYS = ["start", "stop", "event"]


def left(day=100, reason="travel cost"):
    return [episode(1, close_date=day, close_reason=reason)]


def rows_of(study, *columns, shielded=False, **options):
    """Days of each row, and some of its causes; None where one is missing."""
    frame = time_varying_causes(study, shielded=shielded, **options).frame[[*DAYS, *columns]]
    return [[None if x != x else x for x in row] for row in frame.to_numpy().tolist()]  # noqa: PLR0124


def test_rows_begin_at_the_first_contact_and_are_cut_the_day_after_each(base):
    contacts = [contact(1, 10), contact(1, 30, mode="telephone"), contact(1, 60, mode="video")]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "share_remote", "days_to_first_contact") == [
        [0, 20, 0, 0, 10],
        [20, 50, 0, 0.5, 10],
        [50, 90, 2, pytest.approx(2 / 3), 10],
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
    assert rows_of(study, "share_remote") == [[0, 90, 2, 0]]


def test_another_link_worker_is_a_change_from_the_next_day_on(base):
    contacts = [contact(1, 10), contact(1, 40, link_worker="w2"), contact(1, 70)]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "worker_changed", "days_since_change") == [
        [0, 30, 0, 0, 0],
        [30, 60, 0, 1, 0],
        [60, 90, 2, 1, 30],
    ]


def test_a_link_worker_who_left_is_a_change_that_nobody_has_to_live_to_see(base):
    study = service(
        base,
        episodes=left(),
        contacts=[contact(1, 10)],
        link_workers=[worker("w1", 49), worker("w2")],
    )
    for shielded in (True, False):
        found = rows_of(study, "worker_changed", shielded=shielded)
        assert found == [[0, 40, 0, 0], [40, 90, 2, 1]]


def test_a_missed_contact_with_another_link_worker_is_no_change(base):
    missed = contact(1, 40, link_worker="w2", attended=0.0)
    study = service(base, episodes=left(), contacts=[contact(1, 10), missed])
    assert rows_of(study, "worker_changed") == [[0, 90, 2, 0]]


def test_what_contacts_and_support_tell_is_held_back_by_the_silence_and_four_weeks(base):
    study = service(
        base,
        episodes=left(300),
        contacts=[
            contact(1, 10),
            *(contact(1, d, mode="video", link_worker="w2") for d in (50, 120, 200, 280)),
        ],
        support=[support(1, 10, 3), support(1, 60, 5)],
    )
    columns = ("share_remote", "worker_changed", "days_since_change", "travel_cost")
    assert rows_of(study, *columns, shielded=True) == [
        [0, 158, 0, 0, 0, 0, 3],
        [158, 168, 0, 0.5, 1, 118, 3],
        [168, 228, 0, 0.5, 1, 128, 5],
        [228, 290, 2, pytest.approx(2 / 3), 1, 188, 5],
    ]
    never = build_episodes(study, {"days_without_contact": 0})
    plain = time_varying_causes(never, shielded=False).frame
    pd.testing.assert_frame_equal(time_varying_causes(never).frame, plain)
    rules = time_varying_causes(study).rules["held back"]
    assert "118 days earlier" in rules
    assert "90 days for the silence" in rules
    assert "in a slower rhythm than that, a ratio can still lie somewhat off 1" in rules


def test_a_chasing_call_after_the_last_visit_changes_nothing_before_the_loss_of_touch(base):
    call = contact(1, 50, link_worker="w2", mode="telephone", attended=0.0)
    study = service(base, episodes=[episode(1)], contacts=[contact(1, 10), call])
    for shielded in (True, False):
        found = rows_of(study, "worker_changed", "share_remote", shielded=shielded)
        assert found == [[0, 90, 2, 0, 0]]


def test_two_link_workers_on_the_first_day_are_no_change(base):
    contacts = [contact(1, 10, link_worker=w) for w in ("w2", "w1")]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "worker_changed") == [[0, 90, 2, 0]]


def test_where_no_link_worker_is_named_a_change_is_not_known(base):
    study = service(base, episodes=left(), contacts=[contact(1, 10, link_worker="")])
    assert rows_of(study, "worker_changed", "days_since_change") == [[0, 90, 2, None, None]]


def test_the_cost_is_that_of_the_last_support_and_missing_before_any(base):
    study = service(
        base,
        episodes=left(),
        contacts=[contact(1, 10)],
        support=[support(1, 50, 4), support(1, 20, 2.5), support(1, 20, 1), support(1, 30, np.nan)],
    )
    assert rows_of(study, "travel_cost") == [
        [0, 10, 0, None],
        [10, 40, 0, 2.5],
        [40, 90, 2, 4],
    ]


def test_a_longer_lag_moves_every_cause_and_the_first_row(base):
    contacts = [contact(1, 10), contact(1, 30, mode="telephone")]
    study = service(base, episodes=left(), contacts=contacts)
    assert rows_of(study, "share_remote", lag_days=8) == [[7, 27, 0, 0], [27, 90, 2, 0.5]]
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
        [0, 90, 2, 0, 0, None]
    ]
    late = [f for f in found.findings if f.code == "SR36"]
    assert [(f.severity, f.rows, f.of_rows) for f in late] == [
        (Severity.NOTE, (3,), 2),
        (Severity.NOTE, (2,), 1),
    ]


@pytest.mark.parametrize("lag", [np.nan, "1", True, 10**6, 1.5, np.inf])
def test_a_lag_that_is_no_number_of_days_is_refused(base, lag):
    study = service(base, episodes=left(), contacts=[contact(1, 10)])
    with pytest.raises(RetentionError, match="SR12 lag_days is no whole number from 1 to 36,500"):
        time_varying_causes(study, lag_days=lag)


@pytest.mark.parametrize("given", [None, pd.DataFrame(), "study.toml"])
def test_what_is_no_study_is_refused(given):
    with pytest.raises(RetentionError, match="SR12 the first argument is no Study"):
        time_varying_causes(given)


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


def test_rows_count_from_the_first_contact_whatever_day_0_of_the_episodes_is(base):
    study = service(base, episodes=left(), contacts=[contact(1, 10)])
    episodes = build_episodes(study, {"time_zero": "first_contact"})
    found = time_varying_causes(episodes)
    pd.testing.assert_frame_equal(found.frame, time_varying_causes(study).frame)
    assert found.frame[[*DAYS, "days_to_first_contact"]].to_numpy().tolist() == [[0, 90, 2, 10]]
    assert found.waiting.empty


def test_without_contacts_there_is_still_the_wait(base):
    study = service(base, episodes=[left()[0] | {"first_contact_date": 7}])
    assert rows_of(study, "days_to_first_contact", "share_remote", "worker_changed") == [
        [0, 93, 2, 7, None, None]
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
    return time_varying_causes(example, shielded=False)


def by_hand(example, row, lag=1, last=3, back=0):
    """Causes of one row, looked up contact by contact."""
    contacts, episodes = example.tables["contacts"], example.tables["episodes"]
    at = list(episodes.text("episode")).index(row["episode"])
    close = episodes.date("close_date")[at]
    mine = contacts.text("episode") == row["episode"]
    mine &= (contacts.number("attended") == 1) & ~(contacts.date("date") > close)
    zero = contacts.date("date")[mine].min()
    day = (contacts.date("date") - zero).astype(int)
    known = mine & (day <= max(row["start"] + 1 - lag - back, 0))
    modes = contacts.text("mode")[known][np.argsort(day[known], kind="stable")][-last:]
    held = [m in {"telephone", "video", "text message", "email", "letter"} for m in modes if m]
    workers = contacts.text("link_worker")
    first = workers[known][np.argmin(day[known])]
    staff = example.tables["link_workers"]
    end = staff.date("end_date")[list(staff.text("link_worker")).index(first)]
    gone = bool((end - zero).astype(int) + 1 <= row["start"] + 1 - lag) and not np.isnat(end)
    return np.mean(held) if held else np.nan, float(gone or (workers[known] != first).any())


@pytest.mark.parametrize("shielded", [True, False])
def test_rows_of_the_example_are_those_looked_up_one_by_one(example, shielded):
    frame = time_varying_causes(example, shielded=shielded).frame
    assert frame.groupby("episode").size().max() > (2 if shielded else 5)
    back = (example.plan.retention.days_without_contact + 28) * shielded
    sample = frame.iloc[:: max(len(frame) // 150, 1)]
    assert sample["worker_changed"].sum() > 3
    for _, row in sample.iterrows():
        share, changed = by_hand(example, row, back=back)
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
    days = days - episodes.frame.set_index("episode")["first_contact_day"]
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
    finer = time_varying_causes(example, split_days=7, shielded=False)
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
