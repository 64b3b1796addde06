"""Scores whose highest possible score is not that of others: what is not compared, and counted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Outcome, Wave
from splw_eval.core.result import Note
from splw_eval.data import Study


def highest_scores(study: Study, outcome: Outcome) -> NDArray[np.float64]:
    """Highest possible score of everybody at every wave.

    Parameters
    ----------
    study : Study
    outcome : Outcome

    Returns
    -------
    ndarray of float, shape (people, waves)
        NaN where there is no score.
    """
    scores = study.scores[outcome.name]
    found = study.maximum.get(outcome.name)
    highest = np.full(scores.shape, outcome.range[1]) if found is None else found
    return np.where(np.isnan(scores), np.nan, highest)


def top_of(study: Study, outcome: Outcome) -> float:
    """Give the largest highest score that anybody has: the top of the range, as a rule."""
    highest = study.maximum.get(outcome.name)
    if highest is None or np.isnan(highest).all():
        return outcome.range[1]
    return float(np.nanmax(highest))


def of_the_scale(study: Study, outcome: Outcome) -> NDArray[np.bool_]:
    """Whether a score is out of the largest highest score that anybody has: (people, waves)."""
    found: NDArray[np.bool_] = highest_scores(study, outcome) == top_of(study, outcome)
    return found


def scores_out_of(study: Study, *, waves: Sequence[Wave] | None = None) -> Iterator[Note]:
    """Count scores that are out of less than others at the same wave.

    Parameters
    ----------
    study : Study
    waves : sequence of Wave, optional
        All where none are named; they are the first of the plan.

    Yields
    ------
    Note
        For each outcome and wave that mixes several highest scores.
    """
    for outcome in _varying(study):
        highest = highest_scores(study, outcome)
        for code, wave in enumerate(study.plan.waves if waves is None else waves):
            here = highest[:, code][~np.isnan(highest[:, code])]
            tops = np.unique(here)
            if len(tops) < 2:  # noqa: PLR2004 - one is no mixture
                continue
            yield Note(
                text=_plain(f"{outcome.label}, {wave.title}: ")
                + "{less} of {all} scores are "
                + f"out of {_or(tops[:-1])} and the others out of {tops[-1]:g}, as an item does "
                "not apply to some people. Means stand over all of them, so part of a difference "
                "between waves or groups may come from that alone.",
                counts={"less": int((here < tops[-1]).sum()), "all": len(here)},
            )


def changes_out_of(study: Study) -> Iterator[Note]:
    """Count people without a change as their two scores are out of different highest scores.

    Parameters
    ----------
    study : Study

    Yields
    ------
    Note
        For each outcome and wave after baseline where there are such people, or where changes of
        several highest scores stand together.
    """
    for outcome in _varying(study):
        highest = highest_scores(study, outcome)
        start = highest[:, 0]
        for code, wave in list(enumerate(study.plan.waves))[1:]:
            now = highest[:, code]
            both = ~np.isnan(start) & ~np.isnan(now)
            apart, alike = both & (start != now), both & (start == now)
            words = _plain(f"{outcome.label}, {wave.title}: ")
            if apart.any():
                yield Note(
                    text=words + "no change is counted for {apart} people with both scores: at one "
                    "of the two times an item did not apply, so the two are out of different "
                    "highest scores and cannot be compared.",
                    counts={"apart": int(apart.sum())},
                )
            tops = np.unique(start[alike])
            if len(tops) > 1:
                yield Note(
                    text=words + "the changes of {less} people are in scores "
                    f"out of {_or(tops[:-1])}, those of the others in scores out of {tops[-1]:g}.",
                    counts={"less": int((start[alike] < tops[-1]).sum())},
                )


def _varying(study: Study) -> Iterator[Outcome]:
    return (outcome for outcome in study.plan.outcomes if outcome.name in study.maximum)


def _or(tops: NDArray[np.float64]) -> str:
    return " or ".join(f"{top:g}" for top in tops)


def _plain(words: str) -> str:
    """Words that stand in a note's template as themselves."""
    return words.replace("{", "{{").replace("}", "}}")
