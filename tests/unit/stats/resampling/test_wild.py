"""Wild bootstrap of practices."""

from __future__ import annotations

import math
import time
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.resampling.wild import wild_cluster_bootstrap

Array = NDArray[np.float64]
People = tuple[Array, Array, NDArray[np.int64]]


def arithmetic_people() -> People:
    i = np.arange(300)
    practice = i % 15
    arm, x = practice < 7, ((53 * i) % 101) / 101
    y = 10 + 2 * x + 0.5 * arm + ((29 * i) % 83) / 20 + ((7 * practice) % 15) / 10
    return y, np.column_stack([np.ones(300), arm, x]), practice


def people(seed: int, clusters: int = 7, n: int = 60) -> People:
    rng = np.random.default_rng(seed)
    practice = np.concatenate([np.arange(clusters), rng.integers(0, clusters, n - clusters)])
    arm = practice >= clusters // 2
    y = rng.normal(size=n) + rng.normal(size=clusters)[practice] + 0.8 * arm
    return y, np.column_stack([np.ones(n), arm, rng.normal(size=n)]), practice


def cluster_t(y: Array, X: Array, practice: NDArray[np.int64], column: int, null: float) -> float:
    coef = np.linalg.lstsq(X, y, rcond=None)[0]
    residual, inverse = y - X @ coef, np.linalg.inv(X.T @ X)
    meat = np.zeros((X.shape[1], X.shape[1]))
    for each in np.unique(practice):
        score = X[practice == each].T @ residual[practice == each]
        meat += np.outer(score, score)
    return float((coef[column] - null) / math.sqrt((inverse @ meat @ inverse)[column, column]))


def slow_p(y: Array, X: Array, practice: NDArray[np.int64], column: int, null: float) -> float:
    others = np.delete(X, column, axis=1)
    held = y - null * X[:, column]
    fitted = others @ np.linalg.lstsq(others, held, rcond=None)[0]
    residual, shared = held - fitted, fitted + null * X[:, column]
    seen = abs(cluster_t(y, X, practice, column, null))
    as_far = [
        abs(cluster_t(shared + np.array(v)[practice] * residual, X, practice, column, null))
        >= seen * (1 - 1e-9)
        for v in product((1.0, -1.0), repeat=int(practice.max()) + 1)
    ]
    return sum(as_far) / len(as_far)


def test_all_signs_of_fifteen_practices_give_the_known_share():
    y, X, practice = arithmetic_people()
    found = wild_cluster_bootstrap(y, X, practice, 1)
    assert found.p_value == 324 / 32_768
    assert (found.signs, found.exact, found.seed, found.n, found.clusters) == (
        32_768,
        True,
        None,
        300,
        15,
    )
    assert found.smallest_p_value == 2 / 32_768
    assert not found.gaps


@pytest.mark.parametrize("column", [0, 1, 2])
@pytest.mark.parametrize("null", [0.0, 0.7])
def test_the_share_is_that_of_fitting_every_outcome_anew(column, null):
    y, X, practice = people(seed=3, clusters=6)
    found = wild_cluster_bootstrap(y, X, practice, column, null=null)
    assert found.p_value == slow_p(y, X, practice, column, null)


def test_the_share_is_that_of_fitting_anew_in_a_model_of_the_arm_alone():
    y, X, practice = people(seed=5, clusters=6)
    found = wild_cluster_bootstrap(y, X[:, :2], practice, 1)
    assert found.p_value == slow_p(y, X[:, :2], practice, 1, 0.0)


@pytest.mark.parametrize("scale", [0.1, 1 / 3, 7 / 11])
def test_practices_without_a_residual_only_double_the_vectors_as_far_out(scale):
    practice = np.repeat(np.arange(6), 5)
    y = scale * np.array([0.0, 3, 3, 3, 4, 5])[practice]
    X = np.column_stack([np.ones(30), practice >= 3])
    # Three practices lie at the mean of all, so their signs change nothing.
    assert wild_cluster_bootstrap(y, X, practice, 1).p_value == slow_p(y, X, practice, 1, 0.0)
    assert wild_cluster_bootstrap(y, X, practice, 1).p_value >= 2**4 / 2**6


def test_the_statistic_has_the_error_by_practices_with_its_factor():
    y, X, practice = people(seed=1)
    found = wild_cluster_bootstrap(y, X, practice, 1, null=0.3)
    factor = math.sqrt(7 / 6 * 59 / 57)
    assert found.statistic == pytest.approx(cluster_t(y, X, practice, 1, 0.3) / factor, rel=1e-10)
    assert found.estimate == pytest.approx(np.linalg.lstsq(X, y, rcond=None)[0][1], rel=1e-10)
    assert found.estimate - 0.3 == pytest.approx(found.statistic * found.std_error, rel=1e-12)


