"""What a reader must know of the models: how they were made, and where they fall short."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from splw_eval.core.result import Note
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import OutcomeFit
from splw_eval.describe.comparison.told import clusters_of

FEW_CLUSTERS = 10  # below which a sentence warns


def plain(words: str) -> str:
    """Words that stand in a note's template as themselves."""
    return words.replace("{", "{{").replace("}", "}}")


def unfitted_notes(fits: Sequence[OutcomeFit]) -> Iterator[Note]:
    """Say for which outcomes there is no model, and why."""
    for fit in fits:
        if fit.model is None:
            yield Note(text=f"{fit.outcome.label}: no model could be fitted, as {fit.reason}.")


def contrast_notes(study: Study, fits: Sequence[OutcomeFit]) -> Iterator[Note]:
    """Say what the contrasts rest on."""
    fitted = [fit for fit in fits if fit.model is not None]
    yield _in_words(study, fitted[0])
    yield Note(text=_start(study, fitted[0]))
    yield Note(text=_MISSING)
    if fitted[0].asked.units.note:
        yield Note(text=fitted[0].asked.units.note)
    yield from _clusters(fitted)
    for fit in fitted:
        yield from fit.notes
    yield from _several(study, fitted)
    if study.plan.arms and study.plan.confounders:
        yield Note(text=_UNADJUSTED)
    if study.plan.allocation is not None and study.plan.allocation.strata:
        yield Note(text=_STRATA)


_MISSING = (
    "Everybody with any score is in the model. It takes those without a later score to have gone "
    "on as others of their group with the same scores until then (missing at random). Whether "
    "they did, no data can show."
)
_UNADJUSTED = (
    "The listed reasons why groups may differ anyway are not in the model; it allows for the "
    "score at the start only."
)
_STRATA = (
    "What the allocation was stratified by is not in the model, so its intervals may be somewhat "
    "too wide."
)


def _in_words(study: Study, fit: OutcomeFit) -> Note:
    """The model of the first outcome as a paragraph for a methods section."""
    assert fit.model is not None
    design, ended = fit.model.design, fit.model.convergence
    each = "each group and wave" if study.plan.arms else "each wave"
    start = ", but one for all groups at the start" if fit.asked.constrained else ""
    units = f" in {design.cluster.count} {fit.units}" if fit.units and design.cluster else ""
    effects = (
        f" Each of the {fit.units} has an effect of its own, and one at each wave"
        f"{', in the programme only' if fit.asked.units.programme_only else ''}."
        if fit.units
        else ""
    )
    return Note(
        text=plain(f"The model in words ({fit.outcome.label}): a linear mixed model, fitted by ")
        + "restricted maximum likelihood to {rows} scores of {people} people"
        + f"{units}. It has a mean for {each}{start}. Scores of one person may have any variances "
        f"and covariances between the waves.{effects} Standard errors and degrees of freedom are "
        f"those of Kenward and Roger. {ended.words} Every other outcome has a model of the same "
        "form.",
        counts={"rows": len(design.y), "people": design.person.count},
    )


def _start(study: Study, fit: OutcomeFit) -> str:
    if not study.plan.arms:
        return "The model has a mean at each wave; the change is between two of them."
    if fit.asked.constrained:
        return (
            "As chance allocated people found alike, the groups have one mean at the start in the "
            "model (constrained longitudinal data analysis). The difference at a wave is then the "
            "difference from that common start."
        )
    return (
        "The groups keep their own mean at the start, as chance did not make them alike. What is "
        "compared is the change from the start: the difference in change."
    )


def _clusters(fitted: Sequence[OutcomeFit]) -> Iterator[Note]:
    found = [n for n in map(clusters_of, fitted) if n is not None]
    units = next((f.units for f in fitted if f.units), None)
    if not found:
        return
    yield Note(
        text=f"The model has an effect of each of the {units}, and one of each at each wave, so "
        f"intervals allow for people of the same being alike and for {units} changing differently."
    )
    if min(found) < FEW_CLUSTERS:
        yield Note(
            text=f"There are only {min(found)} {units}. Intervals are wide for that reason, and "
            "rest on few differences; another few could have given another answer."
        )


def _several(study: Study, fitted: Sequence[OutcomeFit]) -> Iterator[Note]:
    if len(fitted) > 1 or len(study.plan.waves) > 2:  # noqa: PLR2004 - a start and one wave
        yield Note(
            text="Only the plan's contrast of the primary outcome was named beforehand as the one "
            "to be judged. The other contrasts are not adjusted for their number: of twenty 95% "
            "intervals one is expected to miss the truth by chance alone."
        )
