"""How the questionnaires of a synthetic programme answer to what people feel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item: how it follows its trait, and where one answer ends and the next begins.

    Attributes
    ----------
    loading : float
        Correlation of what lies behind the answer with the trait.
    limits : tuple of float
        Limits between the answers, rising, in SDs of what lies behind the answer.
    lowest, step : int
        Code of the lowest answer, and what each further one adds.
    """

    loading: float
    limits: tuple[float, ...]
    lowest: int = 1
    step: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Questionnaire:
    """Items that follow one trait.

    Attributes
    ----------
    instrument : str
        Name in the catalogue of instruments.
    items : mapping of str to Item
        By column of the table of measures.
    worse : bool
        Whether a higher answer is worse; the score may yet run the other way.
    score : str
        Name of the score that effects, ICC and correlations speak of.
    """

    instrument: str
    items: Mapping[str, Item]
    worse: bool
    score: str


def _items(
    name: str, lowest: int, *rows: tuple[float, tuple[float, ...]], keys: str = ""
) -> Mapping[str, Item]:
    """Items of one questionnaire, numbered from 1 or under keys of their own."""
    names = keys.split() or [str(i) for i in range(1, len(rows) + 1)]
    return MappingProxyType(
        {
            f"{name}_{key}": Item(loading=loading, limits=limits, lowest=lowest)
            for key, (loading, limits) in zip(names, rows, strict=True)
        }
    )


def _even(
    name: str, loading: float, *, mean: float, sd: float, highest: int, step: int
) -> Mapping[str, Item]:
    """One item on an even scale from 0."""
    limits = tuple((code - step / 2 - mean) / sd for code in range(step, highest + 1, step))
    return MappingProxyType({name: Item(loading=loading, limits=limits, lowest=0, step=step)})


def _ons4(key: str, loading: float, mean: float, sd: float) -> Questionnaire:
    return Questionnaire(
        instrument="ons4",
        items=_even(f"ons4_{key}", loading, mean=mean, sd=sd, highest=10, step=1),
        worse=key == "anxiety",
        score=key,
    )


# Loadings and limits are ours. They were set so that totals have the mean, SD and reliability
# that people referred to link workers have; tests/unit/synthetic holds them to that.
QUESTIONNAIRES: Mapping[str, Questionnaire] = MappingProxyType(
    {
        "swemwbs": Questionnaire(
            instrument="swemwbs",
            items=_items(
                "swemwbs",
                1,
                (0.76, (-1.5, -0.5, 0.6, 1.55)),
                (0.70, (-1.1, -0.25, 0.75, 1.7)),
                (0.72, (-1.0, -0.2, 0.8, 1.75)),
                (0.76, (-1.3, -0.4, 0.65, 1.6)),
                (0.80, (-1.4, -0.45, 0.6, 1.5)),
                (0.66, (-1.3, -0.5, 0.45, 1.35)),
                (0.70, (-1.6, -0.75, 0.3, 1.2)),
            ),
            worse=False,
            score="metric",
        ),
        "eq5d_5l": Questionnaire(
            instrument="eq5d_5l_uk_2026",
            items=_items(
                "eq5d",
                1,
                (0.72, (-0.35, 0.2, 1.0, 2.4)),
                (0.70, (0.4, 1.0, 1.8, 2.8)),
                (0.80, (-0.55, 0.2, 1.1, 2.1)),
                (0.74, (-0.95, -0.1, 0.98, 2.2)),
                (0.55, (-0.95, -0.15, 0.95, 1.85)),
                keys="MO SC UA PD AD",
            ),
            worse=True,
            score="index",
        ),
        "eq_vas": Questionnaire(
            instrument="eq_vas",
            items=_even("eq_vas", 0.88, mean=58, sd=21, highest=100, step=5),
            worse=False,
            score="score",
        ),
        "phq9": Questionnaire(
            instrument="phq9",
            items=_items(
                "phq9",
                0,
                (0.78, (-0.75, 0.2, 0.85)),
                (0.80, (-0.75, 0.2, 0.85)),
                (0.62, (-1.05, -0.15, 0.45)),
                (0.66, (-1.3, -0.3, 0.35)),
                (0.62, (-0.65, 0.15, 0.75)),
                (0.74, (-0.6, 0.25, 0.85)),
                (0.68, (-0.5, 0.4, 1.0)),
                (0.56, (0.25, 0.95, 1.5)),
                (0.60, (0.85, 1.45, 1.95)),
            ),
            worse=True,
            score="total",
        ),
        "ons4_satisfaction": _ons4("satisfaction", 0.88, 5.6, 2.5),
        "ons4_worthwhile": _ons4("worthwhile", 0.88, 6.0, 2.6),
        "ons4_happy": _ons4("happy", 0.85, 5.6, 2.7),
        "ons4_anxiety": _ons4("anxiety", 0.85, 5.2, 3.1),
        "ucla3": Questionnaire(
            instrument="ucla3",
            items=_items(
                "ucla3",
                1,
                (0.84, (-0.75, 0.55)),
                (0.86, (-0.65, 0.65)),
                (0.84, (-0.7, 0.6)),
            ),
            worse=True,
            score="total",
        ),
    }
)
