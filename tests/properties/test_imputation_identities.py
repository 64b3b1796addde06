"""Imputation under assumptions: what must be equal, to rounding, to the bit, or within chance."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from splw_eval.missing.filling.draw import draw
from splw_eval.missing.filling.drawn import Draws
from splw_eval.missing.filling.impute import impute
from splw_eval.stats.imputation.conditional_mean import (
    Question,
    conditional_means,
    impute_conditional_mean,
)
from splw_eval.stats.imputation.layout import Parameters, WaveData
from splw_eval.stats.imputation.strategies import (
    STRATEGIES,
    means_under,
    strategy_of,
    waves_before,
)
from splw_eval.stats.imputation.strategy_covariances import covariance_under

EXACT = 1e-10
CHANCE = 4.0  # standard errors of the Monte Carlo mean
SOME = settings(max_examples=40, deadline=None)
FEW = settings(max_examples=6, deadline=None)
NAMES = tuple(STRATEGIES)
REFERRING = ("J2R", "CIR", "CR")


def by_strategy(data: WaveData, *, at: int, baseline: bool) -> dict[str, float]:
    """Difference of the arms by conditional means under each strategy."""
    question = Question(
        strategies=tuple(STRATEGIES.values()),
        at=at,
        after=waves_before(data.y, baseline=baseline),
        baseline=baseline,
    )
    made = conditional_means(data, question)
    return dict(zip(NAMES, made.estimate[:, 0].tolist(), strict=True))


@SOME
@given(
    st.integers(0, 2**20),
    st.integers(4, 15),
    st.integers(4, 15),
    st.integers(1, 11),
    st.integers(0, 11),
    st.floats(-50, 50),
)
def test_with_one_follow_up_jump_to_reference_is_the_share_seen_of_missing_at_random(
    seed: int, n1: int, n0: int, lost1: int, lost0: int, gain: float
):
    rng = np.random.default_rng(seed)
    arm = np.repeat(np.array([1, 0]), [n1, n0])
    y = rng.normal(size=(n1 + n0, 1)) + gain * arm[:, None]
    lost1, lost0 = min(lost1, n1 - 3), min(lost0, n0 - 3)
    y[:lost1] = np.nan
    y[n1 : n1 + lost0] = np.nan
    data = WaveData(y=y, x=np.ones((n1 + n0, 1)), arm=arm, arms=2)
    found = by_strategy(data, at=0, baseline=False)
    wanted = (1 - lost1 / n1) * found["MAR"]
    for name in REFERRING:
        assert found[name] == pytest.approx(wanted, abs=EXACT * max(1, abs(gain)))


@FEW
@given(st.integers(0, 2**20), st.integers(1, 4))
def test_so_it_is_beside_a_baseline_without_effect(seed: int, quarters: int):
    rng = np.random.default_rng(seed)
    base = np.tile([-1.0, -1.0, 1.0, 1.0], 10)
    arm = np.repeat(np.array([1, 0]), [20, 20])
    # People at either baseline have the same later scores: no effect of it in any arm.
    later = np.concatenate([np.tile(pair, 2) for pair in rng.normal(size=(10, 2))]) + 3.0 * arm
    y = np.column_stack([base, later])
    lost = np.zeros(40, dtype=bool)
    lost[: 4 * quarters] = True
    y[lost, 1] = np.nan
    data = WaveData(y=y, x=np.ones((40, 1)), arm=arm, arms=2)
    found = by_strategy(data, at=1, baseline=True)
    wanted = (1 - 4 * quarters / 20) * found["MAR"]
    assert found["J2R"] == pytest.approx(wanted, abs=EXACT)
    assert found["CIR"] == pytest.approx(wanted, abs=EXACT)  # the arms begin at one mean


def frame_of(seed: int, *, waves: int, n: int = 60) -> pd.DataFrame:
    """Two arms in ten practices; people leave, and some scores are missing in between."""
    rng = np.random.default_rng(seed)
    gp = np.arange(n) % 10
    y = rng.normal(size=(n, 1)) + rng.normal(size=(n, waves)) + (gp % 2)[:, None]
    gone = rng.random((n, waves)) < 0.25
    y[gone] = np.nan
    y[np.arange(8) + n - 8, -1] = np.nan
    row = np.repeat(np.arange(n), waves)
    return pd.DataFrame(
        {
            "id": row,
            "month": np.tile(np.arange(waves) * 6, n),
            "score": y.ravel(),
            "arm": np.array(["comparison", "programme"])[(gp % 2)[row]],
            "gp": gp[row],
        }
    )


def draws_of(seed: int, *, waves: int = 3, imputations: int = 2, **options: Any) -> Draws:
    return draw(
        frame_of(seed, waves=waves),
        outcome="score",
        person="id",
        wave="month",
        arm="arm",
        imputations=imputations,
        burn_in=20,
        thin=1,
        seed=seed % 1000,
        **options,
    )


def filled(draws: Draws, **options: Any) -> NDArray[np.float64]:
    return impute(draws, **options).scores


@FEW
@given(st.integers(0, 2**20))
def test_no_points_leave_missing_at_random_bit_for_bit_under_one_seed(seed: int):
    at_random = filled(draws_of(seed, cluster="gp"))
    again = draws_of(seed, cluster="gp")
    for delta in (0, 0.0, {"programme": 0.0, "comparison": 0.0}, {"programme": -0.0}):
        assert filled(again, delta=delta).tobytes() == at_random.tobytes()
    for name in NAMES:
        one = filled(again, strategy=name, reference="comparison")
        assert (
            filled(again, strategy=name, reference="comparison", delta=0.0).tobytes()
            == one.tobytes()
        )


@FEW
@given(st.integers(0, 2**20), st.booleans())
def test_every_strategy_leaves_the_reference_arm_and_the_scores_seen_bit_for_bit(
    seed: int, clustered: bool
):
    draws = draws_of(seed, cluster="gp" if clustered else None)
    at_random, reference = filled(draws), draws.data.arm == 0
    seen = draws.data.observed
    for name in NAMES:
        made = filled(draws, strategy=name, reference="comparison")
        assert made[:, reference].tobytes() == at_random[:, reference].tobytes()
        assert (made[:, seen] == draws.data.y[seen]).all()


@FEW
@given(st.integers(0, 2**20))
def test_a_strategy_that_is_missing_at_random_by_another_name_is_it(seed: int):
    draws = draws_of(seed)

    def as_before(own: Any, _reference: Any, _after: Any) -> Any:
        return own

    made = filled(draws, strategy=as_before, reference="comparison")
    assert made.tobytes() == filled(draws).tobytes()
    with_name = filled(draws, strategy="missing at random", reference="comparison")
    assert with_name.tobytes() == filled(draws).tobytes()


@pytest.mark.parametrize("seed", [11, 12, 13])
def test_drawn_jump_to_reference_is_the_share_seen_of_missing_at_random_within_chance(seed: int):
    draws = draws_of(seed, waves=1, imputations=400)
    arm, lost = draws.data.arm, ~draws.data.observed[:, 0]
    share = lost[arm == 1].mean()
    difference = {
        name: (made[:, arm == 1, 0].mean(axis=1) - made[:, arm == 0, 0].mean(axis=1))
        for name in ("MAR", "J2R")
        for made in [filled(draws, strategy=name, reference="comparison")]
    }
    off = difference["J2R"] - (1 - share) * difference["MAR"]
    assert abs(off.mean()) < CHANCE * off.std(ddof=1) / np.sqrt(len(off))


POSITIVE = st.floats(0.2, 3)


@SOME
@given(st.integers(2, 5), st.integers(0, 2**20), st.data())
def test_strategies_agree_where_the_arms_do(waves: int, seed: int, data: Any):
    rng = np.random.default_rng(seed)
    after = np.array([data.draw(st.integers(0, waves)) for _ in range(4)])
    root = rng.normal(size=(waves + 2, waves))
    mean, covariance = rng.normal(size=(4, waves)), root.T @ root
    for name in REFERRING:
        strategy = STRATEGIES[name]
        assert means_under(strategy, mean, mean, after) == pytest.approx(mean, abs=1e-12)
        for t in after:
            found = covariance_under(strategy, covariance, covariance, int(t))
            assert found == pytest.approx(covariance, abs=1e-8)


@SOME
@given(st.integers(2, 5), st.integers(0, 2**20), st.floats(-5, 5))
def test_means_move_with_the_scale_and_nothing_changes_before_the_deviation(
    waves: int, seed: int, shift: float
):
    rng = np.random.default_rng(seed)
    own, reference = rng.normal(size=(2, 6, waves))
    after = rng.integers(0, waves + 1, size=6)
    before = np.arange(waves) < after[:, None]
    for name in NAMES:
        strategy = strategy_of(name)
        found = means_under(strategy, own, reference, after)
        moved = means_under(strategy, 2 * own + shift, 2 * reference + shift, after)
        assert moved == pytest.approx(2 * found + shift, abs=1e-10)
        if name != "CR":
            assert (found[before] == own[before]).all()
    jump, increments = (
        means_under(STRATEGIES[name], own, reference, after) for name in ("J2R", "CIR")
    )
    assert (jump[~before] == reference[~before]).all()
    steps = np.diff(increments, axis=1)[~before[:, :-1]]
    assert steps == pytest.approx(np.diff(reference, axis=1)[~before[:, :-1]], abs=1e-10)


@SOME
@given(st.integers(0, 2**20), POSITIVE)
def test_filling_is_linear_in_the_unit_of_the_scores(seed: int, unit: float):
    rng = np.random.default_rng(seed)
    y = rng.normal(size=(12, 3))
    y[rng.random((12, 3)) < 0.4] = np.nan
    arm = np.arange(12) % 2
    roots = rng.normal(size=(2, 5, 3))
    covariance = roots.transpose(0, 2, 1) @ roots
    coefficients = rng.normal(size=(2, 1, 3))
    found = []
    for by in (1.0, unit):
        data = WaveData(y=by * y, x=np.ones((12, 1)), arm=arm, arms=2)
        parameters = Parameters(
            coefficients=by * coefficients, covariance=by**2 * covariance, practice=np.zeros((0, 3))
        )
        question = Question(strategies=(), at=2, after=waves_before(data.y))
        found.append(
            np.stack(
                [
                    impute_conditional_mean(data, parameters, s, question)
                    for s in STRATEGIES.values()
                ]
            )
        )
    assert found[1] == pytest.approx(unit * found[0], rel=1e-8, abs=1e-8)
