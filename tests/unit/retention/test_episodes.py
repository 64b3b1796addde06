"""Episodes of small services, each rule worked out by hand."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.errors import DataError
from splw_eval.data import load_study
from splw_eval.data.vocabulary import UNMAPPED
from splw_eval.retention.delivery.funnel import uptake_funnel
from splw_eval.retention.service.episodes import build_episodes
from splw_eval.retention.staying.curves import retention_curve
from splw_eval.retention.staying.incidence import cumulative_incidence
from splw_eval.stats.survival.state_rows import read_states
from tests.unit.retention.given_service import CUT, contact, episode, service, worker

EXAMPLE = Path(__file__).resolve().parents[3] / "analyses" / "example_programme"


def ended(study, rules=None, number=1):
    """Day, event and ending of one episode."""
    frame = build_episodes(study, rules).frame.set_index("episode")
    row = frame.loc[f"e{number}"]
    return row["day"], row["event"], row["ending"]


def codes(episodes, code):
    return [f for f in episodes.findings if f.code == code]


def closed(reason, day=50, **more):
    return episode(1, close_date=day, close_reason=reason, **more)


@pytest.mark.parametrize(
    ("reason", "event", "ending"),
    [
        ("planned completion", 1, "planned completion"),
        ("travel cost", 2, "travel cost"),
        ("died", 3, "died"),
        ("", 4, "not recorded"),
        (UNMAPPED, 4, "not a word of the vocabulary"),
    ],
)
def test_a_close_reason_gives_the_cause_on_the_day_of_the_close(base, reason, event, ending):
    study = service(base, episodes=[closed(reason)], contacts=[contact(1, 10)])
    assert ended(study) == (50, event, ending)


def test_a_close_without_a_known_reason_is_counted_and_told(base):
    study = service(base, episodes=[closed(""), episode(2, close_date=5, close_reason=UNMAPPED)])
    episodes = build_episodes(study)
    assert episodes.counts["ended, reason not recorded"] == 2
    assert [f.rows for f in codes(episodes, "SR23")] == [(2, 3)]


def test_days_without_contact_end_the_episode_on_the_day_the_rule_is_met(base):
    study = service(base, episodes=[episode(1)], contacts=[contact(1, 10), contact(1, 40)])
    assert ended(study) == (130, 2, "lost touch")
    assert ended(study, {"lost_touch_dated": "last_contact"}) == (40, 2, "lost touch")
    assert ended(study, {"days_without_contact": 30}) == (70, 2, "lost touch")
    assert ended(study, {"days_without_contact": 0}) == (CUT, 0, "still open")


@pytest.mark.parametrize(
    ("second", "day"), [(99, 189), (100, 190), (101, 100)], ids=["before", "on it", "after"]
)
def test_a_contact_on_the_last_of_those_days_keeps_touch(base, second, day):
    study = service(base, episodes=[episode(1)], contacts=[contact(1, 10), contact(1, second)])
    assert ended(study) == (day, 2, "lost touch")


@pytest.mark.parametrize(("day", "event"), [(99, 1), (100, 1), (101, 2)])
def test_a_close_on_the_last_of_those_days_comes_first(base, day, event):
    study = service(base, episodes=[closed("goals met", day)], contacts=[contact(1, 10)])
    assert ended(study)[1] == event


@pytest.mark.parametrize(("cut", "expected"), [(99, (99, 0)), (100, (100, 2)), (101, (100, 2))])
def test_a_silence_not_over_by_the_data_cut_is_not_met(base, cut, expected):
    study = service(base, cut=cut, episodes=[episode(1)], contacts=[contact(1, 10)])
    assert ended(study)[:2] == expected


def test_the_first_silence_ends_the_episode_and_who_came_back_is_counted(base):
    study = service(
        base,
        episodes=[closed("goals met", 420)],
        contacts=[contact(1, 10), contact(1, 300), contact(1, 350)],
    )
    episodes = build_episodes(study)
    row = episodes.frame.iloc[0]
    assert (row["day"], row["ending"], row["contacts"]) == (100, "lost touch", 1)
    assert row["came_back"]
    assert episodes.counts["came back after so many days without contact"] == 1
    assert episodes.counts["lost touch by the rule, closed later as planned"] == 1
    assert len(codes(episodes, "SR30")) == 2


def test_a_later_contact_takes_a_silence_back_where_the_rules_say_so(base):
    contacts = [contact(1, 10), contact(1, 300)]
    study = service(base, episodes=[closed("goals met", 320)], contacts=contacts)
    assert ended(study, {"returning": "last"}) == (320, 1, "goals met")
    still = service(base, episodes=[episode(1)], contacts=contacts)
    assert ended(still, {"returning": "last"}) == (390, 2, "lost touch")


def test_an_empty_attended_is_not_attended(base):
    unsaid = contact(1, 60, attended=math.nan)
    study = service(base, episodes=[episode(1)], contacts=[contact(1, 10), unsaid])
    episodes = build_episodes(study)
    assert ended(study) == (100, 2, "lost touch")
    assert episodes.counts["contacts with attended empty"] == 1
    assert episodes.frame["contacts"].tolist() == [1]


def test_without_a_column_attended_every_contact_counts_and_that_is_told(base):
    contacts = [contact(1, 10), contact(1, 60)]
    for row in contacts:
        del row["attended"]
    study = service(base, episodes=[episode(1)], contacts=contacts)
    assert ended(study) == (150, 2, "lost touch")
    assert "which contacts were attended" in codes(build_episodes(study), "SR26")[0].problem


def test_waiting_for_the_first_contact_is_no_loss_of_touch_unless_the_rules_say_so(base):
    study = service(base, episodes=[episode(1)], contacts=[contact(1, 200)])
    assert ended(study) == (290, 2, "lost touch")
    frame = build_episodes(study, {"before_first_contact": "silence"}).frame
    assert frame["day"].tolist() == [90]
    assert frame["first_contact_day"].isna().all()
    assert frame["came_back"].all()


def test_never_contacted_and_open_is_still_engaged_and_told(base):
    study = service(base, episodes=[episode(1), episode(2)], contacts=[contact(2, 5)])
    episodes = build_episodes(study)
    assert ended(study) == (CUT, 0, "still open")
    assert episodes.counts["never contacted, still open"] == 1
    assert [f.rows for f in codes(episodes, "SR29")] == [(2,)]
    assert ended(study, {"before_first_contact": "silence"}) == (90, 2, "lost touch")


def test_closed_before_the_first_contact_counts_by_its_reason(base):
    study = service(base, episodes=[closed("declined", 7)], contacts=[contact(2, 3)])
    assert ended(study) == (7, 2, "declined")
    assert build_episodes(study).counts["ended with no contact before"] == 1


def test_an_event_on_day_0_is_kept(base):
    study = service(base, episodes=[closed("declined", 0)])
    assert ended(study) == (0, 2, "declined")
    rows = build_episodes(study).rows_of_states()
    assert rows[["start", "stop", "next_state"]].to_numpy().tolist() == [[-1, 0, "dropped out"]]


def test_closed_after_the_data_cut_is_open_at_the_cut(base):
    study = service(base, cut=80, episodes=[closed("goals met", 85)], contacts=[contact(1, 5)])
    episodes = build_episodes(study)
    assert ended(study) == (80, 0, "still open")
    assert episodes.counts["closed after the data cut, still open at the cut"] == 1
    assert [f.rows for f in codes(episodes, "SR24")] == [(2,)]


def test_an_ending_whose_day_is_not_recorded_is_neither_lost_touch_nor_engaged(base):
    rows = [
        closed("planned completion", None),
        episode(2),
        episode(3, close_reason="died"),
        episode(4, 30, person="p1"),
    ]
    study = service(base, episodes=rows, contacts=[contact(1, 10), contact(3, CUT - 5)])
    episodes = build_episodes(study)
    assert episodes.frame["episode"].tolist() == ["e2"]  # the later one of p1 takes no place
    assert episodes.counts["left out: ended, day not recorded"] == 2
    assert episodes.counts["ended, day not recorded, with a planned reason"] == 1
    assert episodes.counts["left out: a later episode of the same person"] == 1
    left = sum(n for name, n in episodes.counts.items() if name.startswith("left out"))
    assert episodes.counts["rows of the table of episodes"] == left + len(episodes) == 4
    (told,) = codes(episodes, "SR25")
    assert (told.rows, told.severity.value) == ((2, 4), "warning")
    assert "fill close_date" in told.remedy


def test_the_completed_of_the_funnel_are_those_of_the_curve_and_of_the_counts(base):
    rows = [
        closed("goals met", None),
        episode(2, close_date=40, close_reason="goals met"),
        episode(3, close_date=400, close_reason="planned completion"),
        episode(4),
    ]
    contacts = [contact(number, 10) for number in (1, 2, 3, 4)]
    study = service(base, episodes=rows, contacts=contacts)
    counts = build_episodes(study).counts
    funnel = uptake_funnel(study).table
    completed = int(funnel.loc[funnel["stage"] == "completed", "n"].sum())
    assert completed == 3
    assert completed == (
        counts["completed as planned"]
        + counts["lost touch by the rule, closed later as planned"]
        + counts["ended, day not recorded, with a planned reason"]
    )


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("died", "ended later for another reason, such as death"),
        ("", "closed later without a reason that is known"),
    ],
)
def test_a_death_after_a_silence_is_counted_and_told_as_a_later_completion_is(base, reason, words):
    study = service(base, episodes=[closed(reason, 400)], contacts=[contact(1, 10)])
    episodes = build_episodes(study)
    assert ended(study) == (100, 2, "lost touch")
    assert episodes.counts[f"lost touch by the rule, {words}"] == 1
    assert [f.rows for f in codes(episodes, "SR30") if words in f.problem] == [(2,)]


def test_episodes_without_a_place_in_time_are_left_out_counted_and_told(base):
    study = service(
        base,
        episodes=[
            episode(1, None),
            episode(2, CUT + 1),
            episode(3, 20, close_date=10, close_reason="moved"),
            episode(4, person="nobody"),
            episode(5, person="p7", close_date=30, close_reason="moved"),
        ],
        contacts=[contact(1, 5)],
    )
    episodes = build_episodes(study)
    assert episodes.frame["episode"].tolist() == ["e5"]
    left = {k: n for k, n in episodes.counts.items() if k.startswith("left out") and n}
    assert left == {
        "left out: of nobody in the study": 1,
        "left out: without a day of referral": 1,
        "left out: referred after the data cut": 1,
        "left out: closed before the referral": 1,
    }
    assert sorted(f.rows for f in codes(episodes, "SR22")) == [(2,), (3,), (4,), (5,)]
    assert episodes.counts["contacts left out: of no episode that is used"] == 1


def test_contacts_outside_their_episode_are_not_used_and_told(base):
    study = service(
        base,
        cut=200,
        episodes=[closed("goals met", 60), episode(2)],
        contacts=[
            contact(1, -3),
            contact(1, 20),
            contact(1, 61),
            contact(2, 150),
            contact(2, 201),
            contact(2, None),
            contact(9, 5),
        ],
    )
    episodes = build_episodes(study)
    assert episodes.frame["first_contact_day"].tolist() == [20, 150]
    assert episodes.frame["contacts"].tolist() == [1, 1]
    left = {k: n for k, n in episodes.counts.items() if k.startswith("contacts left out")}
    assert set(left.values()) == {1}
    assert len(left) == 5
    assert sorted(f.rows for f in codes(episodes, "SR27")) == [(2,), (4,), (6,), (7,)]


def test_of_a_person_with_several_episodes_the_first_referral_counts(base):
    rows = [
        closed("goals met", 330) | {"referral_date": 300},
        episode(2, 10, person="p1", close_date=40, close_reason="moved"),
    ]
    study = service(base, episodes=rows)
    episodes = build_episodes(study)
    assert episodes.frame[["episode", "day"]].to_numpy().tolist() == [["e2", 30]]
    assert episodes.counts["left out: a later episode of the same person"] == 1
    each = build_episodes(study, {"which_episode": "each"})
    assert each.frame["episode"].tolist() == ["e1", "e2"]
    assert (each.counts["episodes"], each.counts["people"]) == (2, 1)


def test_time_may_count_from_the_first_contact(base):
    study = service(
        base,
        episodes=[closed("goals met", 60), episode(2, close_date=9, close_reason="declined")],
        contacts=[contact(1, 20)],
    )
    episodes = build_episodes(study, {"time_zero": "first_contact"})
    assert episodes.frame[["day", "first_contact_day"]].to_numpy().tolist() == [[40, 0]]
    assert episodes.counts["left out: never contacted"] == 1
    assert [f.rows for f in codes(episodes, "SR29")] == [(3,)]


def test_a_first_contact_that_only_the_episode_knows_is_a_contact(base):
    study = service(base, episodes=[episode(1, first_contact_date=15)], contacts=[contact(2, 3)])
    assert ended(study) == (105, 2, "lost touch")
    assert build_episodes(study).frame["first_contact_day"].tolist() == [15]


def test_without_contacts_losing_touch_cannot_be_seen_and_that_is_said(base):
    study = service(base, episodes=[episode(1, first_contact_date=15)])
    episodes = build_episodes(study)
    assert ended(study) == (CUT, 0, "still open")
    assert episodes.frame["contacts"].isna().all()
    assert "no file holds contacts" in codes(episodes, "SR26")[0].problem
    assert "cannot be seen" in episodes.rules["days_without_contact"]
    off = build_episodes(study, {"days_without_contact": 0})
    assert codes(off, "SR26") == []


def test_without_a_data_cut_the_last_recorded_day_ends_what_is_open(base):
    study = service(
        base,
        cut=None,
        episodes=[episode(1), episode(2, 5, close_date=77, close_reason="goals met")],
        contacts=[contact(1, 60)],
    )
    assert ended(study) == (77, 0, "still open")
    episodes = build_episodes(study)
    assert len(codes(episodes, "SR28")) == 1
    assert "names no data cut" in episodes.rules["data_cut"]


def test_without_a_table_of_episodes_what_is_needed_is_named(base):
    with pytest.raises(DataError, match="SR20 no file holds episodes") as caught:
        build_episodes(service(base))
    assert "close_reason" in caught.value.findings[0].remedy


def test_lacking_columns_are_named_together(base):
    rows = [{"episode": "e1", "person": "p1", "referral_date": 0}]
    with pytest.raises(DataError, match="lacks: close_date, close_reason"):
        build_episodes(service(base, episodes=rows))


def test_where_no_episode_can_be_used_every_reason_is_told(base):
    with pytest.raises(DataError, match="No episode can be used") as caught:
        build_episodes(service(base, episodes=[episode(1, None)]))
    assert "SR22" in {f.code for f in caught.value.findings}


def test_an_arm_without_episodes_is_named_so_that_no_contrast_is_made(base):
    episodes = build_episodes(service(base, episodes=[episode(1)]))
    assert episodes.arms_without_episodes == ("Usual care",)
    both = service(base, episodes=[episode(1), episode(2, person="p2")])
    assert build_episodes(both).arms_without_episodes == ()


def test_arm_practice_and_first_link_worker_stand_in_the_frame(base):
    study = service(
        base,
        episodes=[episode(1), episode(2, person="p4")],
        contacts=[
            contact(1, 9, link_worker="w2"),
            contact(1, 4, link_worker="w3", attended=0.0),
            contact(1, 20),
        ],
        link_workers=[worker("w1")],
    )
    frame = build_episodes(study).frame
    assert frame["arm"].tolist() == ["Link worker", "Usual care"]
    assert frame["cluster"].tolist() == [0, 1]
    assert frame["link_worker"].tolist() == ["w2", ""]


def test_without_practices_the_column_is_missing_and_not_one_practice(base):
    lone = replace(base, people=replace(base.people, cluster=None))
    frame = build_episodes(service(lone, episodes=[episode(1)])).frame
    assert frame["cluster"].isna().all()


def test_states_are_referred_then_engaged_then_how_it_ended(base):
    study = service(
        base,
        cut=90,
        episodes=[
            closed("goals met", 60),
            episode(2),
            episode(3, close_date=12, close_reason="declined"),
            episode(4, close_date=30, close_reason="moved"),
        ],
        contacts=[contact(1, 20), contact(2, 90), contact(4, 30)],
    )
    rows = build_episodes(study).rows_of_states()
    held = rows[["episode", "start", "stop", "state", "next_state"]].to_numpy().tolist()
    assert held == [
        ["e1", -1, 20, "referred", "engaged"],
        ["e1", 20, 60, "engaged", "completed as planned"],
        ["e2", -1, 90, "referred", "engaged"],
        ["e3", -1, 12, "referred", "dropped out"],
        ["e4", -1, 30, "referred", "ended for another reason"],
    ]


def test_the_order_of_contacts_in_the_file_changes_nothing(base):
    random = np.random.default_rng(4)
    rows = [episode(i, close_date=400, close_reason="goals met") for i in range(1, 5)]
    contacts = [
        contact(int(i), int(d), attended=float(a), link_worker=f"w{w}")
        for i, d, a, w in zip(
            random.integers(1, 5, 60),
            random.integers(0, 400, 60),
            random.integers(0, 2, 60),
            random.integers(1, 4, 60),
            strict=True,
        )
    ]
    one = build_episodes(service(base, episodes=rows, contacts=contacts))
    other = build_episodes(service(base, episodes=rows, contacts=contacts[::-1]))
    pd.testing.assert_frame_equal(one.frame, other.frame)
    assert one.counts == other.counts


@pytest.fixture(scope="module")
def example():
    return load_study(EXAMPLE / "study.toml")


@pytest.mark.parametrize(
    "rules",
    [
        None,
        {"returning": "last"},
        {"time_zero": "first_contact"},
        {"days_without_contact": 0},
        {"before_first_contact": "silence"},
        {"which_episode": "each", "lost_touch_dated": "last_contact"},
    ],
)
def test_the_counts_of_the_example_programme_reconcile(example, rules):
    episodes = build_episodes(example, rules)
    counts = episodes.counts
    left = sum(n for name, n in counts.items() if name.startswith("left out"))
    assert counts["rows of the table of episodes"] == len(example.tables["episodes"])
    assert counts["rows of the table of episodes"] == counts["episodes"] + left
    assert counts["episodes"] == sum(counts[name] for name in episodes.causes.values())
    assert counts["episodes"] == len(episodes.frame)
    left = sum(n for name, n in counts.items() if name.startswith("contacts left out"))
    assert counts["rows of the table of contacts"] == counts["contacts"] + left
    assert counts["contacts attended up to the ending"] == episodes.frame["contacts"].sum()
    assert (episodes.frame["day"] >= 0).all()
    assert episodes.arms_without_episodes == ("Usual care",)


def test_the_close_reasons_of_the_example_are_the_causes_where_the_rule_is_off(example):
    episodes = build_episodes(example, {"days_without_contact": 0})
    table = example.tables["episodes"]
    for ending, event in (("goals met", 1), ("lost contact", 2), ("died", 3)):
        rows = episodes.frame["ending"] == ending
        assert rows.sum() == (table.text("close_reason") == ending).sum() > 0
        assert set(episodes.frame.loc[rows, "event"]) == {event}


def test_the_frame_goes_into_the_curves_as_it_is(example):
    frame = build_episodes(example).frame
    curves = retention_curve(frame, time="day", event="event", by="arm", cluster="cluster")
    stayed = curves.at([60]).iloc[0]
    assert stayed["at_risk"] == (frame["day"] >= 60).sum()
    incidence = cumulative_incidence(frame, time="day", event="event", by="arm", cluster="cluster")
    causes = incidence.at([60]).groupby("group", observed=True)["estimate"].sum()
    assert causes.iloc[0] == pytest.approx(1 - stayed["estimate"])


def test_the_states_go_into_the_occupation_as_they_are(example):
    episodes = build_episodes(example)
    rows = episodes.rows_of_states()
    names = ["referred", "engaged", *list(episodes.causes.values())[1:]]
    place = {name: i for i, name in enumerate(names)} | {"": -1}
    read = read_states(
        rows["start"],
        rows["stop"],
        rows["state"].map(place),
        rows["next_state"].map(place),
        person=pd.factorize(rows["episode"])[0],
        states=names,
        cluster=rows["cluster"],
    )
    assert read.n == len(episodes)
    moves = {names[to]: 0 for _, to in read.moves()}
    for (_, to), counts in read.moves().items():
        moves[names[to]] += int(counts.sum())
    engaged = moves.pop("engaged")
    assert moves == {n: episodes.counts[n] for n in moves}
    first = episodes.frame["first_contact_day"]
    assert engaged == (first < episodes.frame["day"]).sum()


def test_tables_without_rows_are_no_stumbling_block(base):
    study = service(base, episodes=[episode(1)], contacts=[contact(1, 5)])
    empty = {name: one[:0] for name, one in study.tables["contacts"].columns.items()}
    none = replace(
        study.tables["contacts"], columns=empty, file=np.zeros(0, int), row=np.zeros(0, int)
    )
    study = replace(study, tables={**study.tables, "contacts": none})
    assert ended(study) == (CUT, 0, "still open")
    assert build_episodes(study).frame["contacts"].tolist() == [0]
