"""One analysis in every completed data set: what is fitted, what is taken from it, refusals."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from splw_eval.missing.checks import MissingError
from splw_eval.missing.pooling.analyse import analyse
from splw_eval.missing.pooling.pool import pool
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters

PEOPLE, SETS = 60, 4
ROUNDING = 1e-10


def completed(sets=SETS, moving=False):
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "arm": np.where(np.arange(PEOPLE) % 10 < 5, "a", "b"),
            "practice": np.arange(PEOPLE) % 10,
            "before": rng.normal(size=PEOPLE),
        }
    )
    score = frame["before"] + rng.normal(size=PEOPLE)
    before = frame["before"]
    return [
        frame.assign(
            score=score + rng.normal(0, 0.3, PEOPLE),
            before=before + (rng.normal(0, 0.3, PEOPLE) if moving else 0.0),
        )
        for _ in range(sets)
    ]


@dataclass
class Named:
    outcome: str = "score"
    person: str = "person"
    wave: str = "month"
    arm: str | None = "arm"
    cluster: str | None = None
    imputations: int = SETS


class Waves:
    """Completed rows of people and waves, in no order of the people."""

    method = "drawn for a test"
    notes = ("They are made up.",)

    def __init__(self):
        self.draws = Named()
        self.wide = completed()

    def frame(self, m):
        wide = self.wide[m].assign(person=[f"p{k}" for k in range(PEOPLE)])
        parts = [
            wide.assign(month=0, score=wide["before"]),
            wide.assign(month=3).iloc[::-1],
        ]
        return pd.concat(parts, ignore_index=True).drop(columns="before")

    def __iter__(self):
        return (self.frame(m) for m in range(SETS))


def test_each_data_set_is_fitted_with_the_errors_and_df_of_its_practices():
    frames = completed()
    found = analyse(frames, outcome="score", fixed="arm + before", cluster="practice")
    for m, frame in enumerate(frames):
        X = np.column_stack([np.ones(PEOPLE), frame["arm"] == "b", frame["before"]])
        own = fit_clusters(frame["score"], X, frame["practice"])
        np.testing.assert_allclose(found.estimates[m], own.coef, rtol=ROUNDING)
        np.testing.assert_allclose(found.variances[m], own.std_error**2, rtol=ROUNDING)
        np.testing.assert_allclose(found.df_complete, own.df, rtol=ROUNDING)
    assert found.terms == ("Intercept", "arm[T.b]", "before")
    assert (found.n, found.clusters) == (PEOPLE, 10)


def test_the_smallest_df_are_taken_where_data_sets_differ_in_them():
    frames = completed(moving=True)
    found = analyse(frames, outcome="score", fixed="arm + before", cluster="practice")
    own = []
    for frame in frames:
        X = np.column_stack([np.ones(PEOPLE), frame["arm"] == "b", frame["before"]])
        own.append(fit_clusters(frame["score"], X, frame["practice"]).df)
    np.testing.assert_allclose(found.df_complete, np.min(own, axis=0), rtol=ROUNDING)
    assert np.ptp(own, axis=0).max() > 0.01


def test_without_practices_the_errors_are_those_of_ordinary_least_squares():
    frames = completed()
    found = analyse(frames, outcome="score", fixed="arm + before")
    X = np.column_stack([np.ones(PEOPLE), frames[0]["arm"] == "b", frames[0]["before"]])
    y = frames[0]["score"].to_numpy()
    coef = np.linalg.solve(X.T @ X, X.T @ y)
    s2 = ((y - X @ coef) ** 2).sum() / (PEOPLE - 3)
    np.testing.assert_allclose(found.estimates[0], coef, rtol=ROUNDING)
    np.testing.assert_allclose(
        found.variances[0], s2 * np.diag(np.linalg.inv(X.T @ X)), rtol=ROUNDING
    )
    assert found.df_complete.tolist() == [PEOPLE - 3] * 3
    assert any("no practices were named" in note for note in found.notes)


def test_a_wave_is_analysed_with_the_other_waves_scores_beside_each_person():
    waves = Waves()
    by_wave = analyse(waves, wave=3, fixed="arm + score_0", cluster="practice")
    plain = analyse(waves.wide, outcome="score", fixed="arm + before", cluster="practice")
    np.testing.assert_allclose(by_wave.estimates, plain.estimates, rtol=1e-9)
    np.testing.assert_allclose(by_wave.df_complete, plain.df_complete, rtol=1e-9)
    assert "drawn for a test" in by_wave.method
    assert "They are made up." in pool(by_wave).notes


def test_practices_that_scores_were_drawn_with_are_asked_for():
    waves = Waves()
    waves.draws.cluster = "practice"
    left_out = analyse(waves, wave=3, fixed="arm")
    assert any('give cluster="practice"' in note for note in left_out.notes)
    named = analyse(waves, wave=3, fixed="arm", cluster="practice")
    assert not any("too narrow" in note for note in named.notes)


def test_a_wave_may_be_named_as_text():
    waves = Waves()
    by_text = analyse(waves, wave="3", fixed="arm")
    by_number = analyse(waves, wave=3, fixed="arm")
    assert (by_text.estimates == by_number.estimates).all()


@pytest.mark.parametrize(
    "function",
    [
        lambda f: (f["score"].mean(), f["score"].var() / PEOPLE, PEOPLE - 1),
        lambda f: {"estimate": f["score"].mean(), "std_error": f["score"].sem(), "df": PEOPLE - 1},
        lambda f: pd.DataFrame(
            {
                "term": ["mean"],
                "estimate": f["score"].mean(),
                "std_error": f["score"].sem(),
                "df": PEOPLE - 1.0,
                "n": PEOPLE,
            }
        ),
    ],
)
def test_an_analysis_of_ones_own_may_answer_in_several_forms(function):
    frames = completed()
    found = analyse(frames, function)
    plain = analyse(frames, outcome="score", fixed="1")
    np.testing.assert_allclose(found.estimates, plain.estimates, rtol=ROUNDING)
    np.testing.assert_allclose(found.variances, plain.variances, rtol=ROUNDING)
    assert pool(found).df == pytest.approx(pool(plain).df, rel=ROUNDING)


def test_a_fitted_model_of_the_package_can_be_the_analysis():
    from splw_eval.models import fit_mixed_model

    waves = Waves()

    def fit(frame):
        return fit_mixed_model(frame, outcome="score", fixed="arm * C(month)", person="person",
                               wave="month", df="between-within")  # fmt: skip

    found = analyse(waves, fit)
    assert "arm[T.b]" in found.terms
    assert np.isfinite(pool(found).table["conf_low"]).all()


def test_an_analysis_without_df_says_that_there_is_no_bound():
    found = analyse(completed(), lambda f: (f["score"].mean(), 0.01))
    assert np.isinf(found.df_complete).all()
    assert any("no degrees of freedom" in note for note in found.notes)


def test_df_that_a_model_refuses_to_give_leave_no_limits():
    found = analyse(completed(), lambda f: (f["score"].mean(), 0.01, np.nan))
    assert np.isnan(pool(found).table["conf_low"]).all()


def test_a_large_practice_is_told():
    frames = [f.assign(practice=np.where(f.index < 30, 0, f["practice"])) for f in completed()]
    found = analyse(frames, outcome="score", fixed="before", cluster="practice")
    assert any("of the people" in note for note in found.notes)


@pytest.mark.parametrize(
    ("given", "how", "words"),
    [
        (completed()[0], {"fixed": "arm", "outcome": "score"}, "no series of completed frames"),
        (completed(), {}, "neither fixed= nor a function"),
        (completed(), {"fixed": "arm"}, "outcome= is needed"),
        (completed(), {"fixed": "arm", "outcome": "score", "wave": 3}, "frames of one's own"),
        (completed(), {"fixed": "arm", "outcome": "score", "vcov": "HC3"}, "There are: CR0"),
        (completed(), {"fixed": "arm", "outcome": "scores"}, "SN02"),
        (completed(), {"fixed": "arm +", "outcome": "score"}, "cannot be understood"),
        (completed(), {"function": np.mean, "fixed": "arm"}, "Leave these out"),
        (completed(), {"function": lambda f: f["score"].mean()}, "no estimates with variances"),
        ([], {"fixed": "arm", "outcome": "score"}, "no completed data set"),
        ([[1, 2]], {"fixed": "arm", "outcome": "score"}, "is no data frame"),
        (Waves(), {"fixed": "arm"}, "wave= is needed"),
        (Waves(), {"fixed": "arm", "wave": 12}, "There are: 0, 3"),
    ],
)
def test_what_cannot_be_analysed_is_refused_with_a_remedy(given, how, words):
    with pytest.raises(MissingError, match=words):
        analyse(given, **how)


def practices_in_two_arms(comparison):
    """Completed waves whose practices are `comparison` of one arm and five of the other."""
    given = Waves()
    given.wide = [
        frame.assign(practice=np.where(frame["arm"] == "a", frame["practice"] % comparison, 9))
        if comparison == 1
        else frame
        for frame in given.wide
    ]
    return given


def test_one_practice_in_an_arm_is_refused():
    with pytest.raises(MissingError, match="2 arms have one practice only") as caught:
        analyse(practices_in_two_arms(1), wave=3, fixed="arm", cluster="practice")
    assert [one.code for one in caught.value.findings] == ["SN08"]
    assert analyse(practices_in_two_arms(5), wave=3, fixed="arm", cluster="practice").n == PEOPLE


def test_one_practice_behind_a_level_leaves_that_term_without_limits():
    frames = [f.assign(rural=(f["practice"] == 3).astype(float)) for f in completed()]
    found = analyse(frames, outcome="score", fixed="before + rural", cluster="practice")
    assert any("One practice alone stands for a level of rural" in note for note in found.notes)
    table = pool(found).table
    rural, others = table[table["term"] == "rural"], table[table["term"] != "rural"]
    told = ["std_error", "df", "p_value", "conf_low", "conf_high"]
    assert rural[told].isna().all(axis=None)
    assert np.isfinite(rural["estimate"]).all()
    assert (others["std_error"] > 0).all()


def test_the_outcome_in_the_fixed_part_is_refused_in_any_form():
    with pytest.raises(MissingError, match="column score"):
        analyse(completed(), outcome="score", fixed="arm + score")
    with pytest.raises(MissingError, match="holds the outcome itself"):
        analyse(Waves(), wave=3, fixed="arm + score_3")
    frames = [f.assign(twice=2 * f["score"]) for f in completed()]
    for cluster in (None, "practice"):
        with pytest.raises(MissingError, match="tells the outcome without error"):
            analyse(frames, outcome="score", fixed="arm + twice", cluster=cluster)


def test_an_outcome_that_is_the_same_for_everybody_is_refused():
    frames = [f.assign(score=7.0) for f in completed()]
    with pytest.raises(MissingError, match="the same for everybody"):
        analyse(frames, outcome="score", fixed="arm")


def test_an_analysis_of_ones_own_that_stops_is_named_with_its_data_set():
    def stops(frame):
        raise KeyError("p77")

    with pytest.raises(MissingError, match="data set 1 with KeyError") as caught:
        analyse(completed(), stops)
    assert "p77" not in str(caught.value)


def test_the_printed_title_counts_people_and_practices():
    found = analyse(completed(), outcome="score", fixed="arm", cluster="practice")
    assert f"data sets of {PEOPLE} people in 10 practices" in " ".join(str(found).split())


def test_columns_that_depend_on_each_other_are_refused():
    frames = [f.assign(twice=2 * f["before"]) for f in completed()]
    with pytest.raises(MissingError, match="depend on each other"):
        analyse(frames, outcome="score", fixed="before + twice")


def test_data_sets_with_other_terms_are_refused():
    frames = completed()
    frames[2] = frames[2].assign(arm="a")
    with pytest.raises(MissingError, match="data set 3 gives other terms"):
        analyse(frames, outcome="score", fixed="arm")


def test_the_table_has_a_row_for_each_data_set_and_term():
    table = analyse(completed(), outcome="score", fixed="arm").table
    assert len(table) == 2 * SETS
    assert table["imputation"].tolist() == [1, 1, 2, 2, 3, 3, 4, 4]
    assert "p_value" not in table
