"""How far each kind of people came: counted by hand, masked, and set against practice lists."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from splw_eval.appraisal import mask
from splw_eval.core.plan.declared import PlannedSupport, Tidier
from splw_eval.describe.reach_change import describe_change_by
from splw_eval.retention.reported.planned import describe_places, describe_planned
from splw_eval.retention.reported.rates import EVERY, describe_referral_rates
from splw_eval.retention.reported.reach_chain import answer_wave, chain
from splw_eval.retention.reported.reached import (
    CHARACTERISTICS,
    describe_reach,
    describe_reach_known,
)
from splw_eval.retention.reported.uptake import describe_uptake
from tests.unit.describe.given_tables import table
from tests.unit.retention.given_reported import measured, served


def with_people(study, *, unknown=0, size=None):
    """Give everybody a sex and a tenth of deprivation, and the practices lists."""
    n = len(study.people)
    ids = [str(i) for i in study.people.ids]
    practices = [f"g{i % 6}" for i in range(n)]
    people = table(
        "people",
        person=ids,
        sex=["" if i < unknown else ("female", "male", "female")[i % 3] for i in range(n)],
        imd_decile=[1 + i % 10 for i in range(n)],
        imd_version=["IMD 2019"] * n,
        cluster=practices,
    )
    clusters = table(
        "clusters",
        cluster=[f"g{i}" for i in range(6)],
        list_size=[1000.0 if size is None else size] * 6,
        list_imd=[float(10 * i) for i in range(6)],
    )
    return replace(study, tables={**study.tables, "people": people, "clusters": clusters})


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    base = measured(tmp_path_factory.mktemp("made"), 240, 60)
    return with_people(served(base, 240, seed=3))


@pytest.fixture(scope="module")
def rows(study):
    return describe_reach(study).rows


def test_the_stages_of_all_categories_add_up_to_those_of_the_funnel(study, rows):
    funnel = {(r.group, r.stage): r.passed for r in describe_uptake(study).rows}
    named = {"took up the offer": "accepted", "met a link worker": "contacted"}
    for stage, name in named.items():
        for characteristic in ("Sex", "Deprivation, in fifths"):
            own = [r for r in rows if (r.characteristic, r.stage) == (characteristic, stage)]
            assert sum(r.reached for r in own) == funnel["Link worker", name]


def test_those_measured_are_counted_by_hand(study, rows):
    scores = study.scores["phq9"][:, 1]
    here = study.people.arm == 0
    women = np.array([i % 3 != 1 for i in range(len(study.people))])
    (row,) = [
        r
        for r in rows
        if (r.group, r.category) == ("Link worker", "Female") and r.stage.startswith("measured")
    ]
    assert row.reached == int((here & women & ~np.isnan(scores)).sum())
    assert (row.of, row.reached + row.not_reached) == (160, 160)


def test_a_group_without_referrals_is_followed_from_the_study_itself(rows):
    usual = [r.stage for r in rows if r.group == "Usual care" and r.category == "Female"]
    assert usual == ["in the study", "measured: 3 months"]


def test_whoever_was_not_watched_to_the_last_day_is_in_no_share_of_staying(study):
    (stayed,) = [s for s in chain(study, 0) if s.stage.startswith("stayed")]
    assert stayed.reached.sum() <= stayed.base.sum() < (study.people.arm == 0).sum() + 1
    assert not (stayed.reached & ~stayed.base).any()


def test_parts_of_all_are_one_together(rows):
    by: dict[tuple[str, str, str], float] = {}
    for r in (r for r in rows if r.stage in ("referred", "in the study")):
        place = r.group, r.characteristic, r.stage
        by[place] = by.get(place, 0.0) + (r.share_of_all or 0.0)
    assert all(share == pytest.approx(1.0) for share in by.values())


def test_a_category_of_too_few_people_is_masked_with_all_of_its_row(tmp_path):
    few = with_people(served(measured(tmp_path, 100), 100, seed=2), unknown=5)
    shown = mask(describe_reach(few), few.plan)
    unknown = [r for r in shown.rows if (r.characteristic, r.category) == ("Sex", "Not known")]
    assert unknown
    for row in unknown:
        assert (row.of, row.reached, row.share_reached) == (None, None, None)


@pytest.mark.parametrize(("unknown", "said"), [(0, "fewer than 20%"), (60, "20% or more")])
def test_much_that_is_not_known_is_said(tmp_path, unknown, said):
    made = with_people(served(measured(tmp_path, 200), 200), unknown=unknown)
    shown = mask(describe_reach_known(made), made.plan).rows
    assert {r.characteristic: r.much for r in shown}["Sex"] == said


def test_the_index_of_deprivation_is_named_with_its_year(study):
    notes = " ".join(note.sentence() for note in describe_reach(study).notes)
    assert "the index of England of 2019" in notes
    assert "For planning, and not a test" in notes


def test_an_index_without_a_version_is_said_to_have_none(study):
    people = study.tables["people"]
    columns = {k: v for k, v in people.columns.items() if k != "imd_version"}
    bare = replace(study, tables={**study.tables, "people": replace(people, columns=columns)})
    notes = " ".join(note.sentence() for note in describe_reach(bare).notes)
    assert "not stated" in notes


def test_referrals_are_set_against_the_lists_of_the_practices(study):
    first: Any
    first, *parts = (r for r in describe_referral_rates(study).rows if r.group == "Link worker")
    assert (first.practices_of, first.practices, first.list_size) == (EVERY, 6, 6000)
    assert first.rate == first.referred / 6000 == 240 / 6000
    assert [(p.practices, p.referred) for p in parts] == [(3, 120), (3, 120)]
    assert [p.practices_of for p in parts] == [
        "Less deprived half of practices (deprivation score of the list 0 to 20)",
        "More deprived half of practices (deprivation score of the list 30 to 50)",
    ]


def test_deprivation_that_looks_like_tenths_is_not_said_to_be_more_or_less(study):
    held = study.tables["clusters"]
    names = held.text("cluster").tolist()
    tenths = table(
        "clusters", cluster=names, list_size=[1000.0] * 6, list_imd=[1.0, 2, 3, 8, 9, 10]
    )
    found = describe_referral_rates(replace(study, tables={**study.tables, "clusters": tenths}))
    parts = [r.practices_of for r in found.rows if r.group == "Link worker"][1:]
    assert parts == [
        "Half with the lower numbers of practices (deprivation of the list 1 to 3)",
        "Half with the higher numbers of practices (deprivation of the list 8 to 10)",
    ]
    assert "look like tenths" in " ".join(note.sentence() for note in found.notes)


def test_a_practice_of_the_group_that_referred_nobody_counts_with_its_list(study):
    held = study.tables["clusters"]
    names = [*held.text("cluster").tolist(), "silent", "of others"]
    arms = ["link"] * 7 + ["usual"]
    more = table("clusters", cluster=names, list_size=[1000.0] * 8, arm=arms)
    found = describe_referral_rates(replace(study, tables={**study.tables, "clusters": more}))
    first = next(r for r in found.rows if r.group == "Link worker")
    assert (first.practices, first.list_size, first.referred) == (7, 7000, 240)


def test_a_rate_is_made_of_the_counts_that_are_shown(study):
    rows: Any = mask(describe_referral_rates(study), study.plan).rows
    for row in rows:
        assert row.rate == row.referred / row.list_size


def test_no_rate_rests_on_fewer_than_three_practices(study):
    clusters = study.tables["clusters"]
    size = np.array([1000, 1000, np.nan, np.nan, np.nan, np.nan])
    held = replace(clusters, columns={**clusters.columns, "list_size": size})
    found = describe_referral_rates(replace(study, tables={**study.tables, "clusters": held}))
    assert found.rows == ()
    assert "3 practices or more" in found.notes[0].sentence()


def test_the_changes_of_categories_are_means_of_their_people(study):
    found = describe_change_by(study, CHARACTERISTICS, answer_wave(study.plan)).rows
    scores = study.scores["phq9"]
    change = scores[:, 1] - scores[:, 0]
    women = np.array([i % 3 != 1 for i in range(len(study.people))])
    here = (study.people.arm == 0) & women & ~np.isnan(change)
    row: Any
    (row,) = [r for r in found if (r.arm, r.category) == ("Link worker", "Female")]
    assert (row.n, row.estimate) == (int(here.sum()), pytest.approx(change[here].mean()))


def test_changes_say_that_parts_are_not_compared(study):
    found = describe_change_by(study, CHARACTERISTICS, 1)
    assert any("no p-values" in note.sentence() for note in found.notes)
    assert "p_value" not in {name for row in found.rows for name in row.__slots__}


# Planned and delivered.


def planned(study, **numbers):
    tidier = Tidier(planned=PlannedSupport(**numbers))
    plan = study.plan.model_copy(update={"tidier": tidier})
    return describe_planned(replace(study, plan=plan)).rows


def test_contacts_as_planned_are_counted_of_those_whose_referral_is_over(study):
    (row, *_) = planned(study, contacts=(2.0, 4.0))
    assert row.planned == "2 to 4"
    assert row.fewer + row.within + row.more == row.known
    assert (row.share_within, row.among) == (
        row.within / row.known,
        "people with a contact, referral over",
    )
    (all_of_them, *_) = planned(study, contacts=(0.0, 1000.0))
    assert all_of_them.within == all_of_them.known == row.known
    assert all_of_them.fewer is None  # nobody has less than nothing


def test_without_planned_numbers_the_spread_stands_alone(study):
    for row in describe_planned(study).rows:
        assert row.planned == "not stated"
        assert row.median is not None
        assert (row.fewer, row.within, row.more, row.share_within) == (None,) * 4


def test_weeks_run_from_the_first_attended_contact_to_the_last(study):
    weeks = next(r for r in planned(study, weeks=8.0) if r.unit == "weeks")
    assert weeks.planned == "up to 8"
    assert 0 <= weeks.lower <= weeks.median <= weeks.upper
    assert weeks.within + weeks.more == weeks.known


def test_places_are_parts_of_all_attended_contacts(study):
    assert describe_places(study).rows == ()
    contacts = study.tables["contacts"]
    words = np.array([("home", "practice", "")[i % 3] for i in range(len(contacts))], dtype=object)
    held = replace(contacts, columns={**contacts.columns, "place": words})
    found: Any = describe_places(replace(study, tables={**study.tables, "contacts": held})).rows
    assert {r.place for r in found} == {"home", "practice", "not recorded"}
    assert sum(r.contacts for r in found) == found[0].of_contacts
    assert sum(r.share for r in found) == pytest.approx(1.0)
