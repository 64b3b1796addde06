"""Two-stage least squares and Anderson-Rubin limits: identities, weak stages, refusals."""

from __future__ import annotations

import math

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.causal.anderson_rubin import anderson_rubin
from splw_eval.stats.causal.least_squares import fit_independent
from splw_eval.stats.causal.two_stage_least_squares import fit_two_stages
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.few_clusters.jackknife import within_practices
from splw_eval.stats.tails import t_p_value


def drawn(seed=1, n=300, practices=12, moved=0.6):
    rng = np.random.default_rng(seed)
    practice = np.arange(n) % practices
    arm = (practice < practices // 2).astype(float)
    x, ill = rng.normal(size=n), rng.normal(size=n)
    received = (rng.random(n) < moved * arm + 0.1 * (ill > 0)).astype(float)
    y = x + ill + 0.8 * received + 0.4 * rng.normal(size=practices)[practice] + rng.normal(size=n)
    return y, received, arm, np.column_stack([np.ones(n), x]), practice


def test_columns_that_foretell_themselves_give_least_squares():
    y, received, _, X, practice = drawn()
    columns = np.column_stack([received, X])
    found, plain = fit_two_stages(y, columns, columns), fit_independent(y, columns)
    np.testing.assert_allclose(found.coef, plain.coef, rtol=1e-10)
    np.testing.assert_allclose(found.vcov, plain.vcov, rtol=1e-9)
    ours, theirs = found.by_practice(practice), fit_clusters(y, columns, practice)
    np.testing.assert_allclose(ours.std_error, theirs.std_error, rtol=1e-10)
    np.testing.assert_allclose(ours.df, theirs.df, rtol=1e-9)


def test_without_covariates_it_is_the_ratio_of_two_differences():
    y, received, arm, X, _ = drawn()
    one = X[:, :1]
    found = fit_two_stages(y, np.column_stack([received, one]), np.column_stack([arm, one]))
    first, second = arm == 1, arm == 0
    ratio = (y[first].mean() - y[second].mean()) / (
        received[first].mean() - received[second].mean()
    )
    assert found.coef[0] == pytest.approx(ratio, rel=1e-10)


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
@pytest.mark.parametrize("clustered", [True, False])
def test_at_a_limit_the_test_of_the_allocation_has_just_5_percent(seed, clustered):
    y, received, arm, X, practice = drawn(seed)
    found = anderson_rubin(y, received, arm, X, cluster=practice if clustered else None)
    design = np.column_stack([arm, X])
    for b in (found.low, found.high):
        left = y - b * received
        fit = fit_clusters(left, design, practice) if clustered else fit_independent(left, design)
        p = t_p_value(fit.coef[0] / fit.std_error[0], fit.df[0])
        assert p == pytest.approx(0.05, rel=1e-6)
    whole = fit_clusters(y, design, practice) if clustered else fit_independent(y, design)
    holds = t_p_value(whole.coef[0] / whole.std_error[0], whole.df[0]) > 0.05
    assert (found.low <= 0 <= found.high) == holds


def test_limits_are_unbounded_where_the_allocation_moved_hardly_anybody():
    shapes = set()
    for seed in range(40):
        y, received, arm, X, practice = drawn(seed, moved=0.01)
        found = anderson_rubin(y, received, arm, X, cluster=practice)
        shapes.add(found.shape)
        if found.shape == "everything":
            assert (found.low, found.high) == (-math.inf, math.inf)
        else:
            assert found.low < found.high
    assert "everything" in shapes


def test_limits_outside_which_values_are_possible_have_5_percent_too():
    for seed in range(200):
        y, received, arm, X, practice = drawn(seed, moved=0.03)
        y = y + 3 * arm
        found = anderson_rubin(y, received, arm, X, cluster=practice)
        if found.shape == "outside":
            break
    assert found.shape == "outside"
    design = np.column_stack([arm, X])
    middle = fit_clusters(y - (found.low + found.high) / 2 * received, design, practice)
    assert t_p_value(middle.coef[0] / middle.std_error[0], middle.df[0]) < 0.05
    edge = fit_clusters(y - found.high * received, design, practice)
    p = t_p_value(edge.coef[0] / edge.std_error[0], edge.df[0])
    assert p == pytest.approx(0.05, rel=1e-6)


def test_limits_of_80_percent_lie_within_those_of_95():
    y, received, arm, X, practice = drawn()
    wide = anderson_rubin(y, received, arm, X, cluster=practice)
    narrow = anderson_rubin(y, received, arm, X, cluster=practice, conf_level=0.8)
    assert wide.low < narrow.low < narrow.high < wide.high


def test_columns_alike_within_practices_are_counted():
    _, _, arm, X, practice = drawn()
    assert within_practices(np.column_stack([arm, X[:, 1]]), practice) == 1
    assert within_practices(X[:, :0], practice) == 0


def test_what_cannot_be_estimated_is_refused():
    y, received, arm, X, _ = drawn()
    columns = np.column_stack([received, X])
    with pytest.raises(FitError, match="too few"):
        fit_two_stages(y, columns, X)
    with pytest.raises(FitError, match="depend"):
        fit_two_stages(y, columns, np.column_stack([arm, arm, X]))
    with pytest.raises(FitError, match="same rows"):
        fit_two_stages(y[1:], columns, np.column_stack([arm, X]))
    # Just as many received it in both groups.
    even = np.tile([1.0, 0.0], 150)
    half = np.repeat([1.0, 0.0], 150)
    with pytest.raises(FitError, match="foretell nothing"):
        one = np.ones(300)
        fit_two_stages(y, np.column_stack([even, one]), np.column_stack([half, one]))
