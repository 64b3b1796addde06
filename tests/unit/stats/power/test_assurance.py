"""Assurance: the closed form beside numerical integration, and its limit."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval.stats.power.assurance import assurance_of_test
from splw_eval.stats.power.noncentral import power_of_test

NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(160)


@pytest.mark.parametrize("df", [6.0, 40.0, np.inf])
@pytest.mark.parametrize("tails", ["upper", "both"])
def test_it_is_the_mean_of_the_power_over_the_prior(df, tails):
    effects = 0.3 + 0.1 * NODES
    one_way = power_of_test(effects / 0.12, df, 0.025, sides=1)
    other = power_of_test(-effects / 0.12, df, 0.025, sides=1) if tails == "both" else 0.0
    mean = float(((one_way + other) * WEIGHTS).sum() / WEIGHTS.sum())
    found = assurance_of_test(0.3, 0.1, 0.12, df, tails=tails)
    assert float(found) == pytest.approx(mean, abs=1e-8)


def test_with_people_without_end_it_is_the_chance_that_the_effect_has_its_sign():
    from scipy.special import ndtr

    found = assurance_of_test(0.3, 0.2, 1e-9)
    assert float(found) == pytest.approx(float(ndtr(0.3 / 0.2)))
