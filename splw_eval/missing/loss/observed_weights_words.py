"""What a reader must know of weights of those measured, and arms in which nobody was."""

from __future__ import annotations

from collections.abc import Iterator

from splw_eval.core.findings import Finding
from splw_eval.missing.checks import finding
from splw_eval.missing.loss.loss_words import left_out_notes, practice_notes
from splw_eval.missing.loss.people_before import PeopleBefore
from splw_eval.missing.loss.wave_scores import WaveScores
from splw_eval.stats.weighting import observed

_LARGEST, _SMALLEST = 10.0, 0.5


def nobody_measured(
    read: WaveScores, before: PeopleBefore, place: int, history: str
) -> Iterator[Finding]:
    """Findings for arms in which nobody has a score at a wave that chances are needed for.

    Parameters
    ----------
    read : WaveScores
    before : PeopleBefore
    place : int
    history : {"waves", "baseline"}

    Yields
    ------
    Finding
    """
    seen = read.measured[before.places]
    for at in [place] if history == "baseline" else range(1, place + 1):
        before_at = seen[:, 0] if history == "baseline" else seen[:, :at].all(axis=1)
        for code, name in enumerate(before.groups):
            mine = before_at & (before.second == bool(code))
            if not (mine & seen[:, at]).any():
                problem = (
                    f"nobody of the arm {name} who was measured before has a score at wave "
                    f"{read.waves[at]}"
                )
                remedy = "Name an earlier wave with at=; nobody can stand for those lost."
                yield finding("SN35", problem, remedy)


def weights_notes(
    before: PeopleBefore, made: dict[int, observed.ObservedWeights], history: str
) -> Iterator[str]:
    """Notes of the weighted check.

    Parameters
    ----------
    before : PeopleBefore
    made : dict of int to ObservedWeights
        By place of the wave.
    history : {"waves", "baseline"}

    Yields
    ------
    str
    """
    yield (
        "Weighting is a check: it is right where, given what the chances rest on, those lost are "
        "like those measured, and it knows nothing of what was never asked."
    )
    yield from left_out_notes(before)
    gaps = sum(one.after_gap for one in made.values())
    if gaps:
        yield (
            f"{gaps} scores measured after a missed wave have no weight, as chances go wave by "
            'wave; history="baseline" keeps them.'
        )
    if history == "baseline":
        yield "Scores between the first and the wave are not used: loss may hang on them."
    largest = max(float(one.weights.max()) for one in made.values())
    if largest > _LARGEST:
        yield (
            f"The largest weight is {largest:.3g} where those of an arm have a mean of about 1: "
            "one person stands for very many."
        )
    shares = [
        one.effective(mine) / (mine & one.used).sum()
        for one in made.values()
        for mine in (before.second, ~before.second)
    ]
    if min(shares) < _SMALLEST:
        yield (
            f"The weighted people of an arm are worth {min(shares):.0%} of their number: the "
            "comparison hangs on few."
        )
    yield ("CR2 takes the weights as known; the jackknife makes them anew without each practice.")
    yield from practice_notes(before)
