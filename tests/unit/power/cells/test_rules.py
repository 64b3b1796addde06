"""Rules of degrees of freedom of trials of visits."""

from __future__ import annotations

import numpy as np
import pytest

from splw_eval import power
from splw_eval.power.cells.rules import Rules

BASIC = {"size": 20, "icc": 0.05, "cac": 0.8, "iac": 0.6, "d": 0.3, "sd": 1.0, "clusters": 16}
ROUNDING = 1e-8  # inverses of information


def solved(kind="baseline", **options):
    return power.solve(power.design(kind, **{**BASIC, **options}))


def test_a_dear_rule_is_worked_out_once_and_only_when_asked():
    called = []

    def dear():
        called.append(1)
        return np.asarray(9.0)

    rules = Rules({"k-2": np.asarray(14.0)}, satterthwaite=dear)
    assert list(rules) == ["k-2", "satterthwaite"]
    assert float(next(iter(rules.values()))) == 14
    assert not called
    assert [float(rules["satterthwaite"]) for _ in range(2)] == [9, 9]
    assert len(called) == 1
    assert len(rules) == 2


@pytest.mark.parametrize(("kind", "start"), [("did", None), ("baseline", "change")])
@pytest.mark.parametrize("iac", [None, 0.6])
def test_free_starts_leave_clusters_less_two(kind, start, iac):
    found = solved(kind, baseline=start, iac=iac).precision.df
    assert float(found["satterthwaite"]) == pytest.approx(14, rel=ROUNDING)


def test_the_end_alone_leaves_clusters_less_two_whoever_was_lost():
    found = solved(baseline="none", dropout=0.25).precision.df
    assert float(found["satterthwaite"]) == pytest.approx(14, rel=ROUNDING)


def test_a_shared_start_tells_more_of_the_variances():
    found = solved(baseline="clda").precision.df
    assert float(found["satterthwaite"]) > 14
    adjusted = solved(baseline="ancova").precision.df
    assert float(adjusted["satterthwaite"]) == pytest.approx(
        float(found["satterthwaite"]), rel=ROUNDING
    )


def test_answers_by_each_rule_stand_side_by_side():
    found = solved("cohort", visits=[0, 3, 12], dropout=[0, 0.1, 0.2]).by_rule
    assert list(found) == ["k-2", "satterthwaite", "z"]
    assert float(found["k-2"]) < float(found["satterthwaite"]) < float(found["z"])


def test_it_can_be_the_rule_of_the_answer():
    found = solved("cohort", visits=[0, 3, 12], df="satterthwaite", covariates=2)
    plain = solved("cohort", visits=[0, 3, 12], df="satterthwaite")
    assert float(found.df) == pytest.approx(float(plain.df) - 2, rel=ROUNDING)


def test_no_cluster_effect_at_all_does_no_harm():
    found = solved("cohort", visits=[0, 3, 12], icc=0.0, cac=None).precision.df
    assert np.isfinite(float(found["satterthwaite"]))
    assert float(found["satterthwaite"]) > 14


def test_it_stays_steady_however_many_people_there_are():
    found = solved("cohort", visits=[0, 3, 12], size=np.array([1e3, 1e6, 1e9])).precision.df
    last = np.asarray(found["satterthwaite"])
    assert (np.diff(last) <= 1e-6 * last[1:]).all()
    assert last[2] == pytest.approx(last[1], rel=1e-3)
