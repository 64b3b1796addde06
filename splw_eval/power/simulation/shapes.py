"""Scores that are not normal, and loss that depends on the last score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.power.simulation.trial import Trial
from splw_eval.stats.cell_models.cells import Floats

_PEOPLE, _CLUSTERS = 2_000, 200  # points at which means are worked out
_HALVINGS, _WIDEST = 100, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How scores differ from normal ones, and how people are lost.

    Attributes
    ----------
    limits : tuple of float or None
        Lowest and highest score of the instrument.
    level : float
        Mean of the comparison arm, before scores are cut off at the limits.
    skew : float
        Skewness of people's own deviations: those of a shifted lognormal.
    loss_by_score : float
        Correlation of the last score with staying: above 0 those with low scores are lost.
    """

    limits: tuple[float, float] | None = None
    level: float = 0.0
    skew: float = 0.0
    loss_by_score: float = 0.0

    @property
    def needs_rows(self) -> bool:
        """Whether people have to be drawn one by one."""
        return self.limits is not None or self.skew != 0 or self.loss_by_score != 0

    def deviations(self, normal: Floats) -> Floats:
        """Standard normal deviations as skewed ones, of mean 0 and variance 1."""
        if not self.skew:
            return normal
        s, sign = _spread_of_log(abs(self.skew)), np.sign(self.skew)
        middle = np.exp(s**2 / 2)
        found: Floats = (
            sign * (np.exp(s * sign * normal) - middle) / (middle * np.sqrt(np.expm1(s**2)))
        )
        return found

    def scores(self, raw: Floats) -> Floats:
        """Scores within the limits."""
        return raw if self.limits is None else np.clip(raw, *self.limits)

    def means(self, trial: Trial) -> Floats:
        """True means of scores, shape (sequences, T)."""
        if self.limits is None:
            return self.level + trial.mean
        from scipy.special import ndtri

        people = self.deviations(ndtri((np.arange(_PEOPLE) + 0.5) / _PEOPLE))
        clusters = ndtri((np.arange(_CLUSTERS) + 0.5) / _CLUSTERS)
        sd = np.sqrt(np.einsum("gtt->gt", trial.sigma))[trial.group]
        between = np.sqrt(np.einsum("gtt->gt", trial.g))[trial.cluster_group]
        raw = (self.level + trial.mean + between * clusters[:, None, None])[:, None]
        raw = raw + sd * people[:, None, None]
        return np.asarray(self.scores(raw).mean(axis=(0, 1)))

    def effect(self, trial: Trial) -> float:
        """What the contrast truly is of such scores."""
        if self.limits is None:
            return trial.effect
        measured = trial.measured
        beta = np.linalg.lstsq(trial.x[measured], self.means(trial)[measured], rcond=None)[0]
        return float(trial.row @ beta)


def _spread_of_log(skew: float) -> float:
    """The s of a lognormal of this skewness."""
    low, high = 0.0, _WIDEST
    for _ in range(_HALVINGS):
        s = (low + high) / 2
        w = np.exp(s**2)
        low, high = (low, s) if (w + 2) * np.sqrt(w - 1) > skew else (s, high)
    return high
