"""Variance of rates, by person and by cluster."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.rates import k_of_icc, rate_variance


def of_a_cluster(people, variance, icc):
    return variance * (1 + (people - 1) * icc) / people


@pytest.mark.parametrize("log", [False, True])
def test_a_cluster_has_the_variance_of_its_events_and_of_its_own_rate(log):
    rate, k, people, time, extra = 0.4, 0.25, 50, 2.0, 1.5
    found = of_a_cluster(people, *rate_variance(rate, k, time=time, overdispersion=extra, log=log))
    counted = extra / (people * time) * (1 / rate if log else rate)
    assert found == pytest.approx(counted + (k**2 if log else (k * rate) ** 2), rel=1e-12)


def test_a_correlation_of_people_is_the_k_that_gives_it():
    k = k_of_icc(0.03, 0.4, time=2.0, overdispersion=1.5)
    assert rate_variance(0.4, k, time=2.0, overdispersion=1.5)[1] == pytest.approx(0.03)


def test_drawn_counts_vary_as_told():
    rng = np.random.default_rng(5)
    rate, k, people = 0.5, 0.3, 20
    own = rng.gamma(1 / k**2, rate * k**2, 200_000)
    drawn = (rng.poisson(own * people) / people).var()
    assert of_a_cluster(people, *rate_variance(rate, k)) == pytest.approx(drawn, rel=0.02)
