"""Page one's answer to the main question, by the model, in words that a commissioner reads."""

from __future__ import annotations

from splw_eval.core.model_rows import ContrastRow
from splw_eval.core.plan import language_of
from splw_eval.report import contrast_sentences as words
from splw_eval.report import sentences as say
from splw_eval.report.blocks import Item, KeyFigure
from splw_eval.report.evidence import Entry, Evidence
from splw_eval.report.numbers import whole

CHANCE = " Chance decided the groups, so it estimates the effect of the programme."
MODEL = (
    "it uses everybody with any score, and takes those lost to be like those of their "
    "group who stayed with the same earlier scores."
)
NOT_COMPARED = "The groups could not be compared: {why}"
NO_REASON = "see the page that compares them."


def key_figures(evidence: Evidence, *, brief: bool = False) -> tuple[KeyFigure, ...]:
    """Return the plan's contrast of the primary outcome set large; `brief` with its people."""
    if not evidence.plan.arms:
        return ()
    outcome, found = evidence.plan.primary, []
    for entry in words.primary(evidence):
        if words.hidden(entry):
            found.append(
                KeyFigure(
                    label=entry.row.compared,
                    figure="Too few people to show",
                    meaning=words.compared_at(evidence, entry),
                    details=(),
                )
            )
            continue
        sure = words.limits(entry, outcome, evidence)
        mid = words.against_mid(entry, outcome, evidence)
        details = tuple(text for text in (sure, mid) if text)
        size = words.size(entry, outcome)
        found.append(
            KeyFigure(
                label=entry.row.compared,
                figure=size[:1].upper() + size[1:],
                meaning=words.compared_at(evidence, entry) + (_people(entry) if brief else ""),
                details=details,
            )
        )
    return tuple(found)


def _people(entry: Entry[ContrastRow]) -> str:
    """Return of how many people measured then, in how many practices."""
    if entry.row.n is None:
        return ""
    units = f" in {entry.row.clusters} {entry.row.grouped_by}" if entry.row.clusters else ""
    return f"; {whole(entry.row.n)} people measured then{units}"


def not_compared(evidence: Evidence) -> str:
    """Say why there is no comparison where there should be one; empty where there is."""
    if not evidence.plan.arms or words.primary(evidence):
        return ""
    named = f"{evidence.plan.primary.label}: no model could be fitted, as "
    notes = (n.sentence() for n in evidence.of("contrasts").notes)
    why = next((n.removeprefix(named) for n in notes if n.startswith(named)), NO_REASON)
    return NOT_COMPARED.format(why=why)


def of_one_group(evidence: Evidence) -> tuple[Item, ...]:
    """Return what the model of one group over time says, beside the plain change."""
    if evidence.plan.arms:
        return ()
    return tuple(
        Item(
            text="By a model that uses everybody with any score: "
            f"{words.answer(evidence, e)[:1].lower()}{words.answer(evidence, e)[1:]}"
        )
        for e in words.primary(evidence)
        if not words.hidden(e)
    )


def how_sure(evidence: Evidence) -> tuple[Item, ...]:
    """Say what the comparison is by, and what it may be called."""
    if not key_figures(evidence):
        return of_one_group(evidence)
    chance = CHANCE if language_of(evidence.plan).causal else ""
    return (Item(term="The comparison: ", text=f"{MODEL}{chance}"),)


def contrast_at(evidence: Evidence) -> str:
    """Say which wave the changes of page one speak of, where the main question is another."""
    wave = say.small(evidence.answer_wave.title)
    kind = evidence.plan.estimand.contrast.kind
    if kind == "wave":
        return f"at {wave} compared with the start"
    planned = "an average over several waves" if kind == "mean" else "a trend over all waves"
    if words.primary(evidence):
        return (
            f"at the last wave ({wave}) compared with the start. The plan's main question is about "
            f"{planned}, which a model answers"
        )
    return (
        f"at the last wave ({wave}) compared with the start. The plan asks for {planned}, which "
        "is not estimated"
    )
