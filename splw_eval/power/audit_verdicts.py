"""What a figure of an audit says beside the important difference."""

from __future__ import annotations

import math
from dataclasses import replace

from splw_eval.core.plan import Plan
from splw_eval.power.audit_words import AuditLine, told


def against_mid(plan: Plan, value: float | None, verb: str, *, slope: bool) -> str:
    """What a half-width (``reaches``) or a difference (``detects``) says beside the MID."""
    mid = plan.primary.mid
    if value is None or math.isnan(value) or slope:
        return ""
    if mid is None:
        return "The plan gives no MID to hold it against."
    less = value < mid.value
    size = f"the MID of {told(mid.value)}"
    if verb == "reaches":
        return (
            f"It is {'less' if less else 'no less'} than {size}: an estimate of that size could "
            + ("be told from none." if less else "not be told from none.")
        )
    return (
        f"It is {'below' if value <= mid.value else 'above'} {size}: the study could "
        + ("have been counted on" if value <= mid.value else "not be counted on")
        + " to find a difference of that size."
    )


def with_words(line: AuditLine, words: str) -> AuditLine:
    """A line with further words; as it stands where it holds nothing."""
    if not words or line.achieved is None:
        return line
    return replace(line, sentence=f"{line.sentence} {words}")


def is_known(value: float | None) -> bool:
    """Whether there is a number."""
    return value is not None and not math.isnan(value)


def rounded(value: float | None) -> float | None:
    """Three figures: more would tell more of people than the report does."""
    return None if value is None or math.isnan(value) else float(f"{value:.3g}")
