"""People lost from cluster-periods: taken off those who are recruited."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval import power
from splw_eval.power.simulation import simulate

WEDGE: dict[str, Any] = {
    **{"steps": 4, "per_sequence": 3, "size": 20, "diff": 0.3, "sd": 1, "icc": 0.05, "cac": 0.8},
}
CASES: list[tuple[str, dict[str, Any]]] = [
    ("stepped-wedge", WEDGE),
    ("stepped-wedge", {**WEDGE, "iac": 0.5}),
    ("crossover", {"clusters": 12, "size": 20, "diff": 0.3, "sd": 1, "icc": 0.05, "cac": 0.8}),
    (
        "matrix",
        {"matrix": [[0, 1, 1], [0, 0, 1]], "clusters": 12, "size": 20, "d": 0.3, "icc": 0.05},
    ),
]


def solved(kind, **options):
    return power.solve(power.design(kind, **options))


@pytest.mark.parametrize(("kind", "options"), CASES)
def test_a_share_lost_in_every_period_is_so_many_fewer_recruited(kind, options):
    lost, fewer = solved(kind, **options, dropout=0.3), solved(kind, **{**options, "size": 14})
    assert float(lost.power) == pytest.approx(float(fewer.power), abs=1e-12)
    whole = solved(kind, **options)
    assert float(lost.patients) == float(whole.patients)
    analysed = lost.precision.parts["patients_analysed"]
    assert float(analysed) == pytest.approx(0.7 * float(whole.patients))


def test_shares_by_period_are_taken_off_each():
    shares = [0, 0.1, 0.2, 0.2, 0.3]
    lost = solved("stepped-wedge", **WEDGE, dropout=shares)
    ends = [solved("stepped-wedge", **WEDGE, dropout=one) for one in (0.0, 0.3)]
    assert float(ends[1].power) < float(lost.power) < float(ends[0].power)


@pytest.mark.parametrize(
    ("more", "code"),
    [({"dropout": [0, 0.1]}, "SZ05"), ({"dropout": [0, 0.3, 0.2, 0.3, 0.3], "iac": 0.5}, "SZ07")],
)
def test_shares_that_do_not_fit_are_refused(more, code):
    with pytest.raises(power.DesignError, match=code):
        power.design("stepped-wedge", **WEDGE, **more)


def test_drawn_trials_lose_them_as_well():
    design = power.design("stepped-wedge", **WEDGE, dropout=0.5)
    found = simulate(design, n_trials=400, seed=3)
    formula = float(power.solve(design).power)
    assert abs(found.power - formula) < 4 * float(found.mc_error) + 0.04
    whole = float(power.solve(power.design("stepped-wedge", **WEDGE)).power)
    assert float(found.power) < whole - 0.1


def test_no_loss_is_told_and_may_be_varied():
    answer = solved("stepped-wedge", **WEDGE)
    assert "--dropout was not given: nobody is lost." in answer.notes
    grid = power.sensitivity(answer)
    assert grid is not None
    assert grid.columns == "dropout"
