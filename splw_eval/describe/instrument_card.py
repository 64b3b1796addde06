"""Cards of the questionnaires: how each score is made, and the bands it falls into."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from splw_eval.core.card_rows import BandRow, InstrumentRow
from splw_eval.core.plan import FromColumn, Outcome
from splw_eval.core.result import Note, Result
from splw_eval.data import Study
from splw_eval.describe.sources import cited
from splw_eval.instruments import Bands, Instrument, Score
from splw_eval.instruments.labels import band_words

FROM_ITEMS = "The answers to the items"
FROM_TOTALS = "Scores given in the files"
BOTH = "The answers to the items; scores given in the files are compared with them"
NOT_IN_CATALOGUE = "not in the catalogue"


def describe_instruments(study: Study) -> Result[InstrumentRow]:
    """Describe how the score of each outcome is made.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of InstrumentRow
        One row for each outcome; of one that names no questionnaire of the catalogue,
        only what the plan says.
    """
    without = [o.label for o in study.plan.outcomes if study.instruments.get(o.name) is None]
    notes = [
        Note(
            text="Checked means that the scoring was run against outside programs or tables, or "
            "read in a named source. Recalled means that it was written from memory, and needs a "
            "look at its source before anything rests on it."
        )
    ]
    notes += [Note(text=_not_in_catalogue(label)) for label in without]
    return Result(
        key="instruments",
        title="How each questionnaire is scored",
        unit="",
        row_type=InstrumentRow,
        rows=tuple(_instrument_row(study, outcome) for outcome in study.plan.outcomes),
        notes=tuple(notes),
    )


def describe_bands(study: Study) -> Result[BandRow]:
    """List the bands that scores are put into, set by set.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of BandRow
        Upwards within each set. The last band of a set has no upper limit of its own.
    """
    rows = tuple(
        BandRow(
            outcome=outcome.name,
            bands=bands.set,
            band=words,
            low=bands.limits[at][0],
            below=bands.limits[at + 1][0] if at + 1 < len(bands.limits) else None,
            scores=scores,
            status=cited(bands.source, bands.status)[1],
            source=cited(bands.source, bands.status)[0],
        )
        for outcome, instrument, score in known(study)
        for bands in score.bands
        if _holds(instrument, bands, outcome)
        for at, (words, scores) in enumerate(band_words(bands, score.range))
    )
    words = "A score is compared with the limits before it is rounded."
    none = "The catalogue holds no bands for these scores."
    return Result(
        key="bands",
        title="Bands of the scores",
        unit="points of the score",
        row_type=BandRow,
        rows=rows,
        notes=(Note(text=words if rows else none),),
    )


def score_of(instrument: Instrument, outcome: Outcome) -> Score:
    """Return the score of an instrument that an outcome is: the one it names, or the first."""
    return instrument.score(outcome.score) if outcome.score else instrument.scores[0]


def known(study: Study) -> Iterator[tuple[Outcome, Instrument, Score]]:
    """Yield the outcomes whose instrument is in the catalogue."""
    for outcome in study.plan.outcomes:
        instrument = study.instruments.get(outcome.name)
        if instrument is not None:
            yield outcome, instrument, score_of(instrument, outcome)


def _told(instrument: Instrument, outcome: Outcome, name: str) -> Any:
    """Return what the plan says to an option, or what holds where it says nothing."""
    return outcome.options.get(name, instrument.options[name].default)


def _holds(instrument: Instrument, bands: Bands, outcome: Outcome) -> bool:
    """Whether a set of bands holds under the options of the plan."""
    return not bands.option or _told(instrument, outcome, bands.option) == bands.choice


def _not_in_catalogue(label: str) -> str:
    return (
        f"{label}: the plan names no questionnaire of the catalogue. So nothing is known here of "
        "its items, its bands, figures of other people or published sizes of change that matter. "
        "Its range, its direction and its MID are those of the plan."
    )


def _instrument_row(study: Study, outcome: Outcome) -> InstrumentRow:
    instrument = study.instruments.get(outcome.name)
    score = score_of(instrument, outcome) if instrument else None
    rule = _missing_rule(instrument, score, outcome) if instrument and score else (None, None)
    return InstrumentRow(
        outcome=outcome.name,
        instrument=instrument.name if instrument else None,
        title=instrument.title if instrument else outcome.instrument,
        score=score.title if score else None,
        items=len(score.items) if score else None,
        made_from=_made_from(study, outcome),
        options=_options(instrument, outcome),
        low=outcome.range[0],
        high=outcome.range[1],
        better=outcome.direction.partition("_")[0],
        missing_rule=rule[0],
        missing_status=rule[1],
        licence=instrument.licence if instrument else None,
        access=instrument.access if instrument else None,
        status=instrument.status if instrument else NOT_IN_CATALOGUE,
        recalled=" ".join(instrument.recalled) if instrument else "",
        warning=instrument.warning if instrument else "",
        sources="; ".join(instrument.sources) if instrument else "",
    )


def _made_from(study: Study, outcome: Outcome) -> str:
    if outcome.name not in study.items:
        return FROM_TOTALS
    return BOTH if outcome.name in study.supplied else FROM_ITEMS


def _missing_rule(instrument: Instrument, score: Score, outcome: Outcome) -> tuple[str, str]:
    """Return the rule for missing items and whether it was checked, as the options choose it."""
    for variant in score.variants:
        chosen = _told(instrument, outcome, variant.option) == variant.choice
        if chosen and variant.missing_rule:
            return variant.missing_rule, variant.missing_status or score.missing_status
    return score.missing_rule, score.missing_status


def _options(instrument: Instrument | None, outcome: Outcome) -> str:
    """Say what the scoring asked and what it was told, or what the plan says of it."""
    if instrument is None:
        said = (
            ("Version", outcome.version),
            ("Value set", outcome.value_set),
            ("Coding", outcome.coding),
        )
        return " ".join(f"{what}: {words}." for what, words in said if words)
    parts = []
    for name, option in instrument.options.items():
        told = _told(instrument, outcome, name)
        if told not in ("", None):
            words = option.choices.get(str(told), _in_words(told)).rstrip(".")
            parts.append(f"{option.meaning} Here: {words}.")
    return " ".join(parts)


def _in_words(told: Any) -> str:
    """Say an option that is no choice by name: yes or no, codes, or a column."""
    if isinstance(told, bool):
        return "yes" if told else "no"
    if isinstance(told, tuple):
        return ", ".join(str(code) for code in told)
    return f"as the column {told.column} says" if isinstance(told, FromColumn) else str(told)
