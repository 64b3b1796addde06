"""Events of a trial: how many people have one by its end, in each arm."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.power.design import Values
from splw_eval.power.precision import Array
from splw_eval.stats.power.events import event_share, hazards_of_shares


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chances:
    """Share of people who are seen to have the event.

    Attributes
    ----------
    programme, comparison : ndarray
    mean : ndarray
        Of both arms.
    alike : ndarray
        Of either where both have the mean hazard.
    """

    programme: Array
    comparison: Array
    mean: Array
    alike: Array


def hazard_ratio(v: Values) -> Array:
    """Programme to comparison, however it was given."""
    return np.asarray(v.hr if v.hr is not None else v.rate1 / v.rate0)


def chances_of(v: Values, hr: Array, q: Array) -> Chances:
    """Shares with the event, from proportions, hazards or retention.

    Parameters
    ----------
    v : Values
    hr : ndarray
    q : ndarray
        People of the programme's arm for each of the comparison.

    Returns
    -------
    Chances
    """
    mean_hazard = (hr * q + 1) / (1 + q)
    if v.rate0 is not None or v.retention is not None:
        first, second, alike = (_over_time(v, ratio) for ratio in (hr, np.ones(()), mean_hazard))
    else:
        first, second, alike = _at_the_end(v, hr, mean_hazard)
    return Chances(
        programme=first,
        comparison=second,
        mean=np.asarray((q * first + second) / (1 + q)),
        alike=alike,
    )


def _at_the_end(v: Values, hr: Array, mean_hazard: Array) -> tuple[Array, Array, Array]:
    stay = 1.0 if v.dropout is None else 1 - v.dropout[-1]
    if v.p_event is not None:
        share = np.asarray(v.p_event * stay)
        return share, share, share
    first = _multiplied(v.p0, hr) if v.p1 is None else v.p1
    alike = _multiplied(v.p0, mean_hazard)
    if v.p1 is not None:
        alike = (first + v.p0) / 2
    return np.asarray(first * stay), np.asarray(v.p0 * stay), np.asarray(alike * stay)


def _multiplied(share: Array, ratio: Array) -> Array:
    """Share with the event where hazards are multiplied."""
    return np.asarray(-np.expm1(ratio * np.log1p(-share)))


def _over_time(v: Values, ratio: Array) -> Array:
    starts, hazards = np.zeros(1), np.asarray(v.rate0)[None] if v.rate0 is not None else None
    losses = np.asarray(0.0 if v.loss_rate is None else v.loss_rate)[None]
    if v.visits is not None:
        starts = np.asarray(v.visits[:-1] - v.visits[0], dtype=np.float64)
    pieces = len(starts)
    if v.retention is not None:
        hazards = hazards_of_shares(v.retention, v.visits)
    elif hazards is not None:
        hazards = np.repeat(hazards, pieces, axis=0)
    losses = np.repeat(losses, pieces, axis=0)
    duration = duration_of(v)
    if v.dropout is not None:
        losses = _lost(v, pieces, duration)
    assert hazards is not None
    ratio = np.asarray(ratio)
    scaled = hazards.reshape(hazards.shape + (1,) * max(0, ratio.ndim + 1 - hazards.ndim)) * ratio
    losses = losses.reshape(losses.shape + (1,) * max(0, scaled.ndim - losses.ndim))
    return event_share(
        scaled,
        losses,
        starts,
        duration=duration,
        accrual=np.asarray(0.0 if v.accrual is None else v.accrual),
    )


def duration_of(v: Values) -> Array:
    """Length of the study: as given, or to the last visit of the last person in."""
    if v.duration is not None:
        return np.asarray(v.duration)
    accrual = 0.0 if v.accrual is None else v.accrual
    return np.asarray(v.visits[-1] - v.visits[0] + accrual)


def _lost(v: Values, pieces: int, duration: Array) -> Array:
    """Hazards of being lost in each piece, from cumulative shares."""
    if v.visits is not None and len(v.dropout) == len(v.visits):
        return hazards_of_shares(1 - v.dropout, v.visits)
    rate = -np.log1p(-v.dropout[-1]) / duration
    return np.repeat(np.asarray(rate)[None], pieces, axis=0)
