"""Every result of a study masked together, last of all before anything is printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from splw_eval.appraisal.alike import hide_alike
from splw_eval.appraisal.compared import hide_compared
from splw_eval.appraisal.disclosure import PROFILES, mask, possible_counts
from splw_eval.appraisal.joined import join_steps
from splw_eval.appraisal.log import log_of
from splw_eval.appraisal.pooled import hide_pooled
from splw_eval.appraisal.secondary import hide_further
from splw_eval.appraisal.shares import told_again
from splw_eval.core.plan import Plan
from splw_eval.core.result import Result

LOG = "masking"


def disclose(exact: Mapping[str, Result[Any]], plan: Plan) -> dict[str, Result[Any]]:
    """Mask all results of a study together, and say what was hidden and why.

    Parameters
    ----------
    exact : mapping of str to Result
        By key; not masked.
    plan : Plan
        Its [disclosure] names the profile.

    Returns
    -------
    dict of str to Result
        The same keys, and ``masking`` with the log. First every cell by itself (`mask`), then
        what other tables would give back (`hide_pooled`, `hide_alike`), then what the sums over
        all tables would (`hide_further`), and differences between groups of which one is hidden
        (`hide_compared`). Under ``public_data`` nothing is hidden.

    Notes
    -----
    All that is printed is printed from what this returns, so that two outputs of one run never
    differ in what they hide. Two runs over data that grew in between do, and cannot be protected
    from each other here.
    """
    masked = {key: mask(result, plan) for key, result in exact.items()}
    masked = hide_alike(hide_pooled(masked, plan.waves[0].name))
    profile = PROFILES[plan.disclosure.profile]
    few, possible = profile.largest_suppressed, partial(possible_counts, profile=profile)
    joined = {key: join_steps(r, few + 1, profile.round_to) for key, r in exact.items()}
    further = hide_further(joined, masked, plan, few=few, possible=possible)
    further = hide_compared(joined, further, plan) if few else further
    told = {
        key: told_again(joined[key].rows, masked[key], result, possible)
        for key, result in further.items()
    }
    log = log_of(joined, masked, told, plan)
    return {**told, LOG: replace(mask(log, plan), provenance=_provenance(exact))}


def _provenance(exact: Mapping[str, Result[Any]]) -> Any:
    return next((result.provenance for result in exact.values()), None)
