"""What foretells who is lost."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval import fit_gee
from splw_eval.missing.checks import MissingError
from splw_eval.missing.loss.loss_models import fit_loss
from splw_eval.missing.loss.predictors import predictors_of_loss
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from tests.unit.missing.given_loss import GROUPED, lost_people


@pytest.fixture(scope="module")
def frame():
    return lost_people()


def test_loss_that_hangs_on_the_score_by_arm_is_found(frame):
    found = predictors_of_loss(frame, **GROUPED, at=1, covariates=["age", "sex"])
    rows: Any = found.table.query("model == 'by arm'").set_index("term")
    by_arm = rows.loc["arm[T.programme]:score at 0"]
    assert by_arm["estimate"] > 0.15
    assert by_arm["p_value"] < 0.01
    joint: Any = found.joint.set_index("model")
    assert joint.loc["by arm", "p_value"] < 0.01


def test_age_that_has_no_part_in_loss_is_near_nothing(frame):
    found = predictors_of_loss(frame, **GROUPED, at=1, covariates=["age"])
    row = found.table.query("model == 'together' and term == 'age'").iloc[0]
    assert row["conf_low"] < 0 < row["conf_high"]


def test_the_last_score_stands_beside_the_first_from_the_third_wave_on(frame):
    terms = set(predictors_of_loss(frame, **GROUPED, at=2).table["term"])
    assert {"score at 0", "last score before 2"} <= terms
    terms = set(predictors_of_loss(frame, **GROUPED, at=1).table["term"])
    assert not any(term.startswith("last") for term in terms)


def moving_scores_lost_by_chance(seed: int) -> pd.DataFrame:
    """Scores that rise by a standard deviation a wave; loss is pure chance at each wave."""
    rng = np.random.default_rng(seed)
    n, practices = 300, 14
    practice = np.arange(n) % practices
    second = practice >= practices // 2
    y = rng.normal(size=(n, 1)) + 0.7 * rng.normal(size=(n, 4))
    y += 0.3 * rng.normal(size=(practices, 1))[practice]
    y += np.arange(4) * np.where(second, 1.0, 0.4)[:, None]
    y[np.arange(4) >= rng.choice([1, 2, 3, 4], n, p=[0.15, 0.15, 0.15, 0.55])[:, None]] = np.nan
    people = pd.DataFrame(
        {"id": range(n), "practice": practice, "arm": np.where(second, "programme", "comparison")}
    )
    waves = [people.assign(wave=k, score=y[:, k]) for k in range(4)]
    return pd.concat(waves, ignore_index=True)


def test_loss_by_pure_chance_is_called_foretold_about_one_time_in_twenty():
    sets = 150
    refused: dict[tuple[str, str], int] = {}
    for seed in range(sets):
        found = predictors_of_loss(moving_scores_lost_by_chance(seed), **GROUPED, at=3)
        for row in found.table.to_dict("records"):
            key = (str(row["model"]), str(row["term"]))
            refused[key] = refused.get(key, 0) + (row["p_value"] < 0.05)
        for row in found.joint.to_dict("records"):
            key = (str(row["model"]), "joint")
            refused[key] = refused.get(key, 0) + (row["p_value"] < 0.05)
    last = {model: refused[model, "last score before 3"] for model in ("by itself", "together")}
    assert refused["together", "joint"] > 0
    # 17 of 150 or more has a chance of 0.001 where the true share is one in twenty.
    assert max(refused.values()) < 17, refused
    assert min(last.values()) > 0


def test_the_last_score_is_counted_from_its_wave_and_a_sentence_says_so(frame):
    found = predictors_of_loss(frame, **GROUPED, at=3)
    row = found.table.query("term == 'last score before 3'").iloc[0]
    assert row["per"].endswith("from the mean of its wave and arm")
    assert any(note.startswith('"last score before 3" is counted') for note in found.notes)
    moved = frame.assign(score=frame["score"] + 10.0 * frame["wave"])
    same = predictors_of_loss(moved, **GROUPED, at=3)
    assert same.table["estimate"].tolist() == pytest.approx(found.table["estimate"].tolist())


def test_the_tests_of_all_terms_have_their_number_of_people(frame):
    found = predictors_of_loss(frame, **GROUPED, at=2)
    assert found.joint["n"].tolist() == [found.n, found.n]


def test_covariates_may_be_a_formula_and_nothing_else_that_is_no_list(frame):
    written = predictors_of_loss(frame, **GROUPED, at=1, covariates="age + C(sex)")
    listed = predictors_of_loss(frame, **GROUPED, at=1, covariates=["age", "C(sex)"])
    assert written.table.equals(listed.table)
    for wrong in (None, 5, [1]):
        given: Any = wrong
        with pytest.raises(MissingError, match="neither columns nor a formula"):
            predictors_of_loss(frame, **GROUPED, at=1, covariates=given)
    with pytest.raises(MissingError, match="arm= names no column"):
        predictors_of_loss(frame, **(GROUPED | {"arm": None}), at=1)


def test_shares_by_practice_are_cr2(frame):
    rng = np.random.default_rng(1)
    practice = np.repeat(np.arange(9), 20)
    X = np.column_stack([np.ones(180), rng.normal(size=180), practice > 4])
    lost = (rng.random(180) < 0.4).astype(float)
    ours, theirs = fit_loss(lost, X, practice, "share"), fit_clusters(lost, X, practice)
    assert ours.beta == pytest.approx(theirs.coef, rel=1e-10)
    rows = [ours.row(place, 0.95) for place in range(3)]
    assert [row["std_error"] for row in rows] == pytest.approx(theirs.std_error, rel=1e-9)
    assert [row["df"] for row in rows] == pytest.approx(theirs.df, rel=1e-9)


def test_odds_ratios_are_those_of_the_estimating_equations(frame):
    people = frame.pivot_table(
        index=["id", "practice", "arm", "age"], columns="wave", values="score", dropna=False
    )
    people = people[people[0].notna()].reset_index()
    people["lost"] = people[1].isna().astype(int)
    fit = fit_gee(
        people,
        outcome="lost",
        fixed="arm + age",
        person="id",
        cluster="practice",
        working="independence",
    )
    said = fit.ratios.set_index("term").loc["age"]
    found = predictors_of_loss(frame, **GROUPED, at=1, covariates=["age"], scale="odds")
    row = found.table.query("model == 'by itself' and term == 'age'").iloc[0]
    spread = people["age"].std()
    assert np.log(row["estimate"]) == pytest.approx(np.log(said["estimate"]) * spread, rel=1e-6)
    assert row["p_value"] == pytest.approx(said["p_value"], rel=1e-6)
    assert row["df"] == pytest.approx(said["df"], rel=1e-6)


def test_people_without_a_covariate_are_left_out_and_counted(frame):
    holed = frame.copy()
    holed.loc[holed["id"].isin(["a1", "a2", "a3"]), "age"] = np.nan
    found = predictors_of_loss(holed, **GROUPED, at=3, covariates=["age"])
    assert found.n == frame["id"].nunique() - 3
    assert any(note.startswith("3 people were left out") for note in found.notes)


def test_a_covariate_that_changes_within_people_is_refused(frame):
    moved = frame.assign(contacts=np.arange(len(frame)))
    with pytest.raises(MissingError) as caught:
        predictors_of_loss(moved, **GROUPED, at=3, covariates=["contacts"])
    assert [one.code for one in caught.value.findings] == ["SN32"]


def test_a_wave_that_is_none_and_the_first_are_refused(frame):
    for at in (0, 9):
        with pytest.raises(MissingError, match="no wave after the first"):
            predictors_of_loss(frame, **GROUPED, at=at)


def test_nobody_lost_leaves_nothing_to_foretell(frame):
    whole = frame.assign(score=1.0 + np.arange(len(frame)) % 7)
    with pytest.raises(MissingError, match="nobody was lost"):
        predictors_of_loss(whole, **GROUPED, at=3)


def test_too_few_practices_for_a_joint_test_leave_it_empty(frame):
    some = frame[frame["practice"].isin([0, 1, 6, 7])]
    found = predictors_of_loss(some, **GROUPED, at=2, covariates=["age", "sex"])
    assert found.joint["p_value"].isna().any()
    assert any("fewer than 4 practices" in note for note in found.notes)


def test_without_practices_people_are_the_units(frame):
    asked = {name: column for name, column in GROUPED.items() if name != "cluster"}
    found = predictors_of_loss(frame, **asked, at=2, covariates=["age"])
    assert (found.table["df"] > 100).all()
    assert found.joint["p_value"].notna().all()


def test_printed_lines_fit_eighty_columns_and_speak_of_association(frame):
    text = str(predictors_of_loss(frame, **GROUPED, at=2, covariates=["age", "sex"]))
    assert max(map(len, text.splitlines())) <= 80
    assert "associations" in text
