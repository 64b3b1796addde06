"""Scores by contacts as results of the report: exploratory only."""

from __future__ import annotations

import pytest

from splw_eval.confounding.received.dose import dose_response
from splw_eval.confounding.reported.dose import EACH_MORE, FEWEST, describe_dose_response
from splw_eval.confounding.reported.received import contacts_of
from splw_eval.describe.people_frame import AFTER, BEFORE, GROUP, PERSON, PRACTICE, pairs_of
from tests.unit.confounding.reported.given_receipt import compared, with_contacts


@pytest.fixture(scope="module")
def study(tmp_path_factory):
    return with_contacts(compared(tmp_path_factory.mktemp("given")))


def test_levels_are_those_of_the_programme_group_alone(study):
    (pair,) = pairs_of(study)
    frame = pair.frame[pair.frame[GROUP] == 1].dropna(subset=[BEFORE, AFTER])
    found = dose_response(
        frame.assign(contacts=contacts_of(study)[frame[PERSON]].astype(float)),
        outcome=AFTER, dose="contacts", covariates=(BEFORE,), cluster=PRACTICE,
    )  # fmt: skip
    *levels, line = describe_dose_response(study).rows
    assert [row.contacts for row in levels] == ["0", "1-2", "3-5", "6 or more"]
    assert [row.n for row in levels] == found.levels["n"].tolist()
    assert [row.difference for row in levels[1:]] == found.table["estimate"].tolist()[1:]
    assert (line.contacts, line.difference) == (EACH_MORE, found.estimate)


def test_the_first_note_says_why_it_is_no_effect(study):
    said = describe_dose_response(study).notes[0].text
    assert "no effect of contacts" in said
    assert "nobody was allocated" in said


def test_levels_with_few_people_join_their_neighbours(tmp_path):
    rows = describe_dose_response(with_contacts(compared(tmp_path), none=20)).rows
    counts = [row.n for row in rows if row.n is not None]
    assert min(counts) >= FEWEST
    assert rows[0].contacts == "0-2"
    assert rows[-1].n_fewest == min(counts)


def test_a_cohort_has_levels_too_as_they_claim_nothing(tmp_path):
    assert describe_dose_response(with_contacts(compared(tmp_path, "controlled_cohort"))).rows


def test_the_same_dose_for_everybody_is_told(tmp_path):
    found = describe_dose_response(with_contacts(compared(tmp_path), none=1))
    assert not found.rows
    assert any("same dose" in note.text for note in found.notes)
