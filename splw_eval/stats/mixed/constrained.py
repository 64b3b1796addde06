"""The search for covariance parameters with a ratio of variances held at a value."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.mixed.covariance_model import factor_curvature, from_factors
from splw_eval.stats.mixed.criterion import Criterion, transposed
from splw_eval.stats.mixed.held_ratios import (
    NOTHING,
    HeldRatios,
    moved_onto,
    off_constraint,
    restored,
)
from splw_eval.stats.mixed.model_fit import ModelFit
from splw_eval.stats.mixed.moments import Floats, Places
from splw_eval.stats.mixed.ratios import Ratios
from splw_eval.stats.mixed.scoring import score_and_information
from splw_eval.stats.mixed.search import solve_held

_DECREMENT = 1e-8  # of the deviance still to gain; an interval's end moves by far less
_MOST_STEPS = 100
_HALVINGS = 30
_ROUNDING = 1e-11
_ACROSS = 10.0  # times the information across the constraint
_POSITIVE = 1e-4  # smallest eigenvalue of an observed information that is stepped by


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstrainedFit:
    """Best fit of each of E rows with its ratio held.

    Attributes
    ----------
    phi : ndarray, shape (E, R)
        Parameters, matrices by their Cholesky factors; a later search may begin here.
    theta : ndarray, shape (E, R)
    deviance : ndarray, shape (E,)
    slope : ndarray, shape (E,)
        Of the deviance in the value at which the ratio is held.
    converged : ndarray of bool, shape (E,)
    """

    phi: Floats
    theta: Floats
    deviance: Floats
    slope: Floats
    converged: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Step:
    deviance: Floats
    step: Floats
    gain: Floats
    slope: Floats

    def rows(self, kept: Places) -> _Step:
        return _Step(
            deviance=self.deviance[kept],
            step=self.step[kept],
            gain=self.gain[kept],
            slope=self.slope[kept],
        )


def fit_constrained(
    fitted: ModelFit, ratios: Ratios, value: Floats, begin: Floats
) -> ConstrainedFit:
    """Find the parameters of greatest (restricted) likelihood with each ratio held at a value.

    Parameters
    ----------
    fitted : ModelFit
        Of E replicates, or of one that serves every row.
    ratios : Ratios
        Of E rows.
    value : ndarray, shape (E,)
    begin : ndarray, shape (E, R)
        As `begin_constrained` gives, or the `phi` of a search for a value nearby.

    Returns
    -------
    ConstrainedFit

    Notes
    -----
    Fisher scoring in the null space of the constraint numerator - value x denominator = 0,
    with step halving. A step ends where it meets a variance's bound, which is then held.
    """
    task = HeldRatios(
        moments=fitted.moments, model=fitted.model, ratios=ratios, value=value, reml=fitted.reml
    )
    phi = moved_onto(task, begin)
    gain, slope = np.full(len(phi), np.inf), np.zeros(len(phi))
    deviance = np.full(len(phi), np.inf)
    left, at = np.arange(len(phi)), None
    for _ in range(_MOST_STEPS):
        part = task.rows(left)
        step = _step(part, phi[left], at)
        gain[left], slope[left], deviance[left] = step.gain, step.slope, step.deviance
        going = step.gain >= _DECREMENT
        if not going.any():
            break
        left, places = left[going], np.flatnonzero(going)
        moved, better, at = _line(task.rows(left), phi[left], step.rows(places))
        phi[left[better]] = moved[better]
        left = left[better]
        if not len(left):
            break
    theta, _ = from_factors(phi, fitted.model.factored)
    off = off_constraint(task, phi)
    converged = np.isfinite(deviance) & (gain < 1e3 * _DECREMENT) & ~off
    deviance = np.where(off, np.inf, deviance)
    return ConstrainedFit(phi=phi, theta=theta, deviance=deviance, slope=slope, converged=converged)


def _step(task: HeldRatios, phi: Floats, at: Criterion | None) -> _Step:
    """Scoring step that keeps the constraint to first order; held parameters do not move."""
    model = task.model
    theta, turn = from_factors(phi, model.factored)
    _, _, e, f = model.with_slopes(theta)
    effects = model.clusters.effects
    at = task.criterion(phi) if at is None else at
    slopes = score_and_information(task.moments, effects, at, e, f, reml=task.reml)
    h, c = task.excess(phi)
    score, both = slopes.score, np.stack([slopes.expected, slopes.observed])
    if turn is not None:
        bent = _lagrangian(task, theta, score, slopes.expected)
        both = transposed(turn) @ both @ turn + factor_curvature(bent, model.factored)
        score = (transposed(turn) @ score[..., None])[..., 0]
    linear = model.structure.linear and model.clusters.name != "decay"
    information = _steepest(both, c) if linear else both[0]
    held, low, high = np.zeros(phi.shape, dtype=bool), model.lowest, task.highest
    while True:
        free = ~held
        by_score = solve_held(information, score * free, held)
        along = solve_held(information, c * free, held)
        length = (c * along).sum(axis=1)
        safe = np.where(length > 0, length, 1.0)
        multiplier = np.where(length > 0, ((c * by_score).sum(axis=1) + h) / safe, 0.0)
        step = by_score - multiplier[:, None] * along
        outwards = ((phi <= low) & (step < 0) | (phi >= high) & (step > 0)) & free
        if not outwards.any():
            break
        held |= outwards
    gain = (step * (information @ step[..., None])[..., 0]).sum(axis=1)
    slope = -2 * multiplier * task.ratios.parts(theta)[1]
    return _Step(deviance=at.deviance, step=step, gain=gain, slope=slope)


def _steepest(both: Floats, c: Floats) -> Floats:
    """Observed information where it is positive along the constraint, or else the expected.

    A multiple of c c' changes no step along the constraint, but takes away what is negative
    across it only.
    """
    expected, observed = both
    size = np.sqrt(np.maximum(np.einsum("brr->br", expected), np.finfo(float).tiny))
    unit = c / size
    length = np.maximum((unit**2).sum(axis=1), np.finfo(float).tiny)
    with np.errstate(over="ignore", invalid="ignore"):  # looked at in the next line
        added = c[:, :, None] * c[:, None, :] * (_ACROSS / length)[:, None, None]
        whole = observed + added
        scaled = whole / (size[:, :, None] * size[:, None, :])
    finite = np.isfinite(scaled).all(axis=(1, 2))
    values = np.linalg.eigvalsh(np.where(finite[:, None, None], scaled, np.eye(c.shape[1])))
    good = finite & (values[:, 0] > _POSITIVE)
    found: Floats = np.where(good[:, None, None], whole, expected)
    return found


def _lagrangian(task: HeldRatios, theta: Floats, score: Floats, information: Floats) -> Floats:
    """Score of the parameters less what the constraint takes of it."""
    _, c = task.ratios.excess(theta, task.value)
    none = np.zeros(theta.shape, dtype=bool)
    along = solve_held(information, c, none)
    length = (c * along).sum(axis=1)
    multiplier = (score * along).sum(axis=1) / np.where(length > 0, length, 1.0)
    bent: Floats = score - multiplier[:, None] * c
    return bent


def _line(
    task: HeldRatios, phi: Floats, by: _Step
) -> tuple[Floats, NDArray[np.bool_], Criterion | None]:
    """Take the longest of the halved steps that does not raise the deviance; whether there is.

    The criterion comes along where the first step was good for all.
    """
    full, meets = _room(task, phi, by.step)
    moved: Floats = phi.copy()
    better = np.zeros(len(phi), dtype=bool)
    todo, length = np.arange(len(phi)), 1.0
    for halving in range(_HALVINGS):
        part = task.rows(todo)
        trial: Floats = phi[todo] + length * full[todo, None] * by.step[todo]
        trial = np.clip(trial, task.model.lowest, task.highest)
        if not halving:
            trial = np.where(meets[todo], _ends(task, by.step)[todo], trial)
        if part.curved:
            trial = restored(part, trial)
        limit = by.deviance[todo] + _ROUNDING * np.abs(by.deviance[todo])
        at = part.criterion(trial)
        good = at.deviance <= limit
        if not halving and good.all():
            return trial, np.asarray(good), at
        moved[todo[good]], better[todo[good]] = trial[good], True
        todo = todo[~good]
        if not len(todo):
            break
        length /= 2
    return moved, better, None


def _ends(task: HeldRatios, step: Floats) -> Floats:
    """Bound to which a step leads."""
    return np.where(step < 0, task.model.lowest, task.highest)


def _room(task: HeldRatios, phi: Floats, step: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """Share of a step (E,) until it meets a bound, and which parameters meet it."""
    moving = step != 0
    share = (_ends(task, step) - phi) / np.where(moving, step, 1.0)
    share = np.where(moving & (share > 0), share, np.inf)
    full = np.minimum(share.min(axis=1), 1.0)
    return full, (share <= full[:, None] * (1 + NOTHING)) & (full < 1)[:, None]
