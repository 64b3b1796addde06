"""Spreads over all groups beside those of the groups."""

from __future__ import annotations

from typing import Any

import pytest

from splw_eval.appraisal import hide_pooled, mask
from splw_eval.core.plan import Plan
from splw_eval.core.quality_rows import ReliabilityRow, ReliableChangeRow
from splw_eval.core.result import Result
from splw_eval.core.rows import SummaryRow
from tests.unit.given_study import plan_of

PLAN = Plan.model_validate(plan_of("controlled_cohort"), strict=False)


def summary(arm, wave, n):
    month = 0.0 if wave == "baseline" else 3.0
    limits: dict[str, Any] = {"conf_low": 9.0, "conf_high": 12.0}
    at: dict[str, Any] = {"outcome": "phq9", "arm": arm, "wave": wave, "month": month}
    return SummaryRow(**at, n=n, mean=10.5, sd=4.2, **limits, clusters=None, method="t")


def reliability(wave):
    at: dict[str, Any] = {
        "outcome": "phq9",
        "wave": wave,
        "month": 0.0 if wave == "baseline" else 3.0,
    }
    figures: dict[str, Any] = {"sd": 4.5, "sem": 1.5, "smallest_change": 4.2, "method": "t"}
    limits: dict[str, Any] = {"alpha": 0.88, "conf_low": 0.8, "conf_high": 0.92}
    return ReliabilityRow(**at, items=9, n=300, n_incomplete=0, **limits, **figures)


def change():
    at: dict[str, Any] = {"outcome": "phq9", "arm": "Link worker", "wave": "month_3", "month": 3.0}
    said: dict[str, Any] = {
        "reliability_from": "by hand",
        "cutoff_from": "by hand",
        "reliability": 0.88,
    }
    counts: dict[str, Any] = {
        "n_recovered": 40,
        "n_improved": 40,
        "n_unchanged": 60,
        "n_deteriorated": 20,
    }
    shares: dict[str, Any] = {f"share{name[1:]}": n / 160 for name, n in counts.items()}
    figures: dict[str, Any] = {"n_start": 300, "threshold": 4.2, "cutoff": 9.6, "n": 160}
    return ReliableChangeRow(**at, **said, **figures, **counts, **shares)


def results(**few):
    """Masked results of two groups, one of which may have few people at a wave."""
    rows = [summary(arm, w, 150) for w in ("baseline", "month_3") for arm in ("Link", "Usual")]
    for wave, n in few.items():
        rows.append(summary("Third", wave, n))
    held = {
        "scores": (SummaryRow, tuple(rows)),
        "reliability": (ReliabilityRow, (reliability("baseline"), reliability("month_3"))),
        "reliable_change": (ReliableChangeRow, (change(),)),
    }
    return {
        key: mask(Result(key=key, title="t", unit="u", row_type=of, rows=found), PLAN)
        for key, (of, found) in held.items()
    }


@pytest.mark.parametrize("n", [1, 5, 7])
def test_the_sd_of_a_hidden_group_cannot_be_worked_out_from_that_of_all(n):
    found = hide_pooled(results(baseline=n), "baseline")
    start, later = found["reliability"].rows
    assert (start.sd, start.sem, start.smallest_change) == (None, None, None)
    assert start.alpha == 0.88
    assert later.sd == 4.5
    assert {(0, "sd"), (0, "sem"), (0, "smallest_change")} <= found["reliability"].masked
    row = found["reliable_change"].rows[0]
    assert (row.threshold, row.cutoff, row.n_improved) == (None, None, 40)
    assert {(0, "threshold"), (0, "cutoff")} <= found["reliable_change"].masked


def test_only_the_wave_of_the_hidden_sd_loses_its_figures():
    found = hide_pooled(results(month_3=4), "baseline")
    assert [row.sd for row in found["reliability"].rows] == [4.5, None]
    assert found["reliable_change"].rows[0].threshold == 4.2


def test_nothing_is_hidden_where_the_sd_of_every_group_is_shown():
    held = results()
    assert hide_pooled(held, "baseline") == held


def test_without_scores_there_is_nothing_to_set_the_spread_against():
    held = {"reliability": results()["reliability"]}
    assert hide_pooled(held, "baseline") == held
