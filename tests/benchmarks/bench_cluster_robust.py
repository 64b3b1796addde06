"""Clustered inference beside statsmodels, which has no CR2: its CR1 is the nearest peer.

Ours does more (bias reduction, and Satterthwaite df of every coefficient) and is timed
with both.
"""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats import fit_clusters


def trial(practices: int, people: int):
    rng = np.random.default_rng(practices)
    cluster = np.sort(rng.integers(0, practices, people))
    X = np.column_stack([np.ones(people), cluster % 2, rng.normal(size=(people, 3))])
    return rng.normal(size=people), X, cluster


def ours(y, X, cluster):
    return fit_clusters(y, X, cluster).df


def theirs(y, X, cluster):
    import statsmodels.api as sm

    return sm.OLS(y, X).fit(cov_type="cluster", cov_kwds={"groups": cluster}).bse


SIZES = [(15, 1_000), (15, 100_000), (400, 100_000)]


@pytest.mark.parametrize(("practices", "people"), SIZES)
@pytest.mark.parametrize("program", [ours, theirs], ids=["splw_eval CR2", "statsmodels CR1"])
def test_cluster_robust(benchmark, program, practices, people):
    benchmark.group = f"{practices} practices, {people:,} people"
    assert len(benchmark(program, *trial(practices, people))) == 5
