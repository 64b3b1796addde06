"""Groups that stand on one practice alone, so that practice and programme are one thing."""

from __future__ import annotations

from splw_eval.core.findings import Severity
from splw_eval.data.checks.telling import tell_plainly
from splw_eval.data.loaded import Loaded


def check(loaded: Loaded) -> None:
    """Report groups all of whose people are of one practice, which has no other group."""
    if not loaded.plan.arms:
        return
    alone = loaded.people.arms_of_one_cluster()
    if not alone:
        return
    named = "; ".join(loaded.plan.groups[arm] for arm in alone)
    problem = f"all people of a group are of one practice, which has no other group ({named})"
    remedy = (
        "What is due to the practice and what is due to the programme cannot be told apart, so "
        "the groups cannot be compared. That needs two practices or more in each group."
    )
    tell_plainly(loaded, (Severity.WARNING, "SW86", problem, remedy))
