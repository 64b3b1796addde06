"""Foretold survival where it is known otherwise, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.baseline import baseline_hazard
from splw_eval.stats.cox.cox_fit import fit_cox_model

RNG = np.random.default_rng(8)
N = 200
X = RNG.normal(size=(N, 2))
STOP = np.floor(RNG.exponential(20 * np.exp(-0.5 * X[:, 0])))
EVENT = RNG.random(N) < 0.7
BETA = fit_cox_model(None, STOP, EVENT, X).beta


def test_without_effects_breslows_hazard_is_that_of_nelson():
    found = baseline_hazard(None, STOP, EVENT, X, np.zeros(2), ties="breslow")
    times = np.unique(STOP[EVENT])
    died = np.array([(EVENT & (t == STOP)).sum() for t in times])
    seen = np.array([(t <= STOP).sum() for t in times])
    np.testing.assert_array_equal(found.time, times)
    np.testing.assert_array_equal(found.at_risk, seen)
    np.testing.assert_array_equal(found.event_weight, died)
    np.testing.assert_allclose(found.cumulative_hazard[0], np.cumsum(died / seen), rtol=1e-12)
    assert (found.n, found.events) == (N - (times[0] > STOP).sum(), EVENT.sum())


def test_under_efron_the_cumulative_hazards_of_those_seen_sum_to_the_events_but_for_ties():
    spread = STOP + RNG.random(N)
    beta = fit_cox_model(None, spread, EVENT, X).beta
    found = baseline_hazard(None, spread, EVENT, X, beta, at=X)
    place = np.searchsorted(found.time, spread, side="right")
    padded = np.column_stack([np.zeros(N), found.cumulative_hazard])
    assert padded[np.arange(N), place].sum() == pytest.approx(EVENT.sum(), rel=1e-10)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_splitting_rows_and_moving_columns_change_nothing(ties):
    beta = fit_cox_model(None, STOP, EVENT, X, ties=ties).beta
    whole = baseline_hazard(None, STOP, EVENT, X, beta, ties=ties, at=X[:4])
    late = STOP > 7
    rows = np.concatenate([np.arange(N), np.flatnonzero(late)])
    after = np.arange(len(rows)) >= N
    start = np.where(after, 7.0, -1.0)
    stop = np.where(after, STOP[rows], np.minimum(STOP, 7.0)[rows])
    event = EVENT[rows] & (stop == STOP[rows])
    moved = [40.0, -9.0]
    parts = baseline_hazard(start, stop, event, X[rows] + moved, beta, ties=ties, at=X[:4] + moved)
    for name in ("survival", "std_error", "conf_low", "conf_high", "at_risk"):
        np.testing.assert_allclose(getattr(parts, name), getattr(whole, name), rtol=1e-8)


def test_each_stratum_begins_anew():
    band = np.array(["north", "south"])[np.arange(N) % 2]
    beta = fit_cox_model(None, STOP, EVENT, X, strata=band).beta
    found = baseline_hazard(None, STOP, EVENT, X, beta, strata=band)
    for name in ("north", "south"):
        mine = band == name
        alone = baseline_hazard(None, STOP[mine], EVENT[mine], X[mine], beta)
        here = found.stratum == name
        np.testing.assert_array_equal(found.time[here], alone.time)
        np.testing.assert_allclose(
            found.cumulative_hazard[0, here], alone.cumulative_hazard[0], rtol=1e-10
        )


@pytest.mark.parametrize("sign", [-1.0, 1.0])
def test_columns_far_from_0_foretell_what_columns_near_0_do(sign):
    near = baseline_hazard(None, STOP, EVENT, sign * X, sign * BETA, at=sign * X[:3])
    moved = 20000.0
    far = baseline_hazard(None, STOP, EVENT, sign * X + moved, sign * BETA, at=sign * X[:3] + moved)
    for name in ("cumulative_hazard", "survival", "std_error", "conf_low", "conf_high"):
        np.testing.assert_allclose(getattr(far, name), getattr(near, name), rtol=1e-8)


def test_a_row_whose_hazard_is_no_number_is_refused_and_one_of_none_has_whole_limits():
    columns = X[:, :1] - 20000.0
    beta = fit_cox_model(None, STOP, EVENT, columns).beta
    assert abs(beta[0]) * 20000 > 800
    toward, away = (
        baseline_hazard(None, STOP, EVENT, x, b)
        for x, b in ((columns, -abs(beta)), (-columns, abs(beta)))
    )
    for found in (toward, away):
        for name in ("survival", "std_error", "conf_low", "conf_high"):
            assert np.isfinite(getattr(found, name)).all()
    with pytest.raises(FitError, match="1 of 1 rows to foretell lie too far"):
        baseline_hazard(None, STOP, EVENT, columns, abs(beta))


def test_limits_hold_the_estimate_and_widen_with_the_level():
    narrow = baseline_hazard(None, STOP, EVENT, X, BETA, at=X[:2], conf_level=0.8)
    wide = baseline_hazard(None, STOP, EVENT, X, BETA, at=X[:2])
    assert (wide.conf_low < narrow.conf_low).all()
    assert (narrow.conf_low < narrow.survival).all()
    assert (narrow.survival < narrow.conf_high).all()
    assert (narrow.conf_high < wide.conf_high).all()
    assert "ignores practices" in wide.method


@pytest.mark.parametrize(
    ("match", "changed"),
    [
        ("2 columns", {"at": [[1.0]]}),
        ("2 columns", {"at": [1.0, 2.0]}),
        ("finite", {"at": [[np.nan, 1.0]]}),
        ("conf_level", {"conf_level": 95}),
        ("no event", {"event": np.zeros(N)}),
        ("does not vary", {"x": X * [1.0, 0.0]}),
        ("dependent", {"x": np.column_stack([X[:, 0], X[:, 0]])}),
        ("one finite value", {"beta": [np.nan, 0.0]}),
        ("too far apart", {"x": np.column_stack([X[:, 0], STOP * 50]), "beta": [0.0, -1.0]}),
    ],
)
def test_what_cannot_be_foretold_is_refused(match, changed):
    given = {"start": None, "stop": STOP, "event": EVENT, "x": X, "beta": BETA, **changed}
    rows = [given.pop(name) for name in ("start", "stop", "event", "x", "beta")]
    with pytest.raises(FitError, match=match):
        baseline_hazard(*rows, **given)
