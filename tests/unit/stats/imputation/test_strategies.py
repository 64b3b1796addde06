"""Means and covariances after people left: what each strategy says, wave by wave."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.strategies import (
    STRATEGIES,
    means_under,
    strategy_of,
    waves_before,
)
from splw_eval.stats.imputation.strategy_covariances import (
    combined_covariance,
    covariance_under,
    covariances_under,
)

OWN = np.array([[1.0, 2.0, 3.0, 4.0]] * 4)
REFERENCE = np.array([[10.0, 20.0, 30.0, 40.0]] * 4)
AFTER = np.array([1, 2, 4, 0])
ROUNDING = 1e-12


def means(name: str) -> list[list[float]]:
    found: list[list[float]] = means_under(STRATEGIES[name], OWN, REFERENCE, AFTER).tolist()
    return found


def test_missing_at_random_leaves_everybody_in_his_own_group():
    assert means("MAR") == OWN.tolist()


def test_jump_to_reference_takes_the_other_means_after_the_deviation():
    assert means("J2R") == [[1, 20, 30, 40], [1, 2, 30, 40], [1, 2, 3, 4], [10, 20, 30, 40]]


def test_copy_increments_adds_the_reference_groups_changes_to_the_last_own_mean():
    assert means("CIR") == [[1, 11, 21, 31], [1, 2, 12, 22], [1, 2, 3, 4], [10, 20, 30, 40]]


def test_copy_reference_changes_all_waves_of_those_who_deviated_only():
    assert means("CR") == [[10, 20, 30, 40], [10, 20, 30, 40], [1, 2, 3, 4], [10, 20, 30, 40]]


def test_last_mean_carried_forward_holds_the_own_mean():
    assert means("LMCF") == [[1, 1, 1, 1], [1, 2, 2, 2], [1, 2, 3, 4], [1, 1, 1, 1]]


@pytest.mark.parametrize(
    "asked", ["J2R", "j2r", "jump to reference", "Jump to  Reference", STRATEGIES["J2R"]]
)
def test_strategies_go_by_their_short_and_long_names(asked: object):
    assert strategy_of(asked) is STRATEGIES["J2R"]  # type: ignore[arg-type]


def test_an_unknown_name_is_refused_with_those_there_are():
    with pytest.raises(FitError) as told:
        strategy_of("LOCF")
    assert "LMCF (last mean carried forward)" in (told.value.remedy or "")


def test_a_function_of_ones_own_says_which_covariance_it_takes():
    def half_way(own: np.ndarray, reference: np.ndarray, after: np.ndarray) -> np.ndarray:
        later = np.arange(own.shape[1]) >= after[:, None]
        return np.where(later, (own + reference) / 2, own)

    made = strategy_of(half_way)
    assert (made.name, made.covariance) == ("half_way", "own")
    assert means_under(made, OWN, REFERENCE, AFTER)[1].tolist() == [1, 2, 16.5, 22]
    half_way.covariance = "reference"  # type: ignore[attr-defined]
    assert strategy_of(half_way).covariance == "reference"
    half_way.covariance = "both"  # type: ignore[attr-defined]
    with pytest.raises(FitError, match="neither of the two"):
        strategy_of(half_way)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (lambda own, _r, _a: own[:, 1:], "shape"),
        (lambda own, _r, _a: own.astype(str), "numbers"),
        (lambda own, _r, _a: own * np.nan, "not finite"),
        (lambda _o, _r, _a: 1.0, "shape"),
    ],
)
def test_what_a_function_of_ones_own_gives_is_checked(wrong: object, words: str):
    with pytest.raises(FitError, match=words):
        means_under(strategy_of(wrong), OWN, REFERENCE, AFTER)  # type: ignore[arg-type]


def test_a_function_of_ones_own_cannot_change_what_it_was_given():
    def careless(own: np.ndarray, _r: np.ndarray, _a: np.ndarray) -> np.ndarray:
        own += 1
        return own

    before = OWN.copy()
    means_under(strategy_of(careless), before, REFERENCE, AFTER)
    assert (before == OWN).all()


def covariances(seed: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    a, b = (rng.normal(size=(6, 4)) for _ in range(2))
    return a.T @ a, b.T @ b


@pytest.mark.parametrize("after", [0, 1, 2, 3, 4])
def test_the_combined_covariance_keeps_the_own_past_and_the_references_future_given_it(after: int):
    own, reference = covariances(after)
    found = combined_covariance(own, reference, after)
    past, later = slice(None, after), slice(after, None)
    assert (found[past, past] == own[past, past]).all()
    assert np.linalg.eigvalsh(found)[0] > 0
    for made, of in ((found, reference),):
        slope = np.linalg.solve(made[past, past], made[past, later])
        wanted = np.linalg.solve(of[past, past], of[past, later])
        assert slope == pytest.approx(wanted, abs=1e-9)
        left = made[later, later] - slope.T @ made[past, later]
        left_of = of[later, later] - wanted.T @ of[past, later]
        assert left == pytest.approx(left_of, abs=1e-9)


def test_with_no_wave_before_the_covariance_is_the_references():
    own, reference = covariances(9)
    assert combined_covariance(own, reference, 0) == pytest.approx(reference, rel=ROUNDING)


def test_only_strategies_that_refer_to_the_reference_take_its_regression():
    own, reference = covariances(3)
    for name in ("MAR", "LMCF"):
        assert (covariance_under(STRATEGIES[name], own, reference, 2) == own).all()
    for name in ("J2R", "CIR", "CR"):
        found = covariance_under(STRATEGIES[name], own, reference, 2)
        assert not np.allclose(found, own)
        assert (covariance_under(STRATEGIES[name], own, reference, 4) == own).all()


def test_each_person_finds_his_covariance_in_the_table():
    both = np.stack(covariances(5))
    arm, after = np.array([1, 1, 0, 1]), np.array([2, 4, 1, 2])
    table, group = covariances_under(STRATEGIES["J2R"], both, arm, 0, after)
    assert len(table) == 3
    for person in range(4):
        alone = covariance_under(STRATEGIES["J2R"], both[arm[person]], both[0], int(after[person]))
        assert (table[group[person]] == alone).all()


def test_people_are_lost_after_their_last_score_and_never_before_the_baseline():
    nan = np.nan
    y = np.array([[1, 2, 3], [1, nan, 3], [1, nan, nan], [nan, nan, nan], [nan, 2, nan]])
    assert waves_before(y).tolist() == [3, 3, 1, 1, 2]
    assert waves_before(y, baseline=False).tolist() == [3, 3, 1, 0, 2]
    assert waves_before(y, ended=[3, 9, 0, 2, 1]).tolist() == [3, 3, 1, 2, 1]
