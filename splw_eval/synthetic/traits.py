"""What people of a synthetic programme feel at each wave, before they answer anything."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from splw_eval.synthetic.expected import coarse, expected, shift_for
from splw_eval.synthetic.people import Cast
from splw_eval.synthetic.questionnaires import QUESTIONNAIRES
from splw_eval.synthetic.settings import Settings
from splw_eval.synthetic.stream import Numbers, Stream, Whole

SHARED = 0.65  # of every trait, with every other
# People are found at a bad time: all get better, by so many SDs within so many months.
RECOVERY, RECOVERY_MONTHS = 0.3, 6.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shares:
    """Weights of the parts of one trait; their squares add up to 1."""

    practice: float
    practice_at_wave: float
    worker: float
    lasting: float


def recovery(months: float) -> float:
    """How much better everybody is after some months (SDs of the trait)."""
    return RECOVERY * min(months / RECOVERY_MONTHS, 1.0)


def trait_effect(its: Settings, outcome: str) -> float:
    """Effect on the trait (its SDs) that gives the effect on the score."""
    return shift_for(outcome, its.effect[outcome], RECOVERY)


def effect_in_points(its: Settings, outcome: str) -> tuple[float, ...]:
    """Effect on a score at each follow-up wave, in its units; the sign is the score's."""
    effect = trait_effect(its, outcome)
    starts = [recovery(month) for month in its.follow_up]
    gains = [
        expected(outcome, start + effect).mean - expected(outcome, start).mean for start in starts
    ]
    return tuple(round(gain, 4) for gain in gains)


def draw_traits(its: Settings, cast: Cast, worker: Whole) -> Mapping[str, Numbers]:
    """Draw every trait at every wave.

    Parameters
    ----------
    its : Settings
    cast : Cast
    worker : ndarray of int, shape (n,)
        Link worker who saw each person; -1 for none.

    Returns
    -------
    mapping of str to ndarray of float, shape (n, waves)
        In SDs; 0 is the mean at baseline, and more is better.
    """
    shared = _parts(its, cast, worker, "all outcomes", lasting=cast.general)
    return {name: _trait(its, cast, worker, name, shared) for name in QUESTIONNAIRES}


def _trait(
    its: Settings, cast: Cast, worker: Whole, name: str, shared: Mapping[str, Numbers]
) -> Numbers:
    own = _parts(its, cast, worker, name)
    part = {key: math.sqrt(SHARED) * shared[key] + math.sqrt(1 - SHARED) * own[key] for key in own}
    share = _shares(its, name)
    # The link worker counts after baseline, and only for those who were seen.
    held = (worker >= 0)[:, None] & (np.arange(len(its.waves)) > 0)[None, :]
    spread = np.where(
        held,
        math.sqrt(1 - share.practice**2 - share.practice_at_wave**2 - share.worker**2),
        math.sqrt(1 - share.practice**2 - share.practice_at_wave**2),
    )
    personal = (
        share.lasting * part["lasting"][:, None] + math.sqrt(1 - share.lasting**2) * part["passing"]
    )
    moved = np.array([coarse(recovery(month)) for month in its.waves])
    effect = np.where(np.arange(len(its.waves)) > 0, trait_effect(its, name), 0.0)
    drawn: Numbers = (
        share.practice * part["practice"][:, None]
        + share.practice_at_wave * part["practice at wave"]
        + np.where(held, share.worker * part["worker"][:, None], 0.0)
        + spread * personal
        + moved
        + (cast.arm == 0)[:, None] * effect
    )
    return drawn


def _shares(its: Settings, name: str) -> _Shares:
    """Turn shares of the score's variance into weights of the trait's parts.

    The items add chance to the trait, so a share of the trait is larger than of the score.
    """
    trusted = coarse(expected(name).reliability)
    practice, worker = its.icc / trusted, its.worker_icc / trusted
    lasting = (its.correlation / trusted - practice * its.cac) / (1 - practice)
    return _Shares(
        practice=math.sqrt(practice * its.cac),
        practice_at_wave=math.sqrt(practice * (1 - its.cac)),
        worker=math.sqrt(worker),
        lasting=math.sqrt(min(max(lasting, 0.0), 1.0)),
    )


def _parts(
    its: Settings, cast: Cast, worker: Whole, name: str, lasting: Numbers | None = None
) -> dict[str, Numbers]:
    """Standard normal parts of one trait, each for everybody."""
    practices, waves = sum(its.practices), len(its.waves)
    own = Stream(its.seed, f"trait of {name}")
    places = Stream(its.seed, f"practices, {name}")
    workers = Stream(its.seed, f"link workers, {name}").normal(int(worker.max(initial=0)) + 1)
    return {
        "practice": places.normal(practices)[cast.practice],
        "practice at wave": places.normal(practices, waves)[cast.practice],
        "worker": workers[worker],
        "lasting": own.normal(len(cast)) if lasting is None else lasting,
        "passing": own.normal(len(cast), waves),
    }
