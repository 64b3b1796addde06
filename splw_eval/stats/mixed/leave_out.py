"""A fitted model without some of its rows: their sums taken away, the search begun at its end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.stats.mixed.model_fit import ModelFit, fit_model, in_x
from splw_eval.stats.mixed.moments import Moments, conditioned
from splw_eval.stats.mixed.search import fit_covariance


def fit_without(fitted: ModelFit, part: Moments) -> ModelFit:
    """Fit the same model to what is left.

    Parameters
    ----------
    fitted : ModelFit
        With B = 1.
    part : Moments
        Of the rows to leave out, of whole people, in the basis of `fitted.moments` and with the
        same clusters.

    Returns
    -------
    ModelFit

    Raises
    ------
    FitError
        What is left does not carry the model.
    """
    left = without(fitted.moments, part)
    ready = conditioned(left)
    fit = fit_covariance(ready, fitted.model, fitted.fit.theta, reml=fitted.reml)
    found = in_x(ready, fitted.model, fit, reml=fitted.reml)
    if fit.bound.any() or not fit.converged[0]:  # there may be a second peak
        other = fit_model(left, fitted.model, reml=fitted.reml)
        if not fit.converged[0] or other.deviance[0] < found.deviance[0]:
            found = other
    if not found.fit.converged[0]:
        raise FitError("The search did not end on the rows that are left.")
    return found


def without(moments: Moments, part: Moments) -> Moments:
    """Take the sums of some people away.

    Parameters
    ----------
    moments : Moments
    part : Moments
        Of people who are among them, in the same basis.

    Returns
    -------
    Moments
        Patterns that nobody is left in are dropped.

    Raises
    ------
    FitError
        The bases differ, or nobody is left.
    """
    if not np.array_equal(part.basis, moments.basis):
        raise FitError("Sums that are taken away must be written in the basis of the others.")
    at = _places(moments, part)
    counts, sums, products = (
        moments.counts.copy(),
        moments.sums.copy(),
        moments.products.copy(),
    )
    counts[:, at] -= part.counts
    sums[:, :, at] -= part.sums
    products[:, at] -= part.products
    left = counts.sum(axis=0) > 0
    if not left.any():
        raise FitError("Nobody is left.")
    sums *= (counts > 0)[:, :, None, None]
    return replace(
        moments,
        seen=moments.seen[left],
        group=moments.group[left],
        counts=counts[:, left],
        sums=sums[:, :, left],
        products=products[:, left],
        rows=moments.rows - part.rows,
    )


def _places(moments: Moments, part: Moments) -> np.ndarray:
    """Where the patterns of a part stand among all."""
    same = (part.seen[:, None] == moments.seen).all(axis=2)
    same &= part.group[:, None] == moments.group
    if not same.any(axis=1).all():
        raise FitError("The part holds people whom the sums do not.")
    return np.asarray(same.argmax(axis=1))
