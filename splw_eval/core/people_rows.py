"""Row types about people at the start: who came, and who was lost later."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import Column, Role, count, label, mean, share, spread


def quantile(title: str, decimals: int | None = None) -> Column:
    """Return a quantile that rests on the people known."""
    return Column(title=title, role=Role.QUANTILE, base="known", decimals=decimals)


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryRow:
    """People of one arm in one category of a characteristic, or in none that is known."""

    characteristic: Annotated[str, label("Characteristic")]
    category: Annotated[str, label("Category")]
    arm: Annotated[str, label("Group")]
    people: Annotated[int | None, count("People")]
    others: Annotated[int | None, count("People in another category")]
    known: Annotated[int | None, count("People of whom it is known")]
    share: Annotated[
        float | None,
        share(
            "Of those known, per cent",
            numerator="people",
            of="known",
            complement="others",
            parts_of=("characteristic", "arm"),
        ),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """A number that is kept of each person, over those of one arm."""

    characteristic: Annotated[str, label("Characteristic")]
    unit: Annotated[str, label("Unit")]
    arm: Annotated[str, label("Group")]
    known: Annotated[int | None, count("People of whom it is known")]
    missing: Annotated[int | None, count("Not known")]
    mean: Annotated[float | None, mean("Mean", of="known", decimals=1)]
    sd: Annotated[float | None, spread("SD", of="known", decimals=1)]
    lower: Annotated[float | None, quantile("Lower quartile", 1)]
    median: Annotated[float | None, quantile("Median", 1)]
    upper: Annotated[float | None, quantile("Upper quartile", 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineRow:
    """Baseline score of one outcome over the people of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    known: Annotated[int | None, count("People measured")]
    missing: Annotated[int | None, count("Not measured")]
    mean: Annotated[float | None, mean("Mean", of="known")]
    sd: Annotated[float | None, spread("SD", of="known")]
    lower: Annotated[float | None, quantile("Lower quartile")]
    median: Annotated[float | None, quantile("Median")]
    upper: Annotated[float | None, quantile("Upper quartile")]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCategoryRow:
    """One category of a characteristic among those measured at a wave and those lost."""

    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    characteristic: Annotated[str, label("Characteristic")]
    category: Annotated[str, label("Category")]
    retained: Annotated[int | None, count("Measured: people")]
    retained_others: Annotated[int | None, count("Measured: in another category")]
    retained_known: Annotated[int | None, count("Measured: known")]
    share_retained: Annotated[
        float | None,
        share(
            "Measured, per cent",
            numerator="retained",
            of="retained_known",
            complement="retained_others",
            parts_of=("arm", "wave", "characteristic"),
        ),
    ]
    lost: Annotated[int | None, count("Lost: people")]
    lost_others: Annotated[int | None, count("Lost: in another category")]
    lost_known: Annotated[int | None, count("Lost: known")]
    share_lost: Annotated[
        float | None,
        share(
            "Lost, per cent",
            numerator="lost",
            of="lost_known",
            complement="lost_others",
            parts_of=("arm", "wave", "characteristic"),
        ),
    ]
    fewer: Annotated[int | None, count("Known in the smaller of the two")]
    # One decimal: a second would give a hidden count back from the shown ones.
    difference: Annotated[
        float | None,
        mean("Difference over all categories, in SD", of="fewer", decimals=1),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostNumberRow:
    """A number that is kept of each person, among those measured at a wave and those lost."""

    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    characteristic: Annotated[str, label("Characteristic")]
    retained: Annotated[int | None, count("Measured: people")]
    mean_retained: Annotated[float | None, mean("Measured: mean", of="retained", decimals=1)]
    sd_retained: Annotated[float | None, spread("Measured: SD", of="retained", decimals=1)]
    lost: Annotated[int | None, count("Lost: people")]
    mean_lost: Annotated[float | None, mean("Lost: mean", of="lost", decimals=1)]
    sd_lost: Annotated[float | None, spread("Lost: SD", of="lost", decimals=1)]
    fewer: Annotated[int | None, count("Known in the smaller of the two")]
    difference: Annotated[float | None, mean("Difference, in SD", of="fewer", decimals=2)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LostScoreRow:
    """Baseline score of those measured at a wave and of those lost."""

    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    outcome: Annotated[str, label("Outcome")]
    retained: Annotated[int | None, count("Measured: people")]
    mean_retained: Annotated[float | None, mean("Measured: mean", of="retained")]
    sd_retained: Annotated[float | None, spread("Measured: SD", of="retained")]
    lost: Annotated[int | None, count("Lost: people")]
    mean_lost: Annotated[float | None, mean("Lost: mean", of="lost")]
    sd_lost: Annotated[float | None, spread("Lost: SD", of="lost")]
    fewer: Annotated[int | None, count("Known in the smaller of the two")]
    difference: Annotated[float | None, mean("Difference, in SD", of="fewer", decimals=2)]
