"""Evidence packs for judging the risk of bias: facts in hand, the judgement left to a person."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from splw_eval.appraisal.checklists.facts import Facts
from splw_eval.appraisal.checklists.rules import robins_facts
from splw_eval.appraisal.checklists.verdict import Rule, Verdict, needs_author

_PLAN_ONLY = "So these are the plan's words only"


def _pack(gather: Callable[[Facts], Iterator[str]], judge: str, *results: str) -> Rule:
    """Make the rule that sets out facts and always needs the author."""

    def facts_only(facts: Facts) -> Verdict:
        lines = list(gather(facts))
        if not facts.read:
            lines += [facts.why_unread.removesuffix("."), _PLAN_ONLY]
        held = tuple(key for key in results if facts.rows(key))
        return needs_author(". ".join(lines) + ".", judge, *held)

    return Rule(judge=facts_only)


RULES = {
    "bias_target": _pack(
        robins_facts.on_target,
        "Write down the trial that would answer the question best, and whether it asks about being "
        "offered the programme or about keeping to it.",
    ),
    "bias_confounding": _pack(
        robins_facts.on_confounding,
        "Judge what else may explain the difference, also what nobody measured.",
        "balance",
        "weighting",
        "adjusted",
        "e_values",
    ),
    "bias_selection": _pack(
        robins_facts.on_selection,
        "Judge whether who was taken in, or from when they count, hangs together with both group "
        "and outcome.",
        "uptake",
        "days",
    ),
    "bias_classification": _pack(
        robins_facts.on_classification,
        "Judge whether it was clear, when it began, who had the programme.",
        "engagement",
    ),
    "bias_deviations": _pack(
        robins_facts.on_deviations,
        "Judge whether people got something else than was meant, more so in one group.",
        "dose",
        "modes",
        "engagement",
        "continuity",
    ),
    "bias_missing": _pack(
        robins_facts.on_missing,
        "Judge whether those lost would have changed the answer.",
        "flow",
        "reasons",
        "lost_scores",
        "sensitivity",
        "tipping",
        "loss_predictors",
    ),
    "bias_measurement": _pack(
        robins_facts.on_measurement,
        "Judge whether answers could have been coloured by knowing the group, or were taken "
        "differently. Say who answered, and how.",
        "instruments",
        "reliability",
        "days",
    ),
    "bias_reporting": _pack(
        robins_facts.on_reporting,
        "Judge whether this answer was picked out of several by what it said.",
        "contrasts",
        "change",
        "subgroups",
    ),
}
