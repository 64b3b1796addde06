"""Bands and important differences of the catalogue, against the tables of what was read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import splw_eval
from splw_eval.instruments import Score
from tests.unit.instruments.keyed import ADDED, CATALOGUE, OPTIONS, ramp

HERE = Path(__file__).parent / "instruments"
BANDS = json.loads((HERE / "bands.json").read_text())
DIFFERENCES = json.loads((HERE / "important_differences.json").read_text())
# Where the tables call an instrument's score something else than the catalogue.
SCORES = {
    "A or D": ("A", "D"),
    "emotional or social": ("emotional", "social"),
    "family or friends": ("family", "friends"),
    "PCS or MCS": ("PCS", "MCS"),
    "count": ("total",),
    "clinical score": ("score",),
    "tariff value": ("index",),
}
NAMED = {"sf12_pcs_mcs": "sf12"}
# The worked cases say "none", and the table "none/minimal": the cases are followed.
CALLED = {"none/minimal": "none"}
# PAM-13 has levels in place of bands; they are tested by themselves.
LEVELS = {"pam13"}
BANDED = [row for row in BANDS if row["instrument"] not in LEVELS]
FOUND = [row for row in DIFFERENCES if row["value"] is not None]
NONE_FOUND = [row for row in DIFFERENCES if row["value"] is None]


def scores_of(row: dict[str, Any]) -> list[Score]:
    """Scores of the catalogue that a row of the tables is about."""
    held = CATALOGUE[NAMED.get(row["instrument"], row["instrument"])]
    if row["score"] == "each":
        return list(held.scores)
    known = {score.name for score in held.scores}
    names = SCORES.get(row["score"], (row["score"],))
    wanted = [name for name in names if name in known] or [held.scores[0].name]
    return [held.score(name) for name in wanted]


def label_at(score: Score, label: str, value: float) -> str:
    """Name of the band of a value, in the set that knows the label."""
    (bands,) = [bands for bands in score.bands if label in {name for _, name in bands.limits}]
    starts = zip(bands.limits, bands.starts_above(), strict=True)
    return [
        name for (limit, name), above in starts if value > limit or (value == limit and not above)
    ][-1]


def told(row: dict[str, Any]) -> str:
    return f"{row['instrument']}-{row['score']}-{row.get('band', row.get('value'))}"


@pytest.mark.parametrize("row", BANDED, ids=told)
def test_a_band_reaches_from_its_lower_to_its_upper_limit(row):
    label = CALLED.get(row["band"], row["band"])
    for score in scores_of(row):
        for edge in (row["lower"], row["upper"]):
            assert label_at(score, label, edge) == label, (score.name, edge)
        below = row["lower"] - score.step
        if below >= score.range[0]:
            assert label_at(score, label, below) != label


def test_every_band_of_the_tables_is_in_the_catalogue_and_the_other_way_round():
    counted = sum(len(scores_of(row)) for row in BANDED)
    ends = {"above both cut-offs", "above the cut-off", "below the cut-off", "below caseness"}
    ends |= {"not poor", "not at risk", "not marginal", "positive", "negative"}
    held = [
        label
        for name, instrument in CATALOGUE.items()
        if name != "wemwbs_to_swemwbs"
        for score in instrument.scores
        if (name, score.name) != ("k10", "k6")  # like wemwbs_to_swemwbs, told once
        for bands in score.bands
        for _, label in bands.limits
        if label not in ends
    ]
    assert len(held) == counted


@pytest.mark.parametrize(("version", "limit"), [("current", 72.4), ("older", 67.0)])
def test_a_level_of_pam_ends_with_its_cut_off(version, limit):
    values = [0, 47.0, 47.1, 55.1, 55.2, limit, limit + 0.1, 100]
    frame = pd.DataFrame({"score": values})
    levels = splw_eval.score(frame, instrument="pam13", cut_offs=version)["level"]
    assert levels.tolist() == [1, 1, 2, 2, 3, 3, 4, 4]


# What the scoring adds to a frame.


@pytest.mark.parametrize(("name", "score"), ADDED)
def test_every_score_from_lowest_to_highest_gets_the_band_that_it_lies_in(name, score):
    held = CATALOGUE[name]
    bands = held.score(score).bands
    frame = pd.DataFrame(ramp(held), columns=list(held.items))
    made = splw_eval.score(frame, instrument=name, **OPTIONS.get(name, {}))
    banded = [each.name for each in held.scores if each.bands]
    column = "band" if banded == [score] else f"{score}_band"
    assert (column in made) == (score in banded)
    if bands:
        labels = [label for _, label in bands[0].limits]
        assert made[column].tolist() == [
            label_at(held.score(score), labels[0], value) for value in made[score]
        ]
        assert set(made[column]) == set(labels)


@pytest.mark.parametrize(
    ("name", "answers", "total", "band"),
    [
        ("gad7", [3, 2, 2, 0, 0, None, None], 9.8, "mild"),
        ("gad7", [2, 2, 2, 2, 0, 0, None], 28 / 3, "mild"),
        ("phq9", [3, 3, 3, 3, 1, 0, 0, 0, None], 14.625, "moderate"),
        ("phq9", [2, 2, 2, 1, 0, 0, 0, None, None], 9.0, "mild"),
        ("core10", [1, 1, 1, 1, 1, 1, 1, 1, 1, None], 10.0, "healthy / low"),
        ("core10", [2, 2, 2, 1, 1, 1, 1, 0, 0, None], 100 / 9, "mild"),
    ],
)
def test_a_prorated_score_is_not_rounded_into_the_next_band(name, answers, total, band):
    frame = pd.DataFrame([answers], columns=[str(i + 1) for i in range(len(answers))])
    row = splw_eval.score(frame, instrument=name, **OPTIONS.get(name, {})).iloc[0]
    assert row["prorated"]
    assert row[CATALOGUE[name].scores[0].name] == pytest.approx(total)
    assert row["band"] == band


# Important differences.


@pytest.mark.parametrize("row", FOUND, ids=told)
def test_a_difference_stands_in_the_catalogue_with_its_status(row):
    status = {"seen": "checked"}.get(row["status"], row["status"])
    for score in scores_of(row):
        held = [(d.value, d.status) for d in score.differences if d.unit == "points"]
        assert (row["value"], status) in held, score.name


@pytest.mark.parametrize("row", NONE_FOUND, ids=told)
def test_where_none_is_established_the_catalogue_gives_none(row):
    for score in scores_of(row):
        assert score.differences == ()


def test_no_difference_stands_in_the_catalogue_that_the_tables_do_not_know():
    known = {(s.name, row["value"]) for row in FOUND for s in scores_of(row)}
    known |= {("swemwbs_metric", 1.03), ("swemwbs_metric", 2.87), ("wemwbs", 3), ("wemwbs", 8)}
    held = {
        (score.name, d.value)
        for instrument in CATALOGUE.values()
        for score in instrument.scores
        for d in score.differences
        if d.unit == "points"
    }
    assert held - known == set()


def test_differences_in_percent_are_those_of_the_anchor_study_of_uk_primary_care():
    held = {
        (name, d.value)
        for name, instrument in CATALOGUE.items()
        for score in instrument.scores
        for d in score.differences
        if d.unit == "percent" and "Kounali" in d.source
    }
    assert held == {("phq9", 21), ("gad7", 27), ("bdi2", 23)}


@pytest.mark.parametrize(
    ("name", "expected"), [("eq5d_5l_uk_2026", 0.078), ("eq5d_5l_crosswalk_uk", 0.082)]
)
def test_our_own_differences_are_the_mean_step_of_one_level(name, expected):
    held = CATALOGUE[name]
    (difference,) = held.score("index").differences
    assert (difference.value, difference.status) == (expected, "computed")
    values = index_by_profile(name).reshape([5] * 5)
    steps = [np.diff(values, axis=axis).ravel() for axis in range(5)]
    assert abs(np.concatenate(steps)).mean() == pytest.approx(expected, abs=5e-4)


def index_by_profile(name: str) -> np.ndarray:
    profiles = np.stack(np.meshgrid(*[np.arange(1, 6)] * 5, indexing="ij")).reshape(5, -1).T
    frame = pd.DataFrame(profiles, columns=list(CATALOGUE[name].items))
    return splw_eval.score(frame, instrument=name)["index"].to_numpy()
