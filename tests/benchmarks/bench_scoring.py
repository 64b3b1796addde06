"""Ten million SWEMWBS responses beside plain numpy: seven columns summed, one table indexed.

Ours also checks every answer's range and that it is a whole number, looks for missing
answers, and gives the raw total, the items answered and whether a score was prorated.
"""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.instruments import instrument, score_responses

N = 10_000_000
SWEMWBS = instrument("swemwbs")
TABLE = np.array(SWEMWBS.score("metric").formula.table)


def columns(dtype):
    rng = np.random.default_rng(7)
    return [rng.integers(1, 6, N).astype(dtype) for _ in range(7)]


def ours(answers):
    return score_responses(answers, SWEMWBS)["metric"].values


def numpy_alone(answers):
    total = answers[0] + answers[1]
    for column in answers[2:]:
        total = total + column
    return TABLE[(total - 7).astype(np.intp)]


def numpy_rows(answers):
    return TABLE[(answers.sum(axis=1) - 7).astype(np.intp)]


@pytest.mark.parametrize("dtype", [np.float64, np.int8], ids=lambda d: d.__name__)
@pytest.mark.parametrize("program", [numpy_alone, ours], ids=["numpy", "splw_eval"])
def test_seven_columns(benchmark, program, dtype):
    benchmark.group = f"{N:,} responses, seven columns of {dtype.__name__}"
    answers = columns(dtype)
    made = benchmark.pedantic(program, (answers,), rounds=5, warmup_rounds=1)
    np.testing.assert_array_equal(made[:1000], numpy_alone([c[:1000] for c in answers]))


@pytest.mark.parametrize("dtype", [np.float64, np.int8], ids=lambda d: d.__name__)
@pytest.mark.parametrize("program", [numpy_rows, ours], ids=["numpy", "splw_eval"])
def test_one_array(benchmark, program, dtype):
    benchmark.group = f"{N:,} responses, one array of {dtype.__name__}"
    answers = np.stack(columns(dtype), axis=1)
    made = benchmark.pedantic(program, (answers,), rounds=3, warmup_rounds=1)
    np.testing.assert_array_equal(made[:1000], numpy_rows(answers[:1000]))


def test_one_answer_in_twenty_missing(benchmark):
    benchmark.group = f"{N:,} responses, 5 per cent of answers missing"
    rng = np.random.default_rng(11)
    answers = columns(np.float64)
    for column in answers:
        column[rng.random(N) < 0.05] = np.nan
    made = benchmark.pedantic(ours, (answers,), rounds=3, warmup_rounds=1)
    assert np.isnan(made).any()
