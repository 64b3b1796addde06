"""Extra cost against extra health: quadrants, cost for each QALY, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError

Array = NDArray[np.float64]
COSTS_GAINS, COSTS_LOSES = "costs more and gains", "costs more and loses"
SAVES_GAINS, SAVES_LOSES = "costs less and gains", "costs less and loses"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plane:
    """Where draws lie on the plane of extra cost and extra health.

    Attributes
    ----------
    costs_gains, costs_loses, saves_gains, saves_loses : float
        Shares of the draws; they add up to 1. A draw on a line counts with what is the less
        favourable.
    sd_cost, sd_health, correlation : float
        Of the draws; the correlation is NaN where one of them does not vary.
    """

    costs_gains: float
    costs_loses: float
    saves_gains: float
    saves_loses: float
    sd_cost: float
    sd_health: float
    correlation: float


def quadrant_of(cost: float, health: float) -> str:
    """Name where one extra cost and one extra health lie.

    Parameters
    ----------
    cost, health : float

    Returns
    -------
    str
        Nothing extra counts with what is the less favourable.
    """
    if cost < 0:
        return SAVES_GAINS if health > 0 else SAVES_LOSES
    return COSTS_GAINS if health > 0 else COSTS_LOSES


def cost_for_each(cost: float, health: float) -> float | None:
    """Divide extra cost by extra health where the quotient means something.

    Parameters
    ----------
    cost, health : float

    Returns
    -------
    float or None
        Where more is spent for more health: the cost of each QALY. Where less is spent for less:
        what is saved for each QALY lost. None elsewhere, as a negative quotient would be read
        as one number for two opposite things.
    """
    if cost * health > 0:
        return cost / health
    return None


def plane_of(cost: ArrayLike, health: ArrayLike) -> Plane:
    """Count draws by quadrant.

    Parameters
    ----------
    cost, health : array_like, shape (draws,)
        Of the same draws.

    Returns
    -------
    Plane

    Raises
    ------
    FitError
        Shapes differ, or there are fewer than two draws.
    """
    c, e = _draws(cost, health)
    saves, gains = c < 0, e > 0
    varies = bool(c.std() > 0 and e.std() > 0)
    return Plane(
        costs_gains=float((~saves & gains).mean()),
        costs_loses=float((~saves & ~gains).mean()),
        saves_gains=float((saves & gains).mean()),
        saves_loses=float((saves & ~gains).mean()),
        sd_cost=float(c.std(ddof=1)),
        sd_health=float(e.std(ddof=1)),
        correlation=float(np.corrcoef(c, e)[0, 1]) if varies else float("nan"),
    )


def net_benefit(cost: ArrayLike, health: ArrayLike, value: float) -> Array:
    """Give what extra health is worth at so much a QALY, less what it costs extra.

    Parameters
    ----------
    cost, health : array_like
    value : float

    Returns
    -------
    ndarray
    """
    found: Array = value * np.asarray(health, dtype=float) - np.asarray(cost, dtype=float)
    return found


def chance_worth_it(cost: ArrayLike, health: ArrayLike, value: float) -> float:
    """Share of draws whose net benefit is above 0.

    Parameters
    ----------
    cost, health : array_like, shape (draws,)
    value : float
        What is paid for a QALY.

    Returns
    -------
    float

    Sources
    -------
    Fenwick, O'Brien & Briggs 2004, Health Econ 13:405.
    """
    c, e = _draws(cost, health)
    return float((net_benefit(c, e, value) > 0).mean())


def _draws(cost: ArrayLike, health: ArrayLike) -> tuple[Array, Array]:
    c, e = np.asarray(cost, dtype=float), np.asarray(health, dtype=float)
    if c.shape != e.shape or c.ndim != 1:
        raise FitError("Draws of cost and of health must be of the same practices.")
    both = ~(np.isnan(c) | np.isnan(e))
    if both.sum() < 2:
        raise FitError("There are too few draws that carry a difference.")
    return c[both], e[both]
