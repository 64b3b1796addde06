"""What scores are expected to be, worked out from the items without drawing anybody."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from splw_eval.instruments import instrument, score_responses
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES, Item, Questionnaire
from splw_eval.synthetic.stream import Numbers

_POINTS = 201  # of the grid over the trait, from -5 to 5 SDs
_GRID = 4096.0  # what was worked out through exp and erf is kept to this part of 1
_HALVINGS = 18  # of 4 SDs: finer than one part in 4,096
_WIDEST = 4.0  # no shift of a trait beyond so many SDs is looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A score among people whose trait is normal.

    Attributes
    ----------
    mean, sd : float
        In the units of the score.
    reliability : float
        Share of the variance that the trait explains: the correlation of two
        measurements of people who did not change.
    """

    mean: float
    sd: float
    reliability: float


@cache
def expected(outcome: str, shift: float = 0.0) -> Expected:
    """Mean, SD and reliability of a score.

    Parameters
    ----------
    outcome : str
        A key of `QUESTIONNAIRES`.
    shift : float
        How much better the trait is than at baseline, in its SDs.

    Returns
    -------
    Expected

    Notes
    -----
    The trait is integrated over a grid of 201 points; given the trait, items are
    independent. Sums are convolved and turned into the score by the package's own scoring.
    """
    form = QUESTIONNAIRES[outcome]
    trait = np.linspace(-5, 5, _POINTS)
    weight = np.exp(-(trait**2) / 2)
    weight /= weight.sum()
    side = -1.0 if form.worse else 1.0
    chances = [_chances(item, side * (trait + shift)) for item in form.items.values()]
    mean, square = _by_item(form, chances) if _is_additive(form) else _by_total(form, chances)
    whole = float(weight @ mean)
    spread = float(weight @ square) - whole**2
    between = float(weight @ mean**2) - whole**2
    return Expected(mean=whole, sd=math.sqrt(spread), reliability=between / spread)


def shift_for(outcome: str, effect: float, start: float) -> float:
    """Shift of a trait, from `start`, that moves its score by an effect.

    Parameters
    ----------
    outcome : str
    effect : float
        In SDs of the score at baseline; positive is better.
    start : float
        SDs of the trait better than at baseline.

    Returns
    -------
    float
        SDs of the trait, to one part in 4,096: no machine's last digit is kept.
    """
    if effect == 0:
        return 0.0
    side = better_side(outcome)
    wanted = abs(effect) * expected(outcome).sd
    low, high, sign = 0.0, _WIDEST, math.copysign(1.0, effect)
    begin = expected(outcome, start).mean
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        moved = sign * side * (expected.__wrapped__(outcome, start + sign * middle).mean - begin)
        low, high = (middle, high) if moved < wanted else (low, middle)
    return sign * coarse(low)


def better_side(outcome: str) -> float:
    """1 where a higher score is better, -1 where a lower one is."""
    form = QUESTIONNAIRES[outcome]
    score = next(s for s in instrument(form.instrument).scores if s.name == form.score)
    return 1.0 if score.direction == "higher_is_better" else -1.0


def coarse(value: float) -> float:
    """Round to one part in 4,096."""
    return math.floor(value * _GRID + 0.5) / _GRID


def _chances(item: Item, trait: Numbers) -> Numbers:
    """Chance of each answer, shape (points, answers)."""
    rest = math.sqrt(2 * (1 - item.loading**2))
    below = [
        [0.5 * (1 + math.erf((limit - item.loading * t) / rest)) for limit in item.limits]
        for t in trait
    ]
    edges = np.pad(np.array(below), ((0, 0), (1, 1)), constant_values=((0, 0), (0, 1)))
    return np.diff(edges, axis=1)


def _is_additive(form: Questionnaire) -> bool:
    """Whether the score is full health less a number for each answer."""
    return form.instrument.startswith("eq5d")


def _by_item(form: Questionnaire, chances: list[Numbers]) -> tuple[Numbers, Numbers]:
    """Mean and mean square of an additive score at each point of the trait."""
    mean, spread = np.ones(_POINTS), np.zeros(_POINTS)
    for place, chance in enumerate(chances):
        lost = _values_of_item(form, place)
        expected_loss = chance @ lost
        mean -= expected_loss
        spread += chance @ lost**2 - expected_loss**2
    return mean, spread + mean**2


def _values_of_item(form: Questionnaire, place: int) -> Numbers:
    """What each answer to one item takes away from full health."""
    answers = len(next(iter(form.items.values())).limits) + 1
    states = np.ones((answers, len(form.items)))
    states[:, place] = np.arange(1, answers + 1)
    return 1 - score_responses(states, form.instrument)[form.score].values


def _by_total(form: Questionnaire, chances: list[Numbers]) -> tuple[Numbers, Numbers]:
    """Mean and mean square of a score that rests on a sum, at each point of the trait."""
    total = np.ones((_POINTS, 1))
    for chance in chances:
        longer = np.zeros((_POINTS, total.shape[1] + chance.shape[1] - 1))
        for answer in range(chance.shape[1]):
            longer[:, answer : answer + total.shape[1]] += total * chance[:, [answer]]
        total = longer
    value = _values_of_total(form, total.shape[1])
    return total @ value, total @ value**2


def _values_of_total(form: Questionnaire, totals: int) -> Numbers:
    """Score of each total, lowest first."""
    items = list(form.items.values())
    if len(items) == 1:
        return items[0].lowest + items[0].step * np.arange(totals, dtype=np.float64)
    left, answers = np.arange(totals), []
    for item in items:
        given = np.minimum(left, len(item.limits))
        answers.append(given + float(item.lowest))
        left = left - given
    return score_responses(np.stack(answers, axis=1), form.instrument)[form.score].values
