"""Row types about questionnaires: how they are scored, and what their scores are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import count, label


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentRow:
    """How the score of one outcome is made, how far it runs, and how well that is known."""

    outcome: Annotated[str, label("Outcome")]
    instrument: Annotated[str | None, label("Name in the catalogue")]
    title: Annotated[str, label("Questionnaire")]
    score: Annotated[str | None, label("Score")]
    items: Annotated[int | None, label("Items in the score")]
    made_from: Annotated[str, label("Made from")]
    options: Annotated[str, label("Options used")]
    low: Annotated[float, label("Lowest score")]
    high: Annotated[float, label("Highest score")]
    better: Annotated[str, label("Which end is better")]
    missing_rule: Annotated[str | None, label("Where items are missing")]
    missing_status: Annotated[str | None, label("That rule is")]
    licence: Annotated[str | None, label("Licence")]
    access: Annotated[str | None, label("Who may use it")]
    status: Annotated[str, label("Scoring is")]
    recalled: Annotated[str, label("Written from memory")]
    warning: Annotated[str, label("Warning")]
    sources: Annotated[str, label("Sources")]


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """One band of one set of bands: the scores it holds and what they are called."""

    outcome: Annotated[str, label("Outcome")]
    bands: Annotated[str, label("Set of bands")]
    band: Annotated[str, label("Band")]
    low: Annotated[float, label("Lower limit")]
    below: Annotated[float | None, label("Upper limit")]
    scores: Annotated[str, label("Scores")]
    status: Annotated[str, label("Checked or recalled")]
    source: Annotated[str, label("Source")]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportantDifferenceRow:
    """One size of change that somebody has called important, or that there is none."""

    outcome: Annotated[str, label("Outcome")]
    value: Annotated[float | None, label("Size")]
    unit: Annotated[str, label("Unit")]
    kind: Annotated[str, label("How it was found")]
    same_as: Annotated[str, label("How the catalogue found the same size")]
    population: Annotated[str, label("Among whom")]
    source: Annotated[str, label("Source")]
    status: Annotated[str, label("Checked or recalled")]
    note: Annotated[str, label("Note")]


@dataclass(frozen=True, slots=True, kw_only=True)
class NormRow:
    """One published figure of other people, to hold scores against."""

    outcome: Annotated[str, label("Outcome")]
    population: Annotated[str, label("Among whom")]
    statistic: Annotated[str, label("Figure")]
    value: Annotated[float, label("Value")]
    spread: Annotated[str, label("Spread")]
    people: Annotated[str, label("How many people")]
    source: Annotated[str, label("Source")]
    status: Annotated[str, label("Checked or recalled")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskRow:
    """People whose answer to an item about risk was not the lowest, at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    item: Annotated[str, label("Item")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    answered: Annotated[int | None, count("Answered the item")]
    above: Annotated[int | None, count("Above the lowest answer")]
    lowest: Annotated[int | None, count("At the lowest answer")]
