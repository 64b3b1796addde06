"""Chained equations on arrays: what is kept, what is drawn, and separation."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.chained import ChainColumn, complete_by_chain

PEOPLE = 400


def some(seed=1, lost=0.3):
    rng = np.random.default_rng(seed)
    given = rng.normal(size=(PEOPLE, 1))
    number = given[:, 0] + rng.normal(size=PEOPLE)
    band = np.digitize(number + rng.logistic(size=PEOPLE), [-1, 1]).astype(float)
    gaps = rng.random((2, PEOPLE)) < lost
    columns = [
        ChainColumn(kind="number", values=np.where(gaps[0], np.nan, number)),
        ChainColumn(kind="ordered", values=np.where(gaps[1], np.nan, band), levels=3),
    ]
    return given, columns, gaps


def test_values_that_were_seen_stay_bit_for_bit_and_no_gap_is_left():
    given, columns, gaps = some()
    made = complete_by_chain(columns, given, generator=np.random.default_rng(1))
    for column, values, lost in zip(columns, made.values, gaps, strict=True):
        assert np.array_equal(values[~lost], column.values[~lost])
        assert np.isfinite(values).all()
    assert set(made.values[1]) <= {0.0, 1.0, 2.0}


def test_one_seed_gives_the_same_bits_and_another_gives_others():
    given, columns, _ = some()
    draws = [
        complete_by_chain(columns, given, sweeps=2, generator=np.random.default_rng(seed))
        for seed in (1, 1, 2)
    ]
    assert np.array_equal(draws[0].values[0], draws[1].values[0])
    assert not np.array_equal(draws[0].values[0], draws[2].values[0])


def test_the_trace_holds_the_mean_of_what_was_drawn_at_the_last_sweep():
    given, columns, gaps = some()
    made = complete_by_chain(columns, given, sweeps=3, generator=np.random.default_rng(1))
    assert made.trace.shape == (3, 2)
    assert made.trace[-1, 0] == pytest.approx(made.values[0][gaps[0]].mean(), rel=1e-12)


def test_a_column_without_gaps_is_left_alone():
    given, columns, _ = some()
    whole = ChainColumn(kind="number", values=np.arange(PEOPLE, dtype=float))
    made = complete_by_chain([whole, columns[1]], given, generator=np.random.default_rng(1))
    assert np.array_equal(made.values[0], whole.values)
    assert np.isnan(made.trace[:, 0]).all()


def test_matched_values_are_values_that_were_seen():
    given, columns, gaps = some()
    matched = ChainColumn(kind="matched", values=columns[0].values)
    made = complete_by_chain([matched], given, sweeps=1, generator=np.random.default_rng(1))
    seen = set(matched.values[~gaps[0]])
    assert set(made.values[0]) <= seen


def test_people_of_a_practice_where_nobody_was_seen_are_as_of_the_average_practice():
    rng = np.random.default_rng(3)
    practice = np.arange(PEOPLE) % 4
    number = 10.0 * practice + rng.normal(size=PEOPLE)
    lost = practice == 3
    column = ChainColumn(kind="number", values=np.where(lost, np.nan, number))
    made = complete_by_chain(
        [column], np.zeros((PEOPLE, 0)), practice=practice, sweeps=1, generator=rng
    )
    # Practices seen have means of 0, 10 and 20; 0.3 is five errors of a mean of 100.
    assert made.values[0][lost].mean() == pytest.approx(10, abs=0.5)


def test_a_column_that_is_the_same_for_everybody_is_no_hindrance():
    given, columns, _ = some()
    flat = np.hstack([given, np.ones((PEOPLE, 1)), given])
    made = complete_by_chain(columns, flat, sweeps=2, generator=np.random.default_rng(1))
    assert np.isfinite(made.values[0]).all()


def test_a_column_with_nothing_seen_is_refused():
    column = ChainColumn(kind="number", values=np.full(5, np.nan))
    with pytest.raises(FitError, match="no value at all"):
        complete_by_chain([column], np.zeros((5, 0)), generator=np.random.default_rng(1))
