"""Ratios of variances held at values: the constraint, and how parameters are moved onto it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.mixed.covariance_model import CovarianceModel, from_factors, to_factors
from splw_eval.stats.mixed.criterion import Criterion, evaluate_criterion
from splw_eval.stats.mixed.model_fit import ModelFit, rough_covariance
from splw_eval.stats.mixed.moments import Floats, Moments, Places
from splw_eval.stats.mixed.ratios import Ratios
from splw_eval.stats.mixed.search import replicates_of

NOTHING = 1e-9  # of the largest parameter: a denominator below it is as good as zero
_FLOOR = 0.1  # of where the search begins: variances at zero start from there again
_RESTORED = 1e-11  # of the denominator: how far off the constraint a step may end
_OFF = 1e-7  # beyond it the value cannot be reached
_MOST_RESTORING = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRatios:
    """Rows of one search: data, model, and the value at which each row holds its ratio.

    Attributes
    ----------
    moments : Moments
        Of E replicates, or of one that serves every row.
    model : CovarianceModel
    ratios : Ratios
        Of E rows.
    value : ndarray, shape (E,)
    reml : bool
    """

    moments: Moments
    model: CovarianceModel
    ratios: Ratios
    value: Floats
    reml: bool

    @property
    def curved(self) -> bool:
        """Whether a step along the constraint's slope can leave the constraint."""
        return bool(self.model.factored) or bool((self.ratios.lag > 0).any())

    def rows(self, kept: Places) -> HeldRatios:
        """Keep some rows."""
        one = len(self.moments.sums) == 1
        return HeldRatios(
            moments=self.moments if one else replicates_of(self.moments, kept),
            model=self.model,
            ratios=self.ratios.rows(kept),
            value=self.value[kept],
            reml=self.reml,
        )

    @property
    def highest(self) -> Floats:
        """Upper bounds: an autocorrelation is at most 1."""
        return self.model.highest

    def excess(self, phi: Floats) -> tuple[Floats, Floats]:
        """By how much the constraint is missed (E,), and its slopes in phi (E, R)."""
        theta, turn = from_factors(phi, self.model.factored)
        h, slopes = self.ratios.excess(theta, self.value)
        return h, slopes if turn is None else (slopes[:, None] @ turn)[:, 0]

    def criterion(self, phi: Floats) -> Criterion:
        """Criterion at parameters whose matrices are written by their factors."""
        theta, _ = from_factors(phi, self.model.factored)
        sigma, g = self.model.matrices(theta)
        effects = self.model.clusters.effects
        return evaluate_criterion(self.moments, effects, sigma, g, reml=self.reml)


def begin_constrained(fitted: ModelFit, count: int) -> Floats:
    """Give estimates with no variance at zero, as a place to begin; parameters as factors.

    Parameters
    ----------
    fitted : ModelFit
        Of as many replicates as there are rows, or of one.
    count : int
        Rows, E.

    Returns
    -------
    ndarray, shape (E, R)
    """
    model = fitted.model
    theta = np.tile(fitted.fit.theta, (count // len(fitted.fit.theta), 1))
    floor = _FLOOR * model.begin(rough_covariance(fitted.moments))
    if model.factored:
        theta[:, model.of_people :] += floor[:, model.of_people :]
    theta = np.where(model.lowest == 0, np.maximum(theta, floor), theta)
    return to_factors(theta, model.factored)


def _scaled(theta: Floats, ratios: Ratios, value: Floats, of_people: int) -> Floats:
    """Scale the variances of the numerator, or of both parts if both are the clusters'."""
    theta = theta.copy()
    rows = np.arange(len(theta))
    alone = ~ratios.denominator[:, :of_people].any(axis=1)
    base = theta[rows, ratios.place]
    turned = np.where(alone, value, np.where(value == 0, 0.0, np.copysign(base, value)))
    theta[rows, ratios.place] = np.where(ratios.lag > 0, turned, base)
    top, whole = ratios.parts(theta)
    rest = whole - top
    with np.errstate(divide="ignore", invalid="ignore"):
        up = np.where(alone, value * whole / top, value * rest / ((1 - value) * top))
        down = np.where(alone, (1 - value) * whole / rest, 1.0)
    fixed = alone & (ratios.lag > 0)
    up = np.where(np.isfinite(up) & (up >= 0) & ~fixed, up, 1.0)[:, None]
    down = np.where(np.isfinite(down) & (down >= 0) & ~fixed, down, 1.0)[:, None]
    upper = ratios.numerator != 0
    lower = (ratios.denominator != 0) & ~upper
    return np.where(upper, theta * up, np.where(lower, theta * down, theta))


def moved_onto(task: HeldRatios, phi: Floats) -> Floats:
    """Move parameters (E, R) onto the constraint."""
    model = task.model
    if not model.factored:
        phi = _scaled(phi, task.ratios, task.value, model.of_people)
    return restored(task, phi) if task.curved else phi


def off_constraint(task: HeldRatios, phi: Floats, allowed: float = _OFF) -> NDArray[np.bool_]:
    """Whether a row does not keep its constraint."""
    h, _ = task.excess(phi)
    theta, _ = from_factors(phi, task.model.factored)
    size = np.abs(task.ratios.parts(theta)[1]) + NOTHING * np.abs(theta).max(axis=1)
    out: NDArray[np.bool_] = ~(np.abs(h) <= allowed * size)
    return out


def restored(task: HeldRatios, phi: Floats) -> Floats:
    """Move the clusters' parameters back onto a curved constraint, along its slope."""
    at: Floats = phi.copy()
    of_people = task.model.of_people
    for _ in range(_MOST_RESTORING):
        h, c = task.excess(at)
        off = off_constraint(task, at, _RESTORED)
        if not off.any():
            break
        along = np.where(np.arange(at.shape[1]) >= of_people, c, 0.0)
        length = (c * along).sum(axis=1)
        size = np.where(off & (length != 0), h / np.where(length != 0, length, 1.0), 0.0)
        at = np.clip(at - size[:, None] * along, task.model.lowest, task.highest)
    return at
