"""One mixed model from rows: statistics gathered, covariance searched for, effects estimated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.criterion import transposed
from splw_eval.stats.mixed.information import parameter_variance
from splw_eval.stats.mixed.kenward_roger import ContrastTest, adjusted_covariance, kenward_roger
from splw_eval.stats.mixed.moments import Floats, Moments, conditioned
from splw_eval.stats.mixed.satterthwaite import satterthwaite
from splw_eval.stats.mixed.search import MixedFit, fit_covariance

_FLOOR = 0.05  # of the largest eigenvalue: where the search begins must be positive definite
_WIDE = 6.0  # times the usual clusters' share, at which a second search begins


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFit:
    """A fitted model of B replicates, in the columns of x as they were given.

    Attributes
    ----------
    moments : Moments
        Conditioned.
    model : CovarianceModel
    fit : MixedFit
    reml : bool
    beta : ndarray, shape (B, p)
    phi : ndarray, shape (B, p, p)
        (X' V^-1 X)^-1.
    deviance : ndarray, shape (B,)
        -2 (restricted) log likelihood with all constants, as lme4.
    """

    moments: Moments
    model: CovarianceModel
    fit: MixedFit
    reml: bool
    beta: Floats
    phi: Floats
    deviance: Floats

    @property
    def to_x(self) -> Floats:
        """Matrix by which rows of a contrast are written in the basis of the moments."""
        return self.moments.basis[:-1, :-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inference:
    """What tests need, worked out once a fit, rule of information and rule of boundary.

    Attributes
    ----------
    fitted : ModelFit
    w : ndarray, shape (B, R, R)
        Variance of the covariance parameters.
    usable : ndarray of bool, shape (B,)
    adjusted : ndarray, shape (B, p, p)
        Kenward and Roger's covariance, in the basis of the moments.
    """

    fitted: ModelFit
    w: Floats
    usable: NDArray[np.bool_]
    adjusted: Floats

    @property
    def adjusted_in_x(self) -> Floats:
        """Kenward and Roger's covariance in the columns of x."""
        turn = self.fitted.to_x
        found: Floats = turn @ self.adjusted @ turn.T
        return found

    def kenward_roger(self, rows: Floats) -> ContrastTest:
        """Test L beta = 0 for L (l, p) in the columns of x."""
        fit = self.fitted.fit
        return kenward_roger(
            rows @ self.fitted.to_x,
            self._beta,
            fit.at.phi,
            self.adjusted,
            fit.slopes,
            self.w,
        )

    def satterthwaite(self, rows: Floats) -> ContrastTest:
        """Test L beta = 0 for L (l, p) in the columns of x."""
        fit = self.fitted.fit
        return satterthwaite(rows @ self.fitted.to_x, self._beta, fit.at.phi, fit.slopes, self.w)

    @property
    def _beta(self) -> Floats:
        """Coefficients in the basis of x's part alone, so that L beta is that of x."""
        return np.linalg.solve(self.fitted.to_x, self.fitted.beta[..., None])[..., 0]


def fit_model(moments: Moments, model: CovarianceModel, *, reml: bool = True) -> ModelFit:
    """Fit a covariance model to moments.

    Parameters
    ----------
    moments : Moments
    model : CovarianceModel
    reml : bool

    Returns
    -------
    ModelFit

    Raises
    ------
    FitError
        The columns of x are not of full rank.

    Notes
    -----
    Where a variance of clusters ends at zero, or a search does not end, a second search begins
    further off, and the better of the two is kept: the criterion may have two peaks.
    """
    ready = conditioned(moments)
    rough = rough_covariance(ready)
    begin = model.begin(rough)
    fit = fit_covariance(ready, model, begin, reml=reml)
    if len(begin) == 1 and (fit.bound.any() or not fit.converged.all()):
        far = begin.copy()
        far[:, model.of_people :] *= np.where(begin[:, model.of_people :] < 1, _WIDE, 1.0)
        if np.isfinite(model.lowest[model.of_people :]).all():
            other = fit_covariance(ready, model, far, reml=reml)
            if other.at.deviance[0] < fit.at.deviance[0]:
                fit = other
    return _in_x(ready, model, fit, reml=reml)


def _in_x(moments: Moments, model: CovarianceModel, fit: MixedFit, *, reml: bool) -> ModelFit:
    turn = moments.basis
    left = np.concatenate([-fit.at.beta, np.ones((len(fit.at.beta), 1))], axis=1) @ turn.T
    inner = turn[:-1, :-1]
    shift = 2 * np.linalg.slogdet(inner)[1] if reml else 0.0
    return ModelFit(
        moments=moments,
        model=model,
        fit=fit,
        reml=reml,
        beta=-(left / left[:, -1:])[:, :-1],
        phi=inner @ fit.at.phi @ transposed(inner[None])[0],
        deviance=fit.at.deviance - shift,
    )


def rough_covariance(moments: Moments) -> Floats:
    """Covariance of the outcome left over by least squares, pair by pair, shape (B, T, T).

    Parameters
    ----------
    moments : Moments
        Conditioned.

    Returns
    -------
    ndarray
        Positive definite.
    """
    seen = moments.seen.astype(float)
    pairs = np.einsum("kj,js,jt->st", moments.counts, seen, seen)
    v = moments.products[..., -1, -1].sum(axis=1) / np.maximum(pairs, 1.0)
    values, vectors = np.linalg.eigh(v)
    values = np.maximum(values, _FLOOR * values[:, -1:])
    rough: Floats = (vectors * values[:, None]) @ transposed(vectors)
    return rough


def infer(fitted: ModelFit, *, information: str = "expected", boundary: str = "keep") -> Inference:
    """Prepare tests of the fixed effects.

    Parameters
    ----------
    fitted : ModelFit
    information : str
        ``expected`` or ``observed``.
    boundary : str
        ``keep`` or ``conditional``.

    Returns
    -------
    Inference
    """
    fit = fitted.fit
    w, usable = parameter_variance(
        fit.slopes, fit.bound, information=information, boundary=boundary
    )
    adjusted = adjusted_covariance(fit.at.phi, fit.slopes, w)
    return Inference(fitted=fitted, w=w, usable=usable, adjusted=adjusted)
