"""Balance of two groups of practices in a frame."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.likeness.balance import balance
from splw_eval.confounding.likeness.weights import weights
from splw_eval.core.errors import FitError
from splw_eval.stats.tails import t_critical

COVARIATES = ["age", "band"]


def frame(seed: int = 1, n: int = 450) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % 15
    arm = np.where(practice < 7, "programme", "comparison")
    age = 50 + 3 * (practice < 7) + 2 * rng.normal(size=15)[practice] + 10 * rng.normal(size=n)
    band = rng.choice(["a", "b", "c"], n)
    return pd.DataFrame({"practice": practice, "arm": arm, "age": age, "band": band})


def compared(data: pd.DataFrame, **more):
    given = {"group": "arm", "covariates": COVARIATES, "reference": "comparison"}
    return balance(data, **(given | more))


def test_the_table_has_a_row_for_each_column_of_the_covariates():
    found = compared(frame(), cluster="practice")
    assert found.table["term"].tolist() == ["age", "band[a]", "band[T.b]", "band[T.c]"]
    assert found.table["covariate"].tolist() == ["age", "band", "band", "band"]
    assert found.table["std_difference_after"].isna().all()
    assert found.table["practice_difference_before"].notna().all()
    assert found.practices == 15
    assert found.to_frame() is not found.table


def test_naming_the_other_group_turns_the_sign():
    one = compared(frame())
    other = compared(frame(), reference="programme")
    total = one.table["std_difference_before"] + other.table["std_difference_before"]
    assert total.abs().max() < 1e-12
    assert one.groups == ("comparison", "programme")


def test_practices_widen_the_limit_of_chance():
    plain, grouped = compared(frame()).table, compared(frame(), cluster="practice").table
    assert grouped["chance_limit"][0] > 1.2 * plain["chance_limit"][0]
    ratio = grouped["chance_limit"][0] / plain["chance_limit"][0]
    rho = grouped["intraclass"][0]
    wider = t_critical(13, 0.95) / t_critical(448, 0.95)
    assert ratio == pytest.approx(wider * np.sqrt(1 + 29 * rho), rel=1e-9)


def test_overlap_weights_take_every_difference_away():
    data = frame()
    made = weights(
        data, group="arm", covariates=COVARIATES, target="overlap", reference="comparison"
    )
    found = compared(data, weights=made)
    assert found.table["std_difference_after"].abs().max() < 1e-10
    pd.testing.assert_frame_equal(found.table, made.balance.table)


def test_weights_may_be_a_column_a_series_or_an_array():
    data = frame()
    values = np.linspace(1, 2, len(data))
    shuffled = pd.Series(values, index=data.index).sample(frac=1, random_state=1)
    tables = [
        compared(data.assign(w=values), weights="w").table,
        compared(data, weights=shuffled).table,
        compared(data, weights=values).table,
    ]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    pd.testing.assert_frame_equal(tables[0], tables[2])


def test_rows_without_a_weight_or_a_covariate_are_left_out_and_told():
    data = frame()
    values = np.ones(len(data))
    values[:5] = np.nan
    data.loc[7, "age"] = np.nan
    found = compared(data, weights=values)
    assert found.n == len(data) - 6
    text = str(found)
    assert "5 rows without a weight" in text
    assert "1 of 450 rows were left out" in text


def test_the_text_fits_80_columns_and_says_that_a_tenth_is_no_sign():
    text = str(compared(frame(), cluster="practice"))
    assert max(map(len, text.splitlines())) <= 80
    assert "the usual rule of 0.1 is no sign" in text.replace("\n", " ")


def test_a_covariate_measured_after_baseline_is_refused_with_every_other_fault():
    with pytest.raises(ComparisonError) as caught:
        compared(frame(), measured_after=["age"], cluster="practise", spread="pooled")
    codes = [found.code for found in caught.value.findings]
    assert codes == ["SF01", "SF30", "SF02"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"covariates": []}, "SF01"),
        ({"covariates": ["age", "same"]}, "SF10"),
        ({"covariates": ["age", "word"]}, "SF10"),
        ({"measured_after": None}, "SF01"),
        ({"measured_after": ["arm"]}, "SF30"),
        ({"measured_after": ["ages"]}, "SF02"),
        ({"weights": "age", "covariates": ["band"], "measured_after": ["age"]}, "SF30"),
        ({"reference": "nobody"}, "SF06"),
        ({"weights": np.full(450, -1.0)}, "SF09"),
        ({"binary": "odd"}, "SF01"),
        ({"cluster": "mixed"}, "SF07"),
        ({"cluster": "whole"}, "SF08"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, code):
    data = frame()
    data["same"], data["word"] = 1.0, "a"
    data["mixed"], data["whole"] = np.arange(450) % 4, (data["arm"] == "programme").astype(int)
    with pytest.raises(ComparisonError) as caught:
        compared(data, **change)
    assert [found.code for found in caught.value.findings] == [code]


def test_what_is_no_frame_and_weights_of_another_length_are_refused():
    with pytest.raises(FitError, match="DataFrame"):
        compared({"arm": [1, 2]})  # type: ignore[arg-type]
    with pytest.raises(FitError, match="names of columns"):
        compared(frame(), covariates=None)
    with pytest.raises(FitError, match="450 rows"):
        compared(frame(), weights=[1.0, 2.0])


def test_the_first_level_of_a_category_is_compared_like_the_others():
    data = frame()
    table = compared(data).table.set_index("term")
    own = compared(data.assign(a=(data["band"] == "a").astype(float)), covariates=["a"]).table
    assert table.loc["band[a]", "std_difference_before"] == own["std_difference_before"][0]
    shares = table.loc[["band[a]", "band[T.b]", "band[T.c]"], "mean"]
    assert shares.sum() == pytest.approx(1)
    two = compared(data[data["band"] != "c"], covariates=["band"]).table
    assert two["term"].tolist() == ["band[T.b]"]
    coded = compared(data.assign(k=data["band"].map({"a": 1, "b": 2, "c": 3})), covariates="C(k)")
    assert coded.table["term"].tolist() == ["C(k)[1]", "C(k)[T.2]", "C(k)[T.3]"]


def test_one_row_without_a_weight_is_told_as_one():
    values = np.ones(450)
    values[0] = np.nan
    assert any("1 row without a weight" in note for note in compared(frame(), weights=values).notes)


@pytest.mark.parametrize("treated", [2, 3, 7])
def test_chance_passes_its_limit_in_about_one_of_twenty_covariates(treated):
    rng = np.random.default_rng(8)
    practice = np.repeat(np.arange(15), 20)
    beyond = []
    for _ in range(40):
        between = rng.normal(size=(15, 12))[practice] / 3
        columns = between + rng.normal(size=(len(practice), 12))
        data = pd.DataFrame(columns, columns=[f"x{k}" for k in range(12)])
        data["practice"], data["arm"] = practice, practice < treated
        found = balance(
            data,
            group="arm",
            covariates=[f"x{k}" for k in range(12)],
            cluster="practice",
            reference=False,
        ).table
        beyond.append((found["std_difference_before"].abs() > found["chance_limit"]).mean())
    assert 0.03 < np.mean(beyond) < 0.07
