"""Row types about how far scores can be trusted: of groups, and of one person's change."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from splw_eval.core.columns import (
    Column,
    Role,
    count,
    label,
    mean,
    share,
    spread,
    verdict,
)

FLOOR_SHARE = 0.15
"""Share at the end of a score's range from which it is said (Terwee 2007)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliabilityRow:
    """Internal consistency of one score at one wave, over all arms together."""

    outcome: Annotated[str, label("Outcome")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    items: Annotated[int, label("Items")]
    n: Annotated[int | None, count("People with every item")]
    n_incomplete: Annotated[int | None, count("People with some items only")]
    alpha: Annotated[float | None, mean("Cronbach's alpha", of="n", decimals=2)]
    conf_low: Annotated[float | None, mean("95% interval, from", of="n", decimals=2)]
    conf_high: Annotated[float | None, mean("to", of="n", decimals=2)]
    sd: Annotated[float | None, spread("SD of the score", of="n")]
    sem: Annotated[float | None, spread("Standard error of measurement", of="n", derived=True)]
    smallest_change: Annotated[float | None, spread("Smallest reliable change", of="n")]
    method: Annotated[str | None, label("Method", of="n")]


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorRow:
    """People with the lowest and the highest possible score at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    lowest: Annotated[float, label("Lowest possible score")]
    highest: Annotated[float, label("Highest possible score")]
    n: Annotated[int | None, count("People measured")]
    n_lowest: Annotated[int | None, count("With the lowest score")]
    n_between: Annotated[int | None, count("In between")]
    n_highest: Annotated[int | None, count("With the highest score")]
    share_lowest: Annotated[
        float | None, share("With the lowest score, per cent", numerator="n_lowest", of="n")
    ]
    share_between: Annotated[
        float | None, share("In between, per cent", numerator="n_between", of="n")
    ]
    share_highest: Annotated[
        float | None, share("With the highest score, per cent", numerator="n_highest", of="n")
    ]
    floor: Annotated[
        str | None,
        verdict("At the lowest score", numerator="n_lowest", of="n", limit=FLOOR_SHARE),
    ]
    ceiling: Annotated[
        str | None,
        verdict("At the highest score", numerator="n_highest", of="n", limit=FLOOR_SHARE),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """Scores worked out from items beside the totals that a file gave, at one wave."""

    outcome: Annotated[str, label("Outcome")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    n: Annotated[int | None, count("People with both")]
    n_agree: Annotated[int | None, count("Agree")]
    n_differ: Annotated[int | None, count("Differ")]
    share_agree: Annotated[
        float | None,
        share("Agree, per cent", numerator="n_agree", of="n", complement="n_differ", guarded=True),
    ]
    # What one person's total is out by shows in both, where few differ.
    mean_difference: Annotated[
        float | None, mean("Mean difference, total less items", of="n_differ")
    ]
    largest_difference: Annotated[
        float | None,
        Column(title="Largest difference", role=Role.QUANTILE, base="n_differ"),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReliableChangeRow:
    """People who changed beyond the error of measurement at one wave of one arm."""

    outcome: Annotated[str, label("Outcome")]
    arm: Annotated[str, label("Group")]
    wave: Annotated[str, label("Wave")]
    month: Annotated[float, label("Planned month")]
    reliability_from: Annotated[str, label("Reliability from")]
    cutoff_from: Annotated[str, label("Cut-off from")]
    n_start: Annotated[int | None, count("People the error is worked out from")]
    reliability: Annotated[float | None, mean("Reliability", of="n_start", decimals=2)]
    threshold: Annotated[float | None, spread("Reliable beyond", of="n_start")]
    cutoff: Annotated[float | None, spread("Cut-off", of="n_start", derived=True)]
    n: Annotated[int | None, count("People with both")]
    n_recovered: Annotated[int | None, count("Recovered")]
    n_improved: Annotated[int | None, count("Improved")]
    n_unchanged: Annotated[int | None, count("Unchanged")]
    n_deteriorated: Annotated[int | None, count("Deteriorated")]
    share_recovered: Annotated[
        float | None, share("Recovered, per cent", numerator="n_recovered", of="n")
    ]
    share_improved: Annotated[
        float | None, share("Improved, per cent", numerator="n_improved", of="n")
    ]
    share_unchanged: Annotated[
        float | None, share("Unchanged, per cent", numerator="n_unchanged", of="n")
    ]
    share_deteriorated: Annotated[
        float | None, share("Deteriorated, per cent", numerator="n_deteriorated", of="n")
    ]


QualityRow = ReliabilityRow | FloorRow | AgreementRow | ReliableChangeRow