def test_the_estimate_itself_has_a_share_of_one():
    y, X, practice = people(seed=2)
    estimate = wild_cluster_bootstrap(y, X, practice, 1).estimate
    assert wild_cluster_bootstrap(y, X, practice, 1, null=estimate).p_value == 1


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    null=st.floats(-6, 6),
    level=st.sampled_from([0.5, 0.8, 0.9]),
)
def test_the_interval_holds_a_null_exactly_when_its_p_is_above_what_is_left(seed, null, level):
    y, X, practice = people(seed)
    found = wild_cluster_bootstrap(y, X, practice, 1, null=null, conf_level=level)
    assume(not found.gaps)
    assert (found.conf_low <= null <= found.conf_high) == (found.p_value > 1 - level + 1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_p_changes_sides_at_the_limits(seed):
    y, X, practice = people(seed, clusters=9, n=90)
    found = wild_cluster_bootstrap(y, X, practice, 1)
    for limit, out in ((found.conf_low, -1), (found.conf_high, 1)):
        step = out * found.std_error * 1e-6
        inside = wild_cluster_bootstrap(y, X, practice, 1, null=limit - step)
        outside = wild_cluster_bootstrap(y, X, practice, 1, null=limit + step)
        assert inside.p_value > 0.05 >= outside.p_value


def test_so_few_practices_that_no_p_can_be_small_leave_the_interval_unbounded():
    y, X, practice = people(seed=4, clusters=4)
    found = wild_cluster_bootstrap(y, X, practice, 1)
    assert found.smallest_p_value == 2 / 16
    assert (found.conf_low, found.conf_high) == (-math.inf, math.inf)


def test_scale_shift_order_and_names_of_practices_change_no_share():
    y, X, practice = people(seed=6)
    first = wild_cluster_bootstrap(y, X, practice, 1)
    other = wild_cluster_bootstrap(
        1e5 + 40 * y[::-1], X[::-1] * [1, 1, 1e-4], [f"p{9 - each}" for each in practice[::-1]], 1
    )
    assert other.p_value == first.p_value
    assert other.conf_low == pytest.approx(40 * first.conf_low, rel=1e-6)


def test_above_sixteen_practices_signs_are_drawn_with_the_one_that_was_seen():
    y, X, practice = people(seed=7, clusters=17, n=170)
    first, again = (wild_cluster_bootstrap(y, X, practice, 1, draws=500, seed=3) for _ in range(2))
    assert first == again
    assert (first.signs, first.exact, first.seed) == (501, False, 3)
    assert first.smallest_p_value == 1 / 501
    assert first.method.endswith("501 with the one seen, drawn, seed 3")
    assert wild_cluster_bootstrap(y, X, practice, 1).signs == 10_000


def test_draws_come_near_to_all_signs(monkeypatch):
    y, X, practice = people(seed=8, clusters=12, n=120)
    known = wild_cluster_bootstrap(y, X, practice, 1)
    monkeypatch.setattr("splw_eval.stats.resampling.wild.ALL_SIGNS_UP_TO", 11)
    drawn = wild_cluster_bootstrap(y, X, practice, 1, draws=20_000)
    assert not drawn.exact
    assert drawn.p_value == pytest.approx(known.p_value, abs=0.015)
    assert drawn.conf_high == pytest.approx(known.conf_high, abs=0.1 * known.std_error)


def test_fifteen_hundred_people_in_fifteen_practices_take_less_than_a_second():
    y, X, practice = (np.concatenate([each] * 5) for each in arithmetic_people())
    start = time.process_time()
    wild_cluster_bootstrap(y, X, practice, 1)
    assert time.process_time() - start < 1


def changed(**how: Any) -> dict[str, Any]:
    y, X, practice = people(seed=1)
    return {"y": y, "X": X, "cluster": practice, "column": 1} | how


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ({"y": [1.0, 2.0]}, "one value for each row"),
        ({"y": np.full(60, np.nan)}, "must be finite"),
        ({"null": math.inf}, "must be finite"),
        ({"conf_level": 1.0}, "between 0 and 1"),
        ({"column": 3}, "no column 3"),
        ({"cluster": np.zeros(60)}, "at least 2"),
        ({"cluster": np.full(60, np.nan)}, "name a practice in every row"),
        ({"X": np.ones((60, 2))}, "depend on one another"),
        ({"X": np.ones((60, 60))}, "cannot fit 60 columns"),
        ({"y": np.ones(60)}, "fits without error"),
        ({"draws": 0}, "at least 1"),
    ],
)
def test_what_cannot_be_tested_is_said_in_words(how, said):
    with pytest.raises(FitError, match=said):
        wild_cluster_bootstrap(**changed(**how))


def test_weights_are_those_of_weighted_least_squares_and_rows_of_weight_zero_do_not_count():
    y, X, practice = people(5)
    w = np.random.default_rng(5).uniform(0.2, 3, len(y))
    w[::9] = 0
    found = wild_cluster_bootstrap(y, X, practice, 1, weights=1000 * w)
    kept = w > 0
    root = np.sqrt(w[kept])
    y, X, practice = y[kept] * root, X[kept] * root[:, None], practice[kept]
    assert found.p_value == slow_p(y, X, practice, 1, 0.0)
    assert found.n == kept.sum()
    assert "weighted" in found.method


def test_the_error_with_weights_is_that_of_the_least_squares_of_practices():
    y, X, practice = people(6)
    w = np.random.default_rng(6).uniform(0.2, 3, len(y))
    found = wild_cluster_bootstrap(y, X, practice, 1, weights=w)
    fit = fit_clusters(y, X, practice, weights=w, vcov="CR1S")
    assert found.std_error == pytest.approx(fit.std_error[1], rel=1e-10)
    assert found.estimate == pytest.approx(fit.coef[1], rel=1e-10)


@pytest.mark.parametrize(
    ("weights", "said"), [([1.0], "one value for each row"), (np.full(60, -1.0), "not below 0")]
)
def test_weights_that_cannot_be_used_are_refused_in_words(weights, said):
    with pytest.raises(FitError, match=said):
        wild_cluster_bootstrap(*people(1), 1, weights=weights)


def test_an_outcome_far_from_zero_is_tested_and_one_without_residuals_is_refused():
    y, X, practice = arithmetic_people()
    far = wild_cluster_bootstrap(y + 1e9, X, practice, 1)
    assert far.p_value == wild_cluster_bootstrap(y, X, practice, 1).p_value
    for level in (0.0, 1e3):
        with pytest.raises(FitError, match="without error"):
            wild_cluster_bootstrap(level + X @ [0.1, 2.0, 0.3], X, practice, 1)
