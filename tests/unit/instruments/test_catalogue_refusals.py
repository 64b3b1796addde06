"""Answers that cannot be, instrument by instrument: refused, with a hint how they were keyed."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import DataError
from splw_eval.instruments import faulty_responses, score_responses
from tests.unit.instruments.keyed import CATALOGUE, OPTIONS, codes_of, extreme

CODED = [held for held in CATALOGUE.values() if not held.score_only]
EACH = pytest.mark.parametrize("held", CODED, ids=lambda held: held.name)
READY = pytest.mark.parametrize("name", ["pam13", "sf12"])


def refused(held, rows):
    with pytest.raises(DataError) as caught:
        score_responses(rows, held, **OPTIONS.get(held.name, {}))
    return caught.value.findings


@EACH
@pytest.mark.parametrize("end", ["low", "high"])
def test_an_answer_outside_the_codes_of_any_item_is_refused_and_counted(held, end):
    for place, item in enumerate(held.items):
        rows = np.tile(extreme(held, worst=True), (5, 1))
        low, high = codes_of(held, item)
        rows[[1, 3], place] = low - 1 if end == "low" else high + 1
        (finding,) = refused(held, rows)
        assert (finding.code, finding.column) == ("SI06", item)
        assert (finding.rows, finding.of_rows) == ((2, 4), 5)
        assert f"{low:g} to {high:g}" in finding.problem


@EACH
def test_all_faults_of_all_items_are_found_at_once(held):
    rows = np.tile(extreme(held, worst=True), (4, 1))
    rows[2] = [codes_of(held, item)[1] + 1 for item in held.items]
    found = refused(held, rows)
    assert [finding.column for finding in found] == list(held.items)
    faulty = faulty_responses(rows, held, **OPTIONS.get(held.name, {}))
    assert list(faulty) == list(held.items)
    assert all(where.tolist() == [False, False, True, False] for where in faulty.values())


@EACH
@pytest.mark.parametrize("shift", [1, -1])
def test_a_file_keyed_from_one_too_high_or_too_low_is_told_so(held, shift):
    columns = [np.arange(low, high + 1.0) for low, high in (codes_of(held, i) for i in held.items)]
    longest = max(len(column) for column in columns)
    rows = np.array([np.resize(column, longest) for column in columns]).T + shift
    for finding, item in zip(refused(held, rows), held.items, strict=True):
        low, high = codes_of(held, item)
        expected = f"Keyed from {low + shift} to {high + shift} instead of {low} to {high}?"
        # Nobody keys from -1, or an age by its place in a list; -1 mostly means missing.
        known = low + shift >= 0 and high - low <= 12
        assert finding.remedy.startswith(expected) == known, item
        assert ("one too" in finding.remedy) == known


@EACH
def test_an_answer_between_two_codes_is_refused(held):
    rows = np.tile(extreme(held, worst=True), (3, 1))
    rows[1, 0] = codes_of(held, held.items[0])[0] + 0.5
    (finding,) = refused(held, rows)
    assert (finding.code, finding.rows) == ("SI07", (2,))


@READY
def test_a_ready_made_score_outside_its_range_is_refused_and_decimals_are_not(name):
    held = CATALOGUE[name]
    for value in (-0.1, 100.1):
        rows = np.full((3, len(held.items)), 50.5)
        rows[0] = value
        assert {finding.code for finding in refused(held, rows)} == {"SI06"}
    fine = score_responses(np.full((1, len(held.items)), 50.5), held)
    assert fine[held.scores[0].name].values.tolist() == [50.5]


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("hads", "coding"),
        ("core10", "coding"),
        ("k6", "coding"),
        ("eq5d_5l_dsu_uk", "table"),
    ],
)
def test_nothing_is_scored_before_it_is_said_how_it_was_keyed(name, option):
    held = CATALOGUE[name]
    with pytest.raises(DataError, match=option) as caught:
        score_responses(extreme(held, worst=True)[np.newaxis], held)
    assert [finding.code for finding in caught.value.findings] == ["SI08"]


def test_k6_takes_either_way_to_key_it_and_scores_from_nothing():
    from_0 = score_responses(np.full((1, 6), 4.0), "k6", coding="from_0")["total"].values
    from_1 = score_responses(np.full((1, 6), 5.0), "k6", coding="from_1")["total"].values
    assert from_0.tolist() == from_1.tolist() == [24]
    with pytest.raises(DataError):
        score_responses(np.full((1, 6), 0.0), "k6", coding="from_1")


def test_core10_keyed_by_frequency_turns_two_items():
    frequency = np.array([[1, 3, 2, 0, 4, 0, 2, 1, 0, 3]], dtype=float)
    turned = frequency.copy()
    turned[:, [1, 2]] = 4 - turned[:, [1, 2]]
    by_frequency = score_responses(frequency, "core10", coding="frequency")["score"].values
    already = score_responses(turned, "core10", coding="scored")["score"].values
    assert by_frequency.tolist() == already.tolist() == [14]
