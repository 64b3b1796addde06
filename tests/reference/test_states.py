"""Contacts until leaving, and stays in states, against R's survival and mets."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from splw_eval.stats.survival.contact_rows import read_contacts
from splw_eval.stats.survival.multi_state import state_occupation
from splw_eval.stats.survival.recurrent import mean_cumulative_of_people, person_influence
from splw_eval.stats.survival.state_days import days_in_states

R = json.loads((Path(__file__).resolve().parent / "states.json").read_text(encoding="utf-8"))
CONTACTS, STAYS = R["contacts"], R["stays"]
AT, DAYS = CONTACTS["at"], STAYS["days"]
# The same closed formulas: only rounding may differ.
REL = 1e-11
# R's influence of contacts is a slope by two small steps: good to some 1e-9.
SLOPE = 1e-8


def contacts(**changed):
    given = {
        "person": CONTACTS["person"],
        "day": CONTACTS["day"],
        "last_seen": CONTACTS["end"],
        "cause": CONTACTS["left"],
        "cluster": CONTACTS["practice"],
    }
    return read_contacts(**(given | changed))


@pytest.mark.parametrize("kind", ["count", "minutes"])
def test_the_mean_number_of_contacts_and_its_errors_agree_with_loops_over_people(kind):
    rows = contacts(values=CONTACTS["minutes_of_contact"] if kind == "minutes" else None)
    found, expected = mean_cumulative_of_people(rows), CONTACTS[kind]
    np.testing.assert_allclose(found.estimate[AT], expected["estimate"], rtol=REL)
    np.testing.assert_allclose(found.std_error[AT], expected["std_error"], rtol=SLOPE)
    np.testing.assert_allclose(found.robust_std_error[AT], expected["practice_error"], rtol=SLOPE)
    for day, influence in zip(AT, expected["influence"], strict=True):
        np.testing.assert_allclose(person_influence(rows, day), influence, atol=SLOPE)


@pytest.mark.parametrize("kind", ["count", "minutes"])
def test_leaving_out_one_practice_at_a_time_gives_a_somewhat_larger_error(kind):
    rows = contacts(values=CONTACTS["minutes_of_contact"] if kind == "minutes" else None)
    ratio = (
        CONTACTS[kind]["practice_jackknife"] / mean_cumulative_of_people(rows).robust_std_error[AT]
    )
    # With 9 practices: about the root of 9/8, 1.06.
    assert (ratio > 1).all()
    assert (ratio < 1.12).all()


def test_the_mean_number_of_contacts_agrees_with_mets():
    found = mean_cumulative_of_people(contacts())
    np.testing.assert_allclose(found.estimate[AT], CONTACTS["mets_estimate"], rtol=REL)
    # mets takes the endings of one day one after another: its error differs by ties alone.
    np.testing.assert_allclose(found.std_error[AT], CONTACTS["mets_error"], rtol=0.01)
    np.testing.assert_allclose(found.std_error[AT], CONTACTS["ghosh_lin_formula"], rtol=0.02)


def test_without_endings_the_mean_and_its_error_agree_with_survival():
    found = mean_cumulative_of_people(contacts(cause=[0] * len(CONTACTS["end"])))
    np.testing.assert_allclose(found.estimate[AT], CONTACTS["nelson"], rtol=REL)
    np.testing.assert_allclose(found.std_error[AT], CONTACTS["nelson_error"], rtol=REL)


def occupied(rows):
    person = np.array(rows["person"])
    return state_occupation(
        rows["entered"],
        rows["left"],
        np.array(rows["from"]) - 1,
        np.array(rows["to"]) - 1,
        person=person,
        states=STAYS["states"],
        cluster=person % 11,
        at=DAYS,
    )


@pytest.mark.parametrize(("rows", "name"), [("rows", "from_day_0"), ("late_rows", "late")])
def test_the_share_in_each_state_and_its_errors_agree_with_survival(rows, name):
    found, expected = occupied(STAYS[rows]), STAYS[name]
    np.testing.assert_allclose(found.start, expected["start"], rtol=REL)
    np.testing.assert_allclose(found.estimate[DAYS], expected["estimate"], rtol=REL)
    np.testing.assert_allclose(found.std_error, expected["std_error"], rtol=REL)
    np.testing.assert_allclose(found.robust_std_error[DAYS], expected["practice_error"], rtol=REL)


@pytest.mark.parametrize(("rows", "name"), [("rows", "from_day_0"), ("late_rows", "late")])
def test_the_days_in_each_state_and_their_errors_agree_with_survival(rows, name):
    found, expected = days_in_states(occupied(STAYS[rows]), 40), STAYS[name]
    np.testing.assert_allclose(found.estimate, expected["days_40"], rtol=REL)
    np.testing.assert_allclose(found.std_error, expected["days_40_error"], rtol=REL)
    np.testing.assert_allclose(found.robust_std_error, expected["days_40_practice"], rtol=REL)
