"""What was delivered: completeness first, then each number against a count on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from splw_eval.data import Study, load_study
from splw_eval.retention.delivery.caseload import worker_caseload
from splw_eval.retention.delivery.continuity import worker_continuity
from splw_eval.retention.delivery.dose import contact_dose
from splw_eval.retention.delivery.funnel import uptake_funnel
from splw_eval.retention.delivery.per_person import gaps
from splw_eval.retention.delivery.reasons import ending_reasons
from tests.unit.retention.given_delivery import (
    CONTACTS,
    EPISODES,
    SUPPORT,
    codes,
    delivery,
    row,
    without,
    without_table,
)

EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"


def test_each_field_is_counted_before_anything_is_summarised(base: Study) -> None:
    completeness = contact_dose(delivery(base)).completeness
    every = row(completeness, field="minutes", among="every row")
    assert (every["rows"], every["filled"], every["enough"]) == (7, 4, False)
    came = row(completeness, field="minutes", among="attended contacts")
    assert (came["rows"], came["filled"], came["share"]) == (5, 4, 0.8)
    place = row(completeness, field="place", among="every row")
    assert (place["rows"], place["filled"]) == (7, 0)  # no file holds it
    went = row(completeness, field="activity_attended", among="arranging support")
    assert (went["rows"], went["filled"]) == (3, 1)


def test_a_field_below_four_fifths_is_warned_of(base: Study) -> None:
    enough = contact_dose(delivery(base, contacts={**CONTACTS, "attended": [1, 1, 1, 1, 0, 1, 0]}))
    assert "minutes" not in str(enough.findings)  # 4 of 5 attended contacts
    fewer = {**CONTACTS, "minutes": [40, None, None, 30, None, 10, None]}
    told = contact_dose(delivery(base, contacts=fewer))
    (finding,) = [f for f in told.findings if f.code == "SR41" and "minutes" in f.problem]
    assert "3 of 5 attended contacts" in finding.problem


@pytest.mark.parametrize(
    ("measure", "known", "none", "median", "highest"),
    [
        ("contacts attended", 6, 3, 0.5, 3),  # 3 0 1 1 0 0
        ("contacts attended, if any", 3, 0, 1, 3),
        ("no-shows", 4, 3, 0, 1),  # e1 0, e3 0, e4 1, e6 0
        ("contacts with attended empty", 4, 3, 0, 1),
        ("minutes logged", 3, 0, 30, 60),  # 60 30 10
        ("minutes, where every attended contact has them", 2, 0, 20, 30),
        ("attended contacts without minutes", 3, 2, 0, 1),
        ("days from referral to first contact", 3, 0, 10, 12),  # 7, 10, 12
        ("days between contacts, middle gap", 1, 0, 10.5, 10.5),  # 7 and 14
        ("days between contacts, longest gap", 1, 0, 14, 14),
        ("share of attended contacts that were remote", 2, 0, 5 / 6, 1),  # 2/3, 1; e3 unknown
        ("home visits", 2, 1, 0.5, 1),  # e3's cell is empty
    ],
)
def test_numbers_of_a_referral_are_as_counted_on_paper(
    base: Study, measure: str, known: int, none: int, median: float, highest: float
) -> None:
    found = row(contact_dose(delivery(base)).per_person, measure=measure)
    assert (found["referrals"], found["known"], found["none"]) == (6, known, none)
    assert found["median"] == pytest.approx(median, abs=1e-12)
    assert found["highest"] == pytest.approx(highest, abs=1e-12)


def test_an_empty_attended_is_not_attended_and_is_counted(base: Study) -> None:
    counted = contact_dose(delivery(base)).contacts_counted
    found = {r["what"]: (r["contacts"], r["referrals"]) for r in counted.to_dict("records")}
    assert found["logged"] == (7, 4)
    assert found["attended"] == (5, 3)
    assert found["not attended"] == (1, 1)
    assert found["attended empty"] == (1, 1)
    assert found["attended, with minutes"] == (4, 3)
    assert found["attended, without minutes"] == (1, 1)


def test_attended_empty_throughout_leaves_nobody_with_a_contact(base: Study) -> None:
    dose = contact_dose(delivery(base, contacts={**CONTACTS, "attended": [None] * 7}))
    found = row(dose.per_person, measure="contacts attended")
    assert (found["known"], found["none"], found["highest"]) == (6, 6, 0)
    assert row(dose.per_person, measure="minutes logged")["known"] == 0
    assert any("attended is filled in 0 of 7" in f.problem for f in dose.findings)
    assert dose.by_mode.empty


def test_where_no_file_holds_attended_the_log_counts_and_a_warning_says_so(base: Study) -> None:
    dose = contact_dose(delivery(base, contacts=without(CONTACTS, "attended")))
    assert row(dose.contacts_counted, what="attended")["contacts"] == 7
    assert "SR44" in codes(dose.findings)
    assert not (dose.per_person["measure"] == "no-shows").any()


def test_contacts_outside_their_referral_are_counted_and_give_no_days(base: Study) -> None:
    contacts = {**CONTACTS, "date": [-3, 14, 120, 20, 10, 12, None]}
    dose = contact_dose(delivery(base, contacts=contacts))
    counted = dose.contacts_counted
    assert row(counted, what="contacts dated before the referral")["contacts"] == 1
    assert row(counted, what="contacts dated after the close")["contacts"] == 1
    assert row(counted, what="contacts without a date")["contacts"] == 1
    assert row(dose.per_person, measure="contacts attended")["highest"] == 3
    days = row(dose.per_person, measure="days from referral to first contact")
    assert days["known"] == 3  # e1 by its first_contact_date, day 7
    assert row(dose.per_person, measure="days between contacts, longest gap")["known"] == 0


def test_modes_share_out_the_attended_contacts(base: Study) -> None:
    modes = contact_dose(delivery(base)).by_mode.set_index("mode")
    assert modes["contacts"].to_dict() == {"in person": 1, "telephone": 3, "not recorded": 1}
    assert modes["contacts"].sum() == modes["of_contacts"].iloc[0] == 5
    assert modes.loc["telephone", "people"] == 2
    assert modes.loc["telephone", "with_minutes"] == 2
    assert modes.loc["telephone", "median"] == 15
    assert modes.loc["not recorded", "remote"] == "not known"


def test_components_count_people_rows_and_levels(base: Study) -> None:
    components = contact_dose(delivery(base)).by_component
    arranging = row(components, component="arranging support")
    assert (arranging["people"], arranging["of"], arranging["rows"]) == (3, 6, 3)
    assert (arranging["signpost"], arranging["refer"], arranging["level_not_recorded"]) == (1, 1, 1)
    assert row(components, component="practical arrangements")["people"] == 0
    assert len(components) == 4


def test_support_of_no_component_is_told(base: Study) -> None:
    support = {**SUPPORT, "category": ["", "therapeutic relationship", "", "arranging support"]}
    components = contact_dose(delivery(base, support=support)).by_component
    unknown = row(components, component="not recorded")
    assert (unknown["people"], unknown["rows"]) == (2, 2)


@pytest.mark.parametrize("lacking", ["episodes", "contacts", "support"])
def test_a_table_that_is_not_there_leaves_its_figures_empty_and_is_told(
    base: Study, lacking: str
) -> None:
    dose = contact_dose(without_table(delivery(base), lacking))
    (finding,) = [f for f in dose.findings if f.code == "SR46"]
    assert lacking in finding.problem
    assert dose.by_component.empty == (lacking in {"episodes", "support"})
    assert dose.per_person.empty == (lacking in {"episodes", "contacts"})
    assert dose.by_mode.empty == (lacking in {"episodes", "contacts"})


def test_tables_without_rows_give_tables_of_nobody(base: Study) -> None:
    study = delivery(base)
    none = {name: replace(table, columns={k: c[:0] for k, c in table.columns.items()},
                          file=table.file[:0], row=table.row[:0])
            for name, table in study.tables.items()}  # fmt: skip
    dose = contact_dose(replace(study, tables={**study.tables, "contacts": none["contacts"]}))
    assert row(dose.per_person, measure="contacts attended")["none"] == 6
    assert dose.by_mode.empty
    assert (dose.completeness["share"].isna() == (dose.completeness["rows"] == 0)).all()
    assert contact_dose(replace(study, tables=none), by="arm").per_person.empty
    assert uptake_funnel(replace(study, tables=none)).table.empty
    assert worker_caseload(replace(study, tables=none)).table.empty
    assert worker_continuity(replace(study, tables=none)).table.empty
    assert ending_reasons(replace(study, tables=none)).table.empty


def test_contacts_of_no_known_referral_are_left_out_and_counted(base: Study) -> None:
    contacts = {**CONTACTS, "episode": ["e1", "e9", "e1", "e3", "e4", "e4", "e6"]}
    dose = contact_dose(delivery(base, contacts=contacts))
    left = row(dose.left_out, what="contacts of no known referral")
    assert (left["rows"], left["of_rows"]) == (1, 7)
    assert row(dose.per_person, measure="contacts attended")["highest"] == 2


def test_later_referrals_of_a_person_take_their_contacts_with_them(base: Study) -> None:
    episodes = {**EPISODES, "person": ["p1", "p2", "p1", "p4", "p5", "p6"]}
    dose = contact_dose(delivery(base, episodes=episodes))
    assert row(dose.left_out, what="contacts of a referral that is not looked at")["rows"] == 1
    each = contact_dose(delivery(base, episodes=episodes), {"which_episode": "each"})
    assert each.left_out.empty


def test_groups_share_out_the_referrals(base: Study) -> None:
    dose = contact_dose(delivery(base), by="arm")
    found = dose.per_person[dose.per_person["measure"] == "contacts attended"]
    assert found.set_index("group")["referrals"].to_dict() == {"Link worker": 3, "Usual care": 3}
    assert found.set_index("group")["highest"].to_dict() == {"Link worker": 3, "Usual care": 1}


def test_gaps_do_not_depend_on_the_order_of_the_log() -> None:
    random = np.random.default_rng(3)
    of = random.integers(0, 40, 500)
    day = random.integers(-20, 300, 500)
    middle, longest = gaps(of, day, 41)
    for one in range(40):
        each = np.diff(np.sort(day[of == one]))
        assert middle[one] == np.median(each)
        assert longest[one] == each.max()
    assert np.isnan(middle[40])
    mixed = random.permutation(500)
    assert np.array_equal(gaps(of[mixed], day[mixed], 41)[0], middle, equal_nan=True)


def test_the_example_says_that_its_minutes_are_incomplete() -> None:
    dose = contact_dose(load_study(EXAMPLE))
    assert row(dose.completeness, field="minutes", among="every row")["enough"] is False
    counted = dose.contacts_counted.set_index("what")["contacts"]
    assert counted["logged"] == counted[["attended", "not attended", "attended empty"]].sum()
    parts = counted["attended, with minutes"] + counted["attended, without minutes"]
    assert counted["attended"] == parts
    mean = row(dose.per_person, measure="contacts attended")["mean"]
    assert mean * 217 == pytest.approx(counted["attended"], rel=1e-12)
