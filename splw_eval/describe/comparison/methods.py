"""The plan's contrast by every method, and where they disagree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from splw_eval.core.model_rows import PRIMARY, MethodRow
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.comparison.fits import UNFIT, OutcomeFit, fits_of
from splw_eval.describe.comparison.notes import plain, unfitted_notes
from splw_eval.describe.comparison.told import compared, known, rounded
from splw_eval.describe.comparison.wanted import Wanted, people_of, put_to_model, wanted_of
from splw_eval.models.boundary import limits_in_words

if TYPE_CHECKING:
    import pandas as pd

FEWEST_FOR_WORDS = 10  # people of the smaller group: with fewer its interval may be hidden

_WORDS = (
    ("model, z", "the normal distribution, as if practices were many"),
    ("(keep)", "with a zero variance kept"),
    ("(conditional)", "with a zero variance left out"),
)
_KEPT = " (keep)"  # which says nothing where no variance is zero


def describe_methods(study: Study) -> Result[MethodRow]:
    """Show the plan's contrast by every method.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of MethodRow
        Of the primary outcome, and of every other with a variance that is estimated as zero,
        where rules for degrees of freedom part.
    """
    fits = tuple(fits_of(study))
    shown = [f for f in fits if f.model and (f is fits[0] or f.model.convergence.on_boundary)]
    rows = tuple(row for fit in shown for row in _rows(study, fit))
    return Result(
        key="methods_compared",
        title="The main question by other methods",
        unit="points of the score",
        row_type=MethodRow,
        rows=rows,
        notes=(
            *unfitted_notes(fits),
            *(_zero(fit) for fit in shown if fit.model and fit.model.convergence.on_boundary),
            *(note for fit in shown[:1] if fit is fits[0] for note in _apart(study, fit)),
        ),
    )


def _zero(fit: OutcomeFit) -> Note:
    assert fit.model is not None
    ended = fit.model.convergence
    start = plain(f"{fit.outcome.label}: {limits_in_words(ended.on_boundary)}. ")
    if ended.on_boundary == ended.singular:
        return Note(text=start.strip())
    return Note(
        text=start
        + "That is common with few practices or link workers, and does not show that they are "
        "alike. Rules differ then in how many degrees of freedom are left; the report uses the "
        f"one {in_words(f'({fit.model.spec.boundary})', fit)}, chosen by how often each was wrong "
        "in trials that were made up to test it."
    )


def _primary(study: Study, fit: OutcomeFit) -> Wanted | None:
    return next((w for w in wanted_of(study, fit) if w.part == PRIMARY), None)


def _apart(study: Study, fit: OutcomeFit) -> Iterator[Note]:
    """Say where the methods disagree, and which to believe."""
    wanted = _primary(study, fit)
    if wanted is None or fit.model is None:
        return
    if any(people_of(fit, wanted, arm)[1] < FEWEST_FOR_WORDS for arm in _arms(study, fit)):
        return
    table = _side_by_side(study, fit, wanted)
    if table is None:
        return
    what, waves = put_to_model(study, fit, wanted)
    if table["term"].nunique() > 1:  # several arms: the terms are places, not names
        return
    term = f"{table['term'].iloc[0]}: "
    for sentence in fit.model.disagreement(what, waves=waves):
        words = in_words(sentence.removeprefix(term), fit)
        yield Note(text=plain(f"{words[:1].upper()}{words[1:]}"))


def _side_by_side(study: Study, fit: OutcomeFit, wanted: Wanted) -> pd.DataFrame | None:
    """The contrast by every method; None where it cannot be had."""
    assert fit.model is not None
    what, waves = put_to_model(study, fit, wanted)
    try:
        return fit.model.side_by_side(what, waves=waves)
    except UNFIT:
        return None


def in_words(sentence: str, fit: OutcomeFit) -> str:
    """Names of methods as a reader knows them, in a sentence or alone."""
    assert fit.model is not None
    ended = fit.model.convergence
    if ended.on_boundary == ended.singular:
        sentence = sentence.replace(_KEPT, "")
    for name, words in _WORDS:
        sentence = sentence.replace(name, words)
    return sentence


def _arms(study: Study, fit: OutcomeFit) -> tuple[int, ...]:
    return fit.asked.programme if study.plan.arms else (0,)


def _rows(study: Study, fit: OutcomeFit) -> Iterator[MethodRow]:
    wanted = _primary(study, fit)
    if wanted is None or fit.model is None:
        return
    table = _side_by_side(study, fit, wanted)
    if table is None:
        return
    terms = list(dict.fromkeys(table["term"]))
    arms = range(1, len(fit.asked.order)) if study.plan.arms else (0,)
    for term, arm in zip(terms, arms, strict=True):
        if arm in _arms(study, fit):
            for row in table[table["term"] == term].to_dict("records"):
                yield _row(study, fit, wanted, arm, row)


def _row(study: Study, fit: OutcomeFit, wanted: Wanted, arm: int, row: Any) -> MethodRow:
    n, smaller = people_of(fit, wanted, arm)
    low, high = known(wanted.times * row["conf_low"]), known(wanted.times * row["conf_high"])
    method = in_words(str(row["method"]), fit)
    return MethodRow(
        outcome=fit.outcome.name,
        compared=compared(study, fit, arm),
        when=wanted.when,
        method=f"{method[:1].upper()}{method[1:]}",
        n=n,
        n_smaller=smaller,
        estimate=known(wanted.times * row["estimate"]),
        std_error=None if low is None else known(wanted.times * row["std_error"]),
        df=rounded(known(row["df"])),
        conf_low=low,
        conf_high=high,
    )
