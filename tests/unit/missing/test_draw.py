"""Draws from a data frame: how rows are read, what is told, what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from splw_eval.core.errors import FitError
from splw_eval.missing.checks import MissingError
from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.impute import impute
from tests.unit.missing.given_loss import COLUMNS, GROUPED, lost_people

FRAME = lost_people()
QUICK: dict[str, Any] = {"imputations": 2, "burn_in": 5, "thin": 1}


def quick(frame: pd.DataFrame = FRAME, **other: Any) -> Any:
    return draw(frame, **(GROUPED | {"covariates": ["age", "sex"]} | QUICK | other))


def refused(frame: pd.DataFrame = FRAME, **other: Any) -> dict[str, Any]:
    with pytest.raises(MissingError) as error:
        quick(frame, **other)
    return {found.code: found for found in error.value.findings}


def bits(draws: Any) -> list[bytes]:
    return [one.coefficients.tobytes() + one.covariance.tobytes() for one in draws.parameters]


def test_absent_rows_empty_scores_and_shuffled_rows_give_the_same_bits():
    usual = bits(quick())
    assert bits(quick(FRAME.dropna(subset="score"))) == usual
    assert bits(quick(FRAME.sample(frac=1, random_state=2))) == usual
    assert bits(quick(FRAME, seed=2)) != usual


def test_categories_of_covariates_are_read_as_models_read_them():
    placed = FRAME.assign(district=FRAME["practice"] % 2)
    draws = quick(placed, covariates=["age", "sex", "C(district)"])
    assert draws.inputs.terms == ("Intercept", "age", "sex[T.m]", "C(district)[T.1]")
    assert quick(covariates="age * sex").inputs.terms[-1] == "age:sex[T.m]"


def test_a_baseline_in_a_column_joins_as_a_wave_with_gaps_of_its_own():
    first = FRAME[FRAME["wave"] == 0].set_index("id")["score"]
    first.iloc[:7] = np.nan
    later = FRAME[FRAME["wave"] > 0].assign(before=lambda rows: rows["id"].map(first))
    draws = quick(later, baseline="before")
    assert draws.inputs.waves == ("before", "1", "2", "3")
    assert int(np.isnan(draws.data.y[:, 0]).sum()) == 7
    assert draws.inputs.before


def test_the_first_wave_is_before_the_programme_where_it_is_0_or_named():
    moved = FRAME.assign(wave=FRAME["wave"] + 3)
    assert quick().inputs.before
    assert not quick(moved).inputs.before
    assert any("name it: baseline=" in note for note in quick(moved).notes)
    assert quick(moved, baseline=3).inputs.before


def test_one_follow_up_without_arms_practices_or_covariates_is_enough():
    draws = draw(FRAME[FRAME["wave"] == 2], **COLUMNS, **QUICK)
    assert (draws.data.waves, draws.data.arms, draws.practices) == (1, 1, "none")
    assert draws.table["term"].tolist() == ["Intercept", "SD between people"]


def test_the_table_tells_what_scores_are_drawn_from():
    draws = quick(imputations=30)
    table = draws.table
    assert len(table) == 2 * 4 * 4 + 2
    row = table[(table["arm"] == "programme") & (table["wave"] == "3") & (table["term"] == "age")]
    expected = np.mean([one.coefficients[1, 1, 3] for one in draws.parameters])
    assert row["estimate"].item() == pytest.approx(expected)
    seen = FRAME[(FRAME["arm"] == "programme") & (FRAME["wave"] == 3)]["score"].count()
    assert row["n"].item() == seen
    assert max(len(line) for line in str(draws).splitlines()) <= 80
    assert "seed 1" in draws.method


def test_arms_with_few_scores_differ_in_their_means_alone_and_it_is_told():
    few = FRAME[FRAME["practice"].isin([0, 1, 6, 7])]
    draws = quick(few)
    assert not draws.inputs.by_arm
    assert any("by_arm=True" in note for note in draws.notes)
    assert any("4 practices are few" in note for note in draws.notes)
    assert quick(few, by_arm=True).inputs.by_arm
    assert quick().inputs.by_arm


def test_people_without_any_score_are_kept_and_counted():
    nobody = FRAME.assign(score=FRAME["score"].where(FRAME["id"] != "a3"))
    draws = quick(nobody)
    assert draws.n == FRAME["id"].nunique()
    assert any(note.startswith("1 people have no score") for note in draws.notes)


def test_a_missing_covariate_is_refused_with_its_rows_and_a_way_out():
    lost = FRAME.assign(age=FRAME["age"].where(FRAME["id"] != "a3"))
    found = refused(lost)["SN10"]
    assert found.column == "age"
    assert len(found.rows) == 4
    assert "baseline=" in found.remedy


def test_a_category_that_nobody_seen_at_a_wave_has_is_refused():
    rare = FRAME.assign(sex=FRAME["sex"].where(FRAME["id"] != "a3", "x"))
    rare.loc[(rare["id"] == "a3") & (rare["wave"] == 3), "score"] = np.nan
    found = refused(rare)["SN11"]
    assert '"3"' in found.problem


@pytest.mark.parametrize(
    ("other", "codes"),
    [
        ({"imputations": 1, "thin": 0, "burn_in": -1, "seed": 0.5, "practices": "all"}, {"SN01"}),
        ({"by_arm": "yes"}, {"SN01"}),
        ({"covariates": None}, {"SN01"}),
        ({"covariates": 5}, {"SN01"}),
        ({"covariates": ["age"], "measured_after": "age"}, {"SN01"}),
        ({"frame": FRAME.assign(score=3.0)}, {"SN03"}),
        ({"covariates": ["age", "weight"]}, {"SN02"}),
        ({"covariates": "age +"}, {"SN01"}),
        ({"covariates": "0 + age"}, {"SN01"}),
        ({"frame": [1]}, {"SN01"}),
        ({"covariates": ["age"], "measured_after": ["age"]}, {"SN01"}),
        ({"baseline": 7}, {"SN12"}),
        ({"baseline": "sex"}, {"SN13"}),
        ({"cluster": None, "practices": "practice"}, {"SN01"}),
    ],
)
def test_what_cannot_be_used_is_refused(other, codes):
    assert set(refused(**other)) == codes


def test_one_practice_is_refused_and_two_are_not():
    two = FRAME[FRAME["practice"].isin([0, 6])]
    assert quick(two, covariates=()).data.practices == 2
    assert set(refused(two.assign(practice=1), covariates=())) == {"SN08"}


def test_a_covariate_that_follows_from_others_is_told_once():
    twice = FRAME.assign(months=12 * FRAME["age"])
    found = refused(twice, covariates=["age", "months"])["SN11"]
    assert "follows from the others" in found.problem


def test_a_wave_without_any_score_is_refused():
    found = refused(FRAME.assign(score=FRAME["score"].where(FRAME["wave"] < 3)))["SN11"]
    assert found.problem.startswith('nobody has a score at "3"')


def test_options_and_columns_are_told_together():
    assert {"SN01", "SN02"} <= set(refused(thin=0, arm="group"))


def test_a_part_of_a_name_in_measured_after_is_no_name():
    assert quick(covariates=["age"], measured_after="age_later").inputs.terms[-1] == "age"


def test_an_index_that_is_named_like_the_column_of_people_does_no_harm():
    named = FRAME.set_axis(FRAME["id"].rename("id"), axis=0)
    assert bits(quick(named)) == bits(quick())
    assert len(impute(quick(named)).frame(0)) == 4 * FRAME["id"].nunique()


def test_an_arm_with_nobody_at_a_wave_is_told_by_its_name():
    gone = (FRAME["arm"] == "programme") & (FRAME["wave"] == 3)
    found = refused(FRAME.assign(score=FRAME["score"].mask(gone)))["SN11"]
    assert found.problem == 'nobody has a score at "3" in the arm "programme"'


def test_a_person_alone_in_a_pattern_near_the_mean_stops_no_draw():
    rng = np.random.default_rng(2)
    n = 300
    y = 50 + 7 * rng.normal(size=(n, 1)) + 7 * rng.normal(size=(n, 4))
    y[np.arange(4) >= rng.integers(1, 6, n)[:, None]] = np.nan
    y[0] = [np.nan, np.nan, 51.3, 50.7]
    frame = pd.DataFrame(
        {
            "id": np.repeat(range(n), 4),
            "wave": np.tile(range(4), n),
            "score": y.ravel(),
            "arm": np.repeat(np.where(np.arange(n) % 15 < 7, "programme", "usual"), 4),
            "practice": np.repeat(np.arange(n) % 15, 4),
        }
    )
    draws = draw(frame, **GROUPED)
    assert all(np.isfinite(one.covariance).all() for one in draws.parameters)


def test_scores_that_a_covariate_gives_away_are_refused_or_drawn_but_never_a_raw_error():
    told = FRAME.assign(score=FRAME["score"].where(FRAME["score"].isna(), FRAME["age"]))
    try:
        draws = quick(told)
    except FitError:
        return
    assert all(np.isfinite(one.covariance).all() for one in draws.parameters)


@pytest.mark.parametrize("named", ["{:d}", "m{:d}", "Month {:d}", "{:d} months"])
def test_waves_as_text_go_by_their_numbers_and_the_method_names_their_order(named):
    months = FRAME.assign(wave=FRAME["wave"].map({0: 0, 1: 3, 2: 6, 3: 12}))
    texts = months.assign(wave=months["wave"].map(named.format))
    draws = quick(texts, baseline=named.format(0))
    assert draws.inputs.levels == tuple(named.format(month) for month in (0, 3, 6, 12))
    assert bits(draws) == bits(quick(months))
    assert ", ".join(draws.inputs.waves) in draws.method
    assert impute(draws).frame(0)["wave"].iloc[:4].tolist() == list(draws.inputs.levels)
    seen = texts["score"].notna()
    kept = impute(draws).frame(0).merge(texts[seen], on=["id", "wave"], suffixes=("", "_given"))
    assert (kept["score"] == kept["score_given"]).all()


def test_waves_whose_order_texts_do_not_tell_are_refused_unless_they_are_put_in_order():
    words = FRAME.assign(wave=FRAME["wave"].map(["start", "m3", "m6", "m12"].__getitem__))
    assert "ordered=True" in refused(words)["SN36"].remedy
    assert set(refused(words.astype({"wave": "category"}))) == {"SN36"}
    order = ["start", "m3", "m6", "m12"]
    put = words.assign(wave=pd.Categorical(words["wave"], categories=order, ordered=True))
    draws = quick(put, baseline="start")
    assert draws.inputs.waves == tuple(order)
    assert bits(draws) == bits(quick())
    assert impute(draws).frame(0)["wave"].iloc[:4].tolist() == order
