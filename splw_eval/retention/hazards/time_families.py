"""Families of curves of time to leaving, fitted by lifelines, in the letters of survreg."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splw_eval.core.errors import FitError

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]

INTERCEPT = "Intercept"
_SLOPES = (1e-9, 1e-7)  # of the likelihood where the search may end
# lifelines' names: the fitter, the parameter of the middle, that of the spread, and whether
# the latter is the logarithm of the scale (1) or of its inverse (-1).
FAMILIES = {
    "weibull": ("WeibullAFTFitter", "lambda_", "rho_", -1.0),
    "lognormal": ("LogNormalAFTFitter", "mu_", "sigma_", 1.0),
    "loglogistic": ("LogLogisticAFTFitter", "alpha_", "beta_", -1.0),
}


def engaged(family: str, z: Floats) -> Floats:
    """Share still engaged at a standardised logarithm of time.

    Parameters
    ----------
    family : str
    z : ndarray

    Returns
    -------
    ndarray
    """
    from scipy.special import expit, ndtr

    with np.errstate(over="ignore"):
        if family == "weibull":
            share = np.exp(-np.exp(z))
        else:
            share = ndtr(-z) if family == "lognormal" else expit(-z)
    return np.asarray(share, dtype=np.float64)


def fit_family(days: Floats, left: Any, x: Floats, family: str) -> tuple[Floats, Floats, float]:
    """Fit log(days) = x beta + scale times an error of the family.

    Parameters
    ----------
    days : ndarray, shape (n,)
        Above 0.
    left : ndarray of bool, shape (n,)
    x : ndarray, shape (n, p)
        The first column is 1.
    family : str

    Returns
    -------
    coefficients : ndarray, shape (p + 1,)
        The last is the logarithm of the scale.
    covariance : ndarray, shape (p + 1, p + 1)
    log_likelihood : float

    Raises
    ------
    FitError
        The search does not end.
    """
    import lifelines
    import pandas as pd

    fitter_name, middle, spread, sign = FAMILIES[family]
    names = [f"x{place}" for place in range(1, x.shape[1])]
    # Days and columns near 1 let the search end; undone below.
    centre, size = x[:, 1:].mean(axis=0), x[:, 1:].std(axis=0)
    unit = float(np.exp(np.log(days).mean()))
    frame = pd.DataFrame((x[:, 1:] - centre) / size, columns=names)
    frame["days"], frame["left"] = days / unit, left.astype(int)
    fitter = getattr(lifelines, fitter_name)()
    _search(fitter, frame)
    order = [*((middle, name) for name in (INTERCEPT, *names)), (spread, INTERCEPT)]
    found = np.array([float(fitter.params_[key]) for key in order])
    covariance = fitter.variance_matrix_.loc[order, order].to_numpy(dtype=float)
    back = np.diag([1.0, *(1.0 / size), sign])
    back[0, 1:-1] = -centre / size
    beta = back @ found
    beta[0] += np.log(unit)
    likelihood = float(fitter.log_likelihood_) - float(left.sum()) * np.log(unit)
    return beta, back @ covariance @ back.T, likelihood


def _search(fitter: Any, frame: pd.DataFrame) -> None:
    """Fit, asking for less where rounding keeps the slopes from being so small."""
    import lifelines

    trouble: Exception | None = None
    for slope in _SLOPES:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                options = {"ftol": 1e-14, "gtol": slope}
                fitter.fit(frame, duration_col="days", event_col="left", fit_options=options)
        except (lifelines.exceptions.ConvergenceError, np.linalg.LinAlgError, ValueError) as error:
            trouble = error
        else:
            return
    remedy = "Leave covariates out, or choose another family."
    raise FitError("The search for the likeliest curve did not end.", remedy=remedy) from trouble
