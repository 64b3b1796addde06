"""Internal consistency of several items, and the error of measurement that follows from it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splw_eval.core.errors import FitError
from splw_eval.stats.tails import f_quantile

Array = NDArray[np.float64]
Missing = Literal["complete", "pairwise"]

# Rounding leaves about 1e-16 of the items' variances where their sum does not vary.
_NO_VARIANCE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class AlphaFit:
    """Cronbach's alpha with its interval.

    Attributes
    ----------
    n : int
        People used: those with every item, or with any item where taken pairwise.
    n_complete : int
        People with every item.
    items : int
    alpha : float or None
        At most 1, and below 0 where items disagree; None where it cannot be given.
    conf_low, conf_high : float or None
        Feldt's interval; only for complete people.
    conf_level : float
    method : str
        How it was made, or why there is no alpha or no interval.
    """

    n: int
    n_complete: int
    items: int
    alpha: float | None
    conf_low: float | None = None
    conf_high: float | None = None
    conf_level: float
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemFit:
    """One item among the others.

    Attributes
    ----------
    n : int
        People who answered it, of those used.
    mean, sd : float
        In units of the item.
    r_rest : float or None
        Correlation with the sum of the other items; None where either does not vary.
    alpha_without : float or None
        Alpha of the other items; None with fewer than three items.
    """

    n: int
    mean: float
    sd: float
    r_rest: float | None
    alpha_without: float | None


def fit_alpha(
    responses: ArrayLike, *, missing: Missing = "complete", conf_level: float = 0.95
) -> AlphaFit:
    """Estimate Cronbach's alpha.

    Parameters
    ----------
    responses : array_like, shape (n, k)
        Items in columns, all counted from the same end; NaN where not answered.
    missing : {"complete", "pairwise"}
        Whether people with an item missing are left out, or each covariance uses those
        who have both items. Only the first has a number of people, and so an interval.
    conf_level : float
        Coverage of the interval.

    Returns
    -------
    AlphaFit

    Raises
    ------
    FitError
        The array has not two dimensions, holds an infinite value, or `conf_level` is none.

    Notes
    -----
    Sources: Cronbach 1951, Psychometrika 16:297; interval: Feldt, Woodruff & Salih 1987, Appl
    Psychol Meas 11:93. Alpha is pingouin's (`cronbach_alpha`). The interval is worked out here:
    pingouin rounds it to three decimals, and takes everybody for complete where some are left
    out. Agrees with R's psych (`alpha`), both ways of missing: tests/reference.
    """
    x = _checked(responses, conf_level)
    used = x[_kept(x, missing)]
    bare = AlphaFit(
        n=len(used),
        n_complete=int((~np.isnan(x)).all(axis=1).sum()) if x.shape[1] else 0,
        items=x.shape[1],
        alpha=None,
        conf_level=conf_level,
        method=_why_none(used),
    )
    if bare.method:
        return bare
    import pandas as pd
    import pingouin

    alpha = float(pingouin.cronbach_alpha(pd.DataFrame(used), nan_policy="pairwise")[0])
    if missing == "pairwise":
        return replace(bare, alpha=alpha, method="pairwise covariances; no interval")
    low, high = _feldt(alpha, len(used), used.shape[1], conf_level)
    return replace(
        bare, alpha=alpha, conf_low=low, conf_high=high, method="complete people; Feldt's interval"
    )


def fit_items(responses: ArrayLike, *, missing: Missing = "complete") -> tuple[ItemFit, ...]:
    """Describe each item among the others.

    Parameters
    ----------
    responses : array_like, shape (n, k)
        As for `fit_alpha`.
    missing : {"complete", "pairwise"}

    Returns
    -------
    tuple of ItemFit
        In the order of the columns; empty where alpha cannot be given.

    Raises
    ------
    FitError
        As `fit_alpha`.

    Notes
    -----
    Correlation with the rest and alpha without the item come from the covariances, as in R's
    psych (`alpha.drop$raw_alpha`, `item.stats$r.drop`): tests/reference.
    """
    x = _checked(responses, 0.95)
    used = x[_kept(x, missing)]
    if _why_none(used):
        return ()
    covariance = _covariances(used)
    return tuple(_item(used[:, i], covariance, i) for i in range(x.shape[1]))


def standard_error_of_measurement(sd: float, reliability: float) -> float:
    """Error of a single score, in units of the score: SD sqrt(1 - reliability).

    Parameters
    ----------
    sd : float
        SD of the scores among those whom the reliability is of; at least 0.
    reliability : float
        At most 1.

    Raises
    ------
    FitError
        An argument is out of its bounds.
    """
    if not sd >= 0 or not reliability <= 1:
        raise FitError("The SD must be 0 or more, and the reliability at most 1.")
    return float(sd) * sqrt(1 - reliability)


def _checked(responses: ArrayLike, conf_level: float) -> Array:
    x = np.asarray(responses, dtype=float)
    if x.ndim != 2:
        raise FitError("Responses need two dimensions: people in rows and items in columns.")
    if np.isinf(x).any():
        raise FitError("A response is infinite.")
    if not 0 < conf_level < 1:
        raise FitError(f"conf_level is {conf_level}, but must lie between 0 and 1, such as 0.95.")
    return x


def _kept(x: Array, missing: Missing) -> NDArray[np.bool_]:
    given = ~np.isnan(x)
    enough = given.all(axis=1) if missing == "complete" else given.any(axis=1)
    return np.asarray(enough, dtype=bool)


def _why_none(used: Array) -> str:
    """Reason for giving no alpha; empty where one can be given."""
    if used.shape[1] < 2:
        return "none: fewer than 2 items"
    if len(used) < 2:
        return "none: fewer than 2 people"
    covariance = _covariances(used)
    if np.isnan(covariance).any():
        return "none: two items were answered by fewer than 2 people together"
    if covariance.sum() <= _NO_VARIANCE * np.trace(covariance):
        return "none: the sum of the items does not vary"
    return ""


def _covariances(x: Array) -> Array:
    """Covariance of each pair of items over those who answered both; NaN below 2 people."""
    given = ~np.isnan(x)
    if given.all():
        return np.atleast_2d(np.cov(x, rowvar=False))
    k = x.shape[1]
    found = np.full((k, k), np.nan)
    for i in range(k):
        for j in range(i + 1):
            both = given[:, i] & given[:, j]
            if both.sum() >= 2:
                first, second = x[both, i], x[both, j]
                products = (first - first.mean()) @ (second - second.mean())
                found[i, j] = found[j, i] = products / (both.sum() - 1)
    return found


def _feldt(alpha: float, n: int, k: int, conf_level: float) -> tuple[float, float]:
    df1, df2 = n - 1, (n - 1) * (k - 1)
    upper = f_quantile(0.5 + conf_level / 2, df1, df2)
    lower = f_quantile(0.5 - conf_level / 2, df1, df2)
    return 1 - (1 - alpha) * upper, 1 - (1 - alpha) * lower


def _item(values: Array, covariance: Array, i: int) -> ItemFit:
    given = values[~np.isnan(values)]
    rest = np.delete(np.arange(len(covariance)), i)
    own, others = covariance[i, i], covariance[np.ix_(rest, rest)]
    varies = own > 0 and others.sum() > 0
    return ItemFit(
        n=len(given),
        mean=float(given.mean()),
        sd=float(np.sqrt(own)),
        r_rest=float(covariance[i, rest].sum() / np.sqrt(own * others.sum())) if varies else None,
        alpha_without=_alpha(others),
    )


def _alpha(covariance: Array) -> float | None:
    k, total = len(covariance), covariance.sum()
    if k < 2 or total <= _NO_VARIANCE * np.trace(covariance):
        return None
    return float(k / (k - 1) * (1 - np.trace(covariance) / total))
