"""The robust error of a foretold hazard, against what a little more weight of a unit does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.baseline import baseline_hazard
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.hazard_influence import relative_hazard_error

UNITS = 12


def rows(ties: str) -> dict[str, Any]:
    rng = np.random.default_rng(1)
    n = 80
    start = rng.integers(0, 4, n).astype(float)
    return {
        "start": start,
        "stop": start + rng.integers(1, 9, n),
        "event": rng.random(n) < 0.6,
        "x": rng.normal(size=(n, 2)),
        "strata": rng.integers(0, 2, n),
        "ties": ties,
    }


@pytest.mark.parametrize("ties", ["efron", "breslow"])
def test_the_error_is_the_root_of_the_squared_moves_that_each_unit_s_weight_makes(ties):
    given, rng = rows(ties), np.random.default_rng(2)
    weights, unit = rng.gamma(2, 1, 80) + 0.1, np.arange(80) % UNITS
    at = rng.normal(size=(3, 2))

    def log_hazard(weights: Any) -> Any:
        beta = fit_cox_model(**given, weights=weights).beta
        found = baseline_hazard(**given, beta=beta, weights=weights, at=at)
        return np.log(found.cumulative_hazard)

    step, squares = 1e-4, 0.0
    for g in range(UNITS):
        more, less = (np.where(unit == g, 1 + sign * step, 1) for sign in (1, -1))
        moved = (log_hazard(weights * more) - log_hazard(weights * less)) / (2 * step)
        squares = squares + moved**2
    beta = fit_cox_model(**given, weights=weights).beta
    asked: dict[str, Any] = {**given, "beta": beta, "unit": unit, "at": at}
    found = relative_hazard_error(**asked, weights=weights)
    assert_allclose(found, np.sqrt(squares), rtol=1e-6)
    assert_allclose(relative_hazard_error(**asked, weights=7 * weights), found, rtol=1e-12)


def test_rows_to_foretell_need_the_columns_of_x():
    given = rows("efron")
    with pytest.raises(FitError, match="2 columns"):
        relative_hazard_error(**given, beta=[0.0, 0.0], unit=np.arange(80), at=[[1.0]])
