"""One mixed model from rows: statistics gathered, covariance searched for, effects estimated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.covariance_model import CovarianceModel
from splw_eval.stats.mixed.criterion import evaluate_criterion, transposed
from splw_eval.stats.mixed.information import parameter_variance
from splw_eval.stats.mixed.kenward_roger import ContrastTest, adjusted_covariance, kenward_roger
from splw_eval.stats.mixed.kr_curvature import curvature_of, is_linear
from splw_eval.stats.mixed.moments import Floats, Moments, conditioned
from splw_eval.stats.mixed.satterthwaite import satterthwaite
from splw_eval.stats.mixed.search import MixedFit, fit_covariance

_FLOOR = 0.05  # of the largest eigenvalue: where the search begins must be positive definite
_SHRINK = (0.5, 0.1, 0.0)  # of covariances, until the search can begin
_EXACT = 1e-13  # of the outcome's sum of squares about its mean; below, x fits y exactly
_NO_SPREAD = 1e-26  # of the outcome's sum of squares: its rounding
_FEWER = "Ask for a covariance with fewer parameters."
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


@dataclass(frozen=True, kw_only=True)
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
        found: Floats = turn @ self._positive @ turn.T
        return found

    def kenward_roger(self, rows: Floats) -> ContrastTest:
        """Test L beta = 0 for L (l, p) in the columns of x."""
        fit, rows = self.fitted.fit, _independent(rows)
        return kenward_roger(
            rows @ self.fitted.to_x,
            self._beta,
            fit.at.phi,
            self._positive,
            fit.slopes,
            self.w,
        )

    def satterthwaite(self, rows: Floats) -> ContrastTest:
        """Test L beta = 0 for L (l, p) in the columns of x."""
        fit, rows = self.fitted.fit, _independent(rows)
        test = satterthwaite(rows @ self.fitted.to_x, self._beta, fit.at.phi, fit.slopes, self.w)
        if len(test.f) == 1 and not np.isfinite(test.f[0]):
            raise FitError("The covariance of the contrast is not positive.", remedy=_FEWER)
        return test

    @cached_property
    def _positive(self) -> Floats:
        """Kenward and Roger's covariance; of one data set refused where it is none."""
        one = self.adjusted[0]
        lost = not np.isfinite(one).all() or np.linalg.eigvalsh(one)[0] <= 0
        if len(self.adjusted) == 1 and lost:
            message = "Kenward and Roger's covariance is not positive definite."
            raise FitError(message, remedy=f"Ask for other degrees of freedom. {_FEWER}")
        return self.adjusted

    @cached_property
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
        The columns of x are not of full rank; of one data set also: x fits y exactly, or there
        is no covariance at which the criterion can be evaluated.

    Notes
    -----
    Where a variance of clusters ends at zero, or a search does not end, a second search begins
    further off, and the better of the two is kept: the criterion may have two peaks.
    """
    ready = conditioned(moments)
    _refuse_exact(moments, ready)
    begin = _begin(ready, model, reml=reml)
    fit = fit_covariance(ready, model, begin, reml=reml)
    clustered = begin.shape[1] > model.of_people
    if len(begin) == 1 and clustered and (fit.bound.any() or not fit.converged.all()):
        far = begin.copy()
        far[:, model.of_people :] *= np.where(begin[:, model.of_people :] < 1, _WIDE, 1.0)
        if np.isfinite(model.lowest[model.of_people :]).all():
            other = fit_covariance(ready, model, far, reml=reml)
            if other.at.deviance[0] < fit.at.deviance[0]:
                fit = other
    if len(begin) == 1 and not fit.at.usable[0]:
        raise FitError(
            "There is no covariance of this form at which these rows have a likelihood.",
            remedy=_FEWER,
        )
    return in_x(ready, model, fit, reml=reml)


def _refuse_exact(moments: Moments, ready: Moments) -> None:
    """Refuse a single outcome of which x leaves nothing but rounding."""
    if len(moments.products) > 1:
        return
    back = np.linalg.inv(moments.basis)
    total = np.einsum("jaaxy->xy", moments.products[0])
    raw = float((back.T @ total @ back)[-1, -1])
    left = float(np.einsum("jaaxy->xy", ready.products[0])[-1, -1])
    if moments.rows <= len(total) - 1 or left <= max(_EXACT * total[-1, -1], _NO_SPREAD * raw):
        raise FitError(
            "Nothing of the outcome is left over: it is constant, or the fixed part fits every row."
        )


def _begin(moments: Moments, model: CovarianceModel, *, reml: bool) -> Floats:
    """Where the search begins: from rough covariances, shrunk where they are not usable."""
    rough = rough_covariance(moments)
    begin = model.begin(rough)
    apart = ~np.eye(rough.shape[-1], dtype=bool)
    for share in _SHRINK:
        sigma, g = model.matrices(begin)
        at = evaluate_criterion(moments, model.clusters.effects, sigma, g, reml=reml)
        if at.usable.all():
            break
        begin = np.where(
            at.usable[:, None], begin, model.begin(np.where(apart, share * rough, rough))
        )
    return begin


def in_x(moments: Moments, model: CovarianceModel, fit: MixedFit, *, reml: bool) -> ModelFit:
    """Write a fit of conditioned moments in the columns of x as they were given."""
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
    values = np.where(values[:, -1:] > 0, np.maximum(values, _FLOOR * values[:, -1:]), 1.0)
    rough: Floats = (vectors * values[:, None]) @ transposed(vectors)
    return rough


def infer(
    fitted: ModelFit,
    *,
    information: str = "expected",
    boundary: str = "keep",
    second_order: bool = False,
) -> Inference:
    """Prepare tests of the fixed effects.

    Parameters
    ----------
    fitted : ModelFit
    information : str
        ``expected`` or ``observed``.
    boundary : str
        ``keep`` or ``conditional``.
    second_order : bool
        Take the term in the second derivatives of the covariance into Kenward and Roger's
        covariance, as SAS ddfm=kr; without it as ddfm=kr(linear). It is zero where the
        covariance is linear in its parameters; elsewhere it depends on how the covariance is
        written (`kr_curvature.curvature_of`) and may make standard errors smaller. The
        degrees of freedom are the same.

    Returns
    -------
    Inference

    Raises
    ------
    FitError
        Of one data set: the information cannot be inverted.
    """
    fit, slopes, bends = fitted.fit, fitted.fit.slopes, None
    if (second_order or information == "observed") and not is_linear(fitted.model):
        bends = curvature_of(fitted.moments, fitted.model, fit.theta, fit.at, reml=fitted.reml)
        slopes = replace(slopes, observed=slopes.observed - bends.score)
    w, usable = parameter_variance(slopes, fit.bound, information=information, boundary=boundary)
    added = bends.r if bends is not None and second_order else None
    adjusted = adjusted_covariance(fit.at.phi, slopes, w, added)
    if len(usable) == 1 and not usable[0]:
        message = f"The {information} information of the covariance parameters is singular"
        raise FitError(f"{message}: these rows do not tell them apart.", remedy=_FEWER)
    return Inference(fitted=fitted, w=w, usable=usable, adjusted=adjusted)


def _independent(rows: Floats) -> Floats:
    """Rows of a contrast, if they can be tested together."""
    found = np.atleast_2d(np.asarray(rows, dtype=float))
    whole = np.isfinite(found).all()
    if whole:
        whole = found.any() if len(found) == 1 else np.linalg.matrix_rank(found) == len(found)
    if not whole:
        raise FitError("A contrast has a row that is not finite, or that the others make up.")
    return found
