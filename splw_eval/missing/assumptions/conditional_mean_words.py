"""What is told beside differences by conditional means: the method, and notes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.missing.filling.draw_inputs import DrawInputs
from splw_eval.stats.imputation.alike_arms import SCORES_PER_COEFFICIENT
from splw_eval.stats.imputation.conditional_mean import ConditionalMeans, Question

_FEW_DF = 4
_FEW_PRACTICES = 4
_LARGE_SHARE = 0.30


def method_of(made: ConditionalMeans, inputs: DrawInputs, question: Question) -> str:
    """How the estimates were made, in words."""
    first = inputs.waves[:1] if question.baseline and question.at > 0 else ()
    named = [*(f'the score at "{wave}"' for wave in first), *inputs.terms[1:]]
    adjusted = f" adjusted for {', '.join(named)}" if named else ""
    effects = {
        "both": "practices at all waves and at each",
        "practice": "practices at all waves alike",
        "none": "none of practices",
    }[made.fitted.practices]
    waves = ", ".join(inputs.waves)
    of_whom = "of each arm" if inputs.by_arm else "common to the arms"
    return (
        f"conditional means from a normal model of the waves {waves} (restricted "
        f"likelihood; coefficients within arm; covariance {of_whom}; effects: {effects}), arms "
        f"compared by least squares{adjusted}; jackknife leaving out each "
        f"{made.unit} ({made.units}), t with {made.df:g} degrees of freedom"
    )


def notes_of(
    made: ConditionalMeans,
    inputs: DrawInputs,
    question: Question,
    *,
    named: bool,
    by_rule: bool,
    ended: str | None,
) -> Iterator[str]:
    """Sentences that a reader needs beside the table."""
    others = [s for s in question.strategies if s.name != "MAR"]
    to, other = inputs.arms[question.reference], inputs.arms[1 - question.reference]
    lost = ~inputs.data.observed
    yield (
        f"{int(lost.sum())} of {lost.size} scores are missing. MAR takes them as missing at "
        "random: people alike in arm, practice, covariates and the scores seen have alike scores, "
        "seen or not. The data cannot tell."
    )
    if others:
        listed = ", ".join(f"{s.name} ({s.long_name})" for s in others)
        left = "their last score" if ended is None else f'the end in the column "{ended}"'
        yield (
            f"{listed}: for people of {other} after {left}; gaps before it, and scores of {to}, "
            "are missing at random."
        )
        yield (
            "The standard error is that of repeated sampling; under strategies that refer to "
            "another arm it is smaller than that of Rubin's rules."
        )
    if by_rule and not inputs.by_arm:
        yield (
            "Arms share one covariance: an arm has fewer than "
            f"{SCORES_PER_COEFFICIENT} scores at a wave for each coefficient of its own. "
            "by_arm=True gives each arm its own all the same."
        )
    if not named:
        yield (
            f"No reference arm was named, so it is the first in order, {to}: the difference and "
            "the strategy go by that. Name it with reference=."
        )
    if not inputs.before:
        yield (
            f'The first wave ("{inputs.waves[0]}") is not said to be before the programme, so arms '
            "are not adjusted for it; if it was before, name it: baseline=."
        )
    if made.df < _FEW_DF:
        yield f"With {made.df:g} degrees of freedom such limits are hardly to be trusted."
    yield from _practices(inputs)


def _practices(inputs: DrawInputs) -> Iterator[str]:
    """Arms of few practices, and practices that hold many of the people."""
    data = inputs.data
    if data.practice is None:
        yield "People count as independent of each other: no practices were named."
        return
    for code, name in enumerate(inputs.arms):
        count = len(np.unique(data.practice[data.arm == code]))
        if count < _FEW_PRACTICES:
            yield f"{name} has {count} practices only: errors are rough."
    share = np.bincount(data.practice).max() / data.people
    if share > _LARGE_SHARE:
        yield f"One practice holds {100 * share:.0f}% of the people: errors are rough."
