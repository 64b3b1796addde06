"""Draws of the covariance of one person's scores, by sums over completed scores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from splw_eval.stats.imputation.layout import Floats
from splw_eval.stats.imputation.pattern_sums import PatternSums

_RIDGE = 1e-13


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Patterned:
    """The covariances as each group of people needs them.

    Attributes
    ----------
    precision : ndarray, shape (groups, J, J)
        Inverse covariance of the scores seen; 0 where one is missing.
    slope, root : ndarray, shape (groups, J, J)
        Slopes of missing scores on those seen, and root of the covariance that is left.
    """

    precision: Floats
    slope: Floats
    root: Floats


class Completing:
    """What does not change between draws of the covariances.

    Parameters
    ----------
    sums : PatternSums
    """

    def __init__(self, sums: PatternSums) -> None:
        seen, gap = sums.seen, ~sums.seen
        self.sums = sums
        self.both = (seen[:, :, None] & seen[:, None, :]) * 1.0
        self.cross = (gap[:, :, None] & seen[:, None, :]) * 1.0
        self.gaps = (gap[:, :, None] & gap[:, None, :]) * 1.0
        self.unit_gap, self.unit_seen = (
            np.eye(sums.waves) * gap[:, None],
            np.eye(sums.waves) * seen[:, None],
        )
        # With fewer people than scores seen, their sums have the rank of the people.
        kept = seen & (np.cumsum(seen, axis=1) <= sums.n[:, None])
        self.kept = kept[:, :, None] * 1.0
        place = np.cumsum(gap, axis=1) - 1
        df = (sums.n - kept.sum(axis=1))[:, None] - place
        self.shape = np.where(gap, np.maximum(df, 0), 0) / 2.0
        self.below = np.tril(np.ones((sums.waves, sums.waves)), -1) * (self.shape > 0)[:, None, :]
        arms = range(sums.arms)
        self.starts = np.searchsorted(sums.arm, arms)
        people = np.array([sums.n[sums.of_arm(arm)].sum() for arm in arms])
        # Worth as many people as waves and one: every correlation is as likely as any other.
        self.prior = np.diag(sums.spread)
        self.df = people + sums.waves + 1.0

    def patterned(self, covariance: Floats) -> Patterned:
        """The covariances as each group needs them.

        Parameters
        ----------
        covariance : ndarray, shape (arms, J, J)

        Returns
        -------
        Patterned
        """
        whole = covariance[self.sums.arm]
        precision = np.linalg.inv(whole * self.both + self.unit_gap) - self.unit_gap
        cross = whole * self.cross
        slope = cross @ precision
        left = whole * self.gaps - slope @ cross.swapaxes(1, 2)
        root = np.linalg.cholesky((left + left.swapaxes(1, 2)) / 2 + self.unit_seen)
        return Patterned(precision=precision, slope=slope, root=root * self.gaps)

    def residual_products(self, coefficients: Floats, practice: Floats) -> Floats:
        """Cross-products of the scores seen around their means, kept above rounding.

        Parameters
        ----------
        coefficients : ndarray, shape (arms, q, J)
        practice : ndarray, shape (practices, J)

        Returns
        -------
        ndarray, shape (groups, J, J)
        """
        sums, waves = self.sums, self.sums.waves
        unit = np.broadcast_to(np.eye(waves), (sums.arms, waves, waves))
        off = np.concatenate([unit, -coefficients], axis=1)[sums.arm]
        found = off.swapaxes(1, 2) @ sums.products @ off
        if sums.practices:
            shared = (sums.sums @ off).swapaxes(1, 2) @ practice
            outer = (practice[:, :, None] * practice[:, None, :]).reshape(sums.practices, -1)
            found -= shared + shared.swapaxes(1, 2)
            found += (sums.counts @ outer).reshape(found.shape)
        return np.asarray(found * self.both + self.unit_seen * self._rounding(off, practice))

    def _rounding(self, off: Floats, practice: Floats) -> Floats:
        """A little more than what rounding takes off the diagonal, shape (groups, 1, 1).

        It goes by what is added and taken off: one person near the mean leaves next to nothing.
        """
        size = np.einsum("gii->g", self.sums.products) * (off**2).sum(axis=1).max(axis=1)
        if self.sums.practices:
            size += self.sums.counts @ (practice**2).max(axis=1)
        return np.asarray(_RIDGE * size)[:, None, None]

    def draw(self, residual: Floats, patterned: Patterned, rng: np.random.Generator) -> Floats:
        """Draw the covariances, missing scores having been drawn too.

        Parameters
        ----------
        residual : ndarray, shape (groups, J, J)
            As `residual_products` gives them.
        patterned : Patterned
        rng : Generator

        Returns
        -------
        ndarray, shape (arms, J, J)
        """
        sums = self.completed_products(residual, patterned, rng)
        return inverse_wishart(sums + self.prior, self.df, rng)

    def completed_products(
        self, residual: Floats, patterned: Patterned, rng: np.random.Generator
    ) -> Floats:
        """Draw the cross-products of completed scores around their means.

        Parameters
        ----------
        residual : ndarray, shape (groups, J, J)
        patterned : Patterned
        rng : Generator

        Returns
        -------
        ndarray, shape (arms, J, J)

        Notes
        -----
        No score is drawn: only the sums of squares and products of what would be added, which
        are normal along the scores seen and Wishart across them.
        """
        seen = np.linalg.cholesky(residual + self.unit_gap) * self.both
        along = rng.standard_normal(residual.shape) * self.kept
        filled = seen + patterned.slope @ seen
        filled += patterned.root @ along.swapaxes(1, 2)
        across = rng.standard_normal(residual.shape) * self.below
        steps = np.arange(residual.shape[1])
        across[:, steps, steps] = np.sqrt(2.0 * rng.standard_gamma(self.shape))
        beside = patterned.root @ across
        added = filled @ filled.swapaxes(1, 2) + beside @ beside.swapaxes(1, 2)
        return np.asarray(np.add.reduceat(added, self.starts))


def inverse_wishart(sums: Floats, df: Floats, rng: np.random.Generator) -> Floats:
    """Draw covariances from inverse Wishart distributions.

    Parameters
    ----------
    sums : ndarray, shape (k, J, J)
        Sums of squares and products.
    df : ndarray, shape (k,)
    rng : Generator

    Returns
    -------
    ndarray, shape (k, J, J)

    Notes
    -----
    Bartlett 1933, Proc R Soc Edinb 53:260: the factor of a Wishart matrix has normal numbers
    below roots of chi-squared ones.
    """
    waves = sums.shape[1]
    steps = np.arange(waves)
    factor = np.tril(rng.standard_normal(sums.shape), -1)
    factor[:, steps, steps] = np.sqrt(2.0 * rng.standard_gamma((df[:, None] - steps) / 2.0))
    half = np.linalg.solve(factor, np.linalg.cholesky(sums).swapaxes(1, 2))
    found = half.swapaxes(1, 2) @ half
    return np.asarray((found + found.swapaxes(1, 2)) / 2)
