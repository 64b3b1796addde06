"""Levels of support: the proposed derivation, and its agreement with what is declared."""

from __future__ import annotations

import pandas as pd
import pytest

from splw_eval.data import Study
from splw_eval.retention.delivery.dose import contact_dose
from splw_eval.retention.delivery.levels import NOBODY_SEEN, NOT_KNOWN, derived_level, need_domains
from splw_eval.retention.delivery.service_log import service_log
from tests.unit.retention.given_delivery import (
    CONTACTS,
    EPISODES,
    SUPPORT,
    Columns,
    delivery,
    row,
    without,
)


def _levels(study: Study) -> list[str]:
    return [str(level) for level in derived_level(service_log(study))]


def test_levels_follow_contacts_plan_reasons_and_support(base: Study) -> None:
    # e1: plan and two needs; e3: one contact, nothing more; e4: a plan, but no reason recorded;
    # e2, e5 and e6 have no attended contact.
    expected = ["medium", NOBODY_SEEN, "signposting", NOT_KNOWN, NOBODY_SEEN, NOBODY_SEEN]
    assert _levels(delivery(base)) == expected


def test_one_need_with_a_plan_is_light(base: Study) -> None:
    episodes = {**EPISODES, "reason": ["money", *EPISODES["reason"][1:]]}
    assert _levels(delivery(base, episodes=episodes))[0] == "light"


@pytest.mark.parametrize(("contacts", "level"), [(12, "medium"), (13, "holistic")])
def test_more_contacts_than_a_set_limit_would_allow_are_holistic(
    base: Study, contacts: int, level: str
) -> None:
    many: Columns = {
        "contact": [f"c{i}" for i in range(contacts)],
        "episode": ["e1"] * contacts,
        "date": list(range(contacts)),
        "link_worker": ["w1"] * contacts,
        "attended": [1] * contacts,
        "purpose": ["planning", *["review"] * (contacts - 1)],
    }
    assert _levels(delivery(base, contacts=many))[0] == level


def test_one_contact_with_a_referral_on_is_light(base: Study) -> None:
    support = {**SUPPORT, "episode": ["e3", "e1", "e4", "e6"]}
    assert _levels(delivery(base, support=support))[2] == "light"


def test_what_would_decide_and_is_not_recorded_leaves_the_level_unknown(base: Study) -> None:
    assert _levels(delivery(base, support=None))[2] == NOT_KNOWN
    no_purpose = _levels(delivery(base, contacts=without(CONTACTS, "purpose")))
    assert no_purpose[0] == no_purpose[2] == NOT_KNOWN
    assert set(_levels(delivery(base, contacts=None))) == {NOT_KNOWN}


def test_reasons_written_twice_are_one_need(base: Study) -> None:
    episodes = {**EPISODES, "reason": ["money; Money", "a;b;;c", "", " ; ", "a", "b"]}
    found = need_domains(service_log(delivery(base, episodes=episodes)))
    assert found.tolist() == [1, 3, 0, 0, 1, 1]


def test_declared_and_derived_levels_are_counted_over_all_referrals(base: Study) -> None:
    levels = contact_dose(delivery(base)).by_level
    for kind in ("declared", "derived"):
        assert levels[levels["kind"] == kind]["n"].sum() == 6
    medium = row(levels, kind="declared", level="medium")
    assert (medium["n"], medium["median"]) == (2, 2)  # e1 with 3 contacts, e4 with 1


def test_agreement_is_of_referrals_with_both_levels(base: Study) -> None:
    # e1 medium and medium, e3 light and signposting.
    dose = contact_dose(delivery(base))
    found = row(dose.level_agreement, group="everybody")
    assert (found["n"], found["of"], found["agree"], found["share"]) == (2, 6, 1, 0.5)
    # By chance: medium 1/2 * 1/2, so 1/4; (1/2 - 1/4) / (1 - 1/4).
    assert found["kappa"] == pytest.approx(1 / 3, abs=1e-12)
    assert dose.levels_crossed["n"].sum() == 2
    assert any("proposal" in note and "Signposting" in note for note in dose.notes)


def test_kappa_is_missing_where_one_level_is_all_there_is(base: Study) -> None:
    episodes = {**EPISODES, "declared_level": ["medium", "", "", "", "", ""]}
    found = row(contact_dose(delivery(base, episodes=episodes)).level_agreement, group="everybody")
    assert found["n"] == 1
    assert pd.isna(found["kappa"])
