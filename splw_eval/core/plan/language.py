"""Design decides the verb: what may be said of a difference, and what must be said first."""

from __future__ import annotations

from dataclasses import dataclass

from splw_eval.core.plan.design import TRIALS
from splw_eval.core.plan.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """What the design allows.

    Attributes
    ----------
    causal : bool
        Whether a difference between arms may be called an effect.
    verb : str
        How a difference between arms is introduced.
    caution : str
        The sentence that stands on page one beside every change.
    recruitment : str
        How unlike recruitment limits the comparison; empty where it does not.
    """

    causal: bool
    verb: str
    caution: str
    recruitment: str


def language_of(plan: Plan) -> Language:
    """What may be said of this design.

    Causal verbs only for randomised allocation with the same recruitment in
    both arms: then nothing but chance and the programme separates them.
    """
    if plan.design == "pre_post":
        return Language(
            causal=False,
            verb="changed",
            caution=(
                "There was nobody to compare with, so we cannot say the service caused this: "
                "scores of people referred at a bad time often move back by themselves."
            ),
            recruitment="",
        )
    recruitment = _recruitment(plan)
    causal = plan.design in TRIALS and not recruitment
    return Language(
        causal=causal,
        verb="improved or worsened by" if causal else "was associated with",
        caution=(
            "A change within one group over time is not an effect of the programme: scores of "
            "people who come at a bad time often move back by themselves. Only the comparison of "
            "the groups can tell more."
        ),
        recruitment=recruitment,
    )


def _recruitment(plan: Plan) -> str:
    """Say what keeps a difference between arms from being the programme's alone."""
    if plan.design == "controlled_cohort":
        return (
            "The groups were not formed by chance, so they may have differed from the start "
            "for reasons other than the programme."
        )
    how = plan.comparison
    if how is None:
        return "How people were recruited into each group is not stated, so they may not be alike."
    if how.comparators == "sample" or plan.design == "cluster_trial_unlike_recruitment":
        kind = "a sample of other people" if how.comparators == "sample" else "found in another way"
        return (
            f"Chance decided the groups, but the comparison group was {kind}, not people "
            "recruited as the programme's were, so the two may differ for that reason alone."
        )
    if how.comparators == "other":
        return "The comparison group was recruited in another way and may differ for that reason."
    if how.recruited == "after_allocation" and not how.blind:
        knew = "already knew" if how.blind is False else "may already have known"
        return (
            f"People were recruited by staff who {knew} the group, which may have changed "
            "who was asked and who agreed."
        )
    return ""
