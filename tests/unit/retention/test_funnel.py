"""How many got how far: each stage against a count on paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.errors import DataError
from splw_eval.data import Study, load_study
from splw_eval.retention.delivery.funnel import UptakeFunnel, uptake_funnel
from splw_eval.retention.delivery.stages import STAGES
from tests.unit.retention.given_delivery import (
    CONTACTS,
    EPISODES,
    SUPPORT,
    Columns,
    codes,
    delivery,
    row,
    without,
)

EXAMPLE = Path(__file__).parents[3] / "analyses" / "example_programme" / "study.toml"
PLACES = ["n", "implied", "skipped", "not_reached", "not_known", "still_open"]


def _reconciled(funnel: UptakeFunnel) -> bool:
    held = funnel.table[funnel.table["n"].notna()]
    return bool((held[PLACES].sum(axis=1) == held["referred"]).all()) and len(held) > 0


def _counts(funnel: UptakeFunnel, stage: str) -> list[int]:
    found = row(funnel.table, stage=stage)
    return [int(found[name]) for name in PLACES]


@pytest.mark.parametrize(
    ("stage", "expected"),
    [
        #            n  implied skipped not_reached not_known still_open
        ("referred", [6, 0, 0, 0, 0, 0]),
        ("accepted", [4, 0, 0, 1, 1, 0]),  # e2 declined; of e5 nobody wrote it down
        ("contacted", [3, 0, 0, 2, 1, 0]),  # of e6 nobody wrote down whether it took place
        ("assessed", [1, 0, 1, 3, 0, 1]),  # e4 has a plan without one
        ("planned", [2, 0, 0, 3, 0, 1]),
        ("linked", [1, 0, 1, 2, 1, 1]),  # e6: level not written; e4 completed with a signpost
        ("attended", [1, 0, 0, 2, 2, 1]),  # e4 and e6 were sent somewhere: nobody wrote on
        ("completed", [2, 0, 0, 2, 1, 1]),  # e6 was closed without a reason
    ],
)
def test_each_referral_stands_in_one_place_of_each_stage(
    base: Study, stage: str, expected: list[int]
) -> None:
    funnel = uptake_funnel(delivery(base))
    assert _counts(funnel, stage) == expected
    assert _reconciled(funnel)


def test_stages_come_in_the_order_of_the_funnel_and_say_their_column(base: Study) -> None:
    table = uptake_funnel(delivery(base)).table
    assert tuple(table["stage"]) == STAGES
    assert "accepted: yes" in row(table, stage="accepted")["from_column"]
    assert "goals met" in row(table, stage="completed")["from_column"]


def test_shares_are_of_those_who_passed_the_stage_before(base: Study) -> None:
    found = row(uptake_funnel(delivery(base)).table, stage="planned")
    # Assessed: e1. Planned: e1 and e4. Of the one assessed, one was planned with.
    assert (found["previous"], found["previous_n"], found["both"]) == ("assessed", 1, 1)
    assert found["of_previous"] == 1
    assert found["of_referred"] == pytest.approx(2 / 6, abs=1e-12)


def test_an_attended_activity_implies_that_it_was_arranged(base: Study) -> None:
    support = {**SUPPORT, "level": ["", "direct help", "signpost", ""]}
    funnel = uptake_funnel(delivery(base, support=support))
    found = row(funnel.table, stage="linked")
    assert (found["n"], found["implied"], found["passed"]) == (0, 1, 1)
    assert _reconciled(funnel)


def test_who_declined_and_has_later_records_is_told(base: Study) -> None:
    episodes = {**EPISODES, "accepted": [0, 0, 1, 1, None, 1]}
    funnel = uptake_funnel(delivery(base, episodes=episodes))
    assert _counts(funnel, "accepted") == [3, 1, 0, 1, 1, 0]
    (finding,) = [f for f in funnel.findings if f.code == "SR43"]
    assert finding.problem.startswith("1 referrals")


def test_a_stage_that_no_column_says_is_not_recorded_and_never_nobody(base: Study) -> None:
    funnel = uptake_funnel(delivery(base, contacts=without(CONTACTS, "purpose"), support=None))
    table = funnel.table.set_index("stage")
    for stage in ("assessed", "planned", "linked", "attended"):
        assert pd.isna(table.loc[stage, "n"])
        assert pd.isna(table.loc[stage, "not_reached"])
        assert str(table.loc[stage, "reason"]).startswith("not recorded")
    assert codes(funnel.findings).count("SR42") == 4
    assert table.loc["completed", "previous"] == "contacted"
    assert _reconciled(funnel)


def test_without_a_contact_log_the_first_contact_date_counts(base: Study) -> None:
    funnel = uptake_funnel(delivery(base, contacts=None))
    assert row(funnel.table, stage="contacted")["n"] == 1
    assert "SR42" in codes(funnel.findings)  # planned is known from contacts only


def test_attended_empty_throughout_means_that_contact_is_not_known(base: Study) -> None:
    funnel = uptake_funnel(
        delivery(
            base,
            episodes={**EPISODES, "close_reason": ["", "declined", "", "", "lost contact", ""]},
            contacts={**CONTACTS, "attended": [None] * 7},
            support=None,
        )
    )
    # e1 by its date; e3, e4 and e6 have contacts of which nobody wrote whether they took place.
    assert _counts(funnel, "contacted") == [1, 0, 0, 2, 3, 0]


def test_without_episodes_nothing_is_counted_but_dated_referrals_of_people(base: Study) -> None:
    bare = uptake_funnel(delivery(base, episodes=None))
    assert bare.table["n"].isna().all()
    assert "SR46" in codes(bare.findings)
    people: Columns = {"person": ["p1", "p2", "p3"], "referral_date": [0, None, 3]}
    dated = uptake_funnel(delivery(base, episodes=None, people=people))
    assert row(dated.table, stage="referred")["n"] == 2
    assert dated.table["n"].isna().sum() == len(STAGES) - 1


def test_open_and_closed_unknown_means_that_nothing_is_said_not_to_be_reached(base: Study) -> None:
    episodes = without(EPISODES, "close_date", "close_reason")
    funnel = uptake_funnel(delivery(base, episodes=episodes))
    assert _counts(funnel, "planned") == [2, 0, 0, 1, 3, 0]  # only who declined is known not to
    assert row(funnel.table, stage="completed")["reason"].startswith("not recorded")


def test_nothing_after_the_data_cut_counts(base: Study) -> None:
    funnel = uptake_funnel(delivery(base, cut=50))
    assert _counts(funnel, "completed") == [0, 0, 0, 1, 0, 5]
    late = uptake_funnel(delivery(base, cut=8))
    assert row(late.left_out, what="referrals after the data cut")["rows"] == 1
    assert row(late.left_out, what="contacts dated after the data cut")["rows"] == 5


def test_the_day_of_the_data_cut_is_looked_at(base: Study) -> None:
    assert _counts(uptake_funnel(delivery(base, cut=80)), "completed") == [1, 0, 0, 2, 0, 3]
    assert _counts(uptake_funnel(delivery(base, cut=79)), "completed") == [0, 0, 0, 2, 0, 4]


def test_an_offer_not_answered_yet_is_open_and_not_lost(base: Study) -> None:
    open_ended = {**EPISODES, "accepted": [1, 0, None, 1, None, 1]}
    without_contact = {**CONTACTS, "episode": ["e1", "e1", "e1", "e1", "e4", "e4", "e6"]}
    funnel = uptake_funnel(delivery(base, episodes=open_ended, contacts=without_contact))
    assert _counts(funnel, "accepted") == [3, 0, 0, 1, 1, 1]  # e5 is closed, e3 is open


def test_only_the_first_referral_of_a_person_counts_unless_each_does(base: Study) -> None:
    episodes = {**EPISODES, "person": ["p1", "p2", "p3", "p4", "p5", "p5"]}
    episodes["referral_date"] = [0, 0, 10, 0, 5, 0]
    first = uptake_funnel(delivery(base, episodes=episodes))
    each = uptake_funnel(delivery(base, episodes=episodes), {"which_episode": "each"})
    assert (first.unit, row(first.table, stage="referred")["n"]) == ("people", 5)
    assert (each.unit, row(each.table, stage="referred")["n"]) == ("referrals", 6)
    # The earlier referral of p5 is e6, which says that the offer was taken up.
    assert row(first.table, stage="accepted")["not_known"] == 0
    assert row(first.left_out, what="later referrals of the same people")["rows"] == 1


def test_groups_add_up_and_a_group_without_referrals_has_no_rows(base: Study) -> None:
    episodes = {name: cells[::2] for name, cells in EPISODES.items()}  # e1, e3, e5: p1, p3, p5
    funnel = uptake_funnel(delivery(base, episodes=episodes), by="arm")
    assert set(funnel.table["group"]) == {"Link worker"}
    none = row(funnel.without_referral, group="Usual care")
    assert (none["referred"], none["without"]) == (0, 4)
    assert _reconciled(funnel)


def test_fifths_of_deprivation_are_made_of_deciles(base: Study) -> None:
    people: Columns = {"person": ["p1", "p2", "p3", "p4", "p5"], "imd_decile": [1, 2, 9, None, 10]}
    funnel = uptake_funnel(delivery(base, people=people), by="imd_quintile")
    said = {g: int(row(funnel.table, group=g, stage="referred")["n"]) for g in ("1", "5")}
    assert said == {"1": 2, "5": 2}
    assert row(funnel.table, group="not recorded", stage="referred")["n"] == 2


@pytest.mark.parametrize("by", ["person", "link_worker", "referral_date", "favourite_colour"])
def test_what_forms_no_groups_of_people_is_refused(base: Study, by: str) -> None:
    people: Columns = {"person": ["p1"], "link_worker": ["w1"], "referral_date": [0]}
    with pytest.raises(DataError) as caught:
        uptake_funnel(delivery(base, people=people), by=by)
    assert codes(caught.value.findings) == ["SR40"]


def test_practices_of_the_measures_file_form_groups(base: Study) -> None:
    funnel = uptake_funnel(delivery(base), by="cluster")
    assert funnel.table["group"].nunique() == 3  # p1 to p6 are of three practices
    assert _reconciled(funnel)


def test_a_purpose_in_unknown_words_is_not_taken_for_no_plan(base: Study) -> None:
    contacts = {**CONTACTS, "purpose": [*["a chat about everything"] * 6, ""]}
    funnel = uptake_funnel(delivery(base, contacts=contacts))
    assert row(funnel.table, stage="planned")["n"] == 0
    assert row(funnel.table, stage="planned")["not_known"] == 3  # e1, e3, e4


@pytest.mark.parametrize("by", [None, "arm", "cluster", "imd_quintile", "sex", "age_band"])
def test_the_example_reconciles_in_every_group(by: str | None) -> None:
    funnel = uptake_funnel(load_study(EXAMPLE), by=by)
    assert _reconciled(funnel)
    referred = funnel.table[funnel.table["stage"] == "referred"]
    assert referred["n"].sum() == 217


def test_shares_lie_between_nobody_and_everybody() -> None:
    table = uptake_funnel(load_study(EXAMPLE), by="cluster").table
    for column in ("of_referred", "of_previous"):
        shares = table[column].dropna().to_numpy(dtype=np.float64)
        assert len(shares) > 20
        assert ((shares >= 0) & (shares <= 1)).all()


def test_no_pseudonym_stands_in_the_funnel() -> None:
    funnel = uptake_funnel(load_study(EXAMPLE), by="arm")
    text = funnel.table.to_csv() + str(funnel.notes) + str(funnel.findings)
    assert "synth-0" not in text
    assert "synth-worker" not in text
