"""REML of many trials at once: average information with bounds, from where the truth is known."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.cell_models.at_parameters import (
    AtParameters,
    at_parameters,
    covariances_at,
)
from splw_eval.stats.cell_models.average_information import score_and_average
from splw_eval.stats.cell_models.cells import Cells, Codes, Floats
from splw_eval.stats.cell_models.expected_information import derivatives_at
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.derivatives import Derivatives
from splw_eval.stats.mixed.information import parameter_variance
from splw_eval.stats.mixed.kenward_roger import ContrastTest, adjusted_covariance, kenward_roger
from splw_eval.stats.mixed.satterthwaite import satterthwaite
from splw_eval.stats.mixed.search import solve_held

DECREMENT = 1e-7  # Newton decrement at the end: parts of a thousandth of a standard error
_MOST_STEPS, _HALVINGS = 200, 30
_PATIENT = 8  # steps of average information, after which the observed is differenced
_DIFFERENCE = 1e-5  # step of differences, relative
_LEAST = 1e-2  # of the largest parameter, for the step of one that is zero
_RANK = 1e-9  # smallest eigenvalue of an information with diagonal one that can be inverted
_CURVED = 1e-3  # smallest eigenvalue of an observed information with diagonal one
_ROUNDING = 1e-11  # of the deviance, relative: an increase below it is none


@dataclass(frozen=True, kw_only=True)
class CellsFit:
    """Estimates of B trials.

    Attributes
    ----------
    cells : Cells
    model : CovarianceModel
    theta : ndarray, shape (B, R)
    at : AtParameters
    bound : ndarray of bool, shape (B, R)
        Parameters on a bound: variances estimated as zero.
    converged : ndarray of bool, shape (B,)
    """

    cells: Cells
    model: CovarianceModel
    theta: Floats
    at: AtParameters
    bound: NDArray[np.bool_]
    converged: NDArray[np.bool_]

    @cached_property
    def slopes(self) -> Derivatives:
        """Derivatives at the end, worked out when first asked for."""
        return derivatives_at(self.cells, self.at)

    @np.errstate(over="ignore", invalid="ignore", divide="ignore")
    def test(
        self, row: Floats, *, rule: str, boundary: str = "keep"
    ) -> tuple[ContrastTest, NDArray[np.bool_]]:
        """Test one contrast of every trial.

        Parameters
        ----------
        row : ndarray, shape (p,)
        rule : {"satterthwaite", "kenward-roger"}
        boundary : {"keep", "conditional"}
            What happens to variances estimated as zero.

        Returns
        -------
        ContrastTest
        ndarray of bool, shape (B,)
            Whether the information of the trial could be inverted.
        """
        w, usable = parameter_variance(
            self.slopes, self.bound, information="expected", boundary=boundary
        )
        phi, beta = np.moveaxis(self.at.phi, 2, 0), self.at.beta.T
        rows = np.atleast_2d(row)
        if rule == "satterthwaite":
            return satterthwaite(rows, beta, phi, self.slopes, w), usable
        adjusted = adjusted_covariance(phi, self.slopes, w)
        return kenward_roger(rows, beta, phi, adjusted, self.slopes, w), usable


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # of trials that give up
def fit_cells(cells: Cells, model: CovarianceModel, begin: Floats) -> CellsFit:
    """Fit every trial by REML.

    Parameters
    ----------
    cells : Cells
    model : CovarianceModel
        Effects of clusters: ``none``, ``intercept``, ``wave`` or ``decay``.
    begin : ndarray, shape (R,)
        Where the search begins: the truth, where trials are drawn. The end does not hang on it.

    Returns
    -------
    CellsFit

    Raises
    ------
    FitError
        The model has matrices that must stay semidefinite as a whole.
    """
    if model.factored:
        raise FitError("Here clusters take one effect, one for each visit, or decaying ones.")
    theta = np.tile(begin, (cells.trials, 1))
    converged = np.zeros(len(theta), dtype=bool)
    left, at, part = np.arange(len(theta)), None, cells
    for number in range(_MOST_STEPS):
        at = _at(part, model, theta[left]) if at is None else at
        step, gain = _step(part, model, theta[left], at, newton=number >= _PATIENT)
        done = at.good & (np.abs(gain) < DECREMENT)
        converged[left[done]] = True
        going = np.flatnonzero(at.good & ~done & np.isfinite(gain))
        if not len(going):
            break
        part, left = part.trials_at(going), left[going]
        moved, better, at = _line(part, model, theta[left], step[going], at.deviance[going])
        if not better.all():
            going = np.flatnonzero(better)
            part, left, moved = part.trials_at(going), left[going], moved[going]
        theta[left] = moved
        if not len(left):
            break
    end = _at(cells, model, theta)
    return CellsFit(
        cells=cells,
        model=model,
        theta=theta,
        at=end,
        bound=(theta <= model.lowest) | (theta >= model.highest),
        converged=converged & end.good,
    )


def _at(cells: Cells, model: CovarianceModel, theta: Floats) -> AtParameters:
    return at_parameters(cells, covariances_at(cells, model, theta))


def _step(
    cells: Cells, model: CovarianceModel, theta: Floats, at: AtParameters, *, newton: bool
) -> tuple[Floats, Floats]:
    """Step and Newton decrement; parameters that a bound holds do not move."""
    score, information = score_and_average(cells, at)
    if newton:
        information = _observed(cells, model, theta, score, information)
    usable = at.good & np.isfinite(score).all(axis=1) & np.isfinite(information).all(axis=(1, 2))
    score = np.where(usable[:, None], score, 0.0)
    information = np.where(usable[:, None, None], information, np.eye(theta.shape[1]))
    low, high = theta <= model.lowest, theta >= model.highest
    held = (low & (score <= 0)) | (high & (score >= 0))
    while True:
        step = _solved(information, np.where(held, 0.0, score), held)
        outwards = ((low & (step < 0)) | (high & (step > 0))) & ~held
        if not outwards.any():
            break
        held |= outwards
    gain = (np.where(held, 0.0, score) * step).sum(axis=1)
    return step, np.where(usable, gain, np.nan)


def _solved(information: Floats, score: Floats, held: NDArray[np.bool_]) -> Floats:
    """Step of every trial; along the diagonal alone where an information is singular."""
    try:
        return solve_held(information, score, held)
    except np.linalg.LinAlgError:
        diagonal = np.einsum("brr->br", information)
        size = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
        scaled = information / (size[:, :, None] * size[:, None, :])
        whole = np.linalg.eigvalsh(scaled)[:, 0] > _RANK
        alone = size[:, :, None] ** 2 * np.eye(size.shape[1])
        return solve_held(np.where(whole[:, None, None], information, alone), score, held)


def _observed(
    cells: Cells, model: CovarianceModel, theta: Floats, score: Floats, average: Floats
) -> Floats:
    """Observed information by differences of the score; the average where it does not curve up.

    Where the covariance is not linear in its parameters the average information leaves its bend
    out, and near an edge the search would creep.
    """
    count, parameters = theta.shape
    size = np.maximum(np.abs(theta), _LEAST * np.abs(theta).max(axis=1, keepdims=True))
    length = _DIFFERENCE * np.where(theta + _DIFFERENCE * size > model.highest, -size, size)
    moved = theta + length.T[:, :, None] * np.eye(parameters)[:, None]  # (R, B, R)
    many = cells.trials_at(np.tile(np.arange(count), parameters))
    there, _ = score_and_average(many, _at(many, model, moved.reshape(-1, parameters)))
    found = (score - there.reshape(moved.shape)) / length.T[:, :, None]
    found = np.moveaxis(found, 0, 1)
    found = (found + np.swapaxes(found, 1, 2)) / 2
    size = np.sqrt(np.abs(np.einsum("brr->br", found)))
    scaled = found / np.where(size > 0, size, 1.0)[:, :, None]
    scaled = scaled / np.where(size > 0, size, 1.0)[:, None]
    finite = np.asarray(np.isfinite(scaled).all(axis=(1, 2)))
    scaled = np.where(finite[:, None, None], scaled, -np.eye(theta.shape[1]))
    upwards = np.linalg.eigvalsh(scaled)[:, 0] > _CURVED
    return np.where(upwards[:, None, None], found, average)


def _line(
    cells: Cells, model: CovarianceModel, theta: Floats, step: Floats, deviance: Floats
) -> tuple[Floats, NDArray[np.bool_], AtParameters | None]:
    """Take the longest of the halved steps that does not raise the deviance, if there is one."""
    moved, better = theta.copy(), np.zeros(len(theta), dtype=bool)
    todo: Codes = np.arange(len(theta))
    length, slack = 1.0, _ROUNDING * np.abs(deviance)
    for _ in range(_HALVINGS):
        trial = np.clip(theta[todo] + length * step[todo], model.lowest, model.highest)
        at = _at(cells.trials_at(todo), model, trial)
        good = at.deviance <= deviance[todo] + slack[todo]
        if len(todo) == len(theta) and good.all():
            return trial, good, at
        moved[todo[good]], better[todo[good]] = trial[good], True
        todo = todo[~good]
        if not len(todo):
            break
        length /= 2
    return moved, better, None
