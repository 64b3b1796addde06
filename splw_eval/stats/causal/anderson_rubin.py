"""Anderson and Rubin's interval: right however little the allocation moved what was received."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from splw_eval.core.errors import FitError
from splw_eval.stats.causal.least_squares import fit_independent
from splw_eval.stats.few_clusters.cluster_fit import fit_clusters
from splw_eval.stats.tails import t_critical

Shape = Literal["interval", "outside", "everything"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AndersonRubin:
    """The values that a test of the allocation does not contradict.

    Attributes
    ----------
    low, high : float
        With shape "outside" the values up to low and those from high on are not contradicted;
        with "everything" no value is, and both are infinite.
    shape : {"interval", "outside", "everything"}
    df : float
        Degrees of freedom of the test.
    """

    low: float
    high: float
    shape: Shape
    df: float


def anderson_rubin(
    y: ArrayLike,
    received: ArrayLike,
    allocated: ArrayLike,
    X: ArrayLike,
    *,
    cluster: ArrayLike | None = None,
    conf_level: float = 0.95,
) -> AndersonRubin:
    """Invert the test that the allocation tells nothing of y less the effect of what was received.

    Parameters
    ----------
    y, received, allocated : array_like, shape (n,)
    X : array_like, shape (n, p)
        An intercept and covariates.
    cluster : array_like, shape (n,), optional
        Practices; then the test is that of CR2 with Satterthwaite's degrees of freedom.
    conf_level : float

    Returns
    -------
    AndersonRubin
        Holds 0 exactly where the intention-to-treat interval of the same test does.

    Raises
    ------
    FitError
        The data cannot be fitted, or practices leave no degrees of freedom.

    Notes
    -----
    For b the squared difference (itt - b first)^2 is at most c^2 (v_yy - 2 b v_yd + b^2 v_dd),
    a quadratic in b. Sources: Anderson & Rubin 1949, Ann Math Stat 20:46; Andrews, Stock & Sun
    2019, Annu Rev Econ 11:727.
    """
    design = np.column_stack([np.asarray(allocated, dtype=float), np.asarray(X, dtype=float)])
    both = [np.asarray(values, dtype=float) for values in (y, received)]
    if cluster is None:
        alone = [fit_independent(values, design) for values in both]
        n, p = design.shape
        residual = np.column_stack([fit.residual for fit in alone])
        inverse = float(np.linalg.inv(design.T @ design)[0, 0])
        spread, df = residual.T @ residual / (n - p) * inverse, float(n - p)
        itt, first = (float(fit.coef[0]) for fit in alone)
    else:
        fits = [fit_clusters(values, design, cluster) for values in both]
        scores = np.column_stack([fit.scores[:, 0] for fit in fits])
        spread, df = scores.T @ scores, float(fits[0].df[0])
        itt, first = (float(fit.coef[0]) for fit in fits)
    if df <= 0:
        raise FitError("The practices leave no degrees of freedom for a test of the allocation.")
    square = t_critical(df, conf_level) ** 2
    a = first**2 - square * spread[1, 1]
    b = -2 * (itt * first - square * spread[0, 1])
    c = itt**2 - square * spread[0, 0]
    return _solved(float(a), float(b), float(c), df)


def _solved(a: float, b: float, c: float, df: float) -> AndersonRubin:
    """Where a x^2 + b x + c is 0 or below."""
    inside = b * b - 4 * a * c
    if a > 0:
        # The two-stage estimate itself is never contradicted, so there are roots.
        root = math.sqrt(max(inside, 0.0))
        return AndersonRubin(
            low=(-b - root) / (2 * a), high=(-b + root) / (2 * a), shape="interval", df=df
        )
    if inside <= 0 or a == 0:
        return AndersonRubin(low=-math.inf, high=math.inf, shape="everything", df=df)
    root = math.sqrt(inside)
    ends = sorted([(-b - root) / (2 * a), (-b + root) / (2 * a)])
    return AndersonRubin(low=ends[0], high=ends[1], shape="outside", df=df)
