"""Analyses of cluster-periods in one sentence, for a protocol."""

from __future__ import annotations

from splw_eval.power.cells.matrices import is_cohort
from splw_eval.power.cells.outcomes import is_linked
from splw_eval.power.design import Values


def model_of_cells(v: Values) -> str:
    """A mixed model with free period effects.

    Parameters
    ----------
    v : Values

    Returns
    -------
    str
    """
    effects = f"random effects for {listed(random_effects(v))}"
    if is_linked(v):
        family = "logistic" if v.link == "logit" else "log-linear"
        return f"a {family} mixed model with an effect of each period and {effects}"
    changing = "an effect for each length of exposure, averaged by the weights given, and "
    changing = changing if v.exposure_weights is not None else ""
    return f"a linear mixed model with a fixed effect of each period, {changing}{effects}"


def random_effects(v: Values) -> list[str]:
    """What varies at random in the model, in words."""
    found = ["each cluster"]
    fading = v.cac is not None and (v.cac != 1).any()
    if fading and v.decay:
        found = ["each cluster and period, correlated less the further apart in time"]
    elif fading:
        found.append("each period within a cluster")
    if v.sd_treatment is not None:
        found.append("the programme's effect in each cluster")
    if is_cohort(v) and v.iac is not None and (v.iac != 0).any():
        kind = ", correlated less the further apart in time" if v.iac_decay else ""
        found.append(f"each person{kind}")
    return found


def listed(words: list[str]) -> str:
    """Words with commas and an *and*."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
