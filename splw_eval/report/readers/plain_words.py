"""Sentences for the public: short, in everyday words, and never more than the design allows."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.model_rows import ContrastRow
from splw_eval.core.plan import Outcome, Plan, language_of
from splw_eval.core.plan.design import TRIALS
from splw_eval.core.rows import ChangeRow, FunnelRow
from splw_eval.report import contrast_sentences as contrast
from splw_eval.report import sentences as say
from splw_eval.report.evidence import Entry, Evidence, at_answer
from splw_eval.report.numbers import as_planned, decimals_to_see, in_100, number, percent, whole
from splw_eval.report.pages.missing_sentences import named
from splw_eval.report.readers import wording

WORKER = "A link worker listens to you. They help you to find what you need near your home."
MADE_UP = "The people in this report are made up. They do not exist."
COIN = "Chance decided who was in which group, like the toss of a coin."
COIN_PRACTICE = "Chance decided which GP practice was in which group, like the toss of a coin."
NO_COIN = "Chance did not decide the groups. So they may not have been alike from the start."
UNLIKE = "But people were not found in the same way in each group. So the groups may not be alike."
ALONE = "There was no other group to look at. So we can not say what made the scores change."
NOT_CAUSE = "We can not say that the service caused the change."
MAY_CAUSE = (
    "Chance put people in the groups. So if there is a true gap, it is likely to come from the "
    "service."
)
MAY_CAUSE_PRACTICE = MAY_CAUSE.replace("put people", "put GP practices")
BAD_TIME = (
    "People often ask for help at a bad time. Many would feel better later on with no help at all."
)
ONLY_THEM = "We only know about people who sent us their answers. The rest may feel different."
NOT_YOU = "These numbers are about groups of people. They do not tell what will happen to you."
NO_NAMES = "Each person has a code. The code takes the place of the name."
HIDDEN = "We hide a number if it is about very few people. We also round the numbers of people."
OPEN = "These data are free for all to see. So the numbers are shown just as they are."
MEANS = (BAD_TIME, ONLY_THEM, NOT_YOU)
OFFLINE = "The program that made this report does not use the internet."
CHANCE = "But this gap may be down to chance. There may be no true gap at all."
NO_CHANGE = "But this may be down to chance. There may be no true change at all."
NOT_CHANCE = "Chance alone would not often do this."
FEW = "There were too few people to show this."
NO_RANGE = "There are too few GP practices to say how much of this is chance."


def about(plan: Plan) -> Iterator[str]:
    """Yield whom and what the report is about."""
    yield f"This report is about these people: {plan.estimand.population.rstrip('.')}."
    texts = (plan.title, plan.estimand.population, *plan.groups)
    if any("link worker" in text.lower() or "link-worker" in text.lower() for text in texts):
        yield WORKER
    if plan.synthetic:
        yield MADE_UP


def groups(plan: Plan) -> Iterator[str]:
    """Yield which groups there were and how people came into them."""
    if not plan.arms:
        yield "We asked people the same things at the start and later on."
        return
    named_ = f"{', '.join(plan.groups[:-1])} and {plan.groups[-1]}"
    yield f"There were {len(plan.groups)} groups: {named_}."
    yield "We asked all of them the same things, at the start and later on."
    if plan.design in TRIALS:
        yield COIN if plan.design == "individual_trial" else COIN_PRACTICE
        yield UNLIKE if language_of(plan).recruitment else ""
    else:
        yield NO_COIN


def asked(outcome: Outcome) -> Iterator[str]:
    """Yield what the score is, and which end is the better one."""
    low, high = (as_planned(end) for end in outcome.range)
    yield f"We asked about this: {outcome.label}."
    better = "high" if outcome.direction == "higher_is_better" else "low"
    yield f"The answers make a score from {low} to {high}. A {better} score is good."


def found(evidence: Evidence) -> tuple[str, ...]:
    """Return what was found: of each pair of groups, or of the one group over time."""
    if evidence.plan.arms:
        held = contrast.primary(evidence)
        if held:
            return tuple(" ".join(_gap(evidence, entry)) for entry in held)
        return ("The groups could not be set side by side.",)
    return (" ".join(_changed(evidence)),)


def _gap(evidence: Evidence, entry: Entry[ContrastRow]) -> Iterator[str]:
    row, outcome = entry.row, evidence.plan.primary
    ours, theirs = named(row.compared)
    if row.estimate is None:
        yield f"{ours} and {theirs}: {FEW[:1].lower()}{FEW[1:]}"
        return
    yield _beside(evidence, row, ours, theirs)
    if row.conf_low is None or row.conf_high is None:
        yield NO_RANGE
        return
    yield CHANCE if row.includes_none == "yes" else NOT_CHANCE
    yield from _beyond(row.conf_low, row.conf_high, outcome, "gap")


def _beside(evidence: Evidence, row: ContrastRow, ours: str, theirs: str) -> str:
    """Set two groups beside each other, by scores or by how far scores moved."""
    outcome, kind = evidence.plan.primary, evidence.plan.estimand.contrast.kind
    word = say.side(row.estimate or 0.0, outcome)
    if kind == "slope":
        when = "In 12 months"
    else:
        when = f"{'At' if kind == 'wave' else 'As a'} {say.small(row.when)}"
    moved = kind == "slope" or not language_of(evidence.plan).causal
    if not word:
        same = "moved by the same amount" if moved else "scored the same"
        return f"{when}, people with {ours} and with {theirs} {same}."
    size = f"{say.amount(row.estimate or 0.0, outcome)} {word}"
    judged = say.judged(row.estimate or 0.0, outcome)
    if moved:
        told = f"scores with {ours} had moved {size} than scores with {theirs}"
    else:
        told = f"people with {ours} scored {size} than people with {theirs}"
    return f"{when}, {told}. That is {judged}."


def _beyond(low: float, high: float, outcome: Outcome, what: str) -> Iterator[str]:
    """Yield how large a gap or change for the better does not fit what was seen."""
    good = high if outcome.direction == "higher_is_better" else -low
    bad = -low if outcome.direction == "higher_is_better" else high
    most, word = (good, "better") if good > 0 else (bad, "worse")
    least = -bad if good > 0 else -good
    if least > 0:
        sizes = f"less than {_points(least, outcome)}, or more than {_points(most, outcome)},"
        yield f"A {what} of {sizes} does not fit what we saw."
        return
    yield f"A {what} of more than {_points(most, outcome)} for the {word} does not fit what we saw."
    if good > 0 and bad > 0:
        yield f"Nor does one of more than {_points(bad, outcome)} for the worse."


def _points(size: float, outcome: Outcome) -> str:
    return f"{number(size, decimals_to_see(size, outcome.decimals))} {outcome.unit}"


def _changed(evidence: Evidence) -> Iterator[str]:
    outcome = evidence.plan.primary
    held = at_answer(evidence, evidence.change, evidence.plan.groups[0])
    row: ChangeRow | None = held.row if held is not None else None
    if row is None or row.estimate is None:
        yield FEW
        return
    word = say.side(row.estimate, outcome)
    at = say.small(evidence.answer_wave.title)
    if word:
        size = f"{say.amount(row.estimate, outcome)} {word}"
        yield f"At {at}, people scored {size} than at the start."
        yield f"That is {say.judged(row.estimate, outcome)}."
    else:
        yield f"At {at}, people scored the same as at the start."
    if row.conf_low is None or row.conf_high is None:
        yield NO_RANGE
        return
    yield NO_CHANGE if row.includes_no_change == "yes" else NOT_CHANCE
    yield from _beyond(row.conf_low, row.conf_high, outcome, "change")


def cause(evidence: Evidence) -> str:
    """Return what may be said of the cause, which stands right after what was found."""
    if not evidence.plan.arms:
        return ALONE
    if not language_of(evidence.plan).causal:
        return NOT_CAUSE
    return MAY_CAUSE if evidence.plan.design == "individual_trial" else MAY_CAUSE_PRACTICE


def answered(evidence: Evidence) -> Iterator[str]:
    """Yield for each group how many answered and how many did not."""
    several = len(evidence.plan.groups) > 1
    for arm in evidence.plan.groups:
        entry = at_answer(evidence, evidence.flow, arm)
        whom = wording.of_group(arm, several=several)
        if entry is None or entry.row.expected is None:
            yield wording.start(f"{whom}there were too few people to show how many answered.")
            continue
        row: FunnelRow = entry.row
        yield wording.start(
            f"{whom}we hoped to hear from {whole(row.expected or 0)} people. {_did(row)}"
        )


def _did(row: FunnelRow) -> str:
    if row.measured is None or row.missing is None:
        return "Too few did, or did not, to show how many."
    if not row.missing or row.share_measured is None:
        return f"{whole(row.measured)} did answer and {whole(row.missing)} did not."
    share = 1 - row.share_measured
    return (
        f"{whole(row.measured)} did answer. {whole(row.missing)} did not, or {in_100(share)} "
        f"({percent(share)})."
    )


def safe(evidence: Evidence) -> tuple[str, ...]:
    """Return how people's data are kept safe."""
    return (NO_NAMES, OPEN if evidence.exact else HIDDEN, OFFLINE)
