"""Draws of the parameters of a joint normal model of scores at waves, by Gibbs sampling."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.imputation.alike_arms import joined_arms, parted_arms
from splw_eval.stats.imputation.covariance_step import Completing
from splw_eval.stats.imputation.layout import Floats, Parameters, WaveData
from splw_eval.stats.imputation.mean_step import (
    Factored,
    Information,
    draw_means,
    factor,
    information_of,
)
from splw_eval.stats.imputation.pattern_sums import gather_sums

PRACTICES = ("both", "practice", "none")
BURN_IN, THIN = 100, 10

_PRIOR_DF, _PRIOR_SPREAD = 3.0, 0.5
_WANTED, _FIRST_STEP, _START = 0.44, 0.2, 0.2


def draw_parameters(
    data: WaveData,
    *,
    imputations: int = 20,
    practices: str = "both",
    burn_in: int = BURN_IN,
    thin: int = THIN,
    by_arm: bool = True,
    rng: np.random.Generator,
) -> tuple[Parameters, ...]:
    """Draw parameters from their distribution given the scores that were seen.

    Parameters
    ----------
    data : WaveData
    imputations : int
        How many draws are kept, M.
    practices : str
        ``both``: a practice differs at all waves alike, and at single waves. ``practice``: at
        all waves alike. ``none``.
    burn_in, thin : int
        Sweeps before the first draw, and from each draw that is kept to the next.
    by_arm : bool
        Whether each arm has coefficients and a covariance of its own; otherwise arms differ in
        their means at each wave.
    rng : Generator

    Returns
    -------
    tuple of Parameters, length M

    Raises
    ------
    FitError
        An option cannot be used, covariates follow from each other, an arm has too few scores
        at a wave, or scores leave no covariance to be drawn.

    Notes
    -----
    Scores of a person are normal around x'beta (of the arm, at the wave) plus what the practice
    adds, with an unstructured covariance of each arm. What a practice adds is u + v at each
    wave, normal, with two variances common to the arms.

    Prior: flat for beta. Covariances: inverse Wishart with J + 1 degrees of freedom and the
    residual variances of the waves on its diagonal, so that each correlation is as likely as
    any other (Barnard, McCulloch & Meng 2000, Stat Sinica 10:1281). Standard deviations of u
    and v: half-t with 3 degrees of freedom and a scale of half a standard deviation of the
    scores, which has no peak at 0 and does not keep a variance away from it, as inverse gamma
    priors do (Gelman 2006, Bayesian Anal 1:515).

    A sweep: (1) each standard deviation of u and v by a random walk reflected at 0, beta, u, v
    and the missing scores integrated out; its steps are tuned in the burn-in only; (2) beta
    and u + v together, missing scores integrated out; (3) the covariances, by the sums of
    squares and products of completed scores, which are drawn as sums. People enter by sums
    over those of one arm who were seen at the same waves, so a sweep takes as long for a
    million people as for a thousand.

    Sources: Schafer & Yucel 2002, J Comput Graph Stat 11:437 (the model); van Dyk & Park 2008,
    JASA 103:790 (integrating out parts of a sweep).
    """
    if practices not in PRACTICES:
        raise FitError(f'practices="{practices}" is not known.', remedy=f"Use {PRACTICES}.")
    if min(imputations, thin) < 1 or burn_in < 0:
        raise FitError("imputations and thin must be 1 or more, and burn_in 0 or more.")
    apart = by_arm or data.arms == 1
    sampler = _Sampler(data if apart else joined_arms(data), practices, rng)
    try:
        kept = tuple(sampler.kept(imputations, burn_in, thin))
    except np.linalg.LinAlgError as error:
        raise FitError(
            "The scores hardly differ beyond what waves and covariates say, so no covariance can "
            "be drawn.",
            remedy="Leave the covariate out that gives the scores away, or the wave.",
        ) from error
    return kept if apart else tuple(parted_arms(one, data) for one in kept)


class _Sampler:
    """The state of the chain: covariances, and spreads between practices."""

    def __init__(self, data: WaveData, practices: str, rng: np.random.Generator) -> None:
        self.sums = gather_sums(data)
        self.completing = Completing(self.sums)
        self.rng = rng
        self.covariance = np.stack([np.diag(self.sums.spread)] * data.arms)
        used = np.array([practices != "none", practices == "both" and data.waves > 1])
        self.moving = np.flatnonzero(used & (self.sums.practices > 0))
        self.spreads = np.zeros(2)
        self.spreads[self.moving] = _START
        self.step = np.full(2, np.log(_FIRST_STEP))

    def kept(self, draws: int, burn_in: int, thin: int) -> Iterator[Parameters]:
        for sweep in range(1, burn_in + 1):
            self.sweep(tuned=sweep)
        for draw in range(draws):
            # The first draw follows the burn-in at once.
            for _ in range(thin if draw else 1):
                found = self.sweep()
            yield self.sums.scale.restore(found)

    def sweep(self, tuned: int = 0) -> Parameters:
        """Move once; the parameters are those on which the new covariances rest."""
        patterned = self.completing.patterned(self.covariance)
        info = information_of(self.sums, patterned.precision)
        factored = factor(info, self.spreads)
        for which in self.moving.tolist():
            factored = self._moved(info, factored, which, tuned)
        coefficients, practice = draw_means(factored, self.sums.arms, self.sums.waves, self.rng)
        residual = self.completing.residual_products(coefficients, practice)
        self.covariance = self.completing.draw(residual, patterned, self.rng)
        return Parameters(
            coefficients=coefficients,
            covariance=self.covariance,
            practice=practice,
            practice_variance=float(self.spreads[0] ** 2),
            practice_wave_variance=float(self.spreads[1] ** 2),
        )

    def _moved(self, info: Information, now: Factored, which: int, tuned: int) -> Factored:
        """One step of a spread between practices, taken or not."""
        tried = self.spreads.copy()
        tried[which] = abs(tried[which] + np.exp(self.step[which]) * self.rng.standard_normal())
        other = factor(info, tried)
        gain = other.density - now.density + _prior(tried[which]) - _prior(self.spreads[which])
        taken = np.log(self.rng.random()) < gain
        if tuned:
            self.step[which] += (taken - _WANTED) / np.sqrt(tuned)
        if not taken:
            return now
        self.spreads = tried
        return other


def _prior(spread: float) -> float:
    """Logarithm of the half-t density of a standard deviation, but for a constant."""
    inside = 1 + (spread / _PRIOR_SPREAD) ** 2 / _PRIOR_DF
    return float(-(_PRIOR_DF + 1) / 2 * np.log(inside))


def residual_numbers(people: int, waves: int, seed: int, imputation: int) -> Floats:
    """Standard normal numbers from which one imputation's scores are drawn.

    Parameters
    ----------
    people, waves, seed : int
    imputation : int
        From 0.

    Returns
    -------
    ndarray, shape (people, waves)
        The same for the same seed, however often they are asked for and whatever the parameters
        are, so that strategies can be compared on the same numbers.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(1, imputation)))
    return rng.standard_normal((people, waves))
