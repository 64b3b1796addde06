"""Who stayed and who was lost at a wave, compared by what was known at the start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Plan, Wave
from splw_eval.core.result import Note, Result
from splw_eval.core.rows import LostCategoryRow, LostNumberRow, LostScoreRow
from splw_eval.data import Study
from splw_eval.describe.characteristics import Characteristic, characteristics, quantities
from splw_eval.describe.maxima import scores_out_of
from splw_eval.describe.settings import LOST_SHARE
from splw_eval.describe.sources import STANDARDISED
from splw_eval.stats.standardised import categorical_difference, standardised_difference

Who = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """People of one arm at one wave: measured with the primary outcome, or lost.

    Attributes
    ----------
    arm, wave : str
    retained, lost : ndarray of bool, shape (people,)
        Those not yet due are in neither.
    """

    arm: str
    wave: str
    retained: Who
    lost: Who


def describe_lost_characteristics(study: Study) -> Result[LostCategoryRow]:
    """Compare the characteristics of those measured and those lost.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of LostCategoryRow
        One row for each wave compared, arm, characteristic and category; the standardised
        difference is that of the whole characteristic and the same in each of its rows.
    """
    kept = tuple(characteristics(study))
    rows = tuple(row for split in splits(study) for one in kept for row in _categories(split, one))
    return Result(
        key="lost_characteristics",
        title="Who was lost, by characteristic",
        unit="people",
        row_type=LostCategoryRow,
        rows=rows,
        notes=(_which_waves(study.plan), _NO_TEST, _CHANCE, _ONE_DECIMAL),
        sources=STANDARDISED,
    )


def describe_lost_quantities(study: Study) -> Result[LostNumberRow]:
    """Compare the numbers kept of those measured and those lost.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of LostNumberRow
        One row for each wave compared, arm and number.
    """
    rows = tuple(
        LostNumberRow(
            arm=split.arm,
            wave=split.wave,
            characteristic=found.title,
            **_compared(found.values, split),
        )
        for split in splits(study)
        for found in quantities(study)
    )
    return Result(
        key="lost_quantities",
        title="Who was lost, by number of long-term conditions",
        unit="conditions",
        row_type=LostNumberRow,
        rows=rows,
        sources=STANDARDISED,
    )


def describe_lost_scores(study: Study) -> Result[LostScoreRow]:
    """Compare the baseline scores of those measured and those lost.

    Parameters
    ----------
    study : Study

    Returns
    -------
    Result of LostScoreRow
        One row for each wave compared, arm and outcome, over those with a baseline score.
    """
    rows = tuple(
        LostScoreRow(
            arm=split.arm,
            wave=split.wave,
            outcome=outcome.name,
            **_compared(study.scores[outcome.name][:, 0], split),
        )
        for split in splits(study)
        for outcome in study.plan.outcomes
    )
    return Result(
        key="lost_scores",
        title="Who was lost, by score at the start",
        unit="points of the score",
        row_type=LostScoreRow,
        rows=rows,
        notes=(
            _which_waves(study.plan),
            _NO_TEST,
            _CHANCE,
            *scores_out_of(study, waves=study.plan.waves[:1]),
        ),
        sources=STANDARDISED,
    )


_NO_TEST = Note(
    text="A standardised difference is the difference in units of the SD of both groups together, "
    "so it does not grow with the number of people. Differences above 0.1 are usually taken to "
    "be worth a look. No p-values: they tell how many people there are, not how unlike they are."
)
_CHANCE = Note(
    text="Where few were lost, chance alone makes large differences, most of all over many "
    "categories: with 25 lost of 200, about 0.2 for a score and 0.5 over seven categories."
)
_ONE_DECIMAL = Note(
    text="The standardised difference of a characteristic is over all its categories together, "
    "without a sign, and rounded to one decimal so that it gives no small number back."
)


def _which_waves(plan: Plan) -> Note:
    return Note(
        text=f"Measured and lost are told by {plan.primary.label}. Compared are the wave of the "
        f"primary contrast and every wave at which more than {LOST_SHARE:.0%} were lost."
    )


def splits(study: Study) -> Iterator[Split]:
    """Those measured and those lost of every wave compared, by arm."""
    measured = ~np.isnan(study.scores[study.plan.primary.name])
    expected = study.due | measured
    for code in compared_waves(study):
        for arm, name in enumerate(study.plan.groups):
            here = expected[:, code] & (study.people.arm == arm)
            yield Split(
                arm=name,
                wave=study.plan.waves[code].name,
                retained=here & measured[:, code],
                lost=here & ~measured[:, code],
            )


def compared_waves(study: Study) -> tuple[int, ...]:
    """Give the primary contrast's wave, and each at which more than a few were lost."""
    measured = ~np.isnan(study.scores[study.plan.primary.name])
    expected = (study.due | measured).sum(axis=0)
    lost = expected - measured.sum(axis=0)
    primary = study.plan.waves.index(_answer_wave(study.plan))
    follow_up = range(1, len(study.plan.waves))
    return tuple(w for w in follow_up if w == primary or lost[w] > LOST_SHARE * expected[w])


def _answer_wave(plan: Plan) -> Wave:
    contrast = plan.estimand.contrast
    name = contrast.waves[0] if contrast.kind == "wave" else plan.waves[-1].name
    return next(wave for wave in plan.waves if wave.name == name)


def _categories(split: Split, found: Characteristic) -> Iterator[LostCategoryRow]:
    size = len(found.categories)
    stayed = np.bincount(found.codes[split.retained & (found.codes >= 0)], minlength=size)
    gone = np.bincount(found.codes[split.lost & (found.codes >= 0)], minlength=size)
    known, missed = int(stayed.sum()), int(gone.sum())
    difference = categorical_difference(stayed, gone)
    for code, category in enumerate(found.categories):
        retained, lost = int(stayed[code]), int(gone[code])
        yield LostCategoryRow(
            arm=split.arm,
            wave=split.wave,
            characteristic=found.title,
            category=category,
            retained=retained,
            retained_others=known - retained,
            retained_known=known,
            share_retained=retained / known if known else None,
            lost=lost,
            lost_others=missed - lost,
            lost_known=missed,
            share_lost=lost / missed if missed else None,
            fewer=min(known, missed),
            difference=difference,
        )


def _compared(values: NDArray[np.float64], split: Split) -> dict[str, Any]:
    known = ~np.isnan(values)
    stayed, gone = values[split.retained & known], values[split.lost & known]
    return {
        "retained": len(stayed),
        "mean_retained": _mean(stayed),
        "sd_retained": _sd(stayed),
        "lost": len(gone),
        "mean_lost": _mean(gone),
        "sd_lost": _sd(gone),
        "fewer": min(len(stayed), len(gone)),
        "difference": standardised_difference(stayed, gone),
    }


def _mean(values: NDArray[np.float64]) -> float | None:
    return float(values.mean()) if len(values) else None


def _sd(values: NDArray[np.float64]) -> float | None:
    return float(values.std(ddof=1)) if len(values) > 1 else None
