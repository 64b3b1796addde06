"""Sentences about differences between groups, which never say more than the design allows."""

from __future__ import annotations

from splw_eval.core.model_rows import PRIMARY, ContrastRow
from splw_eval.core.plan import Outcome, language_of
from splw_eval.report import sentences as say
from splw_eval.report.evidence import Entry, Evidence, entries
from splw_eval.report.numbers import as_planned

_MID_WORDS = {
    "beyond, better": "All of it is better by more than the MID{size}, so it excludes anything "
    "smaller.",
    "beyond, worse": "All of it is worse by more than the MID{size}, so it excludes anything "
    "smaller.",
    "short": "All of it is smaller than the MID{size}, so it excludes {what} as large as that, "
    "either way.",
    "includes, better": "It includes {what} for the better as large as the MID{size}, and smaller "
    "ones; it excludes one for the worse that large.",
    "includes, worse": "It includes {what} for the worse as large as the MID{size}, and smaller "
    "ones; it excludes one for the better that large.",
    "includes, both": "It includes {what} as large as the MID{size}, for the better or for the "
    "worse, and everything between, so it leaves the question open.",
}
NO_INTERVAL = (
    "No 95% interval can be given: there are fewer than 4 practices or link workers, so nothing "
    "here says how far chance alone could move the figure."
)


def primary(evidence: Evidence, outcome: Outcome | None = None) -> tuple[Entry[ContrastRow], ...]:
    """Return the plan's contrast of an outcome, one entry for each group compared."""
    name = (outcome or evidence.plan.primary).name
    return tuple(
        e
        for e in entries(evidence.of("contrasts"))
        if e.row.outcome == name and e.row.part == PRIMARY
    )


def what(evidence: Evidence) -> str:
    """Return what the design lets an estimate be called."""
    if not evidence.plan.arms:
        return "change"
    return "effect" if language_of(evidence.plan).causal else "difference"


def hidden(entry: Entry[ContrastRow]) -> bool:
    """Whether an estimate is left out as too few people are behind it."""
    return entry.row.estimate is None


def size(entry: Entry[ContrastRow], outcome: Outcome) -> str:
    """Return an estimate in words: ``0.8 points higher (better)``."""
    if entry.row.estimate is None:
        return say.TOO_FEW
    words = say.change(entry.row.estimate, outcome)
    if say.side(entry.row.estimate, outcome):
        words += f" ({say.judged(entry.row.estimate, outcome)})"
    return words


def compared_at(evidence: Evidence, entry: Entry[ContrastRow]) -> str:
    """Say which scores an estimate compares, without the groups."""
    kind, plan = evidence.plan.estimand.contrast.kind, evidence.plan
    if kind == "slope":
        return "change of the average score in 12 months, by a straight line through all waves"
    at = f"{'at' if kind == 'wave' else 'as a'} {say.small(entry.row.when)}"
    if not plan.arms:
        return f"average score {at}, less that at the start,"
    if language_of(plan).causal:
        return f"average score {at}"
    return f"change of the average score from the start, {at}"


def answer(evidence: Evidence, entry: Entry[ContrastRow]) -> str:
    """Return the sentences that answer: the estimate, its interval, and no difference."""
    outcome = evidence.plan.primary
    if hidden(entry):
        return f"{_subject(evidence, entry)}: {say.TOO_FEW}."
    found = size(entry, outcome)
    found = f"{found[:1].lower()}{found[1:]}" if found[:2].isalpha() else found
    return f"{_subject(evidence, entry)} was {found}. {limits(entry, outcome, evidence)}"


def _subject(evidence: Evidence, entry: Entry[ContrastRow]) -> str:
    who = f"{entry.row.compared}: the" if evidence.plan.arms else "The"
    return f"{who} {compared_at(evidence, entry)}"


def limits(entry: Entry[ContrastRow], outcome: Outcome, evidence: Evidence) -> str:
    """Return the interval in words, and whether there may be no difference at all."""
    row = entry.row
    if row.conf_low is None or row.conf_high is None:
        return NO_INTERVAL
    words = say.interval(row.conf_low, row.conf_high, outcome)
    none = "no change" if what(evidence) == "change" else "no difference"
    words = words.replace("no change", none)
    also = f", so there may be {none} at all" if row.includes_none == "yes" else ""
    return f"The 95% interval runs {words}{also}."


def against_mid(entry: Entry[ContrastRow], outcome: Outcome, evidence: Evidence) -> str:
    """Say how the interval stands to the MID, as it was judged before rounding."""
    judged = entry.row.interval_and_mid
    if judged is None or outcome.mid is None:
        return ""
    called = what(evidence)
    called = f"an {called}" if called == "effect" else f"a {called}"
    size_ = f" ({as_planned(outcome.mid.value)} {outcome.unit})"
    return _MID_WORDS[judged].format(what=called, size=size_)
