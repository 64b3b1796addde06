"""Fits without each practice, all at once from sums by moment."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from splw_eval.core.errors import FitError
from splw_eval.stats.cox.cox_fit import fit_cox_model
from splw_eval.stats.cox.given_rows import arranged, laid_out
from splw_eval.stats.cox.jackknife import leave_one_practice_out
from splw_eval.stats.cox.newton import maximise
from splw_eval.stats.cox.without_each import fits_without_each

PRACTICES = 7


def rows(n: int = 4000, *, days: int = 20, start: bool = False) -> dict[str, Any]:
    """People of practices that differ in size, three columns, few days."""
    rng = np.random.default_rng(5)
    cluster = np.minimum(rng.geometric(0.3, n), PRACTICES) - 1
    x = np.column_stack([rng.normal(size=(n, 2)) * [1, 40] + [0, 500], cluster < 3])
    left = np.ceil(rng.exponential(12 * np.exp(-x @ [0.4, -0.005, 0.3] - 2.5 + cluster / 9)))
    end = rng.integers(1, days + 1, n)
    stop = np.minimum(left, end)
    began = np.floor(rng.uniform(0, stop)) if start else None
    return {"start": began, "stop": stop, "event": left <= end, "x": x, "cluster": cluster}


def quick(given: dict[str, Any], ties: Any = "efron") -> Any:
    taken = arranged(**{name: v for name, v in given.items() if name != "cluster"})
    placed, columns, size = laid_out(taken)
    whole = maximise(placed, columns, ties)
    return fits_without_each(whole, given["cluster"][placed.kept], PRACTICES, ties) / size


def one_by_one(given: dict[str, Any], ties: Any = "efron") -> Any:
    found = []
    for g in range(PRACTICES):
        others = given["cluster"] != g
        part = {name: v[others] for name, v in given.items() if v is not None and name != "cluster"}
        found.append(fit_cox_model(part.pop("start", None), **part, ties=ties).beta)
    return np.array(found)


@pytest.mark.parametrize("ties", ["efron", "breslow"])
@pytest.mark.parametrize("start", [False, True], ids=["from the start", "late entry"])
@pytest.mark.parametrize("more", ["nothing", "weights", "strata", "both"])
def test_fits_at_once_equal_fits_one_by_one(ties, start, more):
    given, rng = rows(start=start), np.random.default_rng(1)
    if more in ("weights", "both"):
        given["weights"] = rng.uniform(0.2, 3, 4000)
    if more in ("strata", "both"):
        given["strata"] = rng.integers(0, 3, 4000)
    found = quick(given, ties)
    assert np.isfinite(found).all()
    np.testing.assert_allclose(found, one_by_one(given, ties), rtol=1e-9, atol=1e-12)


def test_days_on_which_only_one_practice_left_are_no_days_without_it():
    given = rows()
    given["stop"] = given["stop"] + np.where(given["event"] & (given["cluster"] == 2), 0.5, 0.0)
    np.testing.assert_allclose(quick(given), one_by_one(given), rtol=1e-9, atol=1e-12)


def test_a_practice_without_which_a_column_stands_still_is_left_to_the_careful_search():
    given = rows()
    given["x"][:, 2] = given["cluster"] == 1
    found = quick(given)
    assert np.isnan(found[1]).all()
    assert np.isfinite(np.delete(found, 1, axis=0)).all()
    with pytest.raises(FitError, match=r"practice\(s\) 2 are left out"):
        leave_one_practice_out(**given)


def test_rows_that_are_few_for_their_days_are_left_to_the_careful_search():
    given = rows(600, days=300)
    given["stop"] = given["stop"] + np.random.default_rng(2).uniform(-0.4, 0.4, 600)
    assert np.isnan(quick(given)).all()


def test_the_jackknife_does_not_hang_on_where_its_search_began():
    given = rows()
    plain = leave_one_practice_out(**given)
    known = leave_one_practice_out(**given, beta=plain.beta)
    np.testing.assert_allclose(known.covariance, plain.covariance, rtol=1e-9)
    apart = one_by_one(given) - plain.beta
    wanted = (PRACTICES - 1) / PRACTICES * apart.T @ apart
    np.testing.assert_allclose(plain.covariance, wanted, rtol=1e-8)
