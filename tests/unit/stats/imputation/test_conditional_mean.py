"""Conditional means and their jackknife: identities that hold to rounding, and refusals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation import conditional_mean as module
from splw_eval.stats.imputation.conditional_mean import (
    ConditionalMeans,
    Question,
    conditional_means,
    impute_conditional_mean,
)
from splw_eval.stats.imputation.layout import WaveData
from splw_eval.stats.imputation.reml_parameters import fit_waves
from splw_eval.stats.imputation.strategies import STRATEGIES, waves_before

EVERY = tuple(STRATEGIES.values())
SEARCH = 1e-6  # two searches for one covariance end this near each other, in standard deviations


def people(n: int = 120, *, practices: int = 8, seed: int = 4) -> WaveData:
    """Four waves, drop-out that hangs on the last score, a few gaps, two arms by practice."""
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % max(practices, 2)
    arm = practice % 2
    x = np.column_stack([np.ones(n), rng.normal(size=n)])
    level = rng.normal(size=(n, 1)) + 0.3 * rng.normal(size=max(practices, 2))[practice][:, None]
    y = 10 + level + rng.normal(size=(n, 4)) + 0.6 * arm[:, None] * np.arange(4) + x[:, 1:]
    for wave in range(1, 4):
        gone = np.isnan(y[:, wave - 1]) | (rng.random(n) < 0.12 + 0.1 * (y[:, wave - 1] < 10))
        y[gone, wave] = np.nan
    y[:4, 1] = np.nan
    y[:4, 2] = 10 + rng.normal(size=4)
    return WaveData(
        y=y,
        x=x,
        arm=arm.astype(np.int64),
        arms=2,
        practice=practice.astype(np.int64) if practices else None,
        practices=practices,
    )


def asked(data: WaveData, at: int = 3, *, baseline: bool = True) -> Question:
    return Question(strategies=EVERY, at=at, after=waves_before(data.y), baseline=baseline)


def estimates(made: ConditionalMeans) -> dict[str, float]:
    return dict(zip(STRATEGIES, made.estimate[:, 0].tolist(), strict=True))


def test_completed_means_are_those_of_the_model_where_there_are_no_practices():
    data = replace(people(60, practices=0), x=np.ones((60, 1)))
    made = conditional_means(data, asked(data, baseline=False))
    beta = made.fitted.parameters.coefficients
    assert made.means[0] == pytest.approx(beta[:, 0, 3], abs=1e-9)
    assert made.estimate[0, 0] == pytest.approx(beta[1, 0, 3] - beta[0, 0, 3], abs=1e-9)


def test_the_reference_arm_is_the_same_under_every_strategy_bit_for_bit():
    data = people()
    parameters = fit_waves(data).parameters
    made = {
        s.name: impute_conditional_mean(data, parameters, s, asked(data))[data.arm == 0]
        for s in EVERY
    }
    assert len({rows.tobytes() for rows in made.values()}) == 1


def test_scores_that_were_seen_and_gaps_before_the_end_are_the_same_under_every_strategy():
    data = people()
    parameters, question = fit_waves(data).parameters, asked(data)
    at_random = impute_conditional_mean(data, parameters, STRATEGIES["MAR"], question)
    before = np.arange(4) < question.after[:, None]
    assert (before & ~data.observed).any()
    for strategy in EVERY:
        made = impute_conditional_mean(data, parameters, strategy, question)
        assert (made[before] == at_random[before]).all()
        assert (made[data.observed] == data.y[data.observed]).all()


def test_strategies_that_refer_to_the_reference_lie_between_it_and_missing_at_random():
    found = estimates(conditional_means(people(400), asked(people(400))))
    assert 0 < found["J2R"] < found["CR"] < found["CIR"] < found["MAR"]


def test_jump_to_reference_fills_with_the_references_regression():
    data = people(practices=0)
    parameters, question = fit_waves(data, practices="none").parameters, asked(data)
    made = impute_conditional_mean(data, parameters, STRATEGIES["J2R"], question)
    lost = np.flatnonzero((data.arm == 1) & (question.after == 1) & data.observed[:, 0])[0]
    own, other = parameters.coefficients[1, :, 0], parameters.coefficients[0, :, 3]
    sigma = parameters.covariance[0]
    slope = sigma[3, 0] / sigma[0, 0]
    wanted = data.x[lost] @ other + slope * (data.y[lost, 0] - data.x[lost] @ own)
    assert made[lost, 3] == pytest.approx(wanted, rel=1e-12)


def test_estimates_without_a_practice_are_those_of_a_fit_without_its_rows():
    data = people()
    made = conditional_means(data, asked(data))
    for practice in (0, 5):
        kept = data.practice != practice
        less = replace(
            data,
            y=data.y[kept],
            x=data.x[kept],
            arm=data.arm[kept],
            practice=None if data.practice is None else data.practice[kept],
        )
        alone = conditional_means(less, asked(less))
        assert made.replicates[practice] == pytest.approx(alone.estimate, abs=SEARCH)


def test_the_jackknife_variance_is_that_of_the_estimates_without_each_practice():
    made = conditional_means(people(), asked(people()))
    G = len(made.replicates)
    wanted = np.sqrt((G - 1) ** 2 / G * made.replicates.var(axis=0, ddof=1))
    assert (made.unit, made.units, G, made.df) == ("practice", 8, 8, 6.0)
    assert made.std_error == pytest.approx(wanted, rel=1e-12)


def test_without_practices_each_person_is_left_out_and_many_in_groups(
    monkeypatch: pytest.MonkeyPatch,
):
    data = people(60, practices=0)
    one_by_one = conditional_means(data, asked(data))
    assert (one_by_one.unit, one_by_one.units, one_by_one.df) == ("person", 60, 58.0)
    monkeypatch.setattr(module, "MOST_PEOPLE", 50)
    monkeypatch.setattr(module, "GROUPS", 20)
    made = conditional_means(data, asked(data))
    assert (made.unit, made.units, made.df) == ("group of people", 20, 18.0)
    assert made.estimate.tobytes() == one_by_one.estimate.tobytes()
    assert made.std_error[0, 0] == pytest.approx(one_by_one.std_error[0, 0], rel=0.35)
    again = conditional_means(data, asked(data), seed=2)
    assert again.std_error[0, 0] != made.std_error[0, 0]


def test_with_everything_seen_the_jackknife_is_that_of_least_squares():
    rng = np.random.default_rng(0)
    n = 40
    arm = (np.arange(n) % 2).astype(np.int64)
    y = rng.normal(size=(n, 2))
    data = WaveData(y=y, x=np.ones((n, 1)), arm=arm, arms=2)
    made = conditional_means(data, asked(data, at=1))
    x = np.column_stack([np.ones(n), arm, y[:, 0]])
    without = [
        np.linalg.lstsq(np.delete(x, i, 0), np.delete(y[:, 1], i), rcond=None)[0][1]
        for i in range(n)
    ]
    assert made.replicates[:, 0, 0] == pytest.approx(np.array(without), abs=1e-12)
    assert np.ptp(made.estimate) == 0.0


def test_the_reference_may_be_either_arm():
    data = people()
    one = conditional_means(data, asked(data))
    other = conditional_means(data, replace(asked(data), reference=1))
    assert other.estimate[0] == pytest.approx(-one.estimate[0], abs=1e-12)
    assert other.std_error[0] == pytest.approx(one.std_error[0], abs=1e-12)


def test_an_arm_of_one_practice_is_refused():
    data = people(practices=3)
    with pytest.raises(FitError, match="fewer than two practices"):
        conditional_means(data, asked(data))


def test_unknown_effects_of_practices_are_refused():
    with pytest.raises(FitError, match="not known"):
        fit_waves(people(), practices="some")


def test_a_practice_without_which_nothing_can_be_fitted_is_told_with_a_remedy():
    data = people(48)
    assert data.practice is not None
    only = data.practice == 7  # the others of its arm are not seen at the last wave
    y = np.where((data.arm == 1)[:, None] & ~only[:, None] & (np.arange(4) == 3), np.nan, data.y)
    with pytest.raises(FitError, match="Without one practice the scores cannot be fitted") as told:
        conditional_means(replace(data, y=y), asked(replace(data, y=y)), by_arm=False)
    assert "by_arm=False" in (told.value.remedy or "")


@pytest.mark.parametrize("practices", ["both", "practice"])
def test_effects_of_practices_are_their_best_predictions(practices: str):
    data = people()
    assert data.practice is not None
    found = fit_waves(data, practices=practices).parameters
    person, wave = np.nonzero(data.observed)
    arm, practice = data.arm[person], data.practice[person]
    mean = np.einsum("nq,nq->n", data.x[person], found.coefficients[arm, :, wave])
    same = practice[:, None] == practice
    shared = found.practice_variance + found.practice_wave_variance * (wave[:, None] == wave)
    of_person = found.covariance[arm[:, None], wave[:, None], wave] * (person[:, None] == person)
    left = np.linalg.solve(of_person + shared * same, data.y[person, wave] - mean)
    for k in range(data.practices):
        for j in range(data.waves):
            at_wave = found.practice_wave_variance * (wave == j)
            row = (practice == k) * (found.practice_variance + at_wave)
            assert found.practice[k, j] == pytest.approx(row @ left, abs=1e-9)
