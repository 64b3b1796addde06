"""What use of services cost each person up to the horizon, and in the time before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.plan import Costs, horizon_of
from splw_eval.core.result import Note
from splw_eval.costs.money.words import COLUMNS, UNITS
from splw_eval.costs.use.grid import UseGrid, grid_of
from splw_eval.data import Study
from splw_eval.stats.quality_years import discount_factors

Floats = NDArray[np.float64]
_HOW = (
    "Use of services is counted from the month of time zero on, for as many months as the horizon "
    "has. A month that is not known counts as the mean of the person's other months up to the "
    "horizon."
)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class UseCosts:
    """Costs of use of services.

    Attributes
    ----------
    parts : mapping of str to ndarray of float, shape (people,)
        By what was used, up to the horizon, discounted; NaN where no month is known.
    known : ndarray of float, shape (people,)
        Share of the months up to the horizon that is known, from 0 to 1.
    before : ndarray of float, shape (people,)
        Of as many months before time zero; NaN where no month is known.
    pays : mapping of str to str
    notes : tuple of Note
    """

    parts: Mapping[str, Floats]
    known: Floats
    before: Floats
    pays: Mapping[str, str]
    notes: tuple[Note, ...]

    @property
    def whole(self) -> Floats:
        """All parts together, shape (people,)."""
        found: Floats = np.sum([*self.parts.values()], axis=0)
        return found


def why_no_use_costs(study: Study) -> str | None:
    """Why use of services has no cost here, with what to do; None where it has one."""
    costs = study.plan.costs
    assert costs is not None
    if "service_use" not in study.tables:
        return "There is no table of service use, so nothing is known of what other care cost."
    if study.people.time_zero is None:
        return "No date of time zero is known, so months cannot be counted from it ([[time_zero]])."
    held = study.tables["service_use"].columns
    if not any(COLUMNS.get(name) in held for name, _ in costs.unit_prices()):
        return (
            "No price of use of services is given ([costs.unit]), so other care has no cost here."
        )
    if horizon_of(study.plan) is None:
        return (
            "No wave lies within 12 months, and the plan names no horizon ([costs] horizon), so "
            "there is no time over which costs could be counted."
        )
    return None


def use_costs_of(study: Study) -> UseCosts:
    """Give what use of services cost each person.

    Parameters
    ----------
    study : Study
        For which `why_no_use_costs` is None.

    Returns
    -------
    UseCosts
    """
    costs, wave = study.plan.costs, horizon_of(study.plan)
    assert costs is not None
    assert wave is not None
    grid, months = grid_of(study), max(1, round(wave.month))
    parts, pays, before = {}, {}, np.zeros(len(study.people))
    known_months = np.ones(len(study.people))
    for name, price in costs.unit_prices():
        use = COLUMNS.get(name)
        if use is None or use not in grid.values:
            continue
        parts[UNITS[name]] = price.value * _until(grid, use, months, costs)
        known_months = np.minimum(known_months, grid.between(use, 0, months - 1)[1] / months)
        pays[UNITS[name]] = price.pays or ""
        events, known = grid.between(use, -study.plan.service_use.months_before, -1)
        with np.errstate(invalid="ignore", divide="ignore"):
            before = before + price.value * months * np.where(known > 0, events / known, np.nan)
    return UseCosts(
        parts=parts,
        known=known_months,
        before=before,
        pays=pays,
        notes=(Note(text=_HOW), *grid.notes),
    )


def _until(grid: UseGrid, use: str, months: int, costs: Costs) -> Floats:
    """Use up to the horizon, what is not known filled with each person's own mean."""
    here = grid.values[use][:, (grid.months >= 0) & (grid.months < months)]
    known = ~np.isnan(here)
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(known, here, 0.0).sum(axis=1) / known.sum(axis=1)
    filled = np.where(known, here, own[:, None])
    factors = discount_factors(np.arange(here.shape[1]), costs.discount_rate or 0.0)
    found: Floats = filled @ factors
    return found
