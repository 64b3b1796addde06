"""The search for the covariance parameters: Fisher scoring with bounds, many replicates at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.mixed.covariance_model import (
    CovarianceModel,
    factor_curvature,
    from_factors,
    to_factors,
)
from splw_eval.stats.mixed.criterion import Criterion, evaluate_criterion, transposed
from splw_eval.stats.mixed.derivatives import Derivatives, differentiate
from splw_eval.stats.mixed.moments import Floats, Moments
from splw_eval.stats.mixed.scoring import Scoring, score_and_information

DECREMENT = 1e-10  # Newton decrement g'I^-1 g at the end: what a further step would still gain
MOST_STEPS = 200
NEAR = 0.1  # Newton decrement below which the criterion is nearly a parabola
_HALVINGS = 40
_CURVED = 1e-3  # smallest eigenvalue of an observed information with diagonal one
_RIDGE = 1e-10  # added to the information with diagonal one: singular only at a boundary
_ROUNDING = 1e-11  # of the deviance, relative: an increase below it is none


@dataclass(frozen=True, kw_only=True)
class MixedFit:
    """Estimates of B replicates of one model.

    Attributes
    ----------
    moments : Moments
    model : CovarianceModel
    reml : bool
    theta : ndarray, shape (B, R)
    at : Criterion
    bound : ndarray of bool, shape (B, R)
        Parameters that lie on a bound: variances estimated as zero, autocorrelations as 1.
    steps : ndarray of int, shape (B,)
    decrement : ndarray, shape (B,)
        Newton decrement at the end, over the parameters that are not on a bound.
    converged : ndarray of bool, shape (B,)
    """

    moments: Moments
    model: CovarianceModel
    reml: bool
    theta: Floats
    at: Criterion
    bound: NDArray[np.bool_]
    steps: NDArray[np.int64]
    decrement: Floats
    converged: NDArray[np.bool_]

    @cached_property
    def slopes(self) -> Derivatives:
        """Derivatives at the end, worked out when first asked for."""
        _, _, e, f = self.model.with_slopes(self.theta)
        effects = self.model.clusters.effects
        return differentiate(self.moments, effects, self.at, e, f, reml=self.reml)


def fit_covariance(
    moments: Moments, model: CovarianceModel, begin: Floats, *, reml: bool
) -> MixedFit:
    """Find the parameters of greatest (restricted) likelihood.

    Parameters
    ----------
    moments : Moments
        Of B replicates that share x, patterns and clusters.
    model : CovarianceModel
    begin : ndarray, shape (B, R)
    reml : bool

    Returns
    -------
    MixedFit

    Notes
    -----
    Fisher scoring with step halving, and Newton's steps near the end; a variance at its bound
    whose score points outwards is held there. Matrices that must stay positive semidefinite
    are searched for by their Cholesky factors, by scoring alone. A replicate leaves the search
    once it has converged, or at once where its covariance is not positive definite to begin
    with.
    """
    phi = to_factors(begin, model.factored)
    count = len(phi)
    steps = np.zeros(count, dtype=np.int64)
    decrement = np.full(count, np.inf)
    left, at = np.arange(count), None
    for _ in range(MOST_STEPS):
        part = replicates_of(moments, left)
        at, scoring, turn = _scored(part, model, phi[left], at, reml=reml)
        step, gain = _step(phi[left], scoring, turn, model)
        decrement[left] = gain
        going = np.flatnonzero((gain >= DECREMENT) & np.isfinite(at.deviance))
        if not len(going):
            break
        left, part = left[going], replicates_of(part, going)
        moved, better, at = _line(
            part, model, phi[left], step[going], at.deviance[going], reml=reml
        )
        left = left[better]
        phi[left] = moved[better]
        if not len(left):
            break
        steps[left] += 1
    theta, _ = from_factors(phi, model.factored)
    end = evaluate_criterion(moments, model.clusters.effects, *model.matrices(theta), reml=reml)
    return MixedFit(
        moments=moments,
        model=model,
        reml=reml,
        theta=theta,
        at=end,
        bound=(theta <= model.lowest) | (theta >= model.highest),
        steps=steps,
        decrement=decrement,
        # Where the covariance runs into the edge of the definite ones the decrement loses its sign.
        converged=end.usable & (np.abs(decrement) < 100 * DECREMENT),
    )


def replicates_of(moments: Moments, rows: NDArray[np.int64]) -> Moments:
    """Keep some replicates."""
    if len(rows) == len(moments.sums):
        return moments
    return replace(moments, sums=moments.sums[rows], products=moments.products[rows])


def _scored(
    moments: Moments, model: CovarianceModel, phi: Floats, at: Criterion | None, *, reml: bool
) -> tuple[Criterion, Scoring, Floats | None]:
    """Criterion, unless it is known, and what the next step needs."""
    theta, turn = from_factors(phi, model.factored)
    sigma, g, e, f = model.with_slopes(theta)
    effects = model.clusters.effects
    if at is None:
        at = evaluate_criterion(moments, effects, sigma, g, reml=reml)
    return at, score_and_information(moments, effects, at, e, f, reml=reml), turn


def _step(
    phi: Floats, slopes: Scoring, turn: Floats | None, model: CovarianceModel
) -> tuple[Floats, Floats]:
    """Scoring step and Newton decrement; parameters that a bound holds do not move."""
    score, information = slopes.score, slopes.expected
    low, high = phi <= model.lowest, phi >= model.highest
    if turn is not None:
        information = transposed(turn) @ information @ turn
        information = information + factor_curvature(score, model.factored)
        score = (transposed(turn) @ score[..., None])[..., 0]
    held = (low & (score <= 0)) | (high & (score >= 0))
    while True:
        step = solve_held(information, np.where(held, 0.0, score), held)
        outwards = ((low & (step < 0)) | (high & (step > 0))) & ~held
        if not outwards.any():
            break
        held |= outwards
    gain = (np.where(held, 0.0, score) * step).sum(axis=1)
    if turn is None:
        near = np.flatnonzero((gain < NEAR) & (gain >= DECREMENT))
        _sharpen(step, slopes, held, near)
    return step, gain


def _sharpen(
    step: Floats, slopes: Scoring, held: NDArray[np.bool_], near: NDArray[np.int64]
) -> None:
    """Put Newton's steps in the place of scoring's, near the end and where they point upwards."""
    if not len(near):
        return
    out = held[near, :, None] | held[near, None, :]
    observed = np.where(out, np.eye(held.shape[1]), slopes.observed[near])
    size = np.sqrt(np.abs(np.einsum("brr->br", observed)))
    size = np.where(size > 0, size, 1.0)
    scaled = observed / (size[:, :, None] * size[:, None, :])
    finite = np.isfinite(scaled).all(axis=(1, 2))
    scaled = np.where(finite[:, None, None], scaled, np.eye(held.shape[1]))
    upwards = finite & (np.linalg.eigvalsh(scaled)[:, 0] > _CURVED)
    at = near[upwards]
    score = np.where(held[at], 0.0, slopes.score[at])
    step[at] = solve_held(slopes.observed[at], score, held[at])


def solve_held(information: Floats, score: Floats, held: NDArray[np.bool_]) -> Floats:
    """Solve information x = score with the held parameters left out."""
    out = held[:, :, None] | held[:, None, :]
    kept = np.where(out, 0.0, information)
    diagonal = np.einsum("brr->br", kept)
    size = np.where(diagonal > 0, np.sqrt(np.where(diagonal > 0, diagonal, 1.0)), 1.0)
    kept = kept / (size[:, :, None] * size[:, None, :])
    ridge = np.where(diagonal > 0, _RIDGE, 1.0)
    kept = kept + ridge[:, :, None] * np.eye(kept.shape[-1])
    found: Floats = np.linalg.solve(kept, (score / size)[..., None])[..., 0] / size
    return found


def _line(
    moments: Moments,
    model: CovarianceModel,
    phi: Floats,
    step: Floats,
    deviance: Floats,
    *,
    reml: bool,
) -> tuple[Floats, NDArray[np.bool_], Criterion | None]:
    """Take the longest of the halved steps that does not raise the deviance; whether there is.

    The criterion comes along where the whole step was good for all.
    """
    moved, better = phi.copy(), np.zeros(len(phi), dtype=bool)
    todo, length = np.arange(len(phi)), 1.0
    slack = _ROUNDING * np.abs(deviance)
    for _ in range(_HALVINGS):
        trial = np.clip(phi[todo] + length * step[todo], model.lowest, model.highest)
        theta, _ = from_factors(trial, model.factored)
        sigma, g = model.matrices(theta)
        part = replicates_of(moments, todo) if len(todo) < len(phi) else moments
        at = evaluate_criterion(part, model.clusters.effects, sigma, g, reml=reml)
        good = at.deviance <= deviance[todo] + slack[todo]
        if len(todo) == len(phi) and good.all():
            return trial, good, at
        moved[todo[good]], better[todo[good]] = trial[good], True
        todo = todo[~good]
        if not len(todo):
            break
        length /= 2
    return moved, better, None
