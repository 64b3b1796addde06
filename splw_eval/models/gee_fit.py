"""Point estimates of generalised estimating equations, with the pieces of their covariance."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from splw_eval.core.errors import FitError
from splw_eval.models.gee_families import Family
from splw_eval.models.variables import Codes, Floats
from splw_eval.stats.gee_corrections import GeePieces, exchangeable_pieces
from splw_eval.stats.proportional_odds import fit_proportional_odds, proportional_odds_pieces

# What a further step could still move, in standard errors (squared), at a settled estimate.
_SETTLED = 1e-10
_SCORE = 1e-8
_STEPS = 200
# A negative correlation near its lower bound gives the mean of a large cluster nearly all weight.
_LEAST_SPREAD = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class GeeFit:
    """Estimates and what every cluster gave to them.

    Attributes
    ----------
    estimate : ndarray, shape (p,)
    pieces : GeePieces
    correlation : float or None
        Of any two rows of a cluster; None under working independence.
    scale : float or None
        Mean squared Pearson residual; None for bands.
    notes : tuple of str
    """

    estimate: Floats
    pieces: GeePieces
    correlation: float | None
    scale: float | None
    notes: tuple[str, ...] = ()


def fit_equations(
    x: Floats, y: Floats, cluster: Codes, family: Family, *, exchangeable: bool
) -> GeeFit:
    """Solve the estimating equations of a binary outcome, a count or a mean by statsmodels.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
    y : ndarray, shape (rows,)
    cluster : ndarray of int, shape (rows,)
    family : Family
    exchangeable : bool
        Otherwise working independence.

    Returns
    -------
    GeeFit

    Raises
    ------
    FitError
        The equations do not settle.

    Notes
    -----
    The moments of scale and correlation are divided by rows and pairs, not less p (as geepack).
    Where the exchangeable correlation is not defined, or cannot hold in the largest cluster,
    working independence takes its place and a note says so.
    """
    if not exchangeable:
        return _solved(x, y, cluster, family, exchangeable=False)
    sizes = np.bincount(cluster)
    if sizes.max() == 1:
        fit = _solved(x, y, cluster, family, exchangeable=False)
        return _noted(fit, "no cluster has two rows, so there is no correlation to estimate")
    try:
        fit = _solved(x, y, cluster, family, exchangeable=True)
    except FitError:
        fit = _solved(x, y, cluster, family, exchangeable=False)
        return _noted(fit, "the equations with an exchangeable correlation did not settle")
    found = fit.correlation or 0.0
    if 1 + (sizes.max() - 1) * found < _LEAST_SPREAD:
        fit = _solved(x, y, cluster, family, exchangeable=False)
        largest = f"the largest cluster ({sizes.max()} rows)"
        return _noted(fit, f"the correlation found, {found:.4f}, can hardly hold in {largest}")
    return fit


def fit_bands(x: Floats, band: Codes, cluster: Codes) -> GeeFit:
    """Solve the equations of proportional odds with working independence between rows.

    Parameters
    ----------
    x : ndarray, shape (rows, p)
        Without a column of ones.
    band : ndarray of int, shape (rows,)
    cluster : ndarray of int, shape (rows,)

    Returns
    -------
    GeeFit
        Thresholds first, then slopes.
    """
    fit = fit_proportional_odds(band, x)
    estimate = np.concatenate([fit.thresholds, fit.slopes])
    pieces = proportional_odds_pieces(estimate, band, x, cluster)
    return GeeFit(estimate=estimate, pieces=pieces, correlation=None, scale=None)


def _solved(x: Floats, y: Floats, cluster: Codes, family: Family, *, exchangeable: bool) -> GeeFit:
    # Columns of one size, so that one limit of the score suits them all.
    size = np.sqrt((x**2).mean(axis=0))
    scaled, correlation = _by_statsmodels(x / size, y, cluster, family.name, exchangeable)
    estimate = scaled / size
    if not (np.isfinite(estimate).all() and np.isfinite(correlation)):
        raise FitError("The estimating equations have no finite solution here.")
    eta = x @ estimate
    mean = family.mean(eta)
    variance = family.variance(mean)
    if not (np.isfinite(variance).all() and (variance > 0).all()):
        raise FitError("The estimating equations run to risks of 0 or 1.")
    pieces = exchangeable_pieces(
        x * family.slope(eta)[:, None], y - mean, variance, cluster, correlation
    )
    scale = float(np.mean((y - mean) ** 2 / variance))
    _check_settled(pieces, scale)
    return GeeFit(
        estimate=estimate,
        pieces=pieces,
        correlation=correlation if exchangeable else None,
        scale=scale,
    )


def _by_statsmodels(
    x: Floats, y: Floats, cluster: Codes, family: str, exchangeable: bool
) -> tuple[Floats, float]:
    from statsmodels.genmod.cov_struct import Exchangeable, Independence
    from statsmodels.genmod.families import Binomial, Gaussian, Poisson
    from statsmodels.genmod.generalized_estimating_equations import GEE

    families: dict[str, Any] = {"binary": Binomial, "count": Poisson, "gaussian": Gaussian}
    structure = Exchangeable() if exchangeable else Independence()
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        # Whether it settled is looked at below, by the equations themselves.
        warnings.simplefilter("ignore")
        model = GEE(y, x, groups=cluster, family=families[family](), cov_struct=structure)
        try:
            fit = model.fit(maxiter=_STEPS, ctol=_SCORE, ddof_scale=0, cov_type="naive")
        except (ValueError, np.linalg.LinAlgError):
            raise FitError("The estimating equations could not be solved.") from None
    correlation = float(structure.dep_params) if exchangeable else 0.0
    return np.asarray(fit.params, dtype=float), correlation


def _check_settled(pieces: GeePieces, scale: float) -> None:
    score = pieces.scores.sum(axis=0)
    try:
        move = np.linalg.solve(pieces.information.sum(axis=0), score)
    except np.linalg.LinAlgError:
        raise FitError("The columns of the design are linearly dependent.") from None
    if not score @ move <= _SETTLED * scale:
        raise FitError(
            f"The estimating equations did not settle in {_STEPS} steps.",
            remedy="Leave terms out of the fixed part, or use working independence.",
        )


def _noted(fit: GeeFit, why: str) -> GeeFit:
    note = f"Working independence was used: {why}. The estimates stay valid, only less precise."
    return GeeFit(
        estimate=fit.estimate,
        pieces=fit.pieces,
        correlation=None,
        scale=fit.scale,
        notes=(note,),
    )
