"""Frames completed by chained equations: kinds of columns, arms, practices, refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.chained import impute_chained
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool

PEOPLE = 120
KINDS = {"score": "number", "works": "binary", "health": "ordinal"}


@pytest.fixture(scope="module")
def frame():
    rng = np.random.default_rng(4)
    score = rng.normal(20, 5, PEOPLE).round(1)
    works = np.where(rng.random(PEOPLE) < 0.4, "No", "Yes").astype(object)
    health = pd.Categorical(
        rng.choice(["poor", "fair", "good"], PEOPLE), ["poor", "fair", "good"], ordered=True
    )
    made = pd.DataFrame(
        {
            "arm": np.where(np.arange(PEOPLE) % 2, "a", "b"),
            "practice": np.arange(PEOPLE) % 6,
            "age": rng.normal(60, 10, PEOPLE).round(),
            "score": score,
            "works": works,
            "health": health,
        },
        index=np.arange(PEOPLE) + 1000,
    )
    for name in KINDS:
        made.loc[made.index[rng.random(PEOPLE) < 0.25], name] = None
    return made


def test_every_gap_is_filled_with_a_value_of_its_kind_and_nothing_else_is_changed(frame):
    before = frame.copy()
    found = impute_chained(frame, columns=KINDS, covariates=["age"], imputations=3, sweeps=2)
    assert len(found) == 3
    for made in found:
        assert made.index.equals(frame.index)
        assert list(made.columns) == list(frame.columns)
        assert made.notna().all().all()
        assert set(made["works"]) == {"No", "Yes"}
        assert list(made["health"].cat.categories) == ["poor", "fair", "good"]
        for name in KINDS:
            seen = frame[name].notna()
            assert (made.loc[seen, name] == frame.loc[seen, name]).all()
        assert (made["age"] == frame["age"]).all()
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("kind", ["boolean", "Int64", "float"])
def test_yes_and_no_keep_the_type_of_their_column(frame, kind):
    yes = frame["works"].map({"Yes": 1, "No": 0}).astype(float)
    typed = yes.astype("Int64").astype(kind) if kind != "float" else yes
    given = frame.assign(works=typed)
    found = impute_chained(given, columns={"works": "binary"}, covariates=["age"], imputations=2)
    assert found.frame(0)["works"].dtype == typed.dtype
    assert found.frame(0)["works"].notna().all()


def test_the_first_data_sets_do_not_depend_on_how_many_there_are(frame):
    few = impute_chained(frame, columns=KINDS, imputations=2, sweeps=2, seed=5)
    more = impute_chained(frame, columns=KINDS, imputations=4, sweeps=2, seed=5)
    pd.testing.assert_frame_equal(few.frame(1), more.frame(1))
    other = impute_chained(frame, columns=KINDS, imputations=2, sweeps=2, seed=6)
    assert not few.frame(1).equals(other.frame(1))


def test_each_arm_is_completed_from_its_own_people(frame):
    rng = np.random.default_rng(1)
    far = np.where(frame["arm"] == "b", 1000.0, 0.0) + rng.normal(size=PEOPLE)
    given = frame.assign(score=np.where(frame["score"].isna(), np.nan, far))
    found = impute_chained(given, columns={"score": "number"}, group="arm", imputations=2)
    made = found.frame(0)
    assert made.loc[made["arm"] == "b", "score"].min() > 900
    assert made.loc[made["arm"] == "a", "score"].max() < 100
    assert "within each arm" in found.method


def test_practices_join_the_models_and_a_sentence_tells_which_way_they_err(frame):
    found = impute_chained(frame, columns=KINDS, cluster="practice", imputations=2, sweeps=2)
    assert any("Andridge" in note for note in found.notes)
    without = impute_chained(frame, columns=KINDS, imputations=2, sweeps=2)
    assert not found.frame(0).equals(without.frame(0))


def test_completed_frames_are_analysed_and_pooled_with_practices(frame):
    found = impute_chained(
        frame, columns=KINDS, covariates=["age"], group="arm", cluster="practice", imputations=5,
        sweeps=3,
    )  # fmt: skip
    pooled = pool(analyse(found, outcome="score", fixed="arm + works", cluster="practice"))
    assert pooled.table["df"].max() < 6
    assert pooled.table["term"].tolist() == ["Intercept", "arm[T.b]", "works[T.Yes]"]
    assert "Chained equations" in pooled.method
    assert (pooled.table["between"] > 0).all()


def test_the_table_counts_what_was_missing(frame):
    found = impute_chained(frame, columns=KINDS, imputations=2, sweeps=2)
    table = found.table.set_index("column")
    for name in KINDS:
        assert table.loc[name, "missing"] == frame[name].isna().sum()
    assert table.loc["score", "mean_seen"] == pytest.approx(frame["score"].mean())
    assert max(len(line) for line in str(found).splitlines()) <= 80


@pytest.mark.parametrize(
    ("change", "how", "words"),
    [
        ({}, {"columns": {}}, "names no column"),
        ({}, {"columns": {"score": "normal"}}, "There are: number"),
        ({}, {"columns": {"scores": "number"}}, "SN02"),
        ({}, {"columns": {"works": "number"}}, "SN03"),
        ({}, {"columns": {"works": "ordinal"}}, "in which order"),
        ({}, {"columns": {"health": "binary"}}, "holds 3 different values"),
        ({}, {"columns": {"score": "ordinal"}}, "Take matched"),
        ({}, {"columns": {"score": "number"}, "covariates": ["score"]}, "Name it once"),
        ({}, {"columns": {"score": "number"}, "covariates": ["works"]}, "works: a covariate"),
        ({}, {"columns": {"score": "number"}, "imputations": 1}, "whole number from 2"),
        ({}, {"columns": {"score": "number"}, "sweeps": 0}, "sweeps= is no whole"),
        ({"score": np.inf}, {"columns": {"score": "number"}}, "infinite numbers"),
        ({"arm": None}, {"columns": {"score": "number"}, "group": "arm"}, "SN04"),
    ],
)  # fmt: skip
def test_what_cannot_be_completed_is_refused_with_a_remedy(frame, change, how, words):
    given = frame.copy()
    for name, value in change.items():
        given.loc[given.index[3], name] = value
    with pytest.raises(MissingError, match=words):
        impute_chained(given, **{"imputations": 2, "sweeps": 1, **how})


def test_that_scores_are_missing_at_random_is_said(frame):
    found = impute_chained(frame, columns={"score": "number"}, imputations=2, sweeps=1)
    assert "missing at random" in found.method
    assert any("missing at random" in note for note in found.notes)


def test_every_covariate_with_gaps_is_named(frame):
    columns = {"score": "number"}
    for covariates in (["C(works)", "health", "age"], "works + health + age"):
        with pytest.raises(MissingError) as caught:
            impute_chained(frame, columns=columns, covariates=covariates)
        assert [told.column for told in caught.value.findings] == ["works", "health"]


@pytest.mark.parametrize("covariates", [None, 5, [5]])
def test_covariates_that_are_no_columns_are_refused(frame, covariates):
    with pytest.raises(MissingError, match="neither columns nor a formula"):
        impute_chained(frame, columns={"score": "number"}, covariates=covariates)


def test_a_column_never_seen_in_one_arm_is_refused(frame):
    given = frame.assign(score=np.where(frame["arm"] == "a", np.nan, frame["score"]))
    with pytest.raises(MissingError, match="no value is seen in 1 of the groups"):
        impute_chained(given, columns={"score": "number"}, group="arm")


def test_too_few_people_for_the_columns_are_refused_in_words(frame):
    with pytest.raises(MissingError, match="too few for"):
        impute_chained(frame.iloc[:6], columns={"score": "number"}, covariates=["C(age)"])
