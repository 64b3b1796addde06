"""Points added to the lost: exact without imputing anew, and where the interval changes."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.imputation.tipping import Shifted, shifted_comparison, tip
from splw_eval.stats.pooling import pool_estimates

ROUNDING = 1e-10


class Trial:
    """Completed scores of two arms in practices, some of them filled."""

    def __init__(self, gain: float, *, seed: int = 2, n: int = 140) -> None:
        rng = np.random.default_rng(seed)
        self.cluster = np.arange(n) % 14
        self.arm = (self.cluster % 2).astype(float)
        self.lost = rng.random(n) < 0.3
        base = rng.normal(size=n)
        y = gain * self.arm + base + rng.normal(size=n)
        noise = rng.normal(size=(6, n)) * self.lost
        self.scores = y + noise
        self.columns = [np.column_stack([np.ones(n), self.arm, base])] * 6
        self.moved = np.array([self.lost * self.arm, self.lost * (1 - self.arm)])

    def shifted(self, *, clustered: bool = True) -> Shifted:
        cluster = self.cluster if clustered else None
        return shifted_comparison(self.scores, self.columns, self.moved, cluster=cluster)


@pytest.mark.parametrize("clustered", [True, False])
@pytest.mark.parametrize("points", [(0.0, 0.0), (-1.5, 0.0), (2.0, -3.0)])
def test_points_give_what_an_analysis_of_the_moved_scores_gives(
    clustered: bool, points: tuple[float, float]
):
    trial = Trial(0.8)
    found = trial.shifted(clustered=clustered).pooled(points)
    estimates, variances, df = [], [], []
    for y, x in zip(trial.scores, trial.columns, strict=True):
        moved = y + np.array(points) @ trial.moved
        if clustered:
            fit = fit_clusters(moved, x, trial.cluster)
            estimates.append(fit.coef[1])
            variances.append(fit.std_error[1] ** 2)
            df.append(fit.df[1])
        else:
            inverse = np.linalg.inv(x.T @ x)
            b = inverse @ x.T @ moved
            left = moved - x @ b
            estimates.append(b[1])
            variances.append(left @ left / (len(x) - 3) * inverse[1, 1])
            df.append(len(x) - 3.0)
    wanted = pool_estimates(estimates, variances, df_complete=min(df))
    for name in ("estimate", "std_error", "df", "p_value", "conf_low", "conf_high"):
        assert getattr(found, name)[0] == pytest.approx(getattr(wanted, name)[0], rel=ROUNDING)


def test_no_points_leave_the_estimate_bit_for_bit():
    shifted = Trial(0.8).shifted()
    assert shifted.pooled([0.0, 0.0]).estimate[0] == shifted.estimate.mean()


def test_the_interval_ends_at_no_difference_at_the_tipping_point():
    shifted = Trial(1.2).shifted()
    assert shifted.pooled([0.0, 0.0]).conf_low[0] > 0
    found = tip(shifted, reach=20)
    assert not found.includes
    assert found.points is not None
    assert found.points < 0
    assert shifted.pooled([found.points, 0.0]).conf_low[0] == pytest.approx(0, abs=1e-9)
    assert shifted.pooled([found.points * 0.99, 0.0]).conf_low[0] > 0


def test_from_an_interval_that_includes_no_difference_the_nearest_point_that_excludes_it():
    shifted = Trial(0.0, seed=5).shifted()
    found = tip(shifted, reach=30)
    assert found.includes
    assert found.points is not None
    at = shifted.pooled([found.points, 0.0])
    ends = (at.conf_low[0], at.conf_high[0])
    assert min(abs(end) for end in ends) == pytest.approx(0, abs=1e-9)


def test_within_too_short_a_reach_nothing_changes():
    assert tip(Trial(1.2).shifted(), reach=0.01).points is None


def test_points_of_the_other_arm_are_held_while_one_is_moved():
    shifted = Trial(1.2).shifted()
    alone, beside = (tip(shifted, reach=20, others=[0.0, d]).points for d in (0.0, -0.5))
    assert alone is not None
    assert beside is not None
    assert beside < alone
    assert shifted.pooled([beside, -0.5]).conf_low[0] == pytest.approx(0, abs=1e-9)


def test_a_reach_that_is_none_is_refused():
    for reach in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(FitError, match="above 0"):
            tip(Trial(1.2).shifted(), reach=reach)


def test_one_data_set_and_columns_that_do_not_tell_arms_apart_are_refused():
    trial = Trial(1.0)
    with pytest.raises(FitError, match="two or more"):
        shifted_comparison(trial.scores[:1], trial.columns[:1], trial.moved)
    twice = [np.column_stack([x, x[:, 1]]) for x in trial.columns]
    with pytest.raises(FitError, match="tell the arms apart"):
        shifted_comparison(trial.scores, twice, trial.moved)


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_of_two_points_the_one_nearer_to_none_is_told(sign: float):
    # The interval is estimate + points, plus or minus 0.5 times 1.96.
    shifted = Shifted(
        estimate=np.array([0.3, 0.3]) * sign,
        slope=np.ones((2, 1)),
        scores=np.full((2, 1), 0.5),
        per_point=np.zeros((2, 1, 1)),
        df_complete=float("inf"),
        conf_level=0.95,
        n=10,
    )
    found = tip(shifted, reach=5)
    assert found.includes
    assert found.points == pytest.approx(sign * (0.5 * 1.959963985 - 0.3), abs=1e-8)
