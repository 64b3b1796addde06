"""Permutation of practices, from a data frame."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from splw_eval.confounding.checks import ComparisonError
from splw_eval.confounding.practices.permutation import permutation_test
from splw_eval.stats.resampling.permutation import permute_practice_means
from tests.unit.confounding.practices_made import people_of_fifteen

FRAME = people_of_fifteen()
NAMES = [f"practice {each:02d}" for each in range(15)]


def compared(frame=FRAME, **how: Any):
    asked: dict[str, Any] = {
        "outcome": "y",
        "group": "arm",
        "reference": "usual care",
        "cluster": "practice",
    }
    return permutation_test(frame, **{**asked, **how})


def test_the_known_share_of_raw_practice_means_comes_from_a_frame_too():
    found = compared()
    assert found.p_value == 65 / 6_435
    assert found.smallest_p_value == 1 / 6_435
    assert (found.allocations, found.exact, found.practices, found.n) == (6_435, True, (8, 7), 300)
    means = FRAME.groupby("practice")["y"].mean().to_numpy()
    same = permute_practice_means(means, np.arange(15) < 7)
    assert [found.estimate, found.conf_low, found.conf_high] == pytest.approx(
        [same.estimate, same.conf_low, same.conf_high]
    )
    assert list(found.table["method"]) == ["permutation of practices", "two-stage t test"]
    assert list(found.table["df"].isna()) == [True, False]
    assert found.table.loc[1, "df"] == 13


def test_covariates_and_strata_are_taken_out_and_the_unadjusted_rows_stand_beside():
    found = compared(covariates=["x", "deprivation"], stratum="site")
    assert list(found.table["method"]) == [
        "adjusted: permutation of practices",
        "adjusted: two-stage t test",
        "unadjusted: permutation of practices",
        "unadjusted: two-stage t test",
    ]
    assert list(found.table["default"]) == [True, False, False, False]
    # 15 practices less 2 groups, a second stratum and a covariate of practices
    assert list(found.table["df"].dropna()) == [11, 13]
    assert found.allocations == 70 * 35
    assert found.table.loc[2, "estimate"] == pytest.approx(compared().estimate)
    assert "x, deprivation taken out" in found.method
    assert "strata in the model" in found.method
    assert any("1 covariate varies between practices only" in note for note in found.notes)


def test_residual_means_are_those_of_the_model_of_people_without_the_group():
    found = compared(covariates="x * C(smoking)")
    dummies = pd.get_dummies(FRAME["smoking"]).to_numpy(float)
    X = np.column_stack([dummies, dummies * FRAME[["x"]].to_numpy()])
    y = FRAME["y"].to_numpy()
    residual = pd.Series(y - X @ np.linalg.lstsq(X, y, rcond=None)[0])
    means = residual.groupby(FRAME["practice"]).mean().to_numpy()
    assert found.summaries["mean_residual"].to_numpy() == pytest.approx(means)
    assert found.p_value == permute_practice_means(means, np.arange(15) < 7).p_value
    assert list(found.summaries["practice"]) == NAMES
    assert found.summaries["people"].sum() == 300


@settings(max_examples=15, deadline=None)
@given(effect=st.floats(-3, 3), stratified=st.booleans())
def test_the_interval_is_the_test_of_an_outcome_from_which_an_effect_is_taken(effect, stratified):
    how = {"covariates": ["x", "deprivation"], "stratum": "site" if stratified else None}
    found = compared(**how)
    taken = FRAME.assign(y=FRAME["y"] - effect * FRAME["treated"])
    again = compared(taken, **how)
    assert again.estimate == pytest.approx(found.estimate - effect, abs=1e-9)
    assert again.conf_high == pytest.approx(found.conf_high - effect, abs=1e-7)
    assert (found.conf_low <= effect <= found.conf_high) == (again.p_value > 0.05)
    errors = [one.table.loc[1, "std_error"] for one in (found, again)]
    assert errors[0] == pytest.approx(errors[1], rel=1e-9)


def test_changing_the_reference_changes_signs_only():
    found, other = compared(covariates=["x"]), compared(covariates=["x"], reference="programme")
    assert other.estimate == pytest.approx(-found.estimate)
    assert other.conf_low == pytest.approx(-found.conf_high)
    assert other.p_value == found.p_value
    assert other.groups == ("programme", "usual care")
    unnamed = compared(reference=None)
    assert unnamed.groups == ("programme", "usual care")
    assert any("Name it with reference=" in note for note in unnamed.notes)


def test_it_is_called_what_it_is():
    found, chance = compared(randomised=False), compared(randomised=True)
    assert found.method.startswith("permutation test under exchangeability: ")
    assert "randomis" not in str(found)
    assert any("Chance did not allocate" in note for note in found.notes)
    assert chance.method.startswith("randomisation test: ")
    assert not any("exchangeab" in note for note in chance.notes)
    assert chance.p_value == found.p_value


def test_chance_is_not_denied_where_nothing_was_said_of_it():
    found = compared()
    assert found.randomised is None
    assert found.method == compared(randomised=False).method
    assert any(note.startswith("It was not said whether chance") for note in found.notes)
    assert not any("Chance did not allocate" in note for note in found.notes)


def test_few_practices_have_an_unbounded_interval_and_are_told():
    few = FRAME[FRAME["practice"].isin(NAMES[4:10])]
    found = compared(few)
    assert found.smallest_p_value == 2 / 20
    assert (found.conf_low, found.conf_high) == (-np.inf, np.inf)
    said = " ".join(found.notes)
    assert "The smallest p-value that 20 allocations can give is 0.1: at 95%" in said
    assert '"programme" has people of only 3 practices' in said
    wide = compared(few, conf_level=0.85)
    assert np.isfinite([wide.conf_low, wide.conf_high]).all()
    assert "no limits" not in " ".join(wide.notes)


def allocations(stratified: bool) -> np.ndarray:
    north = np.arange(15) % 2 == 0
    rows = [np.isin(np.arange(15), some) for some in combinations(range(15), 7)]
    return np.array([row for row in rows if not stratified or row[north].sum() == 4])


def test_allocations_that_could_have_been_are_those_given_in_order_or_by_name():
    rows = allocations(stratified=True)
    found = compared(allocations=rows, stratum="site", randomised=True)
    assert found.p_value == compared(stratum="site").p_value
    assert found.allocations == len(rows) == 2_450
    named = pd.DataFrame(rows, columns=NAMES)[NAMES[::-1]]
    assert compared(allocations=named).p_value == compared(allocations=rows).p_value
    assert compared(allocations=rows).p_value != compared().p_value


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([True] * 15, "SF11 .*no table"),
        (np.ones((2, 14), bool), "SF11 .*no table"),
        (np.ones((2, 15)), "SF11 .*something else"),
        (np.tile(np.arange(15) < 7, (2, 1)), "SF11 .*stand in allocations= before"),
        (np.arange(15)[None] < 8, "SF11 .*other numbers of practices"),
        (np.arange(15)[None] >= 8, "SF11 .*seen is not in"),
        (pd.DataFrame([[True, False]], columns=["a", "b"]), "SF11 .*not the practices"),
        ([[True], [True, False]], "SF11 .*no table"),
    ],
)
def test_allocations_that_cannot_be_used_are_refused(given, said):
    with pytest.raises(ComparisonError, match=said):
        compared(allocations=given)


def test_strata_of_one_group_are_told_and_groups_that_are_strata_are_refused():
    lone = FRAME.assign(site=np.where(FRAME["practice"] < "practice 03", "west", FRAME["site"]))
    assert any(
        "1 stratum has practices of one group only" in n
        for n in compared(lone, stratum="site").notes
    )
    with pytest.raises(ComparisonError, match=r"SF12 .*No stratum has practices of both arms"):
        compared(FRAME.assign(site=FRAME["arm"] + "!"), stratum="site")


def test_covariates_that_are_the_group_are_refused():
    with pytest.raises(ComparisonError, match=r"SF12 .*nothing is left"):
        compared(covariates=["treated"])


def test_what_covariates_share_with_the_group_is_told_and_allowed_for():
    shared = FRAME.assign(z=FRAME["x"] + FRAME["treated"])
    found = compared(shared, covariates=["z"])
    assert found.left < 0.5
    assert any("% of a difference between the groups is lost" in note for note in found.notes)
    assert found.estimate * found.left == pytest.approx(
        found.summaries.groupby("group")["mean_residual"].mean().diff().iloc[-1] * -1
    )


def test_covariates_of_practices_that_use_up_the_practices_are_refused():
    few = FRAME[FRAME["practice"].isin(NAMES[6:9])]
    with pytest.raises(ComparisonError, match=r"SF12 3 practices leave no degree of freedom"):
        compared(few, covariates=["deprivation"])
    assert any("fewer than 4 degrees of freedom (1)" in note for note in compared(few).notes)
    number = FRAME["practice"].str[-2:].astype(int)
    many = FRAME.assign(**{f"z{k}": (number == k).astype(float) for k in range(1, 14)})
    with pytest.raises(ComparisonError, match="SF12 15 practices"):
        compared(many, covariates=[f"z{k}" for k in range(1, 14)])


def test_small_practices_in_one_group_are_told_where_chance_did_not_allocate():
    number = FRAME["practice"].str[-2:].astype(int)
    small = FRAME[(number > 3) | (FRAME.index < 60)]
    few = small.assign(arm=np.where(number[small.index] < 4, "programme", "usual care"))
    said = [note for note in compared(few).notes if note.startswith("Sizes of practices")]
    assert '"programme" 4 of 4 to 4 people' in said[0]
    assert '"usual care" 11 of 20 to 20 people' in said[0]
    assert "p-values are too small" in said[0]
    assert not any(note.startswith("Sizes") for note in compared(few, randomised=True).notes)
    assert not any(note.startswith("Sizes") for note in compared().notes)
    most = compared(FRAME[(number < 7) | (FRAME.index < 60)])
    assert any("p-values are too large" in note for note in most.notes)


def test_rounding_is_no_outcome_and_no_limits():
    with pytest.raises(ComparisonError, match="SF10 column y: the outcome is the same"):
        compared(FRAME.assign(y=np.where(FRAME["treated"] == 1, 0.1 + 0.2, 0.3)))
    with pytest.raises(ComparisonError, match="SF12 means of practices do not differ"):
        compared(FRAME.assign(y=3 * FRAME["x"]), covariates=["x"])
    found = compared(FRAME.assign(y=0.1 + 2.0 * FRAME["treated"]))
    assert found.estimate == pytest.approx(2)
    assert found.table[["conf_low", "conf_high"]].isna().all(axis=None)
    assert any("limits would have no width" in note for note in found.notes)
    far = compared(FRAME.assign(y=FRAME["y"] + 1e9))
    assert len(far.table) == 2
    assert far.table.loc[1, "std_error"] == pytest.approx(compared().table.loc[1, "std_error"])


def test_yes_of_numpy_and_an_index_of_columns_are_as_good_as_a_list():
    told = compared(randomised=np.True_)
    assert told.randomised is True
    same = compared(covariates=["x", "smoking"])
    assert compared(covariates=pd.Index(["x", "smoking"])).p_value == same.p_value


def test_rows_left_out_are_counted():
    frame = FRAME.copy()
    frame.loc[:9, "y"] = np.nan
    found = compared(frame)
    assert found.n == 290
    assert any("10 of 300 rows" in note for note in found.notes)


@pytest.mark.parametrize(
    ("change", "how", "said"),
    [
        ({}, {"seed": -1}, "SF01 seed="),
        ({}, {"draws": 0}, "SF01 draws="),
        ({}, {"conf_level": 0}, "SF01 conf_level"),
        ({}, {"randomised": "yes"}, "SF01 randomised="),
        ({}, {"cluster": ""}, "SF01 cluster="),
        ({}, {"group": ""}, "SF01 group="),
        ({}, {"covariates": ["x"], "measured_after": ["x"]}, "SF30 column x"),
        ({}, {"reference": "control"}, "SF06"),
        ({}, {"stratum": "site", "measured_after": ["site"]}, "SF30 column site"),
        ({}, {"measured_after": ["arm"]}, "SF30 column arm"),
        ({}, {"measured_after": ["nowhere"]}, "SF02 column nowhere"),
        ({}, {"measured_after": None}, "SF01 measured_after="),
        ({}, {"covariates": None}, "SF01 covariates="),
        ({}, {"covariates": [1]}, "SF01 covariates="),
        ({}, {"outcome": None}, "SF01 outcome="),
        ({"z": 1.0}, {"covariates": ["x", "z"]}, "SF10 column z"),
        ({"z": "a"}, {"covariates": ["z"]}, "SF10 column z"),
        ({"z": 2 * FRAME["x"] + 1}, {"covariates": ["x", "z"]}, "SF10 .*nothing is left"),
        ({"arm": ["a", "b", "c"] * 100}, {}, "SF06"),
        ({"arm": ["programme", "usual care"] * 150}, {}, "SF07"),
        ({"practice": FRAME["arm"]}, {}, "SF08"),
        ({"site": ["north", "south"] * 150}, {"stratum": "site"}, "SF13 column site: 15 practices"),
    ],
)
def test_what_cannot_be_permuted_is_refused_by_name(change, how, said):
    with pytest.raises(ComparisonError, match=said):
        compared(FRAME.assign(**change), **how)


def test_no_data_frame_is_told_as_a_finding():
    with pytest.raises(ComparisonError, match=r"SF01 .*no pandas DataFrame"):
        permutation_test([1, 2], outcome="y", group="arm", cluster="practice")  # type: ignore[arg-type]


def test_the_record_prints_in_80_columns_and_gives_its_table():
    found = compared(covariates=["x"], stratum="site")
    assert max(map(len, str(found).splitlines())) <= 80
    assert "15 practices, n 300" in repr(found)
    assert found.to_frame().equals(found.table)
