"""Alpha, errors of measurement, threshold and cut-off beside an interval: the attack on n."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from scipy.stats import t

from splw_eval.appraisal import hide_pooled, mask
from splw_eval.appraisal.disclosure import PROFILES, mask_count
from splw_eval.core.plan import Plan
from splw_eval.core.quality_rows import ReliabilityRow, ReliableChangeRow
from splw_eval.core.result import Result
from splw_eval.core.rows import SummaryRow
from splw_eval.describe.reliability import consistency
from splw_eval.stats import fit_mean
from splw_eval.stats.reliable_change import clinical_cutoffs
from tests.unit.given_study import edited, pre_post_plan

NORM_MEAN, NORM_SD, K95 = 4.7, 4.8, 1.959964 * 2**0.5
AT: dict[str, Any] = {"outcome": "phq9", "wave": "baseline", "month": 0.0}
OF_ARM = AT | {"arm": "Everyone"}
EXACT = {"profile": "public_data", "reason": "Made up"}


def planned(decimals, **changes):
    content = edited(pre_post_plan(**changes), "outcomes.0.decimals", decimals)
    return Plan.model_validate(content, strict=False)


def answers(n, seed):
    """Answers 0 to 4 of n people to ten items that go together."""
    rng = np.random.default_rng(seed)
    state = rng.normal(2, 0.9, size=(n, 1))
    return np.clip(np.round(state + rng.normal(0, 0.8, size=(n, 10))), 0, 4)


def rows_of(items):
    """The three rows that say something of one group's scores at the start."""
    scores, n = items.sum(axis=1), len(items)
    fit, found = fit_mean(scores), consistency(items, scores)
    assert found.change is not None
    assert fit.sd is not None
    limits: dict[str, Any] = {"conf_low": fit.conf_low, "conf_high": fit.conf_high}
    summary = SummaryRow(
        **OF_ARM, n=n, mean=fit.mean, sd=fit.sd, **limits, clusters=None, method="t"
    )
    error: dict[str, Any] = {
        "sd": found.sd,
        "sem": found.change.sem,
        "smallest_change": found.change.threshold,
    }
    none: dict[str, Any] = {"conf_low": None, "conf_high": None, "method": None}
    alpha = found.alpha.alpha
    whole = ReliabilityRow(**AT, items=10, n=n, n_incomplete=0, alpha=alpha, **none, **error)
    cutoff = clinical_cutoffs(
        clinical_mean=float(scores.mean()),
        clinical_sd=fit.sd,
        norm_mean=NORM_MEAN,
        norm_sd=NORM_SD,
        higher_is_better=False,
    ).c
    parts = ("recovered", "improved", "unchanged", "deteriorated")
    nobody: dict[str, Any] = {f"{what}_{p}": None for what in ("n", "share") for p in parts}
    basis: dict[str, Any] = {
        "reliability": alpha,
        "threshold": found.change.threshold,
        "cutoff": cutoff,
    }
    said: dict[str, Any] = {"reliability_from": "alpha", "cutoff_from": "criterion c"}
    return summary, whole, ReliableChangeRow(**OF_ARM, **said, n_start=n, **basis, n=n, **nobody)


def masked(rows, plan):
    """Mask the rows as an evaluation does."""
    each = {
        key: mask(Result(key=key, title="t", unit="u", row_type=type(row), rows=(row,)), plan)
        for key, row in zip(("scores", "reliability", "reliable_change"), rows, strict=True)
    }
    return hide_pooled(each, "baseline").values()


def shown(rows, plan):
    """Every printed figure with half a unit of its last decimal either way."""
    found: dict[str, list[tuple[float, float]]] = {}
    for row, result in zip(rows, masked(rows, plan), strict=True):
        for name in ("mean", "conf_low", "conf_high", "sd", "sem", "smallest_change", *BASIS):
            if type(row) is ReliabilityRow and name not in ERRORS:
                continue
            value = getattr(result.rows[0], name, None)
            if value is not None:
                own = 2 if name in {"alpha", "reliability"} else plan.primary.decimals
                half = 0.5 * 10.0 ** -result.decimals.get((0, name), own) + 1e-9
                found.setdefault(name, []).append((value - half, value + half))
    return found


BASIS = ("alpha", "reliability", "threshold", "cutoff")
ERRORS = {"sd", "sem", "smallest_change", "alpha"}


def spans_of_sd(found):
    """Yield the SDs that each printed figure leaves possible."""
    yield from found.get("sd", ())
    alphas = [*found.get("alpha", ()), *found.get("reliability", ())]
    if alphas:
        noise = [(1 - a) ** 0.5 for a in (max(x for x, _ in alphas), min(y for _, y in alphas))]
        for name, times in (("sem", 1.0), ("smallest_change", K95), ("threshold", K95)):
            for low, high in found.get(name, ()):
                yield low / times / max(noise), high / times / min(noise)
    for (low, high), (m_low, m_high) in product(found.get("cutoff", ()), found["mean"]):
        # c (s0 + s) = s0 m + s m0, so s = s0 (m - c) / (c - m0)
        sds = [
            NORM_SD * (m - c) / (c - NORM_MEAN) for c, m in product((low, high), (m_low, m_high))
        ]
        yield min(sds), max(sds)


def possible(found, near):
    """People that there can be by the interval, with the SD as the other figures leave it."""
    spans = list(spans_of_sd(found))
    low, high = max((s for s, _ in spans), default=0.0), min((s for _, s in spans), default=1e9)
    (a, b), (c, d) = found["conf_low"][0], found["conf_high"][0]
    narrow, wide = (c - b) / 2, (d - a) / 2
    quantile = {n: float(t.ppf(0.975, n - 1)) / n**0.5 for n in near}
    return [n for n in near if quantile[n] * low <= wide and quantile[n] * high >= narrow]


@pytest.mark.parametrize("decimals", [0, 1])
def test_nobody_can_tell_n_from_the_errors_of_measurement_that_are_shown(decimals):
    plan = planned(decimals)
    for n, seed in product((8, 12, 17, 23, 23, 31, 47, 63, 88, 110), range(8)):
        found = shown(rows_of(answers(n, 100 * n + seed)), plan)
        rounded = mask_count(n, PROFILES["nhs"])
        assert rounded is not None
        left = possible(found, range(max(8, rounded - 2), rounded + 3))
        assert n in left
        assert len(left) >= 2, (n, seed, left)


def test_the_attack_finds_n_where_every_digit_is_shown():
    plan = planned(4, disclosure=EXACT)
    found = shown(rows_of(answers(23, 1)), plan)
    assert possible(found, range(8, 60)) == [23]
    only = {name: found[name] for name in ("mean", "conf_low", "conf_high", "cutoff")}
    assert possible(only, range(8, 60)) == [23]


def test_a_cut_off_is_no_more_exact_than_the_sd_in_it():
    plan = planned(1)
    few, many = (mask_change(n, plan) for n in (23, 2000))
    assert few.cutoff is None or few.cutoff == round(few.cutoff)
    assert many.cutoff is not None
    assert many.cutoff != round(many.cutoff)


def mask_change(n, plan):
    row = rows_of(answers(n, 5))[2]
    return mask(
        Result(key="k", title="t", unit="u", row_type=ReliableChangeRow, rows=(row,)), plan
    ).rows[0]
