"""How the numbers of a model are told: who is compared, what is known, and how exactly."""

from __future__ import annotations

import math
from typing import Any

from splw_eval.data import Study
from splw_eval.describe.comparison.fits import OutcomeFit

FEW = "none: fewer than 4 clusters"


def compared(study: Study, fit: OutcomeFit, arm: int) -> str:
    """Say who is compared: the arm first, then what it is compared with."""
    names = [study.plan.groups[place] for place in fit.asked.order]
    return f"{names[arm]} compared with {names[0]}" if study.plan.arms else names[0]


def includes_none(low: float | None, high: float | None) -> str | None:
    """``yes`` or ``no``: whether an interval includes no difference; None where there is none."""
    if low is None or high is None:
        return None
    return "yes" if low <= 0 <= high else "no"


def clusters_of(fit: OutcomeFit) -> int | None:
    """Practices or link workers in the model; None where it knows none."""
    cluster = fit.model.design.cluster if fit.model else None
    return None if cluster is None or fit.units is None else cluster.count


def rounded(df: float | None) -> float | None:
    """Degrees of freedom with two figures from 100 on: more would count people."""
    if df is None or df < 100:  # noqa: PLR2004 - no interval tells such from each other
        return df
    return None if math.isinf(df) else float(f"{df:.1e}")


def known(value: Any) -> float | None:
    """A number, or None where it is missing."""
    return None if value is None or math.isnan(value) else float(value)
